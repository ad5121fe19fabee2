"""Tokens that only we can sign, numbers and codes that survive being read aloud and typed."""

import string
from base64 import urlsafe_b64decode

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from endpoint.tokens import (
    ALPHABET,
    Invalid,
    Keys,
    Token,
    check_character,
    code_digest,
    nonce_digest,
    read_code,
    read_number,
    receipt_number,
    secret_code,
)

OLD, NEW = b"vecchio segreto" * 3, b"nuovo segreto" * 3
KEYS = Keys(NEW)
NOW = 1_795_000_000
TEXT = KEYS.issue(NOW, "reclamo", "0123456789abcdef")
LINK = KEYS.receipt_link(KEYS.read(TEXT), NOW)
nonces = st.binary(min_size=16, max_size=16)
letters = st.text(ALPHABET, min_size=1, max_size=16)


def _token(nonce: bytes, secret: bytes = NEW) -> Token:
    return Token(NOW, nonce, "reclamo", "0", secret)


def _invalid(keys: Keys, text: str) -> bool:
    for read in (keys.read, keys.read_receipt_link):
        with pytest.raises(Invalid):
            read(text)
    return True


@given(st.integers(0, 2**63), st.from_regex(r"[a-z-]{1,60}", fullmatch=True))
def test_a_token_comes_back_as_it_was_issued(now: int, form: str) -> None:
    token = KEYS.read(KEYS.issue(now, form, "abc"))
    assert (token.issued, token.form, token.version, len(token.nonce)) == (now, form, "abc", 16)


def test_every_visit_is_another() -> None:
    assert len({KEYS.read(KEYS.issue(NOW, "reclamo", "0")).nonce for _ in range(100)}) == 100


@given(st.sampled_from([TEXT, LINK]), st.data())
def test_a_changed_character_never_verifies(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from(string.printable + "à٣") | st.characters())
    assume(other != text[place])
    assert _invalid(KEYS, text[:place] + other + text[place + 1 :])


@given(st.sampled_from([TEXT, LINK]), st.integers(0, 150), st.text(max_size=5))
@example(TEXT, 150, "\n")
@example(TEXT, 150, "=")
@example(LINK, 150, "AAAA")
def test_a_token_cut_or_lengthened_never_verifies(text: str, end: int, more: str) -> None:
    assume(text[:end] + more != text)
    assert _invalid(KEYS, text[:end] + more)


@given(st.text() | st.binary().map(bytes.hex))
@example("A" * 76)
@example("A" * 500_000)
def test_what_we_did_not_sign_is_invalid(text: str) -> None:
    assert _invalid(KEYS, text)


def test_a_token_has_one_writing() -> None:
    # The last letter before the padding has bits that base64 does not use.
    assert LINK.endswith("=")
    place = len(LINK.rstrip("=")) - 1
    twins = [LINK[:place] + c + LINK[place + 1 :] for c in string.ascii_letters + string.digits]
    same = [t for t in twins if t != LINK and urlsafe_b64decode(t) == urlsafe_b64decode(LINK)]
    assert same
    for twin in [*same, LINK.rstrip("="), f" {LINK}", f"{LINK[:4]}\n{LINK[4:]}", f"{LINK}=="]:
        assert _invalid(KEYS, twin)


def test_a_token_of_one_use_is_none_of_the_other() -> None:
    assert KEYS.read_receipt_link(LINK).nonce == KEYS.read(TEXT).nonce
    with pytest.raises(Invalid):
        KEYS.read(LINK)
    with pytest.raises(Invalid):
        KEYS.read_receipt_link(TEXT)


def test_another_secret_opens_nothing() -> None:
    assert _invalid(Keys(OLD), TEXT)
    assert _invalid(Keys(OLD), LINK)


def test_an_empty_secret_is_no_key() -> None:
    forged = Keys(b" ")._sign("visita", NOW, bytes(16), "reclamo 0", b" ")
    assert Keys(b" ").read(forged).form == "reclamo"
    assert _invalid(Keys(NEW, b""), forged)
    assert Keys(b"", NEW).read(TEXT).secret == NEW
    for nothing in ((), (b"",)):
        with pytest.raises(ValueError, match="secret"):
            Keys(*nothing)


def test_while_the_secret_changes_the_old_one_gives_the_same_receipt() -> None:
    before, after = Keys(OLD), Keys(NEW, OLD)
    text = before.issue(NOW, "reclamo", "0")
    token = after.read(text)
    assert token == before.read(text)
    shown = after.read_receipt_link(after.receipt_link(token, NOW + 5))
    for derive in (secret_code, nonce_digest, lambda t: receipt_number(t, "ATS")):
        assert derive(token) == derive(before.read(text)) == derive(shown)
    assert after.read(after.issue(NOW, "reclamo", "0")).secret == NEW
    assert secret_code(_token(token.nonce, NEW)) != secret_code(token)
    assert _invalid(Keys(NEW), text)


def test_a_token_in_a_log_does_not_tell_what_it_is_made_of() -> None:
    shown = repr(_token(b"nonce-nonce-1234"))
    assert "nonce-" not in shown
    assert "segreto" not in shown


@given(nonces)
def test_number_and_code_have_their_shape(nonce: bytes) -> None:
    number, code = receipt_number(_token(nonce), "ATS"), secret_code(_token(nonce))
    assert [len(part) for part in number.split("-")] == [3, 4, 4, 1]
    assert [len(part) for part in code.split("-")] == [4, 4, 4, 4, 1]
    assert set(number[4:] + code) <= {*ALPHABET, "-"}
    assert number[4:13] != code[:9]


def test_the_alphabet_has_nothing_that_is_misread() -> None:
    assert sorted(ALPHABET) == list(ALPHABET)
    assert set(ALPHABET) == {*string.digits, *string.ascii_uppercase} - set("ILOU")
    assert len(ALPHABET) == 32


def test_numbers_and_codes_do_not_meet() -> None:
    tokens = [_token(n.to_bytes(16, "big")) for n in range(5000)]
    assert len({receipt_number(token, "ATS") for token in tokens}) == len(tokens)
    codes = [(read_code(secret_code(token)) or "") for token in tokens]
    assert len(set(codes)) == len(tokens)
    # Every letter in every place: none of the 80 bits is fixed.
    assert all({code[place] for code in codes} == set(ALPHABET) for place in range(16))


@given(letters, st.data())
def test_every_wrong_character_is_found(code: str, data: st.DataObject) -> None:
    whole = code + check_character(code)
    assert read_code(whole) == code
    for place in range(len(whole)):
        other = data.draw(st.sampled_from(ALPHABET.replace(whole[place], "")))
        assert read_code(whole[:place] + other + whole[place + 1 :]) is None


def test_every_swap_of_neighbours_is_found_but_of_zero_and_z() -> None:
    missed = set()
    for first in ALPHABET:
        for second in ALPHABET.replace(first, ""):
            for head, tail in (("", ""), ("", "7"), ("K", "3P")):
                code, swapped = (f"{head}{a}{tail}" for a in (first + second, second + first))
                if check_character(code) == check_character(swapped):
                    missed.add(first + second)
    assert missed == {"0Z", "Z0"}


def test_a_last_letter_swapped_with_the_check_character_is_found() -> None:
    for first in ALPHABET:
        check = check_character("7" + first)
        swapped_is_found = read_code(f"7{check}{first}") is None
        assert swapped_is_found or {first, check} in ({first}, {"0", "Z"})


def test_what_the_check_character_cannot_find() -> None:
    assert check_character("A7B") == check_character("B7A")


@given(nonces, st.data())
def test_a_code_is_read_however_it_is_typed(nonce: bytes, data: st.DataObject) -> None:
    code = secret_code(_token(nonce))
    heard = {"0": "0Oo", "1": "1IiLl", "-": ["-", " ", "", ".", "\u2011", "\u00a0", " - ", "\t"]}
    typed = "".join(
        data.draw(st.sampled_from(heard.get(c) or sorted({c, c.lower()}))) for c in code
    )
    assert read_code(typed) == code.replace("-", "")[:-1]
    assert code_digest(typed) == code_digest(code)


@given(st.text())
@example("")
@example("0")
@example("ß")
@example("٧F3K")
@example("7F3U")
def test_anything_may_be_typed(text: str) -> None:
    found = read_code(text)
    assert found is None or set(found) <= set(ALPHABET)
    assert read_number(text, "ATS") is None or found is None or len(found) == 8
    assert len(code_digest(text)) == 32


@given(nonces)
def test_a_number_is_read_with_and_without_its_prefix(nonce: bytes) -> None:
    number = receipt_number(_token(nonce), "SOLE")  # its letters are heard as others
    bare = number.removeprefix("SOLE-")
    for typed in (number, bare, number.lower(), bare.replace("-", ""), f" {number} ", "50LE"):
        assert read_number(typed, "SOLE") == (None if typed == "50LE" else number)
    for typed in (f"CAS-{bare}", f"SOL-{bare}", number[:-1], f"{number}0", f"SOLE-{number}", ""):
        assert read_number(typed, "SOLE") is None


@given(nonces, nonces)
def test_digests_tell_codes_and_visits_apart(one: bytes, other: bytes) -> None:
    first, second = _token(one), _token(other)
    same = one == other
    assert (code_digest(secret_code(first)) == code_digest(secret_code(second))) == same
    assert (nonce_digest(first) == nonce_digest(second)) == same
    assert code_digest("non è un codice") != code_digest(secret_code(first))
