"""What the eye sees on printed pages: labels, thumb index, heads of tables, ends of pages."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pytest

from site_builder.catalog import Catalog
from site_builder.content import read_content
from site_builder.pdf import draw_pdf
from site_builder.printing.documents import carta_document, sheet_document
from site_builder.printing.formats import A4, A5, LARGE, Format
from site_builder.printing.parts import iter_parts
from tests.conftest import Body

pytestmark = pytest.mark.tools

SITE = "https://carta.example.it/"
ROOT = Path(__file__).parent.parent
XHTML = "{http://www.w3.org/1999/xhtml}"
MM = 72 / 25.4
FORMATS = pytest.mark.parametrize("form", [A4, A5, LARGE], ids=lambda form: form.name)
# Thumb index and page label stand out here; the text of the page is all between.
EDGE = 14 * MM
# How high the margin at the foot is.
FOOT = {"a4": 14 * MM, "a5": 15 * MM, "grande": 24 * MM}


@dataclass(frozen=True)
class Word:
    """A word on a page, in points from its upper left corner; `size` is that of its letters."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def words(pdf: bytes, folder: Path) -> list[list[Word]]:
    """The words of every page."""
    file = folder / "look.pdf"
    file.write_bytes(pdf)
    shown = subprocess.run(["pdftotext", "-bbox", file, "-"], capture_output=True, check=True)
    pages = ElementTree.fromstring(shown.stdout).iter(f"{XHTML}page")
    return [[_word(node) for node in page.iter(f"{XHTML}word")] for page in pages]


def _word(node: ElementTree.Element) -> Word:
    places = (float(node.attrib[key]) for key in ("xMin", "yMin", "xMax", "yMax"))
    return Word(node.text or "", *places)


def catalog_of(folder: Path) -> Catalog:
    catalog, problems = read_content(folder)
    assert catalog, problems
    return catalog


def size_of(pdf: bytes) -> tuple[float, float]:
    with pikepdf.open(BytesIO(pdf)) as document:
        box = document.pages[0].mediabox
        return float(box[2]), float(box[3])


def label(page: list[Word], height: float, form: Format) -> str:
    """What is printed at the foot of a page: «A1-1», in bound documents the number alone."""
    foot = [word.text for word in page if word.top > height - FOOT[form.name]]
    pattern = r"\d+" if form.bound else r"[\w-]+-\d+"
    return next((text for text in foot if re.fullmatch(pattern, text)), "")


def long_body(body: Body, content: dict[str, Any]) -> Path:
    """A body with a sheet of two pages: a tariff that is longer than one."""
    rates = [{"voce": f"Voce {n}", "importo": n, "unita": "al mese"} for n in range(1, 90)]
    cost = {"tipo": "tariffa", "tariffe": rates}
    return body({"content/services/asilo-nido.yml": {"costo": cost}})


def jumps(pdf: bytes, page: int) -> Iterator[int]:
    """The pages to which the links of a page lead, in its order."""
    with pikepdf.open(BytesIO(pdf)) as document:
        numbers: dict[Any, int] = {
            item.objgen: number for number, item in enumerate(document.pages)
        }
        names = {
            str(key): value for key, value in pikepdf.NameTree(document.Root.Names.Dests).items()
        }
        links: Any = document.pages[page].obj.get("/Annots") or ()
        for link in links:
            target = link.get("/Dest") or link.get("/A", {}).get("/D")
            if target is not None:
                place = names[str(target)] if isinstance(target, pikepdf.String) else target
                yield numbers[place[0].objgen]


@FORMATS
def test_the_contents_say_what_is_printed_on_the_pages(
    body: Body, tmp_path: Path, form: Format
) -> None:
    pdf = draw_pdf(carta_document(catalog_of(body()), form, SITE))
    pages, (_, height) = words(pdf, tmp_path), size_of(pdf)
    start = next(n for n, page in enumerate(pages) if page and "Sommario" in {w.text for w in page})
    pattern = r"\d+" if form.bound else r"[A-Z0-9]+-\d+"
    for number in range(start, len(pages)):
        targets = list(jumps(pdf, number))
        if not targets or number > start + 3:
            break
        body_words = [w for w in pages[number] if w.top < height - FOOT[form.name]]
        ends = max(w.right for w in body_words)
        told = [w.text for w in body_words if ends - w.right < 1 and re.fullmatch(pattern, w.text)]
        assert told == [label(pages[target], height, form) for target in dict.fromkeys(targets)]


@FORMATS
def test_every_page_of_an_area_has_its_letter_on_the_outer_edge(
    body: Body, content: dict[str, Any], tmp_path: Path, form: Format
) -> None:
    pdf = draw_pdf(carta_document(catalog_of(long_body(body, content)), form, SITE))
    pages, (width, _) = words(pdf, tmp_path), size_of(pdf)
    of_area = [
        (number, page)
        for number, page in enumerate(pages, 1)
        if {"Famiglia"} & {word.text for word in page if word.top < 20 * MM} and number > 2
    ]
    assert len(of_area) >= 3
    for number, page in of_area:
        outer = [w for w in page if (w.left > width - EDGE if number % 2 else w.right < EDGE)]
        assert [word.text for word in outer] == ["A"], number


def test_a_table_of_two_pages_repeats_its_head(
    body: Body, content: dict[str, Any], tmp_path: Path
) -> None:
    catalog = catalog_of(long_body(body, content))
    pdf = draw_pdf(sheet_document(catalog, catalog.services["asilo-nido"], SITE))
    with_rows = [[w.text for w in page] for page in words(pdf, tmp_path) if len(page) > 60]
    assert len(with_rows) > 1
    assert all("Importo" in page for page in with_rows)


@FORMATS
def test_blank_pages_carry_nothing(body: Body, tmp_path: Path, form: Format) -> None:
    """A page has either text of its own or nothing at all, not a head and a foot alone."""
    pdf = draw_pdf(carta_document(catalog_of(body()), form, SITE))
    pages, (width, height) = words(pdf, tmp_path), size_of(pdf)
    for number, page in enumerate(pages, 1):
        inner = [
            w
            for w in page
            if 17 * MM < w.top < height - FOOT[form.name] and EDGE < w.left < width - EDGE
        ]
        assert inner or not page, number
    if not form.bound:
        assert not all(pages)


def headings(catalog: Catalog, form: Format) -> set[str]:
    html = carta_document(catalog, form, SITE)
    found = re.findall(r"<(h[2-6]|p)\b[^>]*>(.*?)</\1>", html, re.S)
    said = [(tag, " ".join(re.sub(r"<[^>]+>", " ", text).split())) for tag, text in found]
    # A paragraph with the very words of a title (a link to it) may well be the last.
    return {text for tag, text in said if tag != "p"} - {text for tag, text in said if tag == "p"}


@pytest.mark.slow
@FORMATS
def test_no_heading_is_the_last_thing_on_a_page(prints: Path, tmp_path: Path, form: Format) -> None:
    name = {"a4": "carta", "a5": "carta-a5", "grande": "carta-caratteri-grandi"}[form.name]
    pdf = (prints / f"{name}.pdf").read_bytes()
    pages, (width, height) = words(pdf, tmp_path), size_of(pdf)
    titles = headings(catalog_of(ROOT), form)
    for number, page in enumerate(pages, 1):
        text = [
            w for w in page if w.top < height - FOOT[form.name] and EDGE < w.left < width - EDGE
        ]
        if text:
            low = max(word.bottom for word in text)
            last = " ".join(word.text for word in text if abs(word.bottom - low) < 2)
            assert last not in titles, (number, last)


@pytest.mark.slow
def test_no_sheet_takes_more_than_one_leaf(prints: Path) -> None:
    sheets = sorted((prints / "schede").glob("*.pdf"))
    assert len(sheets) == len(catalog_of(ROOT).services)
    for file in sheets:
        with pikepdf.open(file) as pdf:
            assert len(pdf.pages) <= 2, file.name


def test_every_part_of_a_binder_begins_on_a_right_hand_page(body: Body, tmp_path: Path) -> None:
    catalog = catalog_of(body())
    pdf = draw_pdf(carta_document(catalog, A4, SITE))
    pages, (_, height) = words(pdf, tmp_path), size_of(pdf)
    labels = [label(page, height, A4) for page in pages]
    for part in iter_parts(catalog, SITE):
        assert labels.index(f"{part.code}-1") % 2 == 0, part.code
