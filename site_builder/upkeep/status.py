"""What the page of the staff shows: what is due, doubtful, dead or missing, all of it public."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, TypeVar

from site_builder.catalog import Catalog
from site_builder.freshness import never_checked
from site_builder.harm import ABOUT, Doubt, doubts
from site_builder.outlinks import Known, outlinks
from site_builder.upkeep.dues import Due, dues
from site_builder.upkeep.links import by_state, count_words, said
from site_builder.upkeep.places import NOUNS, SIDES, place, side

_SOON = timedelta(days=90)
_MOST = 200  # rows of a table: the page must open on a phone, the reports have them all
Row = TypeVar("Row", Due, Doubt)
_DANGER = "Emergenze e violenza"


def status(
    catalog: Catalog, today: date, known: Mapping[str, Known], warnings: int | None
) -> dict[str, Any]:
    """The tables of the page; `warnings` is the number that the check gave, if it has run."""
    found = dues(catalog, today)
    coming = [due for due in found if not due.is_late(today)]
    soon = _soon(coming, today)
    links = outlinks(catalog)
    return {
        "late": [due for due in found if due.is_late(today)],
        "soon": soon,
        "after": len(coming) - len(soon),
        "first_after": next((due.day for due in coming[len(soon) :]), None),
        "never": [(NOUNS[k], n, every) for k, (n, every) in never_checked(catalog).items()],
        "doubts": _by_harm(doubts(catalog)),
        "links": [
            (state, link, _sentence(said(known.get(link.url))))
            for state, link in by_state(links, known)
            if state != "buono"
        ],
        "link_counts": count_words(links, known),
        "links_asked": max((item.asked for item in known.values()), default=None),
        "without_standards": [
            (sheet, place(catalog, "services", sheet.id).file)
            for sheet in catalog.services.values()
            if not sheet.standard and sheet.id not in catalog.standards_by_service
        ],
        "warnings": warnings,
        "most": _MOST,
        "parts": partial(_parts, catalog),
        # One address may stand on both sides: then only the file is named.
        "is_sided": lambda item: bool(side(catalog, item.kind, item.id)),
        "edition": catalog.carta.edizione,
    }


def _sentence(text: str) -> str:
    """The text as it begins a sentence; the rest, which may hold an address, stays."""
    return text[:1].upper() + text[1:]


def _soon(coming: list[Due], today: date) -> list[Due]:
    """What is due in three months; if nothing is, what is due first."""
    until = max(today + _SOON, coming[0].day) if coming else today
    return [due for due in coming if due.day <= until]


def _parts(catalog: Catalog, items: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """The rows in blocks that never hold victims and offenders together, as on every page."""
    sides = [(side(catalog, item.place.kind, item.place.id), item) for item in items]
    blocks = [(name, [item for own, item in sides if own == name]) for name in SIDES]
    return [block for block in blocks if block[1]]


def _by_harm(found: list[Doubt]) -> list[tuple[str, list[Doubt]]]:
    """The doubts in their order, parted by what they are about."""
    groups: dict[str, list[Doubt]] = {_DANGER: [], **{title: [] for title in ABOUT.values()}}
    for doubt in found:
        groups[_DANGER if doubt.is_danger else ABOUT[doubt.weight[1]]].append(doubt)
    return [(_sentence(title), group) for title, group in groups.items() if group]
