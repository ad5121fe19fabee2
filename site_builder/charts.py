"""Draw numbers as bars: rows in, a picture as SVG out; a table with the same numbers stands beside.

A row for each name, its number in letters above its bar, so that nothing hangs on length or colour
alone. Kinds are told apart by pattern: full, striped, empty. What is not published has words and
no bar.
"""

from collections.abc import Iterator, Mapping, Sequence

from site_builder.lettering import LEADING, SIZE, WIDTH, Picture, Piece, drawn, text_lines

TRIAL = "Dati di prova"
MOST_ROWS = 12  # more fit on no page of paper, and nobody compares them
_BAR, _GAP, _SHORTEST = 13, 12, 2
_NAME = "c-chart__picture"

Row = tuple[str, int | str]  # words stand where no number is published
Parts = Mapping[str, int]


def bars(title: str, rows: Sequence[Row], trial: bool = False) -> Picture | None:
    """A bar for each number; none if there is not one above zero."""
    most = max((number for _, number in rows if isinstance(number, int)), default=0)
    if not most:
        return None
    shown = _highest(rows)
    best = next(name for name, number in rows if number == most)
    said = f"Il numero più alto fra quelli pubblicati: {best}, {most}."

    def pieces() -> Iterator[Piece]:
        yield from _head(title, trial)
        for name, number in shown:
            yield from text_lines(f"{name}: {number}")
            if isinstance(number, int) and number:
                yield _lane([(0, number)], (WIDTH - 2) / most)
        if len(shown) < len(rows):
            words = f"Sono le {len(shown)} voci più alte: le altre sono nella tabella."
            yield from text_lines(words, _ITALIC)

    return drawn(pieces(), _words(title, said, trial), _NAME)


def stacked(
    title: str, rows: Sequence[tuple[str, Parts]], kinds: Sequence[str], trial: bool = False
) -> Picture | None:
    """A bar for each row, in parts by kind; `kinds` are at most three. None without numbers."""
    most = max((sum(parts.values()) for _, parts in rows), default=0)
    if not most:
        return None
    sums = {kind: sum(parts.get(kind, 0) for _, parts in rows) for kind in kinds}
    said = f"In tutto: {_told(sums)}."

    def pieces() -> Iterator[Piece]:
        yield from _head(title, trial)
        for name, parts in rows:
            yield from text_lines(f"{name}: {_told(parts)}")
            ordered = [(place, parts.get(kind, 0)) for place, kind in enumerate(kinds)]
            yield _lane(ordered, (WIDTH - 2) / most)
        yield from (_sample(place, kind) for place, kind in enumerate(kinds) if sums[kind])

    return drawn(pieces(), _words(title, said, trial), _NAME)


_BOLD, _ITALIC = ' font-weight="700"', ' font-style="italic"'


def _head(title: str, trial: bool) -> Iterator[Piece]:
    yield from text_lines(title, _BOLD)
    if trial:
        yield from text_lines(f"{TRIAL}: numeri inventati", _ITALIC)
    yield 6, ""


def _words(title: str, said: str, trial: bool) -> str:
    stop = "" if title.endswith(("?", ".", "!")) else "."
    made_up = f"{TRIAL}. " if trial else ""
    return f"{made_up}Grafico a barre. {title}{stop} {said} Tutti i numeri sono nella tabella."


def _told(parts: Parts) -> str:
    return ", ".join(f"{kind} {number}" for kind, number in parts.items() if number) or "nessuno"


def _highest(rows: Sequence[Row]) -> Sequence[Row]:
    """All rows in their order, or the highest numbers where they are too many."""
    if len(rows) <= MOST_ROWS:
        return rows
    numbered = [row for row in rows if isinstance(row[1], int)]
    return sorted(numbered, key=lambda row: -int(row[1]))[:MOST_ROWS]


def _lane(parts: Sequence[tuple[int, int]], scale: float) -> Piece:
    """The parts of a bar, one after the other; each pattern has its place."""
    x, drawing = 1.0, ""
    for place, number in parts:
        if number:
            width = max(number * scale, _SHORTEST)
            drawing += _box(place, x, width)
            x += width
    return _BAR + _GAP, f'<g transform="translate(0 3)">{drawing}</g>'


def _box(place: int, x: float, width: float) -> str:
    left, width = round(x, 2), round(width, 2)
    box = f'<rect x="{left}" y="0" width="{width}" height="{_BAR}" stroke="currentColor"'
    if place == 0:
        return f"{box}/>"
    stripes = "".join(f"M{round(left + at, 2)} 0v{_BAR}" for at in range(5, int(width), 5))
    inside = f'<path d="{stripes}" stroke="currentColor"/>' if stripes and place == 1 else ""
    return f'{box} fill="none"/>{inside}'


def _sample(place: int, kind: str) -> Piece:
    label = f'<text x="44" y="{SIZE}">{kind}</text>'
    return LEADING, f'<g transform="translate(0 4)">{_box(place, 1, 32)}</g>{label}'
