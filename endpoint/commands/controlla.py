"""`carta-endpoint controlla`: says whether everything is as it has to be, and what to do if not."""

import argparse
import json
from collections.abc import Iterable
from dataclasses import asdict

from endpoint.context import Context
from endpoint.doctor import examine
from endpoint.doctor.finding import ERROR, Finding

HELP = "controlla che tutto sia a posto e dice che cosa fare"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Whether to ask the mail server, and for whom to write."""
    parser.add_argument(
        "--senza-rete", action="store_true", help="non chiede niente al server di posta"
    )
    parser.add_argument(
        "--formato", choices=("testo", "json"), default="testo", help="per chi legge (testo)"
    )


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Print what was found; 1 if there is any error."""
    found = list(examine(context, network=not arguments.senza_rete))
    if arguments.formato == "json":
        print(json.dumps([asdict(item) for item in found], ensure_ascii=False, indent=1))
    else:
        print(as_text(found))
    return int(any(item.livello == ERROR for item in found))


def as_text(found: Iterable[Finding]) -> str:
    """One line for each finding, and one more for what to do."""
    lines = []
    for item in found:
        lines.append(f"{item.livello:<10} {item.controllo}: {item.frase}")
        lines += [f"{'':<10} Rimedio: {item.rimedio}"] if item.rimedio else []
    return "\n".join(lines)
