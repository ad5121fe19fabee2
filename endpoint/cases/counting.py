"""The keys of the counters: what the yearly figures are made of, with no way back to a submission.

A key is a month and what is counted, joined by bars: «2026-11|reclamo|comune|servizio|categoria|
canale», with nothing between the bars where the form does not ask; of an anonymous form one key for
each answer, «2026-11|questionario|campo|valore», so that no two answers can be put together again.
"""

from datetime import date

from endpoint.forms.checking import Values
from endpoint.forms.definition import Definition, Field

# What readers say of the pages: its counters begin with it, and its texts are kept under it.
RATING = "valutazione"
COMUNE, SERVICE, CATEGORY = "comune", "servizio", "categoria"


def counts(form: Definition, values: Values, day: date, channel: str) -> list[str]:
    """The counters that a submission adds one to."""
    month = f"{day:%Y-%m}"
    if form.anonimo:
        return [f"{month}|{form.id}", *_answers(form, values, month)]
    cell = (_chosen(field, values) for field in counted(form).values())
    return ["|".join([month, form.id, *cell, channel])]


def counted(form: Definition) -> dict[str, Field | None]:
    """The fields whose answers are counted, in the order of the key: COMUNE, SERVICE, CATEGORY."""
    chosen = [field for field in form.campi if field.opzioni]
    found = {kind: [f for f in chosen if f.tipo == kind] for kind in (COMUNE, SERVICE)}
    found[CATEGORY] = [field for field in chosen if field.id == CATEGORY]
    return {name: fields[0] if fields else None for name, fields in found.items()}


def rating(page: str, vote: str, reasons: list[str], day: date) -> list[str]:
    """The counters of a rating of a page, and of each reason that was given."""
    start = f"{day:%Y-%m}|{RATING}|{page}"
    return [f"{start}|{vote}", *(f"{start}|{vote}|{reason}" for reason in reasons)]


def _answers(form: Definition, values: Values, month: str) -> list[str]:
    keys = []
    for field in form.campi:
        value = values.get(field.id, "")
        given = value if isinstance(value, tuple) else (value,)
        keys += [f"{month}|{form.id}|{field.id}|{v}" for v in given if v and field.opzioni]
    return keys


def _chosen(field: Field | None, values: Values) -> str:
    value = values.get(field.id, "") if field else ""
    return value if isinstance(value, str) else ""
