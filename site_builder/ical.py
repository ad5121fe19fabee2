"""Calendars in lines, as RFC 5545 wants them: the one place that folds and escapes.

The same facts give the same bytes: nothing here reads the clock.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

ZONE = "Europe/Rome"
_FOLD = 75  # octets of a line, without its end
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
# The hour of Italy since 1996, as long as the Union keeps summer time.
_VTIMEZONE = f"""\
BEGIN:VTIMEZONE
TZID:{ZONE}
BEGIN:DAYLIGHT
DTSTART:19960331T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE""".splitlines()


def escaped(text: str) -> str:
    """A text as the value of a property: `\\`, `;`, `,` and line ends are written with `\\`."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\\", "\\\\")
    text = _UNPRINTABLE.sub("", text.replace(";", "\\;").replace(",", "\\,"))
    return text.replace("\n", "\\n")


def event(
    uid: str,
    stamp: date,
    start: date,
    summary: str,
    *,
    end: date | None = None,
    description: str = "",
    location: str = "",
    url: str = "",
    more: Iterable[str] = (),
) -> list[str]:
    """The lines of one event, not yet folded.

    A `date` lasts the whole day, `end` being the last one; a `datetime` is an hour of Italy.
    `stamp` is when the facts were last changed; `more` are lines that are ready: an RRULE.
    """
    told = (("DESCRIPTION", description), ("LOCATION", location))
    return [
        "BEGIN:VEVENT",
        f"UID:{escaped(uid)}",
        f"DTSTAMP:{stamp:%Y%m%d}T000000Z",
        *_span(start, end),
        f"SUMMARY:{escaped(summary)}",
        *(f"{name}:{escaped(text)}" for name, text in told if text),
        *([f"URL:{url}"] if url else []),
        *more,
        "END:VEVENT",
    ]


def calendar(name: str, events: Iterable[Iterable[str]]) -> str:
    """A whole calendar, called `name` in whoever reads it."""
    lines = [line for one in events for line in one]
    zone = _VTIMEZONE if any(f";TZID={ZONE}:" in line for line in lines) else []
    head = ["VERSION:2.0", "PRODID:-//Carta dei Servizi//IT", "CALSCALE:GREGORIAN"]
    whole = ["BEGIN:VCALENDAR", *head, f"X-WR-CALNAME:{escaped(name)}", *zone, *lines]
    return "".join(f"{folded(line)}\r\n" for line in (*whole, "END:VCALENDAR"))


def folded(line: str) -> str:
    """The line in pieces of 75 octets at most; no character is broken."""
    return "\r\n ".join(_pieces(line))


def _span(start: date, end: date | None) -> Iterator[str]:
    if isinstance(start, datetime):
        yield f"DTSTART;TZID={ZONE}:{start:%Y%m%dT%H%M%S}"
        if end:
            yield f"DTEND;TZID={ZONE}:{end:%Y%m%dT%H%M%S}"
    else:
        yield f"DTSTART;VALUE=DATE:{start:%Y%m%d}"
        # The end of RFC 5545 is the day after the last; no calendar has one after the year 9999.
        if (end or start) < date.max:
            yield f"DTEND;VALUE=DATE:{(end or start) + timedelta(days=1):%Y%m%d}"


def _pieces(line: str) -> Iterator[str]:
    piece, size = "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _FOLD:
            yield piece
            piece, size = "", 1  # the blank that says: it goes on
        piece, size = piece + character, size + octets
    yield piece
