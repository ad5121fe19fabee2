"""The sites to compare with: the same pages as Markdown, for mkdocs with Material and for Hugo."""

import json
import shutil
from datetime import date
from pathlib import Path

from as_markdown import to_markdown

from site_builder.catalog import Catalog
from site_builder.check import load_checked
from site_builder.pages import iter_pages

# As a person would set it up: the areas in the menu, the sheets outside of it.
_MKDOCS = """\
site_name: Carta dei Servizi
theme:
  name: material
  language: it
  font: false
plugins:
  - search:
      lang: it
markdown_extensions:
  - attr_list
  - tables
not_in_nav: "*"
validation: {links: {anchors: ignore}}
nav:
  - index.md
  - Servizi:
    - servizi/index.md
"""
_HUGO = """\
baseURL = "/"
languageCode = "it"
title = "Carta dei Servizi"
disableKinds = ["taxonomy", "term", "RSS"]
[params]
menu = {menu}
"""
_BASE = """\
<!doctype html>
<html lang="it"><head><meta charset="utf-8"><title>{{ .Title }} - {{ .Site.Title }}</title>
<meta name="description" content="{{ .Description }}"></head>
<body><nav><ul>{{ range .Site.Params.menu }}<li><a href="/{{ . }}/">{{ . }}</a></li>{{ end }}</ul>
</nav><main>{{ .Content }}</main></body></html>
"""


def write_references(body: Path, mkdocs: Path, hugo: Path) -> int:
    """Write the pages of a body as two sites; return how many pages they have."""
    catalog, _ = load_checked(body, date.today())
    for folder in (mkdocs, hugo):
        shutil.rmtree(folder, ignore_errors=True)
    pages = _pages(catalog, body)
    for name, text in pages.items():
        _write(mkdocs / "docs" / name, text)
        # To Hugo an index.md is a page without pages below it; a section is an _index.md.
        _write(hugo / "content" / name.replace("index.md", "_index.md"), text)
    areas = [f"aree/{area}" for area in catalog.areas]
    menu = "".join(f"    - {area}.md\n" for area in areas)
    _write(mkdocs / "mkdocs.yml", _MKDOCS + menu)
    _write(hugo / "config.toml", _HUGO.format(menu=json.dumps(areas)))
    for layout in ("single", "list"):
        _write(hugo / "layouts" / "_default" / f"{layout}.html", _BASE)
    _write(hugo / "layouts" / "index.html", _BASE)
    return len(pages)


def _pages(catalog: Catalog, body: Path) -> dict[str, str]:
    folder = body / "content" / "pages"
    texts = {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in folder.glob("*.md")}
    drawn = list(iter_pages(catalog, date.today()))
    uris = frozenset((*texts, *(page.uri for page in drawn)))
    for page in drawn:
        head = f"title: {json.dumps(page.title)}\ndescription: {json.dumps(page.description)}\n"
        texts[page.uri] = f"---\n{head}---\n\n{to_markdown(page.body, page.uri, uris)}"
    return texts


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
