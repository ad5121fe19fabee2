"""After the confirm: the receipt, and where a case has got to."""

from datetime import datetime

from endpoint.cases.days import ZONE, day_of
from endpoint.cases.submitting import WEB
from endpoint.stores.store import Case, Unavailable
from endpoint.tokens import Invalid, code_digest, read_number, receipt_number, secret_code
from endpoint.web import pages, pages_following
from endpoint.web.house import AHEAD, House, one
from endpoint.web.wsgi import Reply, Request

_SHOWN = 600  # seconds in which a receipt shows its code


class Following:
    """The handlers of the receipt and of the state of a case."""

    def __init__(self, house: House) -> None:
        self._house = house

    def receipt(self, request: Request) -> Reply:
        """The receipt of a submission; the secret code only for some minutes."""
        body = self._house.body
        try:
            token = self._house.keys.read_receipt_link(request.argument)
        except Invalid:
            return self._house.refuse(404)
        code = secret_code(token)
        try:
            case = self._house.store.find(receipt_number(token, body.prefix), code_digest(code))
        except Unavailable:
            return self._house.refuse(503)
        form = self._house.forms.get(case.form) if case else None
        if case is None or (form and form.anonimo):
            sentence = "Le risposte sono arrivate. Grazie: servono a migliorare i servizi."
            return Reply(pages.message_page(body, "Grazie", sentence), outcome="grazie")
        is_fresh = -AHEAD <= request.now - token.issued <= _SHOWN
        page = pages_following.receipt_page(
            body, case, day_of(case.received), _hour(case), form.titolo if form else case.form,
            code if is_fresh else "", f"{request.host()}/stato",
        )  # fmt: skip
        return Reply(page, outcome="ricevuta")

    def ask_state(self, request: Request) -> Reply:
        """Where number and code are asked."""
        return Reply(pages_following.state_form(self._house.body), outcome="stato")

    def state(self, request: Request) -> Reply:
        """Where a case has got to; the same answer for a wrong number and for a wrong code."""
        body = self._house.body
        if not self._house.limits.allow("stato", request.now):
            return self._house.refuse(429)
        answers = request.form()
        number = one(answers, "numero")
        try:
            case = self._house.store.find(
                read_number(number, body.prefix) or "", code_digest(one(answers, "codice"))
            )
        except Unavailable:
            return self._house.refuse(503)
        if case is None:
            page = pages_following.state_form(body, number, wrong=True)
            return Reply(page, 422, "sconosciuto")
        page = pages_following.state_page(body, case, day_of(case.received), day_of(request.now))
        return Reply(page, outcome="stato")


def _hour(case: Case) -> str:
    """The hour of arrival; of what came to the desk only the day is known."""
    if case.channel != WEB:
        return ""
    return f"{datetime.fromtimestamp(case.received, ZONE):%H:%M}"
