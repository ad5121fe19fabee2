"""A step of the office, written to the store: checked, counted once, told back as it now stands."""

from dataclasses import dataclass, replace
from datetime import date

from endpoint.cases.ente import Ente
from endpoint.cases.steps import check_step, closing_key, is_correction, kept, last_step
from endpoint.cases.terms import Deadline
from endpoint.stores.store import Case, Store


@dataclass(frozen=True, slots=True)
class Step:
    """What the office did and when; `note` is the protocol number, or the outcome of a closing.

    Service and category, by their ids, are what staff understood by reading: for the figures.
    """

    state: str
    day: date
    note: str = ""
    service: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The case after the step, with its terms; whether the step replaced the same one."""

    case: Case
    is_correction: bool
    deadlines: tuple[Deadline, ...]


def record(store: Store, body: Ente, case: Case, step: Step, today: date) -> Recorded:
    """Record a step, or correct one. Raises BadStep, or Unavailable."""
    outcome = step.note if step.state == "chiuso" else ""
    check_step(case, step.state, step.day, today, outcome)
    corrected = is_correction(case, step.state)
    steps = tuple((dict(case.steps) | {step.state: step.day}).items())
    changed = replace(case, steps=steps)
    found = body.deadlines(changed, today)
    # What was counted at the first closing cannot be told from the rest, nor taken away.
    is_counted = step.state == "chiuso" and not corrected
    counts = [_key(case, step, kept(found))] if is_counted else []
    store.step(case.number, step.state, step.day, step.note, counts)
    last, day = last_step(case)
    if corrected and last != step.state:
        # The store takes what was written last for the state of the case.
        store.step(case.number, last, day, case.outcome)
    return Recorded(changed, corrected, found)


def _key(case: Case, step: Step, in_time: str) -> str:
    return closing_key(step.day, case.form, step.service, step.category, step.note, in_time)
