"""`carta-endpoint cancella`: erases what has been kept long enough, and says what it erased."""

import argparse
from pathlib import Path

from endpoint.cases.erasing import erase_all, erase_one, is_anonymous, rule_of
from endpoint.cases.retention import is_genuine, is_near, sealed_report
from endpoint.context import CommandError, Context
from endpoint.files import write_new
from endpoint.stores.store import Case

HELP = "cancella gli invii conservati abbastanza, e ne fa il verbale"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to erase, or which report to verify."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--numero", help="cancella solo questo invio: lo ha chiesto chi l'ha mandato")
    what.add_argument("--verifica", type=Path, metavar="FILE", help="controlla un verbale salvato")
    parser.add_argument("--prova", action="store_true", help="conta soltanto, senza cancellare")
    parser.add_argument("--verbale", type=Path, metavar="FILE", help="salva qui il verbale")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Erase and tell; 1 if something will soon be erased that the office has not filed."""
    if arguments.verifica:
        return _verify(arguments.verifica, context)
    if arguments.verbale and arguments.verbale.exists():
        raise CommandError(f"{arguments.verbale} c'è già: dai al verbale un altro nome.")
    if arguments.numero:
        lines = list(erase_one(context, arguments.numero, arguments.prova))
    else:
        lines = list(erase_all(context, arguments.prova))
    _tell(lines, arguments.verbale, context)
    _remind(context)
    return _warn(context)


def _tell(lines: list[str], file: Path | None, context: Context) -> None:
    for line in lines:
        print(line)
    if file:
        write_new(file, sealed_report(lines, context.settings.secrets[0]).encode())
        print(f"Il verbale è in {file}.")


def _remind(context: Context) -> None:
    silent = [form for form in context.forms if not rule_of(context, form)]
    if silent:
        print(
            f"Per quanto si conserva si scrive alla voce «conservazione» di: {', '.join(silent)}"
            " (in content/forms/). Poi si rifà «carta export forms»."
        )


def _verify(file: Path, context: Context) -> int:
    try:
        report = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        report = ""
    if not is_genuine(report, context.settings.secrets):
        raise CommandError(
            f"{file} non è un verbale di questo servizio, o è stato cambiato. Se CARTA_SECRET è"
            " cambiato da allora, metti quello vecchio in CARTA_SECRET_OLD e riprova."
        )
    print(f"{file} è come questo servizio lo ha scritto.")
    return 0


def _warn(context: Context) -> int:
    near = [case for case, _ in context.store.sealed() if _is_near(case, context)]
    if near:
        print("Fra poco saranno cancellati senza essere stati protocollati: protocollali.")
    for case in near:
        print(f"  {case.number}")
    return 1 if near else 0


def _is_near(case: Case, context: Context) -> bool:
    rule = rule_of(context, case.form)
    if not rule or case.state == "chiuso" or is_anonymous(context, case.form):
        return False
    return is_near(case, rule, context.today)
