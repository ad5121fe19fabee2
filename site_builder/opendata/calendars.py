"""Opening hours and deadlines as calendars (RFC 5545), for phones and other programs.

Only what is sure: of an office whose hours depend on a word or are in doubt there is no calendar.
And nothing that could give away, in somebody's phone, that she seeks help against violence.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from site_builder.catalog import Catalog
from site_builder.ical import ZONE, calendar, escaped, event
from site_builder.italian import DAYS, closure_words, hours_words, slot_days
from site_builder.model import Contact, Notice
from site_builder.opendata.datasets import Dataset, Distribution
from site_builder.opendata.source import Source
from site_builder.openings import ORDINALS
from site_builder.safety import neutral_title
from site_builder.sure_hours import dated_hours, holds
from site_builder.takeaways import CALENDAR, DEADLINES, has_deadline, hours_address
from site_builder.values import Chiusura, Orario

_STANDARD = "https://www.rfc-editor.org/rfc/rfc5545"
_CODES = dict(zip(DAYS, ("MO", "TU", "WE", "TH", "FR", "SA", "SU"), strict=True))
# Nobody is busy because an office is open.
_FREE = "TRANSP:TRANSPARENT"


def datasets(source: Source) -> Iterator[Dataset]:
    """The calendars that there are."""
    if with_hours := _with_hours(source.catalog):
        yield Dataset(
            "orari-uffici",
            "Orari degli uffici nel calendario",
            "Un calendario per ogni ufficio con orari sicuri: giorni, ore e chiusure. Mancano "
            "gli orari su appuntamento o da verificare e, per sicurezza, gli uffici a cui si "
            "rivolge chi subisce violenza.",
            tuple(
                Distribution(hours_address(each), CALENDAR, f"{each.nome}.", _STANDARD)
                for each in with_hours
            ),
        )
    if _open_notices(source.catalog):
        yield Dataset(
            "scadenze",
            "Scadenze degli avvisi",
            "Il giorno di apertura e l'ultimo giorno utile di ogni avviso, con un promemoria una "
            "settimana prima. Mancano, per sicurezza, gli avvisi che riguardano la violenza.",
            (Distribution(DEADLINES, CALENDAR, "Tutte le scadenze.", _STANDARD),),
        )


def files(source: Source) -> Iterator[tuple[str, str]]:
    """A calendar for each office with sure hours, and one of all deadlines."""
    for contact in _with_hours(source.catalog):
        name = f"Orari: {contact.nome}"
        yield hours_address(contact), calendar(name, _office(source, contact))
    if notices := _open_notices(source.catalog):
        name = f"Avvisi: {source.catalog.carta.ente.nome_breve}"
        lines = (lines for notice in notices for lines in _deadlines(source, notice))
        yield DEADLINES, calendar(name, lines)


def _with_hours(catalog: Catalog) -> list[Contact]:
    # A calendar is for somebody's phone: of an office about violence there is none.
    plain = (each for each in catalog.contacts.values() if not neutral_title(each, catalog))
    return [contact for contact in plain if any(dated_hours(contact))]


def _office(source: Source, contact: Contact) -> Iterator[list[str]]:
    path = f"uffici/{contact.id}/"
    for number, slot, first in dated_hours(contact):
        yield event(
            source.uuid(f"{path}#orario-{number}"),
            contact.aggiornato_il or first,
            _at(first, slot.dalle),
            f"Aperto: {contact.nome}",
            end=_at(first, slot.alle),
            description=hours_words(slot).capitalize(),
            url=source.url(path),
            more=[_rule(slot), *_except(slot, first, contact.chiusure), _FREE],
        )
    for number, closure in enumerate(contact.chiusure, start=1):
        yield event(
            source.uuid(f"{path}#chiusura-{number}"),
            contact.aggiornato_il or closure.dal,
            closure.dal,
            f"Chiuso: {contact.nome}",
            end=closure.al,
            description=closure_words(closure).capitalize(),
            url=source.url(path),
            more=[_FREE],
        )


def _rule(slot: Orario) -> str:
    """How the slot comes back: `FREQ=WEEKLY;BYDAY=MO,TU`, until the end of its season."""
    ordinal = ORDINALS.get(slot.ogni_mese, "")
    days = ",".join(f"{ordinal}{_CODES[day]}" for day in dict.fromkeys(slot_days(slot)))
    rule = f"RRULE:FREQ={'MONTHLY' if ordinal else 'WEEKLY'};BYDAY={days}"
    if not slot.al:
        return rule
    # The standard wants this instant in universal time.
    last = datetime.combine(slot.al, time(23, 59, 59), ZoneInfo(ZONE)).astimezone(ZoneInfo("UTC"))
    return f"{rule};UNTIL={last:%Y%m%dT%H%M%SZ}"


def _except(slot: Orario, first: date, closures: tuple[Chiusura, ...]) -> Iterator[str]:
    """The days on which the slot would hold but the office is closed."""
    for closure in closures:
        length = (closure.al - closure.dal).days + 1
        days = (closure.dal + timedelta(days=number) for number in range(length))
        if shut := [_at(day, slot.dalle) for day in days if day >= first and holds(slot, day)]:
            yield f"EXDATE;TZID={ZONE}:{','.join(f'{moment:%Y%m%dT%H%M%S}' for moment in shut)}"


def _at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock))


def _open_notices(catalog: Catalog) -> list[Notice]:
    return [notice for notice in catalog.notices.values() if has_deadline(notice, catalog)]


def _deadlines(source: Source, notice: Notice) -> Iterator[list[str]]:
    path = f"avvisi/{notice.id}/"
    stamp, url = notice.aggiornato_il or notice.pubblicato_il, source.url(path)
    if notice.apre_il:
        uid = source.uuid(f"{path}#apre")
        yield event(uid, stamp, notice.apre_il, f"Apre: {notice.titolo}", url=url, more=[_FREE])
    if notice.chiude_il:
        title = f"Ultimo giorno: {notice.titolo}"
        more = [_FREE, *_alarm(title)]
        yield event(
            source.uuid(f"{path}#chiude"), stamp, notice.chiude_il, title, url=url, more=more
        )


def _alarm(title: str) -> list[str]:
    told = f"DESCRIPTION:Fra una settimana. {escaped(title)}"
    return ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-P7D", told, "END:VALARM"]
