"""The calendar of a body, and days as people say them.

Art. 2963 c.c. and art. 155 c.p.c.: the first day is not counted; a term that ends on a Sunday or a
holiday moves to the next day that is neither (a Saturday is no holiday in law). Working days leave
out Sundays, holidays and, unless the body works on them, Saturdays.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Rome")
_DAY = timedelta(1)
_MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto",
    "settembre", "ottobre", "novembre", "dicembre",
)  # fmt: skip
_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class Calendar:
    """The holidays from `dal` to `al`, both included; Sundays are not among them."""

    dal: date
    al: date
    sabato_lavorativo: bool | None
    festivi: frozenset[date]

    def due(
        self, start: date, giorni: int, lavorativi: bool, paused: frozenset[date] = frozenset()
    ) -> date | None:
        """The last day of a term that starts on a day; None if the calendar does not reach it."""
        day, left = start, giorni
        while left or self._is_holiday(day) or day in paused:
            # A count of working days has to know each of them, a count of days only the last.
            if day >= self.al or (lavorativi and day + _DAY < self.dal):
                return None
            day += _DAY
            if left and day not in paused and (not lavorativi or self._is_working(day)):
                left -= 1
        return day if self.dal <= day <= self.al else None

    def _is_holiday(self, day: date) -> bool:
        return day.weekday() == _SUNDAY or day in self.festivi

    def _is_working(self, day: date) -> bool:
        return not self._is_holiday(day) and (
            day.weekday() != _SATURDAY or bool(self.sabato_lavorativo)
        )


def day_of(seconds: float) -> date:
    """The day in Italy at a time in Unix seconds."""
    return datetime.fromtimestamp(seconds, ZONE).date()


def long_date(day: date) -> str:
    """«22 novembre 2026»; the first of the month is «1º»."""
    return f"{'1º' if day.day == 1 else day.day} {_MONTHS[day.month - 1]} {day.year}"


def the_day(day: date) -> str:
    """«il 22 novembre 2026», «l'8 gennaio 2027»."""
    article = "l'" if day.day in (8, 11) else "il "
    return f"{article}{long_date(day)}"


def days_words(giorni: int, lavorativi: bool) -> str:
    """«30 giorni lavorativi»."""
    day, working = ("giorno", "lavorativo") if giorni == 1 else ("giorni", "lavorativi")
    return f"{giorni} {day}{f' {working}' if lavorativi else ''}"
