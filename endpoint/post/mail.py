"""The letters that tell of a submission: to the office that it came, to the citizen that it is in.

They carry number, arrival and terms, never an answer, a name or the secret code. Nothing that a
citizen wrote stands in a header but the address to which the letter goes.
"""

import hmac
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from endpoint.cases.days import ZONE, long_date
from endpoint.cases.telling import Body, Rows
from endpoint.forms.definition import Definition
from endpoint.stores.store import Case, Queued

OFFICE, CITIZEN = "ufficio", "cittadino"
_STATE = "/stato"
_TO_OFFICE = """\
È arrivato un modulo.

{rows}

In questo messaggio non c'è quello che è stato scritto: è cifrato, e si apre
solo con la chiave dell'ufficio.

Per leggerlo:
1. prendi il file degli invii: lo fa il comando «carta-endpoint esporta»;
2. apri la pagina «apri-reclami.html» sul tuo computer, poi scegli il file
   degli invii e la chiave dell'ufficio;
3. dopo averlo protocollato, registralo con «carta-endpoint registra»: così
   il cittadino vede a che punto è la pratica.
"""
_TO_CITIZEN = """\
Abbiamo ricevuto il modulo che hai inviato.

{rows}

In questo messaggio non c'è quello che hai scritto, e non c'è il codice
segreto: lo hai visto alla fine dell'invio.

{state}

Se non hai inviato tu questo modulo, qualcuno ha scritto il tuo indirizzo per
sbaglio: non devi fare niente.
"""
_WITH_ADDRESS = "Con il numero e il codice puoi sapere a che punto è la pratica, qui:\n{address}"
_NO_ADDRESS = (
    "Con il numero e il codice puoi sapere a che punto è la pratica: cerca la pagina\n"
    "«A che punto è la pratica» sul sito dove hai inviato il modulo."
)
_END = "\nQuesto messaggio è automatico: non rispondere a questo indirizzo.\n"


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the letters of a body, from the address `sender`.

    `url` is where citizens see the endpoint; empty if it is not known.
    """

    body: Body
    forms: Mapping[str, Definition]
    sender: str
    url: str = ""

    def write(self, mail: Queued, recipient: str, mark: str, now: float) -> EmailMessage:
        """The letter to an address that is_email holds for; `mark` is that of letter_mark."""
        form = self.forms.get(mail.case.form)
        title = form.titolo if form else mail.case.form
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(_line(self.body.name), addr_spec=self.sender)
        message["To"] = Address(addr_spec=recipient)
        message["Subject"] = _line(f"[{title}] ricevuta {mail.case.number}")
        message["Date"] = format_datetime(datetime.fromtimestamp(int(now), UTC))
        message["Message-ID"] = f"<{mark}@{self.sender.rpartition('@')[2]}>"
        # RFC 3834: no answer «I am on holiday» to this.
        message["Auto-Submitted"] = "auto-generated"
        # Quoted: passes every server, and no line is longer than they take.
        message.set_content(self._text(mail, _line(title)), cte="quoted-printable")
        return message

    def _text(self, mail: Queued, title: str) -> str:
        case = mail.case
        arrived = datetime.fromtimestamp(case.received, ZONE)
        told = self.body.receipt(case.form, arrived.date())
        rows = [
            ("Numero di ricevuta", case.number), ("Modulo", title),
            ("Arrivato il", f"{long_date(arrived.date())}, ore {arrived:%H:%M}"), *told,
        ]  # fmt: skip
        if mail.kind == OFFICE:
            return _TO_OFFICE.format(rows=_lines(rows)) + _END
        text = _TO_CITIZEN.format(rows=_lines(rows), state=self._state())
        return text + self._ways(case) + _END + f"\n{_line(self.body.name)}\n"

    def _state(self) -> str:
        address = self.url.rstrip("/") + _STATE
        return _WITH_ADDRESS.format(address=address) if self.url else _NO_ADDRESS

    def _ways(self, case: Case) -> str:
        ways = self.body.ways(case.form)
        return f"\nPer parlare con l'ufficio:\n{_lines(ways)}\n" if ways else ""


def letter_mark(secret: bytes, id: int, queued: int) -> str:
    """The first half of a letter's Message-ID: the same at every try, and nobody can guess it.

    The time at which it was queued (Unix seconds) tells it from a letter that had the same id
    before the database was put back from an older copy.
    """
    return "carta." + hmac.digest(secret, b"lettera\0%d %d" % (id, queued), "sha256")[:16].hex()


def _lines(rows: Rows) -> str:
    return "\n".join(_row(name, text) for name, text in rows)


def _row(name: str, text: str) -> str:
    """«Name: text», or a text of several lines below its name."""
    lines = [_line(part) for part in text.splitlines()] or [""]
    return f"{_line(name)}: {lines[0]}" if len(lines) == 1 else "\n   ".join([f"{name}:", *lines])


def _line(text: str) -> str:
    """The text on one line, without the controls that would begin a header of their own."""
    kept = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return " ".join("".join(kept).split())
