"""What became of the promises: the quality standards joined with what was measured, by year."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from site_builder.italian import month_day, number
from site_builder.model import BodyStandard, Misura, Results
from site_builder.values import Standard

Promise = Standard | BodyStandard

_BOUNDS = {">=": "almeno ", "<=": "al massimo ", "=": ""}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is known of a standard in one year; `di_prova` if the numbers are made up."""

    anno: int
    misura: Misura
    di_prova: bool


def joined(standards: Iterable[str], results: Sequence[Results]) -> Mapping[str, list[Outcome]]:
    """Each standard with its outcomes, in the order of `results`; nothing if there are none.

    A year without a measure of the standard gives the outcome `non_misurato`: nothing is claimed.
    """
    measured: dict[tuple[str, int], list[Misura]] = {}
    for year in results:
        for item in year.misure:
            measured.setdefault((item.standard, year.anno), []).append(item)

    def of(id: str, year: Results) -> list[Outcome]:
        missing = [Misura(standard=id, esito="non_misurato")]
        found = measured.get((id, year.anno), missing)
        return [Outcome(year.anno, item, year.di_prova) for item in found]

    return {id: [item for year in results for item in of(id, year)] for id in standards if results}


def threshold(promise: Promise) -> str:
    """The threshold in words: «al massimo 15 giorni lavorativi, almeno nel 90% dei casi».

    Empty where the promise has no number: its own words say all there is.
    """
    parts = [_bound_words(promise)]
    if promise.quota_percento is not None:
        parts.append(f"almeno nel {number(promise.quota_percento)}% dei casi")
    if promise.scadenza_annuale:
        parts.append(f"entro il {month_day(promise.scadenza_annuale)} di ogni anno")
    return ", ".join(part for part in parts if part)


def _bound_words(promise: Promise) -> str:
    if promise.valore is None:
        return ""
    if promise.operatore == "fra" and promise.valore_massimo is not None:
        words = f"da {number(promise.valore)} a {number(promise.valore_massimo)}"
    elif promise.operatore in _BOUNDS:
        words = f"{_BOUNDS[promise.operatore]}{number(promise.valore)}"
    else:
        return ""
    return with_unit(words, promise.unita)


def with_unit(words: str, unit: str) -> str:
    """«20 ore», «90% dei reclami»: the sign of a share stays with its number."""
    return f"{words}{'' if unit.startswith('%') else ' '}{unit}" if unit else words


def measured(promise: Promise, measure: Misura) -> str:
    """The numbers of a measure in words: «20 ore a settimana, nel 92,5% dei casi»; or nothing."""
    parts = []
    if measure.valore is not None:
        parts.append(with_unit(number(measure.valore), promise.unita))
    if measure.quota_percento is not None:
        parts.append(f"nel {number(measure.quota_percento)}% dei casi")
    return ", ".join(parts)


def holds(promise: Promise, value: float) -> bool | None:
    """Whether a value is within the threshold; None where the promise gives none to compare."""
    bound, most = promise.valore, promise.valore_massimo
    if bound is None:
        return None
    if promise.operatore == "fra":
        return bound <= value <= most if most is not None else None
    return {">=": value >= bound, "<=": value <= bound, "=": value == bound}.get(promise.operatore)


def kept(promise: Promise, measure: Misura) -> bool | None:
    """What the numbers of a measure say of the promise; None where they cannot decide.

    A promise for a share of the cases is judged by the share measured: the value of one case, or
    of the average one, says nothing of the others.
    """
    if promise.quota_percento is not None:
        share = measure.quota_percento
        return None if share is None else share >= promise.quota_percento
    return None if measure.valore is None else holds(promise, measure.valore)
