"""`make bench-pdf`: what the prints cost, beside the PDF engine alone and beside typst.

Everything is measured in the same run, in turn. Nothing here passes or fails; the aims are in
docs/prestazioni.md. typst is no part of the product: it is installed into build/bench-env.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
from as_typst import to_typst
from bodies import REAL, make_body
from fontTools.ttLib import TTFont
from measure import Cost, middle, run

_DRAW = (sys.executable, str(Path(__file__).with_name("draw.py")))
_ENVIRONMENT = REAL / "build" / "bench-env"
_TYPST = "typst>=0.15,<0.16"
_COMPILE = """\
import sys, typst
typst.compile(sys.argv[1], output=sys.argv[2], root=".", font_paths=["fonts"],
              ignore_system_fonts=True, pdf_standards=["ua-1"])
"""
_HEAD = (
    f"{'schede':>6}  {'che cosa':<26} {'pagine':>6} {'CPU s':>8} {'a pagina':>8} {'orologio':>8}"
    f" {'picco MiB':>9} {'MB':>6}"
)


def main() -> None:
    """Measure every size asked for and print one table."""
    arguments = _parser().parse_args()
    version = _typst_version()
    print(f"Confronto: {version}, in build/bench-env\n\n{_HEAD}", flush=True)
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        work = Path(folder)
        _write_fonts(work / "fonts")
        for services in arguments.sizes:
            make_body(work / "body", services)
            _measure_carta(work, services)
            if services <= arguments.prints:
                _measure_prints(work, services)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Misura quanto costano le stampe.")
    parser.add_argument(
        "--sizes", type=lambda text: [int(part) for part in text.split(",")], default=[40, 400],
        help="numeri di schede, per esempio 40,150,400",
    )  # fmt: skip
    parser.add_argument(
        "--prints", type=int, default=100,
        help="fino a quante schede misurare anche tutte le stampe insieme",
    )  # fmt: skip
    parser.add_argument("--folder", type=Path, help="dove scrivere (una cartella temporanea)")
    return parser


def _measure_carta(work: Path, services: int) -> None:
    """The whole Carta in A4: ours, and the same document in the engines alone."""
    page = work / "carta.html"
    document = run((*_DRAW, "html", str(work / "body"), str(page)), work)
    _row(services, "contenuto -> documento", document)
    size = re.search(r"font-size:\s*([\d.]+)pt", (REAL / "theme/print/formats/a4.css").read_text())
    assert size
    text = to_typst(page.read_text("utf-8"), "Carta dei servizi", "Ente", float(size[1]))
    (work / "carta.typ").write_text(text, "utf-8")
    python = str(_ENVIRONMENT / "bin" / "python")
    tools: dict[str, Callable[[Path], Cost]] = {
        "Carta A4": lambda pdf: run((*_DRAW, "nostro", str(page), str(pdf)), work),
        "WeasyPrint senza altro": lambda pdf: run((*_DRAW, "nudo", str(page), str(pdf)), work),
        "typst": lambda pdf: run((python, "-c", _COMPILE, "carta.typ", str(pdf)), work),
    }
    costs: dict[str, list[Cost]] = {name: [] for name in tools}
    found: dict[str, Cost] = {}
    runs = 3 if services <= 100 else 1
    for _ in range(runs):  # in turn: a busy moment falls on all alike
        for name, measure in tools.items():
            costs[name].append(measure(work / f"{name}.pdf"))
            if len(costs[name]) == runs:
                found[name] = middle(costs[name])
                _row(services, name, found[name], [work / f"{name}.pdf"])
    ours = found.pop("Carta A4").cpu
    said = "; ".join(f"Carta A4/{name}: {ours / cost.cpu:.2f}" for name, cost in found.items())
    print(f"        {said}", flush=True)


def _measure_prints(work: Path, services: int) -> None:
    """All prints: nothing kept from before, everything kept, one sheet edited."""
    body, folder, cache = work / "body", work / "stampe", work / "cache"
    command = (*_DRAW, "stampe", str(body), str(folder), str(cache))
    for name in ("tutte, da zero", "tutte, niente di nuovo", "tutte, una scheda nuova"):
        if "scheda" in name:
            _edit(body)
        cost = run(command, work, children=True)
        drawn = Path(f"{folder}.txt").read_text("utf-8").split()
        _row(services, name, cost, sorted(folder.rglob("*.pdf")), pages=False)
        print(f"        disegnate: {len(drawn)}{_names(drawn)}", flush=True)


def _names(drawn: list[str]) -> str:
    return f" ({', '.join(sorted(drawn))})" if 0 < len(drawn) < 10 else ""


def _edit(body: Path) -> None:
    """Change the first sheet, in words that only it shows."""
    sheet = min((body / "content" / "services").glob("*.yml"))
    new = "descrizione: Un testo cambiato per la misura.\n"
    old = re.compile(r"^descrizione: .*\n(?: .*\n|\n)*", re.M)
    text, found = old.subn(new, sheet.read_text("utf-8"), count=1)
    assert found
    sheet.write_text(text, "utf-8")


def _typst_version() -> str:
    """The version of typst, which is installed if it is not there."""
    python = str(_ENVIRONMENT / "bin" / "python")
    ask = (python, "-c", "from importlib.metadata import version; print('typst', version('typst'))")
    done = None
    if Path(python).exists():
        done = subprocess.run(ask, capture_output=True, text=True)
    if not done or done.returncode:
        subprocess.run((sys.executable, "-m", "venv", str(_ENVIRONMENT)), check=True)
        subprocess.run((python, "-m", "pip", "install", "--quiet", _TYPST), check=True)
        done = subprocess.run(ask, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _write_fonts(folder: Path) -> None:
    """The typeface of the theme as typst wants it: not compressed."""
    folder.mkdir()
    for path in (REAL / "theme").rglob("*.woff2"):
        font = TTFont(path)
        font.flavor = None
        font.save(folder / f"{path.stem}.ttf")


def _row(
    services: int, name: str, cost: Cost, files: list[Path] | None = None, pages: bool = True
) -> None:
    count = sum(_pages(path) for path in files or []) if pages else 0
    each = f"{cost.cpu / count:8.3f}" if count else f"{'':8}"
    weight = f"{sum(path.stat().st_size for path in files) / 1e6:6.1f}" if files else ""
    figures = f"{cost.cpu:8.2f} {each} {cost.wall:8.1f} {cost.peak / 1024:9.0f} {weight}"
    print(f"{services:6}  {name:<26} {count or '':>6} {figures}".rstrip(), flush=True)


def _pages(path: Path) -> int:
    with pikepdf.open(path) as pdf:
        return len(pdf.pages)


if __name__ == "__main__":
    main()
