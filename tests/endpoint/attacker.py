"""Who reads the published figures and works out what is hidden: sums, and what the marks say."""

from collections.abc import Iterable, Mapping

from endpoint.figures.suppression import HIDDEN, SMALL

Bounds = Mapping[str, tuple[float, float]]
# What each mark says of the number behind it.
BOUNDS: dict[object, tuple[float, float]] = {SMALL: (1, 4), HIDDEN: (5, float("inf"))}


def propagated(
    bounds: Bounds, sums: Iterable[tuple[set[str], float]]
) -> dict[str, tuple[float, float]]:
    """How far each number can be told from sums of some of them.

    Exact where no two sums share a number that is hidden: then each sum stands by itself.
    """
    known, equations = dict(bounds), list(sums)
    while True:
        before = dict(known)
        for names, total in equations:
            for name in names:
                others = names - {name}
                low = total - sum(known[other][1] for other in others)
                high = total - sum(known[other][0] for other in others)
                known[name] = (max(known[name][0], low), min(known[name][1], high))
        if known == before:
            return known
