"""Sealing what citizens write: age (X25519), so that only the office's keys open it.

Each submission is sealed by itself to every recipient (the office's and the recovery key). The
plaintext is JSON padded to whole kibibytes, so that the size of the ciphertext says little.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any

import pyrage  # type: ignore[import-untyped]  # it has no types
from pyrage.x25519 import Identity, Recipient  # type: ignore[import-untyped]  # as above

_STEP = 1024
# Bech32 (BIP 173), in which age writes its keys.
_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


class BadKey(ValueError):
    """A key that age does not know, or that does not open a submission; the message is Italian."""


def read_recipient(text: str) -> Recipient:
    """The public key in a text `age1…`. Raises BadKey."""
    try:
        return Recipient.from_str(text)
    except pyrage.RecipientError:
        raise BadKey(f"«{text[:12]}…» non è una chiave pubblica age (comincia con age1).") from None


def read_identity(text: str) -> Identity:
    """The private key in a key file: its line that begins with AGE-SECRET-KEY-. Raises BadKey."""
    lines = [line.strip() for line in text.splitlines()]
    found = next((line for line in lines if line.startswith("AGE-SECRET-KEY-")), "")
    try:
        return Identity.from_str(found)
    except pyrage.IdentityError:
        raise BadKey("Nel file non c'è una chiave privata age (AGE-SECRET-KEY-…).") from None


def seal(values: dict[str, Any], recipients: Sequence[Recipient]) -> bytes:
    """The values as age ciphertext, which any one of the recipients opens (at least one)."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
    padded = text + b" " * (-len(text) % _STEP)  # blanks after JSON mean nothing
    sealed: bytes = pyrage.encrypt(padded, list(recipients))
    return sealed


def open_sealed(sealed: bytes, identity: Identity) -> dict[str, Any]:
    """The values in a ciphertext, several choices as a list. Raises BadKey if it stays closed."""
    try:
        values: dict[str, Any] = json.loads(pyrage.decrypt(sealed, [identity]))
    except pyrage.DecryptError:
        raise BadKey(
            "Questa chiave non apre l'invio: è di un'altra coppia di chiavi, o l'invio è rovinato."
        ) from None
    return values


def own_identity(secret: bytes) -> Identity:
    """The key with which the endpoint seals for itself what it must read again (mail addresses).

    Derived from its secret, so that there is nothing more to keep; whoever has only the database
    cannot read them.
    """
    seed = hmac.digest(secret, b"posta", hashlib.sha256)
    return Identity.from_str(_bech32("age-secret-key-", seed).upper())


def _bech32(prefix: str, data: bytes) -> str:
    number, bits = int.from_bytes(data, "big"), len(data) * 8
    pad = -bits % 5
    words = [(number << pad) >> shift & 31 for shift in range(bits + pad - 5, -1, -5)]
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = _polymod([*expanded, *words, 0, 0, 0, 0, 0, 0]) ^ 1
    words += [check >> 5 * (5 - place) & 31 for place in range(6)]
    return f"{prefix}1{''.join(_CHARSET[word] for word in words)}"


def _polymod(values: Sequence[int]) -> int:
    total = 1
    for value in values:
        top = total >> 25
        total = (total & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATOR):
            total ^= generator if top >> place & 1 else 0
    return total
