"""One print drawn by itself: what bench_pdf.py runs in a process of its own, to measure it.

draw.py html ENTE FILE.html          the whole Carta as the document that the engine gets
draw.py nostro FILE.html FILE.pdf    as the product draws it: tagged, then mended
draw.py nudo FILE.html FILE.pdf      the engine alone, without tags and without our pass
draw.py stampe ENTE CARTELLA CACHE   every print that the site offers; the names of those that
                                     had to be drawn go into CARTELLA.txt
"""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import weasyprint

from site_builder.check import load_checked
from site_builder.pdf import draw_pdf
from site_builder.printing.documents import carta_document
from site_builder.printing.files import draw_all, iter_printouts
from site_builder.printing.formats import A4
from site_builder.resources import resource_dir

_SITE = "https://carta.example.it/"


def _html(body: str, target: str) -> None:
    catalog, _ = load_checked(Path(body), date.today())
    Path(target).write_text(carta_document(catalog, A4, _SITE), "utf-8")


def _ours(source: str, target: str) -> None:
    Path(target).write_bytes(draw_pdf(Path(source).read_text("utf-8")))


def _plain(source: str, target: str) -> None:
    theme = f"{resource_dir('theme').as_uri()}/"
    text = Path(source).read_text("utf-8")
    weasyprint.HTML(string=text, base_url=theme).write_pdf(target)


def _prints(body: str, folder: str, cache: str) -> None:
    catalog, _ = load_checked(Path(body), date.today())
    drawn: list[str] = []
    draw_all(iter_printouts(catalog, _SITE), Path(folder), Path(cache), drawn.append)
    Path(f"{folder}.txt").write_text("\n".join(drawn), "utf-8")


_MODES: dict[str, Callable[..., None]] = {
    "html": _html,
    "nostro": _ours,
    "nudo": _plain,
    "stampe": _prints,
}

if __name__ == "__main__":  # the pool of draw_all starts this file again
    _MODES[sys.argv[1]](*sys.argv[2:])
