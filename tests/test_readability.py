"""The Gulpease index against values computed by hand: 89 + (300·sentences - 10·letters)/words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.readability import gulpease, hardest_sentence, sentences

FIVE = "il gatto dorme sul letto"  # 5 words, 2+5+5+3+5 = 20 letters


@pytest.mark.parametrize(
    ("text", "index"),
    [
        # 20 words, 80 letters, 1 sentence: 89 + (300 - 800) / 20
        (" ".join([FIVE] * 4), 64.0),
        # 2 sentences: 89 + (600 - 800) / 20
        (f"{FIVE} {FIVE}. {FIVE} {FIVE}.", 79.0),
        # 4 sentences, one way or the other: 89 + (1200 - 800) / 20 = 109, and 100 is the most
        (f"{FIVE}. {FIVE}! {FIVE}? {FIVE}.", 100.0),
        ("\n".join([f"- {FIVE}"] * 4), 100.0),
        # 25 words, 100 letters, 2 sentences: 89 + (600 - 1000) / 25
        (f"{FIVE} {FIVE}; {FIVE} {FIVE} {FIVE}", 73.0),
        # 20 words of 15 letters, 1 sentence: 89 + (300 - 3000) / 20 = -46, and 0 is the least
        ("amministrazione " * 20, 0.0),
        # An apostrophe parts two words, digits are letters: 20 words, 60 letters
        ("l'anno 2026 " * 6 + "in un", 89 + (300 - 10 * (6 * 9 + 4)) / 20),
    ],
)
def test_by_hand(text: str, index: float) -> None:
    assert gulpease(text) == pytest.approx(index)


def test_a_handful_of_words_has_no_index() -> None:
    assert gulpease("parola " * 19) is None
    assert gulpease("parola " * 20) is not None
    assert gulpease("") is None


def test_sentences_end_at_stops_and_line_ends_but_not_in_numbers() -> None:
    text = "Costa 9.360,00 euro. Vale un anno: poi basta\n- primo\n\n- secondo\n***\n"
    assert sentences(text) == [
        "Costa 9.360,00 euro.",
        "Vale un anno:",
        "poi basta",
        "- primo",
        "- secondo",
    ]


def test_the_hardest_sentence_is_the_longest() -> None:
    assert (
        hardest_sentence("Breve. Questa invece è più lunga. Fine.") == "Questa invece è più lunga."
    )
    assert hardest_sentence("") == ""


@given(st.text())
def test_any_text_has_an_index_within_bounds_or_none(text: str) -> None:
    index = gulpease(text)
    assert index is None or 0 <= index <= 100
    assert hardest_sentence(text) in text
