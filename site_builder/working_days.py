"""The days on which offices are closed: national holidays and the patron's day of the seat.

The only user of `holidays`, which takes a third of a second to load: it is loaded when asked for.
The endpoint reads what is worked out here and needs no library.
"""

from datetime import date
from typing import Any

YEARS = 5  # how far ahead the calendar of an export reaches, with the year of the export


def closed_days(first: int, last: int, patron: str = "") -> list[date]:
    """The holidays from one year to another, both included, without Sundays, in order.

    `patron` is the month and day of the patron's feast («05-18»), empty if it is not known. One
    that does not exist, as 29 February in most years, is no holiday.
    """
    from holidays import country_holidays

    years = range(first, last + 1)
    days = set(country_holidays("IT", years=years))
    days |= {day for year in years if (day := _day(year, patron))}
    return sorted(day for day in days if day.isoweekday() != 7)


def calendar(year: int, patron: str = "") -> dict[str, Any]:
    """Five years from `year` on, and the one before: first and last day, and what is closed.

    In January the terms of what came in December still run: they need last year's days.
    """
    first, last = year - 1, year + YEARS - 1
    return {
        "dal": f"{first}-01-01",
        "al": f"{last}-12-31",
        "festivi": [day.isoformat() for day in closed_days(first, last, patron)],
    }


def exists(patron: str) -> bool:
    """Whether a month and day («05-18») are a day of the calendar."""
    return _day(2024, patron) is not None  # a leap year


def _day(year: int, patron: str) -> date | None:
    try:
        return date.fromisoformat(f"{year}-{patron}") if patron else None
    except ValueError:
        return None
