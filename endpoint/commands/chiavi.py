"""`carta-endpoint chiavi`: makes the keys of the office, and tries them every year."""

import argparse
import secrets
import sys
from pathlib import Path

from endpoint.context import CommandError, Context
from endpoint.office.asking import ask_phrase, choose_phrase
from endpoint.office.ceremony import (
    FILES,
    PAGE,
    RECOVERY_SHEET,
    digest,
    make_keys,
    opening_page,
    opens,
)
from endpoint.office.keyfiles import open_key
from endpoint.sealing import BadKey
from endpoint.settings import read_recipients
from endpoint.tokens import Keys

HELP = "fa le chiavi dell'ufficio (su un computer senza rete), e le prova"
_SECRET_BYTES = 48
_NAMES = ("dell'ufficio", "di recupero")


def arguments(parser: argparse.ArgumentParser) -> None:
    """One of four things to do, and where a passphrase comes from."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--output", type=Path, metavar="CARTELLA",
        help="fa le due coppie di chiavi e i fogli per le buste, in una cartella",
    )  # fmt: skip
    what.add_argument(
        "--prova", type=Path, metavar="FILE",
        help="prova che un file di chiave apre ciò che si chiude con CARTA_RECIPIENTS",
    )  # fmt: skip
    what.add_argument("--segreto", action="store_true", help="fa solo un nuovo CARTA_SECRET")
    what.add_argument(
        "--sportello", action="store_true", help="scrive l'indirizzo delle pagine dello sportello"
    )
    parser.add_argument(
        "--frase-da", type=Path, metavar="FILE",
        help="legge la frase segreta dalla prima riga di un file, e non dalla tastiera",
    )  # fmt: skip


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Do it; what belongs in the server's settings goes to stdout, the rest to stderr."""
    if arguments.output:
        return _make(arguments.output, arguments.frase_da)
    if arguments.prova:
        return _try(arguments.prova, arguments.frase_da, context)
    print(_new_secret() if arguments.segreto else _desk(context))
    return 0


def _make(folder: Path, phrase_file: Path | None) -> int:
    if found := next((folder / name for name in FILES if (folder / name).exists()), None):
        raise CommandError(f"{found} c'è già: non scrivo sopra. Scegli un'altra cartella.")
    public = make_keys(folder, choose_phrase(phrase_file))
    print(f"CARTA_RECIPIENTS={','.join(public)}")
    print(_new_secret())
    print(
        f"Le chiavi sono in {folder}, e le ho provate: si aprono. Le due righe qui sopra vanno\n"
        "nelle impostazioni del server; le chiavi private non ci vanno mai.\n"
        f"Adesso stampa i due fogli per le buste. Poi cancella {folder / RECOVERY_SHEET}:\n"
        "contiene la chiave di recupero in chiaro.\n"
        f"{PAGE}, SHA-256: {digest(opening_page())}",
        file=sys.stderr,
    )
    return 0


def _try(file: Path, phrase_file: Path | None, context: Context) -> int:
    recipients = list(read_recipients(context.environ.get("CARTA_RECIPIENTS", "")))
    identity = open_key(file.read_bytes(), lambda: ask_phrase(phrase_file))
    try:
        place = opens(recipients, identity)
    except BadKey:
        raise CommandError(
            f"{file} NON apre ciò che si chiude oggi con CARTA_RECIPIENTS: è di un'altra coppia di "
            "chiavi. Cerca il file giusto prima che arrivino altri invii."
        ) from None
    name = _NAMES[place] if place < len(_NAMES) else f"numero {place + 1}"
    print(f"La chiave {name} funziona: ha aperto un invio di prova chiuso adesso.")
    return 0


def _new_secret() -> str:
    return f"CARTA_SECRET={secrets.token_urlsafe(_SECRET_BYTES)}"


def _desk(context: Context) -> str:
    settings = context.settings
    # Without the endpoint's own address the path alone: whoever runs it knows what goes before.
    return f"{settings.url.rstrip('/')}/sportello/{Keys(*settings.secrets).desk_key()}"
