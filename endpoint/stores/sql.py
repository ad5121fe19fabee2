"""How a store speaks to its database, in the SQL that SQLite and PostgreSQL share.

A `?` stands for a value. `sql_submissions` and `sql_letters` have the statements.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from itertools import groupby
from typing import Any, Protocol

from endpoint.stores.store import Case

_CASE = "s.id, s.number, s.form, s.received, s.state, s.channel, s.suspect, s.protocol, s.outcome"


class Rows(Protocol):
    """What a statement found, and how many rows it changed."""

    @property
    def rowcount(self) -> int: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def __iter__(self) -> Iterator[Any]: ...


class Database(Protocol):
    """A connection that nobody else has."""

    def execute(self, query: str, values: Sequence[Any] = (), /) -> Rows: ...


class SqlStore(ABC):
    """What an adapter brings: connections, transactions, and what is left in its files."""

    # What keeps two senders from waiting for each other, where there is more than one writer.
    skip_locked = ""

    @abstractmethod
    def _write(self) -> AbstractContextManager[Database]:
        """One transaction, committed on the way out and rolled back if anything goes wrong."""

    @abstractmethod
    def _read(self) -> AbstractContextManager[Database]:
        """A connection for one statement, or some that need not agree."""

    @abstractmethod
    def _wipe(self) -> None:
        """Take what was deleted out of the files. Raises Unavailable."""


def read_cases(
    db: Database, where: str, values: Sequence[object], more: str = "NULL"
) -> Iterator[tuple[Case, Any]]:
    """The cases, the oldest first, each with one more column; one statement, so one moment."""
    rows = db.execute(
        f"SELECT {_CASE}, {more}, t.state, t.day"
        " FROM submission s LEFT JOIN step t ON t.submission = s.id"
        f" WHERE {where} ORDER BY s.received, s.id, t.day, t.id", values,
    )  # fmt: skip
    for row, steps in groupby(rows, lambda row: row[:-2]):
        days = tuple((state, date.fromisoformat(day)) for *_, state, day in steps if state)
        id, number, form, received, state, channel, suspect, protocol, outcome, other = row
        yield (
            Case(
                id, number, form, received, state, channel, bool(suspect), protocol, outcome, days
            ),
            other,
        )


def marks(values: Sequence[object]) -> str:
    """What stands for the values in «IN (…)», which PostgreSQL does not take empty."""
    return ",".join("?" * len(values)) or "NULL"


def insert(db: Database, table: str, rows: Sequence[Sequence[object]], then: str = "") -> None:
    """All rows in one statement: a server elsewhere answers once."""
    if rows:
        places = ",".join(f"({marks(row)})" for row in rows)
        db.execute(f"INSERT INTO {table} VALUES {places}{then}", [v for row in rows for v in row])


def count(db: Database, keys: Iterable[str]) -> None:
    """Add one to a counter for each key; in one order, so that two writers never wait crosswise."""
    then = " ON CONFLICT (key) DO UPDATE SET n = counter.n + excluded.n"
    insert(db, "counter (key, n)", sorted(Counter(keys).items()), then)
