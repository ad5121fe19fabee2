"""When the terms of a case fall due: pure functions of days, of the calendar and of the steps.

A term that runs from the phase before it runs from the day that was closed or, as long as it was
not, from its last day. While a case is suspended no day is counted and nothing falls due; what was
done before stays as it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from endpoint.cases.days import Calendar, days_words

# From where a term can run. What happened before the filing only the citizen knows.
FACT, FILING, PREVIOUS = STARTS = ("fatto", "presentazione", "fase_precedente")
# The steps that can close a term, in their order: a later one does the work of an earlier.
CLOSING = ("protocollato", "convocato", "chiuso")
RUNNING, SUSPENDED, OVERDUE, MET, LATE = (
    "in corso",
    "sospeso",
    "scaduto",
    "rispettato",
    "in ritardo",
)
BEYOND = "oltre il calendario"

Steps = Iterable[tuple[str, date]]


@dataclass(frozen=True, slots=True)
class Term:
    """A term as the Carta has it; with `si_chiude_con` it is watched, else only told."""

    fase: str
    giorni: int
    lavorativi: bool = False
    decorrenza: str = ""
    decorre_da: str = ""
    chi: str = ""
    nota: str = ""
    si_chiude_con: str = ""

    @property
    def is_watched(self) -> bool:
        """Whether a step closes it."""
        return bool(self.si_chiude_con)

    @property
    def words(self) -> str:
        """«30 giorni lavorativi dalla segnalazione»."""
        return " ".join(filter(None, (days_words(self.giorni, self.lavorativi), self.decorrenza)))


@dataclass(frozen=True, slots=True)
class Suspension:
    """How long a case may stand still, at most."""

    giorni: int
    lavorativi: bool = False


@dataclass(frozen=True, slots=True)
class Deadline:
    """A term of one case: the last day, the day it was met, and how that stands.

    `due` is None if the term runs from what the server does not know (`verdict` is empty) or if
    the calendar does not reach it (BEYOND). Any other term that is not watched has no verdict.
    """

    term: Term
    due: date | None
    done: date | None
    verdict: str

    @property
    def is_open(self) -> bool:
        """Whether it is watched and the office still has to do it."""
        return self.term.is_watched and self.done is None and self.verdict != ""


def deadlines(
    terms: Sequence[Term],
    calendar: Calendar,
    received: date,
    steps: Steps,
    suspension: Suspension | None,
    today: date,
) -> tuple[Deadline, ...]:
    """Every term of a case, in the order of the Carta, as it stands today."""
    days = dict(steps)
    paused, is_paused = _pause(calendar, days, suspension, today)
    found: list[Deadline] = []
    for term in terms:
        start, why = _start(term, received, found[-1] if found else None)
        done = _done(term, days)
        # What was done before the suspension was due as if there had been none.
        still = frozenset() if done and done <= days.get("sospeso", done) else paused
        due = calendar.due(start, term.giorni, term.lavorativi, still) if start else None
        why = BEYOND if start and not due else why
        found.append(Deadline(term, due, done, why or _verdict(term, due, done, today, is_paused)))
    return tuple(found)


def overtaken(
    terms: Sequence[Term], calendar: Calendar, year: int, suspension: Suspension | None = None
) -> dict[tuple[str, str], int]:
    """On how many filing days of a year a term falls due before one that the Carta names before it.

    By the names of the two, as (before, after); nothing where that never happens. With a
    suspension: as if each case were suspended on the day of filing, for as long as it can be.
    """
    counted: dict[tuple[str, str], int] = {}
    for number in range((date(year + 1, 1, 1) - date(year, 1, 1)).days):
        filed = date(year, 1, 1) + timedelta(number)
        steps = [("sospeso", filed)] if suspension else []
        found = deadlines(terms, calendar, filed, steps, suspension, calendar.al)
        for before, after in combinations(found, 2):
            # What follows another phase and is not watched may as well come later.
            is_firm = before.term.is_watched or before.term.decorre_da == FILING
            if is_firm and before.due and after.due and after.due < before.due:
                pair = before.term.fase, after.term.fase
                counted[pair] = counted.get(pair, 0) + 1
    return counted


def longest_pause(calendar: Calendar, first: date, suspension: Suspension) -> date:
    """The last day on which a case that was suspended on a day may stand still."""
    if suspension.lavorativi:
        return calendar.due(first, suspension.giorni, lavorativi=True) or calendar.al
    return first + timedelta(suspension.giorni)


def _start(term: Term, received: date, before: Deadline | None) -> tuple[date | None, str]:
    """The day a term runs from; if that is not known, the verdict that follows."""
    if term.decorre_da == FILING:
        return received, ""
    if term.decorre_da == PREVIOUS and before:
        known = before.done or before.due
        return known, "" if known or before.verdict != BEYOND else BEYOND
    return None, ""


def _done(term: Term, days: Mapping[str, date]) -> date | None:
    if not term.is_watched:
        return None
    later = CLOSING[CLOSING.index(term.si_chiude_con) :]
    return next((days[state] for state in later if state in days), None)


def _verdict(term: Term, due: date | None, done: date | None, today: date, is_paused: bool) -> str:
    if due is None or not term.is_watched:
        return ""
    if done:
        return MET if done <= due else LATE
    if today > due:
        return OVERDUE
    return SUSPENDED if is_paused else RUNNING


def _pause(
    calendar: Calendar, days: Mapping[str, date], suspension: Suspension | None, today: date
) -> tuple[frozenset[date], bool]:
    """The days on which a case stood still, and whether it does so today."""
    first = days.get("sospeso")
    if first is None or suspension is None:
        return frozenset(), False
    ended = days.get("ripreso") or days.get("chiuso")
    last = longest_pause(calendar, first, suspension)
    end = min(ended or today, last)
    still = frozenset(first + timedelta(number) for number in range(1, (end - first).days + 1))
    return still, not ended and today <= last
