"""`carta-endpoint apri`: opens an export on the office's computer, with the private key."""

import argparse
import sys
from pathlib import Path

from endpoint.context import CommandError, Context
from endpoint.files import write_new
from endpoint.office.asking import ask_phrase
from endpoint.office.exporting import BadExport, read_export
from endpoint.office.keyfiles import open_key
from endpoint.office.opening import Opened, as_text, open_all, table
from endpoint.office.sheets import to_csv, to_ods
from endpoint.tokens import read_number

HELP = "apre in ufficio gli invii esportati (la chiave privata non sta mai sul server)"
_KINDS = {".ods": to_ods, ".csv": to_csv}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The export, the key, and what to do with what is read."""
    parser.add_argument("export", type=Path, metavar="INVII", help="il file di «esporta»")
    parser.add_argument(
        "--chiave", type=Path, required=True, metavar="FILE", help="il file della chiave privata"
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--output", type=Path, metavar="FILE",
        help="scrive una tabella in chiaro: un file .ods (meglio) o .csv",
    )  # fmt: skip
    what.add_argument("--numero", help="mostra un solo invio, con questo numero di ricevuta")
    parser.add_argument(
        "--frase-da", type=Path, metavar="FILE",
        help="legge la frase segreta dalla prima riga di un file, e non dalla tastiera",
    )  # fmt: skip


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Open it; 1 if the key left some of it closed."""
    output: Path | None = arguments.output
    _check(output)
    try:
        entries = read_export(arguments.export.read_bytes())
    except BadExport as error:
        raise CommandError(f"{arguments.export}: {error}") from None
    key = arguments.chiave.read_bytes()
    opened, closed = open_all(entries, open_key(key, lambda: ask_phrase(arguments.frase_da)))
    if closed:
        print(
            f"Non si aprono con questa chiave, o sono rovinati: {', '.join(closed)}. Prova con la "
            "chiave che si usava quando sono arrivati.",
            file=sys.stderr,
        )
    if output:
        _write(output, opened)
    else:
        print(as_text(_find(opened, arguments.numero)), end="")
    return 1 if closed else 0


def _check(output: Path | None) -> None:
    """Before anybody types a passphrase."""
    if output and output.suffix.lower() not in _KINDS:
        raise CommandError(f"{output}: il nome del file deve finire con .ods o .csv.")
    if output and output.exists():
        raise CommandError(f"{output} c'è già: non scrivo sopra. Scegli un altro nome.")


def _write(output: Path, opened: list[Opened]) -> None:
    if not opened:
        raise CommandError("Non c'è nessun invio da scrivere: il file non è stato fatto.")
    write_new(output, _KINDS[output.suffix.lower()](table(opened)))
    print(f"Invii scritti in {output}: {len(opened)}.")
    print(
        "ATTENZIONE: quel file è in chiaro, chi lo apre legge tutto. Tienilo su un disco cifrato "
        "e cancellalo appena hai finito.",
        file=sys.stderr,
    )


def _find(opened: list[Opened], number: str) -> Opened:
    for item in opened:
        own = item.known["numero"]
        if read_number(number, own.partition("-")[0]) == own:
            return item
    raise CommandError(f"Fra gli invii che si aprono non c'è «{number}»: controlla il numero.")
