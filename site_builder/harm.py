"""Open doubts in the order of the harm they do: the number of an emergency before any text."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from site_builder.catalog import Catalog
from site_builder.documents import Document
from site_builder.loader import KeyPath
from site_builder.titles import field_titles
from site_builder.upkeep.places import Place, is_everywhere, place, reach, sheets, who

# What a doubt is about, the most harmful first: finding the door, having the right, the rest.
_DOOR, _RIGHT, _TEXT = range(3)
_FIELDS = {
    _DOOR: (
        "telefoni", "email", "pec", "indirizzo", "presso", "orari", "orari_nota", "chiusure",
        "coordinate", "mappa", "sito", "comune", "comuni_serviti", "accessibilita", "contatti",
        "contatto", "dove_rivolgersi", "dove_si_svolge", "sedi", "stato", "territorio",
        "destinatario", "consegna", "emergenze", "emergenza", "segnalazioni",
    ),
    _RIGHT: (
        "costo", "classi_di_costo", "fasce_di_accesso", "requisiti", "a_chi_e_rivolto", "gruppi",
        "chi_puo_presentare", "cosa_serve", "documenti", "termini", "tempi_e_scadenze", "come_fare",
        "tipo_accesso", "tipo_accesso_testo", "punteggi", "importo", "apre_il", "chiude_il",
        "reclami", "moduli", "modulistica", "posti",
    ),
}  # fmt: skip
ABOUT = {
    _DOOR: "serve per trovare la porta giusta",
    _RIGHT: "riguarda costi, requisiti o scadenze",
    _TEXT: "riguarda un testo",
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """One entry of a `da_verificare`; `weight` orders it, `reasons` say the same in words."""

    place: Place
    line: int
    field: str
    motive: str
    weight: tuple[int, int, int]
    reasons: tuple[str, ...]
    who: str

    @property
    def is_danger(self) -> bool:
        """Whether somebody in danger could be misled."""
        return self.weight[0] == 0


def danger(catalog: Catalog, kind: str, id: str) -> str:
    """Why a mistake in the record could hurt somebody in danger; empty if it could not."""
    record = catalog.records[kind][id]
    if getattr(record, "emergenza", False) or is_everywhere(catalog, kind, id):
        return "emergenza"
    if getattr(record, "violenza", False) or getattr(record, "riservata", False):
        return "violenza"
    if any(phone.h24 for phone in getattr(record, "telefoni", ())):
        return "risponde giorno e notte"
    return ""


def doubts(catalog: Catalog) -> list[Doubt]:
    """All open doubts of all kinds, the most harmful first."""
    found = (
        _doubt(catalog, document, path, item)
        for kind in catalog.documents
        for document in catalog.documents[kind].values()
        for path, item in iter_doubts(document.data)
    )
    return sorted(found, key=lambda doubt: (doubt.weight, doubt.place.file, doubt.line))


def iter_doubts(data: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, dict[str, str]]]:
    """Every entry of a `da_verificare` at any depth, with its path."""
    if isinstance(data, dict):
        for index, item in enumerate(data.get("da_verificare", ())):
            yield (*path, "da_verificare", index), item
    parts = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in parts:
        if isinstance(value, dict | list) and key != "da_verificare":
            yield from iter_doubts(value, (*path, key))


def weigh(field: str, reason: str, used: int) -> tuple[int, int, int]:
    """The place in the order, smaller first: danger, then what it is about, then how many meet it.

    `reason` is that of `danger`, `used` the number of sheets.
    """
    return (0 if reason or field.startswith("emergenz") else 1), about(field), -used


def about(field: str) -> int:
    """Of which sort a field is (`telefoni`, `indirizzo.civico`)."""
    first = field.split(".")[0]
    return next((sort for sort, names in _FIELDS.items() if first in names), _TEXT)


def _doubt(catalog: Catalog, document: Document, path: KeyPath, item: dict[str, str]) -> Doubt:
    kind, id, field = document.kind, document.stem, item["campo"]
    reason = danger(catalog, kind, id)
    seen_by = catalog.services if is_everywhere(catalog, kind, id) else sheets(catalog, kind, id)
    weight = weigh(field, reason, len(seen_by))
    if not reason and weight[0] == 0:
        reason = "emergenza"
    holder = path[:-2]
    titles = field_titles(kind, (*holder, *field.split(".")))[len(holder) :]
    return Doubt(
        place=_within(place(catalog, kind, id), document, holder),
        line=document.position(path)[0],
        field=", ".join(titles),
        motive=item["motivo"],
        weight=weight,
        reasons=tuple(filter(None, (reason, ABOUT[weight[1]], reach(catalog, kind, id)))),
        who=who(catalog, kind, id),
    )


def _within(whole: Place, document: Document, path: KeyPath) -> Place:
    """The place of what lies inside a file: one area, one term of the glossary."""
    item = document.data
    for step in path:
        item = item[step]  # type: ignore[index]  # a path of the document itself
    title = next((item[key] for key in ("titolo", "termine", "nome") if path and key in item), "")
    if not title:
        return whole
    page = f"aree/{item['id']}/" if document.kind == "areas" and len(path) == 2 else whole.page
    return Place(whole.kind, whole.id, title, whole.file, page)
