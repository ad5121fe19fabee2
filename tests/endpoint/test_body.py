"""Bodies of requests: one way to read each, or a refusal with its status."""

from collections.abc import Mapping
from io import BytesIO
from urllib.parse import urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from endpoint.forms.body import (
    CONTENT_TYPE,
    MAX_BYTES,
    MAX_FIELDS,
    Answers,
    Refused,
    parse,
    read_form,
)

# Without surrogates, which UTF-8 cannot write.
words = st.text(st.characters(exclude_categories=["Cs"]))


def _read(raw: bytes, **environ: str) -> Answers:
    given: Mapping[str, object] = {
        "CONTENT_TYPE": CONTENT_TYPE, "CONTENT_LENGTH": str(len(raw)), "wsgi.input": BytesIO(raw),
    }  # fmt: skip
    return read_form({**given, **environ})


def _status(raw: bytes, **environ: str) -> int:
    with pytest.raises(Refused) as caught:
        _read(raw, **environ)
    return caught.value.status


@given(st.lists(st.tuples(words, words), max_size=MAX_FIELDS))
@example([("a", "x"), ("a", "y"), ("", "\0"), ("b;c", "d;e&f=g+h%")])
def test_what_a_browser_sends_comes_back(pairs: list[tuple[str, str]]) -> None:
    found = _read(urlencode(pairs).encode())
    assert [(k, v) for k, values in found.items() for v in values] == sorted(
        pairs, key=lambda pair: [name for name, _ in pairs].index(pair[0])
    )


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        answers = parse(raw)
    except Refused:
        return
    again = urlencode([(k, v) for k, values in answers.items() for v in values])
    assert parse(again.encode()) == answers


def test_an_empty_body_has_no_answers() -> None:
    assert _read(b"") == {}


def test_a_semicolon_separates_nothing() -> None:
    assert _read(b"a=1;b=2&c=3") == {"a": ("1;b=2",), "c": ("3",)}


NOT_A_FORM = [
    b"a=%FF", b"a=%ED%A0%80", b"a=%C0%AF", b"%FF=a", "a=à".encode(), b"a=\xff", b"a", b"a=1&b",
    b"a=1&", b"&a=1", b"a=1&&b=2", b"a=%", b"a=%4", b"a=%zz", b"a=%u0041", b"a=%\xd9\xa10",
    b"--x\r\nContent-Disposition: form-data",
]  # fmt: skip


@pytest.mark.parametrize("raw", NOT_A_FORM)
def test_what_is_not_encoded_as_a_form_is_refused(raw) -> None:
    assert _status(raw) == 400


def test_forty_fields_and_no_more() -> None:
    assert len(_read(urlencode([(str(n), "") for n in range(MAX_FIELDS)]).encode())) == 40
    assert _status(urlencode([(str(n), "") for n in range(MAX_FIELDS + 1)]).encode()) == 400
    assert _status(b"a=1&" * 20_000 + b"a=1") == 413


def test_the_bound_is_exact_with_and_without_a_length() -> None:
    most, more = b"a=" + b"x" * (MAX_BYTES - 2), b"a=" + b"x" * (MAX_BYTES - 1)
    for environ in ({}, {"CONTENT_LENGTH": ""}):
        assert len(_read(most, **environ)["a"][0]) == MAX_BYTES - 2
        assert _status(more, **environ) == 413


@pytest.mark.parametrize("length", ["-1", "+3", "3 ", "0x3", "3.0", "٣", "³", "1e1", "tre"])
def test_a_length_that_is_no_number_is_refused(length) -> None:
    assert _status(b"a=1", CONTENT_LENGTH=length) == 400


@pytest.mark.parametrize("length", [str(MAX_BYTES + 1), "9" * 9, "9" * 10, "9" * 5000])
def test_a_length_over_the_bound_is_refused_before_reading(length) -> None:
    stream = BytesIO(b"a=1")
    with pytest.raises(Refused) as caught:
        read_form(
            {"CONTENT_TYPE": CONTENT_TYPE, "CONTENT_LENGTH": length, "wsgi.input": stream}
        )  # fmt: skip
    assert (caught.value.status, stream.tell()) == (413, 0)


def test_a_body_cut_short_is_refused_and_one_too_long_is_not_read_on() -> None:
    assert _status(b"a=1", CONTENT_LENGTH="4") == 400
    assert _read(b"a=12", CONTENT_LENGTH="3") == {"a": ("1",)}


GOOD = [
    CONTENT_TYPE, CONTENT_TYPE.upper(), f"{CONTENT_TYPE} ", f"{CONTENT_TYPE}; charset=utf-8",
    f'{CONTENT_TYPE};charset="UTF-8"', f"{CONTENT_TYPE}; altro=x",
]  # fmt: skip
BAD = [
    "", "text/plain", "application/json", "multipart/form-data; boundary=x", f"{CONTENT_TYPE}-2",
    f"{CONTENT_TYPE}; charset=iso-8859-1", f"{CONTENT_TYPE}; charset=utf-7; x=utf-8",
    f"{CONTENT_TYPE}; charset=utf-8; charset=latin1", f"{CONTENT_TYPE}; charset=",
    f"text/plain; {CONTENT_TYPE}",
]  # fmt: skip


@pytest.mark.parametrize("kind", GOOD)
def test_the_type_of_a_form_is_read(kind) -> None:
    assert _read(b"a=1", CONTENT_TYPE=kind) == {"a": ("1",)}


@pytest.mark.parametrize("kind", BAD)
def test_any_other_type_is_refused(kind) -> None:
    assert _status(b"a=1", CONTENT_TYPE=kind) == 415
