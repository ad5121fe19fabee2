"""Which numbers of a table may be published: small ones are hidden, and enough others with them.

Primary and secondary suppression, as the Handbook on Statistical Disclosure Control calls them
(Center of Excellence SDC with Eurostat, second edition, 2024). In Italy the threshold is at
least 3, more where the matter is delicate (ethical rules for statistics, G.U. 11 of 14 January
2019, article 5): here it is 5. A count from 1 to 4 is hidden, and so are others until the
totals tell no more of it than «less than 5» does. Zero is shown: it speaks of nobody. The
others are taken in an order that the counts do not decide, or the choice itself would tell
them.
"""

from collections.abc import Mapping, Sequence

LEAST = 5
SMALL = "meno di 5"
HIDDEN = "non pubblicato"

Shown = int | str


def shown(count: int) -> Shown:
    """A number that stands alone, with no total over it: itself, or SMALL."""
    return SMALL if 0 < count < LEAST else count


def publishable(counts: Mapping[str, int], order: Sequence[str]) -> dict[str, Shown] | None:
    """Each number as it may be shown beside their sum, in the order of `counts`.

    A number is itself, SMALL, or HIDDEN; those to be hidden are taken as they come in `order`,
    which has every key. None if the table cannot be published at all.
    """
    result = {key: shown(count) for key, count in counts.items()}
    small = [key for key in counts if result[key] == SMALL]
    hidden = sum(counts[key] for key in small)
    others = [key for key in order if result[key] not in (SMALL, 0)]
    taken = 0
    while not is_safe(len(small), taken, hidden):
        if taken == len(others):
            return None
        key = others[taken]
        result[key], taken = HIDDEN, taken + 1
        hidden += counts[key]
    return result


def is_safe(small: int, others: int, total: int) -> bool:
    """Whether each of `small` numbers may still be anything from 1 to 4.

    Their sum with `others` numbers, of 5 or more each, is `total`, which anybody can work out.
    """
    if not small:
        return True
    # One at 4 and the rest as low as they can be; one at 1 and the rest as high as they can be.
    top = (LEAST - 1) + (small - 1) + LEAST * others <= total
    bottom = others > 0 or total <= 1 + (LEAST - 1) * (small - 1)
    return top and bottom
