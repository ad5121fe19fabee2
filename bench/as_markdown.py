"""Turn the pages of the site into the Markdown that a person would have written by hand.

So the reference tools convert the very text that the product publishes, page by page.
"""

import re
from html import escape
from html.parser import HTMLParser

_BLOCKS = re.compile(
    r"h[1-6]|p|ul|ol|li|table|caption|tr|dl|dt|dd|div|section|nav|header|footer|figure"
)
_SPECIAL = re.compile(r"([\\`*_\[\]|])")


def to_markdown(html: str, uri: str, uris: frozenset[str]) -> str:
    """The Markdown of the page body that goes to `uri`, one of the `uris` of all files."""
    writer = _Writer("../" * uri.count("/"), uris)
    writer.feed(html)
    writer.close()
    lines = re.sub(r" +\n", "\n", "".join(writer.out))
    lines = re.sub(r"\n ++(?!-)", "\n", lines)
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


class _Writer(HTMLParser):
    """Headings, paragraphs, lists, tables and links; of the rest, only the text.

    Left out: what is hidden, and the crumbs and indexes that a theme makes by itself.
    """

    def __init__(self, up: str, uris: frozenset[str]) -> None:
        super().__init__()
        self.out: list[str] = []
        self._up, self._uris = up, uris
        self._lists = 0
        self._columns = 0
        self._in_head = self._in_row = False
        self._skipped = ""  # the element that is being left out
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if self._skipped:
            return
        if tag == "nav" or "hidden" in values:
            self._skipped = tag
        elif tag == "a":
            self._links.append(self._target(values.get("href") or ""))
            self.out.append("[")
        elif self._in_row:
            if tag in ("td", "th"):
                self._columns += 1
        elif tag == "tr":
            self._in_row, self._columns = True, 0
            self.out.append("\n|")
        elif tag == "thead":
            self._in_head = True
        elif tag in ("ul", "ol"):
            self._lists += 1
            self.out.append("\n\n" if self._lists == 1 else "")
        elif tag == "li":
            self.out.append("\n" + "    " * (self._lists - 1) + "- ")
        elif re.fullmatch(r"h[1-6]", tag) and not self._lists:
            self.out.append(f"\n\n{'#' * int(tag[1])} ")
        elif _BLOCKS.fullmatch(tag) and not self._lists:
            self.out.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            self._skipped = "" if tag == self._skipped else self._skipped
        elif tag == "a":
            self.out.append(f"]({self._links.pop()})")
        elif self._in_row:
            if tag in ("td", "th"):
                self.out.append(" |")
            elif tag == "tr":
                self._in_row = False
                if self._in_head:
                    self.out.append("\n|" + " --- |" * self._columns)
        elif tag == "thead":
            self._in_head = False
        elif tag in ("ul", "ol"):
            self._lists -= 1
            self.out.append("" if self._lists else "\n\n")
        elif _BLOCKS.fullmatch(tag) and not self._lists:
            self.out.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            words = escape(re.sub(r"\s+", " ", data), quote=False)
            self.out.append(_SPECIAL.sub(r"\\\1", words))

    def _target(self, link: str) -> str:
        """The Markdown file that a link of the site stands for."""
        address, mark, anchor = link.partition("#")
        if not address.startswith("/"):
            return link if address else "#" + anchor
        name = address.strip("/")
        file = f"{name}.md" if f"{name}.md" in self._uris else f"{name}/index.md".lstrip("/")
        return f"{self._up}{file}{mark}{anchor}"
