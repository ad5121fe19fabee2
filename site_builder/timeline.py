"""Draw time limits on a line: terms in, a picture as SVG out.

A row for each term, one below the other, so that names cannot run into each other however close
the days are. All that counts from the same fact shares one line of days; what has no known start
stands apart and claims no place on it. The picture takes the colour of the text around it: it is
legible in grey and in the dark.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from site_builder.italian import days_words
from site_builder.lettering import LEADING, SIZE, WIDTH, Picture, Piece, drawn, text_lines
from site_builder.values import Termine

_BAR, _SHORTEST = 12, 4
_FACT, _CLAIM, _UNKNOWN = "fatto", "presentazione", ""
_TITLES = {
    _FACT: "Da sinistra: il giorno del fatto",
    _CLAIM: "Da sinistra: il giorno della presentazione",
    _UNKNOWN: "Senza un inizio indicato",
}
_STARTS = {_FACT: "dal fatto", _CLAIM: "dalla presentazione", _UNKNOWN: "inizio non indicato"}
_SCALES = ((365, "un anno"), (30, "30 giorni"), (7, "una settimana"), (1, "un giorno"))


@dataclass(frozen=True, slots=True)
class Span:
    """A term with the days it takes, counted from the fact at which its line begins (`origin`)."""

    number: int
    term: Termine
    origin: str
    start: float
    end: float

    @property
    def words(self) -> str:
        """How long and from when: «30 giorni lavorativi dalla presentazione»."""
        chained = self.term.decorre_da == "fase_precedente" and self.number > 1
        start = f"dopo la fase {self.number - 1}" if chained else _STARTS[self.origin]
        if self.term.decorre_da == _CLAIM:
            start = _STARTS[_CLAIM]
        return f"{days_words(self.term)}{' ' if self.origin else ', '}{start}"


def timeline(terms: Sequence[Termine], saturday: bool | None = None) -> Picture | None:
    """The picture of some terms; none without terms. `saturday` says if it is a working day."""
    if not terms:
        return None
    found = spans(terms, saturday)
    said = (f"{span.number}. {span.term.fase}: {span.words}." for span in found)
    words = " ".join(("Linea del tempo dei termini.", *said))
    last = max(span.end for span in found) or 1
    return drawn(_pieces(found, (WIDTH - _SHORTEST) / last), words, "c-timeline__picture")


def spans(terms: Iterable[Termine], saturday: bool | None = None) -> list[Span]:
    """Put each term after what it follows; those that count from the same fact run side by side.

    Working days are drawn as long as they last: five a week, or six if Saturday is one. A claim is
    presented at the end of the first term that counts from the fact, if one stands before it.
    """
    week = 6 if saturday else 5
    found: list[Span] = []
    for number, term in enumerate(terms, start=1):
        days = term.giorni * 7 / week if term.lavorativi else term.giorni
        origin, start = _start(term, found)
        found.append(Span(number, term, origin, start, start + days))
    return found


def _start(term: Termine, before: Sequence[Span]) -> tuple[str, float]:
    if term.decorre_da == "fase_precedente":
        return (before[-1].origin, before[-1].end) if before else (_UNKNOWN, 0)
    if term.decorre_da == _CLAIM:
        latest = (span.end for span in before if span.term.decorre_da == _FACT)
        return next(((_FACT, end) for end in latest), (_CLAIM, 0))
    return term.decorre_da, 0


def _pieces(found: Sequence[Span], scale: float) -> Iterator[Piece]:
    """What stands in the picture from top to bottom, each with its height."""
    for origin, title in _TITLES.items():
        group = [span for span in found if span.origin == origin]
        if group:
            yield from text_lines(title, ' font-style="italic"')
        for span in group:
            yield from text_lines(f"{span.number}. {span.term.fase}", ' font-weight="700"')
            yield from text_lines(span.words)
            yield _lane(span, scale)
    yield from _legend({span.term.lavorativi for span in found}, scale)


def _lane(span: Span, scale: float) -> Piece:
    """The line of days with the days of the term on it, and a tick where the line begins."""
    track = f'<path d="M0 {_BAR / 2}H{WIDTH}M1 0V{_BAR}" stroke="currentColor" opacity=".5"/>'
    width = max((span.end - span.start) * scale, _SHORTEST)
    bar = _bar(span.start * scale, width, span.term.lavorativi)
    return _BAR + 14, f'<g transform="translate(0 4)">{track}{bar}</g>'


def _bar(x: float, width: float, is_working: bool) -> str:
    """Days of the calendar are full, working days are striped."""
    x, width = round(x, 2), round(width, 2)
    box = f'<rect x="{x}" y="0" width="{width}" height="{_BAR}" stroke="currentColor"'
    if not is_working:
        return f"{box}/>"
    stripes = "".join(f"M{round(x + at, 2)} 0v{_BAR}" for at in range(5, int(width), 5))
    stroke = f'<path d="{stripes}" stroke="currentColor"/>' if stripes else ""
    return f'{box} fill="none"/>{stroke}'


def _legend(kinds: set[bool], scale: float) -> Iterator[Piece]:
    names = {False: "giorni di calendario", True: "giorni lavorativi"}
    samples = [(_bar(1, 32, kind), 32.0, name) for kind, name in names.items() if kind in kinds]
    fitting = ((days * scale, name) for days, name in _SCALES if 8 <= days * scale <= WIDTH / 3)
    for width, name in list(fitting)[:1]:
        rule = f"M1 0v{_BAR}m0 {-_BAR / 2}h{width:.2f}m0 {-_BAR / 2}v{_BAR}"
        samples.append((f'<path d="{rule}" fill="none" stroke="currentColor"/>', width, name))
    for sample, width, name in samples:
        label = f'<text x="{width + 12:.2f}" y="{SIZE}">{name}</text>'
        yield LEADING, f'<g transform="translate(0 4)">{sample}</g>{label}'
