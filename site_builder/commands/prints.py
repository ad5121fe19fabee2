"""`carta pdf`: what is printed."""

import argparse
from datetime import date

from site_builder.arguments import add_print_options, contradiction
from site_builder.commands.shared import Commands, runs, site_url


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    pdf = commands.add_parser("pdf", help="disegna la Carta, le schede e i moduli da stampare")
    add_print_options(pdf)
    runs(pdf, _pdf)


def _pdf(arguments: argparse.Namespace) -> int:
    if said := contradiction(arguments):
        arguments.refuse(said)
    from site_builder.check import load_checked
    from site_builder.printing.desk import print_asked

    catalog, _ = load_checked(arguments.dir, date.today())
    print_asked(arguments, catalog, site_url(arguments))
    return 0
