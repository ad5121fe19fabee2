"""The store on a PostgreSQL server, for places that have no disk of their own.

A commit returns after the server's own disk has it: a server that is set to answer earlier
(`synchronous_commit`, `fsync`, `full_page_writes`) is refused. When the connection is lost during a
COMMIT nobody knows whether it was done: the citizen is told that nothing was acknowledged, and the
same nonce, tried again, finds the first submission or makes it.

Connections that nobody uses are kept for a minute, and only while the server has not hung up. A
server that is asked by a name with several addresses may take two seconds for each to be given up.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic

import psycopg
from psycopg import errors

from endpoint.stores.migrations import statements
from endpoint.stores.postgres_session import Connection, Session, connect, has_news, refuse_lossy
from endpoint.stores.sql_letters import SqlLetters
from endpoint.stores.sql_submissions import SqlSubmissions
from endpoint.stores.store import Unavailable

_PATIENCE = 5.0  # seconds, for all that a method does
_WORK = 300.0  # seconds, to write the tables anew
_FRESH = 60.0  # seconds: what stands between may forget a connection that is longer idle
_OURS = 0x6361727461  # «carta»: the lock of who makes tables
_TABLES = "submission, step, letter, counted"


class PostgresStore(SqlSubmissions, SqlLetters):
    """A store at an address postgresql://…; its tables are made if there are none.

    What is erased leaves the files of the tables at once: they are written anew, which needs every
    other session to be done with them. It does not leave, before they have had their turn, the
    server's log (`pg_wal`, its archive, replicas) nor copies of the database; and where files were,
    the disk may still have it. There is only ciphertext in all of them. Raises Unavailable.
    """

    skip_locked = " FOR UPDATE SKIP LOCKED"

    def __init__(self, address: str) -> None:
        self._address = address
        self._idle: list[tuple[float, Connection]] = []
        with self._write() as db:
            self._migrate(db)

    def _migrate(self, db: Session) -> None:
        db.execute("SELECT pg_advisory_xact_lock(?)", (_OURS,))
        known, newest = 0, 0
        if db.execute("SELECT to_regclass('migration')").fetchone()[0]:
            known = db.execute("SELECT version FROM migration").fetchone()[0]
        else:
            db.execute("CREATE TABLE migration (version INTEGER NOT NULL)")
            db.execute("INSERT INTO migration VALUES (0)")
        for newest, script in statements("postgres"):
            if newest > known:
                for statement in script:
                    db.execute(statement)
                db.execute("UPDATE migration SET version = ?", (newest,))
        if known > newest:
            raise Unavailable(f"database version {known}, program version {newest}")

    def check(self) -> None:
        with self._write() as db:
            refuse_lossy(db)
            # Writes a row, though nothing changes: a server that may only be read takes a BEGIN.
            db.execute("UPDATE migration SET version = version")

    def close(self) -> None:
        """Close the connections that nobody is using."""
        while (idle := self._take()) is not None:
            idle[1].close()

    def _wipe(self) -> None:
        with self._read() as db:
            kept: list[int] = []
            db.connection.add_notice_handler(lambda notice: kept.append(_left(notice)))
            # The work itself may take longer than five seconds; waiting for others may not.
            db.execute("SET statement_timeout = 0")
            db.connection.until = monotonic() + _WORK
            db.execute(f"VACUUM (FULL, VERBOSE) {_TABLES}")
            db.connection.close()
        if any(kept):
            raise Unavailable("SNAPSHOT")

    @contextmanager
    def _write(self) -> Iterator[Session]:
        with self._read() as db:
            db.execute("BEGIN")
            yield db
            db.execute("COMMIT")

    @contextmanager
    def _read(self) -> Iterator[Session]:
        # One that failed, also half way through a transaction, is closed: the server rolls back.
        connection = None
        try:
            connection = self._connection()
            yield Session(connection)
            if not connection.closed:
                self._idle.append((monotonic(), connection))
            connection = None
        except psycopg.Error as error:
            # A mistake of the program, found before the server was asked.
            if isinstance(error, psycopg.ProgrammingError) and connection and not error.sqlstate:
                raise
            # Not its text: there may be a part of the address in it.
            raise Unavailable(type(error).__name__) from None
        finally:
            if connection is not None:
                connection.close()

    def _connection(self) -> Connection:
        until = monotonic() + _PATIENCE
        while (idle := self._take()) is not None:
            since, connection = idle
            connection.until = until
            if monotonic() - since < _FRESH and not has_news(connection):
                return connection
            connection.close()
        return connect(self._address, until)

    def _take(self) -> tuple[float, Connection] | None:
        with suppress(IndexError):
            return self._idle.pop()
        return None


def _left(notice: errors.Diagnostic) -> int:
    """How many rows VACUUM could not leave out, since somebody may still read them.

    Of a table that it may not touch it only warns.
    """
    if notice.severity_nonlocalized == "WARNING":
        return 1
    found = re.search(r"\d+", notice.message_detail or "")
    return int(found[0]) if found else 0
