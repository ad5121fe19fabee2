"""How fresh each record is: when it was checked with the office, and when it must be again.

A review is due some months after `verificato_il` or, if nobody has ever checked, after
`aggiornato_il`: how many, the record says itself or the Carta says for its kind.
"""

import calendar
from dataclasses import dataclass
from datetime import date

from site_builder.catalog import Catalog
from site_builder.harm import danger
from site_builder.italian import date_words
from site_builder.model import Record

# How the Carta calls each kind of record that somebody checks with the office.
KINDS = {
    "contacts": "contatti", "services": "schede", "providers": "enti_gestori",
    "standards": "standard", "forms": "moduli", "pages": "pagine", "carta": "carta",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Review:
    """When a record was checked with the office (None: never), and when it must be again."""

    checked: date | None
    due: date
    months: int

    def is_overdue(self, today: date) -> bool:
        return self.due <= today


def review(catalog: Catalog, kind: str, id: str) -> Review | None:
    """The review of one record; None if nobody checks its kind or it has no date at all."""
    if kind not in KINDS:
        return None
    record: Record = catalog.records[kind][id]
    start = record.verificato_il or record.aggiornato_il
    if not start:
        return None
    months = record.verifica_ogni_mesi or usual_months(catalog, kind, id)
    return Review(record.verificato_il, months_after(start, months), months)


def usual_months(catalog: Catalog, kind: str, id: str) -> int:
    """The interval of a record that does not say its own."""
    usual = catalog.carta.verifiche_ogni_mesi
    months: int = getattr(usual, KINDS[kind])
    return min(usual.emergenze, months) if danger(catalog, kind, id) else months


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the last one of a month that is too short."""
    years, month = divmod(day.month - 1 + months, 12)
    if day.year + years > date.max.year:
        return date.max
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def never_checked(catalog: Catalog) -> dict[str, tuple[int, int]]:
    """By kind: how many records nobody has ever checked with the office, of how many."""
    counted = {
        kind: (sum(not r.verificato_il for r in records.values()), len(records))
        for kind in KINDS
        if (records := catalog.records.get(kind, {}))
    }
    return {kind: pair for kind, pair in counted.items() if pair[0]}


def review_words(known: Review, record: Record) -> str:
    """«Verificato il 3 marzo 2026, si verifica ogni 6 mesi»."""
    every = "ogni mese" if known.months == 1 else f"ogni {known.months} mesi"
    if known.checked:
        return f"Verificato il {date_words(known.checked)}, si verifica {every}"
    written = f", scritto il {date_words(record.aggiornato_il)}" if record.aggiornato_il else ""
    return f"Mai verificato con l'ufficio{written}, si verifica {every}"
