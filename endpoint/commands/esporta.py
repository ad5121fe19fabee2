"""`carta-endpoint esporta`: what arrived, still sealed, in a file for the office's computer."""

import argparse
from datetime import date, datetime, time
from pathlib import Path

from endpoint.cases.days import ZONE
from endpoint.context import CommandError, Context
from endpoint.files import write_over
from endpoint.forms.checking import read_date
from endpoint.office.exporting import write_export
from endpoint.stores.store import STATES

HELP = "mette in un file gli invii, ancora chiusi, da aprire in ufficio"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The file, and which submissions."""
    parser.add_argument("--output", type=Path, required=True, metavar="FILE", help="dove scriverli")
    parser.add_argument(
        "--dal", type=_day, metavar="DATA",
        help="solo quelli ricevuti da quel giorno, per esempio 2026-11-22",
    )  # fmt: skip
    parser.add_argument(
        "--stato", action="append", choices=STATES,
        help="solo quelli in uno stato; si può ripetere",
    )  # fmt: skip
    parser.add_argument(
        "--modulo", action="append", metavar="ID", help="solo quelli di un modulo; si può ripetere"
    )


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Write the export and say how many submissions are in it."""
    forms = arguments.modulo or list(context.forms)
    if unknown := sorted(set(forms) - set(context.forms)):
        raise CommandError(
            f"Il modulo «{unknown[0]}» non c'è. Ci sono: {', '.join(context.forms)}."
        )
    states = arguments.stato or STATES
    since = int(datetime.combine(arguments.dal, time(), ZONE).timestamp()) if arguments.dal else 0
    found = [
        (case, sealed)
        for case, sealed in context.store.sealed(since)
        if case.state in states and (not arguments.modulo or case.form in forms)
    ]
    write_over(arguments.output, write_export(context.body.name, found, context.now))
    print(f"{_how_many(len(found))} in {arguments.output}: ancora chiusi, si aprono in ufficio.")
    return 0


def _how_many(count: int) -> str:
    return "1 invio" if count == 1 else f"{count} invii"


def _day(text: str) -> date:
    if (day := read_date(text)) is None:
        raise argparse.ArgumentTypeError(f"«{text}» non è una data: scrivila così: 2026-11-22")
    return day
