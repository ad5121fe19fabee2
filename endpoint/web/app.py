"""The endpoint: from a form to a receipt, in two steps, as one WSGI callable.

Step one checks and writes nothing. Step two stores ciphertext, mails to send and counters in one
transaction, and only then answers. No cookie, no session, no address of anyone.
"""

import json
import time
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import TextIO

from endpoint.cases.telling import Body
from endpoint.forms.definition import Definition
from endpoint.settings import Settings
from endpoint.stores.store import Store, Unavailable
from endpoint.web.desk import Desk
from endpoint.web.filing import Filing
from endpoint.web.following import Following
from endpoint.web.house import RETRY, House
from endpoint.web.limits import Limits
from endpoint.web.rating import Rating
from endpoint.web.wsgi import Reply, Request, Wsgi, callable_of


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
    house = House(settings, store, forms, body, limits or Limits())
    filing, following = Filing(house), Following(house)
    routes = {
        "/moduli/*": {"GET": filing.form, "POST": filing.check},
        "/moduli/*/conferma": {"POST": filing.confirm},
        "/sportello/*": {"GET": Desk(house).pages},
        "/ricevuta/*": {"GET": following.receipt},
        "/stato": {"GET": following.ask_state, "POST": following.state},
        "/valutazione": {"POST": Rating(house).rate},
        "/salute": {"GET": lambda request: _health(store, request)},
        "/stile.css": {"GET": _Sheet().style},
    }
    return callable_of(routes, house.refuse, clock, stream)


def style_sheet() -> str:
    """The one style sheet: the frame of our pages, and the fields as the site has them too."""
    room = files("endpoint")
    return "".join(room.joinpath(name).read_text("utf-8") for name in ("stile.css", "campi.css"))


class _Sheet:
    def __init__(self) -> None:
        self._css = style_sheet()

    def style(self, request: Request) -> Reply:
        return Reply(self._css, outcome="stile", kind="text/css; charset=utf-8")


def _health(store: Store, request: Request) -> Reply:
    """Whether a submission would be kept now, and for how many seconds a mail has waited."""
    try:
        store.check()
        oldest = store.oldest_unsent()
    except Unavailable:
        return Reply('{"stato": "non disponibile"}', 503, "salute", "application/json", RETRY)
    waits = None if oldest is None else int(request.now) - oldest
    text = json.dumps({"stato": "ok", "posta_in_attesa_da": waits})
    return Reply(text, outcome="salute", kind="application/json")
