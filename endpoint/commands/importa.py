"""`carta-endpoint importa`: adds a provider's monthly list of complaints to the counters."""

import argparse
import hashlib
from collections.abc import Iterator
from pathlib import Path

from endpoint.cases.counting import SERVICE, counted
from endpoint.context import CommandError, Context
from endpoint.figures.importing import BadList, example, marks, read_list
from endpoint.figures.importing_rows import Row
from endpoint.forms.definition import Definition

HELP = "aggiunge ai numeri l'elenco mensile dei reclami di un gestore"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The list, or what one looks like."""
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help="l'elenco, in CSV")
    parser.add_argument("--gestore", default="", metavar="NOME", help="di chi è l'elenco")
    parser.add_argument("--modulo", default="reclamo", metavar="ID", help="il modulo dei reclami")
    parser.add_argument("--prova", action="store_true", help="controlla soltanto, senza contare")
    parser.add_argument("--esempio", action="store_true", help="stampa un elenco da riempire")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Count the list, whole or not at all; 1 if it is wrong or was counted before."""
    form = _form(context, arguments.modulo)
    if arguments.esempio:
        print(example(form, context.today), end="")
        return 0
    if not arguments.file:
        raise CommandError("Scrivi quale file importare; con --esempio ne stampo uno da riempire.")
    try:
        rows = read_list(arguments.file.read_bytes(), form, context.today)
    except BadList as error:
        raise CommandError("\n".join([*error.args, "Non ho contato niente."])) from None
    made = marks(rows, arguments.gestore)
    _refuse_again(context, made)
    if not arguments.prova:
        # Two at the same moment: of one list only the first is counted.
        nonce = hashlib.sha256(made[0].encode()).digest()
        if not context.store.add_counts(nonce, _counts(rows, form, made), context.now):
            _refuse_again(context, made)
    _tell(rows, arguments.prova)
    return 0


def _form(context: Context, id: str) -> Definition:
    form = context.forms.get(id)
    if form is None or form.anonimo or not counted(form)[SERVICE]:
        named = [f.id for f in context.forms.values() if not f.anonimo and counted(f)[SERVICE]]
        choices = f"scegli fra {', '.join(named)}" if named else "nessun modulo lo chiede"
        raise CommandError(f"--modulo: «{id}» non è un modulo che chiede il servizio: {choices}.")
    return form


def _refuse_again(context: Context, made: list[str]) -> None:
    known = {key for mark in made for key in context.store.counters(int(mark[:4]))}
    if known & set(made):
        raise CommandError(
            "Questo elenco è già stato contato: non lo conto due volte. Se un altro gestore ha"
            " mandato gli stessi numeri, aggiungi --gestore con il suo nome."
        )


def _counts(rows: list[Row], form: Definition, made: list[str]) -> Iterator[str]:
    yield from made
    for row in rows:
        yield from row.counts(form.id)


def _tell(rows: list[Row], is_trial: bool) -> None:
    total, closed = (sum(r.number for r in rows if r.outcome or not only) for only in (False, True))
    months = ", ".join(sorted({f"{row.month:%Y-%m}" for row in rows}))
    what = "L'elenco va bene, ma non l'ho contato (--prova)" if is_trial else "Contati"
    print(f"{what}: {total} reclami, di cui {closed} chiusi. Mesi: {months}.")
