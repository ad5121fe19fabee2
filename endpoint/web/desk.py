"""The desk: complaints that came by voice, telephone, paper or mail enter through the same form.

The address of its pages holds a signed key, which opens them to whoever has it: the office keeps it
as it keeps its own keys. The day on which a complaint reached the office is the one from which the
terms run, so it is what `Submission.received` holds; when it was typed is no fact of the case.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from endpoint.cases.days import ZONE, day_of
from endpoint.cases.submitting import WEB
from endpoint.forms.body import Refused
from endpoint.forms.checking import Error, Values, read_date
from endpoint.forms.definition import Definition, Field, Option
from endpoint.web import pages_filing
from endpoint.web.house import House
from endpoint.web.wsgi import Reply, Request

# How a complaint reaches the office; what providers report themselves («gestore») is imported.
CHANNELS: Mapping[str, str] = {
    WEB: "Dal sito",
    "sportello": "Di persona, allo sportello",
    "telefono": "Per telefono",
    "posta": "Per posta",
    "email": "Per e-mail",
    "pec": "Per PEC",
}
DESK, CHANNEL, RECEIVED = "_d", "_c", "_g"
_OLDEST = 60  # days: whatever was longer on the way is no slip of the pen
_GROUP = "Per chi lavora allo sportello"
_TOO_OLD = f"Il giorno è troppo lontano: al massimo {_OLDEST} giorni fa. Controlla l'anno."
_FIELDS = (
    Field(
        CHANNEL, "Come è arrivato", "scelta", True, _GROUP,
        opzioni=tuple(Option(name, said) for name, said in CHANNELS.items() if name != WEB),
        mancante="Scegli come è arrivato.", formato="Scegli come è arrivato.",
    ),
    Field(
        RECEIVED, "Ricevuto il", "data", False, _GROUP,
        "Solo se è arrivato prima di oggi: i termini contano da quel giorno. Scrivi giorno, mese e "
        "anno: per esempio 27/3/2026.",
        formato="Il giorno non è giusto: scrivi giorno, mese e anno, e non un giorno futuro.",
    ),
)  # fmt: skip


class Desk:
    """The pages that only the desk knows."""

    def __init__(self, house: House) -> None:
        self._house = house

    def pages(self, request: Request) -> Reply:
        """The list of the forms, or one of them with the questions for the desk."""
        key, _, name = request.argument.partition("/")
        if not self._house.keys.read_desk_key(key):
            raise Refused(404, "sportello")
        if not name:
            page = pages_filing.desk_page(self._house.body, self._house.forms.values(), key)
            return Reply(page, outcome="sportello")
        form = asked(self._house.definition(request, name))
        page = pages_filing.form_page(self._house.body, form, own={DESK: key})
        return Reply(page, outcome="modulo")


def asked(form: Definition) -> Definition:
    """The form as the desk sees it. Of an anonymous one nobody asks how or when it came."""
    return form if form.anonimo else replace(form, campi=(*_FIELDS, *form.campi))


def too_old(values: Values, errors: list[Error], today: date) -> list[Error]:
    """The error of a day of arrival that is too far back, unless it has one already."""
    day = read_date(str(values.get(RECEIVED, "")))
    if day is None or any(error.campo == RECEIVED for error in errors):
        return []
    return [Error(RECEIVED, _TOO_OLD)] if day < today - timedelta(_OLDEST) else []


def channel(values: Values) -> str:
    """The channel of checked values."""
    return str(values.get(CHANNEL) or WEB)


def received(values: Values, now: float) -> float:
    """When it reached the office: now, or at noon of the day that the desk wrote."""
    day = read_date(str(values.get(RECEIVED, "")))
    if day is None or day == day_of(now):
        return now
    return datetime.combine(day, time(12), ZONE).timestamp()
