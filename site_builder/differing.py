"""Where two sequences differ: words of a text, blocks of a page, items of a list."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import takewhile


def differences(
    before: Sequence[Hashable], after: Sequence[Hashable]
) -> Iterator[tuple[int, int, int, int]]:
    """What differs: from and to in the old sequence, from and to in the new one.

    Equal ends are set apart first, so that one change among equal items is found where it is.
    """
    head = _same(zip(before, after, strict=False))
    tail = _same(zip(reversed(before[head:]), reversed(after[head:]), strict=False))
    middle = before[head : len(before) - tail], after[head : len(after) - tail]
    for what, *places in SequenceMatcher(None, *middle, False).get_opcodes():
        if what != "equal":
            first, last, start, stop = (place + head for place in places)
            yield first, last, start, stop


def _same(pairs: Iterable[tuple[object, object]]) -> int:
    """How many pairs are equal before the first that is not."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
