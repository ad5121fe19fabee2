"""Letters of our pictures: words in lines that surely fit, one piece below the other.

All lengths are in units of the picture, whose letters are 15 high: some 9 cm wide on paper they
measure 11 points, on a phone they fill the page. Pictures take the colour of the text around them:
they are legible in grey and in the dark.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from markupsafe import Markup

WIDTH, SIZE, LEADING = 340, 15, 20
# How wide letters are at most, in parts of their height: the thin, the plain, all others.
_WIDTHS = dict.fromkeys("abcdeghknopqsuvxyzàèéòùABCEFGJKLPRSTVXYZ0123456789«»-/", 0.64)
_WIDTHS |= dict.fromkeys("fijlrtIì .,;:'’()", 0.4)
_BROAD = 1.15

Piece = tuple[int, str]  # a drawing with its height


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing: as SVG that stands in a page, as an address for paper, in words."""

    svg: Markup
    address: str
    words: str


def drawn(pieces: Iterable[Piece], words: str, name: str) -> Picture:
    """The pieces from top to bottom as one picture of the class `name`, which says `words`."""
    body, height = "", 0
    for tall, drawing in pieces:
        body += f'<g transform="translate(0 {height})">{drawing}</g>'
        height += tall
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' aria-label="{escape(words)}" class="{name}"'
        f' font-family="Titillium Web, sans-serif" font-size="{SIZE}" fill="currentColor"'
        f' stroke-width="1.5">{body}</svg>'
    )
    return Picture(Markup(svg), f"data:image/svg+xml,{quote(svg)}", words)  # words are escaped


def text_lines(text: str, style: str = "") -> Iterator[Piece]:
    """The text in as many lines as it takes; `style` are attributes of the letters."""
    for line in _lines(text):
        yield LEADING, f'<text x="0" y="{SIZE}"{style}>{escape(line)}</text>'


def _lines(text: str) -> list[str]:
    """The text in lines that fit; a word that fits in none is cut."""
    lines = [""]
    for word in text.split():
        while _breadth(word) > WIDTH:
            fitting = max(n for n in range(1, len(word)) if _breadth(word[:n]) <= WIDTH)
            lines.append(word[:fitting])
            word = word[fitting:]
        longer = f"{lines[-1]} {word}".strip()
        if _breadth(longer) <= WIDTH:
            lines[-1] = longer
        else:
            lines.append(word)
    return [line for line in lines if line]


def _breadth(text: str) -> float:
    """At most how wide the text is, in units of the picture."""
    return SIZE * sum(_WIDTHS.get(letter, _BROAD) for letter in text)
