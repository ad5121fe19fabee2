"""What the commands share: the folder of the body, and the address of its site."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

Run: TypeAlias = Callable[[argparse.Namespace], int]
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def runs(command: argparse.ArgumentParser, run: Run) -> None:
    """Let a command work on the folder of a body, which is this one if none is named."""
    command.add_argument(
        "dir", type=Path, nargs="?", default=Path(), metavar="ENTE",
        help="cartella dell'ente (questa)",
    )  # fmt: skip
    command.set_defaults(run=run, refuse=command.error)


def site_url(arguments: argparse.Namespace) -> str:
    """The address of the site: that of `--indirizzo`, else that of mkdocs.yml; may be empty."""
    from site_builder.plugin import site_url

    return arguments.indirizzo or site_url(arguments.dir)
