"""The verdict on what a citizen wrote: as browsers count, safe for mails, nothing lost."""

import unicodedata
from datetime import date, timedelta
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from endpoint.forms.checking import Values, check, clean, length, read_date
from endpoint.forms.definition import CHOICES, TYPES, Condition, Definition, Field, Option

TODAY = date(2026, 11, 21)
YES_NO = (Option("si", "Sì"), Option("no", "No"))
texts = st.text(st.characters(exclude_categories=["Cs"]))
HIDDEN = [*range(9), *range(0x0B, 0x0D), *range(0x0E, 0x20), *range(0x7F, 0xA0)]
HIDDEN += [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFFFE, 0xFFFF]


def _field(tipo: str = "testo", id: str = "a", must: bool = False, **more: Any) -> Field:
    if tipo in CHOICES:
        more.setdefault("opzioni", YES_NO)
    return Field(id, "Voce", tipo, must, **more)


def _check(*fields: Field, **answers: str | tuple[str, ...]) -> tuple[Values, dict[str, str]]:
    form = Definition("prova", "Prova", "Una prova.", False, fields, "0")
    sent = {name: (v,) if isinstance(v, str) else v for name, v in answers.items()}
    values, errors = check(form, sent, TODAY)
    return values, {error.campo: error.frase for error in errors}


def _holds(field: Field, text: str) -> bool:
    return not _check(field, a=text)[1]


@given(texts, st.booleans())
@example(" \ufeffe\ufeff\u0301 ", False)
@example("a\r\n\u2028\u0301b", False)
def test_cleaning_twice_changes_nothing_more(text: str, many_lines: bool) -> None:
    once = clean(text, many_lines)
    assert clean(once, many_lines) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip()
    assert not {"\r", "\u2028", "\u2029", "\ufeff"} & set(once)
    assert many_lines or not {"\n", "\t", "\xa0"} & set(once)


def test_lines_are_kept_where_there_are_many_and_joined_where_there_is_one() -> None:
    assert clean(" uno\r\ndue\rtre\u2028quattro\t5 ", True) == "uno\ndue\ntre\nquattro\t5"
    assert clean(" uno\r\ndue\rtre\u2028quattro\t5 ", False) == "uno due tre quattro 5"
    assert clean("perche\u0301", False) == "perché"


@pytest.mark.parametrize(
    ("text", "units"),
    [("", 0), ("perché", 6), ("a\nb", 3), ("😀", 2), ("👩\u200d👧", 5), ("ア", 1)],
)
def test_length_is_what_a_browser_counts(text, units) -> None:
    assert length(text) == units


@given(st.text(st.sampled_from("aé😀\r\n \u0301"), max_size=14), st.integers(1, 12))
def test_what_a_browser_lets_through_is_never_too_long(text: str, most: int) -> None:
    typed = text.replace("\r\n", "\n").replace("\r", "\n")  # as maxlength counts it
    _, errors = _check(_field("testo_lungo", lunghezza_max=most), a=typed.replace("\n", "\r\n"))
    assert not (length(typed) <= most and errors)


def test_a_line_break_counts_one_and_the_limit_is_exact() -> None:
    field = _field("testo_lungo", lunghezza_max=3)
    assert [_holds(field, text) for text in ("a\r\nb", "😀a")] == [True, True]
    assert [_holds(field, text) for text in ("a\r\nbc", "😀😀")] == [False, False]


def test_the_sentences_are_those_of_the_form_or_plain_ones() -> None:
    own = _field("data", must=True, lunghezza_max=10, mancante="M", formato="F", lunghezza="L")
    plain = _field("data", must=True, lunghezza_max=10)
    for given_, sentence, default in (
        (" \r\n", "M", "Manca: Voce."),
        ("domani", "F", "Controlla come hai scritto: Voce."),
        ("x" * 11, "L", "Il testo è troppo lungo: al massimo 10 caratteri."),
    ):
        assert _check(own, a=given_)[1] == {"a": sentence}
        assert _check(plain, a=given_)[1] == {"a": default}
    assert _check(own)[1] == {"a": "M"}


@pytest.mark.parametrize("code", HIDDEN)
def test_characters_that_hide_are_refused_and_kept_on_the_page(code) -> None:
    for tipo in ("testo", "testo_lungo"):
        text = f"a{chr(code)}b"
        values, errors = _check(_field(tipo), a=text)
        assert values == {"a": text}
        assert "invisibili" in errors["a"]


@given(st.sampled_from(TYPES), texts)
@example("testo", "\u200eשלום 👩\u200d👧 (ज़)")
def test_nothing_that_holds_has_a_control(tipo: str, text: str) -> None:
    values, errors = _check(_field(tipo), a=text)
    if not errors:
        kept = "".join(values["a"])
        controls = {c for c in kept if unicodedata.category(c) == "Cc"}
        assert controls <= ({"\n", "\t"} if tipo == "testo_lungo" else set())
        assert tipo in ("testo", "testo_lungo") or length(kept) <= 254


def test_writing_from_right_to_left_and_joined_signs_are_let_through() -> None:
    for text in ("\u200fمريم\u200e", "👩\u200d👧", "می\u200cخواهم"):
        assert _holds(_field(), text)


@given(st.sampled_from([t for t in TYPES if t != "scelta_multipla"]), texts, texts)
@example("testo", "", "x")
def test_a_field_sent_twice_is_an_error(tipo: str, one: str, other: str) -> None:
    assert "a" in _check(_field(tipo), a=(one, other))[1]


def test_names_the_form_does_not_have_are_no_values() -> None:
    assert _check(_field(), a="x", b="y", __proto__="z") == ({"a": "x"}, {})


def test_choices_are_made_by_value() -> None:
    for tipo in ("scelta", "servizio", "comune"):
        assert _check(_field(tipo), a="si") == ({"a": "si"}, {})
        for wrong in ("Sì", "SI", "si,no", "forse", "s"):
            values, errors = _check(_field(tipo), a=wrong)
            assert (values, list(errors)) == ({"a": wrong}, ["a"])


def test_many_choices_are_each_checked_and_kept_once() -> None:
    field = _field("scelta_multipla", must=True)
    assert _check(field, a=("no", "si", "no", "")) == ({"a": ("no", "si")}, {})
    assert _check(field, a=("si", "forse"))[1]
    assert _check(field, a=("", ""))[1] == {"a": "Manca: Voce."}
    assert _check(field)[0] == {"a": ()}


def test_conditions_chain() -> None:
    fields = (
        _field("scelta", "chi"),
        _field("scelta_multipla", "come", se=Condition("chi", "si")),
        _field("testo", "nome", must=True, se=Condition("come", "no")),
        _field("testo", "altro", must=True, se=Condition("nome", "Ada")),
    )
    everything = {"chi": "si", "come": ("si", "no"), "nome": "Ada", "altro": "x"}
    assert _check(*fields, **everything) == (everything, {})
    # Whatever stands below a question that is not asked is neither asked nor kept.
    assert _check(*fields, **everything | {"chi": "no"}) == ({"chi": "no"}, {})
    assert _check(*fields, **everything | {"chi": ""}) == ({"chi": ""}, {})
    some = {"chi": "si", "come": ("si",)}
    assert _check(*fields, **everything | some) == (some, {})
    assert list(_check(*fields, chi="si", come="no")[1]) == ["nome"]


GOOD_DATES = ["2026-11-21", "1900-01-01", "2024-02-29", "21/11/2026", "1.2.2026", "01 02 2026"]
BAD_DATES = [
    "2026-02-30", "2025-02-29", "2026-11-22", "1899-12-31", "10000-01-01", "0000-01-01",
    "2026-W47-6", "2026-W01-1", "20261121", "2026-1-2", "٢٠٢٦-١١-٢١", "２０２６-11-21", "31/4/2026",
    "11/21/2026", "21/11/26", "21/11/20260", "2026-11-21T00", "2026-11-21x", "ieri", "-026-11-21",
    "99/99/9999",
]  # fmt: skip


@pytest.mark.parametrize("text", GOOD_DATES)
def test_days_are_read(text) -> None:
    assert _holds(_field("data"), text)


@pytest.mark.parametrize("text", BAD_DATES)
def test_what_is_no_day_of_the_past_is_refused(text) -> None:
    assert not _holds(_field("data"), text)


@given(st.dates())
def test_both_writings_are_the_same_day(day: date) -> None:
    assert read_date(day.isoformat()) == day
    assert read_date(f"{day.day}/{day.month}/{day.year:04}") == day
    wanted = date(1900, 1, 1) <= day <= TODAY
    assert _holds(_field("data"), day.isoformat()) == wanted


def test_today_holds_and_tomorrow_does_not() -> None:
    tomorrow = TODAY + timedelta(days=1)
    assert _holds(_field("data"), TODAY.isoformat())
    assert not _holds(_field("data"), tomorrow.isoformat())


GOOD_EMAILS = ["ada@example.it", "a.b+c_d@mail.example.co.uk", "O'Neil@x-y.it", " ada@example.it\n"]
BAD_EMAILS = [
    "ada", "ada@", "@example.it", "ada@example", "a@b@example.it", "ada @example.it",
    "Ada <ada@example.it>", "ada@example.it, bob@example.it", "ada@example.it;bob@example.it",
    "gruppo:ada@example.it", '"a b"@example.it', "ada@example..it", "ada@-example.it",
    "ada@example.it\r\nBcc: bob@example.it", "ada@example.it\0", "ada@example.it\u200b",
    "ada@exa\u2028mple.it", "àda@example.it", "ada@[127.0.0.1]", "x" * 65 + "@example.it",
    "a@" + ".".join(["x" * 60] * 5) + ".it", "=?utf-8?q?a?=@x", "ada@example.i", "ada@example.-it",
]  # fmt: skip


@pytest.mark.parametrize("text", GOOD_EMAILS)
def test_addresses_hold(text) -> None:
    assert _holds(_field("email"), text)


@pytest.mark.parametrize("text", BAD_EMAILS)
def test_what_is_not_one_plain_address_is_refused(text) -> None:
    assert not _holds(_field("email"), text)


_LOCAL = "azAZ09.!#$%&'*+/=?^_`{|}~-:;,<>()[]\"\\ \r\n\0\u2028à"


@given(st.builds("{}@{}.it".format, st.text(_LOCAL, min_size=1), st.text(_LOCAL, min_size=1)))
@example("a:b@x.it")
@example("a..b@x.it")
@example("=?utf-8?q?a?=@x.it")
def test_an_address_that_holds_is_one_recipient_and_no_header(text: str) -> None:
    values, errors = _check(_field("email"), a=text)
    if errors or not values["a"]:
        return
    mail = EmailMessage(policy=policy.SMTP)
    mail["To"] = values["a"]
    assert [a.addr_spec for a in mail["To"].addresses] == [values["a"]]
    assert bytes(mail).count(b"\r\n") == 2


GOOD_PHONES = [
    "0833514111", "+39 0833 514111", "(0833) 514.111", "+39(0833)514-111", "333/1234567", "80000",
    "0833\u00a0514111", "0833\u2011514111", "+1 23456 78901 2345",
]  # fmt: skip
BAD_PHONES = [
    "1234", "0833 514111 333 1234567", "٠٨٣٣٥١٤١١١", "０８３３５１４", "0833 514111 (casa)", "+",
    "++39", "=1+1", "=cmd|x!A1", "0833514111\0", "0833;514111", "0833,514111", "-0833514111",
]  # fmt: skip


@pytest.mark.parametrize("text", GOOD_PHONES)
def test_phones_hold_however_they_are_written(text) -> None:
    assert _holds(_field("telefono"), text)


@pytest.mark.parametrize("text", BAD_PHONES)
def test_what_is_no_phone_is_refused(text) -> None:
    assert not _holds(_field("telefono"), text)


@pytest.mark.parametrize(
    ("text", "holds"),
    [("0", True), ("-3", True), ("12,5", True), ("12.5", True), ("9" * 12, True)]
    + [(text, False) for text in ("٣", "３", "1e5", "1,", ",5", "NaN", "0x1", "1 000", "9" * 13)],
)
def test_numbers_are_in_plain_digits(text, holds) -> None:
    assert _holds(_field("numero"), text) == holds


@given(st.lists(st.sampled_from(TYPES), min_size=1, max_size=6), st.lists(texts, min_size=6))
def test_the_verdict_on_the_check_page_is_that_of_the_form(types: list[str], given_) -> None:
    fields = tuple(_field(tipo, f"c{n}") for n, tipo in enumerate(types))
    sent = {f"c{n}": given_[n] for n in range(len(types))}
    values, errors = _check(*fields, **sent)
    again = {k: v for k, v in values.items() if v}
    assert _check(*fields, **again) == (values, errors)
