"""Opening hours as data for the browser: only what it can work out without guessing."""

import json
from collections.abc import Sequence
from functools import lru_cache

from site_builder.italian import DAYS, slot_days
from site_builder.values import Chiusura, Orario

# Which day of the month: the second Monday; -1 is the last. 0 is every week.
ORDINALS = {"primo": 1, "secondo": 2, "terzo": 3, "quarto": 4, "ultimo": -1}
_MONTHLY = {"": 0} | ORDINALS


def openings(slots: Sequence[Orario], closures: Sequence[Chiusura] = ()) -> str:
    """The slots as compact JSON for `data-orari`; empty where «open now» might be untrue.

    That is the case if a slot needs an appointment, has a note that limits it, or has no times:
    one slot left out would make «opens on Monday» false. Each slot is [days, from, to, which of
    the month, first date, last date] with days as digits (1 is Monday); each closure [first date,
    last date].
    """
    return _openings(tuple(slots), tuple(closures))


@lru_cache(maxsize=1024)  # the desks of a network stand on many pages
def _openings(slots: tuple[Orario, ...], closures: tuple[Chiusura, ...]) -> str:
    if not slots or not all(map(is_plain, slots)):
        return ""
    data = {
        "s": [_slot(slot) for slot in slots],
        "c": [[str(closure.dal), str(closure.al)] for closure in closures],
    }
    return json.dumps(data, separators=(",", ":"))


def is_plain(slot: Orario) -> bool:
    """Whether the slot is days and times, and nothing else."""
    vague = slot.su_appuntamento or slot.nota or slot.fuori_orario or slot.come_sede
    return bool(slot.giorni and slot.dalle and slot.alle and not vague)


def _slot(slot: Orario) -> list[str | int]:
    week = list(DAYS)
    days = "".join(str(week.index(day) + 1) for day in slot_days(slot))
    season = [str(slot.dal or ""), str(slot.al or "")]
    return [days, slot.dalle, slot.alle, _MONTHLY[slot.ogni_mese], *season]
