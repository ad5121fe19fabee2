"""When terms fall due: by hand, against a naive oracle, and against the library `holidays`."""

from datetime import UTC, date, datetime, timedelta

import holidays
import pytest
from endpoint_body import HOLIDAYS, TERMS, WORKDAYS
from hypothesis import given
from hypothesis import strategies as st

from endpoint.cases.days import Calendar, day_of, days_words, long_date, the_day
from endpoint.cases.terms import (
    BEYOND,
    LATE,
    MET,
    OVERDUE,
    RUNNING,
    SUSPENDED,
    Deadline,
    Steps,
    Suspension,
    Term,
    deadlines,
    longest_pause,
    overtaken,
)

FIRST, LAST = date(2026, 1, 1), date(2030, 12, 31)
HOLIDAY_DAYS = frozenset(map(date.fromisoformat, WORKDAYS))
NAPOLI = tuple(Term(**item) for item in TERMS)
CONVENE, MEET, ACT, DECIDE = (term.fase for term in NAPOLI[1:])
PAUSE = Suspension(30, True)
YEAR = [FIRST + timedelta(number) for number in range(365)]


def calendar(saturday: bool | None = False) -> Calendar:
    return Calendar(FIRST, LAST, saturday, HOLIDAY_DAYS)


def found(
    received: date, steps: Steps = (), today: date | None = None, saturday: bool = False
) -> dict[str, Deadline]:
    """The terms of Napoli Tredici for one case, by name."""
    items = deadlines(NAPOLI, calendar(saturday), received, steps, PAUSE, today or received)
    return {item.term.fase: item for item in items}


# Worked out with a calendar of paper: (filed, Saturdays worked, to convene, to meet, to decide).
@pytest.mark.parametrize(
    ("filed", "saturday", "convene", "meet", "decide"),
    [
        # Saturday 28 November is no holiday in law; the Immacolata, Christmas and Epiphany are.
        ("2026-11-23", False, "2026-11-28", "2027-01-08", "2027-01-02"),
        ("2026-11-23", True, "2026-11-28", "2026-12-31", "2027-01-02"),
        # Sunday 29 November: the day after.
        ("2026-11-24", False, "2026-11-30", "2027-01-11", "2027-01-04"),
        # Ferragosto is a Saturday, then comes a Sunday.
        ("2026-08-10", False, "2026-08-17", "2026-09-21", "2026-09-19"),
        # Good Friday is a working day, Easter Monday is not.
        ("2026-04-01", False, "2026-04-07", "2026-05-15", "2026-05-11"),
        # The last day of the year, and one of leap years.
        ("2026-12-31", False, "2027-01-05", "2027-02-15", "2027-02-09"),
        ("2028-02-24", False, "2028-02-29", "2028-04-06", "2028-04-04"),
    ],
)
def test_terms_of_napoli_by_hand(
    filed: str, saturday: bool, convene: str, meet: str, decide: str
) -> None:
    terms = found(date.fromisoformat(filed), saturday=saturday)
    dues = [terms[name].due for name in (CONVENE, MEET, DECIDE)]
    assert dues == [date.fromisoformat(day) for day in (convene, meet, decide)]


def test_saturday_both_ways() -> None:
    friday = date(2026, 11, 27)
    assert calendar(True).due(friday, 1, True) == date(2026, 11, 28)
    assert calendar(False).due(friday, 1, True) == date(2026, 11, 30)
    assert calendar(True).due(friday, 1, False) == date(2026, 11, 28)
    assert calendar(False).due(friday, 1, False) == date(2026, 11, 28)


def test_no_day_is_the_same_day_unless_it_is_a_holiday() -> None:
    assert calendar().due(date(2026, 11, 27), 0, False) == date(2026, 11, 27)
    assert calendar().due(date(2026, 11, 29), 0, False) == date(2026, 11, 30)


@given(
    st.dates(FIRST, date(2029, 12, 31)),
    st.integers(0, 120),
    st.booleans(),
    st.booleans(),
    st.sets(st.dates(FIRST, date(2029, 12, 31)), max_size=40),
)
def test_due_is_what_a_naive_count_gives(
    start: date, giorni: int, lavorativi: bool, saturday: bool, paused: set[date]
) -> None:
    ahead = [start + timedelta(number) for number in range(1, 365)]
    closed = {day for day in [start, *ahead] if day.isoformat() in HOLIDAYS or day.weekday() == 6}
    idle = closed | {day for day in ahead if day.weekday() == 5 and not saturday}
    counted = [day for day in ahead if day not in paused | (idle if lavorativi else set())]
    end = counted[giorni - 1] if giorni else start
    expected = next(day for day in [start, *ahead] if day >= end and day not in closed | paused)
    assert calendar(saturday).due(start, giorni, lavorativi, frozenset(paused)) == expected


@given(st.dates(FIRST, date(2030, 6, 30)), st.integers(1, 90), st.booleans())
def test_working_days_are_those_of_the_library(start: date, giorni: int, saturday: bool) -> None:
    italy = holidays.country_holidays("IT", years=range(2026, 2032))
    if saturday:
        italy.weekend = {6}
    assert calendar(saturday).due(start, giorni, True) == italy.get_nth_working_day(start, giorni)


def test_the_holidays_of_the_tests_are_those_of_the_law() -> None:
    italy = holidays.country_holidays("IT", years=range(2026, 2031))
    assert {day for day in italy if day.weekday() != 6} == HOLIDAY_DAYS


# reference: 30 working days are 40-48 calendar days (Mon-Fri) or 34-41 (Mon-Sat), with a full
# suspension 82-90 or 69-76; forty days fall due before them for 337 or 7 filing days of 2026, and
# for 336 or 5 if they also move off holidays.
@pytest.mark.parametrize(
    ("saturday", "alone", "suspended", "plain", "moved"),
    [(False, (40, 48), (82, 90), 337, 336), (True, (34, 41), (69, 76), 7, 5)],
)
def test_the_figures_of_the_reference(
    saturday: bool, alone: tuple[int, int], suspended: tuple[int, int], plain: int, moved: int
) -> None:
    days = calendar(saturday)
    lengths = {day: _length(days, day, 30) for day in YEAR}
    assert (min(lengths.values()), max(lengths.values())) == alone
    full = [_length(days, day, 60) for day in YEAR]
    assert (min(full), max(full)) == suspended
    assert sum(length > 40 for length in lengths.values()) == plain
    assert overtaken(NAPOLI, days, 2026) == {(MEET, DECIDE): moved}


@pytest.mark.parametrize(("saturday", "longest"), [(False, (82, 90)), (True, (69, 76))])
def test_a_full_suspension_doubles_the_time_to_meet(
    saturday: bool, longest: tuple[int, int]
) -> None:
    lengths = []
    for day in YEAR:
        item = found(day, [("sospeso", day)], LAST, saturday)[MEET]
        assert item.due
        lengths.append((item.due - day).days)
    assert (min(lengths), max(lengths)) == longest


def test_terms_that_can_be_kept_are_not_incompatible() -> None:
    terms = (Term("Convocazione", 5, decorre_da="presentazione", si_chiude_con="convocato"),
             Term("Incontro", 5, decorre_da="fase_precedente", si_chiude_con="chiuso"),
             Term("Decisione", 40, decorre_da="presentazione"))  # fmt: skip
    assert overtaken(terms, calendar(), 2026) == overtaken(terms, calendar(), 2026, PAUSE) == {}
    sooner = Term("Prima", 3, decorre_da="presentazione")
    # Not where a holiday brings both to the same day.
    assert 350 < overtaken((terms[0], sooner), calendar(), 2026)["Convocazione", "Prima"] < 365


def _length(days: Calendar, start: date, giorni: int) -> int:
    due = days.due(start, giorni, True)
    assert due
    return (due - start).days


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        # A minute before and after midnight in Italy, which is one or two hours before in UTC.
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
        # The clocks go forward on 29 March and back on 25 October 2026.
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
        (datetime(2028, 2, 28, 23, 0, tzinfo=UTC), date(2028, 2, 29)),
    ],
)
def test_the_day_is_that_of_italy(moment: datetime, day: date) -> None:
    assert day_of(moment.timestamp()) == day


@pytest.mark.parametrize(
    ("steps", "today", "verdict"),
    [
        ([], "2026-11-27", RUNNING),
        ([], "2026-11-28", RUNNING),
        ([], "2026-11-29", OVERDUE),
        ([("protocollato", "2026-11-23")], "2026-11-29", OVERDUE),
        ([("convocato", "2026-11-28")], "2027-06-01", MET),
        ([("convocato", "2026-11-30")], "2026-11-30", LATE),
        # Who closes without a meeting need not convene any more.
        ([("chiuso", "2026-11-25")], "2027-06-01", MET),
        ([("chiuso", "2026-12-25")], "2027-06-01", LATE),
        # The clock was put back: the day of arrival is still to come.
        ([], "2026-11-01", RUNNING),
    ],
)
def test_how_a_term_stands(steps: list[tuple[str, str]], today: str, verdict: str) -> None:
    taken = [(state, date.fromisoformat(day)) for state, day in steps]
    item = found(date(2026, 11, 23), taken, date.fromisoformat(today))[CONVENE]
    assert (item.verdict, item.due) == (verdict, date(2026, 11, 28))
    assert item.is_open is (verdict in (RUNNING, OVERDUE))


def test_what_nobody_watches_has_no_verdict() -> None:
    terms = found(date(2026, 11, 23), today=date(2028, 1, 1))
    assert terms["Presentazione"].due is None
    for name in ("Presentazione", ACT, DECIDE):
        assert (terms[name].verdict, terms[name].is_open) == ("", False)


def test_the_next_phase_runs_from_the_step_or_from_its_last_day() -> None:
    filed = date(2026, 11, 23)
    assert found(filed)[ACT].due == date(2027, 1, 13)  # 8 January and five days
    closed = [("convocato", date(2026, 11, 24)), ("chiuso", date(2026, 12, 1))]
    assert found(filed, closed)[ACT].due == date(2026, 12, 7)  # the sixth is a Sunday
    late = [("chiuso", date(2027, 2, 1))]
    assert found(filed, late)[ACT].due == date(2027, 2, 6)


@pytest.mark.parametrize("start", ["", "fatto", "fase_precedente"])
def test_a_term_without_a_known_start_is_only_told(start: str) -> None:
    first = Term("Prima", 5, decorre_da=start, si_chiude_con="convocato")
    then = Term("Poi", 5, decorre_da="fase_precedente", si_chiude_con="chiuso")
    today = date(2026, 11, 23)
    for item in deadlines((first, then), calendar(), today, [], None, today):
        assert (item.due, item.verdict, item.is_open) == (None, "", False)


def test_a_suspension_moves_what_is_open_by_its_length() -> None:
    steps = [("convocato", date(2026, 11, 26)), ("sospeso", date(2026, 12, 1)),
             ("ripreso", date(2026, 12, 10))]  # fmt: skip
    terms = found(date(2026, 11, 23), steps, date(2026, 12, 20))
    # Six working days later than 8 January; nine days later than 2 January.
    assert (terms[MEET].due, terms[MEET].verdict) == (date(2027, 1, 18), RUNNING)
    assert terms[DECIDE].due == date(2027, 1, 11)
    # What was done before is not moved.
    assert (terms[CONVENE].due, terms[CONVENE].verdict) == (date(2026, 11, 28), MET)


def test_what_was_done_before_a_suspension_keeps_its_last_day() -> None:
    steps = [("convocato", date(2026, 11, 24)), ("sospeso", date(2026, 11, 25)),
             ("ripreso", date(2026, 12, 10))]  # fmt: skip
    assert found(date(2026, 11, 23), steps, date(2026, 12, 20))[CONVENE].due == date(2026, 11, 28)


def test_a_closing_ends_the_suspension() -> None:
    steps = [("sospeso", date(2026, 12, 1)), ("chiuso", date(2026, 12, 10))]
    item = found(date(2026, 11, 23), steps, date(2027, 3, 1))[MEET]
    assert (item.due, item.done, item.verdict) == (date(2027, 1, 18), date(2026, 12, 10), MET)


def test_a_suspension_lasts_no_longer_than_it_may() -> None:
    filed, first = date(2026, 11, 23), date(2026, 12, 1)
    steps = [("convocato", date(2026, 11, 26)), ("sospeso", first)]
    assert longest_pause(calendar(), first, PAUSE) == date(2027, 1, 18)
    assert longest_pause(calendar(), first, Suspension(30)) == date(2026, 12, 31)
    on_last = found(filed, steps, date(2027, 1, 18))[MEET]
    assert (on_last.due, on_last.verdict) == (date(2027, 2, 19), SUSPENDED)
    after = found(filed, steps, date(2027, 1, 19))[MEET]
    assert (after.due, after.verdict) == (date(2027, 2, 19), RUNNING)
    assert found(filed, steps, date(2027, 2, 20))[MEET].verdict == OVERDUE
    long = [*steps, ("ripreso", date(2027, 6, 1))]
    assert found(filed, long, date(2027, 6, 1))[MEET].due == date(2027, 2, 19)


def test_a_suspension_does_not_save_what_had_passed() -> None:
    steps = [("protocollato", date(2026, 11, 23)), ("sospeso", date(2026, 12, 1))]
    item = found(date(2026, 11, 23), steps, date(2026, 12, 2))[CONVENE]
    assert (item.due, item.verdict) == (date(2026, 11, 28), OVERDUE)


def test_nothing_falls_due_while_a_case_stands_still() -> None:
    # The fifth day is a Sunday; on that day the case is suspended, until Tuesday.
    steps = [("sospeso", date(2026, 11, 29)), ("ripreso", date(2026, 12, 1))]
    assert found(date(2026, 11, 24), steps, date(2026, 12, 9))[CONVENE].due == date(2026, 12, 2)


def test_without_a_rule_a_suspension_changes_nothing() -> None:
    steps = [("sospeso", date(2026, 11, 24))]
    filed = date(2026, 11, 23)
    items = deadlines(NAPOLI, calendar(), filed, steps, None, date(2026, 12, 9))
    assert [item.due for item in items] == [item.due for item in found(filed).values()]


@given(
    st.dates(FIRST, date(2029, 12, 31)),
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(0, 200),
    st.booleans(),
)
def test_a_suspension_never_brings_a_term_nearer(
    filed: date, after: int, length: int, now: int, saturday: bool
) -> None:
    start = filed + timedelta(after)
    steps = [("sospeso", start), ("ripreso", start + timedelta(length))]
    plain = found(filed, saturday=saturday)
    moved = found(filed, steps, filed + timedelta(now), saturday)
    for name in (CONVENE, MEET, DECIDE):
        before, then = plain[name].due, moved[name].due
        assert before
        assert then
        assert before <= then
        if before < start:
            assert before == then


@pytest.mark.parametrize(
    "filed", [date(2030, 12, 30), date(2031, 6, 1), date(2025, 6, 1), date(1970, 1, 1)]
)
def test_beyond_the_calendar_is_said_and_never_guessed(filed: date) -> None:
    for today in (filed, date(2026, 11, 22), date(9999, 12, 31)):
        terms = found(filed, [("sospeso", filed)], today)
        assert (terms[MEET].due, terms[MEET].verdict) == (None, BEYOND)
        assert terms[MEET].is_open
        assert (terms[ACT].due, terms[ACT].verdict) == (None, BEYOND)  # runs from that one


def test_the_edges_of_the_calendar() -> None:
    # A count of days needs to know only the last one; of working days each of them.
    assert calendar().due(date(2025, 12, 1), 40, False) == date(2026, 1, 10)
    assert calendar().due(date(2025, 12, 1), 40, True) is None
    assert calendar().due(date(2025, 12, 31), 1, True) == date(2026, 1, 2)
    assert calendar().due(date(2030, 12, 30), 1, True) == LAST
    assert calendar().due(date(2030, 12, 30), 2, True) is None
    assert calendar().due(LAST, 0, False) == LAST
    assert calendar().due(date(2025, 6, 3), 5, False) is None
    assert calendar().due(date(2031, 1, 2), 0, False) is None
    assert Calendar(FIRST, date.max, False, HOLIDAY_DAYS).due(date(9999, 12, 30), 9, False) is None


def test_days_in_words() -> None:
    assert days_words(1, True) == "1 giorno lavorativo"
    assert days_words(30, True) == "30 giorni lavorativi"
    assert days_words(5, False) == "5 giorni"
    assert long_date(date(2027, 1, 1)) == "1º gennaio 2027"
    assert [the_day(date(2027, 1, n)) for n in (1, 8, 11, 18)] == [
        "il 1º gennaio 2027", "l'8 gennaio 2027", "l'11 gennaio 2027", "il 18 gennaio 2027",
    ]  # fmt: skip
    assert Term("Incontro", 30, True, "dalla segnalazione").words == (
        "30 giorni lavorativi dalla segnalazione"
    )
