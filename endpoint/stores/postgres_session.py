"""A connection to a PostgreSQL server: durable, or refused; and never waited for too long."""

import select
from collections.abc import Generator, Sequence
from time import monotonic
from typing import Any

import psycopg
from psycopg import errors
from psycopg.abc import PQGen

from endpoint.stores.sql import Rows
from endpoint.stores.store import Unavailable

_CONNECT: dict[str, Any] = {
    "connect_timeout": 2, "client_encoding": "UTF8", "application_name": "carta-endpoint",
    "keepalives_idle": 30, "keepalives_interval": 5, "keepalives_count": 3,
}  # fmt: skip
# The server itself gives up a little earlier, and frees what a process that stopped was keeping.
_LIMITS = {
    "lock_timeout": "4s", "statement_timeout": "4500ms",
    "idle_in_transaction_session_timeout": "10s",
}  # fmt: skip
_DURABLE = ("synchronous_commit", "fsync", "full_page_writes")


class Connection(psycopg.Connection[Any]):
    """A connection that gives up at a moment, whatever the server does."""

    until = float("inf")  # of time.monotonic()

    def wait(self, gen: PQGen[Any], *args: Any, **kwargs: Any) -> Any:
        return super().wait(_until(gen, self), *args, **kwargs)


class Session:
    """A connection, asked in the words of `endpoint.stores.sql`."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def execute(self, query: str, values: Sequence[Any] = (), /) -> Rows:
        words = query.replace("?", "%s") if values else query
        return self.connection.execute(words.encode(), values or None)


def connect(address: str, until: float) -> Connection:
    """A new connection that gives up at a moment of time.monotonic().

    Raises psycopg.Error, and Unavailable for a server that answers before its disk has it.
    """
    connection = Connection.connect(address, autocommit=True, **_CONNECT)
    connection.until = until
    try:
        limits = ", ".join(f"set_config('{name}', '{_LIMITS[name]}', false)" for name in _LIMITS)
        db = Session(connection)
        db.execute(f"SELECT {limits}")
        refuse_lossy(db)
    except BaseException:
        connection.close()
        raise
    return connection


def has_news(connection: Connection) -> bool:
    """Whether an idle connection has something to read: as a rule, that it was closed."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def refuse_lossy(db: Session) -> None:
    """Raise Unavailable if the server would acknowledge what its disk does not have."""
    # Its settings may change while we are connected.
    found = db.execute("SELECT " + ", ".join(f"current_setting('{name}')" for name in _DURABLE))
    for name, setting in zip(_DURABLE, found.fetchone(), strict=True):
        if setting == "off":
            raise Unavailable(f"{name}=off")


def _until(gen: PQGen[Any], connection: Connection) -> Generator[Any, Any, Any]:
    """Hand on what a generator of psycopg waits for; it is woken ten times a second."""
    try:
        state = next(gen)
        while True:
            ready = yield state
            if not ready and monotonic() > connection.until:
                raise errors.ConnectionTimeout
            state = gen.send(ready)
    except StopIteration as done:
        return done.value
