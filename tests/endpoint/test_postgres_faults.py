"""A PostgreSQL server that restarts, dies, hangs or answers half: nothing acknowledged is lost."""

import os
import random
import re
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import date
from itertools import count
from pathlib import Path
from select import select
from time import monotonic, sleep

import psycopg
import pytest
from postgres_server import Server
from store_suite import COUNTS, NOW, code, keep, letters, submission

from endpoint.stores.postgres import PostgresStore
from endpoint.stores.store import Letter, Unavailable

pytestmark = pytest.mark.tools

_LONG = (pytest.mark.slow, pytest.mark.faults)


@pytest.fixture
def address(postgres: Server) -> str:
    return postgres.new()


@pytest.fixture
def store(address: str) -> Iterator[PostgresStore]:
    opened = PostgresStore(address)
    yield opened
    opened.close()


def restart(server: Server, mode: str) -> None:
    server.stop(mode)
    server.start()


def check_whole(address: str, numbers: list[int]) -> int:
    """All that was acknowledged is there and opens, nothing is half there. How many there are."""
    with closing(PostgresStore(address)) as store:
        missing = [n for n in numbers if store.find(submission(n).number, code(n)) is None]
        assert missing == []
        kept, counters = len(list(store.cases())), store.counters(2026)
        assert len(store.sendings()) == 2 * kept
    assert counters == (dict.fromkeys(COUNTS, kept) if kept else {})
    return kept


def unavailable(call: Callable[[], object], least: float = 0.0) -> str:
    """Why a call could not be done; it said so in five seconds, or hardly more."""
    start = monotonic()
    with pytest.raises(Unavailable) as caught:
        call()
    assert least <= monotonic() - start < 6
    return str(caught.value)


def test_a_server_that_is_down_is_unavailable_and_is_found_when_it_is_back(
    postgres: Server, address: str, store: PostgresStore
) -> None:
    keep(store, 1)
    postgres.stop()
    try:
        for call in (lambda: PostgresStore(address), lambda: keep(store, 2), store.check):
            assert unavailable(call) == "OperationalError"
    finally:
        postgres.start()
    keep(store, 2)
    assert check_whole(address, [1, 2]) == 2


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_restart_between_two_citizens_is_seen_by_neither(
    postgres: Server, address: str, store: PostgresStore, mode: str
) -> None:
    with store._read(), store._read():  # two connections that will lie idle
        keep(store, 1)
    restart(postgres, mode)
    keep(store, 2, 3)
    assert check_whole(address, [1, 2, 3]) == 3


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_restart_in_the_middle_of_a_submission(
    postgres: Server, address: str, store: PostgresStore, mode: str
) -> None:
    def interrupted() -> Iterator[Letter]:
        yield letters(1)[0]
        restart(postgres, mode)
        yield letters(1)[1]

    with pytest.raises(Unavailable):
        store.add(submission(1), interrupted(), COUNTS)
    assert check_whole(address, []) == 0
    keep(store, 1)
    assert check_whole(address, [1]) == 1


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=_LONG)])
def test_a_server_that_dies_under_sixteen_writers_loses_nothing(
    postgres: Server, address: str, kills: int
) -> None:
    """Each writer is a citizen: tries again with the same nonce until there is a receipt."""
    store, over = PostgresStore(address), threading.Event()
    tries: list[int] = []

    def write(thread: int) -> list[int]:
        kept = []
        for n in count(thread * 1_000_000):
            while True:
                tries.append(n)
                try:
                    store.add(submission(n, sealed=b"x" * 1124), letters(n), COUNTS)
                except Unavailable:
                    sleep(0.01)
                    continue
                break
            kept.append(n)
            if over.is_set():
                return kept
        raise AssertionError

    chance = random.Random(kills)
    with ThreadPoolExecutor(16) as pool:
        running = [pool.submit(write, thread) for thread in range(16)]
        try:
            for _ in range(kills):
                sleep(chance.uniform(0.2, 0.7))
                restart(postgres, "immediate")
        finally:
            over.set()
        numbers = [n for each in running for n in each.result(60)]
    store.close()
    assert len(numbers) == len(set(numbers)) >= 16 * kills
    assert len(tries) > len(numbers)  # some were interrupted
    assert check_whole(address, numbers) == len(numbers)
    print(f"{kills} kills, {len(numbers)} acknowledged, {len(tries) - len(numbers)} tried again")


def methods(store: PostgresStore, n: int) -> list[Callable[[], object]]:
    """One call of each kind: writes, reads, takes, counts, checks."""
    return [
        lambda: store.add(submission(n), letters(n), COUNTS),
        lambda: store.find(submission(1).number, code(1)),
        lambda: store.step(submission(1).number, "chiuso", date(2026, 3, 12)),
        lambda: store.take(NOW + 9, 60, 9),
        lambda: list(store.sealed()),
        lambda: store.erase("reclamo", date(2026, 1, 1), 0),
    ]


@pytest.mark.slow
def test_a_lock_of_somebody_else_is_unavailable_within_five_seconds(
    postgres: Server, address: str, store: PostgresStore
) -> None:
    keep(store, 1)
    with psycopg.connect(address) as other, ThreadPoolExecutor(8) as pool:
        other.execute("LOCK TABLE submission, letter")
        calls = [pool.submit(unavailable, call, 3.5) for call in methods(store, 2)]
        assert {call.result() for call in calls} == {"LockNotAvailable"}
    assert check_whole(address, [1]) == 1
    keep(store, 2)


@pytest.mark.slow
def test_locks_one_after_the_other_are_not_waited_for_in_turn(
    postgres: Server, address: str, store: PostgresStore
) -> None:
    """Four seconds for one statement, and four for the next, would be eight."""
    keep(store, 1)
    with psycopg.connect(address) as first, psycopg.connect(address) as second:
        first.execute("LOCK TABLE submission")
        second.execute("LOCK TABLE letter")
        release = threading.Timer(3, first.rollback)
        release.start()
        assert unavailable(lambda: keep(store, 2), 4.5) == "ConnectionTimeout"
        release.join()
    assert check_whole(address, [1]) == 1
    keep(store, 2)


@contextmanager
def frozen(server: Server) -> Iterator[None]:
    """Every process of the server stands still, as when its machine does: no connection breaks."""
    postmaster = int((server.data / "postmaster.pid").read_text("utf-8").split()[0])
    family = [postmaster]
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(FileNotFoundError, ProcessLookupError):
            if re.search(rf"^PPid:\t{postmaster}$", status.read_text("utf-8"), re.M):
                family.append(int(status.parent.name))
    for pid in family:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


@pytest.mark.slow
def test_a_server_that_hangs_is_unavailable_within_five_seconds(
    postgres: Server, address: str, store: PostgresStore
) -> None:
    keep(store, 1)
    with ThreadPoolExecutor(8) as pool, frozen(postgres):
        # The first finds an idle connection, the others have to make one.
        calls = [pool.submit(unavailable, call, 1.5) for call in methods(store, 2)]
        assert {call.result() for call in calls} == {"ConnectionTimeout"}
        assert unavailable(lambda: PostgresStore(address), 1.5) == "ConnectionTimeout"
    keep(store, 3)
    assert check_whole(address, [1, 3]) >= 2


def test_a_session_that_the_server_ended_is_replaced(
    postgres: Server, address: str, store: PostgresStore
) -> None:
    keep(store, 1)
    with postgres.connect() as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE application_name = 'carta-endpoint'"
        )
    keep(store, 2)
    assert check_whole(address, [1, 2]) == 2


class Between:
    """Stands between a store and the server, and cuts the line when it sees a COMMIT."""

    def __init__(self, server: Server) -> None:
        self.cut = ""
        self._server = server.folder / ".s.PGSQL.5432"
        self._ours = server.folder / ".s.PGSQL.6543"
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(self._ours))
        self._listening.listen()
        self._threads = [threading.Thread(target=self._serve)]
        self._threads[0].start()

    def _serve(self) -> None:
        with suppress(OSError):  # shut down
            while True:
                client, _ = self._listening.accept()
                self._threads.append(threading.Thread(target=self._carry, args=(client,)))
                self._threads[-1].start()

    def _carry(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server:
            server.connect(str(self._server))
            while True:
                for line in select([client, server], [], [])[0]:
                    data = line.recv(65536)
                    commit = line is client and b"COMMIT" in data and self.cut
                    if not data or commit == "before the server heard it":
                        return
                    (server if line is client else client).sendall(data)
                    if commit:
                        assert b"COMMIT" in server.recv(65536)  # it is done, and nobody told
                    if commit == "after the server did it":
                        return

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listening.close()
        self._ours.unlink()


@pytest.mark.parametrize(
    ("cut", "why", "kept"),
    [
        ("before the server heard it", "OperationalError", 0),
        ("after the server did it", "OperationalError", 1),
        pytest.param("only the answer", "ConnectionTimeout", 1, marks=pytest.mark.slow),
    ],
)
def test_a_line_cut_at_the_commit_acknowledges_nothing_and_a_retry_finds_out(
    postgres: Server, address: str, store: PostgresStore, cut: str, why: str, kept: int
) -> None:
    between = Between(postgres)
    with closing(between), closing(PostgresStore(f"{address}&port=6543")) as far:
        between.cut = cut
        assert unavailable(lambda: keep(far, 1)) == why
    assert check_whole(address, []) == kept
    # The citizen tries again: True if it is the first, False if the first was kept.
    assert store.add(submission(1), letters(1), COUNTS) is not bool(kept)
    assert check_whole(address, [1]) == 1
