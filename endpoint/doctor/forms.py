"""What was exported: forms, body, calendar, and how long everything is kept."""

from collections.abc import Iterator
from datetime import timedelta

from endpoint.cases.days import long_date
from endpoint.context import Context
from endpoint.doctor.finding import ERROR, FINE, WARNING, Finding

_CALENDAR_LEFT = timedelta(days=183)
_AGAIN = "Rifai l'export con «carta export forms» e riavvia il programma."


def forms(context: Context) -> Iterator[Finding]:
    """Each form with its version."""
    for form in context.forms.values():
        yield Finding("moduli", FINE, f"«{form.titolo}» ({form.id}), versione {form.versione}.")


def body(context: Context) -> Iterator[Finding]:
    """The body, and how far its calendar goes."""
    body, today = context.body, context.today
    yield Finding("ente", FINE, f"{body.name}, ricevute {body.prefix}-….")
    left, last = body.calendar.al - today, long_date(body.calendar.al)
    if left < timedelta(0):
        yield Finding("calendario", ERROR, f"I giorni festivi si sanno fino al {last}.", _AGAIN)
    elif left < _CALENDAR_LEFT:
        yield Finding("calendario", WARNING, f"I giorni festivi si sanno fino al {last}.", _AGAIN)
    else:
        yield Finding("calendario", FINE, f"I giorni festivi si sanno fino al {last}.")
    terms = [term for told in body.procedures.values() for term in told.termini]
    if body.calendar.sabato_lavorativo is None and any(term.lavorativi for term in terms):
        yield Finding(
            "calendario", ERROR, "Ci sono termini in giorni lavorativi, ma non si sa del sabato.",
            "Scrivi «sabato_lavorativo» in content/carta.yml e rifai l'export.",
        )  # fmt: skip


def site(context: Context) -> Iterator[Finding]:
    """Whether the pages lead back to the site."""
    if context.body.site:
        yield Finding("sito", FINE, f"Le pagine riportano a {context.body.site}")
    else:
        yield Finding(
            "sito", WARNING, "Le pagine non hanno il collegamento per tornare al sito.",
            "Scrivi in CARTA_SITE l'indirizzo del sito.",
        )  # fmt: skip


def retention(context: Context) -> Iterator[Finding]:
    """How long each form is kept."""
    for form in context.forms.values():
        if told := context.body.procedure(form.id).conservazione:
            said = (
                f"«{form.titolo}» si cancella {told.giorni_dopo_protocollo} giorni dopo il "
                f"protocollo, e al più tardi dopo {told.mesi_al_massimo} mesi."
            )
            yield Finding("conservazione", FINE, said)
        else:
            yield Finding(
                "conservazione", WARNING, f"Di «{form.titolo}» non si sa quando cancellarlo.",
                f"Scrivi «conservazione» in content/forms/{form.id}.yml e rifai l'export.",
            )  # fmt: skip
