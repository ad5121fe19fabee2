"""What falls due and when: reviews, notices that close, amounts and editions that end."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from site_builder.catalog import Catalog
from site_builder.documents import Document
from site_builder.freshness import KINDS, Review, review, review_words
from site_builder.harm import danger
from site_builder.italian import date_words
from site_builder.loader import KeyPath
from site_builder.model import BodyStandard
from site_builder.upkeep.places import Place, place, who
from site_builder.values import Standard

# The sorts of what is due, in the order of one day.
SORTS = {
    "verifica": "Da verificare",
    "avviso": "Avvisi che si chiudono",
    "validita": "Dati che non valgono più",
    "edizione": "Edizione",
    "promessa": "Scadenze promesse",
}
# The last day of something, by where it stands in a document; other periods may pass unheeded.
_LAST_DAYS = {
    "valido_fino_al": "vale",
    "stato.al": "lo stato del servizio vale",
    "orari.*.al": "l'orario vale",
}


@dataclass(frozen=True, slots=True)
class Due:
    """Something to be done by `day`; `danger` says why it comes first among its equals."""

    day: date
    sort: str
    place: Place
    line: int
    said: str
    remedy: str
    who: str
    danger: str = ""

    def is_late(self, today: date) -> bool:
        return self.day <= today


def dues(catalog: Catalog, today: date) -> list[Due]:
    """Everything that is late or has a day to come, by day, emergencies first."""
    order = list(SORTS)
    found = (
        *_reviews(catalog),
        *_notices(catalog, today),
        *_ends(catalog),
        *_promises(catalog, today),
    )

    def rank(due: Due) -> tuple[date, bool, int, str, int]:
        return due.day, not due.danger, order.index(due.sort), due.place.file, due.line

    return sorted(found, key=rank)


def _reviews(catalog: Catalog) -> Iterator[Due]:
    for kind in KINDS:
        for id, record in catalog.records.get(kind, {}).items():
            if known := review(catalog, kind, id):
                yield Due(
                    known.due, "verifica", place(catalog, kind, id),
                    _line(catalog, kind, id, _dated(known)), review_words(known, record),
                    _remedy(kind), who(catalog, kind, id), danger(catalog, kind, id),
                )  # fmt: skip


def _dated(known: Review) -> str:
    return "verificato_il" if known.checked else "aggiornato_il"


def _remedy(kind: str) -> str:
    asked = {
        "contacts": "Chiama: il telefono risponde? orari e indirizzo sono giusti?",
        "services": "Rileggi la scheda con chi fa il servizio: costi, documenti, orari, contatti.",
        "forms": "Controlla con chi riceve il modulo che campi e allegati servano ancora.",
    }
    known = asked.get(kind, "Rileggi con l'ufficio.")
    return f"{known} Correggi, poi scrivi il giorno della verifica in «verificato_il»."


def _notices(catalog: Catalog, today: date) -> Iterator[Due]:
    for notice in catalog.notices.values():
        if notice.chiude_il and notice.chiude_il >= today:
            yield Due(
                notice.chiude_il, "avviso", place(catalog, "notices", notice.id),
                _line(catalog, "notices", notice.id, "chiude_il"), "Ultimo giorno dell'avviso",
                "Dal giorno dopo passa da solo fra gli avvisi chiusi: se c'è una proroga, "
                "cambia «chiude_il».", who(catalog, "notices", notice.id),
            )  # fmt: skip


def _ends(catalog: Catalog) -> Iterator[Due]:
    """What holds until a day that the content itself gives."""
    for kind, documents in catalog.documents.items():
        for id, document in documents.items():
            for path, shown, last in _last_days(document):
                yield Due(
                    last, "validita", place(catalog, kind, id), document.position(path)[0],
                    f"{shown[:1].upper()}{shown[1:]} fino al {date_words(last)}",
                    "Chiedi il valore nuovo e cambia il valore e le date, oppure togli la voce.",
                    who(catalog, kind, id), danger(catalog, kind, id),
                )  # fmt: skip
    edition = catalog.carta.edizione
    if edition.valida_al:
        yield Due(
            edition.valida_al, "edizione", place(catalog, "carta", "carta"),
            _line(catalog, "carta", "carta", "edizione", "valida_al"),
            f"L'edizione è valida fino al {date_words(edition.valida_al)}",
            "Approva la nuova edizione e cambia «edizione» in content/carta.yml.",
            who(catalog, "carta", "carta"),
        )  # fmt: skip


def _last_days(document: Document) -> Iterator[tuple[KeyPath, str, date]]:
    for path in document.positions:
        shape = ".".join("*" if isinstance(step, int) else step for step in path)
        for end, shown in _LAST_DAYS.items():
            if f".{shape}".endswith(f".{end}"):
                yield path, shown, date.fromisoformat(_at(document, path))


def _promises(catalog: Catalog, today: date) -> Iterator[Due]:
    """Standards that the body has promised to keep by a day of each year."""
    promised: list[tuple[str, str, BodyStandard | Standard]] = [
        *(("standards", item.id, item) for item in catalog.standards.values()),
        *(("services", s.id, item) for s in catalog.services.values() for item in s.standard),
    ]
    for kind, id, item in promised:
        if item.scadenza_annuale:
            yield Due(
                _next(item.scadenza_annuale, today), "promessa", place(catalog, kind, id),
                _line(catalog, kind, id, "standard"), f"Promesso ogni anno: {item.promessa}",
                "Controlla che si faccia in tempo, poi scrivi l'esito fra i risultati dell'anno.",
                who(catalog, kind, id),
            )  # fmt: skip


def _next(month_day: str, today: date) -> date:
    """The first day from today on with this month and day; 29 February may be the 28th."""
    month, day = map(int, month_day.split("-"))
    years = (today.year, today.year + 1)
    days = (date(y, month, min(day, calendar.monthrange(y, month)[1])) for y in years)
    return next(day for day in days if day >= today)


def _line(catalog: Catalog, kind: str, id: str, *path: str) -> int:
    document = catalog.documents.get(kind, {}).get(id)
    return document.position(path)[0] if document else 1


def _at(document: Document, path: KeyPath) -> str:
    value = document.data
    for step in path:
        value = value[step]  # type: ignore[index]  # a path of the document itself
    return str(value)
