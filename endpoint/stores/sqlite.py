"""The store in one file: SQLite, durable before it answers, one writer at a time.

WAL with `synchronous=FULL`: a commit returns after `fdatasync`. One lock for the whole process
keeps writers from racing for SQLite's own, which would cost seconds in the worst case; the commands
that run beside (mails, erasing) are other processes and wait their turn by `busy_timeout`. Nobody
waits longer than five seconds for both together.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic

from endpoint.disks import room
from endpoint.stores.migrations import statements
from endpoint.stores.sql_letters import SqlLetters
from endpoint.stores.sql_submissions import SqlSubmissions
from endpoint.stores.store import Unavailable

_PRAGMAS = (
    "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "trusted_schema=OFF",
    "foreign_keys=ON", "temp_store=MEMORY",
)  # fmt: skip
_PATIENCE = 5.0  # seconds


class SqliteStore(SqlSubmissions, SqlLetters):
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

    def check(self) -> None:
        # While there is still room to finish what has begun: whoever watches is told in time.
        with suppress(OSError):
            if room(self._path).is_low:
                raise Unavailable("disk almost full")
        with self._write() as db:
            # Writes a page, though nothing changes: a full disk does not show in a mere BEGIN.
            version = db.execute("PRAGMA user_version").fetchone()[0]
            db.execute(f"PRAGMA user_version={version}")

    def close(self) -> None:
        """Close the connections that nobody is using."""
        while self._idle:
            self._idle.pop().close()

    def _wipe(self) -> None:
        # The log still has the old pages.
        with self._read() as db:
            busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise Unavailable("SQLITE_BUSY")

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
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
        # One that failed is not used again.
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
