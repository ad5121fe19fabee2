"""Dates, hours and amounts in Italian words."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.italian import (
    DAYS,
    closure_words,
    date_words,
    euro,
    file_size,
    hours_words,
    listing,
    number,
    slot_days,
)
from site_builder.values import Chiusura, Orario

WEEK = list(DAYS)


@pytest.mark.parametrize(
    ("day", "words"),
    [("2026-11-21", "21 novembre 2026"), ("2026-05-01", "1º maggio 2026")],
)
def test_date_words(day: str, words: str) -> None:
    assert date_words(date.fromisoformat(day)) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0, "0,00 €"), (9360, "9.360,00 €"), (1234567.5, "1.234.567,50 €"), (0.1, "0,10 €")],
)
def test_euro(amount: float, words: str) -> None:
    assert euro(amount) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [(1, "1 kB"), (499, "1 kB"), (85_400, "85 kB"), (999_499, "999 kB"), (999_500, "1,0 MB"),
     (1_449_000, "1,4 MB"), (12_300_000, "12,3 MB")],
)  # fmt: skip
def test_file_size(size: int, words: str) -> None:
    assert file_size(size) == words.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize(
    ("value", "words"),
    [(20, "20"), (20.0, "20"), (1.5, "1,5"), (0.25, "0,25"), (1234567, "1234567"), (100, "100"),
     (123456.78, "123456,78"), (0, "0"), (-2.5, "-2,5")],
)  # fmt: skip
def test_number(value: float, words: str) -> None:
    assert number(value) == words


@pytest.mark.parametrize(
    ("words", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a e b"), (["a", "b", "c"], "a, b e c")],
)
def test_listing(words: list[str], said: str) -> None:
    assert listing(words) == said


def test_listing_with_another_last_word() -> None:
    assert listing(["a", "b"], "o") == "a o b"


TEN = {"dalle": "10:00", "alle": "12:30"}


@pytest.mark.parametrize(
    ("slot", "words"),
    [
        ({"giorni": "lun-gio", **TEN}, "dal lunedì al giovedì dalle 10.00 alle 12.30"),
        ({"giorni": "sab-dom", **TEN}, "dal sabato alla domenica dalle 10.00 alle 12.30"),
        ({"giorni": "dom-mar", **TEN}, "dalla domenica al martedì dalle 10.00 alle 12.30"),
        ({"giorni": "mar", **TEN}, "il martedì dalle 10.00 alle 12.30"),
        ({"giorni": "dom", **TEN}, "la domenica dalle 10.00 alle 12.30"),
        ({"giorni": "lun, mer,dom", **TEN},
         "il lunedì, il mercoledì e la domenica dalle 10.00 alle 12.30"),
        ({"giorni": "mar", "ogni_mese": "ultimo", **TEN},
         "l'ultimo martedì di ogni mese dalle 10.00 alle 12.30"),
        ({"giorni": "mar", "ogni_mese": "terzo", **TEN},
         "il terzo martedì di ogni mese dalle 10.00 alle 12.30"),
        ({"giorni": "dom", "ogni_mese": "ultimo", **TEN},
         "l'ultima domenica di ogni mese dalle 10.00 alle 12.30"),
        ({"giorni": "dom", "ogni_mese": "primo", **TEN},
         "la prima domenica di ogni mese dalle 10.00 alle 12.30"),
        ({"giorni": "sab", "dalle": "01:00", "alle": "01:30"}, "il sabato dall'1.00 all'1.30"),
        ({"giorni": "sab", "dalle": "10:00", "alle": "11:00"}, "il sabato dalle 10.00 alle 11.00"),
        ({"giorni": "lun", **TEN, "su_appuntamento": True},
         "il lunedì dalle 10.00 alle 12.30, su appuntamento"),
        ({"sempre_aperto": True}, "24 ore su 24, tutti i giorni dell'anno"),
        ({"su_appuntamento": True, "nota": "chiama prima"}, "su appuntamento (chiama prima)"),
        ({"come_sede": True}, "negli orari della sede"),
        ({"sempre_aperto": True, "dal": date(2026, 6, 1), "al": date(2026, 8, 31)},
         "24 ore su 24, tutti i giorni dell'anno, dal 1º giugno 2026 al 31 agosto 2026"),
    ],
)  # fmt: skip
def test_hours_words(slot: dict[str, Any], words: str) -> None:
    assert hours_words(Orario(**slot)) == words


def test_closure_words() -> None:
    closure = Chiusura(dal=date(2026, 8, 10), al=date(2026, 8, 16))
    assert closure_words(closure) == "chiuso dal 10 agosto 2026 al 16 agosto 2026"
    closure = Chiusura(dal=date(2026, 8, 10), al=date(2026, 8, 16), motivo="ferie")
    assert closure_words(closure) == "chiuso dal 10 agosto 2026 al 16 agosto 2026 (ferie)"


RANGES = st.tuples(st.sampled_from(WEEK), st.sampled_from(WEEK))
LISTS = st.lists(st.sampled_from(WEEK), min_size=1, max_size=7, unique=True)
TIMES = st.times().map(lambda time: time.strftime("%H:%M"))


@given(RANGES)
def test_a_range_goes_from_its_first_day_to_its_last(ends: tuple[str, str]) -> None:
    days = slot_days(Orario(giorni="-".join(ends)))
    assert (days[0], days[-1]) == ends
    assert len(set(days)) == len(days)
    follows = dict(zip(WEEK, [*WEEK[1:], WEEK[0]], strict=True))
    assert days[1:] == [follows[day] for day in days[:-1]]


@given(LISTS, st.sampled_from([",", ", "]))
def test_a_list_gives_its_days(days: list[str], comma: str) -> None:
    assert slot_days(Orario(giorni=comma.join(days))) == days


@given(
    giorni=st.builds("-".join, RANGES) | st.builds(", ".join, LISTS),
    dalle=TIMES,
    alle=TIMES,
    ogni_mese=st.sampled_from(["", "primo", "secondo", "terzo", "quarto", "ultimo"]),
    su_appuntamento=st.booleans(),
)
def test_words_name_every_day_at_the_ends_and_both_times(**slot: Any) -> None:
    orario = Orario(**slot)
    words, days = hours_words(orario), slot_days(orario)
    assert all(DAYS[day] in words for day in (days[0], days[-1]))
    assert all(time.replace(":", ".").lstrip("0") in words for time in (orario.dalle, orario.alle))
    assert "  " not in words
    assert not any(bad in words for bad in ("il domenica", "dal domenica", "al domenica", "None"))
