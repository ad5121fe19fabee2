"""Which step of the office may follow which, and on what day.

A step that was recorded can be corrected; no new one follows the closing. The outcomes are ours:
the Carta names none, and free text about a person must not stand on the page of a case.
"""

from datetime import date

from endpoint.cases.days import day_of, long_date, the_day
from endpoint.cases.terms import BEYOND, LATE, MET, OVERDUE, Deadline
from endpoint.stores.store import STATES, Case

OUTCOMES = ("accolto", "accolto in parte", "non accolto", "ritirato", "archiviato")
# What is no complaint at all (a trial, an advertisement) may be closed without a protocol number.
_FILED_AWAY = "archiviato"
# After which steps each may come; the last that was recorded counts.
_AFTER = {
    "protocollato": ("ricevuto",),
    "convocato": ("protocollato", "ripreso"),
    "sospeso": ("protocollato", "convocato"),
    "ripreso": ("sospeso",),
    "chiuso": ("protocollato", "convocato", "sospeso", "ripreso"),
}


class BadStep(ValueError):
    """A step that cannot be recorded; the message is Italian."""


def check_step(case: Case, state: str, day: date, today: date, outcome: str = "") -> None:
    """Raise BadStep unless the step can be recorded: new, or instead of the same one."""
    if not is_correction(case, state):
        _check_order(case, state, outcome)
    before, after = _around(case, state)
    said = the_day(day).capitalize()
    if day > today:
        raise BadStep(f"{said} deve ancora venire: controlla il giorno.")
    if day < before[1]:
        raise BadStep(
            f"{said} è prima di «{before[0]}» ({long_date(before[1])}): controlla il giorno."
        )
    if after and day > after[1]:
        raise BadStep(f"{said} è dopo «{after[0]}» ({long_date(after[1])}): controlla il giorno.")


def is_correction(case: Case, state: str) -> bool:
    """Whether the step was already recorded."""
    return state in dict(case.steps)


def last_step(case: Case) -> tuple[str, date]:
    """The last step that was recorded: the arrival if there is none."""
    return case.steps[-1] if case.steps else (STATES[0], day_of(case.received))


def closing_key(
    day: date, form: str, service: str, category: str, outcome: str, in_time: str
) -> str:
    """The counter that a closing adds one to; `in_time` as `kept` says it."""
    return "|".join((f"{day:%Y-%m}", "chiuso", form, service, category, outcome, in_time))


def kept(found: tuple[Deadline, ...]) -> str:
    """Whether a closed case kept its terms: «entro», «oltre», empty if that cannot be said."""
    verdicts = {item.verdict for item in found if item.term.is_watched}
    if verdicts & {LATE, OVERDUE}:
        return "oltre"
    return "entro" if MET in verdicts and BEYOND not in verdicts else ""


def _check_order(case: Case, state: str, outcome: str) -> None:
    last = last_step(case)[0]
    if last == "chiuso":
        raise BadStep("È già chiuso: un passo nuovo non si può registrare, solo correggere.")
    if last in _AFTER[state] or (state == "chiuso" and outcome == _FILED_AWAY):
        return
    if last == STATES[0]:
        raise BadStep(
            "Non è ancora protocollato: registra prima «protocollato», con --protocollo. Senza "
            f"protocollo si può solo chiudere con --esito {_FILED_AWAY}."
        )
    if last == "sospeso":
        raise BadStep("È sospeso: registra prima «ripreso».")
    raise BadStep(f"Dopo «{last}» non viene «{state}»: controlla lo stato.")


def _around(case: Case, state: str) -> tuple[tuple[str, date], tuple[str, date] | None]:
    """The steps before and after the one with this state, if it is there; else the last one."""
    steps = ((STATES[0], day_of(case.received)), *case.steps)
    names = [name for name, _ in steps]
    place = names.index(state) if state in names else len(steps)
    return steps[place - 1], steps[place + 1] if place + 1 < len(steps) else None
