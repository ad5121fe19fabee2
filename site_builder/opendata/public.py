"""What may leave the house as data: the Catalog without what only our own pages may show.

Every export is drawn from this Catalog, and from no other: what is not in it cannot be told.
"""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

from site_builder.catalog import Catalog
from site_builder.model import Contact, Service

# What tells where a contact is, and what stands there if it is secret.
_PLACE: dict[str, Any] = {
    "comune": "",
    "presso": "",
    "indirizzo": None,
    "coordinate": None,
    "mappa": "",
    "accessibilita": "",
}
# In a text, instead of the mailbox of a person.
_NOT_TOLD = "[casella non pubblicata]"


def public(catalog: Catalog) -> Catalog:
    """The same Catalog without secret places, mailboxes of persons and words only for the search.

    The raw documents are not in it either: they hold all of that.
    """
    persons = {
        box.indirizzo.casefold()
        for contact in catalog.contacts.values()
        for box in contact.email
        if box.nominativa
    }
    changed: Mapping[str, Mapping[str, Any]] = {
        **catalog.records,
        "contacts": {id: _contact(item, persons) for id, item in catalog.contacts.items()},
        "services": {id: _service(item) for id, item in catalog.records["services"].items()},
    }
    if persons:
        names = re.compile("|".join(map(re.escape, sorted(persons))), re.I)
        changed = {
            kind: {id: _without(item, names) for id, item in records.items()}
            for kind, records in changed.items()
        }
    return Catalog(changed, {}, catalog.known, catalog.day)


def _contact(contact: Contact, persons: set[str]) -> Contact:
    open_to_all = replace(
        contact,
        email=tuple(box for box in contact.email if box.indirizzo.casefold() not in persons),
        pec=tuple(box for box in contact.pec if box.casefold() not in persons),
    )
    if not contact.riservata:
        return open_to_all
    # The schema allows no address here; whoever weakens it must not open this door too.
    doubts = (doubt for doubt in contact.da_verificare if doubt.campo.split(".")[0] not in _PLACE)
    return replace(open_to_all, **_PLACE, da_verificare=tuple(doubts))


def _service(sheet: Service) -> Service:
    return replace(sheet, solo_ricerca=())


def _without(value: Any, names: re.Pattern[str]) -> Any:
    """The value, or a copy of it in whose texts the names are not told."""
    if isinstance(value, str):
        return names.sub(_NOT_TOLD, value) if "@" in value else value
    if isinstance(value, tuple):
        parts = tuple(_without(part, names) for part in value)
        return (
            parts if any(new is not old for new, old in zip(parts, value, strict=True)) else value
        )
    if not is_dataclass(value):
        return value
    old = {name: getattr(value, name) for name in _names(value.__class__)}
    new = {name: _without(part, names) for name, part in old.items()}
    changed = {name: part for name, part in new.items() if part is not old[name]}
    # The type checker cannot see that `is_dataclass` said so of an instance.
    return replace(value, **changed) if changed else value  # type: ignore[type-var]


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
