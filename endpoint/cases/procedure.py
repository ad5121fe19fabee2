"""What a body says of one form, and how its terms are told to who sent one.

What the Carta does not say is not said here either: no term, no office, no remedy by default.
"""

from dataclasses import dataclass
from datetime import date

from endpoint.cases.days import Calendar, the_day
from endpoint.cases.telling import Rows
from endpoint.cases.terms import OVERDUE, SUSPENDED, Deadline, Steps, Suspension, Term, deadlines


@dataclass(frozen=True, slots=True)
class Retention:
    """How long the content of a form is kept: days from its protocol, months from its arrival."""

    giorni_dopo_protocollo: int
    mesi_al_massimo: int


@dataclass(frozen=True, slots=True)
class Procedure:
    """Other ways to the office, what a receipt attests, remedies, terms, how long it is kept."""

    vie: Rows = ()
    ricevuta: Rows = ()
    rimedi: Rows = ()
    termini: tuple[Term, ...] = ()
    sospensione: Suspension | None = None
    conservazione: Retention | None = None
    senza_termini: str = ""

    def deadlines(
        self, calendar: Calendar, received: date, steps: Steps, today: date
    ) -> tuple[Deadline, ...]:
        """The terms of a case as they stand on a day."""
        return deadlines(self.termini, calendar, received, steps, self.sospensione, today)

    def receipt(self, calendar: Calendar, received: date) -> Rows:
        """The rows of a receipt. Of a term whose last day cannot be known its length is told."""
        found = self.deadlines(calendar, received, (), received)
        promised = [(item.term.fase, _promise(item)) for item in found]
        return (*self.ricevuta, *(promised or self._without()), *self.rimedi)

    def progress(self, calendar: Calendar, received: date, steps: Steps, today: date) -> Rows:
        """What comes next. The remedies are told once a term has passed or the case is closed."""
        if "chiuso" in dict(steps):
            return self.rimedi
        found = self.deadlines(calendar, received, steps, today)
        # As if the case stayed suspended for as long as it can.
        latest = self.deadlines(calendar, received, steps, calendar.al)
        said = [
            (now.term.fase, _stands(now, last.due))
            for now, last in zip(found, latest, strict=True)
            if now.due and not now.done
        ]
        is_late = any(item.verdict == OVERDUE for item in found)
        return (*(said or self._without()), *(self.rimedi if is_late else ()))

    def _without(self) -> Rows:
        return [("Risposta", self.senza_termini)] if self.senza_termini else []


def _promise(item: Deadline) -> str:
    """«5 giorni dal ricevimento: entro il 27 novembre 2026. Tocca a: Coordinatore.»"""
    by = f": entro {the_day(item.due)}" if item.due else ""
    who = f"Tocca a: {item.term.chi}." if item.term.chi else ""
    return " ".join(filter(None, (f"{item.term.words}{by}.", who, item.term.nota)))


def _stands(item: Deadline, latest: date | None) -> str:
    """How a term that is not met yet stands; `latest` is its last day if it stays suspended."""
    day = the_day(item.due) if item.due else ""
    if item.verdict == OVERDUE:
        return f"andava fatto entro {day}: il termine è passato"
    if item.verdict == SUSPENDED:
        last = f"; al più tardi entro {the_day(latest)}" if latest else ""
        return f"la pratica è sospesa e i giorni non si contano{last}"
    return f"entro {day}"
