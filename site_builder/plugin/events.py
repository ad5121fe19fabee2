"""What we do at each step of the site generator."""

import logging
from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from mkdocs.config.base import Config
from mkdocs.config.config_options import Optional, Type
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import Files, InclusionLevel
from mkdocs.structure.pages import Page

from site_builder.admin.files import page_configuration, page_files
from site_builder.admin.settings import repository
from site_builder.beside import Beside
from site_builder.catalog import Catalog
from site_builder.check import load_checked
from site_builder.diary import history_of
from site_builder.documents import EDITIONS
from site_builder.errors import ContentError
from site_builder.headers import editing_policy, headers, inline_scripts, server_files
from site_builder.navigation import MENU, legal_pages
from site_builder.network.memory import recall
from site_builder.opendata.datasets import OpenData
from site_builder.opendata.files import open_data
from site_builder.opendata.public import public
from site_builder.opendata.source import Source
from site_builder.pages import handwritten, place, place_from, url_of
from site_builder.plugin.editing import PAGE, Editing
from site_builder.plugin.pages import (
    ReadyPage,
    add_drawn,
    add_file,
    add_site,
    add_text,
    drop_the_themes_own,
)
from site_builder.printing.files import CACHE, draw_all, iter_printouts
from site_builder.printing.imposition import page_count
from site_builder.prints import Print, Prints, not_drawn
from site_builder.resources import resource_dir
from site_builder.search import build_index
from site_builder.site import compose
from site_builder.templating import FILTERS
from site_builder.writing import write_text

log = get_plugin_logger(__name__)


class CartaConfig(Config):  # type: ignore[no-untyped-call]  # mkdocs' own base is untyped
    """`today` (anno-mese-giorno) fixes the day for builds that must be repeatable.

    `prints: false` builds a site without PDF files, and without any link to one.
    """

    today = Optional(Type(str))
    prints = Type(bool, default=True)


class CartaPlugin(BasePlugin[CartaConfig]):  # type: ignore[no-untyped-call]  # as above
    """Draw the whole site from the content beside the configuration file."""

    catalog: Catalog
    is_preview = False

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        self.is_preview = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        self.body = Path(config.config_file_path).parent
        self.today = _day(self.config.today)
        # The root of a folder, so that addresses can be put after it.
        self.endpoint = str(config.extra.get("endpoint") or "").rstrip("/")
        self.endpoint += "/" if self.endpoint else ""
        self._inline: set[str] = set()
        try:
            self.repository = repository(config.extra.get("redazione"))
        except ContentError as error:
            raise _shown(error) from None
        config.theme.dirs.insert(0, str(resource_dir("theme") / "site"))
        try:
            self.catalog, problems = load_checked(self.body, self.today)
        except ContentError as error:
            raise _shown(error) from None
        self._warned = sum(problem.level == "avvertenza" for problem in problems)
        if self._warned:
            log.info("%d avvertenze nel contenuto: «carta check» le mostra.", self._warned)
        config.theme.static_templates.discard("sitemap.xml")  # ours says when a page was changed
        config.nav = [{"Home": "index.md"}]  # the frame draws its own menu
        for kind in config.validation.links:  # whatever mkdocs.yml says: no broken link passes
            config.validation.links[kind] = logging.WARNING
        return config

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        drop_the_themes_own(files, config)
        for file in files.documentation_pages():
            file.inclusion = InclusionLevel.NOT_IN_NAV
        written = frozenset(url_of(file.src_uri) for file in files.documentation_pages())
        address = config.site_url or ""
        try:
            prints = self._prints(Path(config.site_dir), address)
            beside, data = self._beside(), self._data(Path(config.site_dir), address)
            site = compose(
                self.catalog, self.today, written, address, self.endpoint, prints, beside, data
            )
        except ContentError as error:
            raise _shown(error) from None
        self.addresses = site.addresses
        add_site(site, files, config)
        for uri in beside.editions:
            add_file(uri, self._archive / Path(uri).name, files, config)
        for uri in data.sizes:
            add_drawn(uri, files, config)
        if not self.is_preview:
            for uri in prints:
                add_drawn(uri, files, config)
            self._add_editing_page(files, config)
        return files

    def _add_editing_page(self, files: Files, config: MkDocsConfig) -> None:
        """Publish the page where the content is edited, if mkdocs.yml says what it writes to."""
        if self.repository:
            told = page_configuration(self.catalog, self.repository, config.site_url or "")
            add_text(f"{PAGE[1:]}config.json", told, files, config)
            for name, path in page_files().items():
                add_file(f"{PAGE[1:]}{name}", path, files, config)

    def _beside(self) -> Beside:
        """Look up what is known beside the content."""
        return Beside(
            history=history_of(self.body),
            editions=self._archived(),
            links=recall(self.body),
            warnings=self._warned,
        )

    def _archived(self) -> Prints:
        """The PDF files of the archive, by the address that they get."""
        editions = self.catalog.editions.items()
        return {old.pdf: _measured(self._archive / f"{id}.pdf") for id, old in editions}

    @property
    def _archive(self) -> Path:
        return self.body / "content" / EDITIONS

    def _data(self, folder: Path, site_url: str) -> OpenData:
        """Write the open data into the site: kept in memory they would be most of it."""
        source = Source(public(self.catalog), site_url)
        return open_data(source, lambda uri, text: write_text(folder / uri, text))

    def _prints(self, folder: Path, site_url: str) -> Prints:
        """Draw the prints of the site and say what they are.

        A preview draws none, which would take too long, but shows the links to them.
        """
        if not self.config.prints:
            return {}
        if self.is_preview:
            return not_drawn(self.catalog)
        printouts = list(iter_printouts(self.catalog, site_url))
        draw_all(printouts, folder, self.body / "build" / CACHE)
        return {printout.uri: _measured(folder / printout.uri) for printout in printouts}

    def on_page_content(self, html: str, page: Page, **_: Any) -> str:
        if isinstance(page, ReadyPage):
            return html
        return handwritten(self.catalog, page.file.src_uri, html, self.today)

    def on_post_page(self, output: str, page: Page, **_: Any) -> str:
        self._inline.update(inline_scripts(output))
        return place(output, url_of(page.file.src_uri))

    @property
    def server_files(self) -> dict[str, str]:
        """After a build: what the web server must be told, by file name."""
        editing = editing_policy(self.repository.hosts) if self.repository else ""
        return server_files(headers(self._inline, self.endpoint), editing)

    def on_post_template(self, output: str, config: MkDocsConfig, **_: Any) -> str:
        self._inline.update(inline_scripts(output))
        # The page for wrong addresses is shown anywhere: its links start at the root of the site.
        return place_from(output, urlsplit(config.site_url or "").path or "/")

    def on_env(self, env: Any, **_: Any) -> Any:
        carta = self.catalog.carta
        env.autoescape = env.trim_blocks = env.lstrip_blocks = True  # as in our own templates
        env.filters |= FILTERS
        env.globals |= {
            "carta": carta,
            "emergencies": [(self.catalog.contacts[e.contatto], e) for e in carta.emergenze],
            "menu": MENU,
            "legal": legal_pages(self.catalog),
            "addresses": self.addresses,
        }
        return env

    def on_post_build(self, config: MkDocsConfig) -> None:
        try:
            build_index(Path(config.site_dir))
        except ContentError as error:
            raise PluginError(str(error)) from None

    def on_serve(self, server: LiveReloadServer, **_: Any) -> LiveReloadServer:
        server.watch(str(self.body / "content"))
        server.watch(str(resource_dir("theme")))
        preview = server.get_app()
        assert preview
        log.info("Per correggere i contenuti: %s%s", server.url, PAGE[1:])
        # Both change when the content does.
        catalog, today = (lambda: self.catalog), (lambda: self.today)
        server.set_app(Editing(self.body, catalog, today, preview, server.mount_path))
        return server


def _measured(path: Path) -> Print:
    drawn = path.read_bytes()
    return Print(len(drawn), page_count(drawn))


def _day(written: str | None) -> date:
    try:
        return date.fromisoformat(written) if written else date.today()
    except ValueError:
        raise PluginError(f"mkdocs.yml: «today» non è una data: {written}.") from None


def _shown(error: ContentError) -> PluginError:
    for problem in error.problems:
        logging.getLogger("mkdocs.carta").error(problem.as_text())
    return PluginError(str(error))
