"""By which day each step of a complaint falls due: for a day here, for any day in the page.

What the page needs to count by itself goes with it as data: the terms and the closed days. Its
script (`termini.js`) counts as the endpoint does; a test compares the two over the whole calendar.
"""

import json
from dataclasses import dataclass
from datetime import date

from site_builder.catalog import Catalog
from site_builder.forms import due_days
from site_builder.italian import DAYS, date_words
from site_builder.receiver import patron_day
from site_builder.values import Termine
from site_builder.working_days import calendar

SCRIPT = "assets/termini.js"
_FACT, _PREVIOUS = "fatto", "fase_precedente"


@dataclass(frozen=True, slots=True)
class Due:
    """Terms with their last days in words, for a complaint filed on `filed`; `data` is JSON.

    `dal` and `al` are the first and the last day of the calendar, `asks_fact` says whether a term
    runs from what happened, `lacks_patron` whether working days are counted without knowing the
    patron's feast.
    """

    filed: str
    rows: list[tuple[Termine, str]]
    data: str
    dal: str
    al: str
    asks_fact: bool
    lacks_patron: bool


def due(catalog: Catalog, today: date) -> Due | None:
    """The last days for a complaint that is filed today; none where the body gives no terms."""
    complaints = catalog.carta.reclami
    terms = complaints.termini
    if not terms:
        return None
    patron = patron_day(catalog)
    days = calendar(today.year, patron)
    outside = _outside(days["dal"], days["al"])
    rows = [
        (term, _said(term, number, day, outside if beyond else ""))
        for number, (term, (day, beyond)) in enumerate(
            zip(terms, due_days(catalog, days, today), strict=True)
        )
    ]
    data = {
        **days,
        "fuori": outside,
        "sabato": bool(complaints.sabato_lavorativo),
        "termini": [[term.giorni, term.lavorativi, term.decorre_da] for term in terms],
    }
    return Due(
        whole_date(today), rows, json.dumps(data, separators=(",", ":"), ensure_ascii=False),
        days["dal"], days["al"], any(term.decorre_da == _FACT for term in terms),
        not patron and any(term.lavorativi for term in terms),
    )  # fmt: skip


def whole_date(day: date) -> str:
    """«domenica 22 novembre 2026»."""
    return f"{list(DAYS.values())[day.weekday()]} {date_words(day)}"


def _outside(first: str, last: str) -> str:
    begin, end = (date_words(date.fromisoformat(day)) for day in (first, last))
    return f"Non si può dire: il calendario di questa pagina va dal {begin} al {end}."


def _said(term: Termine, number: int, day: date | None, outside: str) -> str:
    if day:
        return whole_date(day)
    if outside:
        return outside
    if term.decorre_da == _FACT:
        return "Dipende dal giorno del fatto."
    if term.decorre_da == _PREVIOUS and number:
        return "Dipende dalla fase che viene prima."
    return "La Carta non dice da quando si conta."
