"""A copy made while the service receives, and the store that is restored from it."""

import sqlite3
import threading
from contextlib import closing
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from clerk import Clerk
from store_suite import COUNTS, code, keep, letters, submission

from endpoint.stores.sqlite import SqliteStore

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def clerk(tmp_path: Path) -> Clerk:
    return Clerk(tmp_path)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "copie").mkdir()
    return tmp_path / "copie" / "moduli d'oggi?#.db"


def test_a_case_is_found_in_what_is_restored_from_a_copy(
    clerk: Clerk, target: Path, capsys: Capture
) -> None:
    keep(clerk.store, 1, 2)
    assert clerk("copia", str(target)) == 0
    assert capsys.readouterr().out == f"Copiati 2 invii in {target}.\n"
    keep(clerk.store, 3)
    clerk.store.close()
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    assert target.stat().st_mode & 0o777 == 0o600
    database = Path(clerk.environ["CARTA_DB"])
    target.replace(database)
    with closing(SqliteStore(database)) as store:
        assert [store.find(submission(n).number, code(n)) is None for n in (1, 2, 3)] == [
            False, False, True,
        ]  # fmt: skip
        assert store.counters(2026) == dict.fromkeys(COUNTS, 2)
        keep(store, 3)


def test_a_copy_is_of_one_moment_while_others_write(
    clerk: Clerk, target: Path, capsys: Capture
) -> None:
    over = threading.Event()

    def write() -> None:
        for n in count():
            clerk.store.add(submission(n), letters(n), COUNTS)
            if over.is_set():
                return

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(5):
            assert clerk("copia", str(target)) == 0
            with closing(sqlite3.connect(target)) as db:
                [kept] = db.execute("SELECT count(*) FROM submission").fetchone()
                assert db.execute("SELECT count(*) FROM letter").fetchone() == (2 * kept,)
                assert db.execute("SELECT max(n) FROM counter").fetchone() == (kept or None,)
    finally:
        over.set()
        writer.join()


def test_a_damaged_database_does_not_take_the_place_of_a_good_copy(
    clerk: Clerk, target: Path, capsys: Capture
) -> None:
    keep(clerk.store, *range(50))
    assert clerk("copia", str(target)) == 0
    good = target.read_bytes()
    clerk.store.erase("altro", date(2026, 1, 1), 0)
    clerk.store.close()
    database = Path(clerk.environ["CARTA_DB"])
    with database.open("r+b") as damaged:
        damaged.seek(8192)
        damaged.write(b"\xa5" * 16384)
    capsys.readouterr()
    assert clerk("copia", str(target)) == 1
    assert str(database) in capsys.readouterr().err
    assert target.read_bytes() == good
    assert [path.name for path in target.parent.iterdir()] == [target.name]


@pytest.mark.parametrize(
    ("database", "file", "said"),
    [
        ("postgresql://ente:segreto@127.0.0.1/carta", "copia.db", "pg_dump"),
        ("", "moduli.db", "è la base di dati stessa"),
        ("", "manca/copia.db", "Non riesco a usare"),
        ("altra.db", "copia.db", "CANTOPEN"),
    ],
)
def test_what_cannot_be_copied(
    clerk: Clerk, tmp_path: Path, capsys: Capture, database: str, file: str, said: str
) -> None:
    clerk.environ["CARTA_DB"] = database or clerk.environ["CARTA_DB"]
    assert clerk("copia", str(tmp_path / file)) == 1
    shown = capsys.readouterr()
    assert said in shown.err
    assert "segreto" not in shown.err
    assert shown.out == ""
