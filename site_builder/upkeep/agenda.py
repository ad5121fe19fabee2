"""What is due as a calendar for the office: one event a day and sort, not one a record."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from site_builder.ical import calendar, event
from site_builder.opendata.source import Source
from site_builder.upkeep.dues import SORTS, Due
from site_builder.upkeep.places import NOUNS

_NOTHING_DATED = date(2000, 1, 1)


def agenda(source: Source, dues: Iterable[Due], today: date) -> str:
    """The calendar: what is late stands on `today` as one event, the rest each on its day."""
    all_dues = list(dues)
    late = [due for due in all_dues if due.day < today]
    coming = [due for due in all_dues if due.day >= today]

    def kind(due: Due) -> tuple[date, int, str]:
        return due.day, list(SORTS).index(due.sort), due.place.kind

    events = [_event(source, today, "in-ritardo", late, today)] if late else []
    for _, group in groupby(sorted(coming, key=kind), key=kind):
        same = list(group)
        name = f"{same[0].sort}-{same[0].place.kind}-{same[0].day}"
        events.append(_event(source, same[0].day, name, same, today))
    return calendar(f"Scadenze della Carta: {source.catalog.carta.ente.nome_breve}", events)


def _event(source: Source, day: date, name: str, dues: list[Due], today: date) -> list[str]:
    uid = source.uuid(f"stato/#{name}")
    told = "\n\n".join(_told(due) for due in dues)
    title = f"In ritardo: {len(dues)} cose" if name == "in-ritardo" else _title(dues)
    return event(
        uid, _stamp(source), day, title, description=told, url=source.url("stato/"),
        more=["TRANSP:TRANSPARENT"],
    )  # fmt: skip


def _title(dues: list[Due]) -> str:
    """«Carta, da verificare: 14 contatti», or the one thing that is due."""
    first = dues[0]
    if len(dues) == 1:
        return f"Carta, {SORTS[first.sort].lower()}: {first.place.title}"
    return f"Carta, {SORTS[first.sort].lower()}: {len(dues)} {NOUNS[first.place.kind][1]}"


def _told(due: Due) -> str:
    urgent = f" ({due.danger})" if due.danger else ""
    return f"{due.place.title}{urgent}\n{due.said}.\nChi sentire: {due.who}\n{due.place.file}"


def _stamp(source: Source) -> date:
    """When the content was last changed, as far as it says so."""
    records = (record for by_id in source.catalog.records.values() for record in by_id.values())
    days = [
        day for record in records for day in (record.aggiornato_il, record.verificato_il) if day
    ]
    return max(days, default=_NOTHING_DATED)
