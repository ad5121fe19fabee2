"""What the Carta prints, and its files: drawn once, and again only when something has changed."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from signal import SIG_DFL, SIGINT, signal

from site_builder.catalog import Catalog
from site_builder.errors import ContentError
from site_builder.model import Form, Service
from site_builder.pdf import draw_pdf
from site_builder.printing.documents import (
    carta_document,
    form_document,
    report_document,
    sheet_document,
)
from site_builder.printing.formats import A4, A5, LARGE, Format
from site_builder.printing.imposition import PAPER, impose
from site_builder.printing.store import Store, key_of
from site_builder.report import Report, reports
from site_builder.writing import write_whole

# A thick Carta takes more than a gigabyte while it is drawn: two side by side are enough.
_WORKERS = 2
# Where drawings are kept, below the `build` of a body: the site and the command share them.
CACHE = Path(".cache") / "stampe"

Drawn = Callable[[str], None]  # told the uri of each print that had to be drawn


@dataclass(frozen=True, slots=True)
class Printout:
    """A file to print: its address below the folder of prints, and its document as HTML.

    A `booklet` is put on sheets to fold; `signature` and `thickness` are those of `impose`.
    """

    uri: str
    html: str
    fillable: bool = False
    booklet: bool = False
    signature: int = 0
    thickness: float = PAPER


def iter_printouts(catalog: Catalog, site_url: str = "") -> Iterator[Printout]:
    """Yield every print that the site offers."""
    yield carta_printout(catalog, A4, site_url)
    yield (pages := carta_printout(catalog, A5, site_url))
    yield as_booklet(pages)
    yield carta_printout(catalog, LARGE, site_url)
    for sheet in catalog.services.values():
        yield sheet_printout(catalog, sheet, site_url)
    for form in catalog.forms.values():
        yield form_printout(catalog, form, site_url)
    for report in reports(catalog):
        yield report_printout(catalog, report, site_url)


def carta_printout(catalog: Catalog, form: Format, site_url: str = "") -> Printout:
    """The whole Carta in a format."""
    uri = {A4: "carta.pdf", A5: "carta-a5.pdf", LARGE: "carta-caratteri-grandi.pdf"}[form]
    return Printout(uri, carta_document(catalog, form, site_url))


def as_booklet(pages: Printout, signature: int = 0, thickness: float = PAPER) -> Printout:
    """The same A5 pages on sheets to fold."""
    booklet = replace(pages, uri="carta-libretto.pdf", booklet=True)
    return replace(booklet, signature=signature, thickness=thickness)


def sheet_printout(catalog: Catalog, sheet: Service, site_url: str = "") -> Printout:
    """One service sheet."""
    return Printout(f"schede/{sheet.id}.pdf", sheet_document(catalog, sheet, site_url))


def form_printout(catalog: Catalog, form: Form, site_url: str = "") -> Printout:
    """One form, to fill in on the screen or by hand."""
    return Printout(f"moduli/{form.id}.pdf", form_document(catalog, form, site_url), fillable=True)


def report_printout(catalog: Catalog, report: Report, site_url: str = "") -> Printout:
    """The report of a year."""
    return Printout(report.pdf, report_document(catalog, report, site_url))


def draw_all(
    printouts: Iterable[Printout], folder: Path, cache: Path, drawn: Drawn | None = None
) -> None:
    """Write every print below `folder`; what is unchanged comes from `cache`, the rest goes there.

    The cache then holds these drawings and no others. Raises ContentError, which names the print,
    if one cannot be drawn; then no file of the folder has been touched.
    """
    wanted = {printout.uri: printout for printout in printouts}
    store = Store(cache)
    pdfs = _pdfs(wanted.values(), store, drawn)
    for uri, printout in wanted.items():
        write_whole(folder / uri, _finished(printout, pdfs))
    store.keep_only(pdfs)


def draw_one(printout: Printout, path: Path, cache: Path) -> bytes:
    """Write one print to `path` and return it. Raises as `draw_all`; the cache loses nothing."""
    finished = _finished(printout, _pdfs([printout], Store(cache), None))
    write_whole(path, finished)
    return finished


def _key(printout: Printout) -> str:
    return key_of(printout.html, printout.fillable)


def _finished(printout: Printout, pdfs: dict[str, bytes]) -> bytes:
    pdf = pdfs[_key(printout)]
    return impose(pdf, printout.signature, printout.thickness) if printout.booklet else pdf


def _pdfs(printouts: Iterable[Printout], store: Store, drawn: Drawn | None) -> dict[str, bytes]:
    """The drawings by key; a booklet and its pages are one."""
    pdfs: dict[str, bytes] = {}
    missing: dict[str, Printout] = {}
    for key, printout in ((_key(printout), printout) for printout in printouts):
        if (kept := store.get(key)) is not None:
            pdfs[key] = kept
        else:
            missing.setdefault(key, printout)
    for printout, pdf in _draw(list(missing.values())):
        pdfs[_key(printout)] = pdf
        store.put(_key(printout), pdf)
        if drawn:
            drawn(printout.uri)
    return pdfs


def _draw(printouts: list[Printout]) -> Iterator[tuple[Printout, bytes]]:
    """Draw on as many processes as are worth while, the longest document first."""
    printouts.sort(key=lambda printout: len(printout.html), reverse=True)
    workers = min(_WORKERS, len(os.sched_getaffinity(0)), len(printouts))
    if workers < 2:
        for printout in printouts:
            yield printout, _named(printout, draw_pdf, printout.html, printout.fillable)
        return
    # A fresh process each: the caller may have threads, as the preview has.
    with ProcessPoolExecutor(workers, get_context("spawn"), signal, (SIGINT, SIG_DFL)) as pool:
        jobs = {pool.submit(draw_pdf, p.html, p.fillable): p for p in printouts}
        try:
            for job in as_completed(jobs):
                yield jobs[job], _named(jobs[job], job.result)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _named(printout: Printout, draw: Callable[..., bytes], *what: object) -> bytes:
    try:
        return draw(*what)
    except ContentError as error:
        raise ContentError(f"{printout.uri}: {error}", error.problems) from None
    except BrokenProcessPool:
        # Whichever of the processes it was: this print need not be the one to blame.
        raise ContentError(
            "Il disegno delle stampe si è interrotto, forse perché manca memoria. "
            "Chiudi altri programmi e riprova."
        ) from None
