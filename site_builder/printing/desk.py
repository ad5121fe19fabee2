"""What `carta pdf` is asked for: which print, where to, and what to tell afterwards."""

import re
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar

from site_builder.arguments import wants_one
from site_builder.catalog import Catalog
from site_builder.errors import ContentError, nearest
from site_builder.history import catalog_at
from site_builder.italian import listing, number
from site_builder.printing.changes import leaves_document, nothing_changed
from site_builder.printing.files import (
    CACHE,
    Drawn,
    Printout,
    as_booklet,
    carta_printout,
    draw_all,
    draw_one,
    form_printout,
    iter_printouts,
    report_printout,
    sheet_printout,
)
from site_builder.printing.formats import A4, A5, LARGE
from site_builder.printing.imposition import PAPER, page_count, signature_sizes
from site_builder.report import report, years

T = TypeVar("T")

_FOLDERS = ("schede", "moduli", "relazioni")
_NO_ADDRESS = (
    "Le stampe sono senza codici QR e senza indirizzi delle pagine: l'indirizzo del sito non c'è. "
    "Scrivilo in mkdocs.yml, alla voce «site_url», o dopo --indirizzo."
)


def print_asked(options: Namespace, catalog: Catalog, site_url: str) -> None:
    """Draw what the options of `carta pdf` ask for, and say where it is.

    Raises ContentError for what does not exist or cannot be drawn.
    """
    built = options.dir / "build"
    folder, cache = options.output or built, built / CACHE
    if not site_url:
        print(_NO_ADDRESS, file=sys.stderr)
    if not wants_one(options):
        _print_all(catalog, site_url, folder, cache)
    elif printout := _chosen(options, catalog, site_url):
        _print_one(printout, _path(printout, folder), cache)


def print_report(options: Namespace, catalog: Catalog, site_url: str) -> None:
    """Draw the report of a year, and say where it is. Raises as `print_asked`."""
    if options.anno not in years(catalog):
        raise ContentError(_no_report(options.anno, years(catalog)))
    if not site_url:
        print(_NO_ADDRESS, file=sys.stderr)
    built = options.dir / "build"
    asked = report(catalog, options.anno)
    printout = report_printout(catalog, asked, site_url)
    _print_one(printout, _path(printout, options.output or built), built / CACHE)
    print(f"Nel sito la stessa relazione è la pagina /{asked.address}")
    if asked.di_prova:
        print(
            "Contiene dati di prova: è scritto in ogni pagina e in ogni grafico.", file=sys.stderr
        )


def _no_report(year: int, there: Iterable[int]) -> str:
    years = listing([str(item) for item in sorted(there)])
    known = f"Gli anni che ci sono: {years}." if years else "Non c'è ancora nessun anno."
    return (
        f"La relazione del {year} non c'è: mancano content/results/{year}.yml e "
        f"content/results/{year}-reclami.yml. {known}"
    )


def _path(printout: Printout, output: Path) -> Path:
    """The file that is asked for, or that of the print in the folder that is."""
    return output if output.suffix.lower() == ".pdf" else output / printout.uri


def _chosen(options: Namespace, catalog: Catalog, site_url: str) -> Printout | None:
    if options.scheda is not None:
        sheet = _named(options.scheda, catalog.services, "La scheda")
        return sheet_printout(catalog, sheet, site_url)
    if options.modulo is not None:
        form = _named(options.modulo, catalog.forms, "Il modulo")
        return form_printout(catalog, form, site_url)
    if options.fogli_modificati is not None:
        return _leaves(options, catalog, site_url)
    if options.libretto:
        thickness = PAPER if options.spessore is None else options.spessore
        pages = carta_printout(catalog, A5, site_url)
        return as_booklet(pages, options.segnatura or 0, thickness)
    formats = {"a4": A4, "a5": A5, None: LARGE}
    return carta_printout(catalog, formats[options.formato], site_url)


def _leaves(options: Namespace, catalog: Catalog, site_url: str) -> Printout | None:
    """The leaves to exchange; None, once it is said, if there are none."""
    old, since = catalog_at(options.dir, options.fogli_modificati, date.today())
    html, warnings = leaves_document(catalog, old, since, site_url, options.segna_modifiche)
    for warning in warnings:
        print(warning, file=sys.stderr)
    if html:
        return Printout("fogli-modificati.pdf", html)
    print(nothing_changed(since))
    return None


def _named(id: str, records: Mapping[str, T], what: str) -> T:
    if id in records:
        return records[id]
    raise ContentError(f"{what} «{id}» non esiste. {nearest(id, records)}".rstrip())


def _print_one(printout: Printout, path: Path, cache: Path) -> None:
    pdf = draw_one(printout, path, cache)
    print(f"Scritto {path}: {_size(page_count(pdf), len(pdf), printout.booklet)}.")
    if printout.booklet:
        print(_how_to_fold(page_count(pdf) * 2, printout.signature))


def _print_all(catalog: Catalog, site_url: str, folder: Path, cache: Path) -> None:
    printouts = list(iter_printouts(catalog, site_url))
    draw_all(printouts, folder, cache, _progress())
    print(f"Le stampe sono in {folder}\n{_table(folder, printouts)}")
    known = {folder / printout.uri for printout in printouts}
    for path in sorted(p for d in _FOLDERS for p in (folder / d).glob("*.pdf")):
        if path not in known:
            print(f"«{path}» è di una stampa che la Carta non ha più: toglilo.", file=sys.stderr)


def _progress() -> Drawn | None:
    """A line for each print that is drawn, on a terminal; nothing in a pipe."""
    if not sys.stderr.isatty():
        return None
    return lambda uri: print(f"  disegnato {uri}", file=sys.stderr)


def _table(folder: Path, printouts: Iterable[Printout]) -> str:
    """A line for each print; sheets and forms, which are many, are summed up by folder."""
    sums: dict[str, Counter[str]] = {}
    for printout in printouts:
        pdf = (folder / printout.uri).read_bytes()
        place = re.sub(r"/.*", "/", printout.uri)
        counts = Counter(files=1, pages=page_count(pdf), bytes=len(pdf), sides=printout.booklet)
        sums.setdefault(place, Counter()).update(counts)
    width = max(map(len, sums))
    return "\n".join(
        f"  {place:<{width}}  {_size(c['pages'], c['bytes'], bool(c['sides']))}"
        + (f", {c['files']} file" if place.endswith("/") else "")
        for place, c in sums.items()
    )


def _size(pages: int, size: int, sides: bool) -> str:
    unit, weight = ("MB", size / 1e6) if size >= 1e6 else ("kB", size / 1e3)
    name = ("facciata" if pages == 1 else "facciate") if sides else "pagin" + "ae"[pages != 1]
    return f"{pages} {name}, {number(round(weight, 1))} {unit}"


def _how_to_fold(pages: int, signature: int) -> str:
    sheets = [size // 4 for size in signature_sizes(pages, signature)]
    said = "1 foglio A4" if sum(sheets) == 1 else f"{sum(sheets)} fogli A4"
    if len(sheets) > 1:
        each = [f"{number} da {size}" for size, number in Counter(sheets).items()]
        said += f" in {len(sheets)} fascicoli ({listing(each)})"
    return f"{said}: stampa fronte e retro, capovolgi sul lato corto, a dimensioni effettive."
