"""What leaves the server: ciphertext, in one order, all at once, for its owner alone."""

import json
import os
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from endpoint_process import body_data, environment
from office import IDENTITY, NOW, OTHERS

from endpoint import cli
from endpoint.context import Context
from endpoint.office.exporting import read_export
from endpoint.office.opening import open_all
from endpoint.sealing import seal
from endpoint.stores.sqlite import SqliteStore
from endpoint.stores.store import Submission

DAY = 86_400
Export = Callable[..., tuple[int, dict[str, Any]]]


def _add(store: SqliteStore, place: int, received: int, form: str = "prova") -> str:
    number = f"PRO-{place:04}-0000-0"
    content = {"numero": number, "modulo": form, "titolo": "Prova", "risposte": [
        {"campo": "nome", "domanda": "Nome", "valore": "Ada", "risposta": "Ada"}]}  # fmt: skip
    digest = place.to_bytes(32, "big")
    sealed = seal(content, [IDENTITY.to_public(), OTHERS.to_public()])
    assert store.add(
        Submission(digest, number, digest, form, "0" * 16, received, "web", sealed, place == 2),
        [], [],
    )  # fmt: skip
    return number


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path, IDENTITY, OTHERS)


@pytest.fixture
def filled(env: dict[str, str]) -> SqliteStore:
    """Four complaints, stored out of their order; the second was recorded and closed."""
    store = SqliteStore(Path(env["CARTA_DB"]))
    for place, received in ((3, NOW), (1, NOW - DAY), (2, NOW - DAY), (4, NOW + DAY)):
        _add(store, place, received)
    store.step("PRO-0002-0000-0", "protocollato", date(2027, 1, 15), "0000123/2027")
    store.step("PRO-0002-0000-0", "chiuso", date(2027, 1, 16), "accolto")
    return store


@pytest.fixture
def export(env: dict[str, str], tmp_path: Path) -> Export:
    def run(*words: str) -> tuple[int, dict[str, Any]]:
        output = tmp_path / "invii.json"
        status = cli.main(["esporta", "--output", str(output), *words], Context(env, lambda: NOW))
        return status, json.loads(output.read_bytes())

    return run


def _places(data: dict[str, Any]) -> list[int]:
    return [int(entry["numero"][4:8]) for entry in data["invii"]]


def test_it_holds_all_that_is_kept_by_arrival_and_number(
    filled: SqliteStore, export: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    status, data = export()
    assert (status, _places(data)) == (0, [1, 2, 3, 4])
    invii = data.pop("invii")
    assert data == {
        "formato": "carta-invii-1", "ente": "Ente di prova", "fatto_il": "2027-01-15T08:00:00Z",
    }  # fmt: skip
    assert len(invii[1].pop("cifrato")) > 1000
    assert invii[1] == {
        "numero": "PRO-0002-0000-0", "modulo": "prova", "ricevuto": "2027-01-14T08:00:00Z",
        "stato": "chiuso", "canale": "web", "sospetto": True, "protocollo": "0000123/2027",
        "esito": "accolto",
    }  # fmt: skip
    said = capsys.readouterr()
    assert said.out.startswith("4 invii in ")
    assert said.err == ""


def test_both_keys_open_it(filled: SqliteStore, export: Export, tmp_path: Path) -> None:
    export()
    entries = read_export((tmp_path / "invii.json").read_bytes())
    for identity in (IDENTITY, OTHERS):
        opened, closed = open_all(entries, identity)
        assert (len(opened), closed) == (4, [])
        assert {item.answers[0].text for item in opened} == {"Ada"}


def test_nothing_in_clear_and_nothing_secret_is_in_it(
    filled: SqliteStore, export: Export, env: dict[str, str], tmp_path: Path
) -> None:
    export()
    text = (tmp_path / "invii.json").read_text("utf-8")
    assert "Ada" not in text
    assert env["CARTA_SECRET"] not in text
    assert "AGE-SECRET-KEY-" not in text


def test_equal_data_give_equal_bytes(filled: SqliteStore, export: Export, tmp_path: Path) -> None:
    export()
    first = (tmp_path / "invii.json").read_bytes()
    export()
    assert (tmp_path / "invii.json").read_bytes() == first


@pytest.mark.parametrize(
    ("words", "places"),
    [
        (("--dal", "2027-01-15"), [3, 4]),
        (("--dal", "15/1/2027"), [3, 4]),
        (("--dal", "2027-01-17"), []),
        (("--stato", "chiuso"), [2]),
        (("--stato", "ricevuto"), [1, 3, 4]),
        (("--stato", "ricevuto", "--stato", "chiuso", "--dal", "2027-01-14"), [1, 2, 3, 4]),
        (("--modulo", "prova", "--stato", "convocato"), []),
    ],
)
def test_only_some_are_asked_for(
    filled: SqliteStore, export: Export, words: tuple[str, ...], places: list[int]
) -> None:
    status, data = export(*words)
    assert (status, _places(data)) == (0, places)


def test_only_a_forms_own_are_asked_for(env: dict[str, str], export: Export) -> None:
    """Without --modulo also those of a form that is no longer there."""
    store = SqliteStore(Path(env["CARTA_DB"]))
    _add(store, 1, NOW, "vecchio")
    _add(store, 2, NOW)
    assert _places(export()[1]) == [1, 2]
    assert _places(export("--modulo", "prova")[1]) == [2]


def test_a_day_begins_at_midnight_in_italy(env: dict[str, str], export: Export) -> None:
    midnight = 1_799_967_600  # 15 January 2027, 00:00 in Rome
    store = SqliteStore(Path(env["CARTA_DB"]))
    _add(store, 1, midnight - 1)
    _add(store, 2, midnight)
    assert _places(export("--dal", "2027-01-15")[1]) == [2]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("--modulo", "boh"), 1, "Il modulo «boh» non c'è. Ci sono: prova."),
        (("--dal", "ieri"), 2, "--dal: «ieri» non è una data: scrivila così: 2026-11-22"),
        (("--stato", "perso"), 2, "'perso' non va bene: scegli fra 'ricevuto'"),
    ],
)
def test_a_wrong_wish_is_said(
    env: dict[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path,
    words: tuple[str, ...], status: int, said: str,
) -> None:  # fmt: skip
    given = ["esporta", "--output", str(tmp_path / "x.json"), *words]
    if status == 2:
        with pytest.raises(SystemExit, match="2"):
            cli.main(given, Context(env))
    else:
        assert cli.main(given, Context(env)) == status
    assert said in capsys.readouterr().err
    assert not (tmp_path / "x.json").exists()


def test_it_is_for_its_owner_alone_and_replaces_the_old_one_whole(
    filled: SqliteStore, export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    output = tmp_path / "invii.json"
    output.write_text("{}", "utf-8")
    output.chmod(0o644)
    before = set(tmp_path.iterdir())
    assert export()[0] == 0
    assert stat.S_IMODE(output.stat().st_mode) == 0o600
    assert set(tmp_path.iterdir()) <= before | {
        tmp_path / "moduli.db-wal",
        tmp_path / "moduli.db-shm",
    }

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device", str(output))

    whole = output.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    assert export("--dal", "2027-01-17")[0] == 1
    assert "il disco è pieno" in capsys.readouterr().err
    assert output.read_bytes() == whole
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".invii")] == []


def test_a_folder_that_is_not_there_is_said(
    env: dict[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.main(["esporta", "--output", str(tmp_path / "a" / "b")], Context(env)) == 1
    shown = capsys.readouterr().err
    assert (shown.startswith("Non riesco a usare"), shown.count("\n")) == (True, 1)


def test_the_body_gives_its_name(env: dict[str, str], export: Export) -> None:
    path = Path(env["CARTA_FORMS"]) / "ente.json"
    path.write_text(json.dumps(body_data(nome="Comune di Altrove")), "utf-8")
    assert export()[1]["ente"] == "Comune di Altrove"
