"""`carta-endpoint scadenze`: the terms that have passed or are near, for a mail every morning.

Not a word of what was sent; with --allarme the exit status tells a monitor.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from endpoint.cases.agenda import COLUMNS, Agenda, Entry, agenda
from endpoint.cases.days import days_words, long_date
from endpoint.cases.terms import BEYOND
from endpoint.context import Context
from endpoint.office.sheets import to_csv
from endpoint.post.posted import lasting

HELP = "elenca i termini passati e quelli che stanno per scadere"
_SEND = "lancia «carta-endpoint spedisci»"
_HEAD = ("scade il", "quanto", "numero", "stato", "termine", "note")


def arguments(parser: argparse.ArgumentParser) -> None:
    """How far ahead, in what form, and whether it is an alarm."""
    parser.add_argument(
        "--entro", type=_days, metavar="GIORNI",
        help="solo i termini passati e quelli dei prossimi GIORNI (se non lo dici: tutti)",
    )  # fmt: skip
    parser.add_argument(
        "--formato", choices=("testo", "json", "csv"), default="testo", help="testo, json o csv"
    )
    parser.add_argument(
        "--allarme", action="store_true", help="esce con 1 se almeno un termine è passato"
    )


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Print the list; 1 if a term has passed and --allarme was given."""
    today = context.today
    found = agenda(context.store, context.forms, context.body, today)
    if arguments.entro is not None:
        found = found.within(arguments.entro, today)
    waiting = context.store.oldest_unsent()
    if arguments.formato == "json":
        print(_json(found, today, waiting))
    elif arguments.formato == "csv":
        print(to_csv(_cells(found, today)).decode(), end="")
    else:
        print("\n".join(_text(found, today, arguments.entro)))
        if waiting is not None:
            age = lasting(context.now - waiting)
            print(f"La lettera più vecchia da spedire aspetta da {age}: {_SEND}.")
    return int(arguments.allarme and found.overdue > 0)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError
    return int(text)


def _json(found: Agenda, today: date, waiting: int | None) -> str:
    since = waiting and datetime.fromtimestamp(waiting, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    data = {
        "oggi": today.isoformat(), "scadenze": [item.data(today) for item in found.entries],
        "aperti_senza_termini": found.without, "lettere_in_attesa_dal": since,
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False, indent=1)


def _cells(found: Agenda, today: date) -> Iterator[Sequence[str]]:
    yield COLUMNS
    for item in found.entries:
        # In words: a spreadsheet would take «-3» for the beginning of a formula.
        words = {
            "giorni": _distance(item.deadline.due, today),
            "sospetto": "sì" if item.case.suspect else "",
        }
        yield [str(value or "") for value in (item.data(today) | words).values()]


def _text(found: Agenda, today: date, within: int | None) -> Iterator[str]:
    total, late = len(found.entries), found.overdue
    near = "" if within is None else f" entro {days_words(within, False)}"
    passed = "termine passato" if late == 1 else "termini passati"
    yield f"Oggi, {long_date(today)}: {late} {passed}, {total - late} da rispettare{near}."
    if total:
        yield ""
        yield from _table([_HEAD, *(_row(item, today) for item in found.entries)])
        yield ""
    if found.without:
        yield f"Invii aperti senza un termine da controllare: {found.without}."
    if any(item.deadline.verdict == BEYOND for item in found.entries):
        yield "Il calendario delle feste non arriva a ogni termine: rifai «carta export forms»."


def _row(item: Entry, today: date) -> Sequence[str]:
    case, deadline = item.case, item.deadline
    day = f"{deadline.due:%d/%m/%Y}" if deadline.due else "?"
    note = "sospetto" if case.suspect else ""
    return day, _distance(deadline.due, today), case.number, case.state, deadline.term.fase, note


def _distance(due: date | None, today: date) -> str:
    if due is None:
        return BEYOND
    days = (due - today).days
    if not days:
        return "oggi"
    if days > 0:
        return f"fra {days_words(days, False)}"
    return f"scaduto da {days_words(-days, False)}"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
