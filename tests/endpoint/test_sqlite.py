"""The store in one SQLite file: the conformance suite, and what may happen to its files."""

import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from time import monotonic

import pytest
from store_suite import COUNTS, DAY, NOW, StoreSuite, keep, letters, submission

import endpoint.stores.sqlite
from endpoint.stores.migrations import statements
from endpoint.stores.sqlite import SqliteStore
from endpoint.stores.store import Letter, Unavailable


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "moduli d'ufficio?#%20.db"


@pytest.fixture
def store(file: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(file)
    yield opened
    opened.close()


def raw(file: Path) -> bytes:
    return b"".join(path.read_bytes() for path in file.parent.iterdir())


class TestSqlite(StoreSuite):
    @pytest.fixture
    def open_store(self, file: Path) -> Callable[[], SqliteStore]:
        return lambda: SqliteStore(file)


def test_the_files_are_where_they_should_be_and_nobody_elses(
    store: SqliteStore, file: Path
) -> None:
    keep(store, 1)
    files = sorted(path.name for path in file.parent.iterdir())
    assert files == [file.name, f"{file.name}-shm", f"{file.name}-wal"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()} == {0o600}


def test_every_connection_is_durable_and_wipes(store: SqliteStore) -> None:
    with store._read() as first, store._read() as second:
        for db in (first, second):
            found = [
                db.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
            ]
            assert found == ["wal", 2, 1, 1]


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 40, 400, 4000])
def test_nothing_erased_is_left_in_the_files(store: SqliteStore, file: Path, size: int) -> None:
    def mark(n: int) -> bytes:
        return b"<sealed %d>" % n

    for n in range(60):
        mails = [Letter("cittadino", b"<address %d>" % n * min(size, 40))] * 2
        store.add(submission(n, sealed=mark(n) * size), mails, COUNTS)
        if n % 3:
            store.step(submission(n).number, "protocollato", date(2026, 3, 11), "0001/2026")
    assert all(mark(n) in raw(file) and b"<address %d>" % n in raw(file) for n in range(60))
    assert store.erase("reclamo", date(2026, 3, 12), 0) == 40
    left = raw(file)
    for n in range(60):
        assert (mark(n) in left) == (b"<address %d>" % n in left) == (n % 3 == 0)
    assert b"<sealed" not in Path(f"{file}-wal").read_bytes()


def test_a_sent_mail_leaves_no_address(store: SqliteStore, file: Path) -> None:
    store.add(submission(1), [Letter("cittadino", b"<address>" * 9)], COUNTS)
    (mail,) = store.take(NOW + 9, 60, 1)
    store.sent(mail.id, NOW + 9)
    store.erase("reclamo", date(2026, 1, 1), 0)
    assert b"<address>" not in raw(file)


def test_nothing_forgotten_is_left_in_the_files(store: SqliteStore, file: Path) -> None:
    keep(store, *range(40))
    store.add_counts(b"<nonce of a rating>", ["2026-03/voto"], NOW)
    for n in range(40):
        store.step(submission(n).number, "protocollato", date(2026, 3, 11), f"<protocol {n}>")
    store.erase("reclamo", date(2026, 3, 12), 0)
    assert submission(7).number.encode() in raw(file)
    assert store.forget(NOW + DAY) == 40
    left = raw(file)
    for n in range(40):
        item = submission(n)
        assert not [part for part in (item.number.encode(), item.nonce, item.code) if part in left]
    assert b"<protocol" not in left
    assert b"<nonce" not in left


def test_erasing_that_cannot_empty_the_log_says_so(
    store: SqliteStore, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(submission(1, sealed=b"<sealed>" * 99), [], COUNTS)
    monkeypatch.setattr(endpoint.stores.sqlite, "_PATIENCE", 0.2)
    reader = sqlite3.connect(file)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM submission").fetchall()
    with pytest.raises(Unavailable, match="BUSY"):
        store.erase("reclamo", date(2026, 1, 1), NOW + DAY)
    reader.close()
    assert store.erase("reclamo", date(2026, 1, 1), NOW + DAY) == 0
    assert b"<sealed>" not in raw(file)


@pytest.mark.slow
def test_a_queue_of_writers_waits_no_longer_than_one(
    store: SqliteStore, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint.stores.sqlite, "_PATIENCE", 0.5)
    keep(store, 1)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waited = []

    def write(n: int) -> None:
        start = monotonic()
        with pytest.raises(Unavailable, match="BUSY"):
            store.add(submission(n), [], COUNTS)
        waited.append(monotonic() - start)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(2, 8)]
    for thread in threads:
        thread.start()
    assert store.find(submission(1).number, submission(1).code) is not None
    for thread in threads:
        thread.join()
    other.close()
    assert len(waited) == 6
    assert max(waited) < 0.9
    keep(store, 2)


@pytest.mark.parametrize("change", ["deleted", "replaced"])
def test_a_file_that_was_taken_away_acknowledges_nothing(
    store: SqliteStore, file: Path, change: str
) -> None:
    keep(store, 1)
    file.rename(file.with_suffix(".away"))
    if change == "replaced":
        file.write_bytes(file.with_suffix(".away").read_bytes())
    with pytest.raises(Unavailable, match="MOVED"):
        store.add(submission(2), letters(), COUNTS)
    with pytest.raises(Unavailable, match="MOVED"):
        store.check()
    file.unlink(missing_ok=True)
    file.with_suffix(".away").rename(file)
    keep(store, 2)


def test_a_file_that_is_no_database_is_left_alone(file: Path) -> None:
    file.write_bytes(b"non un archivio " * 999)
    with pytest.raises(Unavailable, match="NOTADB"):
        SqliteStore(file)
    assert file.read_bytes() == b"non un archivio " * 999


def test_a_damaged_file_acknowledges_nothing(file: Path) -> None:
    store = SqliteStore(file)
    keep(store, *range(30))
    store.erase("reclamo", date(2026, 1, 1), 0)
    store.close()
    size = file.stat().st_size
    with file.open("r+b") as damaged:
        damaged.seek(4096)
        damaged.write(b"\xa5" * (size - 4096))
    with pytest.raises(Unavailable, match="CORRUPT"):
        store.add(submission(99), letters(), COUNTS)
    store.close()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        SqliteStore(tmp_path / "manca" / "moduli.db")


def test_an_older_program_does_not_touch_a_newer_database(file: Path) -> None:
    SqliteStore(file).close()
    newer = sqlite3.connect(file)
    newer.execute("PRAGMA user_version=99")
    newer.close()
    with pytest.raises(Unavailable, match="99"):
        SqliteStore(file)


def test_migrations_are_numbered_without_gaps() -> None:
    versions = [version for version, _ in statements("sqlite")]
    assert versions == list(range(1, len(versions) + 1))
    assert versions


def test_a_migration_is_done_whole_or_not_at_all(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = list(statements("sqlite"))
    broken = [*good, (len(good) + 1, ["CREATE TABLE extra (x) STRICT"])]
    monkeypatch.setattr(endpoint.stores.sqlite, "statements", lambda _: iter(broken))
    with pytest.raises(Unavailable, match="SQLITE_ERROR"):
        SqliteStore(file)
    look = sqlite3.connect(file)
    assert look.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,)
    assert look.execute("PRAGMA user_version").fetchone() == (0,)
    look.close()
    monkeypatch.setattr(endpoint.stores.sqlite, "statements", lambda _: iter(good))
    store = SqliteStore(file)
    keep(store, 1)
    store.close()


def test_a_mistake_of_the_program_is_not_taken_for_a_full_disk(store: SqliteStore) -> None:
    with pytest.raises(sqlite3.ProgrammingError), store._write() as db:
        db.execute("SELECT ?", ())
    keep(store, 1)
