"""Our pages and files in the shape that the generator knows."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

from site_builder.links import anchors_in
from site_builder.pages import SitePage
from site_builder.resources import resource_dir
from site_builder.site import Site


class ReadyPage(Page):
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
            "unlisted": not source.listed,
            "scripts": source.scripts,
        }

    def render(self, config: MkDocsConfig, files: Files) -> None:
        self.content = self._source.body
        self.toc = get_toc([{"level": 1, "id": "titolo", "name": self.title, "children": []}])
        self.present_anchor_ids = set(anchors_in(self._source.body))


def add_site(site: Site, files: Files, config: MkDocsConfig) -> None:
    """Add the pages and files of the site to those that the generator has found."""
    for page in site.pages:
        file = _file(config, page.uri, content="")
        files.append(file)
        ReadyPage(page, file, config)
    for uri, text in site.files.items():
        files.append(_file(config, uri, content=text))


def add_drawn(uri: str, files: Files, config: MkDocsConfig) -> None:
    """Add a file that stands already where the generator would copy it: links may lead to it."""
    files.append(_file(config, uri, abs_src_path=f"{config.site_dir}/{uri}"))


def add_file(uri: str, source: Path, files: Files, config: MkDocsConfig) -> None:
    """Add a file that the generator copies as it is."""
    files.append(_file(config, uri, abs_src_path=str(source)))


def add_text(uri: str, text: str, files: Files, config: MkDocsConfig) -> None:
    """Add a file with this text."""
    files.append(_file(config, uri, content=text))


def drop_the_themes_own(files: Files, config: MkDocsConfig) -> None:
    """Leave out the styles and scripts of the base theme: our frame uses none of them."""
    ours = str(resource_dir("theme"))
    mine = config.docs_dir, config.theme.custom_dir or config.docs_dir, ours
    for file in list(files):
        if file.abs_src_path and not file.abs_src_path.startswith(mine):
            files.remove(file)


def _file(config: MkDocsConfig, uri: str, **source: str) -> File:
    return File.generated(config, uri, **source, inclusion=InclusionLevel.NOT_IN_NAV)
