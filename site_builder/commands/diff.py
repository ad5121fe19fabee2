"""`carta diff`: what changes for the citizen, for who proposes a change and who approves it."""

import argparse
import os
import shlex
from datetime import date
from pathlib import Path

from site_builder.commands.shared import Commands
from site_builder.errors import ContentError

_FORMATS = ("text", "markdown", "html")


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    diff = commands.add_parser("diff", help="dice che cosa cambia per i cittadini")
    diff.add_argument(
        "rev", nargs="?", metavar="DAL",
        help="una data, un'edizione o una revisione (da dove comincia il lavoro in corso)",
    )  # fmt: skip
    diff.add_argument(
        "dir", type=Path, nargs="?", metavar="ENTE", help="cartella dell'ente (questa)"
    )
    diff.add_argument("--format", choices=_FORMATS, default="text", help="forma del rapporto")
    diff.add_argument("--output", type=Path, metavar="FILE", help="dove scriverlo (sullo schermo)")
    diff.set_defaults(run=_diff, refuse=diff.error)


def _diff(arguments: argparse.Namespace) -> int:
    from site_builder.writing import write_whole

    rev, body = _meant(arguments)
    told = _report(rev, body, arguments.format)
    if arguments.output:
        write_whole(arguments.output, told.encode())
        print(f"Scritto {arguments.output}")
    else:
        print(told, end="")
    return 0


def _meant(arguments: argparse.Namespace) -> tuple[str, Path]:
    """Since when, and the body: one word alone may be the folder of a body."""
    rev, body = arguments.rev or "", arguments.dir
    if body is None and rev and (Path(rev) / "content").is_dir():
        return "", Path(rev)
    return rev, body or Path()


def _report(rev: str, body: Path, form: str) -> str:
    from site_builder.check import check_content
    from site_builder.diff.html import as_html
    from site_builder.diff.markdown import as_markdown
    from site_builder.diff.report import build_report
    from site_builder.diff.sight import Side
    from site_builder.diff.text import as_text
    from site_builder.history import base_of, past_at

    today = date.today()
    since = rev or base_of(body)
    past = past_at(body, since, today)
    catalog, problems = check_content(body, today)
    if catalog is None:
        raise ContentError(
            "Il contenuto di adesso non si può leggere, e non si può confrontare: correggi prima "
            "questi errori.", [problem for problem in problems if problem.level == "errore"],
        )  # fmt: skip
    if past.catalog is None:
        raise ContentError(
            f"Il contenuto di partenza ({past.phrase}) non si può leggere con le regole di oggi. "
            "Scegli una data più vicina; che il contenuto di adesso sia giusto lo dice «carta "
            "check».", past.problems,
        )  # fmt: skip
    sides = Side.of(past.catalog, past.problems), Side.of(catalog, problems)
    report = build_report(*sides, past.phrase, _print_command(rev or since[:12], body))
    return {"text": as_text, "markdown": as_markdown, "html": as_html}[form](report)


def _print_command(since: str, body: Path) -> str:
    """What to type for the leaves: from the body's folder if that is where one is."""
    where = [] if body.samefile(Path()) else [os.fspath(body)]
    return shlex.join(["carta", "pdf", "--fogli-modificati", since, *where])
