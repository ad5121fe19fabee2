"""Records as plain data: the keys of the content, without what is empty or goes without saying.

A name that the content only points to becomes `{id, nome}`, so that nobody needs a second file;
hours are also said in words, and phones as they are dialled.
"""

import dataclasses
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from site_builder.catalog import Catalog
from site_builder.italian import closure_words, hours_words
from site_builder.model import Record
from site_builder.phones import tel
from site_builder.values import Chiusura, Email, Fonte, Orario, Telefono

Plain = dict[str, Any]

# What each key of the content points to.
REFERENCES = {
    "aree": "aree", "gruppi": "gruppi", "area_qualita": "aree_qualita", "documento": "documenti",
    "territorio": "comuni", "comune": "comuni", "comuni_serviti": "comuni",
    "sportelli": "reti", "rete": "reti", "fasce": "fasce",
    "contatti": "contatti", "contatto": "contatti", "sede": "contatti", "enti": "enti",
    "moduli": "moduli", "modulo": "moduli", "servizi": "servizi", "servizi_collegati": "servizi",
}  # fmt: skip
# Only for who edits: no page shows it either.
_OURS = {Email: {"nominativa"}, Fonte: {"nota"}}
_SHARED = {field.name for field in dataclasses.fields(Record)}


class Teller:
    """Tells the records of one Catalog."""

    def __init__(self, catalog: Catalog) -> None:
        known = _names(catalog)
        self._names = {key: known[kind] for key, kind in REFERENCES.items()}

    def tell(self, item: Any) -> Plain:
        """A record, or a part of one."""
        told: Plain = {}
        for name, default, is_text in _fields(item.__class__):
            value = getattr(item, name)
            if value != default and value not in ((), None, ""):
                told[name] = str(value) if is_text else self._value(name, value)
        return told | _in_words(item)

    def named(self, key: str, ids: Iterable[str]) -> list[Plain]:
        """What these ids point to, under a key of the content."""
        return [self._named(key, id) for id in ids]

    def _named(self, key: str, id: str) -> Plain:
        return self._names[key].get(id) or {"id": id, "nome": id}

    def _value(self, name: str, value: Any) -> Any:
        match value:
            case str():
                return self._named(name, value) if name in self._names else value
            case tuple():
                return [self._value(name, part) for part in value]
            case float() if value.is_integer():
                return int(value)
            case bool() | int() | float():
                return value
            case date():
                return value.isoformat()
        return self.tell(value)


@cache
def _fields(kind: type[Any]) -> tuple[tuple[str, Any, bool], ...]:
    """Name, default, and whether a number in its place is to be told as text (`civico: 12`)."""
    hidden = _OURS.get(kind, set())
    # Those that every record has come last.
    fields = sorted(dataclasses.fields(kind), key=lambda field: field.name in _SHARED)
    return tuple(
        (field.name, field.default, field.type == str | int)
        for field in fields
        if field.name not in hidden
    )


def _in_words(item: Any) -> Plain:
    match item:
        case Orario():
            return {"in_parole": hours_words(item)}
        case Chiusura():
            return {"in_parole": closure_words(item)}
        case Telefono() if (number := tel(item.numero).removeprefix("tel:")).startswith("+"):
            return {"e164": number}
    return {}


def _names(catalog: Catalog) -> dict[str, dict[str, Plain]]:
    carta, bands = catalog.carta, catalog.carta.fasce_di_accesso
    return {
        "aree": _by_id((area.id, area.nome) for area in catalog.areas.values()),
        "gruppi": _by_id((item.id, item.nome) for item in carta.gruppi),
        "aree_qualita": _by_id((item.id, item.nome) for item in carta.aree_qualita),
        "documenti": _by_id((item.id, item.titolo) for item in carta.documenti),
        "comuni": {
            item.id: {"id": item.id, "nome": item.nome, "istat": item.istat}
            for item in carta.comuni
        },
        "reti": _by_id((item.id, item.nome) for item in carta.reti),
        "fasce": _by_id((item.id, item.nome) for item in (bands.fasce if bands else ())),
        "contatti": _by_id((item.id, item.nome) for item in catalog.contacts.values()),
        "enti": _by_id((item.id, item.nome) for item in catalog.providers.values()),
        "moduli": _by_id((item.id, item.titolo) for item in catalog.forms.values()),
        "servizi": _by_id((item.id, item.titolo) for item in catalog.services.values()),
    }


def _by_id(pairs: Iterable[tuple[str, str]]) -> dict[str, Plain]:
    return {id: {"id": id, "nome": name} for id, name in pairs}
