"""Two Catalogs in, the changes out, as values: record by record, field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from site_builder.catalog import Catalog
from site_builder.diff.fields import Change, Fields, is_absent
from site_builder.model import Record

# The share of fields by which a record is taken for another that is gone, under a new name.
_SAME_RECORD = 0.6


@dataclass(frozen=True, slots=True)
class RecordChange:
    """What became of a record; with another id it has been renamed, `old_id` is the one before.

    `unreadable` if one of its two files breaks the rules: then there is nothing to compare.
    """

    kind: str
    id: str
    old: Record | None
    new: Record | None
    changes: tuple[Change, ...] = ()
    old_id: str = ""
    unreadable: bool = False

    @property
    def record(self) -> Record | None:
        return self.new or self.old


def compare(old: Catalog, new: Catalog) -> list[RecordChange]:
    """Every record that is not as it was, in the order of kinds and, within, of the new Carta."""
    renamed = {kind: _renamed(kind, old, new) for kind in new.records}
    return [change for kind in new.records for change in _of_kind(kind, old, new, renamed)]


def _of_kind(
    kind: str, old: Catalog, new: Catalog, renamed: Mapping[str, Mapping[str, str]]
) -> Iterator[RecordChange]:
    before, after = _records(kind, old), _records(kind, new)
    names = {now: was for was, now in renamed[kind].items()}
    compared = Fields(kind, old, new, renamed)
    gone = [id for id in before if id not in after and id not in renamed[kind]]
    for id in (*after, *gone):
        was = names.get(id, id)
        broken = _broken(kind, id, old, new)
        changes = () if broken or id in gone else tuple(compared.of(id, was))
        if broken or changes or was != id or (id in after) != (was in before):
            yield RecordChange(
                kind, id, before.get(was), after.get(id), changes, was if was != id else "", broken
            )
    unread = new.known[kind] - after.keys() - before.keys()
    yield from (RecordChange(kind, id, None, None, unreadable=True) for id in sorted(unread))


def _records(kind: str, catalog: Catalog) -> dict[str, Record]:
    return dict(catalog.services if kind == "services" else catalog.records[kind])


def _broken(kind: str, id: str, old: Catalog, new: Catalog) -> bool:
    return any(id in side.known[kind] and id not in side.records[kind] for side in (old, new))


def _renamed(kind: str, old: Catalog, new: Catalog) -> dict[str, str]:
    """The new id of each record that is gone, where most of it is found under another."""
    gone = [id for id in old.records[kind] if id not in new.known[kind]]
    found: dict[str, str] = {}
    for id in new.records[kind]:
        if id not in old.known[kind] and gone:
            alike = {was: _likeness(old.records[kind][was], new.records[kind][id]) for was in gone}
            best = max(alike, key=alike.__getitem__)
            if alike[best] >= _SAME_RECORD:
                found[best] = id
                gone.remove(best)
    return found


def _likeness(old: Record, new: Record) -> float:
    """The share of the fields of its own in which a record is as the other, empty ones apart."""
    common = {field.name for field in fields(Record)} | {"id"}
    pairs = [
        (getattr(old, field.name), getattr(new, field.name))
        for field in fields(new)
        if field.name not in common
    ]
    told = [pair for pair in pairs if not all(map(is_absent, pair))]
    return sum(a == b for a, b in told) / len(told) if told else 0.0
