"""`carta report scadenze`, `dubbi` and `collegamenti`: what is to be kept up."""

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from site_builder.arguments import address, days
from site_builder.commands.shared import Commands, runs, site_url

SORTS = ("scadenze", "dubbi", "collegamenti")
_SOON = 30  # days


def add(sorts: Commands) -> None:
    """Add the sorts to those of `carta report`."""
    due = sorts.add_parser("scadenze", help="che cosa va verificato o rinnovato, e quando")
    _formats(due, "text", "csv", "ics")
    due.add_argument(
        "--entro", type=days, metavar="GIORNI",
        help="solo le scadenze dei prossimi giorni (30; tutte in csv e ics)",
    )  # fmt: skip
    due.add_argument("--indirizzo", type=address, metavar="URL", help="del sito, per l'agenda")
    runs(due, _dues)
    doubts = sorts.add_parser("dubbi", help="i dubbi aperti, le emergenze per prime")
    _formats(doubts, "text", "csv")
    runs(doubts, _doubts)
    links = sorts.add_parser("collegamenti", help="i collegamenti verso altri siti funzionano?")
    _formats(links, "text", "csv")
    links.add_argument(
        "--senza-rete", action="store_true", help="dice solo che cosa si sa dall'ultima volta"
    )
    runs(links, _links)


def _formats(parser: argparse.ArgumentParser, *names: str) -> None:
    parser.add_argument("--format", choices=names, default=names[0], help=f"({names[0]})")
    parser.add_argument("--output", type=Path, metavar="FILE", help="scrive lì, non sullo schermo")


def _dues(arguments: argparse.Namespace) -> int:
    from site_builder.check import load_checked
    from site_builder.opendata.source import Source
    from site_builder.upkeep.agenda import agenda
    from site_builder.upkeep.dues import dues
    from site_builder.upkeep.table import to_csv
    from site_builder.upkeep.told import DUE_HEAD, due_rows, due_text, within

    today = date.today()
    catalog, _ = load_checked(arguments.dir, today)
    found = dues(catalog, today)
    shown = within(found, today, arguments.entro)
    forms: dict[str, Callable[[], str]] = {
        "text": lambda: due_text(
            catalog, found, today, _SOON if arguments.entro is None else arguments.entro
        ),
        "csv": lambda: to_csv(DUE_HEAD, due_rows(catalog, shown, today)),
        "ics": lambda: agenda(Source(catalog, site_url(arguments)), shown, today),
    }
    return _tell(arguments, forms[arguments.format]())


def _doubts(arguments: argparse.Namespace) -> int:
    from site_builder.check import load_checked
    from site_builder.harm import doubts
    from site_builder.upkeep.table import to_csv
    from site_builder.upkeep.told import DOUBT_HEAD, doubt_rows, doubt_text

    catalog, _ = load_checked(arguments.dir, date.today())
    found = doubts(catalog)
    is_table = arguments.format == "csv"
    return _tell(
        arguments, to_csv(DOUBT_HEAD, doubt_rows(found)) if is_table else doubt_text(found)
    )


def _links(arguments: argparse.Namespace) -> int:
    from site_builder.check import load_checked
    from site_builder.network.memory import keep, recall
    from site_builder.network.probe import Manners
    from site_builder.network.rounds import ask_all
    from site_builder.outlinks import outlinks
    from site_builder.upkeep.links import LINK_HEAD, link_rows, link_text
    from site_builder.upkeep.table import to_csv

    today = date.today()
    catalog, _ = load_checked(arguments.dir, today)
    links, known = outlinks(catalog), recall(arguments.dir)
    if not arguments.senza_rete:
        urls = [link.url for link in links]
        known = ask_all(urls, known, today, Manners(), progress=_progress)
        keep(arguments.dir, known)
    is_table = arguments.format == "csv"
    _tell(
        arguments,
        to_csv(LINK_HEAD, link_rows(links, known)) if is_table else link_text(links, known),
    )
    dead = any(known[link.url].state == "morto" for link in links if link.url in known)
    return 1 if dead else 0


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r{done} collegamenti controllati su {total}", end=end, file=sys.stderr, flush=True)


def _tell(arguments: argparse.Namespace, text: str) -> int:
    from site_builder.writing import write_whole

    if arguments.output:
        write_whole(arguments.output, text.encode())
        print(f"Scritto: {arguments.output}")
    else:
        # As bytes: a table keeps its line ends, whatever the terminal.
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
    return 0
