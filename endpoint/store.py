"""What a store of submissions can do: one protocol, two adapters (SQLite, PostgreSQL).

A store holds ciphertext and what the terms are counted from; it never sees an answer in clear.
Times are Unix seconds, days are ISO dates.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

STATES = ("ricevuto", "protocollato", "convocato", "chiuso")


class Unavailable(Exception):
    """The store cannot write now (full, locked, down): nothing was acknowledged, try again."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One form as it is stored. `nonce` and `code` are digests; `sealed` is age ciphertext."""

    nonce: bytes
    number: str
    code: bytes
    form: str
    version: str
    received: int
    channel: str
    sealed: bytes
    suspect: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to send. `recipient` is sealed for the endpoint itself: an address is a person's."""

    kind: str
    recipient: bytes


@dataclass(frozen=True, slots=True)
class Case:
    """Where a submission has got to: what the citizen and the list of terms may know of it."""

    id: int
    number: str
    form: str
    received: int
    state: str
    channel: str
    suspect: bool
    protocol: str = ""
    outcome: str = ""
    steps: tuple[tuple[str, date], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Queued:
    """A mail in the outbox: how often it was tried, and its Message-ID, equal at every try."""

    id: int
    case: Case
    kind: str
    recipient: bytes
    tries: int
    queued: int


class Store(Protocol):
    """All that the endpoint asks of a database.

    Every method is one transaction and may be called by any thread; each raises Unavailable, after
    five seconds at most when somebody else keeps the database.
    """

    def add(self, item: Submission, letters: Iterable[Letter], counts: Iterable[str]) -> bool:
        """Keep a submission, its mails and its counters, durably. False if its nonce is known.

        Raises Unavailable also when the number is another's (once in a million million): a new
        visit to the check page draws another.
        """

    def add_counts(self, nonce: bytes, counts: Iterable[str], now: int) -> bool:
        """Count an anonymous answer that is not kept. False if it was counted already.

        Nonces are forgotten after two days.
        """

    def find(self, number: str, code: bytes) -> Case | None:
        """The case with this number whose code has this digest."""

    def cases(self, states: Iterable[str] = STATES) -> Iterator[Case]:
        """Every case in some states, the oldest first."""

    def step(self, number: str, state: str, day: date, note: str = "") -> bool:
        """Record a step of the office: the new state, its day, protocol number or outcome."""

    def sealed(self, since: int = 0) -> Iterator[tuple[Case, bytes]]:
        """Every submission that is still kept, with its ciphertext."""

    def take(self, now: int, lease: int, most: int) -> list[Queued]:
        """Mails that are due, kept from other senders for `lease` seconds."""

    def sent(self, id: int, now: int) -> None:
        """Mark a mail as handed over."""

    def failed(self, id: int, again: int, reason: str) -> None:
        """Put a mail back, to be tried again at a time."""

    def oldest_unsent(self) -> int | None:
        """When the oldest mail that waits was queued."""

    def counters(self, year: int) -> dict[str, int]:
        """The counters of a year, by key."""

    def erase(self, before: date, oldest: int) -> int:
        """Erase the ciphertext of what was filed before a day, and of all older than a time.

        Their mails go with it. Returns how many; nothing of them is left in the files of the
        database. Raises Unavailable too when it is erased but somebody's reading keeps a copy in
        the log: the next call wipes it.
        """

    def forget(self, before: int) -> int:
        """Delete what is left (number, dates, steps) of erased submissions older than a time.

        Returns how many; the counters stay.
        """

    def check(self) -> None:
        """Raise Unavailable unless a write would now be durable."""

    def close(self) -> None: ...
