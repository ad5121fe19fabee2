"""What falls due and when, and how the staff is told of it."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
from bodies import BODIES, DAY, catalog_of, good_catalog
from hypothesis import given
from hypothesis import strategies as st

from site_builder.catalog import Catalog
from site_builder.cli import main
from site_builder.freshness import months_after, never_checked, review
from site_builder.opendata.source import Source
from site_builder.upkeep.agenda import agenda
from site_builder.upkeep.dues import SORTS, dues
from site_builder.upkeep.table import to_csv
from site_builder.upkeep.told import DUE_HEAD, due_rows, due_text, within

Body = Callable[..., Path]
TODAY = date(2026, 11, 21)
SHEET = "content/services/asilo-nido.yml"
DESK = "content/contacts/segretariato-casarano.yml"
CARTA = "content/carta.yml"
DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
SOURCE = {"documento": "carta-prova", "riga": 1}


def drawn(body: Body, changes: dict[str, Any] | None = None) -> Catalog:
    return good_catalog(body(changes), TODAY)


def due_day(catalog: Catalog, kind: str, id: str) -> date:
    known = review(catalog, kind, id)
    assert known
    return known.due


@given(DAYS, st.integers(1, 60))
def test_months_are_counted_by_the_calendar(day: date, months: int) -> None:
    after = months_after(day, months)
    assert (after.year - day.year) * 12 + after.month - day.month == months
    assert after.day == day.day or (after.day < day.day and (after + timedelta(1)).day == 1)


def test_no_calendar_goes_on_for_ever(body: Body) -> None:
    assert months_after(date(9999, 6, 1), 60) == date.max
    catalog = drawn(body, {CARTA: {"edizione": {"valida_al": "9999-12-31"}}})
    *_, last = events(calendar_of(catalog, TODAY))
    assert last.decoded("DTSTART") == date.max


@pytest.mark.parametrize(
    ("changes", "kind", "id", "expected"),
    [
        # Nobody ever checked it: from the day of the text, by the usual interval of its kind.
        ({}, "contacts", "segretariato-casarano", date(2026, 7, 1)),
        ({}, "services", "asilo-nido", date(2027, 1, 1)),
        ({}, "carta", "carta", date(2027, 1, 1)),
        ({DESK: {"verificato_il": "2026-03-31"}}, "contacts", "segretariato-casarano",
         date(2026, 9, 30)),
        ({DESK: {"verifica_ogni_mesi": 1}}, "contacts", "segretariato-casarano", date(2026, 2, 1)),
        ({CARTA: {"verifiche_ogni_mesi": {"contatti": 2}}}, "contacts", "segretariato-casarano",
         date(2026, 3, 1)),
        # Whoever is called in an emergency is checked more often, but never less than its kind.
        ({DESK: {"emergenza": True}}, "contacts", "segretariato-casarano", date(2026, 4, 1)),
        ({DESK: {"telefoni": [{"numero": "0833 502428", "h24": True}]}}, "contacts",
         "segretariato-casarano", date(2026, 4, 1)),
        ({DESK: {"emergenza": True}, CARTA: {"verifiche_ogni_mesi": {"emergenze": 9}}}, "contacts",
         "segretariato-casarano", date(2026, 7, 1)),
        ({DESK: {"emergenza": True, "verifica_ogni_mesi": 24}}, "contacts",
         "segretariato-casarano", date(2028, 1, 1)),
    ],
)  # fmt: skip
def test_when_a_record_is_checked_again(
    body: Body, changes: dict[str, Any], kind: str, id: str, expected: date
) -> None:
    assert due_day(drawn(body, changes), kind, id) == expected


def test_what_nobody_checks_has_no_review(body: Body) -> None:
    assert review(drawn(body), "areas", "areas") is None


def test_all_that_the_content_gives_an_end_is_due(body: Body) -> None:
    catalog = drawn(body, {
        CARTA: {"edizione": {"valida_dal": "2025-01-01", "valida_al": "2026-12-31"}},
        SHEET: {
            "stato": {"valore": "sospeso", "motivo": "Lavori.", "al": "2026-11-30"},
            "costo": {"tipo": "tariffa", "tariffe": [{
                "voce": "Retta", "importo": 10, "unita": "mese", "valido_fino_al": "2026-10-31"}]},
        },
        DESK: {"orari": [{"giorni": "lun-ven", "dalle": "09:00", "alle": "12:00",
                          "dal": "2026-06-01", "al": "2026-09-30"}],
               "chiusure": [{"dal": "2026-08-10", "al": "2026-08-16"}]},
        "content/standards/prova.yml": {
            "id": "prova", "titolo": "Prova", "indicatore": "Quando", "promessa": "Ogni febbraio",
            "scadenza_annuale": "02-15", "fonte": SOURCE, "aggiornato_il": "2026-01-01"},
        **{f"content/notices/{id}.yml": {
            "id": id, "titolo": id, "tipo": "bando", "testo": "Si può fare domanda.",
            "pubblicato_il": "2026-09-01", "chiude_il": day, "aggiornato_il": "2026-09-01"}
           for id, day in (("chiuso", "2026-11-20"), ("aperto", "2026-11-21"))},
    })  # fmt: skip
    found = {
        (due.sort, due.place.id, due.day) for due in dues(catalog, TODAY) if due.sort != "verifica"
    }
    assert found == {
        ("edizione", "carta", date(2026, 12, 31)),
        ("validita", "asilo-nido", date(2026, 11, 30)),
        ("validita", "asilo-nido", date(2026, 10, 31)),
        ("validita", "segretariato-casarano", date(2026, 9, 30)),  # a closure may just pass
        ("promessa", "prova", date(2027, 2, 15)),
        ("avviso", "aperto", date(2026, 11, 21)),  # the other one is closed: nothing to do
    }


@pytest.mark.parametrize("name", BODIES)
def test_of_two_on_one_day_the_emergency_comes_first(name: str) -> None:
    found = dues(catalog_of(name), DAY)
    assert found
    assert {due.sort for due in found} <= {*SORTS}
    ranks = [(due.day, not due.danger) for due in found]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize("name", BODIES)
def test_each_names_a_line_of_its_file(name: str) -> None:
    for due in dues(catalog_of(name), DAY):
        text = (BODIES[name] / due.place.file).read_text("utf-8").splitlines()
        if due.sort == "verifica":
            assert text[due.line - 1].startswith(("aggiornato_il:", "verificato_il:")), due
        assert due.who
        assert due.remedy


def test_what_was_checked_once_is_no_longer_counted(body: Body) -> None:
    before = never_checked(drawn(body))
    assert before["contacts"] == (1, 1)
    after = never_checked(drawn(body, {DESK: {"verificato_il": "2026-11-01"}}))
    assert "contacts" not in after
    assert after["services"] == (1, 1)


def test_the_text_says_what_is_late_what_comes_and_what_follows(body: Body) -> None:
    catalog = drawn(body)
    text = due_text(catalog, dues(catalog, TODAY), TODAY, 60)
    late, soon, after = text.split("\n\n")[0], *text.split("\n\n")[2:4]
    assert late == "Scadute, o scadono oggi: 1."
    assert "content/contacts/segretariato-casarano.yml:" in text.split("\n\n")[1]
    assert "compare in 1 scheda" in text.split("\n\n")[1]
    assert "(tel. 0833 502428)" in text
    assert soon == "Nei prossimi 60 giorni: 2."
    assert after.startswith("content/")
    short = due_text(catalog, dues(catalog, TODAY), TODAY, 5)
    assert "Nei prossimi 5 giorni: niente." in short
    assert "Più avanti: 2, la prima il 1º gennaio 2027 (le mostra «--entro 41»)." in short
    assert "Mai verificati con l'ufficio: 1 contatto su 1" in short


def test_days_to_come_include_the_last(body: Body) -> None:
    found = dues(drawn(body), TODAY)
    assert len(within(found, TODAY, 41)) == len(found)
    assert len(within(found, TODAY, 40)) == 1
    assert within(found, TODAY, None) == found


def test_the_table_is_read_by_a_spreadsheet(body: Body) -> None:
    catalog = drawn(body, {DESK: {"nome": '=1+1; "x"'}})
    text = to_csv(DUE_HEAD, due_rows(catalog, dues(catalog, TODAY), TODAY))
    head, first, *_ = csv.reader(io.StringIO(text.removeprefix("\ufeff"), ""), delimiter=";")
    assert head == list(DUE_HEAD)
    assert first[:4] == ["2026-07-01", "sì", "Da verificare", '\'=1+1; "x"']
    assert text.startswith("\ufeff")
    assert text.count("\r\n") == 4


@given(st.text())
def test_no_cell_is_a_formula(text: str) -> None:
    table = to_csv(["x"], [[text]]).removeprefix("\ufeff")
    _, (cell,) = csv.reader(io.StringIO(table, ""), delimiter=";")
    assert cell.lstrip().lstrip("'").lstrip() == text.lstrip().lstrip("'").lstrip()
    assert not cell.lstrip("\ufeff\u200b \xa0").startswith(("=", "+", "-", "@", "\t", "\r"))


def events(text: str) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def calendar_of(catalog: Catalog, today: date, days: int | None = None) -> str:
    source = Source(catalog, "https://carta.example.it/")
    return agenda(source, within(dues(catalog, today), today, days), today)


def test_the_calendar_has_one_event_a_day_and_sort() -> None:
    catalog = catalog_of("casarano")
    found = dues(catalog, DAY)
    shown = events(calendar_of(catalog, DAY))
    groups = {(due.day, due.sort, due.place.kind) for due in found}
    assert len(shown) == len(groups) < len(found) / 5
    told = "\n".join(str(item["DESCRIPTION"]) for item in shown)
    assert all(due.place.file in told for due in found)
    assert len({str(item["UID"]) for item in shown}) == len(shown)


def test_the_calendar_keeps_its_names_and_its_bytes() -> None:
    catalog = catalog_of("casarano")
    text = calendar_of(catalog, DAY)
    assert calendar_of(catalog, DAY) == text
    later = events(calendar_of(catalog, DAY + timedelta(7)))
    assert {str(item["UID"]) for item in later} == {str(item["UID"]) for item in events(text)}


def test_what_is_late_stands_on_the_day_of_the_calendar(body: Body) -> None:
    late, *others = events(calendar_of(drawn(body), TODAY))
    assert late.decoded("DTSTART") == TODAY
    assert str(late["SUMMARY"]).startswith("In ritardo: 1 ")
    assert all(item.decoded("DTSTART") > TODAY for item in others)


@pytest.mark.parametrize("form", ["text", "csv", pytest.param("ics", marks=pytest.mark.slow)])
def test_the_command_writes_where_it_is_told(
    body: Body, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    folder, target = body(), tmp_path / "out" / "scadenze"
    words = ["report", "scadenze", "--format", form, "--entro", "3660", str(folder)]
    assert main(words) == 0
    shown = capsys.readouterr().out
    assert main([*words, "--output", str(target)]) == 0
    assert target.read_bytes().decode() == shown
    assert "egretariato" in shown


def test_a_strange_number_of_days_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["report", "scadenze", "--entro", "presto"])
    assert left.value.code == 2
    assert "numero di giorni" in capsys.readouterr().err
