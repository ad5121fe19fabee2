"""What a store of submissions can do: one protocol, two adapters (SQLite, PostgreSQL).

A store holds ciphertext and what the terms are counted from; it never sees an answer in clear.
Times are Unix seconds, days are ISO dates.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

# In their order, as far as there is one: a case may be closed without a meeting, and is suspended
# and taken up again once at most.
STATES = ("ricevuto", "protocollato", "convocato", "sospeso", "ripreso", "chiuso")
# What the post says of a letter by certified mail after it was handed over.
RECEIPTS = ("accettata", "consegnata", "non consegnata")


class Unavailable(Exception):
    """The store cannot write now (full, locked, down): nothing was acknowledged, try again."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One form as it is stored. `nonce` and `code` are digests; `sealed` is age ciphertext.

    `received` is when it reached the office, from which terms run; `stored` when it is written
    here, if that is later: its mails wait from then.
    """

    nonce: bytes
    number: str
    code: bytes
    form: str
    version: str
    received: int
    channel: str
    sealed: bytes
    suspect: bool = False
    stored: int = 0


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


@dataclass(frozen=True, slots=True)
class Sending:
    """How a mail stands: times in Unix seconds, `receipt` one of RECEIPTS or empty."""

    id: int
    number: str
    kind: str
    tries: int
    queued: int
    due: int
    sent: int | None
    reason: str
    receipt: str


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

    def step(
        self, number: str, state: str, day: date, note: str = "", counts: Iterable[str] = ()
    ) -> bool:
        """Record a step of the office, and add to counters. False if there is no such case.

        `note` is the protocol number of «protocollato», the outcome of «chiuso».
        """

    def sealed(self, since: int = 0) -> Iterator[tuple[Case, bytes]]:
        """Every submission that is still kept, with its ciphertext."""

    def take(self, now: int, lease: int, most: int) -> list[Queued]:
        """Mails that are due, kept from other senders for `lease` seconds."""

    def sent(self, id: int, now: int) -> None:
        """Mark a mail as handed over."""

    def failed(self, id: int, again: int, reason: str) -> None:
        """Put a mail back, to be tried again at a time."""

    def sendings(self, since: int = 0) -> list[Sending]:
        """Every mail that was queued since a time, sent or not, the oldest first."""

    def receipt(self, id: int, receipt: str, reason: str = "") -> bool:
        """Keep what the post says of a mail that was handed over. False if there is none."""

    def again(self, number: str, now: int) -> int:
        """Let the unsent mails of a case start afresh: due now, as if never tried. How many.

        So too those that were handed over but came back («non consegnata»), if their address is
        still known: that of the kind «ufficio» always is, it stands in the settings.
        """

    def oldest_unsent(self) -> int | None:
        """When the oldest mail that waits was queued."""

    def counters(self, year: int) -> dict[str, int]:
        """The counters of a year, by key."""

    def erase(self, form: str, before: date, oldest: int) -> int:
        """Erase the ciphertext of a form's submissions: filed before a day, or older than a time.

        «Filed» is their step «protocollato». Their mails go with it. Returns how many; nothing of
        them is left in the files of the database. Raises Unavailable too when it is erased but
        somebody's reading keeps a copy in the log: the next call wipes it.
        """

    def erase_one(self, number: str) -> bool:
        """Erase the ciphertext and the mails of one submission. False if there was none (any more).

        See `erase`.
        """

    def forget(self, before: int, keep: Iterable[str] = ()) -> int:
        """Delete what is left (number, dates, steps) of erased submissions older than a time.

        Those with a number in `keep` stay. Returns how many; the counters stay.
        """

    def check(self) -> None:
        """Raise Unavailable unless a write would now be durable."""

    def close(self) -> None: ...
