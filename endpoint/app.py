"""The endpoint: from a form to a receipt, in two steps, as one WSGI callable.

Step one checks and writes nothing. Step two stores ciphertext, mails to send and counters in one
transaction, and only then answers. No cookie, no session, no address of anyone.
"""

import json
import re
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime
from importlib.resources import files
from typing import TextIO
from zoneinfo import ZoneInfo

from endpoint import log, pages
from endpoint.body import Answers, Refused
from endpoint.checking import Values, check, clean
from endpoint.counting import rating
from endpoint.definition import Definition
from endpoint.limits import RETRY_AFTER, Limits, is_suspect
from endpoint.pages import Body
from endpoint.render import HONEYPOT, TOKEN, VERSION
from endpoint.settings import Settings
from endpoint.store import Store, Unavailable
from endpoint.submitting import Submitter
from endpoint.tokens import (
    Invalid,
    Keys,
    Token,
    code_digest,
    read_number,
    receipt_number,
    secret_code,
)
from endpoint.web import Reply, Request, Wsgi, callable_of

_VALID = 24 * 3600  # seconds in which a check page can be confirmed
_SHOWN = 600  # seconds in which a receipt shows its code
_AHEAD = 300  # seconds by which the clock may have been put back
_ZONE = ZoneInfo("Europe/Rome")
_ACTION = "azione"
_OURS = (TOKEN, VERSION, HONEYPOT, _ACTION)
_PAGE = re.compile(r"[a-z0-9/._-]{0,120}")
_RETRY = (("Retry-After", str(RETRY_AFTER)),)
_CHANGED = "Il modulo è cambiato da quando l'hai aperto. Le risposte sono rimaste: controllale."
_EXPIRED = "È passato troppo tempo da quando hai aperto questa pagina. Rileggi e invia di nuovo."
_FOREIGN = "La richiesta non veniva da questa pagina. Rileggi le risposte e invia da qui."
_BUSY = "In questo momento non possiamo ricevere il modulo: le tue risposte non sono state inviate."
_MANY = "Stanno arrivando troppi moduli insieme: le tue risposte non sono state inviate."
_REFUSALS = {
    400: ("Richiesta non valida", "I dati non sono arrivati interi. Torna indietro e riprova."),
    404: ("Pagina non trovata", "Questo indirizzo non c'è. Controlla come è scritto."),
    405: ("Richiesta non valida", "Questa pagina non si può usare così."),
    413: ("Testo troppo lungo", "Il modulo è troppo lungo. Torna indietro e accorcia i testi."),
    415: ("Richiesta non valida", "I dati vanno inviati con il modulo di questo sito."),
    429: ("Troppe richieste", "Aspetta un minuto e riprova."),
    500: ("Errore", "Qualcosa non ha funzionato. Torna indietro e riprova."),
    503: ("Servizio non disponibile", "In questo momento non si può. Riprova fra un minuto."),
}


def make_app(
    settings: Settings,
    store: Store,
    forms: Mapping[str, Definition],
    body: Body,
    clock: Callable[[], float] = time.time,
    limits: Limits | None = None,
    stream: TextIO | None = None,
) -> Wsgi:
    """The WSGI callable; `clock` gives Unix seconds, the log goes to `stream` or standard error."""
    app = App(settings, store, forms, body, limits or Limits())
    routes = {
        "/moduli/*": {"GET": app.form, "POST": app.check},
        "/moduli/*/conferma": {"POST": app.confirm},
        "/ricevuta/*": {"GET": app.receipt},
        "/stato": {"GET": app.ask_state, "POST": app.state},
        "/valutazione": {"POST": app.rate},
        "/salute": {"GET": app.health},
        "/stile.css": {"GET": app.style},
    }
    return callable_of(routes, app.refuse, clock, stream)


class App:
    """The handlers of the routes: a request in, a reply out."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        forms: Mapping[str, Definition],
        body: Body,
        limits: Limits,
    ) -> None:
        self._keys = Keys(*settings.secrets)
        self._store, self._forms, self._body, self._limits = store, forms, body, limits
        self._submitter = Submitter(settings, store, body.prefix)
        self._css = files("endpoint").joinpath("stile.css").read_text("utf-8")

    def form(self, request: Request) -> Reply:
        """The empty form."""
        return Reply(pages.form_page(self._body, self._definition(request)), outcome="modulo")

    def check(self, request: Request) -> Reply:
        """Step one: the answers to be read again, or the form with what is to be mended."""
        form = self._definition(request)
        answers = request.form()
        is_old = answers.get(VERSION, (form.versione,)) != (form.versione,)
        _refuse_strangers(form, answers, is_old)
        values, errors = check(form, answers, _day(request.now))
        if is_old:
            page = pages.form_page(self._body, form, _kept(form, answers), errors, _CHANGED)
            return Reply(page, 409, "versione")
        if errors:
            page = pages.form_page(self._body, form, _kept(form, answers), errors)
            return Reply(page, 422, "errori")
        return self._to_check(request, form, values, _one(answers, HONEYPOT))

    def confirm(self, request: Request) -> Reply:
        """Step two: the submission is stored, then acknowledged."""
        form = self._definition(request)
        answers = request.form()
        token = self._token(answers, form)
        is_old = token is not None and token.version != form.versione
        _refuse_strangers(form, answers, is_old)
        kept, trap = _kept(form, answers), _one(answers, HONEYPOT)
        if _one(answers, _ACTION) == "modifica":
            return Reply(pages.form_page(self._body, form, kept), outcome="modifica")
        values, errors = check(form, answers, _day(request.now))
        is_expired = token is None or not -_AHEAD <= request.now - token.issued <= _VALID
        if token and request.is_ours() and (is_old or is_expired) and self._is_known(token):
            return self._to_receipt(request, token, "ripetuto")
        if is_old or errors:
            note = _CHANGED if is_old else ""
            page = pages.form_page(self._body, form, kept, errors, note)
            return Reply(page, 409 if is_old else 422, "versione" if is_old else "errori")
        if not request.is_ours():
            return self._to_check(request, form, values, trap, _FOREIGN, 403)
        if token is None or is_expired:
            return self._to_check(request, form, values, trap, _EXPIRED, 409)
        return self._store_it(request, form, token, values, trap)

    def receipt(self, request: Request) -> Reply:
        """The receipt of a submission; the secret code only for some minutes."""
        try:
            token = self._keys.read_receipt_link(request.argument)
        except Invalid:
            return self.refuse(404)
        code = secret_code(token)
        try:
            number = receipt_number(token, self._body.prefix)
            case = self._store.find(number, code_digest(code))
        except Unavailable:
            return self.refuse(503)
        form = self._forms.get(case.form) if case else None
        if case is None or (form and form.anonimo):
            sentence = "Le risposte sono arrivate. Grazie: servono a migliorare i servizi."
            return Reply(pages.message_page(self._body, "Grazie", sentence), outcome="grazie")
        is_fresh = -_AHEAD <= request.now - token.issued <= _SHOWN
        moment = datetime.fromtimestamp(case.received, _ZONE)
        page = pages.receipt_page(
            self._body, case, moment.date(), f"{moment:%H:%M}", form.titolo if form else case.form,
            code if is_fresh else "",
        )  # fmt: skip
        return Reply(page, outcome="ricevuta")

    def ask_state(self, request: Request) -> Reply:
        """Where number and code are asked."""
        return Reply(pages.state_form(self._body), outcome="stato")

    def state(self, request: Request) -> Reply:
        """Where a case has got to; the same answer for a wrong number and for a wrong code."""
        if not self._limits.allow("stato", request.now):
            return self.refuse(429)
        answers = request.form()
        number = _one(answers, "numero")
        try:
            case = self._store.find(
                read_number(number, self._body.prefix) or "", code_digest(_one(answers, "codice"))
            )
        except Unavailable:
            return self.refuse(503)
        if case is None:
            return Reply(pages.state_form(self._body, number, wrong=True), 422, "sconosciuto")
        page = pages.state_page(self._body, case, _day(case.received), _day(request.now))
        return Reply(page, outcome="stato")

    def rate(self, request: Request) -> Reply:
        """Count what a reader says of a page; free text is not kept."""
        if not self._limits.allow("valutazione", request.now):
            return self.refuse(429)
        answers = request.form()
        page, vote = _one(answers, "pagina"), _one(answers, "voto")
        if vote not in ("1", "2", "3", "4", "5") or not _PAGE.fullmatch(page):
            raise Refused(400, "valutazione")
        reason = "pregio" if vote in ("4", "5") else "difetto"
        chosen = _one(answers, reason)
        reasons = [f"{reason}-{chosen}"] if chosen in ("1", "2", "3", "4", "5") else []
        keys = rating(page, vote, reasons, _day(request.now))
        try:
            self._store.add_counts(secrets.token_bytes(32), keys, int(request.now))
        except Unavailable:
            return self.refuse(503)
        sentence = "La tua valutazione è arrivata."
        return Reply(pages.message_page(self._body, "Grazie", sentence), outcome="valutazione")

    def health(self, request: Request) -> Reply:
        """Whether a submission would be kept now, and for how many seconds a mail has waited."""
        try:
            self._store.check()
            oldest = self._store.oldest_unsent()
        except Unavailable:
            return Reply('{"stato": "non disponibile"}', 503, "salute", "application/json", _RETRY)
        waits = None if oldest is None else int(request.now) - oldest
        text = json.dumps({"stato": "ok", "posta_in_attesa_da": waits})
        return Reply(text, outcome="salute", kind="application/json")

    def style(self, request: Request) -> Reply:
        """The one style sheet."""
        return Reply(self._css, outcome="stile", kind="text/css; charset=utf-8")

    def refuse(self, status: int) -> Reply:
        """The page of an error that is not the citizen's answers."""
        title, sentence = _REFUSALS[status]
        headers = _RETRY if status in (429, 503) else ()
        page = pages.message_page(self._body, title, sentence)
        return Reply(page, status, title.lower(), headers=headers)

    def _store_it(
        self, request: Request, form: Definition, token: Token, values: Values, trap: str
    ) -> Reply:
        now = request.now
        if not self._limits.allow(form.id, now):
            return self._later(request, form, values, trap, 429, _MANY)
        suspect = is_suspect(trap, token.issued, now)
        try:
            is_new = self._submitter.add(form, token, values, int(now), _day(now), suspect)
        except Exception as error:  # whatever it is: nothing was acknowledged, the answers are here
            request.entry.outcome = log.place(error)
            return self._later(request, form, values, trap, 503, _BUSY)
        return self._to_receipt(request, token, "ricevuto" if is_new else "ripetuto")

    def _later(
        self, request: Request, form: Definition, values: Values, trap: str, status: int, why: str
    ) -> Reply:
        # The same token: if the first try was kept after all, the second one finds it.
        again = _one(request.form(), TOKEN)
        page = pages.busy_page(self._body, form, values, again, trap, why)
        return Reply(page, status, "rinviato", headers=_RETRY)

    def _definition(self, request: Request) -> Definition:
        form = self._forms.get(request.argument)
        if form is None:
            raise Refused(404, "modulo sconosciuto")
        request.entry.form = form.id
        return form

    def _token(self, answers: Answers, form: Definition) -> Token | None:
        try:
            token = self._keys.read(_one(answers, TOKEN))
        except Invalid:
            return None
        return token if token.form == form.id else None

    def _is_known(self, token: Token) -> bool:
        number = receipt_number(token, self._body.prefix)
        try:
            return self._store.find(number, code_digest(secret_code(token))) is not None
        except Unavailable:
            return False

    def _to_check(
        self,
        request: Request,
        form: Definition,
        values: Values,
        trap: str,
        note: str = "",
        status: int = 200,
    ) -> Reply:
        token = self._keys.issue(int(request.now), form.id, form.versione)
        page = pages.check_page(self._body, form, values, token, trap, note)
        return Reply(page, status, "controllo" if status == 200 else "da ripetere")

    def _to_receipt(self, request: Request, token: Token, outcome: str) -> Reply:
        link = self._keys.receipt_link(token, int(request.now))
        return Reply("", 303, outcome, headers=(("Location", f"/ricevuta/{link}"),))


def _refuse_strangers(form: Definition, answers: Answers, is_old: bool) -> None:
    """Raise Refused for names that the form does not have; an older version may have had them."""
    known = {field.id for field in form.campi}
    strangers = answers.keys() - known - set(_OURS)
    if (strangers and not is_old) or any(len(answers.get(name, ())) > 1 for name in _OURS):
        raise Refused(400, "campi")


def _kept(form: Definition, answers: Answers) -> Values:
    """What was written in every field, also in those that are not asked."""
    kept: Values = {}
    for field in form.campi:
        given = tuple(
            clean(text, field.tipo == "testo_lungo") for text in answers.get(field.id, ())
        )
        many = field.tipo == "scelta_multipla"
        kept[field.id] = given if many else next(iter(given), "")
    return kept


def _one(answers: Answers, name: str) -> str:
    return next(iter(answers.get(name, ())), "")


def _day(now: float) -> date:
    return datetime.fromtimestamp(now, _ZONE).date()
