"""Check a body's content: everything that is wrong, sorted; and how to tell it."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

from site_builder.catalog import Catalog
from site_builder.content import Progress, read_content
from site_builder.errors import LEVELS, ContentError, Level, Problem
from site_builder.rules import run_rules

FORMATS = ("text", "json", "github")
_PLURALS = {"errore": "errori", "avvertenza": "avvertenze", "consiglio": "consigli"}
_COLOURS = {"errore": "31", "avvertenza": "33", "consiglio": "36"}


def check_content(
    body: Path, today: date, progress: Progress | None = None
) -> tuple[Catalog | None, list[Problem]]:
    """Return the Catalog (None if none can be made) and all problems, in the order of the files."""
    catalog, problems = read_content(body, progress)
    if catalog:
        catalog = replace(catalog, day=today)
        problems += run_rules(catalog, today)
    return catalog, sorted(problems)


def load_checked(body: Path, today: date) -> tuple[Catalog, list[Problem]]:
    """The Catalog of content without errors, and its warnings. Raises ContentError otherwise."""
    catalog, problems = check_content(body, today)
    errors = [problem for problem in problems if problem.level == "errore"]
    if errors or catalog is None:
        raise ContentError(
            f"Il contenuto ha {_count(errors)}: finché non è a posto non si va avanti.", errors
        )
    return catalog, problems


def report(problems: list[Problem], form: str, level: Level, colour: bool = False) -> str:
    """The problems down to `level` in one of the `FORMATS`."""
    shown = [p for p in problems if LEVELS.index(p.level) <= LEVELS.index(level)]
    match form:
        case "json":
            return _json(shown)
        case "github":
            return _github(shown)
        case _:
            return _text(shown, len(problems) - len(shown), colour)


def _text(shown: list[Problem], hidden: int, colour: bool) -> str:
    lines = [_paint(problem) if colour else problem.as_text() for problem in shown]
    more = f" Altri {hidden} più lievi: carta check --livello consiglio" if hidden else ""
    return "\n".join([*lines, f"{_count(shown).capitalize()}.{more}"])


def _paint(problem: Problem) -> str:
    level = problem.level
    return problem.as_text().replace(f" {level} ", f" \x1b[{_COLOURS[level]}m{level}\x1b[0m ", 1)


def _count(problems: list[Problem]) -> str:
    counts = Counter(problem.level for problem in problems)
    said = [f"{n} {_PLURALS[v] if n != 1 else v}" for v in LEVELS if (n := counts[v])]
    return ", ".join(said) or "nessun problema"


def _json(problems: list[Problem]) -> str:
    return json.dumps([problem.as_dict() for problem in problems], ensure_ascii=False, indent=1)


def _github(problems: list[Problem]) -> str:
    commands = {"errore": "error", "avvertenza": "warning", "consiglio": "notice"}

    def escape(text: str, more: str = "") -> str:
        for character in "%\r\n" + more:
            text = text.replace(character, f"%{ord(character):02X}")
        return text

    return "\n".join(
        f"::{commands[p.level]} file={escape(p.path, ':,')},line={p.line},col={p.column},"
        f"title={p.rule}::" + escape(f"{p.message} {p.hint}".strip())
        for p in problems
    )
