"""Opening an export with a private key: on the office's computer, never on the server.

The page endpoint/apri/ does the same in a browser, with the same columns and the same cells.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pyrage.x25519 import Identity  # type: ignore[import-untyped]  # it has no types

from endpoint.cases.days import ZONE
from endpoint.office.exporting import Sealed
from endpoint.sealing import BadKey, open_sealed

HEADINGS = (
    ("numero", "Numero"), ("modulo", "Modulo"), ("ricevuto", "Ricevuto"), ("stato", "Stato"),
    ("canale", "Canale"), ("sospetto", "Sospetto"), ("protocollo", "Protocollo"),
    ("esito", "Esito"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to a question, in the words of the form."""

    field: str
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A submission in clear: what the server knows of it (its time is Italian), and its answers."""

    known: dict[str, str]
    answers: tuple[Answer, ...]


def open_all(entries: Iterable[Sealed], identity: Identity) -> tuple[list[Opened], list[str]]:
    """Those that the key opens, and the numbers of those that it does not."""
    opened, closed = [], []
    for entry in entries:
        try:
            opened.append(_open(entry, identity))
        except (BadKey, ValueError, TypeError, KeyError):
            closed.append(entry.known["numero"])
    return opened, closed


def table(items: Sequence[Opened]) -> list[list[str]]:
    """A row of headings, then one row a submission; a column for each question that was asked."""
    asked = list(dict.fromkeys((a.field, a.question) for item in items for a in item.answers))
    words = [question for _, question in asked]
    titles = [f"{q} ({field})" if words.count(q) > 1 else q for field, q in asked]
    rows = [[title for _, title in HEADINGS] + titles]
    for item in items:
        given = {(a.field, a.question): a.text for a in item.answers}
        known = [item.known[key] for key, _ in HEADINGS]
        rows.append(known + [given.get(question, "") for question in asked])
    return rows


def as_text(item: Opened) -> str:
    """A submission to read on a screen or on paper; control characters are left out."""
    lines = [f"{title}: {item.known[key]}" for key, title in HEADINGS if item.known[key]]
    for answer in item.answers:
        lines += ["", answer.question, *(f"    {line}" for line in answer.text.split("\n"))]
    return "\n".join(_harmless(line) for line in lines) + "\n"


def _open(entry: Sealed, identity: Identity) -> Opened:
    values = open_sealed(entry.sealed, identity)
    if values["numero"] != entry.known["numero"]:
        raise ValueError("another submission's ciphertext")
    answers = tuple(
        Answer(str(a["campo"]), str(a["domanda"]), str(a["risposta"])) for a in values["risposte"]
    )
    return Opened(entry.known | {"ricevuto": _italian(entry.known["ricevuto"])}, answers)


def _italian(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(ZONE):%Y-%m-%d %H:%M}"


def _harmless(line: str) -> str:
    # A terminal obeys some of them (Cc), others turn what is read around (Cf).
    return "".join(c for c in line if c == "\t" or unicodedata.category(c) not in ("Cc", "Cf"))
