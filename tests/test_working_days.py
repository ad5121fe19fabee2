"""The calendar of an export, beside the library that it is made with."""

import subprocess
import sys
from datetime import date

import pytest
from holidays import country_holidays

from site_builder.working_days import calendar, closed_days, exists


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027, 2038])
def test_national_holidays_are_those_of_the_library_without_sundays(year: int) -> None:
    wanted = [day for day in sorted(country_holidays("IT", years=year)) if day.weekday() != 6]
    assert closed_days(year, year) == wanted


def test_saint_francis_is_a_holiday_from_2026_on() -> None:
    """Law 151/2025; the first that is no Sunday is that of 2027."""
    days = closed_days(2021, 2029)
    assert [day.year for day in days if (day.month, day.day) == (10, 4)] == [2027, 2028, 2029]
    assert date(2026, 10, 4) in country_holidays("IT", years=2026)


def test_easter_monday_moves() -> None:
    assert {date(2026, 4, 6), date(2027, 3, 29), date(2028, 4, 17)} <= set(closed_days(2026, 2028))


def test_the_patron_of_the_seat_is_a_holiday_too() -> None:
    plain, own = closed_days(2026, 2028), closed_days(2026, 2028, "05-18")
    # In 2025 it would be a Sunday.
    assert sorted(set(own) - set(plain)) == [date(y, 5, 18) for y in (2026, 2027, 2028)]
    assert closed_days(2025, 2025, "05-18") == closed_days(2025, 2025)
    assert own == sorted(own)


def test_a_patron_on_a_holiday_counts_once() -> None:
    assert closed_days(2026, 2026, "08-15") == closed_days(2026, 2026)


def test_a_patron_in_leap_years_only() -> None:
    days = closed_days(2027, 2029, "02-29")
    assert [day for day in days if day.month == 2] == [date(2028, 2, 29)]


@pytest.mark.parametrize(
    ("day", "is_one"), [("05-18", True), ("02-29", True), ("02-30", False), ("00-10", False)]
)
def test_days_that_exist(day: str, is_one: bool) -> None:
    assert exists(day) is is_one


def test_the_calendar_has_the_year_before_and_five_years() -> None:
    made = calendar(2026, "05-18")
    assert (made["dal"], made["al"]) == ("2025-01-01", "2030-12-31")
    assert made["festivi"] == [day.isoformat() for day in closed_days(2025, 2030, "05-18")]
    assert made["festivi"][0] == "2025-01-01"
    assert {day[:4] for day in made["festivi"]} == {str(year) for year in range(2025, 2031)}


@pytest.mark.slow
def test_the_library_is_loaded_only_where_a_calendar_is_made() -> None:
    """It takes a third of a second, and `carta check` is run at every keystroke."""
    said = "import sys, site_builder.rules; print('holidays' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
