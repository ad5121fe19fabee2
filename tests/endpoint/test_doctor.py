"""What `controlla` finds, with a remedy for each: a real file, a real mail server, no traceback."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from endpoint_client import compiled
from endpoint_process import command, environment, free_port, write_export

from endpoint.cli import main
from endpoint.context import Context
from endpoint.disks import Room, kind_of_disk, room
from endpoint.doctor import examine
from endpoint.doctor.finding import ERROR, FINE, LEVELS, WARNING, Finding
from endpoint.forms.definition import version_of
from endpoint.stores.store import Letter, Submission


def _found(environ: dict[str, str], network: bool = False, later: float = 0) -> list[Finding]:
    context = Context(environ, lambda: time.time() + later)
    try:
        return list(examine(context, network))
    finally:
        if "store" in context.__dict__:
            context.store.close()


def _levels(found: list[Finding], name: str) -> set[str]:
    return {item.livello for item in found if item.controllo == name}


def _one(found: list[Finding], name: str, level: str) -> Finding:
    [item] = [item for item in found if (item.controllo, item.livello) == (name, level)]
    return item


def test_where_all_is_well_only_the_trial_is_remarked(tmp_path: Path) -> None:
    given = {"CARTA_SITE": "https://carta.example.it/", "CARTA_MAIL_TO": "ufficio@example.it"}
    found = _found(environment(tmp_path, **given))
    others = [item for item in found if item.controllo != "disco" and item.livello != FINE]
    assert [item.controllo for item in others] == ["impostazioni"]
    assert "CARTA_PROVA" in others[0].rimedio
    assert {item.livello for item in found} <= set(LEVELS)
    assert [item for item in found if item.livello != FINE and not item.rimedio] == []


@pytest.mark.parametrize(
    ("changes", "name", "said"),
    [
        ({"CARTA_SITE": ""}, "sito", "CARTA_SITE"),
        ({"CARTA_MAIL_TO": ""}, "avvisi", "CARTA_MAIL_TO"),
        ({"CARTA_SECRET_OLD": "y0Lq3mWe8Rt5Yu2Io9Pa6Sd4Fg7Hj1Kz", "CARTA_PROVA": ""},
         "impostazioni", "CARTA_SECRET_OLD"),
    ],
)  # fmt: skip
def test_what_may_be_missed_is_remarked(
    tmp_path: Path, changes: dict[str, str], name: str, said: str
) -> None:
    assert said in _one(_found(environment(tmp_path, **changes)), name, WARNING).rimedio


def test_a_wrong_setting_is_an_error_and_the_end(tmp_path: Path) -> None:
    [only] = _found(environment(tmp_path, CARTA_SECRET="corto"))
    assert (only.livello, only.controllo) == (ERROR, "impostazioni")
    assert "corto" in only.frase


@pytest.mark.parametrize(
    ("last", "level"),
    [("2026-11-21", ERROR), ("2027-05-20", WARNING), ("2027-12-31", FINE)],
)
def test_a_calendar_that_ends_is_remarked_six_months_before(
    tmp_path: Path, last: str, level: str
) -> None:
    env = environment(tmp_path)
    calendar = {"dal": "2020-01-01", "al": last, "sabato_lavorativo": None, "festivi": []}
    write_export(tmp_path / "forms", calendario=calendar)
    now = 1_795_305_600.0  # 22 November 2026
    for file in (tmp_path / "forms").iterdir():
        os.utime(file, (now, now))
    found = list(examine(context := Context(env, lambda: now), network=False))
    context.store.close()
    assert _levels(found, "calendario") == {level}


def test_working_days_without_a_word_on_saturday_are_an_error(tmp_path: Path) -> None:
    env = environment(tmp_path)
    path = tmp_path / "forms" / "ente.json"
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    term = {
        "fase": "Incontro", "giorni": 30, "lavorativi": True, "decorrenza": "dal ricevimento",
        "decorre_da": "presentazione", "chi": "", "nota": "", "si_chiude_con": "chiuso",
    }  # fmt: skip
    data["moduli"]["prova"]["termini"] = [term]
    data["versione"] = version_of(data)
    path.write_text(json.dumps(data), "utf-8")
    found = _found(env)
    wrong = [item for item in found if item.livello == ERROR]
    assert [item for item in wrong if "sabato" in (item.frase + item.rimedio).lower()]


def test_a_form_without_a_day_to_be_erased_is_remarked(tmp_path: Path) -> None:
    env = environment(tmp_path)
    write_export(tmp_path / "forms", moduli={})
    assert "content/forms/prova.yml" in _one(_found(env), "conservazione", WARNING).rimedio


def test_a_form_that_was_touched_is_an_error_and_the_rest_is_still_looked_at(
    tmp_path: Path,
) -> None:
    env = environment(tmp_path)
    path = tmp_path / "forms" / "prova.json"
    path.write_text(json.dumps(compiled() | {"titolo": "Altro"}), "utf-8")
    found = _found(env)
    assert "rifai l'export" in _one(found, "moduli", ERROR).frase
    assert _levels(found, "lettere") == {FINE}


def test_a_clock_that_was_put_back_is_found_by_the_newest_submission(tmp_path: Path) -> None:
    env = environment(tmp_path)
    context = Context(env)
    tomorrow = context.now + 86_400
    item = Submission(b"n", "PRO-1", b"c" * 32, "prova", "v", tomorrow, "web", b"sigillo")
    assert context.store.add(item, [], [])
    context.store.close()
    assert "sincronizzazione" in _one(_found(env), "orologio", ERROR).rimedio
    assert _levels(_found(env, later=90_000), "orologio") == {FINE}


def test_a_letter_that_waits_is_remarked(tmp_path: Path) -> None:
    env = environment(tmp_path)
    context = Context(env)
    item = Submission(b"n", "PRO-1", b"c" * 32, "prova", "v", context.now, "web", b"sigillo")
    assert context.store.add(item, [Letter("ufficio", b"sigillo")], [])
    context.store.close()
    assert _levels(_found(env), "lettere") == {FINE}
    assert "da 2 ore" in _one(_found(env, later=7300), "lettere", WARNING).frase
    assert "spedisci" in _one(_found(env, later=90_000), "lettere", ERROR).rimedio


def test_a_database_that_others_can_read_is_remarked(tmp_path: Path) -> None:
    env = environment(tmp_path)
    (tmp_path / "moduli.db").touch(mode=0o600)
    assert not [i for i in _found(env) if "chmod" in i.rimedio]
    (tmp_path / "moduli.db").chmod(0o644)
    assert [i for i in _found(env) if "chmod 600" in i.rimedio]


def test_the_mail_server_is_asked_only_with_the_network(tmp_path: Path) -> None:
    port = free_port()
    server = Controller(Sink(), hostname="127.0.0.1", port=port)
    server.start()
    given = {"CARTA_SMTP": f"smtp://127.0.0.1:{port}", "CARTA_MAIL_FROM": "carta@example.it"}
    env = environment(tmp_path, **given)
    try:
        assert _levels(_found(env, network=True), "posta in uscita") == {FINE}
        assert _levels(_found(env), "posta in uscita") == set()
    finally:
        server.stop()
    assert _levels(_found(env, network=True), "posta in uscita") == {ERROR}


def test_the_kind_of_disk_is_read_from_the_table_of_mounts() -> None:
    mounts = "/dev/a / ext4 rw 0 0\n/dev/b /srv/dati xfs rw 0 0\n"
    assert kind_of_disk(Path("/srv/dati/x.db"), mounts) == "xfs"


@pytest.mark.parametrize(
    ("free", "share", "low"),
    [(10**12, 0.05, False), (10**8, 0.5, False), (10**8, 0.05, True)],
)
def test_a_disk_is_low_when_little_is_left_in_both_ways(free: int, share: float, low: bool) -> None:
    assert Room(free, share).is_low is low
    assert 0 <= room(Path("/")).share <= 1


def test_the_exit_status_tells_errors_from_warnings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    context = Context(environment(tmp_path))
    assert main(["controlla", "--senza-rete", "--formato", "json"], context) == 0
    context.store.close()
    data = json.loads(capsys.readouterr().out)
    assert {tuple(item) for item in data} == {("controllo", "livello", "frase", "rimedio")}
    done = command("controlla", "--senza-rete", env=environment(tmp_path, CARTA_SECRET=""))
    assert (done.returncode, done.stderr) == (1, "")
    first, remedy = done.stdout.splitlines()
    assert first.startswith("errore     impostazioni: Manca CARTA_SECRET")
    assert remedy.strip().startswith("Rimedio: ")
