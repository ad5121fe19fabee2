"""Opening hours as HSDS 3.0 tells them: a rule of RFC 5545 where there is one, always the words.

The standard has no name for a time zone: times are local, and the notes say whose. It has no
closures either: they stand in the notes.
"""

from collections.abc import Sequence

from site_builder.italian import closure_words, hours_words, slot_days
from site_builder.opendata.hsds_parts import Item, item, paragraphs
from site_builder.opendata.source import Source
from site_builder.values import Chiusura, Orario

LOCAL_TIME = "Ora locale Europe/Rome."
_DAYS = {"lun": "MO", "mar": "TU", "mer": "WE", "gio": "TH", "ven": "FR", "sab": "SA", "dom": "SU"}
_MONTHLY = {"primo": "1", "secondo": "2", "terzo": "3", "quarto": "4", "ultimo": "-1"}
_ALWAYS = {
    "freq": "WEEKLY", "byday": ",".join(_DAYS.values()), "opens_at": "00:00", "closes_at": "23:59",
}  # fmt: skip


def schedules(
    source: Source,
    path: str,
    slots: Sequence[Orario],
    closures: Sequence[Chiusura] = (),
    note: str = "",
    whose: str = "",
) -> list[Item]:
    """A schedule for each slot; `whose` hours they are, where no place says it.

    A note or a closure is not lost where there is no slot.
    """
    remarks = [note, *(f"{closure_words(closure)}." for closure in closures)]
    rules = [(_words(slot, whose), _rule(slot)) for slot in slots]
    if not rules and any(remarks):
        rules = [(f"{whose}: orari non indicati" if whose else "orari non indicati", {})]
    return [
        item(source, f"{path}-orario-{number}", **rule, description=words,
             notes=paragraphs(LOCAL_TIME if "opens_at" in rule else "", *remarks))
        for number, (words, rule) in enumerate(rules, start=1)
    ]  # fmt: skip


def _words(slot: Orario, whose: str) -> str:
    words = hours_words(slot)
    return f"{whose}: {words}" if whose else words


def _rule(slot: Orario) -> dict[str, str]:
    """When the slot comes back; empty if no rule can say it (by appointment, out of hours)."""
    season = {"valid_from": str(slot.dal or ""), "valid_to": str(slot.al or "")}
    if slot.sempre_aperto:
        return season | _ALWAYS
    if not slot.giorni:
        return season
    times = {"opens_at": slot.dalle, "closes_at": slot.alle}
    which = _MONTHLY.get(slot.ogni_mese, "")
    days = ",".join(which + _DAYS[day] for day in slot_days(slot))
    return season | {"freq": "MONTHLY" if which else "WEEKLY", "byday": days} | times
