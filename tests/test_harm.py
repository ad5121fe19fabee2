"""Doubts in the order of the harm they do."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bodies import BODIES, catalog_of, good_catalog
from hypothesis import given
from hypothesis import strategies as st

from site_builder.cli import main
from site_builder.harm import danger, doubts, iter_doubts, weigh
from site_builder.upkeep.table import to_csv
from site_builder.upkeep.told import DOUBT_HEAD, doubt_rows, doubt_text

Body = Callable[..., Path]
TODAY = date(2026, 11, 21)
DESK = "content/contacts/segretariato-casarano.yml"
SHEET = "content/services/asilo-nido.yml"
CARTA = "content/carta.yml"

DANGERS = st.sampled_from(["emergenza", "violenza", "risponde giorno e notte"])
DOORS = st.sampled_from(["telefoni", "email", "orari", "indirizzo.civico", "sedi.orari"])
MONEY = st.sampled_from(["costo", "requisiti", "tempi_e_scadenze", "punteggi", "reclami.termini"])
TEXTS = st.sampled_from(["titolo", "descrizione", "testo", "qualita", "fonte", "normativa"])
USED = st.integers(0, 5000)
# A doubt as the files write it, on one line or on two.
_WRITTEN = re.compile(r"campo: [^\n]*(?:\n +)?motivo:")
FIELDS = DOORS | MONEY | TEXTS


@given(DANGERS, FIELDS, USED, FIELDS, USED)
def test_danger_comes_before_all_else(why: str, one: str, n: int, other: str, m: int) -> None:
    assert weigh(one, why, n) < weigh(other, "", m)


@given(DANGERS | st.just(""), DOORS, USED, MONEY, USED, TEXTS, USED)
def test_doors_come_before_rights_and_rights_before_texts(
    why: str, door: str, n: int, right: str, m: int, text: str, o: int
) -> None:
    assert weigh(door, why, n) < weigh(right, why, m) < weigh(text, why, o)


@given(DANGERS | st.just(""), FIELDS, USED, st.integers(1, 100))
def test_what_more_sheets_show_comes_first(why: str, field: str, used: int, more: int) -> None:
    assert weigh(field, why, used + more) < weigh(field, why, used)


@pytest.mark.parametrize("name", BODIES)
def test_no_doubt_of_a_body_is_left_out(name: str) -> None:
    catalog = catalog_of(name)
    found = doubts(catalog)
    documents = [item for kind in catalog.documents.values() for item in kind.values()]
    texts = [(BODIES[name] / item.path).read_text("utf-8") for item in documents]
    written = sum(len(_WRITTEN.findall(text)) for text in texts)
    assert len(found) == written > 100


@pytest.mark.parametrize("name", BODIES)
def test_the_order_of_a_body_is_by_weight(name: str) -> None:
    found = doubts(catalog_of(name))
    assert [doubt.weight for doubt in found] == sorted(doubt.weight for doubt in found)
    assert found[0].is_danger
    assert "compare in ogni pagina" in found[0].reasons
    flags = [doubt.is_danger for doubt in found]
    assert flags == sorted(flags, reverse=True)


@pytest.mark.parametrize("name", BODIES)
def test_each_doubt_stands_where_it_says(name: str) -> None:
    for doubt in doubts(catalog_of(name)):
        line = (BODIES[name] / doubt.place.file).read_text("utf-8").splitlines()[doubt.line - 1]
        assert "campo:" in line, doubt
        assert doubt.who


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ""),
        ({DESK: {"emergenza": True}}, "emergenza"),
        ({DESK: {"violenza": "vittime"}}, "violenza"),
        ({DESK: {"telefoni": [{"numero": "0833 502428", "h24": True}]}}, "risponde giorno e notte"),
        ({CARTA: {"emergenze": [{"contatto": "segretariato-casarano", "quando": "Sempre."}]}},
         "emergenza"),
    ],
)  # fmt: skip
def test_why_a_contact_is_dangerous(body: Body, change: dict[str, Any], expected: str) -> None:
    catalog = good_catalog(body(change), TODAY)
    assert danger(catalog, "contacts", "segretariato-casarano") == expected


def doubtful(field: str) -> dict[str, Any]:
    return {"da_verificare": [{"campo": field, "motivo": f"Dubbio su {field}."}]}


def test_a_doubt_says_why_it_stands_where_it_stands(body: Body) -> None:
    catalog = good_catalog(
        body({DESK: doubtful("telefoni"), SHEET: doubtful("costo"), CARTA: doubtful("emergenze")}),
        TODAY,
    )
    first, desk, sheet = doubts(catalog)
    assert first.reasons == ("emergenza", "serve per trovare la porta giusta")
    assert desk.reasons == ("serve per trovare la porta giusta", "compare in 1 scheda")
    assert desk.field == "Telefoni"
    assert desk.who == "Segretariato sociale di Casarano (tel. 0833 502428)"
    assert sheet.reasons == ("riguarda costi, requisiti o scadenze",)
    text = doubt_text([first, desk, sheet])
    assert text.startswith("Dubbi aperti: 3, di cui 1 su emergenze o violenza.")
    assert text.index("emergenze.") < text.index("telefoni.") < text.index("costo.")


def test_a_doubt_inside_a_file_carries_its_own_name(body: Body) -> None:
    folder = body({
        "content/glossary.yml": {
            "aggiornato_il": "2026-01-01",
            "voci": [{"id": "udp", "termine": "Ufficio di Piano", "definizione": "Coordina.",
                      **doubtful("definizione")}],
        }
    })  # fmt: skip
    (doubt,) = doubts(good_catalog(folder, TODAY))
    assert doubt.place.title == "Ufficio di Piano"
    assert doubt.place.page == "glossario/"
    assert doubt.field == "Spiegazione"


def test_doubts_are_found_at_any_depth() -> None:
    item = {"campo": "x", "motivo": "y"}
    data = {"a": [{"b": {"da_verificare": [item]}}], "da_verificare": [item, item]}
    paths = [path for path, _ in iter_doubts(data)]
    assert paths == [
        ("da_verificare", 0), ("da_verificare", 1), ("a", 0, "b", "da_verificare", 0)
    ]  # fmt: skip


def test_the_table_has_a_row_for_each(body: Body) -> None:
    catalog = good_catalog(body({DESK: doubtful("orari")}), TODAY)
    table = to_csv(DOUBT_HEAD, doubt_rows(doubts(catalog))).removeprefix("\ufeff")
    head, row = csv.reader(io.StringIO(table, ""), delimiter=";")
    assert head == list(DOUBT_HEAD)
    assert row[:3] == ["1", "Segretariato sociale di Casarano", "Orari"]
    assert row[6] == DESK


def test_the_command_tells_them(body: Body, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(body({DESK: doubtful("orari")}))
    assert main(["report", "dubbi", folder]) == 0
    assert "Dubbi aperti: 1, di cui 0" in capsys.readouterr().out
    assert main(["report", "dubbi", "--format", "csv", folder]) == 0
    assert capsys.readouterr().out.count("\r\n") == 2
