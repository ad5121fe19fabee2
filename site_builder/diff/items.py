"""Which item of a list became which: equal ones first, then those of the same name, then the rest.

What names an item is its id or the first thing that its schema asks for: no list of ours.
"""

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import MISSING, Field, dataclass, fields
from difflib import SequenceMatcher
from typing import Any

_ALIKE = 0.5  # texts with less in common are two texts, not one that was changed


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list; `alone` if the list has no other, before and after."""

    value: Any
    alone: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """An item before and after, None where it was or is not; its places in the two lists."""

    old: Any
    new: Any
    was: int | None
    place: int


def paired(old: tuple[Any, ...], new: tuple[Any, ...]) -> list[Pair]:
    """Every item of both lists once: those of the new in their order, then those that are gone."""
    found: dict[int, int] = {}  # the old place of each new one
    for key in (_itself, _name):
        found |= _matched(old, new, found, key)
    found |= _rest(old, new, found)
    pairs = [
        Pair(old[found[i]] if i in found else None, item, found.get(i), i)
        for i, item in enumerate(new)
    ]
    gone = [place for place in range(len(old)) if place not in found.values()]
    return pairs + [Pair(old[place], None, place, place) for place in gone]


def label_field(value: object) -> str:
    """The field that tells an item from the others: the first that must be there, no id."""
    known: dict[str, Field[Any]] = getattr(value, "__dataclass_fields__", {})
    required = [name for name, field in known.items() if field.default is MISSING]
    scalars = [name for name in required if isinstance(getattr(value, name), str | int)]
    return next((name for name in scalars if name != "id"), next(iter(scalars), ""))


def _itself(value: Any) -> Hashable:
    return repr(value)


def _name(value: Any) -> Hashable:
    """Its id, or what it is called; None for what has no name."""
    if not hasattr(value, "__dataclass_fields__"):
        return None
    name = getattr(value, "id", "") or getattr(value, label_field(value) or "id", "")
    return str(name) or None


def _matched(old: Any, new: Any, found: dict[int, int], key: Any) -> Iterator[tuple[int, int]]:
    """(new place, old place) of the items that only one free item on each side is called."""
    taken = set(found.values())
    before = [(key(item), place) for place, item in enumerate(old) if place not in taken]
    after = [(key(item), place) for place, item in enumerate(new) if place not in found]
    counts = [Counter(name for name, _ in side) for side in (before, after)]
    for name, place in after:
        alone = all(count[name] == 1 for count in counts)
        free = [pair for pair in before if pair[0] == name]
        if name is not None and free and (alone or key is _itself):
            before.remove(free[0])
            yield place, free[0][1]


def _rest(old: Any, new: Any, found: dict[int, int]) -> Iterator[tuple[int, int]]:
    """What is left, each with the most alike that is left; short things with any of them."""
    free = [place for place in range(len(old)) if place not in found.values()]
    for place in (place for place in range(len(new)) if place not in found):
        alike = {was: _likeness(old[was], new[place]) for was in free}
        best = max(alike, key=alike.__getitem__, default=None)
        if best is not None and alike[best] >= _ALIKE:
            yield place, best
            free.remove(best)


def _likeness(old: Any, new: Any) -> float:
    if isinstance(old, str) and isinstance(new, str):
        return SequenceMatcher(None, old.split(), new.split(), False).ratio()
    if isinstance(old, tuple) and isinstance(new, tuple):
        return SequenceMatcher(None, old, new, False).ratio()
    if hasattr(new, "__dataclass_fields__") and type(old) is type(new):
        names = [field.name for field in fields(new)]
        same = [name for name in names if getattr(old, name) == getattr(new, name)]
        return _ALIKE + len(same) / len(names)
    return 0.0
