"""The report for the terminal."""

from collections.abc import Iterator

from site_builder.diff.lines import Line, Piece, Section

_MARKS = {"gone": "[tolto: {}]", "came": "[aggiunto: {}]"}


def as_text(report: Section) -> str:
    """The whole report as plain text."""
    return "\n".join(_section(report, 0)).strip() + "\n"


def _section(section: Section, depth: int) -> Iterator[str]:
    yield ""
    yield section.title
    if depth < 2:
        yield ("=" if depth == 0 else "-") * len(section.title)
    for told in section.intro:
        yield f"    {_line(told)}" if told.command else _line(told)
    yield from (f"  - {_line(told)}" for told in section.lines)
    for part in section.parts:
        yield from _section(part, depth + 1)


def _line(told: Line) -> str:
    return "".join(map(_piece, told.pieces))


def _piece(piece: Piece) -> str:
    return _MARKS.get(piece.style, "{}").format(piece.text)
