"""What readers say of the pages: counted, and what they write kept for the office, for a year."""

from pathlib import Path

import pytest
from clerk import Clerk
from endpoint_client import Client
from pyrage.x25519 import Identity

from endpoint.sealing import open_sealed
from endpoint.stores.sqlite import SqliteStore


def test_ratings_are_counted(client: Client, store: SqliteStore) -> None:
    data = {"pagina": "servizi/x/", "voto": "2", "pregio": "1", "difetto": "3", "dettaglio": " "}
    assert client.post("/valutazione", data).status == 200
    for wrong in ({"voto": "6"}, {"pagina": "<x>"}, {"dettaglio": "x" * 201},
                  {"dettaglio": "\u202e"}):  # fmt: skip
        assert client.post("/valutazione", data | wrong).status == 400
    start = "2027-01|valutazione|servizi/x/|2"
    assert store.counters(2027) == {start: 1, f"{start}|difetto-3": 1}
    assert list(store.cases()) == []


def test_what_is_written_of_a_page_is_kept_for_the_office_without_the_vote(
    client: Client, store: SqliteStore, identity: Identity
) -> None:
    told = "Non trovo\r\nl'orario"
    data = {"pagina": "servizi/x", "voto": "4", "dettaglio": told}
    for _ in range(2):
        assert client.post("/valutazione", data).status == 200
    assert store.counters(2027) == {"2027-01|valutazione|servizi/x|4": 2}
    items = [(case.form, open_sealed(sealed, identity)) for case, sealed in store.sealed()]
    assert [form for form, _ in items] == ["valutazione"] * 2
    answers = {item["campo"]: item["valore"] for item in items[0][1]["risposte"]}
    assert answers == {"pagina": "servizi/x", "dettaglio": "Non trovo\nl'orario"}
    assert store.oldest_unsent() is None


def test_a_remark_is_no_case_of_the_offices_and_is_erased_after_a_year(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clerk = Clerk(tmp_path, now="2026-11-23 10:30")
    clerk("scadenze")
    nothing = capsys.readouterr().out
    clerk.receives(1, "2025-11-23 09:00", form="valutazione")
    recent = clerk.receives(2, "2025-11-24 09:00", form="valutazione")
    clerk("scadenze")
    assert capsys.readouterr().out == nothing != ""
    assert clerk("cancella") == 0
    assert [case.number for case, _ in clerk.store.sealed()] == [recent]
