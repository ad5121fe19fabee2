"""The store on a PostgreSQL server, a real one: the conformance suite, its tables, its files."""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from time import monotonic

import psycopg
import pytest
from postgres_server import Server
from store_suite import COUNTS, DAY, NOW, StoreSuite, code, keep, letters, submission

import endpoint.stores.postgres
from endpoint.context import open_store
from endpoint.stores import postgres_session
from endpoint.stores.migrations import statements
from endpoint.stores.postgres import PostgresStore
from endpoint.stores.store import Letter, Unavailable

pytestmark = pytest.mark.tools


@pytest.fixture
def address(postgres: Server) -> str:
    return postgres.new()


@pytest.fixture
def store(address: str) -> Iterator[PostgresStore]:
    opened = PostgresStore(address)
    yield opened
    opened.close()


class TestPostgres(StoreSuite):
    @pytest.fixture
    def open_store(self, address: str) -> Callable[[], PostgresStore]:
        return lambda: PostgresStore(address)


def test_the_address_alone_chooses_the_database(address: str) -> None:
    store = open_store(address)
    assert isinstance(store, PostgresStore)
    keep(store, 1)
    store.close()


def test_every_connection_is_durable_and_gives_up(store: PostgresStore) -> None:
    names = (*postgres_session._DURABLE, *postgres_session._LIMITS)
    with store._read() as first, store._read() as second:
        for db in (first, second):
            found = [db.execute(f"SHOW {name}").fetchone()[0] for name in names]
            assert found == ["on", "on", "on", "4s", "4500ms", "10s"]


@pytest.mark.parametrize("name", ["synchronous_commit", "fsync", "full_page_writes"])
def test_a_server_that_answers_too_early_is_refused(
    postgres: Server, address: str, store: PostgresStore, name: str
) -> None:
    """Also when that was changed while we were connected: nobody reads it again at each write."""
    with postgres.connect() as admin:
        admin.execute(f"ALTER SYSTEM SET {name} = off".encode())
        admin.execute("SELECT pg_reload_conf()")
        try:
            _wait(lambda: _reason(store.check) == f"{name}=off")
            with pytest.raises(Unavailable, match=f"{name}=off"):
                PostgresStore(address)
        finally:
            admin.execute(f"ALTER SYSTEM RESET {name}".encode())
            admin.execute("SELECT pg_reload_conf()")
    _wait(lambda: _reason(store.check) == "")


def _reason(call: Callable[[], None]) -> str:
    try:
        call()
    except Unavailable as error:
        return str(error)
    return ""


def _wait(until: Callable[[], bool]) -> None:
    end = monotonic() + 5
    while not until():
        assert monotonic() < end


def test_a_database_that_may_only_be_read_is_noticed(address: str, store: PostgresStore) -> None:
    keep(store, 1)
    only = address.replace("options=", "options=-cdefault_transaction_read_only%3Don%20")
    with closing(PostgresStore(only)) as reader:
        assert reader.find(submission(1).number, code(1)) is not None
        with pytest.raises(Unavailable, match="ReadOnlySqlTransaction"):
            reader.check()


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://",
        "postgresql://ente:pa@ss-w0rd@127.0.0.1:1/carta",
        "postgresql://ente:pass-w0rd@/carta?host=/nowhere",
        "postgresql://ente:pass-w0rd@127.0.0.1:99999/carta",
        "postgresql://ente:pass-w0rd/1@127.0.0.1/carta",
        "postgresql://ente:pass-w0rd@127.0.0.1/carta?boh=1",
    ],
)
def test_a_wrong_address_is_unavailable_and_not_repeated(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PGHOST", "/nowhere")
    with pytest.raises(Unavailable) as caught:
        PostgresStore(address)
    assert str(caught.value) in ("OperationalError", "ProgrammingError")
    assert caught.value.__suppress_context__


def test_an_older_program_does_not_touch_a_newer_database(
    postgres: Server, address: str, store: PostgresStore
) -> None:
    with postgres.connect(address) as newer:
        newer.execute("UPDATE migration SET version = 99")
    with pytest.raises(Unavailable, match="99"):
        PostgresStore(address)


def test_migrations_are_numbered_as_those_of_sqlite() -> None:
    versions = [version for version, _ in statements("postgres")]
    assert versions == [version for version, _ in statements("sqlite")]


def test_a_migration_is_done_whole_or_not_at_all(
    postgres: Server, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = list(statements("postgres"))
    broken = [*good, (len(good) + 1, ["CREATE TABLE extra (x INTEGER)", "CREATE boh"])]
    monkeypatch.setattr(endpoint.stores.postgres, "statements", lambda _: iter(broken))
    with pytest.raises(Unavailable, match="SyntaxError"):
        PostgresStore(address)
    with postgres.connect(address) as look:
        found = look.execute("SELECT to_regclass('migration'), to_regclass('submission')")
        assert found.fetchone() == (None, None)
    more = [*good, (len(good) + 1, ["CREATE TABLE extra (x INTEGER)"])]
    for script in (good, more, more):
        monkeypatch.setattr(
            endpoint.stores.postgres, "statements", lambda _, script=script: iter(script)
        )
        PostgresStore(address).close()
    with postgres.connect(address) as look:
        assert look.execute("SELECT version FROM migration").fetchall() == [(len(more),)]
        assert look.execute("SELECT count(*) FROM extra").fetchone() == (0,)


def test_many_that_open_an_empty_database_at_once(address: str) -> None:
    start = threading.Barrier(8)

    def open_it(n: int) -> None:
        start.wait()
        with closing(PostgresStore(address)) as store:
            keep(store, n)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(open_it, range(8)))
    with closing(PostgresStore(address)) as store:
        assert len(list(store.cases())) == 8


def test_a_connection_is_used_again_for_a_minute(
    store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def backend() -> object:
        with store._read() as db:
            return db.execute("SELECT pg_backend_pid()").fetchone()[0]

    first = backend()
    keep(store, 1, 2)
    assert backend() == first
    monkeypatch.setattr(endpoint.stores.postgres, "_FRESH", 0.0)
    assert backend() != first


def test_a_mistake_of_the_program_is_not_taken_for_a_broken_server(store: PostgresStore) -> None:
    with pytest.raises(psycopg.ProgrammingError), store._write() as db:
        db.execute("SELECT ?, ?", (1,))
    with pytest.raises(Unavailable, match="UndefinedTable"), store._read() as db:
        db.execute("SELECT * FROM boh")
    keep(store, 1)


def _marks(n: int) -> tuple[bytes, bytes]:
    """What nobody can press together, as ciphertext: of the form, and of an address."""
    return code(n) * 2, code(n + 1000) * 2


@pytest.mark.parametrize("size", [0, 1000, 9000])
def test_nothing_erased_is_left_in_the_files_of_the_tables(
    postgres: Server, store: PostgresStore, size: int
) -> None:
    first = 100 * size
    for n in range(first, first + 30):
        sealed, recipient = _marks(n)
        mails = [Letter("cittadino", recipient)] * 2
        store.add(submission(n, sealed=sealed + os.urandom(size)), mails, COUNTS)
        if n % 3:
            store.step(submission(n).number, "protocollato", date(2026, 3, 11), "0001/2026")
    known, before = range(first, first + 30), postgres.raw()
    assert all(mark in before for n in known for mark in _marks(n))
    assert store.erase("reclamo", date(2026, 3, 12), 0) == 20
    left = postgres.raw()
    for n in known:
        assert {mark in left for mark in _marks(n)} == {n % 3 == 0}


def test_nothing_forgotten_is_left_in_the_files_of_the_tables(
    postgres: Server, store: PostgresStore
) -> None:
    keep(store, *range(7000, 7040))
    store.add_counts(b"<nonce of a rating>", ["2026-03/voto"], NOW)
    for n in range(7000, 7040):
        store.step(submission(n).number, "protocollato", date(2026, 3, 11), f"<protocol {n}>")
    store.erase("reclamo", date(2026, 3, 12), 0)
    item = submission(7007)
    found = (item.number.encode(), item.nonce, item.code, b"<protocol 7007>", b"<nonce of a rating")
    before = postgres.raw()
    assert all(part in before for part in found)
    assert store.forget(NOW + DAY) == 40
    left = postgres.raw()
    assert [part for part in found if part in left] == []


def test_the_log_of_the_server_keeps_what_was_erased_for_a_while(
    postgres: Server, store: PostgresStore
) -> None:
    """Said in the guide; were it not so, the guide would be wrong."""
    sealed, _ = _marks(99)
    store.add(submission(99, sealed=sealed), letters(99), COUNTS)
    assert store.erase("reclamo", date(2026, 1, 1), NOW + DAY) == 1
    assert sealed not in postgres.raw("base")
    assert sealed in postgres.raw("pg_wal")


def test_erasing_while_somebody_reads_says_so_and_is_done_later(
    postgres: Server, address: str, store: PostgresStore
) -> None:
    """Who looks at an older moment keeps old rows, without a lock that one could wait for."""
    sealed, _ = _marks(98)
    store.add(submission(98, sealed=sealed), [], COUNTS)
    with psycopg.connect(address) as reader:
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT count(*) FROM counter")
        with pytest.raises(Unavailable, match="SNAPSHOT"):
            store.erase("reclamo", date(2026, 1, 1), NOW + DAY)
        assert list(store.sealed()) == []
        assert sealed in postgres.raw()
    assert store.erase("reclamo", date(2026, 1, 1), NOW + DAY) == 0
    assert sealed not in postgres.raw()


def test_tables_of_somebody_else_are_not_wiped_in_silence(
    postgres: Server, address: str, store: PostgresStore
) -> None:
    schema = address.rpartition("%3D")[2]
    with postgres.connect() as admin:
        admin.execute(
            f"CREATE ROLE guest LOGIN; GRANT USAGE ON SCHEMA {schema} TO guest;"
            f" GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO guest".encode()
        )
    with closing(PostgresStore(address.replace("user=carta", "user=guest"))) as guest:
        keep(guest, 1)
        with pytest.raises(Unavailable):
            guest.erase("reclamo", date(2026, 1, 1), NOW + DAY)
