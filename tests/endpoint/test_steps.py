"""Which step may follow which, on what day, and whether a closed case kept its terms."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from endpoint_body import compiled_body
from hypothesis import given
from hypothesis import strategies as st

from endpoint.cases.ente import read_body
from endpoint.cases.steps import (
    OUTCOMES,
    BadStep,
    check_step,
    closing_key,
    is_correction,
    kept,
    last_step,
)
from endpoint.cases.terms import Term, deadlines
from endpoint.stores.store import STATES, Case

FILED = date(2026, 11, 23)
TODAY = date(2026, 12, 10)
STEPS = STATES[1:]


def case(*steps: str) -> Case:
    """A case filed on FILED, with a step on every day that follows."""
    received = int(datetime(2026, 11, 23, 11, tzinfo=UTC).timestamp())
    taken = tuple((state, FILED + timedelta(n)) for n, state in enumerate(steps, start=1))
    return Case(1, "LOI-0000-0000-0", "reclamo", received, steps[-1] if steps else "ricevuto",
                "web", False, steps=taken)  # fmt: skip


def follows(*steps: str) -> set[str]:
    """The new steps that a case with some steps takes."""
    allowed = set()
    for state in STEPS:
        try:
            check_step(case(*steps), state, TODAY, TODAY)
        except BadStep:
            continue
        if state not in steps:
            allowed.add(state)
    return allowed


@pytest.mark.parametrize(
    ("steps", "allowed"),
    [
        ((), {"protocollato"}),
        (("protocollato",), {"convocato", "sospeso", "chiuso"}),
        (("protocollato", "convocato"), {"sospeso", "chiuso"}),
        (("protocollato", "sospeso"), {"ripreso", "chiuso"}),
        (("protocollato", "sospeso", "ripreso"), {"convocato", "chiuso"}),
        (("protocollato", "convocato", "sospeso"), {"ripreso", "chiuso"}),
        (("protocollato", "convocato", "sospeso", "ripreso"), {"chiuso"}),
        (("protocollato", "sospeso", "ripreso", "convocato"), {"chiuso"}),
        (("protocollato", "chiuso"), set()),
        (("protocollato", "convocato", "sospeso", "ripreso", "chiuso"), set()),
        (("chiuso",), set()),
    ],
)
def test_which_step_may_follow(steps: tuple[str, ...], allowed: set[str]) -> None:
    assert follows(*steps) == allowed


def test_only_what_is_filed_away_closes_without_a_protocol() -> None:
    for outcome in OUTCOMES:
        if outcome == "archiviato":
            check_step(case(), "chiuso", TODAY, TODAY, outcome)
        else:
            with pytest.raises(BadStep, match="registra prima «protocollato»"):
                check_step(case(), "chiuso", TODAY, TODAY, outcome)


@pytest.mark.parametrize(
    ("steps", "state", "said"),
    [
        ((), "convocato", "Non è ancora protocollato: registra prima «protocollato»"),
        (("protocollato", "sospeso"), "convocato", "È sospeso: registra prima «ripreso»"),
        (("protocollato", "chiuso"), "convocato", "È già chiuso"),
        (("protocollato",), "ripreso", "Dopo «protocollato» non viene «ripreso»"),
    ],
)
def test_a_refusal_says_what_to_do(steps: tuple[str, ...], state: str, said: str) -> None:
    with pytest.raises(BadStep, match=said):
        check_step(case(*steps), state, TODAY, TODAY)


def test_the_day_is_neither_to_come_nor_before_what_was_done() -> None:
    known = case("protocollato")  # on 24 November
    check_step(known, "convocato", date(2026, 11, 24), TODAY)
    check_step(known, "convocato", TODAY, TODAY)
    with pytest.raises(BadStep, match="L'11 dicembre 2026 deve ancora venire"):
        check_step(known, "convocato", date(2026, 12, 11), TODAY)
    with pytest.raises(BadStep, match=r"è prima di «protocollato» \(24 novembre 2026\)"):
        check_step(known, "convocato", FILED, TODAY)
    with pytest.raises(BadStep, match=r"è prima di «ricevuto» \(23 novembre 2026\)"):
        check_step(case(), "protocollato", date(2026, 11, 22), TODAY)
    check_step(case(), "protocollato", FILED, TODAY)


def test_a_day_of_arrival_that_is_to_come_lets_nothing_in() -> None:
    # The clock was put back by a month.
    with pytest.raises(BadStep, match="è prima di «ricevuto»"):
        check_step(case(), "protocollato", date(2026, 10, 22), date(2026, 10, 22))


def test_a_correction_stays_between_its_neighbours() -> None:
    known = case("protocollato", "convocato", "chiuso")  # 24, 25, 26 November
    for state in STEPS:
        assert is_correction(known, state) is (state not in ("sospeso", "ripreso"))
    check_step(known, "convocato", date(2026, 11, 24), TODAY)
    check_step(known, "convocato", date(2026, 11, 26), TODAY)
    check_step(known, "chiuso", TODAY, TODAY)
    with pytest.raises(BadStep, match=r"è dopo «chiuso» \(26 novembre 2026\)"):
        check_step(known, "convocato", date(2026, 11, 27), TODAY)
    with pytest.raises(BadStep, match="è prima di «protocollato»"):
        check_step(known, "convocato", FILED, TODAY)
    with pytest.raises(BadStep, match="è dopo «convocato»"):
        check_step(known, "protocollato", date(2026, 11, 26), TODAY)


def test_the_last_step_is_the_arrival_at_first() -> None:
    assert last_step(case()) == ("ricevuto", FILED)
    assert last_step(case("protocollato")) == ("protocollato", date(2026, 11, 24))


@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(-3, 20)), max_size=12))
def test_whatever_is_recorded_stays_in_order(wanted: list[tuple[str, int]]) -> None:
    known = case()
    for state, after in wanted:
        day = FILED + timedelta(after)
        try:
            check_step(known, state, day, TODAY, "accolto")
        except BadStep:
            continue
        known = replace(known, steps=tuple((dict(known.steps) | {state: day}).items()))
    names, days = [name for name, _ in known.steps], [day for _, day in known.steps]
    assert days == sorted(days)
    assert all(FILED <= day <= TODAY for day in days)
    assert names[:1] in ([], ["protocollato"])
    assert "chiuso" not in names[:-1]
    assert "ripreso" not in names or names.index("sospeso") + 1 == names.index("ripreso")


def closed(day: date) -> tuple[str, ...]:
    """How the terms of Napoli Tredici were kept by a case closed on a day."""
    body = read_body(compiled_body())
    found = replace(case("protocollato"), steps=(("protocollato", FILED), ("chiuso", day)))
    return (kept(body.deadlines(found, day)),)


def test_whether_terms_were_kept() -> None:
    assert closed(date(2026, 11, 28)) == ("entro",)
    assert closed(date(2026, 11, 29)) == ("oltre",)  # nobody was convened by then
    assert kept(()) == ""
    body = read_body(compiled_body())
    beyond = (Term("Incontro", 30, True, decorre_da="presentazione", si_chiude_con="chiuso"),)
    late = date(2031, 1, 8)
    steps = [("chiuso", late)]
    assert kept(deadlines(beyond, body.calendar, late, steps, None, late)) == ""
    known = Term("Convocazione", 1, decorre_da="presentazione", si_chiude_con="chiuso")
    last = date(2030, 12, 30)
    steps = [("chiuso", last)]
    assert kept(deadlines((known,), body.calendar, last, steps, None, last)) == "entro"
    assert kept(deadlines((known, *beyond), body.calendar, last, steps, None, last)) == ""
    told = (Term("Decisione", 40, decorre_da="presentazione"),)
    assert kept(deadlines(told, body.calendar, FILED, [("chiuso", FILED)], None, FILED)) == ""
    # A term that nobody watches does not spoil the others, even beyond the calendar.
    assert kept(deadlines((known, *told), body.calendar, last, steps, None, last)) == "entro"


def test_the_key_of_a_closing() -> None:
    key = closing_key(date(2026, 12, 1), "reclamo", "asilo-nido", "personale", "accolto", "entro")
    assert key == "2026-12|chiuso|reclamo|asilo-nido|personale|accolto|entro"
    assert closing_key(date(2026, 1, 31), "contatto", "", "", "accolto in parte", "") == (
        "2026-01|chiuso|contatto|||accolto in parte|"
    )
