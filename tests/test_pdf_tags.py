"""The tags of a print: what a screen reader is told, and what two checkers find in it.

Neither checker is a full validator, so nothing here proves that a print conforms to PDF/UA.
"""

import json
import re
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import html5lib
import pdfua
import pikepdf
import pytest
from tagged_pdf import TaggedPdf

from site_builder import pdf, pdf_tags, pdf_tree
from site_builder.catalog import Catalog
from site_builder.content import read_content
from site_builder.pdf import draw_pdf
from site_builder.pdf_tags import mend
from site_builder.printing.documents import carta_document, form_document, sheet_document
from site_builder.printing.formats import A4, A5, LARGE, Format

ROOT = Path(__file__).parents[1]
OUTLOUD = ROOT / ".venv" / "outloud" / "bin" / "outloud"
SITE = "https://carta.example.it/"
# Rules of outloud that were looked at and found to be wrong here: docs/stampa.md has the evidence.
FALSE_ALARMS = {
    "HDG-010": "the index has a chapter «0-9»",
    "LNK-010": "an address quoted inside a doubt is quoted, not offered",
    "ORD-001": "bullets and floats are painted late; readers follow the tree",
    "PAG-001": "lines that many sheets share stand high or low on some pages",
    "TAG-002": "a long running title of a part that has one page",
    "TBL-010": "tables of two columns have more headers than data",
}
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The Carta of this repository."""
    catalog, _ = read_content(ROOT)
    assert catalog
    return catalog


@pytest.fixture(scope="session")
def sheet(catalog: Catalog) -> tuple[str, bytes]:
    """A sheet with tables, lists, links, pictures: its HTML and its PDF."""
    html = sheet_document(catalog, next(s for s in catalog.services.values() if s.standard), SITE)
    return html, draw_pdf(html)


DRAWING = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'%3E"
    "%3Cpath d='M0 0h9v9z'/%3E%3C/svg%3E"
)

# Every test draws a document.
pytestmark = pytest.mark.slow
SMALL = """<!doctype html><html lang="it"><head><meta charset=utf-8><title>Prova</title><style>
@font-face { font-family: P; src: url(site/assets/fonts/titillium-web-400.woff2); }
html { font-family: P } ul ul { list-style-type: disc }
@page { @top-left { content: "Corrente" } @bottom-left { content: "Pié" } }
.toc a::after { content: leader(".") "pagina " target-counter(attr(href), page); }
</style></head><body><h1>Titolo</h1>
<nav class=toc><a href="#fine"><span style="display: inline-block">C</span> Capitolo</a></nav>
<p>Un <a href="https://example.org/">collegamento <b>forte</b></a>.</p>
<table><caption>Didascalia</caption><thead><tr><th scope=col>Chi</th><th scope=col>Quando</th></tr>
</thead><tbody><tr><th scope=row>Anna</th><td>oggi</td></tr><tr><th scope=row>Ugo</th><td>ieri</td>
</tr></tbody></table>
<dl><div><dt>Termine</dt><dd>Spiegazione</dd><dd>Seconda</dd></div></dl>
<dl><dt>Sciolto</dt><dd>Suo testo</dd><dt>Altro<span
 style="display: block">pezzo</span></dt><dd>Altro testo</dd></dl>
<ul><li>Uno<ul><li>Dentro</li></ul></li><li>Due</li></ul>
<address>Via Roma 1</address><figure><blockquote>Detto</blockquote><figcaption>Autore</figcaption>
</figure><img alt="Una figura" src="DISEGNO"><img alt="" src="DISEGNO"
><p id=fine style="break-before: right">Fine</p></body></html>""".replace("DISEGNO", DRAWING)


@pytest.fixture(scope="session")
def small() -> bytes:
    """One of each thing that the engine leaves undone, and an empty page."""
    return draw_pdf(SMALL)


# --- What is told -------------------------------------------------------------------------


def faults(data: bytes) -> list[str]:
    """What in a document a reader could not trust, by what it is."""
    told = TaggedPdf(data)
    root, found = told.pdf.Root, []

    def must(right: object, what: str) -> None:
        if not right:
            found.append(what)

    must(str(root.get("/Lang", "")) == "it", "language")
    must(root.ViewerPreferences.get("/DisplayDocTitle") is True, "title shown")
    must(root.MarkInfo.get("/Marked") is True, "marked")
    must(str(told.pdf.docinfo.get("/Title", "")), "title")
    must(b'pdfuaid:part="1"' in root.Metadata.read_bytes(), "metadata")
    levels = [int(e.kind[1]) for e in told.elements if re.fullmatch("H[1-6]", e.kind)]
    must(levels.count(1) == 1, "one H1")
    must(all(b <= a + 1 for a, b in zip([0, *levels], levels, strict=False)), "heading skipped")
    must(not told.loose, "content neither tagged nor artifact")
    must(set(told.marks) == told.used, "marked content outside the tree")
    must(all(p.obj.get("/Tabs") == "/S" for p in told.pdf.pages), "order of the tab key")
    for cell in told.of("TH"):
        must(cell.node.A.get("/Scope") in ("/Row", "/Column"), "header cell without scope")
    for kind, parents in {"TR": {"Table", "THead", "TBody"}, "TD": {"TR"}, "TH": {"TR"},
                          "LI": {"L"}, "Lbl": {"LI"}, "LBody": {"LI"},
                          "Caption": {"Table"}}.items():  # fmt: skip
        must(all(e.path[-1] in parents for e in told.of(kind)), f"{kind} out of place")
    must(all(e.node.get("/Alt") for e in told.of("Figure")), "figure without words")
    must(all(str(k.S) == "/LI" for e in told.of("L") for k in e.node.K), "list of other things")
    must(not any("Link" in e.path for e in told.of("Link")), "link in a link")
    must(all(e.text.strip() or "Figure" in str(e.node.K) for e in told.of("Link")), "empty link")
    owners = {
        kid.Obj.objgen: e.kind
        for e in told.of("Link", "Form")
        for kid in e.node.K
        if not isinstance(kid, int) and kid.get("/Type") == "/OBJR"
    }
    for _, annotation in told.annotations():
        kind = "Link" if annotation.Subtype == "/Link" else "Form"
        must(owners.get(annotation.objgen) == kind, f"annotation outside {kind}")
        must(int(annotation.get("/F", 0)) & 4, "not printed")
        if kind == "Link":
            must(str(annotation.get("/Contents", "")).strip(), "link without description")
            must(not str(annotation.Contents).startswith("foglio-"), "name instead of words")
    return sorted(set(found))


def test_the_sheet_is_told_right(sheet: tuple[str, bytes]) -> None:
    assert faults(sheet[1]) == []


def test_every_small_thing_is_told_right(small: bytes) -> None:
    assert faults(small) == []
    told = TaggedPdf(small)
    assert len(told.pdf.pages) == 3, "an empty page stands before the last"
    assert told.elements[0].text.startswith("TitoloC Capitolopagina 3Un collegamento forte.")
    assert "." in told.artifacts, "the dots of the contents say nothing"
    assert {"Corrente", "Pié"} <= set(told.artifacts)
    assert [e.text for e in told.of("Figure")] == [""]
    assert [str(a.Contents) for _, a in told.annotations()] == ["C Capitolo", "collegamento forte"]


def test_headers_say_what_they_head(small: bytes) -> None:
    told = TaggedPdf(small)
    headers = {e.text: str(e.node.A.Scope) for e in told.of("TH")}
    assert headers == {"Chi": "/Column", "Quando": "/Column", "Anna": "/Row", "Ugo": "/Row"}


def test_a_term_and_its_explanations_are_one_item(small: bytes) -> None:
    told = TaggedPdf(small)
    items = [(e.text, [str(kid.S) for kid in e.node.K]) for e in told.of("LI")]
    assert ("TermineSpiegazioneSeconda", ["/Lbl", "/LBody", "/LBody"]) in items
    assert ("ScioltoSuo testo", ["/Lbl", "/LBody"]) in items
    assert ("AltropezzoAltro testo", ["/Lbl", "/LBody"]) in items


def test_a_list_in_a_list_belongs_to_its_item(small: bytes) -> None:
    inner = [e for e in TaggedPdf(small).of("L") if e.text.endswith("Dentro")]
    assert inner[0].path[-3:] == ("L", "LI", "LBody")


def test_an_address_is_a_paragraph_and_an_author_no_caption(small: bytes) -> None:
    told = TaggedPdf(small)
    assert {"Via Roma 1", "Autore"} <= {e.text for e in told.of("P")}
    assert [e.text for e in told.of("Caption")] == ["Didascalia"]


def test_margins_and_ornaments_are_artifacts_of_their_kind(small: bytes) -> None:
    with pikepdf.open(BytesIO(small)) as drawn:
        first = drawn.pages[0].Contents.read_bytes()
        empty = drawn.pages[1]
        assert first.count(b"/Artifact <</Type /Pagination>> BDC") == 2
        assert first.count(b"/Artifact <</Type /Layout>> BDC") > 5
        assert b"MCID" not in empty.Contents.read_bytes()
        parents = list(drawn.Root.StructTreeRoot.ParentTree.Nums)
        assert None in list(parents[1]), "what left the tree has left its index"


# --- Without the pass ---------------------------------------------------------------------


def without(monkeypatch: pytest.MonkeyPatch, html: str, room: Any, name: str, left: Any) -> bytes:
    """The document as it is drawn while one part of the pass does nothing."""
    monkeypatch.setattr(room, name, left)
    return draw_pdf(html)


@pytest.mark.parametrize(
    ("room", "name", "left", "fault"),
    [
        (pdf, "mend", lambda drawn, leaves: drawn, "header cell without scope"),
        (pdf, "mend", lambda drawn, leaves: drawn, "marked content outside the tree"),
        (pdf, "mend", lambda drawn, leaves: drawn, "not printed"),
        (pdf, "prepare_tags", lambda document: None, "annotation outside Link"),
        (pdf_tags, "_free_margins", lambda pdf, tree: None, "marked content outside the tree"),
        (pdf_tags, "_mend_links", lambda pdf, leaves: None, "not printed"),
        (pdf_tree, "_scopes", lambda table: None, "header cell without scope"),
        (pdf_tree, "_says_something", lambda node: True, "figure without words"),
        (pdf_tree.Tree, "_items", lambda self, kids: kids, "list of other things"),
    ],
)
def test_each_part_of_the_pass_is_needed(
    room: Any, name: str, left: Any, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fault in faults(without(monkeypatch, SMALL, room, name, left))


def test_the_pass_changes_nothing_that_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = without(monkeypatch, SMALL, pdf, "mend", lambda drawn, leaves: drawn)
    seen, mended = TaggedPdf(raw), TaggedPdf(mend(raw))

    def printed(told: TaggedPdf) -> list[str]:
        return sorted("".join([*told.marks.values(), *told.artifacts]))

    assert printed(seen) == printed(mended)


# --- In the order of the source -----------------------------------------------------------


def is_read_in_order(html: str, data: bytes) -> None:
    """The words of the source stand in the tree, in its order and with little between them.

    What stands between is made by the style: bullets, numbers of pages, repeated heads.
    """
    heard, at, passed = _letters(TaggedPdf(data).elements[0].text), 0, 0
    for words in _texts(html5lib.parse(html).find(f"{XHTML}body")):
        found = heard.find(words, at)
        assert 0 <= found - at < 250, f"{words[:60]!r} after {heard[at - 60 : at]!r}"
        passed, at = passed + found - at, found + len(words)
    assert passed + len(heard) - at < len(heard) / 10


def _letters(text: str) -> str:
    return re.sub(r"[\s\u00ad-]", "", text).lower()


def _texts(node: Any) -> list[str]:
    texts = [node.text]
    for child in node:
        if isinstance(child.tag, str):
            texts += _texts(child)
        texts.append(child.tail)
    return [words for text in texts if text and (words := _letters(text))]


def test_the_sheet_is_read_in_the_order_of_its_source(sheet: tuple[str, bytes]) -> None:
    is_read_in_order(*sheet)


def test_another_order_is_seen(sheet: tuple[str, bytes]) -> None:
    html, drawn = sheet
    start, end = html.index('<section class="p-voice"'), html.rindex('<section class="p-voice"')
    turned = html[:start] + html[end:] + html[start:end]
    with pytest.raises(AssertionError):
        is_read_in_order(turned, drawn)


# --- Two checkers -------------------------------------------------------------------------


def pdfua_finds(data: bytes, folder: Path) -> list[str]:
    """The rules that pdfua sees broken."""
    path = folder / "print.pdf"
    path.write_bytes(data)
    return [finding.rule_id for finding in pdfua.validate(path).findings]


def outloud_finds(data: bytes, folder: Path) -> set[str]:
    """The rules that outloud sees broken, warnings too."""
    path = folder / "print.pdf"
    path.write_bytes(data)
    command = [OUTLOUD, "--json", "-", "--fail-on", "never", path]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {finding["rule"] for finding in json.loads(said)["results"][0]["findings"]}


def is_clean(html: str, data: bytes, folder: Path) -> None:
    """Everything that is checked of a print."""
    assert faults(data) == []
    is_read_in_order(html, data)
    assert pdfua_finds(data, folder) == []
    assert outloud_finds(data, folder) <= set(FALSE_ALARMS)


@pytest.mark.slow
def test_the_checkers_see_what_the_pass_mends(
    small: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pdfua_finds(small, tmp_path) == []
    assert outloud_finds(small, tmp_path) <= set(FALSE_ALARMS)
    raw = without(monkeypatch, SMALL, pdf, "mend", lambda drawn, leaves: drawn)
    assert {"TBL-002", "LNK-004", "LST-001"} <= outloud_finds(raw, tmp_path)


@pytest.mark.slow
def test_the_sheet_is_clean(sheet: tuple[str, bytes], tmp_path: Path) -> None:
    is_clean(*sheet, tmp_path)


@pytest.mark.slow
def test_a_form_is_clean(catalog: Catalog, tmp_path: Path) -> None:
    html = form_document(catalog, next(iter(catalog.forms.values())), SITE)
    is_clean(html, draw_pdf(html), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("uri", "form"),
    [("carta.pdf", A4), ("carta-a5.pdf", A5), ("carta-caratteri-grandi.pdf", LARGE)],
)
def test_the_whole_carta_is_clean(
    uri: str, form: Format, prints: Path, catalog: Catalog, tmp_path: Path
) -> None:
    html = carta_document(catalog, form, SITE)
    is_clean(html, (prints / uri).read_bytes(), tmp_path)


@pytest.mark.slow
def test_each_page_of_the_carta_is_called_what_it_prints(prints: Path) -> None:
    for uri in ("carta.pdf", "carta-a5.pdf", "carta-caratteri-grandi.pdf"):
        text = subprocess.run(
            ["pdftotext", "-raw", prints / uri, "-"], check=True, capture_output=True, text=True
        ).stdout.split("\f")[:-1]
        with pikepdf.open(prints / uri) as drawn:
            labels = [str(label.P) for label in list(drawn.Root.PageLabels.Nums)[1::2]]
        assert len(labels) == len(text)
        named = [label for label in labels if label]
        assert len(named) > len(labels) / 2
        assert len(set(named)) == len(named), "no two pages have the same name"
        for label, words in zip(labels, text, strict=True):
            assert label in words.split() or not label
