"""The command `carta`: reads its words, calls one room, says in Italian how it went."""

import argparse
import os
import shlex
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from endpoint.arguments import reason, speak_italian
from site_builder.arguments import (
    add_export_options,
    add_init_options,
    add_print_options,
    add_report_options,
    contradiction,
)
from site_builder.errors import LEVELS, ContentError

_KINDS = ("servizio", "contatto", "avviso")
# What `carta report` tells; the first is meant where none is named.
_REPORTS = ("annuale",)
_FORMATS = ("text", "json", "github")


def main(words: list[str] | None = None) -> int:
    """Run the command and return its exit status: 0 done, 1 content to mend, 2 wrong call."""
    arguments = _parser().parse_args(_whole(sys.argv[1:] if words is None else words))
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except ContentError as error:
        print("\n".join([p.as_text() for p in error.problems] + [str(error)]), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the output has closed it; Python must not complain again while closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(f"Non riesco a usare «{error.filename}»: {reason(error)}.", file=sys.stderr)
        return 1
    return status


def _check(arguments: argparse.Namespace) -> int:
    from site_builder.check import check_content, report

    _, problems = check_content(arguments.dir, date.today(), _progress())
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    print(report(problems, arguments.format, arguments.livello, colour))
    return 1 if any(problem.level == "errore" for problem in problems) else 0


def _build(arguments: argparse.Namespace) -> int:
    from site_builder.plugin import build_site

    output: Path = arguments.output or arguments.dir / "build" / "site"
    build_site(arguments.dir, output)
    print(f"Il sito è in {output}")
    return 0


def _serve(arguments: argparse.Namespace) -> int:
    from site_builder.plugin import serve_site

    serve_site(arguments.dir)
    return 0


def _pdf(arguments: argparse.Namespace) -> int:
    if said := contradiction(arguments):
        arguments.refuse(said)
    from site_builder.check import load_checked
    from site_builder.printing.desk import print_asked

    catalog, _ = load_checked(arguments.dir, date.today())
    print_asked(arguments, catalog, arguments.indirizzo or _site_url(arguments.dir))
    return 0


def _export_forms(arguments: argparse.Namespace) -> int:
    from site_builder.check import load_checked
    from site_builder.export import export_forms, remarks

    catalog, _ = load_checked(arguments.dir, date.today())
    site_url = arguments.indirizzo or _site_url(arguments.dir)
    folder: Path = arguments.output or arguments.dir / "build" / "forms"
    for line in export_forms(catalog, folder, site_url, date.today()):
        print(line)
    for line in remarks(catalog, folder, site_url):
        print(line, file=sys.stderr)
    return 0


def _report_year(arguments: argparse.Namespace) -> int:
    from site_builder.check import load_checked
    from site_builder.printing.desk import print_report

    catalog, _ = load_checked(arguments.dir, date.today())
    print_report(arguments, catalog, arguments.indirizzo or _site_url(arguments.dir))
    return 0


def _site_url(body: Path) -> str:
    from site_builder.plugin import site_url

    return site_url(body)


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


def _new(arguments: argparse.Namespace) -> int:
    from site_builder.content import read_content
    from site_builder.scaffold import create

    catalog, problems = read_content(arguments.dir)
    if catalog is None:
        raise ContentError("Prima vanno sistemati carta.yml e areas.yml.", problems)
    path = create(arguments.kind, arguments.id, arguments.dir, catalog, date.today())
    print(f"Scritto {path}. Aprilo, completalo e lancia «carta check».")
    return 0


def _whole(words: list[str]) -> list[str]:
    """The words with the sort of report that is meant: «carta report --anno 2025»."""
    if words[:1] != ["report"] or {*words[1:2]} & {*_REPORTS, "-h", "--help"}:
        return words
    return ["report", _REPORTS[0], *words[1:]]


def _parser() -> argparse.ArgumentParser:
    speak_italian()
    parser = argparse.ArgumentParser(
        prog="carta", description="La Carta dei Servizi, dai file YAML al sito e alla carta."
    )
    commands = parser.add_subparsers(required=True, title="comandi", metavar="COMANDO")
    check = commands.add_parser("check", help="controlla il contenuto e dice che cosa correggere")
    check.add_argument("--format", choices=_FORMATS, default="text", help="forma dell'elenco")
    check.add_argument(
        "--livello", choices=LEVELS, default="avvertenza", help="fino a che livello mostrare"
    )
    build = commands.add_parser("build", help="costruisce il sito")
    build.add_argument(
        "--output", type=Path, metavar="CARTELLA", help="cartella del sito (build/site)"
    )
    serve = commands.add_parser("serve", help="mostra il sito mentre scrivi")
    pdf = commands.add_parser("pdf", help="disegna la Carta, le schede e i moduli da stampare")
    add_print_options(pdf)
    pdf.set_defaults(refuse=pdf.error)
    export = commands.add_parser("export", help="scrive i dati per altri programmi")
    kinds = export.add_subparsers(required=True, title="che cosa", metavar="DATI")
    forms = kinds.add_parser("forms", help="i moduli, per il servizio che li riceve")
    add_export_options(forms)
    told = commands.add_parser("report", help="dice com'è andata: la relazione di un anno")
    sorts = told.add_subparsers(required=True, title="che cosa", metavar="RELAZIONE")
    yearly = sorts.add_parser(
        _REPORTS[0], help="standard, reclami, questionari (se non scrivi altro)"
    )
    add_report_options(yearly)
    new = commands.add_parser("new", help="prepara il file di una scheda, un contatto o un avviso")
    new.add_argument("kind", choices=_KINDS, metavar="TIPO", help=", ".join(_KINDS))
    new.add_argument("id", metavar="ID", help="identificativo, per esempio asilo-nido")
    runs = {
        check: _check, build: _build, serve: _serve, pdf: _pdf, forms: _export_forms, new: _new,
        yearly: _report_year,
    }  # fmt: skip
    for command, run in runs.items():
        command.add_argument(
            "dir", type=Path, nargs="?", default=Path(), metavar="ENTE",
            help="cartella dell'ente (questa)",
        )  # fmt: skip
        command.set_defaults(run=run)
    init = commands.add_parser("init", help="prepara la cartella di un ente nuovo")
    init.add_argument("dir", type=Path, metavar="CARTELLA", help="una cartella nuova, o vuota")
    add_init_options(init)
    init.set_defaults(run=_init, refuse=init.error)
    return parser


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
