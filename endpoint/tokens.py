"""Signed tokens, receipt numbers and secret codes: all derived, nothing of them kept.

The check page carries a token with a fresh nonce; number and code of the receipt are derived from
that nonce, so that a second confirm gives the same ones and a crash leaves nobody with a code that
opens nothing. Keys are derived from `CARTA_SECRET`, one for each use; while it is being changed the
old one still verifies, and what it signed goes on being derived from it.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from dataclasses import dataclass, field

# Crockford's: without I, L, O and U, which are misread or misheard.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HEARD_AS = str.maketrans("ILO", "110")
_NONCE, _MAC = 16, 32
NUMBER_LENGTH, CODE_LENGTH = 8, 16  # 40 and 80 bits
_MOST = 400  # characters of a token: whatever is longer is none of ours


class Invalid(Exception):
    """A token that we did not sign, or that was changed."""


@dataclass(frozen=True, slots=True)
class Token:
    """A visit to the check page: when (Unix seconds), its nonce, the form and its version.

    `secret` is the one that signed it, from which its receipt is derived.
    """

    issued: int
    nonce: bytes = field(repr=False)
    form: str
    version: str
    secret: bytes = field(repr=False)


class Keys:
    """What is signed and derived with `CARTA_SECRET`: the newest secret first.

    An empty one (no old secret) is no key: anyone could sign with it.
    """

    def __init__(self, *given: bytes) -> None:
        self._secrets = tuple(secret for secret in given if secret)
        if not self._secrets:
            raise ValueError("no secret to sign with")

    def issue(self, now: int, form: str, version: str) -> str:
        """A new token for the check page of a form."""
        return self._sign("visita", now, secrets.token_bytes(_NONCE), f"{form} {version}")

    def read(self, text: str) -> Token:
        """The token of a check page. Raises Invalid."""
        issued, nonce, rest, secret = self._open("visita", text)
        form, _, version = rest.partition(" ")
        return Token(issued, nonce, form, version, secret)

    def receipt_link(self, token: Token, now: int) -> str:
        """What stands in the address of the receipt page, while that shows the code."""
        return self._sign("ricevuta", now, token.nonce, "", token.secret)

    def read_receipt_link(self, text: str) -> Token:
        """The visit whose receipt is asked for, with the time of the link. Raises Invalid."""
        issued, nonce, _, secret = self._open("ricevuta", text)
        return Token(issued, nonce, "", "", secret)

    def desk_key(self) -> str:
        """What opens the desk's pages: the same as long as the secret is."""
        return _desk(self._secrets[0])

    def read_desk_key(self, text: str) -> bool:
        """Whether it opens them: signed with the secret, or with the old one while there is."""
        given = text.encode()
        return any(hmac.compare_digest(given, _desk(s).encode()) for s in self._secrets)

    def _sign(self, use: str, when: int, nonce: bytes, rest: str, secret: bytes = b"") -> str:
        payload = when.to_bytes(8, "big") + nonce + rest.encode()
        return urlsafe_b64encode(_mac(secret or self._secrets[0], use, payload) + payload).decode()

    def _open(self, use: str, text: str) -> tuple[int, bytes, str, bytes]:
        try:
            raw = urlsafe_b64decode(text.encode("ascii")) if len(text) <= _MOST else b""
            canonical = urlsafe_b64encode(raw).decode() == text
        except (BadBase64, ValueError):
            raise Invalid from None
        mac, payload = raw[:_MAC], raw[_MAC:]
        for secret in self._secrets:
            if (
                canonical
                and len(payload) >= 8 + _NONCE
                and hmac.compare_digest(mac, _mac(secret, use, payload))
            ):
                nonce, rest = payload[8 : 8 + _NONCE], payload[8 + _NONCE :]
                return int.from_bytes(payload[:8], "big"), nonce, rest.decode(), secret
        raise Invalid


def receipt_number(token: Token, prefix: str) -> str:
    """«CAS-7F3K-9QX2-M»: 40 bits and a check character, for talking about a submission."""
    letters = _letters(_mac(token.secret, "numero", token.nonce), NUMBER_LENGTH)
    return f"{prefix}-{_grouped(letters)}-{check_character(letters)}"


def secret_code(token: Token) -> str:
    """Sixteen characters in groups of four and a check character: 80 bits nobody can guess."""
    letters = _letters(_mac(token.secret, "codice", token.nonce), CODE_LENGTH)
    return f"{_grouped(letters)}-{check_character(letters)}"


def read_code(text: str) -> str | None:
    """The letters of a code as typed (any case, blanks, O for 0); None if mistyped.

    The same for a number without its prefix.
    """
    letters = _typed(text)
    if len(letters) < 2 or set(letters) - set(ALPHABET):
        return None
    return letters[:-1] if check_character(letters[:-1]) == letters[-1] else None


def read_number(text: str, prefix: str) -> str | None:
    """A receipt number as typed, with or without its prefix, in full; None if mistyped."""
    typed = _typed(text)
    head, last = typed[: -NUMBER_LENGTH - 1], typed[-NUMBER_LENGTH - 1 :]
    letters = read_code(last)
    if head not in ("", _typed(prefix)) or letters is None or len(letters) != NUMBER_LENGTH:
        return None
    return f"{prefix}-{_grouped(letters)}-{last[-1]}"


def code_digest(code: str) -> bytes:
    """What the database keeps of a code: enough to recognise it, not to tell it."""
    return hashlib.sha256(b"codice " + (read_code(code) or "").encode()).digest()


def nonce_digest(token: Token) -> bytes:
    """What makes two confirms of one visit the same submission."""
    return hashlib.sha256(b"visita " + token.nonce).digest()


def check_character(letters: str) -> str:
    """Luhn's formula modulo 32: finds every wrong letter and all swapped neighbours but 0 and Z.

    It does not find two letters swapped over a third, and one in 32 of the greater mistakes.
    """
    total, factor = 0, 2
    for letter in reversed(letters):
        product = factor * ALPHABET.index(letter)
        total += product // len(ALPHABET) + product % len(ALPHABET)
        factor = 3 - factor
    return ALPHABET[-total % len(ALPHABET)]


def _typed(text: str) -> str:
    return "".join(filter(str.isalnum, text.upper())).translate(_HEARD_AS)


def _letters(digest: bytes, length: int) -> str:
    bits = int.from_bytes(digest, "big")
    return "".join(ALPHABET[bits >> (5 * place) & 31] for place in range(length))


def _grouped(letters: str) -> str:
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def _desk(secret: bytes) -> str:
    return urlsafe_b64encode(_mac(secret, "sportello", b"")[:24]).decode()  # 192 bits: no padding


def _mac(secret: bytes, use: str, payload: bytes) -> bytes:
    return hmac.digest(secret, use.encode() + b"\0" + payload, "sha256")
