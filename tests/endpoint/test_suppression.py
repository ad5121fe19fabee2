"""What may be published of a table: no hidden number can be worked out, also by who knows how."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise

import pytest
from attacker import BOUNDS, propagated
from hypothesis import given
from hypothesis import strategies as st

from endpoint.figures.suppression import HIDDEN, SMALL, is_safe, publishable, shown

COUNTS = st.lists(st.one_of(st.integers(0, 9), st.integers(0, 200)), min_size=1, max_size=12)


def published(counts: Sequence[int], order: Sequence[int] | None = None) -> list[int | str] | None:
    names = [str(place) for place in range(len(counts))]
    wanted = [names[place] for place in order] if order else names
    found = publishable(dict(zip(names, counts, strict=True)), wanted)
    return list(found.values()) if found else None


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([12, 0, 5], [12, 0, 5]),
        ([12, 3, 20], [HIDDEN, SMALL, 20]),
        ([5, 3, 20], [HIDDEN, SMALL, HIDDEN]),
        ([6, 3, 20], [HIDDEN, SMALL, 20]),
        ([30, 2, 3], [30, SMALL, SMALL]),
        ([30, 1, 3], [HIDDEN, SMALL, SMALL]),
        ([30, 1, 2, 3, 4], [30, SMALL, SMALL, SMALL, SMALL]),
        ([0, 0], [0, 0]),
        ([3, 3], None),
        ([5, 3], None),
        ([6, 3], [HIDDEN, SMALL]),
        ([4, 0, 0], None),
        ([8], [8]),
    ],
)
def test_tables_worked_out_by_hand(counts: list[int], expected: list[int | str] | None) -> None:
    assert published(counts) == expected


def test_the_others_are_taken_in_the_order_that_is_given() -> None:
    assert published([12, 3, 20], order=[2, 0, 1]) == [12, SMALL, HIDDEN]


@pytest.mark.parametrize(("count", "expected"), [(0, 0), (1, SMALL), (4, SMALL), (5, 5)])
def test_a_number_that_stands_alone(count: int, expected: int | str) -> None:
    assert shown(count) == expected


@given(COUNTS, st.randoms())
def test_whoever_adds_and_subtracts_learns_nothing(counts: list[int], random) -> None:
    order = list(range(len(counts)))
    random.shuffle(order)
    found = published(counts, order)
    if found is None:
        return
    for count, number in zip(counts, found, strict=True):
        assert number in (count, SMALL, HIDDEN)
        assert number == SMALL if 0 < count < 5 else number != SMALL
        assert (count == 0) == (number == 0)
    bounds = {str(n): BOUNDS.get(number, (number, number)) for n, number in enumerate(found)}
    known = propagated(bounds, [(set(bounds), sum(counts))])
    for name, number in zip(bounds, found, strict=True):
        if number == SMALL:
            assert known[name] == (1, 4)


@given(st.integers(1, 6), st.integers(0, 6), st.integers(1, 60))
def test_what_is_called_safe_is_safe_and_nothing_else(small: int, others: int, total: int) -> None:
    bounds = {f"s{n}": BOUNDS[SMALL] for n in range(small)}
    bounds |= {f"h{n}": BOUNDS[HIDDEN] for n in range(others)}
    if not small + 5 * others <= total <= (4 * small if not others else total):
        return  # no table looks like this
    known = propagated(bounds, [(set(bounds), total)])
    assert is_safe(small, others, total) == all(known[f"s{n}"] == (1, 4) for n in range(small))


# Who knows the program asks which tables would have been published like this one.
@pytest.mark.parametrize(("cells", "most"), [(2, 24), (3, 22), (4, 18), (5, 14)])
def test_who_knows_the_program_learns_little_more(cells: int, most: int) -> None:
    alike: dict[tuple[object, ...], list[tuple[int, ...]]] = {}
    for counts in tables(cells, most):
        found = published(counts)
        look = tuple(found) if found else (None,)
        alike.setdefault((sum(counts), *look), []).append(counts)
    for (_, *look), members in alike.items():
        for place in range(cells):
            values = {counts[place] for counts in members}
            if look == [None]:
                assert len(values) > 1
            elif look[place] == SMALL:
                assert len(values) >= 3


def tables(cells: int, most: int) -> Iterator[tuple[int, ...]]:
    """Every table whose sum is from 5 to `most`."""
    for total in range(5, most + 1):
        for bars in combinations(range(total + cells - 1), cells - 1):
            ends = (-1, *bars, total + cells - 1)
            yield tuple(b - a - 1 for a, b in pairwise(ends))


def test_the_attack_of_the_tests_finds_what_there_is_to_find() -> None:
    bounds: Mapping[str, tuple[float, float]] = {"a": (1, 4), "b": (5, float("inf"))}
    assert propagated(bounds, [({"a", "b"}, 6)])["a"] == (1, 1)
    assert propagated(bounds, [({"a", "b"}, 8)])["a"] == (1, 3)
    assert propagated(bounds, [({"a"}, 3), ({"a", "b"}, 10)])["b"] == (7, 7)
