"""What is sealed: opened by each of its keys, by no other, and by anyone's age."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pyrage
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyrage.x25519 import Identity

from endpoint.sealing import (
    BadKey,
    _bech32,
    open_sealed,
    own_identity,
    read_identity,
    read_recipient,
    seal,
)

OFFICE, RECOVERY, STRANGER = Identity.generate(), Identity.generate(), Identity.generate()
BOTH = [OFFICE.to_public(), RECOVERY.to_public()]
SEALED = seal({"nome": "Ada"}, BOTH)
texts = st.text(st.characters(exclude_categories=["Cs"]))


def _payload(sealed: bytes) -> int:
    """Bytes after the header, which has a stanza of random length (and says nothing by it)."""
    head, mark, rest = sealed.partition(b"\n--- ")
    assert head.startswith(b"age-encryption.org/v1\n-> X25519 ")
    return len(rest.partition(b"\n")[2]) if mark else 0


@settings(max_examples=40)
@given(st.dictionaries(texts, texts | st.lists(texts)))
@example({"a": "\0\n  ", "b": ["si", "no"], "c": "😀" * 1500})
def test_each_key_alone_opens_what_was_sealed_for_both(values: dict[str, Any]) -> None:
    sealed = seal(values, BOTH)
    assert open_sealed(sealed, OFFICE) == open_sealed(sealed, RECOVERY) == values


def test_several_choices_come_back_as_a_list() -> None:
    assert open_sealed(seal({"a": ("si", "no")}, BOTH), OFFICE) == {"a": ["si", "no"]}


def test_another_key_opens_nothing_and_says_so_in_italian() -> None:
    with pytest.raises(BadKey, match="è di un'altra coppia di chiavi"):
        open_sealed(SEALED, STRANGER)


@settings(max_examples=60)
@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_what_was_changed_does_not_open(place: int, flip: int) -> None:
    changed = SEALED[:place] + bytes([SEALED[place] ^ flip]) + SEALED[place + 1 :]
    with pytest.raises(BadKey, match="rovinato"):
        open_sealed(changed, STRANGER)
    # One stanza may be spoilt without harm to the other only if its header is still signed.
    with pytest.raises(BadKey, match="rovinato"):
        open_sealed(changed, OFFICE)


@pytest.mark.parametrize(
    "sealed",
    [b"", b"x", SEALED[:40], SEALED[:-1], SEALED + b"x"],
    ids=["empty", "letter", "head", "one less", "one more"],
)
def test_what_is_not_whole_does_not_open(sealed) -> None:
    with pytest.raises(BadKey, match="rovinato"):
        open_sealed(sealed, OFFICE)


def test_nothing_is_sealed_for_nobody() -> None:
    with pytest.raises(pyrage.EncryptError):
        seal({"nome": "Ada"}, [])


def test_the_same_answers_are_never_sealed_alike() -> None:
    assert seal({"nome": "Ada"}, BOTH) != SEALED
    assert b"Ada" not in SEALED


@pytest.mark.parametrize("length", [0, 1, 1000, 1014, 1015, 1016, 2038, 2039, 5000])
def test_size_goes_by_whole_kibibytes(length) -> None:
    sealed = seal({"a": "x" * length}, BOTH)
    written = len(json.dumps({"a": "x" * length}, separators=(",", ":")))
    plain = pyrage.decrypt(sealed, [OFFICE])
    assert len(plain) == max(1, -(-written // 1024)) * 1024
    assert _payload(sealed) == 16 + len(plain) + 16  # its nonce, its mark


def test_short_answers_have_all_one_size() -> None:
    assert len({_payload(seal({"a": "à" * n}, BOTH)) for n in range(0, 500, 50)}) == 1


def test_keys_are_read_from_their_texts() -> None:
    public, private = str(OFFICE.to_public()), str(OFFICE)
    file = f"# created: 2026-11-21\r\n# public key: {public}\r\n  {private}  \r\n"
    sealed = seal({"a": "b"}, [read_recipient(public)])
    for text in (private, file):
        assert open_sealed(sealed, read_identity(text)) == {"a": "b"}


@pytest.mark.parametrize(
    "text",
    ["", "age1", "age1" + "q" * 58, str(OFFICE), str(BOTH[0])[:-1], f"{BOTH[0]}x", "ssh-rsa"],
    ids=["empty", "head", "zeros", "private", "one less", "one more", "ssh"],  # no key in a report
)
def test_what_is_no_public_key_is_refused_and_not_told(text) -> None:
    with pytest.raises(BadKey, match="non è una chiave pubblica age") as caught:
        read_recipient(text)
    assert len(text) < 20 or text[15:] not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["", "x", str(BOTH[0]), str(OFFICE)[:-1], "AGE-SECRET-KEY-1"],
    ids=["empty", "letter", "public", "one less", "head"],
)
def test_what_is_no_private_key_is_refused_and_not_told(text) -> None:
    with pytest.raises(BadKey, match="non c'è una chiave privata age") as caught:
        read_identity(text)
    assert len(text) < 20 or text not in str(caught.value)


@settings(max_examples=40)
@given(st.binary(min_size=1))
def test_the_endpoints_own_key_is_one_for_each_secret(secret: bytes) -> None:
    identity = own_identity(secret)
    assert str(identity) == str(own_identity(secret)) != str(own_identity(secret + b"x"))
    # age writes the key again from its bytes: so the checksum is right.
    assert str(Identity.from_str(str(identity))) == str(identity)
    assert open_sealed(seal({"a": "b"}, [identity.to_public()]), identity) == {"a": "b"}


def test_bech32_is_that_of_age() -> None:
    charset = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    for _ in range(50):
        text = str(Identity.generate())
        words = [charset.index(letter) for letter in text.lower().split("key-1")[1][:-6]]
        number = 0
        for word in words:
            number = number << 5 | word
        data = (number >> (len(words) * 5 - 256)).to_bytes(32, "big")
        assert _bech32("age-secret-key-", data).upper() == text


@pytest.mark.tools
@pytest.mark.parametrize("identity", [OFFICE, RECOVERY], ids=["ufficio", "recupero"])
def test_the_age_program_opens_what_was_sealed(tmp_path: Path, identity) -> None:
    if not (age := shutil.which("age")):
        pytest.skip("the program age is not installed")
    key = tmp_path / "chiave.txt"
    key.write_text(f"{identity}\n")
    run = subprocess.run([age, "-d", "-i", key], input=SEALED, capture_output=True, timeout=30)
    assert run.returncode == 0, run.stderr.decode()
    assert json.loads(run.stdout) == {"nome": "Ada"}
    assert len(run.stdout) == 1024
