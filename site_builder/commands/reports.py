"""`carta report`: how it went, and what is to be done."""

import argparse
from datetime import date

from site_builder.arguments import add_report_options
from site_builder.commands import upkeep
from site_builder.commands.shared import Commands, runs, site_url

# What `carta report` tells; the first is meant where none is named.
SORTS = ("annuale", *upkeep.SORTS)


def add(commands: Commands) -> None:
    """Add the commands to the parser."""
    told = commands.add_parser(
        "report", help="com'è andato l'anno, che cosa scade, i dubbi, i collegamenti"
    )
    sorts = told.add_subparsers(required=True, title="che cosa", metavar="RELAZIONE")
    yearly = sorts.add_parser(SORTS[0], help="standard, reclami, questionari (se non scrivi altro)")
    add_report_options(yearly)
    runs(yearly, _year)
    upkeep.add(sorts)


def whole(words: list[str]) -> list[str]:
    """The words with the sort of report that is meant: «carta report --anno 2025»."""
    if words[:1] != ["report"] or {*words[1:2]} & {*SORTS, "-h", "--help"}:
        return words
    return ["report", SORTS[0], *words[1:]]


def _year(arguments: argparse.Namespace) -> int:
    from site_builder.check import load_checked
    from site_builder.printing.desk import print_report

    catalog, _ = load_checked(arguments.dir, date.today())
    print_report(arguments, catalog, site_url(arguments))
    return 0
