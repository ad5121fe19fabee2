"""Draw what became of a promise over the years: outcomes in, a small picture as SVG out.

A bar for each year, the oldest first, with its number in words above it, and across them the
threshold. What was kept is full, what was missed is striped: no colour is needed to tell them.
"""

from collections.abc import Iterable, Iterator, Sequence

from site_builder.lettering import LEADING, SIZE, WIDTH, Picture, Piece, drawn, text_lines
from site_builder.model import Misura
from site_builder.results import Outcome, Promise, measured, threshold

VERDICTS = {
    "rispettato": "rispettato",
    "non_rispettato": "non rispettato",
    "non_misurato": "non misurato",
}
_BAR, _SHORTEST, _EDGE = 12, 4, 3


def trend(promise: Promise, outcomes: Sequence[Outcome]) -> Picture | None:
    """The picture of a promise, its outcomes the newest first; none below two years that count."""
    counted = [(item.anno, _figure(promise, item.misura)) for item in outcomes]
    numbers = [figure for _, figure in counted if figure is not None]
    years = {year for year, figure in counted if figure is not None}
    if len(years) < 2:
        return None
    oldest_first = list(reversed(outcomes))
    said = (f"{_words(promise, item)}." for item in oldest_first)
    words = " ".join((f"Andamento negli anni: {promise.indicatore}.", *said))
    bounds = _bounds(promise)
    scale = (WIDTH - _SHORTEST) / (max(*numbers, *bounds, 0) or 1)
    pieces = _pieces(promise, oldest_first, bounds, scale)
    return drawn(pieces, words, "c-trend__picture")


def _figure(promise: Promise, measure: Misura) -> float | None:
    """The number that counts: the share of cases where the promise is for one, else the value.

    None for what was not measured, whatever number stands there.
    """
    if measure.esito == "non_misurato":
        return None
    return measure.valore if promise.quota_percento is None else measure.quota_percento


def _bounds(promise: Promise) -> list[float]:
    if promise.quota_percento is not None:
        return [promise.quota_percento]
    if promise.operatore == "presenza":
        return []
    most = promise.valore_massimo if promise.operatore == "fra" else None
    return [bound for bound in (promise.valore, most) if bound is not None]


def _words(promise: Promise, item: Outcome) -> str:
    number = measured(promise, item.misura)
    trial = " (dato di prova)" if item.di_prova else ""
    return f"{item.anno}{trial}: {f'{number}, ' if number else ''}{VERDICTS[item.misura.esito]}"


def _pieces(
    promise: Promise, outcomes: Iterable[Outcome], bounds: Sequence[float], scale: float
) -> Iterator[Piece]:
    kinds: set[bool] = set()
    for item in outcomes:
        yield from text_lines(_words(promise, item))
        figure = _figure(promise, item.misura)
        if figure is not None:
            missed = item.misura.esito == "non_rispettato"
            kinds.add(missed)
            yield _lane(figure * scale, missed, [bound * scale for bound in bounds])
    for missed, name in ((False, "rispettato"), (True, "non rispettato")):
        if missed in kinds:
            yield _sample(_bar(32, missed), 32, name)
    if bounds:
        yield _sample(_tick(1, _BAR), 1, "la soglia")
        yield from text_lines(f"Soglia: {threshold(promise)}")


def _lane(width: float, missed: bool, bounds: Iterable[float]) -> Piece:
    """The bar of a year on its line, and where the threshold is."""
    track = f'<path d="M0 {_BAR / 2}H{WIDTH}" stroke="currentColor" opacity=".5"/>'
    ticks = "".join(_tick(max(at, 0) + 1, _BAR + _EDGE) for at in bounds)
    bar = _bar(max(width, _SHORTEST), missed)
    return _BAR + 6 * _EDGE, f'<g transform="translate(0 {2 * _EDGE})">{track}{bar}{ticks}</g>'


def _bar(width: float, missed: bool) -> str:
    width = round(width, 2)
    box = f'<rect x="1" y="0" width="{width}" height="{_BAR}" stroke="currentColor"'
    if not missed:
        return f"{box}/>"
    stripes = "".join(f"M{at} 0v{_BAR}" for at in range(6, int(width), 5))
    stroke = f'<path d="{stripes}" stroke="currentColor"/>' if stripes else ""
    return f'{box} fill="none"/>{stroke}'


def _tick(at: float, end: float) -> str:
    """A line across the bar, thicker than its stripes, and longer where it stands on a bar."""
    start = _BAR - end
    return f'<path d="M{round(at, 2)} {start}V{end}" stroke="currentColor" stroke-width="3"/>'


def _sample(drawing: str, width: float, name: str) -> Piece:
    label = f'<text x="{width + 12}" y="{SIZE}">{name}</text>'
    return LEADING, f'<g transform="translate(0 4)">{drawing}</g>{label}'
