"""What the office still has to do and by when: the open cases with their terms, as data.

Numbers, days and states only: the endpoint cannot read what was sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from endpoint.cases.counting import RATING
from endpoint.cases.ente import Ente
from endpoint.cases.terms import OVERDUE, Deadline
from endpoint.forms.definition import Definition
from endpoint.stores.store import STATES, Case, Store

COLUMNS = (
    "scade", "giorni", "numero", "modulo", "stato", "protocollo", "termine", "verdetto", "a_chi",
    "sospetto",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A term of one case that is not met yet; `title` is that of the form."""

    case: Case
    title: str
    deadline: Deadline

    def data(self, today: date) -> dict[str, Any]:
        """Its COLUMNS; `giorni` are those that are left, negative if it has passed."""
        case, item = self.case, self.deadline
        values = (
            item.due and item.due.isoformat(), item.due and (item.due - today).days, case.number,
            self.title, case.state, case.protocol, item.term.fase, item.verdict, item.term.chi,
            case.suspect,
        )  # fmt: skip
        return dict(zip(COLUMNS, values, strict=True))


@dataclass(frozen=True, slots=True)
class Agenda:
    """The terms by their last day, unknown ones at the end; how many open cases have none."""

    entries: Sequence[Entry]
    without: int

    @property
    def overdue(self) -> int:
        """How many terms have passed."""
        return sum(item.deadline.verdict == OVERDUE for item in self.entries)

    def within(self, days: int, today: date) -> "Agenda":
        """What has passed, falls due in so many days, or cannot be known."""
        near = [
            item
            for item in self.entries
            if item.deadline.due is None or (item.deadline.due - today).days <= days
        ]
        return Agenda(near, self.without)


def agenda(store: Store, forms: Mapping[str, Definition], body: Ente, today: date) -> Agenda:
    """Every open case as it stands today; of an anonymous form nobody waits for an answer."""
    entries: list[Entry] = []
    without = 0
    for case in store.cases(STATES[:-1]):
        form = forms.get(case.form)
        if case.form == RATING or (form and form.anonimo):
            continue
        found = [item for item in body.deadlines(case, today) if item.is_open]
        entries += [Entry(case, form.titolo if form else case.form, item) for item in found]
        without += not found
    entries.sort(key=lambda entry: entry.deadline.due or date.max)
    return Agenda(entries, without)
