"""From checked answers to a stored submission: sealed, with its mails and counters, all at once."""

from datetime import UTC, date, datetime
from secrets import token_bytes
from typing import Any

from endpoint.cases.counting import RATING, counts
from endpoint.forms.checking import Values
from endpoint.forms.definition import Definition
from endpoint.forms.render import shown
from endpoint.sealing import own_identity, seal
from endpoint.settings import Settings
from endpoint.stores.store import Letter, Store, Submission
from endpoint.tokens import Token, code_digest, nonce_digest, receipt_number, secret_code

WEB = "web"


class Submitter:
    """What stores submissions, whatever the channel by which they came."""

    def __init__(self, settings: Settings, store: Store, prefix: str) -> None:
        self._store, self._prefix = store, prefix
        self._recipients = settings.recipients
        self._secret = settings.secrets[0]
        self._own = own_identity(settings.secrets[0]).to_public()
        self._office = settings.mail_to

    def add(
        self,
        form: Definition,
        token: Token,
        values: Values,
        now: int,
        today: date,
        suspect: bool = False,
        channel: str = WEB,
        received: int = 0,
    ) -> bool:
        """Store a submission durably; False if its visit was stored before. Raises Unavailable.

        `received` is when it reached the office, if that was before now: terms run from then, and
        `today` is that day.
        Of an anonymous form only the counters, and the free texts if there are any: these alone,
        so that they are not joined to the other answers.
        """
        keys = counts(form, values, today, channel)
        if form.anonimo:
            values = _texts(form, values)
            if not values:
                return self._store.add_counts(nonce_digest(token), keys, now)
        number = receipt_number(token, self._prefix)
        came = received or now
        sealed = seal(content(form, values, number, came, channel), self._recipients)
        item = Submission(
            nonce_digest(token), number, code_digest(secret_code(token)), form.id, form.versione,
            came, channel, sealed, suspect, now,
        )  # fmt: skip
        return self._store.add(item, self._letters(form, values), keys)

    def add_remark(self, page: str, text: str, keys: list[str], now: int) -> None:
        """Keep what a reader wrote of a page, as the free text of an anonymous form is kept."""
        token = Token(now, token_bytes(16), RATING, "", self._secret)
        number = receipt_number(token, self._prefix)
        told = {
            "numero": number, "modulo": RATING, "titolo": "Valutazione di una pagina",
            "versione": "", "ricevuto": datetime.fromtimestamp(now, UTC).isoformat(), "canale": WEB,
            "risposte": [
                {"campo": "pagina", "domanda": "Pagina", "valore": page, "risposta": page},
                {"campo": "dettaglio", "domanda": "Vuoi aggiungere altro?", "valore": text,
                 "risposta": text},
            ],
        }  # fmt: skip
        item = Submission(
            nonce_digest(token), number, code_digest(secret_code(token)), RATING, "", now, WEB,
            seal(told, self._recipients),
        )  # fmt: skip
        self._store.add(item, [], keys)

    def _letters(self, form: Definition, values: Values) -> list[Letter]:
        if form.anonimo:
            return []
        # An address that is asked under a condition is another person's.
        own = [f.id for f in form.campi if f.tipo == "email" and not f.se and values.get(f.id)]
        to = [("ufficio", self._office), ("cittadino", str(values[own[0]]) if own else "")]
        return [
            Letter(kind, seal({"indirizzo": address}, [self._own]))
            for kind, address in to
            if address
        ]


def content(
    form: Definition, values: Values, number: str, now: int, channel: str
) -> dict[str, Any]:
    """What is sealed: enough to read it years later without the form, questions included."""
    asked = [field for field in form.campi if field.id in values]
    return {
        "numero": number, "modulo": form.id, "titolo": form.titolo, "versione": form.versione,
        "ricevuto": datetime.fromtimestamp(now, UTC).isoformat(), "canale": channel,
        "risposte": [
            {"campo": f.id, "domanda": f.etichetta, "valore": values[f.id],
             "risposta": shown(f, values[f.id])} for f in asked
        ],
    }  # fmt: skip


def _texts(form: Definition, values: Values) -> Values:
    return {f.id: values[f.id] for f in form.campi if not f.opzioni and values.get(f.id)}
