"""The keys of the counters: what the yearly figures are made of, with no way back to a submission.

A key is a month and what is counted, joined by bars: «2026-11|reclamo|comune|servizio|categoria|
canale», with nothing between the bars where the form does not ask; of an anonymous form one key for
each answer, «2026-11|questionario|campo|valore», so that no two answers can be put together again.
"""

from datetime import date

from endpoint.checking import Values
from endpoint.definition import Definition

_CATEGORY = "categoria"


def counts(form: Definition, values: Values, day: date, channel: str) -> list[str]:
    """The counters that a submission adds one to."""
    month = f"{day:%Y-%m}"
    if form.anonimo:
        return [f"{month}|{form.id}", *_answers(form, values, month)]
    kinds = [_chosen(form, values, tipo=kind) for kind in ("comune", "servizio")]
    cell = [month, form.id, *kinds, _chosen(form, values, name=_CATEGORY), channel]
    return ["|".join(cell)]


def rating(page: str, vote: str, reasons: list[str], day: date) -> list[str]:
    """The counters of a rating of a page, and of each reason that was given."""
    start = f"{day:%Y-%m}|valutazione|{page}"
    return [f"{start}|{vote}", *(f"{start}|{vote}|{reason}" for reason in reasons)]


def _answers(form: Definition, values: Values, month: str) -> list[str]:
    keys = []
    for field in form.campi:
        value = values.get(field.id, "")
        given = value if isinstance(value, tuple) else (value,)
        keys += [f"{month}|{form.id}|{field.id}|{v}" for v in given if v and field.opzioni]
    return keys


def _chosen(form: Definition, values: Values, tipo: str = "", name: str = "") -> str:
    for field in form.campi:
        if field.opzioni and (field.tipo == tipo or field.id == name):
            value = values.get(field.id, "")
            return value if isinstance(value, str) else ""
    return ""
