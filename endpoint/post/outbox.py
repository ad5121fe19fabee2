"""The outbox: every letter is sent once, and tried until it is.

A letter is leased before it is sent and marked after: whoever is killed between the two leaves one
that is sent again, with the same Message-ID. A server that is down costs a letter nothing; one that
is refused by itself waits longer each time.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from endpoint import log
from endpoint.forms.checking import is_email
from endpoint.post.delivery import Broken, Courier, Refused
from endpoint.post.mail import CITIZEN, OFFICE, Writer, letter_mark
from endpoint.post.network import Down
from endpoint.sealing import BadKey, open_sealed, own_identity
from endpoint.settings import Settings
from endpoint.stores.store import Queued, Sending, Store

GIVEN_UP = "abbandonata"
NOT_DELIVERED = "non consegnata"
_LEASE = 900  # seconds: much longer than a letter can take
_FIRST, _SLOWEST = 60, 6 * 3600  # seconds before the next try
_MOST = 240.0  # seconds for one run: the next one goes on


@dataclass(slots=True)
class Run:
    """How a run went: letters sent, letters refused, and why the server took no more."""

    sent: int = 0
    refused: int = 0
    down: str = ""


class Outbox:
    """Sends what is due in a store. `clock` gives Unix seconds."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        writer: Writer,
        courier: Courier,
        clock: Callable[[], float],
    ) -> None:
        self._store, self._writer, self._courier, self._clock = store, writer, courier, clock
        self._office = settings.mail_to
        self._keys = [(secret, own_identity(secret)) for secret in settings.secrets]

    def run(self) -> Run:
        """Send every letter that is due, one at a time. Raises Unavailable."""
        done, until, was_broken = Run(), monotonic() + _MOST, False
        try:
            while not done.down and monotonic() < until:
                mails = self._store.take(int(self._clock()), _LEASE, 1)
                if not mails:
                    break
                was_broken = self._try(mails[0], done, was_broken)
        finally:
            self._courier.close()
        return done

    def _try(self, mail: Queued, done: Run, was_broken: bool) -> bool:
        """Send one letter and mark it; whether the connection broke over it."""
        try:
            self._send(mail)
        except Down as error:
            done.down = error.reason
            self._put_back(mail, _FIRST, error.reason)
        except Refused as error:
            done.refused += 1
            self._put_back(mail, pause(mail.tries, error.is_final), error.reason)
            if isinstance(error, Broken):
                # One letter may be at fault, two are the server.
                done.down = error.reason if was_broken else ""
                return True
        else:
            self._store.sent(mail.id, int(self._clock()))
            done.sent += 1
        return False

    def _send(self, mail: Queued) -> None:
        recipient, secret = self._open(mail)
        try:
            mark = letter_mark(secret, mail.id, mail.queued)
            message = self._writer.write(mail, recipient, mark, self._clock()).as_bytes()
        except Exception as error:  # whatever it is: the other letters have to go
            raise Refused(log.place(error), is_final=True) from None
        self._courier.send(recipient, message)

    def _open(self, mail: Queued) -> tuple[str, bytes]:
        """The address of a letter, and the secret under which it was sealed."""
        address, used = "", self._keys[0][0]
        for secret, identity in self._keys:
            with suppress(BadKey):
                address, used = open_sealed(mail.recipient, identity)["indirizzo"], secret
        if mail.kind == OFFICE and self._office:
            address = self._office  # as it is now: who corrects it means the waiting ones too
        if not is_email(address):
            raise Refused("indirizzo" if address else "segreto", is_final=True)
        return address, used

    def _put_back(self, mail: Queued, seconds: int, reason: str) -> None:
        self._store.failed(mail.id, int(self._clock()) + seconds, reason)


def pause(tries: int, is_final: bool = False) -> int:
    """Seconds before the next try: a minute, doubled each time, six hours at most and at last."""
    return _SLOWEST if is_final else min(_FIRST << min(tries - 1, 20), _SLOWEST)


def give_up(store: Store, number: str, now: int) -> int:
    """Try no more to reach the citizen of a case; how many letters. The office's are never left."""
    left = [
        item for item in store.sendings()
        if item.number == number and item.kind == CITIZEN and is_troubled(item)
    ]  # fmt: skip
    for item in left:
        # In this order: whoever is killed between leaves a letter that is still tried.
        store.receipt(item.id, NOT_DELIVERED, GIVEN_UP)
        store.sent(item.id, item.sent or now)
    return len(left)


def is_troubled(item: Sending) -> bool:
    """Whether a letter waits, or came back and nobody has given it up."""
    return item.sent is None or (item.receipt == NOT_DELIVERED and item.reason != GIVEN_UP)
