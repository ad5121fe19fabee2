"""What became of the promises: the quality standards joined with what was measured, by year."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from site_builder.model import Misura, Results


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
