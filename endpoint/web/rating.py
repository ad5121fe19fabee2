"""What a reader says of a page: a vote and a reason are counted, what is written goes sealed."""

import re
import secrets

from endpoint.cases.counting import rating
from endpoint.cases.days import day_of
from endpoint.forms.body import Refused
from endpoint.forms.checking import clean, is_plain, length
from endpoint.stores.store import Unavailable
from endpoint.web import pages
from endpoint.web.house import House, one
from endpoint.web.wsgi import Reply, Request

_PAGE = re.compile(r"[a-z0-9/._-]{0,120}")
_LONGEST = 200  # characters of the free text, as the form on the site says


class Rating:
    """The handler of the ratings."""

    def __init__(self, house: House) -> None:
        self._house = house

    def rate(self, request: Request) -> Reply:
        """Count a rating; its text, if there is any, is kept for the office alone."""
        if not self._house.limits.allow("valutazione", request.now):
            return self._house.refuse(429)
        answers = request.form()
        page, vote = one(answers, "pagina"), one(answers, "voto")
        text = clean(one(answers, "dettaglio"), many_lines=True)
        is_text = is_plain(text) and length(text) <= _LONGEST
        if vote not in ("1", "2", "3", "4", "5") or not _PAGE.fullmatch(page) or not is_text:
            raise Refused(400, "valutazione")
        reason = "pregio" if vote in ("4", "5") else "difetto"
        chosen = one(answers, reason)
        reasons = [f"{reason}-{chosen}"] if chosen in ("1", "2", "3", "4", "5") else []
        keys = rating(page, vote, reasons, day_of(request.now))
        try:
            if text:
                self._house.submitter.add_remark(page, text, keys, int(request.now))
            else:
                self._house.store.add_counts(secrets.token_bytes(32), keys, int(request.now))
        except Unavailable:
            return self._house.refuse(503)
        sentence = "La tua valutazione è arrivata."
        return Reply(
            pages.message_page(self._house.body, "Grazie", sentence), outcome="valutazione"
        )
