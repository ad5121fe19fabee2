"""Reading a mailbox for what the post says of our letters: looks, marks as seen, deletes nothing.

A mailbox may be the office's own: messages that are not about our letters are left as they are.
Reading it twice changes nothing more.
"""

import imaplib
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from endpoint.post.imap import fetch, opened
from endpoint.post.mail import letter_mark
from endpoint.post.outbox import GIVEN_UP
from endpoint.post.pec import LONGEST, Receipt, read_receipt
from endpoint.servers import Server
from endpoint.stores.store import Sending, Store

_WINDOW = 10 * 86_400  # seconds: the post says within a day or five that it failed
_CHUNK = 200  # messages whose headers are asked for at once
_HEAD = 4096  # bytes of them: what is longer is not from a provider
_MOST_NOTICES = 100  # of ordinary failures: these must be read whole to know whose they are
_FIELDS = "X-RICEVUTA X-TRASPORTO X-RIFERIMENTO-MESSAGE-ID CONTENT-TYPE"
# Not by strftime: it would give them in the language of the machine.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class _Found:
    """A message in the mailbox: what its headers say before it is read."""

    uid: str
    arrived: float
    is_seen: bool
    size: int
    head: bytes


def poll(server: Server, store: Store, secrets: Sequence[bytes], now: int) -> int:
    """Keep in the store what the mailbox says of letters; how many changed. Raises Down."""
    letters = _letters(store, secrets, now)
    if not letters:
        return 0
    told: dict[int, Receipt] = {}
    with opened(server) as mailbox:
        read = [
            (found, receipt)
            for found in _candidates(mailbox, now)
            if (receipt := _read(mailbox, found, letters))
        ]
        for found, receipt in read:
            letter = letters[_mark(receipt.about)]
            # What was seen before the letter went is about an earlier sending of it.
            if not (found.is_seen and found.arrived < (letter.sent or 0)):
                _note(told, letter, receipt)
        changed = [item for item in {*letters.values()} if _differs(item, told.get(item.id))]
        for item in changed:
            store.receipt(item.id, told[item.id].means, told[item.id].reason)
        if new := [found.uid for found, _ in read if not found.is_seen]:
            mailbox.uid("STORE", ",".join(new), "+FLAGS.SILENT", r"(\Seen)")
    return len(changed)


def _letters(store: Store, secrets: Sequence[bytes], now: int) -> dict[str, Sending]:
    """The letters of which something may be said, by their mark under each secret."""
    return {
        letter_mark(secret, item.id, item.queued): item
        for item in store.sendings()
        if item.sent is not None and item.sent > now - _WINDOW and item.reason != GIVEN_UP
        for secret in secrets
    }


def _note(told: dict[int, Receipt], letter: Sending, receipt: Receipt) -> None:
    """The last word counts, but «accettata» is only ever the first."""
    if receipt.means != "accettata" or not (letter.receipt or letter.id in told):
        told[letter.id] = receipt


def _differs(letter: Sending, receipt: Receipt | None) -> bool:
    return receipt is not None and receipt.means != letter.receipt


def _candidates(mailbox: imaplib.IMAP4, now: int) -> list[_Found]:
    """The messages that may be about letters of ours, in the order of their arrival."""
    day = datetime.fromtimestamp(now - _WINDOW, UTC) - timedelta(days=1)
    since = f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"
    _, data = mailbox.uid("SEARCH", "SINCE", since)
    uids = [uid.decode() for line in data if line for uid in line.split()]
    found = [
        item
        for start in range(0, len(uids), _CHUNK)
        for item in _headers(mailbox, uids[start : start + _CHUNK])
    ]
    notices = [item for item in found if _is_notice(item)][-_MOST_NOTICES:]
    certified = [item for item in found if b"x-riferimento" in item.head.lower()]
    return sorted({*notices, *certified}, key=lambda item: int(item.uid))


def _is_notice(item: _Found) -> bool:
    head = item.head.lower()
    return b"multipart/report" in head or re.search(rb"x-trasporto:\s*errore", head) is not None


def _headers(mailbox: imaplib.IMAP4, uids: Sequence[str]) -> Iterator[_Found]:
    what = f"(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS ({_FIELDS})]<0.{_HEAD}>)"
    for said, head in fetch(mailbox, ",".join(uids), what):
        uid, size = re.search(rb"UID (\d+)", said), re.search(rb"RFC822\.SIZE (\d+)", said)
        day = imaplib.Internaldate2tuple(said)
        if uid and size and day:
            is_seen = rb"\seen" in said.lower()
            yield _Found(uid[1].decode(), time.mktime(day), is_seen, int(size[1]), head)


def _read(mailbox: imaplib.IMAP4, found: _Found, letters: Mapping[str, Sending]) -> Receipt | None:
    """The receipt in a message, if it is about a letter of ours; of others little is read."""
    told = read_receipt(found.head)
    if (told and _mark(told.about) not in letters) or (not told and not _is_notice(found)):
        return None
    # Of what is too long the headers say enough.
    if found.size <= LONGEST:
        whole = next((body for _, body in fetch(mailbox, found.uid, "(UID BODY.PEEK[])")), b"")
        told = read_receipt(whole) or told
    return told if told and _mark(told.about) in letters else None


def _mark(about: str) -> str:
    """The part of a Message-ID that is ours: the domain changes with the sender."""
    return about.rpartition("@")[0]
