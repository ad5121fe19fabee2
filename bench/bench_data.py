"""`make bench-data`: what the open data of a large body cost, writer by writer.

Beside them, in the same run, the least that one could do: the same records through `json.dumps` of
the standard library. All are measured beyond reading the content, which everybody pays. The aim is
in docs/prestazioni.md; nothing here passes or fails.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec
from bodies import make_body
from measure import Cost, middle, run

from site_builder.content import read_content
from site_builder.opendata.export import write_data
from site_builder.opendata.files import WRITERS
from site_builder.opendata.public import public
from site_builder.opendata.source import Source

_SITE = "https://carta.example.it/"
_HEAD = f"{'che cosa':<16} {'CPU s':>8} {'picco MiB':>9} {'uscita MB':>9}"
_READ, _DUMPS, _ALL, _EACH = "lettura", "json.dumps", "tutti i dati", "uno per uno"


def main() -> None:
    """Measure one size and print a table, each thing in a process that this script starts."""
    arguments = _parser().parse_args()
    if arguments.only:
        _do(arguments.only, arguments.body, arguments.told)
        return
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        _measure(Path(folder), arguments.services, arguments.runs)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Misura quanto costano i dati aperti.")
    parser.add_argument("--services", type=int, default=4000, help="quante schede")
    parser.add_argument("--runs", type=int, default=3, help="quante volte")
    parser.add_argument("--folder", type=Path, help="dove scrivere (una cartella temporanea)")
    for word in ("--only", "--body", "--told"):
        parser.add_argument(word, type=str if word == "--only" else Path, help=argparse.SUPPRESS)
    return parser


def _measure(work: Path, services: int, runs: int) -> None:
    body = work / "body"
    make_body(body, services)
    costs: dict[str, list[Cost]] = {_READ: [], _DUMPS: [], _ALL: []}
    sizes: dict[str, int] = {}
    for _ in range(runs):  # in turn, so that a busy moment falls on all alike
        for name in costs:
            cost, said = _child(name, body, work)
            costs[name].append(cost)
            sizes[name] = said["bytes"]
    found = {name: middle(cost) for name, cost in costs.items()}
    print(f"{services} schede, mediana di {runs}\n{_HEAD}")
    for name, cost in found.items():
        print(f"{name:<16} {cost.cpu:8.2f} {cost.peak / 1024:9.0f} {sizes[name] / 1e6:9.1f}")
    for name, (cpu, size) in _child(_EACH, body, work)[1].items():
        print(f"  {name:<14} {cpu:8.2f} {'':9} {size / 1e6:9.1f}")
    ours, least = (found[name].cpu - found[_READ].cpu for name in (_ALL, _DUMPS))
    memory = (found[_ALL].peak - found[_READ].peak) / 1024
    print(
        f"oltre la lettura: i dati {ours:.2f} s e {memory:.0f} MiB, json.dumps {least:.2f} s; "
        f"rapporto {ours / least:.1f}"
    )


def _child(name: str, body: Path, work: Path) -> tuple[Cost, dict[str, Any]]:
    """Do one thing in a process of its own: what it cost, and what it says."""
    told = work / "told.json"
    command = (sys.executable, __file__, "--body", str(body), "--told", str(told), "--only", name)
    return run(command, work), json.loads(told.read_text("utf-8"))


def _do(name: str, body: Path, told: Path) -> None:
    catalog, _ = read_content(body)
    assert catalog
    said: dict[str, Any] = {"bytes": 0}
    if name == _DUMPS:
        records = [*catalog.services.values(), *catalog.contacts.values()]
        text = json.dumps(msgspec.to_builtins(records), ensure_ascii=False, indent=1)
        said["bytes"] = len(text.encode())
    if name in (_ALL, _EACH):
        source = Source(public(catalog), _SITE)
        del catalog  # with all that was read from the files
        if name == _EACH:
            said = _by_writer(source)
        else:
            said["bytes"] = sum(write_data(source, told.parent / "dati").values())
    told.write_text(json.dumps(said), "utf-8")


def _by_writer(source: Source) -> dict[str, tuple[float, int]]:
    """CPU seconds and bytes of each writer."""
    found = {}
    for writer in WRITERS:
        start = time.process_time()
        size = sum(len(text.encode()) for _, text in writer.files(source))
        found[writer.__name__.rpartition(".")[2]] = (time.process_time() - start, size)
    return found


if __name__ == "__main__":
    main()
