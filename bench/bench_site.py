"""`make bench`: what check, build and serve cost, beside mkdocs with Material and beside Hugo.

Everything is measured in the same run, in turn, and in CPU seconds: on a machine that others use
the clock says little. Nothing here passes or fails; the aims are in docs/prestazioni.md.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench_serve import delays, say
from bodies import make_body
from measure import Cost, middle, run, size
from references import write_references

_CARTA = (sys.executable, "-m", "site_builder")
_HEAD = (
    f"{'schede':>6} {'pagine':>6}  {'che cosa':<20} {'CPU s':>8} {'picco MiB':>9} {'uscita MB':>9}"
)


def main() -> None:
    """Measure every size asked for and print one table."""
    arguments = _parser().parse_args()
    print(_HEAD, flush=True)
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        work = Path(folder)
        base = _base(work)
        for services in arguments.sizes:
            _measure(work, services, base, arguments.only_ours)
        if arguments.edits:
            make_body(work / "body", 40)
            print(f"\n{say(delays(work / 'body', arguments.edits))}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Misura quanto costa fare il sito.")
    parser.add_argument(
        "--sizes", type=lambda text: [int(part) for part in text.split(",")], default=[40, 400],
        help="numeri di schede, per esempio 40,400,4000,10000",
    )  # fmt: skip
    parser.add_argument("--edits", type=int, default=5, help="quante modifiche per «serve» (0: no)")
    parser.add_argument("--only-ours", action="store_true", help="senza mkdocs e Hugo")
    parser.add_argument("--folder", type=Path, help="dove scrivere (una cartella temporanea)")
    return parser


def _base(work: Path) -> tuple[Cost, Cost]:
    """Check and build of a body without sheets: what is paid whatever the number of sheets."""
    body = work / "base"
    make_body(body, 0)
    check = middle([run((*_CARTA, "check", str(body)), work) for _ in range(5)])
    build = middle([_build(body, work / "base-site") for _ in range(3)])
    _row(0, 0, "check (base)", check)
    _row(0, 0, "build (base)", build)
    return check, build


def _build(body: Path, output: Path) -> Cost:
    shutil.rmtree(output, ignore_errors=True)
    return run((*_CARTA, "build", str(body), "--output", str(output)), body)


def _measure(work: Path, services: int, base: tuple[Cost, Cost], only_ours: bool) -> None:
    body, site, mkdocs, hugo = (work / name for name in ("body", "site", "mkdocs", "hugo"))
    make_body(body, services)
    pages = 0 if only_ours else write_references(body, mkdocs, hugo)
    tools: dict[str, Callable[[], Cost]] = {
        "check": lambda: run((*_CARTA, "check", str(body)), work),
        "build": lambda: _build(body, site),
        "  di cui Pagefind": lambda: _pagefind(site),
    }
    if not only_ours:
        command = (sys.executable, "-m", "mkdocs", "build", "--clean")
        tools["mkdocs + material"] = lambda: run(command, mkdocs)
        if shutil.which("hugo"):
            tools["hugo"] = lambda: run(("hugo", "--cleanDestinationDir"), hugo)
        else:
            print("hugo non c'è (pacchetto Debian «hugo»): confronto saltato")
    runs = 5 if services <= 100 else 3 if services <= 1000 else 1
    costs: dict[str, list[Cost]] = {name: [] for name in tools}
    for _ in range(runs):  # in turn, so that a busy moment falls on all alike
        for name, measure in tools.items():
            costs[name].append(measure())
    found = {name: middle(cost) for name, cost in costs.items()}
    output = {"build": site, "mkdocs + material": mkdocs / "site", "hugo": hugo / "public"}
    for name, cost in found.items():
        _row(services, pages, name, cost, size(output[name]) if name in output else 0)
    _say_ratios(services, base, found)


def _pagefind(site: Path) -> Cost:
    command = (sys.executable, "-m", "pagefind", "--site", str(site), "--force-language", "it")
    return run(command, site, children=True)


def _say_ratios(services: int, base: tuple[Cost, Cost], found: dict[str, Cost]) -> None:
    check, build = found["check"], found["build"]
    said = [
        f"check: {(check.cpu - base[0].cpu) / services * 1000:.2f} ms di CPU a scheda",
        f"memoria oltre la base: check {(check.peak - base[0].peak) / services:.0f},"
        f" build {(build.peak - base[1].peak) / services:.0f} KiB a scheda",
    ]
    others = [name for name in ("mkdocs + material", "hugo") if name in found]
    said += [f"build/{name}: {build.cpu / found[name].cpu:.2f}" for name in others]
    print(f"       {'; '.join(said)}", flush=True)


def _row(services: int, pages: int, name: str, cost: Cost, output: int = 0) -> None:
    shown = f"{output / 1e6:9.1f}" if output else ""
    figures = f"{cost.cpu:8.2f} {cost.peak / 1024:9.0f} {shown}"
    print(f"{services:6} {pages or '':>6}  {name:<20} {figures}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
