"""What is acknowledged outlives kill -9, a power cut, a full disk and a database in use.

Run as a program, this file is the writer that the tests kill: one line for each receipt.
"""

import os
import random
import re
import resource
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from time import monotonic

import pytest
from store_suite import COUNTS, code, keep, letters, submission

from endpoint.stores.sqlite import SqliteStore
from endpoint.stores.store import Unavailable

_ROOM = 600_000  # bytes: some twenty submissions with their log


def write(store: SqliteStore, numbers: Iterator[int], most: int = 100_000) -> None:
    """Add submissions, each acknowledged by a line on the standard output."""
    for _ in range(most):
        n = next(numbers)
        assert store.add(submission(n, sealed=b"x" * 1124), letters(n), COUNTS)
        os.write(1, b"ok %d\n" % n)


def acknowledged(output: bytes) -> list[int]:
    """The numbers that the writer acknowledged, whole lines only."""
    return [int(n) for n in re.findall(rb"ok (\d+)\n", output)]


def writer(file: Path, *arguments: str, wrapped: tuple[str, ...] = ()) -> list[str]:
    """The command that runs this file as a program."""
    return [*wrapped, sys.executable, __file__, str(file), *arguments]


def check_whole(file: Path, numbers: list[int]) -> None:
    """All that was acknowledged is there, nothing is half there, and the file is sound."""
    with closing(SqliteStore(file)) as store:
        missing = [n for n in numbers if store.find(submission(n).number, code(n)) is None]
        assert missing == []
        kept, counters = len(list(store.cases())), store.counters(2026)
    with closing(sqlite3.connect(file)) as look:
        assert look.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert look.execute("SELECT count(*) FROM letter").fetchone() == (2 * kept,)
    assert counters == (dict.fromkeys(COUNTS, kept) if kept else {})
    assert kept >= len(numbers)


def killed(file: Path, first: int, seconds: float) -> list[int]:
    """The numbers that a writer acknowledged before it was killed, some time after its first."""
    with subprocess.Popen(writer(file, "FULL", str(first)), stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        start = child.stdout.readline()
        timer = threading.Timer(seconds, child.kill)
        timer.start()
        output = start + child.stdout.read()
        timer.join()
    assert child.returncode == -9
    return acknowledged(output)


_LONG = (pytest.mark.slow, pytest.mark.faults)


@pytest.mark.slow
@pytest.mark.parametrize("kills", [4, pytest.param(30, marks=_LONG)])
def test_kill_loses_nothing_that_was_acknowledged(tmp_path: Path, kills: int) -> None:
    file, numbers, chance = tmp_path / "moduli.db", list[int](), random.Random(kills)
    for kill in range(kills):
        got = killed(file, kill * 1_000_000, chance.uniform(0.02, 0.3))
        assert got
        numbers += got
        check_whole(file, numbers)


def durable(trace: str, acknowledged: str) -> list[bool]:
    """For each acknowledgement: was all that was written to the log on the disk before it?"""
    answers, waiting, written = [], False, False
    for line in trace.splitlines():
        if re.search(r"pwrite64\(\d+<[^>]*-wal>", line):
            waiting = written = True
        elif re.search(r"fdatasync\(\d+<[^>]*-wal>\)\s+= 0|<... fdatasync resumed>\)\s+= 0", line):
            waiting = False
        elif acknowledged in line:
            answers.append(written and not waiting)
            written = False
    return answers


def traced(folder: Path, synchronous: str) -> list[bool]:
    trace = folder / "trace"
    strace = ("strace", "-f", "-y", "-e", "trace=write,pwrite64,fdatasync", "-o", str(trace))
    command = writer(folder / "moduli.db", synchronous, "0", "50", wrapped=strace)
    done = subprocess.run(command, check=True, capture_output=True, timeout=60)
    answers = durable(trace.read_text(), '"ok ')
    assert len(answers) == len(acknowledged(done.stdout)) == 200
    return answers


@pytest.mark.tools
def test_every_receipt_comes_after_its_data_is_on_the_disk(tmp_path: Path) -> None:
    assert all(traced(tmp_path, "FULL"))


@pytest.mark.tools
def test_the_same_test_fails_when_commits_are_not_synchronous(tmp_path: Path) -> None:
    """Killing a process cannot tell the two apart: the pages it wrote outlive it."""
    assert traced(tmp_path, "NORMAL").count(True) <= 2


def fill(store: SqliteStore, numbers: Iterator[int]) -> list[int]:
    """Add submissions until the store says that it cannot; the numbers that it acknowledged."""
    kept = []
    for n in numbers:
        try:
            store.add(submission(n, sealed=b"x" * 1124), letters(n), COUNTS)
        except Unavailable:
            break
        kept.append(n)
        assert n < 10_000, "the disk is never full"
    return kept


def fails(store: SqliteStore) -> bool:
    """Does the store itself say that it cannot write?"""
    try:
        store.check()
    except Unavailable:
        return True
    return False


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of 600 KB; only an administrator can mount one."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_ROOM}", "tmpfs", str(folder)]
    try:
        made = subprocess.run(mount, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        made = False
    if not made:
        pytest.skip("serve un amministratore per montare un disco; il limite sotto prova lo stesso")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_refuses_and_a_bigger_one_goes_on(tmp_path: Path) -> None:
    with small_disk(tmp_path) as disk:
        file, numbers = disk / "moduli.db", count()
        with closing(SqliteStore(file)) as store:
            kept = fill(store, numbers)
            assert len(kept) > 10
            more = fill(store, numbers)  # the log may have been emptied, but the disk is full again
            assert len(more) < len(kept)
            assert any(fails(store) for _ in range(100))  # at first a few pages may still fit
            subprocess.run(["mount", "-o", "remount,size=9m", str(disk)], check=True)
            store.check()
            keep(store, 20_000, 20_001)
        check_whole(file, [*kept, *more, 20_000, 20_001])


def test_a_file_that_may_not_grow_refuses_and_then_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "moduli.db"
    command = writer(file, "FULL", "0", "20", "limited")
    done = subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert b"\nfull\n" in done.stdout
    before, after = done.stdout.split(b"full\n")
    assert len(acknowledged(before)) > 10
    assert len(acknowledged(after)) == 20
    check_whole(file, acknowledged(done.stdout))


def limited(store: SqliteStore, numbers: Iterator[int]) -> None:
    """Write until a file may not grow, say so, and go on without that limit."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (_ROOM, resource.RLIM_INFINITY))
    try:
        write(store, numbers)
    except Unavailable:
        for _ in range(20):
            try:
                write(store, numbers)
            except Unavailable:
                continue
        os.write(1, b"full\n")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@pytest.mark.slow
def test_a_database_in_use_is_unavailable_within_five_seconds(tmp_path: Path) -> None:
    file = tmp_path / "moduli.db"
    hold = (
        "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "db.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()"
    )
    with closing(SqliteStore(file)) as store:
        keep(store, 1)
        command = [sys.executable, "-c", hold, str(file)]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == b"held\n"
            start = monotonic()
            with pytest.raises(Unavailable, match="BUSY"):
                store.add(submission(2), letters(2), COUNTS)
            assert 4.5 < monotonic() - start < 6
            assert store.find(submission(1).number, code(1)) is not None
            other.kill()
        keep(store, 2)
    check_whole(file, [1, 2])


@pytest.mark.slow
def test_a_writer_that_waits_gets_its_turn(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path / "moduli.db")) as store:
        other = sqlite3.connect(
            tmp_path / "moduli.db", isolation_level=None, check_same_thread=False
        )
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.5, other.close)
        release.start()
        keep(store, 1)
        release.join()


def main(file: str, synchronous: str, first: str, most: str = "", how: str = "") -> None:
    """Write from four threads, each with numbers of its own; alone when the room is limited."""
    store = SqliteStore(Path(file), synchronous)
    if how:
        limited(store, numbers := count())
        write(store, numbers, int(most))
        return
    for thread in range(4):
        numbers = count(int(first) + thread * 100_000)
        start = threading.Thread(target=write, args=(store, numbers, int(most or 100_000)))
        start.start()
        # A trace tells which data belongs to which receipt only when threads take turns.
        if most:
            start.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
