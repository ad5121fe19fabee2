"""Opening hours as OpenStreetMap writes them: `Mo-Fr 09:00-12:00; Tu 15:00-17:00`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from site_builder.italian import DAYS, slot_days
from site_builder.openings import ORDINALS
from site_builder.values import Chiusura, Orario

_DAYS = dict(zip(DAYS, ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"), strict=True))
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BY_APPOINTMENT = "by appointment"
_LONGEST = 255  # characters in a value of OpenStreetMap
# Season, which of the month, on what it depends: slots that differ in one make their own rules.
_Key = tuple[str, str, str]
_PLAIN: _Key = ("", "", "")


def osm_hours(slots: Sequence[Orario], closures: Sequence[Chiusura] = ()) -> str:
    """The hours as one value of `opening_hours`; empty if a slot cannot be said in it.

    Plain weekly slots come first, parted by «; ». What is added to them follows a comma, as a
    rule after «; » would take the place of those before it; what closes comes last. Where a slot
    depends on an appointment or a note, the office is not called open but `unknown`.
    """
    if not slots or any(slot.fuori_orario or slot.come_sede for slot in slots):
        return ""
    groups: dict[_Key, list[Orario]] = defaultdict(list)
    for slot in slots:
        groups[_key(slot)].append(slot)
    weekly = "; ".join(_rules(_PLAIN, groups.pop(_PLAIN, [])))
    added = (rule for key, group in groups.items() for rule in _rules(key, group))
    text = ", ".join([*([weekly] if weekly else []), *added])
    asked = [slot for slot in slots if _is_loose(slot)]
    text = " || ".join([*([text] if text else []), *map(_asked, asked)])
    whole = "; ".join([text, *(f"{_span(each.dal, each.al)} off" for each in closures)])
    return whole if len(whole) <= _LONGEST else ""


def _is_loose(slot: Orario) -> bool:
    """By appointment, at no fixed time."""
    return not (slot.giorni or slot.sempre_aperto)


def _key(slot: Orario) -> _Key:
    return _span(slot.dal, slot.al), slot.ogni_mese, _comment(slot)


def _rules(key: _Key, slots: Iterable[Orario]) -> Iterator[str]:
    """The slots of one key, days with the same times together; no day is in two rules."""
    season, ordinal, comment = key
    fixed = [slot for slot in slots if not _is_loose(slot)]
    if key == _PLAIN and any(slot.sempre_aperto for slot in fixed):
        yield "24/7"
        return
    times: dict[str, list[str]] = defaultdict(list)
    for slot in fixed:
        for day in DAYS if slot.sempre_aperto else slot_days(slot):
            times[day].append("00:00-24:00" if slot.sempre_aperto else f"{slot.dalle}-{slot.alle}")
    days: dict[str, list[str]] = defaultdict(list)
    for day in DAYS:
        if day in times:
            days[",".join(sorted(set(times[day])))].append(day)
    for hours, same in days.items():
        parts = season, _days(same, ordinal), hours, comment
        yield " ".join(part for part in parts if part)


def _asked(slot: Orario) -> str:
    return " ".join(part for part in (_span(slot.dal, slot.al), _comment(slot)) if part)


def _days(days: Sequence[str], ordinal: str) -> str:
    """«Mo-We,Fr»; with an ordinal «Mo[1],Tu[1]»."""
    if ordinal:
        return ",".join(f"{_DAYS[day]}[{ORDINALS[ordinal]}]" for day in days)
    week, runs = list(DAYS), list[list[str]]()
    for day in days:
        if runs and week.index(day) == week.index(runs[-1][-1]) + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(_run([_DAYS[day] for day in run]) for run in runs)


def _run(days: Sequence[str]) -> str:
    return f"{days[0]}-{days[-1]}" if len(days) > 2 else ",".join(days)


def _comment(slot: Orario) -> str:
    asked = _BY_APPOINTMENT if slot.su_appuntamento else ""
    words = ", ".join(part for part in (asked, slot.nota.replace('"', "'")) if part)
    return f'unknown "{words}"' if words else ""


def _span(first: date | None, last: date | None) -> str:
    """Dates with their years; a side that is not known is open."""
    if not (first or last):
        return ""
    start, end = first or date(1900, 1, 1), last or date(9999, 12, 31)
    return _day(start) if start == end else f"{_day(start)}-{_day(end)}"


def _day(day: date) -> str:
    return f"{day.year} {_MONTHS[day.month - 1]} {day.day:02d}"
