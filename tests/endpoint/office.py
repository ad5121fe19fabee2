"""An office with its keys, and an export of complaints that it can open: all fictitious."""

from base64 import b64decode
from dataclasses import dataclass
from typing import Any

from pyrage.x25519 import Identity

from endpoint.office.exporting import write_export
from endpoint.sealing import seal
from endpoint.stores.store import Case

NOW = 1_800_000_000  # 15 January 2027, 9 o'clock in Rome
PHRASE = "quattro parole messe a caso"
IDENTITY = Identity.from_str(
    "AGE-SECRET-KEY-1ZRGKWD0VAL9VPQW68ZUKWQTNGMMFKXCVZWV7S0C5RQHWYY2R9Q7SEPAZ5V"
)
# IDENTITY, locked with PHRASE by another program (npm age-encryption, with little work).
KEY_FILE = b64decode(
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCA4ZG0wbDRzN3JrbmNUZXQ4U3p1em1RIDEwCnViSTFRZFQ3a2w1"
    "WlpEaGdwdUhqNEpPVFprV1BZdkh2UzZxR2d2L0NMbEEKLS0tIG1jVzBHMnlvNWNBQzcrRmlpS05jV3VJTndxcHQ4T3JZ"
    "bStQOFZWUzFHZWcKuZdGbHoU3zbytYT97A7+esNVySBK+vsmfZUWZz0B6Bcdf3ANI952fMPXXVGmmvCibLAyryU5JfHS"
    "MwCpYCzLlEim1bzE/o0cDr3zY01asSHib3WuH79lttUfnAzQxCrI9iQyBfglTjcts0izbiitZnpt7iAD4lq4n13fRKVB"
    "DJFJSsMHGM90oApZAnuchi6z/cln5cjUHeKcZ6/JNHsnLgT9hRFZozGd2ita/Wk6UHe77hHUrLY+i/1DW5nR"
)
OTHERS = Identity.from_str(
    "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
)
RECIPIENTS = (IDENTITY.to_public(), OTHERS.to_public())


@dataclass(frozen=True)
class Sent:
    """A complaint as the office is to read it."""

    number: str
    answers: dict[str, str]  # by question
    form: str = "reclamo"
    state: str = "ricevuto"
    received: int = NOW
    suspect: bool = False
    protocol: str = ""
    outcome: str = ""

    def case(self) -> Case:
        return Case(
            1, self.number, self.form, self.received, self.state, "web", self.suspect,
            self.protocol, self.outcome,
        )  # fmt: skip

    def content(self) -> dict[str, Any]:
        return {
            "numero": self.number, "modulo": self.form, "titolo": self.form.capitalize(),
            "versione": "0" * 16, "ricevuto": "2027-01-15T08:00:00+00:00", "canale": "web",
            "risposte": [
                {"campo": f"c{place}", "domanda": question, "valore": text, "risposta": text}
                for place, (question, text) in enumerate(self.answers.items())
            ],
        }  # fmt: skip


def number(place: int) -> str:
    """A receipt number for each place; not of those that have a right check character."""
    return f"LOI-{place:04}-0000-0"


def exported(*sent: Sent, recipients: tuple[Any, ...] = RECIPIENTS) -> bytes:
    """The export of some complaints, sealed one by one."""
    found = [(item.case(), seal(item.content(), recipients)) for item in sent]
    return write_export("Ente di prova", found, NOW)
