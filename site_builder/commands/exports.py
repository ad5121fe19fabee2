"""`carta export`: data for other programs."""

import argparse
import sys
from datetime import date
from pathlib import Path

from site_builder.arguments import add_export_options
from site_builder.commands.shared import Commands, runs, site_url


def add(commands: Commands) -> None:
    """Add the commands to the parser."""
    export = commands.add_parser("export", help="scrive i dati per altri programmi")
    kinds = export.add_subparsers(required=True, title="che cosa", metavar="DATI")
    forms = kinds.add_parser("forms", help="i moduli, per il servizio che li riceve")
    add_export_options(forms, "build/forms")
    runs(forms, _forms)
    data = kinds.add_parser("data", help="i dati aperti: gli stessi file che il sito ha in /dati/")
    add_export_options(data, "build/dati")
    runs(data, _data)


def _forms(arguments: argparse.Namespace) -> int:
    from site_builder.check import load_checked
    from site_builder.export import export_forms, remarks

    catalog, _ = load_checked(arguments.dir, date.today())
    address = site_url(arguments)
    folder: Path = arguments.output or arguments.dir / "build" / "forms"
    for line in export_forms(catalog, folder, address, date.today()):
        print(line)
    for line in remarks(catalog, folder, address):
        print(line, file=sys.stderr)
    return 0


def _data(arguments: argparse.Namespace) -> int:
    from site_builder.check import load_checked
    from site_builder.opendata.export import remarks, told, write_data
    from site_builder.opendata.public import public
    from site_builder.opendata.source import Source

    catalog = public(load_checked(arguments.dir, date.today())[0])
    source = Source(catalog, site_url(arguments))
    folder: Path = arguments.output or arguments.dir / "build" / "dati"
    data = write_data(source, folder)
    for line in told(data, folder):
        print(line)
    for line in remarks(source, data, folder):
        print(line, file=sys.stderr)
    return 0
