"""Italian numbers and mailboxes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.phones import is_pec, is_phone, national, tel


@pytest.mark.parametrize(
    ("number", "shown", "link"),
    [
        ("0833502428", "0833 502428", "tel:+390833502428"),
        ("0833 502428", "0833 502428", "tel:+390833502428"),
        ("+39 0833 502428", "0833 502428", "tel:+390833502428"),
        ("0833/502428", "0833 502428", "tel:+390833502428"),
        ("3331234567", "333 123 4567", "tel:+393331234567"),
        ("800 90 10 10", "800 901 010", "tel:+39800901010"),
        ("06 4681 1", "06 46811", "tel:+390646811"),
        ("112", "112", "tel:112"),
        ("1522", "1522", "tel:1522"),
        ("116 117", "116 117", "tel:116117"),
        ("114", "114", "tel:114"),
    ],
)
def test_numbers_in_use(number: str, shown: str, link: str) -> None:
    assert is_phone(number)
    assert national(number) == shown
    assert tel(number) == link


def test_a_number_without_quotes_is_read_as_a_number() -> None:
    assert (national(1522), tel(1522)) == ("1522", "tel:1522")


@pytest.mark.parametrize(
    "number",
    ["", "0833", "833 502428", "0833 5024281234", "chiama", "33312345", "12", "99999999999"],
)
def test_numbers_that_do_not_ring(number: str) -> None:
    assert not is_phone(number)
    assert national(number) == number


@pytest.mark.parametrize(
    "address",
    ["a@pec.comune.casarano.le.it", "a@legalmail.it", "a@postacert.inps.gov.it", "a@arubapec.it",
     "a@cert.regione.puglia.it", "a@pec.it", "a@PEC.rupar.puglia.it", "a@asmepec.it",
     "comune@pec-enti.it", "a@comune.pec.prova.le.it"],
)  # fmt: skip
def test_certified_mail(address: str) -> None:
    assert is_pec(address)


@pytest.mark.parametrize(
    "address",
    ["a@comune.casarano.le.it", "pec@comune.casarano.le.it", "a@gmail.com", "a@specchia.it",
     "a@comune.pecetto.to.it", "a@comune.certaldo.fi.it", ""],
)  # fmt: skip
def test_ordinary_mail(address: str) -> None:
    assert not is_pec(address)


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    assert isinstance(is_phone(text), bool)
    assert isinstance(national(text), str)
    assert tel(text).startswith("tel:")
    assert isinstance(is_pec(text), bool)
