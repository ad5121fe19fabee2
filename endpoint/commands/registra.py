"""`carta-endpoint registra`: a step of the office, which the citizen reads with number and code."""

import argparse
import re
from collections.abc import Sequence
from datetime import date

from endpoint.cases.counting import CATEGORY, SERVICE, counted
from endpoint.cases.days import the_day
from endpoint.cases.finding import find_case
from endpoint.cases.recording import Recorded, Step, record
from endpoint.cases.steps import OUTCOMES, BadStep, kept
from endpoint.cases.terms import BEYOND, LATE, OVERDUE, SUSPENDED, Deadline, longest_pause
from endpoint.context import CommandError, Context
from endpoint.forms.checking import read_date
from endpoint.stores.store import STATES, Case

HELP = "registra un passo dell'ufficio su un invio: protocollato, convocato, chiuso, …"
# Which step each option belongs to: the first two have to be there, the others may.
_GOES_WITH = {
    "protocollo": "protocollato",
    "esito": "chiuso",
    SERVICE: "chiuso",
    CATEGORY: "chiuso",
}
_READ = (SERVICE, CATEGORY)
# It stands on the citizen's page and in spreadsheets: begins with a letter or a digit.
_PROTOCOL = re.compile(r"(?=.*[0-9])\w[\w ./-]{0,39}")
_IN_TIME = {"entro": "Chiuso entro i termini.", "oltre": "Chiuso oltre i termini: {}."}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The number, the step and what belongs to it."""
    known = ", ".join(OUTCOMES)
    read = "con «chiuso», per le statistiche: quello che hai capito leggendo"
    parser.add_argument("numero", metavar="NUMERO", help="il numero di ricevuta, scritto come puoi")
    parser.add_argument("stato", metavar="STATO", choices=STATES[1:], help=", ".join(STATES[1:]))
    parser.add_argument(
        "--giorno", metavar="GIORNO", help="quando: 2026-11-22 o 22/11/2026 (se manca: oggi)"
    )
    parser.add_argument("--protocollo", default="", metavar="N", help="solo con «protocollato»")
    parser.add_argument(
        "--esito", type=_outcome, choices=OUTCOMES, default="", metavar="ESITO",
        help=f"solo con «chiuso»: {known}",
    )  # fmt: skip
    parser.add_argument(f"--{SERVICE}", default="", metavar="ID", help=read)
    parser.add_argument(f"--{CATEGORY}", default="", metavar="ID", help=read)


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Record the step and say what comes next; 0."""
    case = find_case(context, arguments.numero)
    _check_words(arguments)
    _check_suspension(context, case, arguments.stato)
    step = Step(
        arguments.stato,
        _day(arguments.giorno) if arguments.giorno else context.today,
        arguments.protocollo.strip() or arguments.esito,
        *(_known(context, case.form, name, getattr(arguments, name)) for name in _READ),
    )
    try:
        done = record(context.store, context.body, case, step, context.today)
    except BadStep as error:
        raise CommandError(f"{case.number}: {error}") from None
    print("\n".join(_said(done, step, context)))
    return 0


def _outcome(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text).strip().lower()


def _day(text: str) -> date:
    day = read_date(text.strip())
    if day is None:
        raise CommandError(f"--giorno: «{text}» non è un giorno. Scrivi per esempio 2026-11-22.")
    return day


def _check_words(given: argparse.Namespace) -> None:
    for name, step in _GOES_WITH.items():
        value = getattr(given, name)
        if value and given.stato != step:
            raise CommandError(f"--{name} va solo con «{step}»: togli --{name}.")
        if not value and given.stato == step and name not in _READ:
            raise CommandError(f"Con «{step}» scrivi anche --{name}.")
    if given.protocollo and not _PROTOCOL.fullmatch(given.protocollo.strip()):
        raise CommandError(
            "--protocollo deve contenere una cifra, e solo lettere, cifre, spazi e . / - "
            "(al massimo 40 caratteri): il cittadino lo legge."
        )


def _check_suspension(context: Context, case: Case, state: str) -> None:
    if state == "sospeso" and context.body.procedure(case.form).sospensione is None:
        raise CommandError(
            f"La Carta non prevede sospensioni per «{case.form}». Se invece le prevede, scrivi "
            "reclami.sospensione in carta.yml e rifai «carta export forms»."
        )


def _known(context: Context, form: str, name: str, text: str) -> str:
    """A service or category that the form has; empty if none was given."""
    definition = context.forms.get(form)
    field = counted(definition)[name] if definition else None
    known = field.label_of if field else {}
    if text and text not in known:
        choices = f"scegli fra {', '.join(known)}" if known else f"togli --{name}"
        raise CommandError(f"--{name}: il modulo «{form}» non ha «{text}»: {choices}.")
    return text


def _said(done: Recorded, step: Step, context: Context) -> Sequence[str]:
    notes = {"protocollato": f", protocollo {step.note}", "chiuso": f", esito «{step.note}»"}
    verb = "corretto" if done.is_correction else "registrato"
    what = f"{verb} «{step.state}», {the_day(step.day)}{notes.get(step.state, '')}"
    lines = [f"{done.case.number}: {what}."]
    if step.state == "chiuso" and done.is_correction:
        lines.append("Nelle statistiche resta la chiusura come fu registrata la prima volta.")
    if "chiuso" in dict(done.case.steps):
        return [*lines, *_closed(done.deadlines)]
    body = context.body
    longest = body.procedure(done.case.form).sospensione
    if step.state == "sospeso" and longest:
        last = the_day(longest_pause(body.calendar, step.day, longest))
        lines.append(f"I giorni non si contano fino a «ripreso», ma non oltre {last}.")
    return [*lines, *_next(done.deadlines)]


def _closed(found: tuple[Deadline, ...]) -> Sequence[str]:
    late = ", ".join(item.term.fase for item in found if item.verdict in (LATE, OVERDUE))
    return [sentence.format(late)] if (sentence := _IN_TIME.get(kept(found))) else []


def _next(found: tuple[Deadline, ...]) -> Sequence[str]:
    waiting = [item for item in found if item.is_open and item.verdict != SUSPENDED]
    dated = [(item.due, item.term.fase, item.verdict) for item in waiting if item.due]
    lines = []
    for due, name, verdict in sorted(dated)[:1]:
        passed = " (già passato)" if verdict == OVERDUE else ""
        lines.append(f"Prossimo termine: {name}, entro {the_day(due)}{passed}.")
    for item in waiting:
        if item.verdict == BEYOND:
            again = "il calendario non ci arriva. Rifai «carta export forms»"
            lines.append(f"{item.term.fase}: {again}.")
    return lines
