"""The fields of two records one by one, in the order of their schema: the changes as values."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any

from site_builder.catalog import Catalog
from site_builder.diff.items import Item, Pair, paired
from site_builder.documents import PAGES
from site_builder.loader import KeyPath
from site_builder.pointers import target_of
from site_builder.titles import TEXT
from site_builder.validation import load_schema
from site_builder.values import Chiusura, Email, Orario

# Told as one sentence, and so compared whole.
_ATOMS = (Orario, Chiusura, Email)


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is another, new or gone; `moved` if a list has only changed its order.

    `path` is where it stands, or stood if it is gone; `items` are the items of lists on the way.
    """

    path: KeyPath
    items: tuple[Item, ...]
    old: Any
    new: Any
    moved: bool = False


class Fields:
    """Compares records of one kind; `renamed` has the new id of what is called another, by kind."""

    def __init__(
        self, kind: str, old: Catalog, new: Catalog, renamed: Mapping[str, Mapping[str, str]]
    ) -> None:
        self._kind, self._old, self._new, self._renamed = kind, old, new, renamed

    def of(self, id: str, was: str) -> Iterator[Change]:
        """The changes of one record, which is new if it was nowhere; its id apart."""
        kind = self._kind
        before, after = self._old.records[kind].get(was), self._new.records[kind][id]
        for key in load_schema(kind)["properties"]:
            if key != "id":
                old = getattr(before, key) if before else _default(after, key)
                yield from self._values(old, getattr(after, key), (key,), ())
        if kind == PAGES:
            yield from self._values(_text(self._old, was), _text(self._new, id), (TEXT,), ())

    def _values(
        self, old: Any, new: Any, path: KeyPath, items: tuple[Item, ...]
    ) -> Iterator[Change]:
        if _alike(self._now(path, old), new):
            return
        if isinstance(old, tuple) and isinstance(new, tuple):
            yield from self._lists(old, new, path, items)
        elif isinstance(old, dict) and isinstance(new, dict):
            for key in dict.fromkeys((*old, *new)):
                yield from self._values(old.get(key), new.get(key), (*path, key), items)
        elif type(old) is type(new) and is_group(new):
            for field in fields(new):
                pair = getattr(old, field.name), getattr(new, field.name)
                yield from self._values(*pair, (*path, field.name), items)
        else:
            yield Change(path, items, old, new)

    def _lists(
        self, old: tuple[Any, ...], new: tuple[Any, ...], path: KeyPath, items: tuple[Item, ...]
    ) -> Iterator[Change]:
        alone = len(old) == len(new) == 1
        pairs = paired(tuple(self._now((*path, 0), value) for value in old), new)
        for pair in pairs:
            item = Item(pair.old if pair.new is None else pair.new, alone)
            yield from self._values(pair.old, pair.new, (*path, pair.place), (*items, item))
        if _is_moved(pairs):
            yield Change(path, items, old, new, moved=True)

    def _now(self, path: KeyPath, value: Any) -> Any:
        """The id by which what a value names is called now; any other value is itself."""
        if not isinstance(value, str):
            return value
        return self._renamed.get(target_of(self._kind, path), {}).get(value, value)


def is_group(value: object) -> bool:
    """Whether it has fields that can be compared one by one."""
    return hasattr(value, "__dataclass_fields__") and not isinstance(value, _ATOMS)


def is_absent(value: Any) -> bool:
    """Whether it says nothing; zero says something."""
    return value is None or value is False or value in ("", ())


def _default(record: Any, key: str) -> Any:
    """What a record has that says nothing."""
    default = record.__dataclass_fields__[key].default
    if default is not MISSING:
        return default
    return () if isinstance(getattr(record, key), tuple) else None


def _text(catalog: Catalog, id: str) -> str:
    page = catalog.documents[PAGES].get(id)
    return page.text.strip() if page else ""


def _alike(old: Any, new: Any) -> bool:
    """Whether two values say the same; a number may stand in quotes or not."""
    if {type(old), type(new)} == {int, str}:
        return str(old) == str(new)
    return bool(old == new) or (is_absent(old) and is_absent(new))


def _is_moved(pairs: list[Pair]) -> bool:
    """Whether what stayed stands in another order."""
    kept = [pair.was for pair in pairs if pair.was is not None and pair.new is not None]
    return kept != sorted(kept)
