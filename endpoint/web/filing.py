"""Filing a form: the form, the page where the answers are read again, the confirm.

The same way for who writes from home and for the desk, which is asked two questions more.
"""

from endpoint import log
from endpoint.cases.days import day_of
from endpoint.forms.body import Answers, Refused
from endpoint.forms.checking import Error, Values
from endpoint.forms.render import HONEYPOT, TOKEN, VERSION
from endpoint.stores.store import Unavailable
from endpoint.tokens import Invalid, Token, code_digest, receipt_number, secret_code
from endpoint.web import desk, pages_filing
from endpoint.web.desk import DESK
from endpoint.web.house import AHEAD, RETRY, House, one
from endpoint.web.limits import is_suspect
from endpoint.web.visit import ACTION, Visit
from endpoint.web.wsgi import Reply, Request

_VALID = 24 * 3600  # seconds in which a check page can be confirmed
_CHANGED = "Il modulo è cambiato da quando l'hai aperto. Le risposte sono rimaste: controllale."
_EXPIRED = "È passato troppo tempo da quando hai aperto questa pagina. Rileggi e invia di nuovo."
_FOREIGN = "La richiesta non veniva da questa pagina. Rileggi le risposte e invia da qui."
_BUSY = "In questo momento non possiamo ricevere il modulo: le tue risposte non sono state inviate."
_MANY = "Stanno arrivando troppi moduli insieme: le tue risposte non sono state inviate."


class Filing:
    """The handlers of a form."""

    def __init__(self, house: House) -> None:
        self._house = house

    def form(self, request: Request) -> Reply:
        """The empty form."""
        form = self._house.definition(request, request.argument)
        return Reply(pages_filing.form_page(self._house.body, form), outcome="modulo")

    def check(self, request: Request) -> Reply:
        """Step one: the answers to be read again, or the form with what is to be mended."""
        visit = self._visit(request)
        version = one(visit.answers, VERSION) or visit.form.versione
        is_old = version != visit.form.versione
        visit.refuse_strangers(is_old)
        values, errors = visit.check(day_of(request.now))
        if is_old or errors:
            return self._again(visit, errors, is_old)
        return self._to_check(request, visit, values)

    def confirm(self, request: Request) -> Reply:
        """Step two: the submission is stored, then acknowledged."""
        visit = self._visit(request)
        token = self._token(visit.answers, visit.form.id)
        is_old = token is not None and token.version != visit.form.versione
        visit.refuse_strangers(is_old)
        if one(visit.answers, ACTION) == "modifica":
            page = pages_filing.form_page(
                self._house.body, visit.asked, visit.kept, own=visit.own()
            )
            return Reply(page, outcome="modifica")
        values, errors = visit.check(day_of(request.now))
        is_expired = token is None or not -AHEAD <= request.now - token.issued <= _VALID
        if token and request.is_ours() and (is_old or is_expired) and self._is_known(token):
            return self._to_receipt(request, token, "ripetuto")
        if is_old or errors:
            return self._again(visit, errors, is_old)
        if not request.is_ours():
            return self._to_check(request, visit, values, _FOREIGN, 403)
        if token is None or is_expired:
            return self._to_check(request, visit, values, _EXPIRED, 409)
        return self._store_it(request, visit, token, values)

    def _visit(self, request: Request) -> Visit:
        form = self._house.definition(request, request.argument)
        answers = request.form()
        if DESK not in answers:
            return Visit(form, form, answers)
        if not self._house.keys.read_desk_key(one(answers, DESK)):
            raise Refused(404, "sportello")
        return Visit(form, desk.asked(form), answers)

    def _again(self, visit: Visit, errors: list[Error], is_old: bool) -> Reply:
        note, own = _CHANGED if is_old else "", visit.own()
        page = pages_filing.form_page(
            self._house.body, visit.asked, visit.kept, errors, note, own
        )  # fmt: skip
        return Reply(page, 409 if is_old else 422, "versione" if is_old else "errori")

    def _to_check(
        self, request: Request, visit: Visit, values: Values, note: str = "", status: int = 200
    ) -> Reply:
        form = visit.form
        token = self._house.keys.issue(int(request.now), form.id, form.versione)
        own = {TOKEN: token, **visit.own(HONEYPOT)}
        page = pages_filing.check_page(self._house.body, visit.asked, values, own, note)
        return Reply(page, status, "controllo" if status == 200 else "da ripetere")

    def _store_it(self, request: Request, visit: Visit, token: Token, values: Values) -> Reply:
        now, form = request.now, visit.form
        if not self._house.limits.allow(form.id, now):
            return self._later(visit, values, 429, _MANY)
        suspect = is_suspect(one(visit.answers, HONEYPOT), token.issued, now)
        received = desk.received(values, now)
        try:
            is_new = self._house.submitter.add(
                form, token, visit.filed(values), int(now), day_of(received), suspect,
                desk.channel(values), int(received),
            )  # fmt: skip
        except Exception as error:  # whatever it is: nothing was acknowledged, the answers are here
            request.entry.outcome = log.place(error)
            return self._later(visit, values, 503, _BUSY)
        return self._to_receipt(request, token, "ricevuto" if is_new else "ripetuto")

    def _later(self, visit: Visit, values: Values, status: int, why: str) -> Reply:
        # The same token: if the first try was kept after all, the second one finds it.
        own = visit.own(TOKEN, HONEYPOT)
        page = pages_filing.busy_page(self._house.body, visit.asked, values, own, why)
        return Reply(page, status, "rinviato", headers=RETRY)

    def _token(self, answers: Answers, form: str) -> Token | None:
        try:
            token = self._house.keys.read(one(answers, TOKEN))
        except Invalid:
            return None
        return token if token.form == form else None

    def _is_known(self, token: Token) -> bool:
        number = receipt_number(token, self._house.body.prefix)
        try:
            return self._house.store.find(number, code_digest(secret_code(token))) is not None
        except Unavailable:
            return False

    def _to_receipt(self, request: Request, token: Token, outcome: str) -> Reply:
        link = self._house.keys.receipt_link(token, int(request.now))
        return Reply("", 303, outcome, headers=(("Location", f"/ricevuta/{link}"),))
