"""The chapters written by hand, from Markdown to the HTML of a printed part."""

import re
from posixpath import normpath

from markdown import Markdown

from site_builder.documents import Document

# What mkdocs.yml switches on and these pages use.
_EXTENSIONS = ("attr_list", "md_in_html", "tables")

# A section whose heading says {.solo-sito}: links to pages are of no use on paper.
_SITE_ONLY = re.compile(r'<h[2-6][^>]*class="[^"]*\bsolo-sito\b.*?(?=<h[1-6]\b|\Z)', re.S)


def chapter_html(document: Document, level: int) -> str:
    """The text of a page without its title, its headings starting below `level`.

    Links to other pages start at the root of the site, as in the templates.
    """
    html = Markdown(extensions=_EXTENSIONS).convert(document.text)
    html = re.sub(r"<h1\b.*?</h1>\s*", "", html, count=1, flags=re.S)
    html = _SITE_ONLY.sub("", html)
    html = re.sub(r"<(/?)h([2-6])\b", lambda m: f"<{m[1]}h{_below(int(m[2]), level)}", html)
    html = html.replace("<th>", '<th scope="col">')
    return re.sub(r'href="(?![a-z]+:|[/#])([^"]*?)\.md(#[^"]*)?"', _rooted, html)


def _below(heading: int, level: int) -> int:
    return min(heading - 1 + level, 6)


def _rooted(match: re.Match[str]) -> str:
    path = normpath(match[1]).removesuffix("index").rstrip("/")
    return f'href="/{path}/{match[2] or ""}"'
