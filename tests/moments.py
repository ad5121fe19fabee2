"""Opening hours for tests: random ones, and whether they hold at a moment, read from the words.

Written apart from what is tested: it asks the calendar day by day, and knows no format.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from site_builder.values import Chiusura, Orario

_DAYS = ("lun", "mar", "mer", "gio", "ven", "sab", "dom")
_FIRST, _LAST = date(2026, 1, 1), date(2027, 12, 31)

_dates = st.dates(_FIRST, _LAST)
_clocks = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.sampled_from((0, 15, 30, 59)))
_named = st.lists(st.sampled_from(_DAYS), min_size=1, max_size=4).map(", ".join)
_ranges = st.builds("{}-{}".format, st.sampled_from(_DAYS), st.sampled_from(_DAYS))
_times = st.tuples(_clocks, _clocks).filter(lambda pair: pair[0] != pair[1]).map(sorted)
_seasons = st.none() | st.tuples(_dates, _dates).map(sorted)
_monthly = st.sampled_from(("", "", "primo", "secondo", "terzo", "quarto", "ultimo"))


@st.composite
def slots(draw: st.DrawFn) -> Orario:
    """Days and times, every week or once a month, perhaps in a season."""
    opens, closes = draw(_times)
    first, last = draw(_seasons) or (None, None)
    return Orario(
        giorni=draw(_named | _ranges),
        dalle=opens,
        alle=closes,
        ogni_mese=draw(_monthly),
        dal=first,
        al=last,
    )


closures = st.tuples(_dates, st.integers(0, 20)).map(
    lambda pair: Chiusura(dal=pair[0], al=pair[0] + timedelta(days=pair[1]))
)
moments = st.datetimes(
    datetime.combine(_FIRST, datetime.min.time()), datetime.combine(_LAST, datetime.max.time())
)


def is_open(hours: Sequence[Orario], shut: Sequence[Chiusura], moment: datetime) -> bool:
    """Whether an office with these hours is open; at the closing time it no longer is."""
    day, clock = moment.date(), f"{moment:%H:%M}"
    if any(each.dal <= day <= each.al for each in shut):
        return False
    return any(
        _on(slot, day) and (slot.sempre_aperto or slot.dalle <= clock < slot.alle) for slot in hours
    )


def _on(slot: Orario, day: date) -> bool:
    if (slot.dal and day < slot.dal) or (slot.al and day > slot.al):
        return False
    return slot.sempre_aperto or (day.weekday() in _weekdays(slot.giorni) and _which(slot, day))


def _weekdays(days: str) -> set[int]:
    if "-" not in days:
        return {_DAYS.index(day) for day in days.split(", ")}
    first, last = (_DAYS.index(day) for day in days.split("-"))
    return {(first + step) % 7 for step in range((last - first) % 7 + 1)}


def _which(slot: Orario, day: date) -> bool:
    length = monthrange(day.year, day.month)[1]
    same = [number for number in range(1, length + 1) if (number - day.day) % 7 == 0]
    places = {"primo": 0, "secondo": 1, "terzo": 2, "quarto": 3, "ultimo": -1}
    return not slot.ogni_mese or same[places[slot.ogni_mese]] == day.day
