"""The report as a comment for a pull request: what stands in the content steers nothing there.

Hosts read names, numbers and slashes in a comment as orders: «@nome» calls a person, «#12» names
an issue, «/close» at the head of a line closes the request. Here they are only read.
"""

import re
from html import escape
from itertools import chain

from site_builder.diff.lines import Line, Piece, Section

# The comment is found again by its first line, to be written anew in its place.
MARK = "<!-- carta diff -->"
# Of the 65,536 characters that hosts allow, counted as bytes, with room for who adds a link.
LIMIT = 60_000
_LONGEST = 1_500  # characters of one piece
_FIRST_SHARE = 0.6  # of the room, for the sections that do not grow with the changes

_SPECIAL = re.compile(r"([\\`*_\[\]|~!#$])")
_NO_SPACE = "\u200b"
# A sign that calls something if a word follows, and numbers of requests, also in addresses.
_CALLS = re.compile(
    r"(?<!\w)[@%&~!#$](?=\w)|[#!](?=\d)|\bgh-(?=\d)|/(?:issues|pulls?|merge_requests)/(?=\d)", re.I
)
_BLOCK = re.compile(r"^([-+=]|\d+[.)])")
_WRAPS = {"is": "**", "came": "**", "strong": "**", "gone": "~~"}


def as_markdown(report: Section, limit: int = LIMIT) -> str:
    """The report, shortened if it is longer than `limit` bytes."""
    intro = [MARK, f"## {escaped(report.title)}", *_intro(report)]
    room = limit - _size(intro)
    told: dict[int, list[str]] = {}
    quick = [i for i, part in enumerate(report.parts) if not part.long]
    slow = [i for i, part in enumerate(report.parts) if part.long]
    kept = room - int(room * _FIRST_SHARE) if slow else 0
    for place in (*quick, *slow):
        own = room - (kept if place in quick else 0)
        told[place] = _top(report.parts[place], own)
        room -= _size(told[place])
    return "\n".join(chain(intro, *(told[place] for place in sorted(told)))) + "\n"


def escaped(text: str, begins: bool = True) -> str:
    """A text that the host shows as it stands and in which it finds nothing to do.

    `begins` if it stands at the head of a line, where a number or a hyphen would make a list.
    """
    called = _CALLS.sub(lambda match: f"{match[0]}{_NO_SPACE}", text)
    safe = _SPECIAL.sub(r"\\\1", escape(called, quote=False))
    return _BLOCK.sub(lambda m: f"{m[0][:-1]}\\{m[0][-1]}", safe) if begins else safe


def _top(section: Section, room: int) -> list[str]:
    """One of the main sections within `room` bytes, with a word on what is left out."""
    head, foot = _frame(section)
    end = [_more(10**6), *foot]
    left = room - _size(head) - _size(end)
    if left < 0:
        return []
    body, left_out = _body(section, 4, left)
    return [*head, *body, *([_more(left_out)] if left_out else []), *foot]


def _frame(section: Section) -> tuple[list[str], list[str]]:
    """What stands above and below its lines; a list that only tells how much is folded."""
    title = escaped(section.title)
    if section.long and section.lines:
        return ["", f"<details><summary>{title}</summary>", "", *_intro(section)], [
            "",
            "</details>",
        ]
    return ["", f"### {title}", *_intro(section)], []


def _body(section: Section, depth: int, room: int) -> tuple[list[str], int]:
    """The lines and parts of a section that fit, and how many lines do not."""
    told: list[str] = []
    for count, item in enumerate(section.lines):
        room -= _size([_item(item)])
        if room < 0:
            return told, sum(1 for _ in section.every_line()) - count
        told.append(_item(item))
    left_out = 0
    for part in section.parts:
        head = ["", f"{'#' * depth} {escaped(part.title)}", *_intro(part)]
        body, more = ([], 1) if left_out else _body(part, depth + 1, room - _size(head))
        if left_out or _size(head) > room or (more and not body):
            left_out += max(1, sum(1 for _ in part.every_line()))
        else:
            told += [*head, *body]
            room -= _size([*head, *body])
            left_out = more
    return told, left_out


def _intro(section: Section) -> list[str]:
    told: list[str] = []
    for item in section.intro:
        text = "".join(piece.text for piece in item.pieces)
        told += ["", *(["```sh", text.replace("`", ""), "```"] if item.command else [_line(item)])]
    return [*told, ""]


def _item(item: Line) -> str:
    return f"- {_line(item)}"


def _line(item: Line) -> str:
    return "".join(_piece(piece, not place) for place, piece in enumerate(item.pieces))


def _piece(piece: Piece, begins: bool) -> str:
    text = piece.text if len(piece.text) <= _LONGEST else f"{piece.text[: _LONGEST - 1]}…"
    if piece.style == "code" and "`" not in text:
        return f"`{text}`"
    wrap = _WRAPS.get(piece.style, "") if text.strip() else ""
    return f"{wrap}{escaped(text, begins)}{wrap}"


def _more(count: int) -> str:
    """What stands in place of what is left out."""
    said = "e un'altra voce" if count == 1 else f"e altre {count} voci"
    return f"\n*… {said}: sono nel rapporto intero (diff.html).*"


def _size(lines: list[str]) -> int:
    return sum(len(text.encode()) + 1 for text in lines)
