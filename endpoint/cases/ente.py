"""The body that receives the forms, as `carta export forms` compiles it: read strictly."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from endpoint.cases import shapes
from endpoint.cases.days import Calendar, day_of
from endpoint.cases.procedure import Procedure, Retention
from endpoint.cases.shapes import Optional, WrongShape
from endpoint.cases.telling import Rows
from endpoint.cases.terms import CLOSING, STARTS, Deadline, Suspension, Term
from endpoint.forms.definition import version_of
from endpoint.stores.store import Case

BODY_FILE = "ente.json"
_FORMAT = 1
_AGAIN = "Rifai l'export con «carta export forms»."


class BadBody(ValueError):
    """Data of a body that cannot be used; the message is Italian."""


@dataclass(frozen=True, slots=True)
class Ente:
    """The body: what the pages say of it (see pages.Body), and the terms it has to keep."""

    name: str
    prefix: str
    site: str
    calendar: Calendar
    procedures: Mapping[str, Procedure]

    def procedure(self, form: str) -> Procedure:
        """What it says of a form; nothing of a form that it does not name."""
        return self.procedures.get(form, Procedure())

    def deadlines(self, case: Case, today: date) -> tuple[Deadline, ...]:
        """The terms of a case as they stand today."""
        told, received = self.procedure(case.form), day_of(case.received)
        return told.deadlines(self.calendar, received, case.steps, today)

    def ways(self, form: str) -> Rows:
        """See pages.Body."""
        return self.procedure(form).vie

    def receipt(self, form: str, received: date) -> Rows:
        """See pages.Body."""
        return self.procedure(form).receipt(self.calendar, received)

    def progress(self, case: Case, today: date) -> Rows:
        """See pages.Body."""
        told, received = self.procedure(case.form), day_of(case.received)
        return told.progress(self.calendar, received, case.steps, today)


def read_body(data: Mapping[str, Any], site: str = "") -> Ente:
    """The body in compiled data; `site`, if given, wins over its own address. Raises BadBody."""
    if not isinstance(data, Mapping) or data.get("formato", _FORMAT) != _FORMAT:
        raise BadBody(f"{BODY_FILE} è di un'altra versione di questo programma. {_AGAIN}")
    try:
        if data.get("versione") != version_of(data):
            raise BadBody(f"{BODY_FILE} è stato cambiato dopo «carta export forms». {_AGAIN}")
        body: Ente = _read(data, "")
    except UnicodeEncodeError:  # half of a character, which JSON can write
        raise BadBody(f"{BODY_FILE} non è un testo intero. {_AGAIN}") from None
    except WrongShape as error:
        raise BadBody(f"In {BODY_FILE} {error}. {_AGAIN}") from None
    _check(body)
    return replace(body, site=site or body.site)


def _ente(
    nome: str, prefisso: str, sito: str, calendario: Calendar, moduli: Mapping[str, Procedure],
    formato: int, versione: str,
) -> Ente:  # fmt: skip
    return Ente(nome, prefisso, sito, calendario, moduli)


_TERM = shapes.record(
    Term,
    fase=shapes.name,
    giorni=shapes.number,
    lavorativi=Optional(shapes.flag),
    decorrenza=Optional(shapes.text),
    decorre_da=Optional(shapes.among(STARTS)),
    chi=Optional(shapes.text),
    nota=Optional(shapes.text),
    si_chiude_con=Optional(shapes.among(CLOSING)),
)
_SUSPENSION = shapes.record(Suspension, giorni=shapes.number, lavorativi=shapes.flag)
_RETENTION = shapes.record(
    Retention, giorni_dopo_protocollo=shapes.number, mesi_al_massimo=shapes.number
)
_PROCEDURE = shapes.record(
    Procedure,
    vie=shapes.rows,
    ricevuta=shapes.rows,
    rimedi=shapes.rows,
    termini=shapes.listed(_TERM),
    sospensione=shapes.nullable(_SUSPENSION),
    conservazione=shapes.nullable(_RETENTION),
    senza_termini=shapes.text,
)
_CALENDAR = shapes.record(
    Calendar,
    dal=shapes.day,
    al=shapes.day,
    sabato_lavorativo=shapes.nullable(shapes.flag),
    festivi=shapes.listed(shapes.day, frozenset),
)
_read = shapes.record(
    _ente,
    formato=shapes.number,
    versione=shapes.text,
    nome=shapes.name,
    prefisso=shapes.like("[A-Z]{2,4}", "di due, tre o quattro lettere maiuscole"),
    sito=shapes.like(r"|https?://[^\s/]\S*", "un indirizzo con https://, o vuoto"),
    calendario=_CALENDAR,
    moduli=shapes.mapping(_PROCEDURE),
)


def _check(body: Ente) -> None:
    calendar = body.calendar
    if calendar.dal >= calendar.al:
        raise BadBody(f"In {BODY_FILE} il calendario finisce prima di cominciare. {_AGAIN}")
    for told in body.procedures.values():
        working = any(term.lavorativi for term in told.termini)
        working |= bool(told.sospensione and told.sospensione.lavorativi)
        if working and calendar.sabato_lavorativo is None:
            raise BadBody(
                "Un termine è in giorni lavorativi, ma non è detto se il sabato lo è: scrivi "
                f"reclami.sabato_lavorativo in carta.yml. {_AGAIN}"
            )
