"""The words of a command line, in Italian: for the commands of the endpoint and of the builder."""

import argparse
import errno

# What argparse says by itself, through the function that it keeps for translators.
ITALIAN = {
    "usage: ": "uso: ",
    "positional arguments": "argomenti",
    "options": "opzioni",
    "show this help message and exit": "mostra questo aiuto",
    "%(prog)s: error: %(message)s\n": "%(prog)s: %(message)s\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "the following arguments are required: %s": "manca %s",
    "unrecognized arguments: %s": "non capisco %s",
    "invalid choice: %(value)r (choose from %(choices)s)": (
        "%(value)r non va bene: scegli fra %(choices)s"
    ),
    "expected one argument": "ci vuole un valore",
    "ambiguous option: %(option)s could match %(matches)s": (
        "%(option)s può voler dire più cose: %(matches)s"
    ),
    "ignored explicit argument %r": "il valore %r non ci vuole",
    "not allowed with argument %s": "non va insieme a %s",
    "invalid %(type)s value: %(value)r": "%(value)r non va bene",
}

# What the system says most often of a file, in words.
REASONS = {
    errno.ENOENT: "non c'è",
    errno.EACCES: "non hai il permesso",
    errno.EPERM: "non hai il permesso",
    errno.EEXIST: "c'è già",
    errno.EISDIR: "è una cartella, non un file",
    errno.ENOTDIR: "una parte del suo percorso non è una cartella",
    errno.ENOSPC: "il disco è pieno",
    errno.EROFS: "il disco è in sola lettura",
    errno.EADDRINUSE: "la porta è già usata da un altro programma",
    errno.ECONNREFUSED: "dall'altra parte non risponde nessuno",
}


def reason(error: OSError) -> str:
    """Why the system refused, in Italian where it is known."""
    return REASONS.get(error.errno or 0) or error.strerror or type(error).__name__


def speak_italian() -> None:
    """Make argparse answer in Italian from now on."""
    # The hook that argparse keeps for gettext; its type stubs do not know it.
    argparse._ = lambda text: ITALIAN.get(text, text)  # type: ignore[attr-defined]
