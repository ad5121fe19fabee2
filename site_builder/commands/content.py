"""`carta check`, `carta new`, `carta init`: what is written by hand."""

import argparse
import os
import shlex
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from site_builder.arguments import add_init_options
from site_builder.commands.shared import Commands, runs
from site_builder.errors import LEVELS, ContentError

_KINDS = ("servizio", "contatto", "avviso")
_FORMATS = ("text", "json", "github")


def add(commands: Commands) -> None:
    """Add the commands to the parser."""
    check = commands.add_parser("check", help="controlla il contenuto e dice che cosa correggere")
    check.add_argument("--format", choices=_FORMATS, default="text", help="forma dell'elenco")
    check.add_argument(
        "--livello", choices=LEVELS, default="avvertenza", help="fino a che livello mostrare"
    )
    runs(check, _check)
    new = commands.add_parser("new", help="prepara il file di una scheda, un contatto o un avviso")
    new.add_argument("kind", choices=_KINDS, metavar="TIPO", help=", ".join(_KINDS))
    new.add_argument("id", metavar="ID", help="identificativo, per esempio asilo-nido")
    runs(new, _new)
    init = commands.add_parser("init", help="prepara la cartella di un ente nuovo")
    init.add_argument("dir", type=Path, metavar="CARTELLA", help="una cartella nuova, o vuota")
    add_init_options(init)
    init.set_defaults(run=_init, refuse=init.error)


def _check(arguments: argparse.Namespace) -> int:
    from site_builder.check import check_content, report

    _, problems = check_content(arguments.dir, date.today(), _progress())
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    print(report(problems, arguments.format, arguments.livello, colour))
    return 1 if any(problem.level == "errore" for problem in problems) else 0


def _new(arguments: argparse.Namespace) -> int:
    from site_builder.content import read_content
    from site_builder.scaffold import create

    catalog, problems = read_content(arguments.dir)
    if catalog is None:
        raise ContentError("Prima vanno sistemati carta.yml e areas.yml.", problems)
    path = create(arguments.kind, arguments.id, arguments.dir, catalog, date.today())
    print(f"Scritto {path}. Aprilo, completalo e lancia «carta check».")
    return 0


def _init(arguments: argparse.Namespace) -> int:
    from site_builder.interview import body_from, missing
    from site_builder.new_body import check_free, write_body

    if (lacking := missing(vars(arguments))) and not sys.stdin.isatty():
        arguments.refuse(f"manca {', '.join(lacking)}; da un terminale te lo chiede il comando")
    check_free(arguments.dir)
    write_body(arguments.dir, body_from(vars(arguments), input), date.today())
    check = shlex.join(["carta", "check", str(arguments.dir)])
    print(f"Scritto {arguments.dir}. Leggi il suo README.md, poi lancia «{check}».")
    return 0


def _progress() -> Callable[[int, int], None] | None:
    """A counter on the terminal; nothing in a pipe."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        print(
            f"\rLettura: {done} di {total}",
            end="\r" if done < total else "\r\x1b[K",
            file=sys.stderr,
        )

    return show
