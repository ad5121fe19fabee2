"""What the post says of a letter: receipts of certified mail (PEC) and ordinary notices of failure.

Formats: DM 2 novembre 2005, technical rules (RFC 6109): headers X-Ricevuta and
X-Riferimento-Message-ID, `daticert.xml`; RFC 3464 for other mail. Signatures are not verified: a
provider lets nobody else put such headers on the outside of a message (it wraps what is foreign and
marks it X-Trasporto), and a Message-ID of ours cannot be guessed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from xml.parsers import expat

LONGEST = 1 << 18  # bytes of a message that is read whole: our letters are short
# Parts within parts cost the reader time for every line, and anybody can write to a mailbox.
_MOST_PARTED = 30
_LONGEST_XML = 1 << 16
# What each kind of receipt means; «presa-in-carico» goes from one provider to another.
_MEANS = {
    "accettazione": "accettata",
    "avvenuta-consegna": "consegnata",
    "non-accettazione": "non consegnata",
    "errore-consegna": "non consegnata",
    "preavviso-errore-consegna": "non consegnata",
    "rilevazione-virus": "non consegnata",
}
_ERRORS = ("no-dest", "no-dominio", "virus", "altro")
_ID = re.compile(r"<?\s*([^<>\s]{1,250}@[^<>\s]{1,250})\s*>?")
_STATUS = re.compile(r"\s*([245]\.[0-9]{1,3}\.[0-9]{1,3})\b")


@dataclass(frozen=True, slots=True)
class Receipt:
    """`means` is one of store.RECEIPTS, `about` a Message-ID without brackets, `reason` a code."""

    means: str
    about: str
    reason: str = ""


class BadXml(ValueError):
    """A daticert.xml that is not one, or that defines entities."""


def read_receipt(raw: bytes) -> Receipt | None:
    """The receipt in a whole message; None if it is none, or not one that changes anything."""
    if raw.lower().count(b"boundary") > _MOST_PARTED:
        return None
    try:
        message = message_from_bytes(raw[:LONGEST], policy=compat32)
        return _certified(message) or _bounced(message)
    except Exception:  # anybody can write to a mailbox: what cannot be read is no receipt
        return None


def read_daticert(raw: bytes) -> dict[str, str]:
    """`tipo`, `errore` and `msgid` of a daticert.xml. Raises BadXml."""
    if len(raw) > _LONGEST_XML:
        raise BadXml
    found: dict[str, str] = {}
    path: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        path.append(name)
        if len(path) == 1 and name == "postacert":
            found.update({key: attributes.get(key, "") for key in ("tipo", "errore")})

    def text(data: str) -> None:
        if path == ["postacert", "dati", "msgid"]:
            found["msgid"] = found.get("msgid", "") + data

    def doctype(name: str, system: str | None, public: str | None, has_subset: int) -> None:
        # Some providers name the DTD of the rules, which is not read; entities need a subset.
        if has_subset or name != "postacert":
            raise BadXml

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.CharacterDataHandler = start, text
    parser.EndElementHandler = lambda name: path.pop() and None
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(raw, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise BadXml from None
    if "tipo" not in found:
        raise BadXml
    return found


def _certified(message: Message) -> Receipt | None:
    kind = _header(message, "X-Ricevuta").lower()
    # What others sent comes wrapped in a message of the provider, which has this header.
    if not kind or _header(message, "X-Trasporto"):
        return None
    about, error = _header(message, "X-Riferimento-Message-ID"), ""
    for part in _own_parts(message):
        try:
            data = read_daticert(_bytes(part)) if "xml" in part.get_content_type() else {}
        except BadXml:
            continue
        if data:
            kind, about, error = data["tipo"], data.get("msgid") or about, data["errore"]
            break
    means, found = _MEANS.get(kind), _ID.fullmatch(about.strip())
    if not means or not found:
        return None
    reason = " ".join([kind, *([error] if error in _ERRORS else [])])
    return Receipt(means, found[1], reason if means == "non consegnata" else "")


def _bounced(message: Message) -> Receipt | None:
    """A notice that ordinary mail failed, also when a certified mailbox wrapped it."""
    for report in message.walk():
        if report.get_content_type() == "multipart/report":
            parts = list(report.walk())
            failed = next((part for part in parts if _is_failure(part)), None)
            about = next((found for part in parts[1:] if (found := _original(part))), "")
            if failed is not None and about:
                status = _STATUS.match(_header(failed, "Status"))
                return Receipt("non consegnata", about, status[1] if status else "respinta")
    return None


def _is_failure(part: Message) -> bool:
    return _header(part, "Action").strip().lower() == "failed"


def _original(part: Message) -> str:
    """The Message-ID of the letter that a notice carries, whole or its headers alone."""
    if part.get_content_type() == "text/rfc822-headers":
        part = message_from_bytes(_bytes(part), policy=compat32)
    found = _ID.fullmatch(_header(part, "Message-ID").strip())
    return found[1] if found else ""


def _own_parts(message: Message) -> Iterator[Message]:
    """The parts of a message, but not those of messages that it carries."""
    if message.get_content_maintype() != "multipart":
        yield message
        return
    for part in message.get_payload():
        if isinstance(part, Message):
            yield from _own_parts(part)


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _header(message: Message, name: str) -> str:
    return str(message.get(name, "")).strip()
