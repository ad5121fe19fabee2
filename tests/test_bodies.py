"""One program, many bodies: none is named in the code, and none in the pages of another."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from bodies import BODIES, DAY, ROOT, catalog_of, checked, named
from in_browser import build

from site_builder.check import check_content
from site_builder.pages import iter_pages
from site_builder.printing.documents import carta_document, sheet_document
from site_builder.printing.formats import A4
from site_builder.printing.parts import iter_parts

ROOMS = ("site_builder", "endpoint", "theme", "schemas")
Body = Callable[..., Path]
PAIRS = [(one, other) for one in BODIES for other in BODIES if one != other]


@pytest.mark.parametrize("name", BODIES)
def test_the_content_has_no_error(name: str) -> None:
    assert [p.as_text() for p in checked(name)[1] if p.level == "errore"] == []


@pytest.mark.parametrize("name", BODIES)
def test_a_name_is_known_where_it_stands(name: str) -> None:
    """Else the tests below would find nothing, whatever was there."""
    catalog = catalog_of(name)
    pages = [page for page in iter_pages(catalog, DAY) if page.url.startswith("comuni/")]
    assert len(pages) > len(catalog.comuni)
    assert all(_says(name, page.body) for page in pages)
    assert named(name).search(f"# see {name}")
    assert named(name).search(name.replace("-", "_"))


@pytest.mark.parametrize("name", BODIES)
def test_the_legal_notes_tell_the_licence_that_the_foot_tells(name: str) -> None:
    catalog = catalog_of(name)
    notes = catalog.documents["pages"]["note-legali"].text
    licence = catalog.carta.licenza
    assert (
        (licence.nome in notes) if licence else not re.search(r"\bCC[- ]|Creative Commons", notes)
    )


@pytest.mark.parametrize("room", ROOMS)
def test_no_body_is_named_in_the_code(room: str) -> None:
    """In comments and examples neither: the words of the next body are as good."""
    files = [path for path in (ROOT / room).rglob("*") if path.is_file() and _is_text(path)]
    assert len(files) > 10
    found = {
        f"{path.relative_to(ROOT)}: {said.group()}"
        for path in files
        for name in BODIES
        for said in named(name).finditer(f"{path.name}\n{path.read_text('utf-8')}")
    }
    assert found == set()


def _is_text(path: Path) -> bool:
    return "__pycache__" not in path.parts and b"\0" not in path.read_bytes()


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_no_page_names_another_body(one: str, other: str) -> None:
    catalog = catalog_of(one)
    pages = {page.url: page.body for page in iter_pages(catalog, DAY)}
    pages |= {f"{id}/": document.text for id, document in catalog.documents["pages"].items()}
    assert len(pages) > 100
    found = {url: said.group() for url, text in pages.items() if (said := _says(other, text))}
    assert found == {}


@pytest.mark.slow
@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_no_print_names_another_body(one: str, other: str) -> None:
    assert not _says(other, carta_document(catalog_of(one), A4))


def _says(name: str, html: str) -> re.Match[str] | None:
    return named(name).search(unescape(html))


# --- What a body says of itself ---------------------------------------------------------------

CARTA, AREAS = "content/carta.yml", "content/areas.yml"
LICENCE = {"nome": "CC0 1.0", "url": "https://example.org/cc0"}
NOTICE = "Esempio: questa Carta non vale."


def test_a_notice_stands_on_the_cover_and_on_a_sheet_alone(body: Body) -> None:
    for change, times in (({}, 0), ({"edizione": {"avviso": NOTICE}}, 1)):
        catalog, _ = check_content(body({CARTA: change}), DAY)
        assert catalog
        assert carta_document(catalog, A4).count(NOTICE) == times
        assert sheet_document(catalog, catalog.services["asilo-nido"]).count(NOTICE) == times


@pytest.mark.parametrize(("whom", "link"), [("segretariato-casarano", True), (False, False)])
def test_mistakes_are_reported_to_whom_the_body_names(
    body: Body, whom: str | bool, link: bool
) -> None:
    catalog, problems = check_content(body({CARTA: {"ente": {"segnalazioni": whom}}}), DAY)
    assert not problems
    assert catalog
    (sheet,) = (page for page in iter_pages(catalog, DAY) if page.url == "servizi/asilo-nido/")
    assert ("mailto:sportello@comune.casarano.le.it?subject=" in sheet.body) == link


@pytest.mark.slow
def test_the_frame_tells_licence_and_notice_of_this_body_only(body: Body, tmp_path: Path) -> None:
    site = tmp_path / "site"
    for change in ({}, {"licenza": LICENCE, "edizione": {"avviso": NOTICE}}):
        build(site, body({CARTA: change}))
        pages = [site / url / "index.html" for url in ("", "servizi/asilo-nido", "uffici")]
        for text in (page.read_text("utf-8") for page in (*pages, site / "404.html")):
            assert ('rel="license" href="https://example.org/cc0">CC0 1.0</a>' in text) == bool(
                change
            )
            assert (NOTICE in text) == bool(change)
            assert "CC-BY" not in text


def test_an_area_without_a_letter_has_initials_on_its_pages_only(body: Body) -> None:
    area = {"titolo": "Turismo", "colore": "#0b5c8a", "fonte": {"documento": "carta-prova"}}
    ids = ("famiglia", "turismo-sociale", "tempo-sereno")
    change = {AREAS: {"aree": [{"id": "famiglia", "lettera": "A"} | area]
                      + [{"id": id} | area for id in ids[1:]]}}  # fmt: skip
    catalog, _ = check_content(body(change), DAY)
    assert catalog
    codes = {part.area.id: part.code for part in iter_parts(catalog) if part.kind == "area"
             if part.area}  # fmt: skip
    assert codes == dict(zip(ids, ("A", "TS", "TS-3"), strict=True))
    text = carta_document(catalog, A4)
    assert '<span class="p-contents__code">A</span>' in text
    assert not re.search(r'__code">TS|p-area__letter">TS', text)


@pytest.mark.parametrize("name", BODIES)
def test_no_page_says_that_forms_cannot_be_sent(name: str) -> None:
    """Whether they can is known only when the site is built: fixed words would be false."""
    pages = list((BODIES[name] / "content" / "pages").rglob("*.md"))
    assert pages
    assert [page.name for page in pages if "solo su carta" in page.read_text("utf-8")] == []
