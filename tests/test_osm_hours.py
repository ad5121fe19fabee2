"""Hours for OpenStreetMap: as people write them there, and as a library of theirs reads them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from bodies import BODIES, DAY, catalog_of, good_catalog
from hypothesis import example, given, settings
from hypothesis import strategies as st
from moments import closures, is_open, moments, slots
from opening_hours import OpeningHours

from site_builder.opendata import osm
from site_builder.opendata.public import public
from site_builder.opendata.source import Source
from site_builder.osm_hours import osm_hours
from site_builder.values import Chiusura, Orario
from tests.conftest import Body

DESK = "content/contacts/segretariato-casarano.yml"
MORNING = Orario(giorni="lun-ven", dalle="08:00", alle="12:00")
SUMMER = date(2026, 6, 15), date(2026, 9, 15)


@pytest.mark.parametrize(
    ("hours", "wanted"),
    [
        ([MORNING], "Mo-Fr 08:00-12:00"),
        ([Orario(giorni="mar, gio", dalle="09:00", alle="13:00")], "Tu,Th 09:00-13:00"),
        ([Orario(giorni="sab-lun", dalle="09:00", alle="13:00")], "Mo,Sa,Su 09:00-13:00"),
        # A rule after «;» takes the place of the one before: the times of a day stand together.
        ([MORNING, Orario(giorni="mar", dalle="15:00", alle="18:00")],
         "Mo,We-Fr 08:00-12:00; Tu 08:00-12:00,15:00-18:00"),
        ([Orario(giorni="mar", dalle="08:30", alle="13:30", ogni_mese="ultimo")],
         "Tu[-1] 08:30-13:30"),
        ([MORNING, Orario(giorni="sab", dalle="09:00", alle="11:00", ogni_mese="primo")],
         "Mo-Fr 08:00-12:00, Sa[1] 09:00-11:00"),
        ([Orario(giorni="lun", dalle="08:00", alle="10:00", dal=SUMMER[0], al=SUMMER[1])],
         "2026 Jun 15-2026 Sep 15 Mo 08:00-10:00"),
        ([Orario(sempre_aperto=True)], "24/7"),
        ([Orario(su_appuntamento=True)], 'unknown "by appointment"'),
        ([MORNING, Orario(su_appuntamento=True, nota='chiamare «lo» "sportello"')],
         "Mo-Fr 08:00-12:00 || unknown \"by appointment, chiamare «lo» 'sportello'\""),
        ([Orario(giorni="lun", dalle="09:00", alle="12:00", nota="solo d'inverno")],
         "Mo 09:00-12:00 unknown \"solo d'inverno\""),
    ],
)  # fmt: skip
def test_hours_are_written_as_the_map_wants_them(hours: list[Orario], wanted: str) -> None:
    assert osm_hours(hours) == wanted
    OpeningHours(wanted)


def test_closures_come_last() -> None:
    shut = [Chiusura(dal=date(2026, 8, 10), al=date(2026, 8, 16)),
            Chiusura(dal=date(2026, 12, 24), al=date(2026, 12, 24))]  # fmt: skip
    said = "Mo-Fr 08:00-12:00; 2026 Aug 10-2026 Aug 16 off; 2026 Dec 24 off"
    assert osm_hours([MORNING], shut) == said


@pytest.mark.parametrize(
    "hours",
    [[], [Orario(come_sede=True)], [MORNING, Orario(fuori_orario=True)],
     [Orario(su_appuntamento=True, nota="x" * 255)]],
)  # fmt: skip
def test_what_cannot_be_said_is_not_said(hours: list[Orario]) -> None:
    assert osm_hours(hours) == ""


def edges(hours: list[Orario], moment: datetime) -> Iterator[datetime]:
    """A moment, and those of its day at which something changes."""
    yield moment
    for slot in hours:
        for clock in (slot.dalle, slot.alle):
            at = datetime.combine(moment.date(), datetime.strptime(clock, "%H:%M").time())
            yield from (at - timedelta(minutes=1), at)


@pytest.mark.slow
@settings(max_examples=150)
@given(st.lists(slots(), min_size=1, max_size=3), st.lists(closures, max_size=2), moments)
@example([MORNING, Orario(giorni="lun", dalle="11:00", alle="16:00")], [], datetime(2026, 11, 23))
def test_a_library_reads_them_as_we_mean_them(
    hours: list[Orario], shut: list[Chiusura], moment: datetime
) -> None:
    if said := osm_hours(hours, shut):
        read = OpeningHours(said)
        for each in edges(hours, moment):
            assert read.is_open(each) == is_open(hours, shut, each), (said, each)


def test_the_library_can_disagree() -> None:
    """With «;» between rules for the same day, as one would write it at first."""
    afternoon = Orario(giorni="lun", dalle="15:00", alle="16:00")
    monday = datetime(2026, 11, 23, 9, 0)
    assert is_open([MORNING, afternoon], [], monday)
    assert not OpeningHours("Mo-Fr 08:00-12:00; Mo 15:00-16:00").is_open(monday)
    assert OpeningHours(osm_hours([MORNING, afternoon])).is_open(monday)


def test_an_appointment_is_not_called_open() -> None:
    read = OpeningHours(osm_hours([MORNING, Orario(su_appuntamento=True)]))
    assert read.is_open(datetime(2026, 11, 23, 9, 0))
    # On other days; in the rest of a day with hours this library takes the office for closed.
    assert read.is_unknown(datetime(2026, 11, 22, 9, 0))


# --- The table ------------------------------------------------------------------------------------


def table(folder: Body, changes: dict[str, object]) -> str:
    catalog = public(good_catalog(folder({DESK: changes}), DAY))
    return dict(osm.files(Source(catalog))).get("dati/orari-osm.csv", "")


def test_the_table_has_a_row_for_each_office_with_sure_hours(body: Body) -> None:
    assert table(body, {}) == (
        "contatto,nome,opening_hours\r\n"
        "segretariato-casarano,Segretariato sociale di Casarano,Mo-Fr 09:00-12:00\r\n"
    )
    assert table(body, {"orari_nota": "Esclusi i festivi."}) == ""
    assert table(body, {"da_verificare": [{"campo": "orari", "motivo": "Da chiedere."}]}) == ""
    assert table(body, {"orari": None}) == ""


@pytest.mark.parametrize("name", BODIES)
def test_every_row_of_the_two_bodies_can_be_read(name: str) -> None:
    source = Source(public(catalog_of(name)))
    ((_, text),) = osm.files(source)
    assert [data.id for data in osm.datasets(source)] == ["orari-osm"]
    rows = [line.split(",", 2)[0] for line in text.splitlines()[1:]]
    assert len(rows) >= 5
    for id in rows:
        contact = source.catalog.contacts[id]
        assert not contact.riservata
        OpeningHours(osm_hours(contact.orari, contact.chiusure))
