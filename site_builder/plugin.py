"""The only room that knows the site generator: hands it the pages, the menu and the theme."""

import logging
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from mkdocs.commands import build as builder
from mkdocs.commands import serve as server
from mkdocs.config import load_config
from mkdocs.config.base import Config
from mkdocs.config.config_options import Optional, Type
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError, PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

from site_builder.catalog import Catalog
from site_builder.check import load_checked
from site_builder.console import listen
from site_builder.errors import ContentError
from site_builder.headers import headers, inline_scripts, server_files
from site_builder.keywords import word_list
from site_builder.links import anchors_in, iter_broken
from site_builder.navigation import MENU, legal_pages
from site_builder.pages import (
    SitePage,
    handwritten,
    iter_pages,
    place,
    place_from,
    style_sheet,
    url_of,
)
from site_builder.resources import resource_dir
from site_builder.search import build_index
from site_builder.templating import FILTERS

log = get_plugin_logger(__name__)


class CartaConfig(Config):  # type: ignore[no-untyped-call]  # mkdocs' own base is untyped
    """`today` (anno-mese-giorno) fixes the day for builds that must be repeatable."""

    today = Optional(Type(str))


class _ReadyPage(Page):
    """A page whose body is ready: nothing is read and no Markdown is converted."""

    def __init__(self, source: SitePage, file: File, config: MkDocsConfig) -> None:
        super().__init__(source.title, file, config)
        self._source = source

    def read_source(self, config: MkDocsConfig) -> None:
        self.markdown = ""
        source = self._source
        self.meta = {
            "description": source.description,
            "head_title": source.head_title,
            "delicate": source.delicate,
            "scripts": source.scripts,
        }

    def render(self, config: MkDocsConfig, files: Files) -> None:
        self.content = self._source.body
        self.toc = get_toc([{"level": 1, "id": "titolo", "name": self.title, "children": []}])
        self.present_anchor_ids = set(anchors_in(self._source.body))


class CartaPlugin(BasePlugin[CartaConfig]):  # type: ignore[no-untyped-call]  # as above
    """Draw the whole site from the content beside the configuration file."""

    catalog: Catalog

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        self.body = Path(config.config_file_path).parent
        self.today = _day(self.config.today)
        # The root of a folder, so that addresses can be put after it.
        self.endpoint = str(config.extra.get("endpoint") or "").rstrip("/")
        self.endpoint += "/" if self.endpoint else ""
        self._inline: set[str] = set()
        config.theme.dirs.insert(0, str(resource_dir("theme") / "site"))
        try:
            self.catalog, problems = load_checked(self.body, self.today)
        except ContentError as error:
            raise _shown(error) from None
        if warned := sum(problem.level == "avvertenza" for problem in problems):
            log.info("%d avvertenze nel contenuto: «carta check» le mostra.", warned)
        config.nav = [{"Home": "index.md"}]  # the frame draws its own menu
        for kind in config.validation.links:  # whatever mkdocs.yml says: no broken link passes
            config.validation.links[kind] = logging.WARNING
        return config

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        _drop_the_themes_own(files, config)
        for file in files.documentation_pages():
            file.inclusion = InclusionLevel.NOT_IN_NAV
        written = frozenset(url_of(file.src_uri) for file in files.documentation_pages())
        pages = list(iter_pages(self.catalog, self.today, config.site_url or "", self.endpoint))
        bodies = {page.url: page.body for page in pages}
        self.addresses = written | bodies.keys()
        broken = [f"/{url}: {link}" for url, link in iter_broken(bodies, written)]
        if broken:
            raise PluginError("\n".join(["Collegamenti che non portano a niente:", *broken]))
        for page in pages:
            file = _generated(config, page.uri, "")
            files.append(file)
            _ReadyPage(page, file, config)
        colours = ((area.id, area.colore) for area in self.catalog.areas.values())
        files.append(_generated(config, "assets/carta.css", style_sheet(colours)))
        files.append(_generated(config, "assets/parole.json", word_list(self.catalog)))
        return files

    def on_page_content(self, html: str, page: Page, **_: Any) -> str:
        if isinstance(page, _ReadyPage):
            return html
        return handwritten(self.catalog, page.file.src_uri, html, self.today)

    def on_post_page(self, output: str, page: Page, **_: Any) -> str:
        self._inline.update(inline_scripts(output))
        return place(output, url_of(page.file.src_uri))

    @property
    def server_files(self) -> dict[str, str]:
        """After a build: what the web server must be told, by file name."""
        return server_files(headers(self._inline, self.endpoint))

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
        return server


def build_site(body: Path, output: Path) -> None:
    """Build the site of a body into a folder, which is replaced only by a whole new site.

    Raises ContentError if the site cannot be built; then the folder is as it was.
    """
    listen(logging.WARNING)
    output = output.resolve()
    if not _is_replaceable(output):
        raise ContentError(
            f"«{output}» c'è già e non è un sito fatto da qui: non lo cancello. "
            "Scegli un'altra cartella con --output."
        )
    output.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=output.parent, prefix=f".{output.name}-") as scratch:
        try:
            with _configuration(body).open("rb") as file:
                config = load_config(file, site_dir=f"{scratch}/new", strict=True)
            builder.build(config)
        except (Abort, ConfigurationError) as error:
            raise ContentError(_why(error)) from None
        if output.exists():
            output.rename(f"{scratch}/old")
        Path(f"{scratch}/new").rename(output)
    _write_server_files(config, output.parent / "deploy")


def _write_server_files(config: MkDocsConfig, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    carta = next(p for p in config.plugins.values() if isinstance(p, CartaPlugin))
    for name, text in carta.server_files.items():
        (folder / name).write_text(text, "utf-8")


def serve_site(body: Path) -> None:
    """Serve a preview that follows every edit, until interrupted."""
    listen(logging.INFO)
    try:
        server.serve(str(_configuration(body)), strict=False)
    except (Abort, ConfigurationError) as error:
        raise ContentError(_why(error)) from None


def _is_replaceable(output: Path) -> bool:
    """Whether nothing is lost if the folder goes: it is not there, is empty or is a built site."""
    if not output.exists():
        return True
    return output.is_dir() and ((output / "pagefind").is_dir() or not any(output.iterdir()))


def _why(error: Exception) -> str:
    # What went wrong has been said already; an Abort only counts it, in English.
    return "Il sito non è stato costruito." if isinstance(error, Abort) else f"mkdocs.yml: {error}"


def _configuration(body: Path) -> Path:
    path = body / "mkdocs.yml"
    if not path.is_file():
        raise ContentError(f"Nella cartella «{body}» non c'è un file «mkdocs.yml».")
    return path


def _day(written: str | None) -> date:
    try:
        return date.fromisoformat(written) if written else date.today()
    except ValueError:
        raise PluginError(f"mkdocs.yml: «today» non è una data: {written}.") from None


def _drop_the_themes_own(files: Files, config: MkDocsConfig) -> None:
    """Leave out the styles and scripts of the base theme: our frame uses none of them."""
    ours = str(resource_dir("theme"))
    mine = config.docs_dir, config.theme.custom_dir or config.docs_dir, ours
    for file in list(files):
        if file.abs_src_path and not file.abs_src_path.startswith(mine):
            files.remove(file)


def _generated(config: MkDocsConfig, uri: str, content: str) -> File:
    return File.generated(config, uri, content=content, inclusion=InclusionLevel.NOT_IN_NAV)


def _shown(error: ContentError) -> PluginError:
    for problem in error.problems:
        logging.getLogger("mkdocs.carta").error(problem.as_text())
    return PluginError(str(error))
