"""The opening hours that are sure: no word beside them limits one, no doubt on them is open."""

from collections.abc import Iterator
from datetime import date, timedelta

from site_builder.italian import DAYS, slot_days
from site_builder.model import Contact
from site_builder.openings import ORDINALS, is_plain
from site_builder.values import Orario

_YEAR = 366  # days: in a year every slot comes round


def in_doubt(contact: Contact) -> bool:
    """Whether the hours hold only with the words beside them."""
    return bool(contact.orari_nota or contact.dubbi("orari", "chiusure"))


def sure_hours(contact: Contact) -> tuple[Orario, ...]:
    """All the slots if each is days and times and nothing else; none if one of them is not."""
    sure = not in_doubt(contact) and all(map(is_plain, contact.orari))
    return contact.orari if sure else ()


def dated_hours(contact: Contact) -> Iterator[tuple[int, Orario, date]]:
    """The sure slots with their number and the first day on which each holds.

    Where a slot has no season, that is since the hours were last looked at: nobody says that they
    held before.
    """
    for number, slot in enumerate(sure_hours(contact), start=1):
        start = slot.dal or contact.aggiornato_il
        days = (start + timedelta(days=more) for more in range(_YEAR)) if start else ()
        if first := next((day for day in days if holds(slot, day)), None):
            yield number, slot, first


def holds(slot: Orario, day: date) -> bool:
    """Whether a slot of days and times holds on a day, closures aside."""
    if (slot.dal and day < slot.dal) or (slot.al and day > slot.al):
        return False
    if list(DAYS)[day.weekday()] not in slot_days(slot):
        return False
    if slot.ogni_mese == "ultimo":
        return (day + timedelta(days=7)).month != day.month
    return not slot.ogni_mese or (day.day + 6) // 7 == ORDINALS[slot.ogni_mese]
