"""The store in one file: SQLite, durable before it answers, one writer at a time.

WAL with `synchronous=FULL`: a commit returns after `fdatasync`. One lock for the whole process
keeps writers from racing for SQLite's own, which would cost seconds in the worst case; the commands
that run beside (mails, erasing) are other processes and wait their turn by `busy_timeout`. Nobody
waits longer than five seconds for both together.
"""

import hmac
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from time import monotonic

from endpoint.migrations import statements
from endpoint.store import STATES, Case, Letter, Queued, Submission, Unavailable

_PRAGMAS = (
    "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "trusted_schema=OFF",
    "foreign_keys=ON", "temp_store=MEMORY",
)  # fmt: skip
_PATIENCE = 5.0  # seconds
_REMEMBERED = 2 * 86_400  # seconds: the token of a check page is valid for one day
_CASE = "id, number, form, received, state, channel, suspect, protocol, outcome"


class SqliteStore:
    """A store in the file at `path`, made if it is not there. Raises Unavailable."""

    def __init__(self, path: Path, synchronous: str = "FULL") -> None:
        self._path = path.absolute()
        self._pragmas = (*_PRAGMAS, f"synchronous={synchronous}")
        self._lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        try:
            # Nobody else on the machine has to read it; SQLite gives its log the same mode.
            self._path.touch(mode=0o600)
            self._file = self._identity()
        except OSError as error:
            raise Unavailable(error.strerror) from None
        with self._write() as db:
            self._migrate(db)

    def _migrate(self, db: sqlite3.Connection) -> None:
        known, newest = db.execute("PRAGMA user_version").fetchone()[0], 0
        for newest, script in statements("sqlite"):
            if newest > known:
                for statement in script:
                    db.execute(statement)
                db.execute(f"PRAGMA user_version={newest}")
        if known > newest:
            raise Unavailable(f"database version {known}, program version {newest}")

    def add(self, item: Submission, letters: Iterable[Letter], counts: Iterable[str]) -> bool:
        """See Store."""
        with self._write() as db:
            row = db.execute(
                "INSERT INTO submission (nonce, number, code, form, version, received, channel,"
                " suspect, sealed) VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (nonce) DO NOTHING"
                " RETURNING id",
                (item.nonce, item.number, item.code, item.form, item.version, item.received,
                 item.channel, item.suspect, item.sealed),
            ).fetchone()  # fmt: skip
            if row is None:
                return False
            db.executemany(
                "INSERT INTO letter (submission, kind, recipient, queued, due) VALUES (?,?,?,?,?)",
                [(row[0], m.kind, m.recipient, item.received, item.received) for m in letters],
            )
            _count(db, counts)
        return True

    def add_counts(self, nonce: bytes, counts: Iterable[str], now: int) -> bool:
        """See Store."""
        with self._write() as db:
            db.execute("DELETE FROM counted WHERE seen < ?", (now - _REMEMBERED,))
            seen = db.execute(
                "INSERT INTO counted (nonce, seen) VALUES (?,?) ON CONFLICT DO NOTHING"
                " RETURNING seen", (nonce, now),
            ).fetchone()  # fmt: skip
            if seen is None:
                return False
            _count(db, counts)
        return True

    def find(self, number: str, code: bytes) -> Case | None:
        """See Store."""
        query = f"SELECT {_CASE}, code FROM submission WHERE number = ?"
        with self._read() as db:
            *row, known = db.execute(query, (number,)).fetchone() or (None, bytes(len(code)))
            # The whole digest is compared, also when there is no such number.
            return _case(db, tuple(row)) if hmac.compare_digest(known, code) and row[0] else None

    def cases(self, states: Iterable[str] = STATES) -> Iterator[Case]:
        """See Store."""
        wanted = tuple(states)
        marks = ",".join("?" * len(wanted))
        query = f"SELECT {_CASE} FROM submission WHERE state IN ({marks}) ORDER BY received, id"
        with self._read() as db:
            return iter([_case(db, row) for row in db.execute(query, wanted)])

    def step(self, number: str, state: str, day: date, note: str = "") -> bool:
        """See Store."""
        column = {"protocollato": "protocol", "chiuso": "outcome"}.get(state)
        with self._write() as db:
            row = db.execute(
                "UPDATE submission SET state = ? WHERE number = ? RETURNING id", (state, number)
            ).fetchone()
            if row is None:
                return False
            if column:
                db.execute(f"UPDATE submission SET {column} = ? WHERE id = ?", (note, row[0]))
            db.execute(
                "INSERT INTO step (submission, state, day) VALUES (?,?,?)"
                " ON CONFLICT (submission, state) DO UPDATE SET day = excluded.day",
                (row[0], state, day.isoformat()),
            )
        return True

    def sealed(self, since: int = 0) -> Iterator[tuple[Case, bytes]]:
        """See Store."""
        query = (
            f"SELECT {_CASE}, sealed FROM submission"
            " WHERE sealed IS NOT NULL AND received >= ? ORDER BY received, id"
        )
        with self._read() as db:
            rows = db.execute(query, (since,))
            return iter([(_case(db, row[:-1]), row[-1]) for row in rows])

    def take(self, now: int, lease: int, most: int) -> list[Queued]:
        """See Store."""
        with self._write() as db:
            rows = db.execute(
                "UPDATE letter SET due = ?, tries = tries + 1 WHERE id IN (SELECT id FROM letter"
                " WHERE sent IS NULL AND due <= ? ORDER BY due, id LIMIT ?)"
                " RETURNING id, submission, kind, recipient, tries, queued",
                (now + lease, now, most),
            ).fetchall()
            return [self._queued(db, row) for row in sorted(rows)]

    def sent(self, id: int, now: int) -> None:
        """See Store."""
        with self._write() as db:
            # The address has done its work: it is not kept.
            db.execute("UPDATE letter SET sent = ?, recipient = x'' WHERE id = ?", (now, id))

    def failed(self, id: int, again: int, reason: str) -> None:
        """See Store."""
        with self._write() as db:
            db.execute("UPDATE letter SET due = ?, reason = ? WHERE id = ?", (again, reason, id))

    def oldest_unsent(self) -> int | None:
        """See Store."""
        with self._read() as db:
            oldest: int | None = db.execute(
                "SELECT min(queued) FROM letter WHERE sent IS NULL"
            ).fetchone()[0]
        return oldest

    def counters(self, year: int) -> dict[str, int]:
        """See Store."""
        with self._read() as db:
            # «.» follows «-»: every key that starts with the year and a hyphen.
            query = "SELECT key, n FROM counter WHERE key >= ? AND key < ? ORDER BY key"
            return dict(db.execute(query, (f"{year:04}-", f"{year:04}.")).fetchall())

    def erase(self, before: date, oldest: int) -> int:
        """See Store."""
        with self._write() as db:
            erased = db.execute(
                "UPDATE submission SET sealed = NULL WHERE sealed IS NOT NULL AND (received < ? OR"
                " id IN (SELECT submission FROM step WHERE state = 'protocollato' AND day < ?))",
                (oldest, before.isoformat()),
            ).rowcount
            db.execute(
                "DELETE FROM letter WHERE submission IN"
                " (SELECT id FROM submission WHERE sealed IS NULL)"
            )
        self._wipe()
        return erased

    def forget(self, before: int) -> int:
        """See Store."""
        gone = "(SELECT id FROM submission WHERE sealed IS NULL AND received < ?)"
        with self._write() as db:
            db.execute(f"DELETE FROM letter WHERE submission IN {gone}", (before,))
            db.execute(f"DELETE FROM step WHERE submission IN {gone}", (before,))
            forgotten = db.execute(f"DELETE FROM submission WHERE id IN {gone}", (before,)).rowcount
            db.execute("DELETE FROM counted WHERE seen < ?", (before,))
        self._wipe()
        return forgotten

    def check(self) -> None:
        """See Store."""
        with self._write() as db:
            # Writes a page, though nothing changes: a full disk does not show in a mere BEGIN.
            version = db.execute("PRAGMA user_version").fetchone()[0]
            db.execute(f"PRAGMA user_version={version}")

    def close(self) -> None:
        """Close the connections that nobody is using."""
        while self._idle:
            self._idle.pop().close()

    def _wipe(self) -> None:
        """Empty the log, where the old pages still are."""
        with self._read() as db:
            busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise Unavailable("SQLITE_BUSY")

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        """One transaction, committed on the way out and rolled back if anything goes wrong."""
        until = monotonic() + _PATIENCE
        if not self._lock.acquire(timeout=_PATIENCE):
            raise Unavailable("SQLITE_BUSY")
        try:
            with self._read(until - monotonic()) as db:
                try:
                    db.execute("BEGIN IMMEDIATE")
                    yield db
                    db.execute("COMMIT")
                except BaseException:
                    # When the disk is full SQLite has rolled back: a second one would hide why.
                    if db.in_transaction:
                        with suppress(sqlite3.Error):
                            db.execute("ROLLBACK")
                    raise
        finally:
            self._lock.release()

    @contextmanager
    def _read(self, patience: float | None = None) -> Iterator[sqlite3.Connection]:
        """A connection that nobody else has. One that failed is not used again."""
        db = None
        try:
            db = self._connection()
            wait = _PATIENCE if patience is None else max(patience, 0.001)
            db.execute(f"PRAGMA busy_timeout={int(wait * 1000)}")
            yield db
            self._idle.append(db)
            db = None
        except sqlite3.ProgrammingError:
            raise
        except sqlite3.DatabaseError as error:
            name = getattr(error, "sqlite_errorname", type(error).__name__)
            raise Unavailable(name) from None
        finally:
            if db is not None:
                db.close()

    def _connection(self) -> sqlite3.Connection:
        # SQLite goes on writing into a file that was deleted or replaced: into the void.
        with suppress(OSError):
            if self._identity() == self._file:
                try:
                    return self._idle.pop()
                except IndexError:
                    return self._open()
        raise Unavailable("SQLITE_READONLY_DBMOVED")

    def _identity(self) -> tuple[int, int]:
        found = self._path.stat()
        return found.st_dev, found.st_ino

    def _open(self) -> sqlite3.Connection:
        address = f"{self._path.as_uri()}?mode=rw"
        db = sqlite3.connect(
            address, _PATIENCE, isolation_level=None, check_same_thread=False, uri=True
        )
        try:
            for pragma in self._pragmas:
                db.execute(f"PRAGMA {pragma}")
        except BaseException:
            db.close()
            raise
        return db

    def _queued(self, db: sqlite3.Connection, row: tuple[int, int, str, bytes, int, int]) -> Queued:
        id, submission, kind, recipient, tries, queued = row
        query = f"SELECT {_CASE} FROM submission WHERE id = ?"
        case = _case(db, db.execute(query, (submission,)).fetchone())
        return Queued(id, case, kind, recipient, tries, queued)


def _case(db: sqlite3.Connection, row: tuple[object, ...]) -> Case:
    steps = db.execute(
        "SELECT state, day FROM step WHERE submission = ? ORDER BY day, rowid", row[:1]
    )
    days = tuple((state, date.fromisoformat(day)) for state, day in steps)
    id, number, form, received, state, channel, suspect, protocol, outcome = row
    return Case(
        int(str(id)), str(number), str(form), int(str(received)), str(state), str(channel),
        bool(suspect), str(protocol), str(outcome), days,
    )  # fmt: skip


def _count(db: sqlite3.Connection, keys: Iterable[str]) -> None:
    db.executemany(
        "INSERT INTO counter (key, n) VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET n = n + 1",
        [(key,) for key in keys],
    )
