"""Which blocks of a text have changed: a class for the bar, and a sign that can be read aloud.

A block is what a bar can stand beside: a paragraph, an item, a heading, a whole row of a table.
What counts is what stands in it, so any HTML can be compared, whatever its frame.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from site_builder.differing import differences

CHANGED = "p-changed"
# The bar is a picture with a text: a line alone would say nothing to who does not see it.
_SIGN = (
    f'<img class="{CHANGED}__sign" alt="Modificato:" src="data:image/svg+xml,'
    "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1' preserveAspectRatio='none'%3E"
    "%3Cpath d='M0 0h1v1H0z'/%3E%3C/svg%3E\">"
)
# fmt: off
_INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "br", "button", "cite", "code", "data", "dfn", "em", "i", "img",
    "input", "kbd", "label", "mark", "meter", "option", "output", "progress", "q", "s", "samp",
    "select", "small", "span", "strong", "sub", "sup", "svg", "textarea", "time", "u", "var", "wbr",
))
_VOID = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr",
))
# fmt: on


@dataclass(slots=True)
class _Block:
    """An element that is no part of a line: its start tag, and where a sign can stand in it."""

    tag: str
    start: int
    end: int
    inside: int | None
    pieces: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        return self.tag, " ".join("".join(self.pieces).split())


def mark_changes(new: str, old: str) -> tuple[str, bool]:
    """Mark the blocks of `new` that `old` has not, and say if `old` has text that is gone.

    Besides the class and the sign the text stays as it is, byte by byte.
    """
    blocks = _blocks(new)
    after, before = [block.key for block in blocks], [block.key for block in _blocks(old)]
    changed: list[_Block] = []
    gone = False
    for first, last, start, stop in differences(before, after):
        changed += blocks[start:stop]
        gone = gone or last - first > stop - start
    return _marked(new, changed), gone


def _marked(html: str, blocks: list[_Block]) -> str:
    edits = [(b.start, b.end, _classed(html[b.start : b.end])) for b in blocks]
    edits += [(b.inside, b.inside, _SIGN) for b in blocks if b.inside is not None]
    for start, end, text in sorted(edits, reverse=True):
        html = html[:start] + text + html[end:]
    return html


def _classed(tag: str) -> str:
    if re.search(r"\sclass=[\"']", tag):
        return re.sub(r"(\sclass=[\"'])", rf"\1{CHANGED} ", tag, count=1)
    return re.sub(r"(/?>)$", rf' class="{CHANGED}"\1', tag)


def _blocks(html: str) -> list[_Block]:
    """The blocks that hold something, in their order."""
    reader = _Reader(html)
    return [block for block in reader.blocks if block.key[1]]


class _Reader(HTMLParser):
    """Gives every piece of the text to the innermost block around it; a row keeps all of its."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.html = html
        self.lines = [0, *(match.end() for match in re.finditer("\n", html))]
        self.at = 0
        self.open: list[tuple[str, _Block]] = []
        self.blocks = [_Block("", 0, 0, 0)]
        self.feed(html)
        self.close()
        self._give(len(html))

    def handle_starttag(self, tag: str, attrs: object) -> None:
        text = self.get_starttag_text() or ""
        start = self._place()
        end = start + len(text)
        self._give(start)
        self.at = end
        block = self._block()
        if tag in _INLINE:
            block.pieces.append(text)
        elif block.tag == "tr":
            block.pieces.append(f"<{tag}>")
            block.inside = block.inside or end
        else:
            block = _Block(tag, start, end, None if tag == "tr" else end)
            self.blocks.append(block)
        if tag not in _VOID:
            self.open.append((tag, block))

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        start = self._place()
        self._give(start)
        self.at = self.html.find(">", start) + 1
        if tag in (name for name, _ in self.open):
            while self.open.pop()[0] != tag:
                pass
        if tag in _INLINE:
            self._block().pieces.append(f"</{tag}>")

    def _block(self) -> _Block:
        return self.open[-1][1] if self.open else self.blocks[0]

    def _place(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def _give(self, end: int) -> None:
        """What stands between the last tag and this one belongs to the block that is open."""
        self._block().pieces.append(self.html[self.at : end])
        self.at = max(self.at, end)
