"""`carta build` and `carta serve`: the site."""

import argparse
from pathlib import Path

from site_builder.commands.shared import Commands, runs


def add(commands: Commands) -> None:
    """Add the commands to the parser."""
    build = commands.add_parser("build", help="costruisce il sito")
    build.add_argument(
        "--output", type=Path, metavar="CARTELLA", help="cartella del sito (build/site)"
    )
    runs(build, _build)
    runs(commands.add_parser("serve", help="mostra il sito mentre scrivi"), _serve)


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
