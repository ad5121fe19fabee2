"""What everything that has an id is called, on both sides: the new name where there are two."""

from collections.abc import Iterable, Iterator
from typing import Any

from site_builder.catalog import Catalog
from site_builder.diff.items import label_field
from site_builder.titles import kind_title

Names = dict[tuple[str, str], str]

# The lists of carta.yml whose items others name.
_LISTS = ("gruppi", "comuni", "reti", "aree_qualita", "trattamenti", "documenti")


def names_of(old: Catalog, new: Catalog) -> Names:
    """The names by what they are names of, («contacts», «cav»)."""
    return {key: name for side in (old, new) for key, name in _names(side)}


def record_name(kind: str, record: Any) -> str:
    """What a record is called; what has no name is called as its kind: «La Carta»."""
    label = label_field(record)
    told = getattr(record, "nome", "") or (getattr(record, label) if label else "")
    return str(told) or kind_title(kind)


def _names(catalog: Catalog) -> Iterator[tuple[tuple[str, str], str]]:
    for kind, records in catalog.records.items():
        yield from (((kind, id), record_name(kind, record)) for id, record in records.items())
    for target in _LISTS:
        yield from _items(target, getattr(catalog.carta, target, ()))
    yield from _items("areas", catalog.areas.values())
    bands = catalog.carta.fasce_di_accesso
    yield from _items("fasce", bands.fasce if bands else ())
    yield from _items("standard", catalog.standards.values())
    for sheet in catalog.services.values():
        yield from _items("standard", sheet.standard)


def _items(target: str, items: Iterable[Any]) -> Iterator[tuple[tuple[str, str], str]]:
    for item in items:
        yield (target, str(item.id)), str(getattr(item, label_field(item)))
