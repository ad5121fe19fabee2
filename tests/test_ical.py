"""Our calendars, read by a library that others read calendars with."""

from datetime import date, datetime, timedelta

import icalendar
from hypothesis import example, given, settings
from hypothesis import strategies as st

from site_builder.ical import calendar, event, folded

DAY = date(2026, 3, 1)
# What a text may hold; control characters are no part of one.
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from(';,\\\n:"'))


def read(text: str) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


@settings(max_examples=60)
@given(TEXTS, TEXTS)
@example("a;b,c\\n\\", "due\nrighe")
@example("è" * 80, "🙂" * 40)
def test_any_text_comes_back_whole(summary: str, told: str) -> None:
    text = calendar("Prova", [event("uno@x", DAY, DAY, summary, description=told)])
    (back,) = read(text)
    assert str(back["SUMMARY"]) == summary
    assert str(back.get("DESCRIPTION", "")) == told


@settings(max_examples=60)
@given(TEXTS)
@example("à" * 200)
def test_no_line_is_longer_than_the_standard_allows(text: str) -> None:
    whole = calendar(text, [event("uno@x", DAY, DAY, text)])
    assert whole.endswith("END:VCALENDAR\r\n")
    for line in whole.split("\r\n"):
        assert len(line.encode()) <= 75
        assert not {"\n", "\r"} & {*line}


def test_a_short_line_is_left_as_it_is() -> None:
    assert folded("SUMMARY:" + "x" * 67) == "SUMMARY:" + "x" * 67
    assert folded("SUMMARY:" + "x" * 68) == "SUMMARY:" + "x" * 67 + "\r\n x"


def test_a_day_lasts_until_the_next() -> None:
    text = calendar("Prova", [event("uno@x", DAY, DAY, "Un giorno", url="https://x.example/")])
    (back,) = read(text)
    assert back.decoded("DTSTART") == DAY
    assert back.decoded("DTEND") == DAY + timedelta(days=1)
    assert back["URL"] == "https://x.example/"
    assert "VTIMEZONE" not in text


def test_several_days_end_after_the_last() -> None:
    (back,) = read(calendar("Prova", [event("uno@x", DAY, DAY, "x", end=date(2026, 3, 5))]))
    assert back.decoded("DTEND") == date(2026, 3, 6)


def test_an_hour_is_that_of_italy_in_summer_and_winter() -> None:
    hours = [datetime(2026, 7, 1, 9, 0), datetime(2026, 12, 1, 9, 0)]
    twice = ["RRULE:FREQ=WEEKLY;COUNT=2"]
    events = [event(f"{h}@x", DAY, h, "x", end=h + timedelta(hours=2), more=twice) for h in hours]
    text = calendar("Prova", events)
    summer, winter = read(text)
    assert summer.decoded("DTSTART").utcoffset() == timedelta(hours=2)
    assert winter.decoded("DTSTART").utcoffset() == timedelta(hours=1)
    assert summer.decoded("DTEND") - summer.decoded("DTSTART") == timedelta(hours=2)
    assert text.count("BEGIN:VTIMEZONE") == 1
    assert summer["RRULE"]["FREQ"] == ["WEEKLY"]


def test_what_cannot_be_printed_is_left_out() -> None:
    (back,) = read(calendar("Prova", [event("uno@x", DAY, DAY, "a\x00b\x07c\x1f")]))
    assert str(back["SUMMARY"]) == "abc"
