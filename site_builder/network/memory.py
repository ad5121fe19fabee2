"""What the network has answered, kept in a file from one run to the next."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, get_args

from site_builder.outlinks import Known, Outcome
from site_builder.writing import write_whole

FILE = Path("build", ".cache", "collegamenti.json")


def recall(body: Path) -> dict[str, Known]:
    """What is known by address; a file that is missing, damaged or too old in form is forgotten."""
    try:
        kept: dict[str, Any] = json.loads((body / FILE).read_bytes())
        return {url: _known(entry) for url, entry in kept.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def keep(body: Path, known: Mapping[str, Known]) -> None:
    """Write it all down, in the order of the addresses."""
    entries = {url: _entry(known[url]) for url in sorted(known)}
    text = json.dumps(entries, ensure_ascii=False, indent=1) + "\n"
    write_whole(body / FILE, text.encode("utf-8", "replace"))


def _known(entry: dict[str, Any]) -> Known:
    if entry["esito"] not in get_args(Outcome):
        raise ValueError(entry["esito"])
    return Known(
        asked=date.fromisoformat(entry["controllato_il"]),
        outcome=entry["esito"],
        said=str(entry["detto"]),
        moved_to=str(entry["spostato_in"]),
        failures=tuple(map(date.fromisoformat, entry["guasti"])),
    )


def _entry(known: Known) -> dict[str, Any]:
    return {
        "controllato_il": known.asked.isoformat(),
        "esito": known.outcome,
        "detto": known.said,
        "spostato_in": known.moved_to,
        "guasti": [day.isoformat() for day in known.failures],
    }
