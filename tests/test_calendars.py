"""Opening hours and deadlines as calendars, opened by a library and compared with the hours."""

import dataclasses
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from bodies import BODIES, DAY, catalog_of, good_catalog, published
from bs4 import BeautifulSoup
from dateutil.rrule import rrulestr
from hypothesis import example, given, settings
from hypothesis import strategies as st
from moments import closures, is_open, moments, slots

from site_builder.catalog import Catalog
from site_builder.model import Contact, Notice
from site_builder.opendata import calendars
from site_builder.opendata.public import public
from site_builder.opendata.source import Source
from site_builder.site import compose
from site_builder.takeaways import of_office
from site_builder.values import Chiusura, Orario
from tests.conftest import Body

ROME = ZoneInfo("Europe/Rome")
URL = "https://carta.example.it/"
HOURS = "dati/uffici/ufficio-di-piano.ics"
SHEET = "content/services/asilo-nido.yml"
DESK = "content/contacts/segretariato-casarano.yml"
MORNING = Orario(giorni="lun-ven", dalle="09:00", alle="12:00")
NOTICE = {
    "id": "bando-nidi",
    "titolo": "Bando per i nidi",
    "tipo": "bando",
    "testo": "Si può fare domanda.",
    "servizi": ["asilo-nido"],
    "pubblicato_il": "2026-03-01",
    "apre_il": "2026-03-10",
    "chiude_il": "2026-04-30",
    "aggiornato_il": "2026-03-02",
}


def office(hours: Sequence[Orario], shut: Sequence[Chiusura] = (), **more: Any) -> Contact:
    known = catalog_of("casarano").contacts["ufficio-di-piano"]
    plain: dict[str, Any] = {"aggiornato_il": date(2026, 1, 1), "da_verificare": ()}
    return dataclasses.replace(known, orari=tuple(hours), chiusure=tuple(shut), **(plain | more))


def written(*contacts: Contact, notices: Sequence[Notice] = ()) -> dict[str, str]:
    catalog = catalog_of("casarano")
    records = {
        **catalog.records,
        "contacts": {item.id: item for item in contacts},
        "notices": {item.id: item for item in notices},
    }
    told = public(Catalog(records, {}, catalog.known, catalog.day))
    return dict(calendars.files(Source(told, URL)))


def events(text: str) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT")) if text else []


def spans(text: str, around: date) -> list[tuple[datetime, datetime]]:
    """When the office is open near a day, as a program that shows calendars works it out."""
    found = []
    begin = datetime.combine(around - timedelta(days=1), time(), ROME)
    for event in events(text):
        if "RRULE" not in event:
            continue
        start, end = event.decoded("DTSTART"), event.decoded("DTEND")
        rule = rrulestr(event["RRULE"].to_ical().decode(), dtstart=start)
        skipped = {moment.dt for moment in _except(event)}
        found += [
            (each, each + (end - start))
            for each in rule.between(begin, begin + timedelta(days=3), inc=True)
            if each not in skipped
        ]
    return found


def _except(event: icalendar.Event) -> list[Any]:
    lists = event.get("EXDATE", [])
    return [each for part in (lists if isinstance(lists, list) else [lists]) for each in part.dts]


# --- Hours ----------------------------------------------------------------------------------------


@pytest.mark.slow
@settings(max_examples=150)
@given(st.lists(slots(), min_size=1, max_size=3), st.lists(closures, max_size=2), moments)
@example(
    [Orario(giorni="dom", dalle="23:00", alle="23:59", dal=DAY, al=date(2026, 12, 27))],
    [],
    datetime(2026, 12, 27, 23, 30),
)
@example([MORNING], [Chiusura(dal=DAY, al=date(2026, 11, 23))], datetime(2026, 11, 23, 10))
def test_a_calendar_opens_and_closes_as_the_office_does(
    hours: list[Orario], shut: list[Chiusura], moment: datetime
) -> None:
    text = written(office(hours, shut)).get(HOURS, "")
    clock = moment.replace(second=0, microsecond=0)
    for each in (clock, clock.replace(hour=9, minute=0), clock.replace(hour=23, minute=0)):
        at = each.replace(tzinfo=ROME)
        said = any(start <= at < end for start, end in spans(text, at.date())) if text else False
        assert said == is_open(hours, shut, each), text


def test_the_comparison_can_fail() -> None:
    text = written(office([MORNING]))[HOURS]
    monday = datetime(2026, 11, 23, 9, 30, tzinfo=ROME)
    assert [start.hour for start, _ in spans(text, monday.date())] == [9, 9]
    wrong = text.replace("BYDAY=MO,TU,WE,TH,FR", "BYDAY=SA,SU")
    assert all(start.weekday() >= 5 for start, _ in spans(wrong, monday.date()))


def test_an_hour_stays_the_same_in_summer_and_winter() -> None:
    text = written(office([MORNING]))[HOURS]
    for day, shift in ((date(2026, 7, 6), 2), (date(2026, 12, 7), 1)):
        start = spans(text, day)[-1][0]
        assert (start.hour, start.utcoffset()) == (9, timedelta(hours=shift))


def test_it_begins_when_the_hours_were_last_looked_at() -> None:
    (event,) = events(written(office([MORNING], aggiornato_il=date(2026, 11, 21)))[HOURS])
    assert event.decoded("DTSTART").date() == date(2026, 11, 23)  # the first Monday
    assert event.decoded("DTSTAMP").date() == date(2026, 11, 21)
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["URL"] == f"{URL}uffici/ufficio-di-piano/"


def test_a_closure_stands_in_the_calendar_with_its_reason() -> None:
    shut = Chiusura(dal=date(2026, 8, 10), al=date(2026, 8, 16), motivo="ferie")
    opened, closed = events(written(office([MORNING], [shut]))[HOURS])
    assert closed["SUMMARY"].startswith("Chiuso: ")
    assert "ferie" in closed["DESCRIPTION"]
    assert closed.decoded("DTEND") == date(2026, 8, 17)
    assert len(_except(opened)) == 5


@pytest.mark.parametrize(
    ("hours", "more"),
    [
        ([], {}),
        ([Orario(sempre_aperto=True)], {}),
        ([MORNING, Orario(su_appuntamento=True)], {}),
        ([MORNING], {"orari_nota": "Esclusi i festivi."}),
        ([dataclasses.replace(MORNING, nota="solo d'inverno")], {}),
        ([MORNING], {"riservata": True}),
        ([MORNING], {"violenza": "vittime"}),
        # A season that was over when the hours were looked at has no day left.
        ([dataclasses.replace(MORNING, al=date(2025, 12, 31))], {}),
    ],
)
def test_hours_that_are_not_sure_have_no_calendar(
    hours: list[Orario], more: dict[str, Any]
) -> None:
    assert written(office(hours, **more)) == {}


def test_hours_in_doubt_have_no_calendar(body: Body) -> None:
    doubt = [{"campo": "orari", "motivo": "Da chiedere."}]
    for changes, wanted in (({}, 1), ({DESK: {"da_verificare": doubt}}, 0)):
        source = Source(public(good_catalog(body(changes), DAY)))
        assert len(dict(calendars.files(source))) == wanted
        told = [file.address for data in calendars.datasets(source) for file in data.distributions]
        assert len(told) == wanted


@pytest.mark.parametrize("name", BODIES)
def test_the_calendars_of_the_two_bodies_can_be_opened(name: str) -> None:
    source = Source(public(catalog_of(name)))
    files = dict(calendars.files(source))
    assert len(files) >= 2
    for text in files.values():
        assert [event.errors for event in events(text) if event.errors] == []
        assert events(text)
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    told = [file.address for data in calendars.datasets(source) for file in data.distributions]
    assert sorted(told) == sorted(files)


# --- Deadlines ------------------------------------------------------------------------------------


def deadlines(body: Body, changes: dict[str, Any]) -> list[icalendar.Event]:
    source = Source(public(good_catalog(body(changes), DAY)), URL)
    return events(dict(calendars.files(source)).get("dati/avvisi.ics", ""))


def test_a_notice_stands_on_its_first_and_last_day(body: Body) -> None:
    first, last = deadlines(body, {"content/notices/bando-nidi.yml": NOTICE})
    assert first["SUMMARY"] == "Apre: Bando per i nidi"
    assert first.decoded("DTSTART") == date(2026, 3, 10)
    assert last["SUMMARY"] == "Ultimo giorno: Bando per i nidi"
    assert (last.decoded("DTSTART"), last.decoded("DTEND")) == (date(2026, 4, 30), date(2026, 5, 1))
    (alarm,) = last.walk("VALARM")
    assert alarm.decoded("TRIGGER") == timedelta(days=-7)
    assert first.walk("VALARM") == []
    assert first["UID"] != last["UID"]
    assert last["URL"] == f"{URL}avvisi/bando-nidi/"


def test_a_notice_without_days_is_in_no_calendar(body: Body) -> None:
    dated = ("apre_il", "chiude_il")
    plain = {key: told for key, told in NOTICE.items() if key not in dated}
    plain["tipo"] = "comunicazione"
    assert deadlines(body, {"content/notices/bando-nidi.yml": plain}) == []


def test_a_notice_about_violence_is_in_no_calendar_for_phones(body: Body) -> None:
    files = {"content/notices/bando-nidi.yml": NOTICE}
    assert len(deadlines(body, files)) == 2
    assert deadlines(body, files | {SHEET: {"violenza": True}}) == []


# --- In the pages ---------------------------------------------------------------------------------


def offered(catalog: Catalog, url: str, today: date = date(2026, 4, 30)) -> list[str]:
    site = compose(catalog, today, frozenset(), URL, data=published(catalog, URL)[0])
    (page,) = (p for p in site.pages if p.url == url)
    links = BeautifulSoup(page.body, "html.parser").select(".c-keep a")
    return [str(link["href"]) for link in links]


def test_pages_offer_what_there_is_to_keep(body: Body) -> None:
    catalog = good_catalog(body({"content/notices/bando-nidi.yml": NOTICE}), DAY)
    desk = "/dati/uffici/segretariato-casarano"
    assert offered(catalog, "uffici/segretariato-casarano/") == [f"{desk}.vcf", f"{desk}.ics"]
    assert offered(catalog, "avvisi/bando-nidi/") == ["/dati/avvisi.ics"]
    # The last day is past: nothing is left to remember.
    assert offered(catalog, "avvisi/bando-nidi/", date(2026, 5, 1)) == []


def test_a_delicate_page_leaves_nothing_in_a_phone(body: Body) -> None:
    changes = {"content/notices/bando-nidi.yml": NOTICE, DESK: {"violenza": "vittime"},
               SHEET: {"violenza": True}}  # fmt: skip
    catalog = good_catalog(body(changes), DAY)
    assert offered(catalog, "uffici/segretariato-casarano/") == []
    assert offered(catalog, "avvisi/bando-nidi/") == []


def test_only_files_that_are_there_are_offered() -> None:
    catalog = catalog_of("casarano")
    contact = catalog.contacts["sportelli-immigrati"]
    assert list(of_office(contact, catalog, ())) == []
    assert len(list(of_office(contact, catalog, [f"dati/uffici/{contact.id}.ics"]))) == 1
