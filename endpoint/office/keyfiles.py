"""Key files: a private key locked with a passphrase, as any age program reads and writes it.

The passphrase is normalised (NFC), so that an accent typed on another keyboard is the same.
"""

import re
import unicodedata
from collections.abc import Callable

import pyrage  # type: ignore[import-untyped]  # it has no types
from pyrage.x25519 import Identity  # type: ignore[import-untyped]  # as above

from endpoint.sealing import BadKey, read_identity

FEWEST_CHARACTERS = 16
_LOCKED = (b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE-----")
# age takes a second of the machine that locks; above this a browser lacks the memory (1 GiB).
_MOST_WORK = 20
_TRIES = 10


def phrase_defect(phrase: str) -> str:
    """Why a passphrase is too weak to lock a key, in Italian; empty if it is not."""
    if len(phrase) < FEWEST_CHARACTERS:
        return f"servono almeno {FEWEST_CHARACTERS} caratteri: quattro o cinque parole a caso"
    if len(set(phrase)) < 8:
        return "si ripete troppo: usa quattro o cinque parole a caso"
    return ""


def lock_key(identity: Identity, phrase: str) -> bytes:
    """The key file of a private key: age ciphertext, opened by the passphrase alone."""
    text = f"# chiave pubblica: {identity.to_public()}\n{identity}\n".encode()
    for _ in range(_TRIES):
        locked: bytes = pyrage.passphrase.encrypt(text, _normal(phrase))
        if _work(locked) <= _MOST_WORK:
            return locked
    raise BadKey("Non riesco a chiudere la chiave in modo che un browser la apra: riprova.")


def open_key(data: bytes, phrase: Callable[[], str]) -> Identity:
    """The private key in a key file, locked or plain; asks for the passphrase only if locked.

    Raises BadKey.
    """
    if data.lstrip().startswith(_LOCKED):
        data = _unlock(data, phrase())
    return read_identity(data.decode("utf-8", "replace"))


def _unlock(data: bytes, phrase: str) -> bytes:
    try:
        text: bytes = pyrage.passphrase.decrypt(data, _normal(phrase))
    except pyrage.DecryptError:
        raise BadKey(
            "La frase segreta non apre questa chiave: controlla maiuscole, spazi e accenti. "
            "Se è giusta, il file della chiave è rovinato: usane una copia."
        ) from None
    return text


def _normal(phrase: str) -> str:
    return unicodedata.normalize("NFC", phrase)


def _work(locked: bytes) -> int:
    found = re.match(rb"age-encryption\.org/v1\n-> scrypt \S+ (\d+)\n", locked)
    return int(found[1]) if found else 0
