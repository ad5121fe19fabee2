"""The only room that knows the site generator: hands it the pages, the menu and the theme."""

import logging
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

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
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

from site_builder.catalog import Catalog
from site_builder.check import load_checked
from site_builder.console import listen
from site_builder.errors import ContentError
from site_builder.links import anchors_in, iter_broken
from site_builder.navigation import legal_pages, menu
from site_builder.pages import SitePage, handwritten, iter_pages, place, style_sheet, url_of
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
        self.meta = {"description": source.description, "scripts": source.scripts, "hide": ["toc"]}

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
        config.theme.dirs.insert(0, str(resource_dir("theme") / "site"))
        try:
            self.catalog, problems = load_checked(self.body, self.today)
        except ContentError as error:
            raise _shown(error) from None
        if warned := sum(problem.level == "avvertenza" for problem in problems):
            log.info("%d avvertenze nel contenuto: «carta check» le mostra.", warned)
        config.nav = menu(self.catalog)
        for kind in config.validation.links:  # whatever mkdocs.yml says: no broken link passes
            config.validation.links[kind] = logging.WARNING
        return config

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        written = frozenset(url_of(file.src_uri) for file in files.documentation_pages())
        pages = list(iter_pages(self.catalog, self.today))
        bodies = {page.url: page.body for page in pages}
        broken = [f"/{url}: {link}" for url, link in iter_broken(bodies, written)]
        if broken:
            raise PluginError("\n".join(["Collegamenti che non portano a niente:", *broken]))
        for page in pages:
            file = _generated(config, page.uri, "")
            files.append(file)
            _ReadyPage(page, file, config)
        colours = ((area.id, area.colore) for area in self.catalog.areas.values())
        files.append(_generated(config, "assets/carta.css", style_sheet(colours)))
        return files

    def on_page_content(self, html: str, page: Page, **_: Any) -> str:
        if isinstance(page, _ReadyPage):
            return html
        return handwritten(self.catalog, page.file.src_uri, html, self.today)

    def on_post_page(self, output: str, page: Page, **_: Any) -> str:
        return place(output, url_of(page.file.src_uri))

    def on_nav(self, nav: Navigation, **_: Any) -> Navigation:
        self._in_menu = {page.file.src_uri for page in nav.pages}
        self._menus: dict[str, str] = {}
        return nav

    def menu_beside(self, page: Page | None, draw: Callable[[], str]) -> str:
        """The menu as `draw` draws it; all pages of a folder that are not in it share one."""
        uri = page.file.src_uri if isinstance(page, _ReadyPage) else "index.md"
        if uri in self._in_menu or uri.endswith("index.md"):
            return draw()
        folder = uri.rpartition("/")[0]
        if folder not in self._menus:
            self._menus[folder] = draw()
        return self._menus[folder]

    def on_env(self, env: Any, **_: Any) -> Any:
        carta = self.catalog.carta
        contacts = [(self.catalog.contacts[e.contatto], e.quando) for e in carta.emergenze]
        env.filters |= FILTERS
        env.globals |= {"carta": carta, "emergencies": contacts, "legal": legal_pages(self.catalog)}
        env.globals["menu_beside"] = self.menu_beside
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
                builder.build(load_config(file, site_dir=f"{scratch}/new", strict=True))
        except (Abort, ConfigurationError) as error:
            raise ContentError(_why(error)) from None
        if output.exists():
            output.rename(f"{scratch}/old")
        Path(f"{scratch}/new").rename(output)


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


def _generated(config: MkDocsConfig, uri: str, content: str) -> File:
    return File.generated(config, uri, content=content, inclusion=InclusionLevel.NOT_IN_NAV)


def _shown(error: ContentError) -> PluginError:
    for problem in error.problems:
        logging.getLogger("mkdocs.carta").error(problem.as_text())
    return PluginError(str(error))
