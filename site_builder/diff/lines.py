"""The report as a tree of lines, whatever it is drawn as: text, Markdown or HTML."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

# A value before and now, words of a text that went and came, what matters, what is typed as it is.
Style = Literal["", "was", "is", "gone", "came", "strong", "code"]
# What would steer the reader's screen: controls, and marks that turn the direction of the text.
_STEERING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a line."""

    text: str
    style: Style = ""


@dataclass(frozen=True, slots=True)
class Line:
    """An item of a list; a `command` stands alone, to be copied."""

    pieces: tuple[Piece, ...]
    command: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with an introduction, its lines and the sections below it.

    `long` if it grows with the changes: where there is little room it is cut first.
    """

    title: str
    intro: tuple[Line, ...] = ()
    lines: tuple[Line, ...] = ()
    parts: tuple["Section", ...] = ()
    long: bool = False
    urgent: bool = False

    def every_line(self) -> Iterator[Line]:
        """Its own lines and those of the sections below."""
        yield from self.lines
        for part in self.parts:
            yield from part.every_line()


def line(*pieces: Piece | str) -> Line:
    """A line of pieces; a text alone is plain."""
    return Line(tuple(Piece(p) if isinstance(p, str) else p for p in pieces))


def steady(text: str) -> str:
    """The text on one line, without what would steer the reader's screen."""
    return " ".join(_STEERING.sub(" ", text).split())
