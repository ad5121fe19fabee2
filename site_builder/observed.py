"""Promises that the content can check by itself: opening hours, forms that are there.

What is found here stands beside what was measured and never takes its place. Where the content
does not suffice for a verdict there is none, and what is missing is named.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from site_builder.catalog import Catalog
from site_builder.italian import listing, slot_days
from site_builder.model import Contact, Form
from site_builder.results import Promise, holds
from site_builder.values import Orario, VerificaDati

KEPT, MISSED, UNKNOWN = "rispettato", "non_rispettato", "non_verificabile"
_WHOSE = "la fonte non dice se le ore sono di ogni sportello o di tutti insieme"
_WEEK = 7 * 24.0


@dataclass(frozen=True, slots=True)
class Reading:
    """The weekly hours of one contact; none if its hours are unknown or cannot be counted."""

    contatto: Contact
    ore: float | None


@dataclass(frozen=True, slots=True)
class Observed:
    """What the site found on a day: the outcome, why there is none, the numbers by desk."""

    esito: str
    giorno: date
    motivo: str = ""
    letture: tuple[Reading, ...] = ()
    modulo: Form | None = None

    @property
    def ore(self) -> float:
        """The hours of all desks together."""
        return sum(item.ore or 0 for item in self.letture)


def observed(catalog: Catalog, today: date) -> Mapping[str, Observed]:
    """By id, the standards that say how the content checks them, as it stands on the day."""
    return {
        promise.id: _look(catalog, promise, promise.verifica_dati, today)
        for promise in iter_promises(catalog)
        if promise.verifica_dati
    }


def iter_promises(catalog: Catalog) -> Iterator[Promise]:
    """Every standard: those of the whole body, then those of each sheet."""
    yield from catalog.standards.values()
    for sheet in catalog.services.values():
        yield from sheet.standard


def weekly_hours(slots: Sequence[Orario], today: date) -> float | None:
    """Hours a week on the day; None where a slot of the day cannot be counted without guessing.

    Slots that overlap count once. A note may limit a slot, an appointment is not an open door, and
    a slot once a month is not one of every week: with one of those there is no sum.
    """
    current = [slot for slot in slots if (slot.dal or today) <= today <= (slot.al or today)]
    if any(slot.sempre_aperto for slot in current):
        return _WEEK
    if not current or any(map(_is_vague, current)):
        return None
    minutes = {
        (day, minute)
        for slot in current
        for day in slot_days(slot)
        for minute in range(_minutes(slot.dalle), _minutes(slot.alle))
    }
    return len(minutes) / 60


def _is_vague(slot: Orario) -> bool:
    is_limited = slot.ogni_mese or slot.su_appuntamento or slot.nota
    return bool(is_limited) or not (slot.giorni and slot.dalle and slot.alle)


def _minutes(time: str) -> int:
    hours, _, minutes = time.partition(":")
    return int(hours) * 60 + int(minutes)


def _look(catalog: Catalog, promise: Promise, check: VerificaDati, today: date) -> Observed:
    if check.tipo == "modulo":
        form = catalog.forms.get(check.modulo)
        return Observed(KEPT if form else MISSED, today, modulo=form)
    readings = tuple(
        Reading(item, weekly_hours(item.orari, today)) for item in _contacts(catalog, check)
    )
    reason = _missing(readings)
    outcome = None if reason else _verdict(promise, check.ore_di, readings)
    if outcome is None:
        return Observed(UNKNOWN, today, reason or _WHOSE, readings)
    return Observed(KEPT if outcome else MISSED, today, "", readings)


def _contacts(catalog: Catalog, check: VerificaDati) -> Sequence[Contact]:
    if check.rete:
        return catalog.contacts_by_network.get(check.rete, [])
    return [item for id, item in catalog.contacts.items() if id == check.contatto]


def _missing(readings: Sequence[Reading]) -> str:
    """Why no verdict can be given, with the names; empty if all hours are known."""
    if not readings:
        return "nella rete non c'è nessuno sportello"
    unread = [item.contatto for item in readings if item.ore is None]
    said = (
        ("mancano gli orari di", [item.nome for item in unread if not item.orari]),
        ("non si possono contare le ore di", [item.nome for item in unread if item.orari]),
    )
    return "; ".join(f"{words} {listing(names)}" for words, names in said if names)


def _verdict(promise: Promise, whose: str, readings: Sequence[Reading]) -> bool | None:
    """None where it depends on whose hours the promise counts, and it does not say."""
    hours = [item.ore or 0 for item in readings]
    each = all(holds(promise, item) for item in hours)
    together = bool(holds(promise, sum(hours)))
    if whose:
        return together if whose == "tutti_insieme" else each
    return each if each == together else None
