"""Asking for a passphrase: at the keyboard, without showing it, or from a file."""

from getpass import getpass
from pathlib import Path

from endpoint.context import CommandError
from endpoint.office.keyfiles import phrase_defect

_TRIES = 3


def ask_phrase(file: Path | None) -> str:
    """The passphrase of a key that is there: the first line of the file, or what is typed.

    Raises CommandError.
    """
    return _from(file) if file else _typed("Frase segreta della chiave: ")


def choose_phrase(file: Path | None) -> str:
    """A new passphrase, typed twice. Raises CommandError if it is too weak or never the same."""
    for _ in range(1 if file else _TRIES):
        phrase = _from(file) if file else _typed("Scegli la frase segreta: ")
        if defect := phrase_defect(phrase):
            raise CommandError(f"La frase è troppo debole: {defect}.")
        if file or _typed("Scrivila di nuovo: ") == phrase:
            return phrase
        print("Le due frasi sono diverse: riprova.")
    raise CommandError("Le due frasi sono sempre diverse: ricomincia.")


def _from(file: Path) -> str:
    try:
        lines = file.read_text("utf-8").splitlines()
    except ValueError:
        raise CommandError(f"{file} non è un testo in UTF-8: salvalo di nuovo.") from None
    if not lines or not lines[0]:
        raise CommandError(f"La prima riga di {file} è vuota: scrivici la frase segreta.")
    return lines[0]


def _typed(prompt: str) -> str:
    try:
        return getpass(prompt)
    except EOFError:
        raise CommandError("Nessuno ha scritto la frase segreta.") from None
