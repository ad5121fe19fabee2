"""The site as a whole, before any generator: its links hold, no page hides another."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from site_builder.catalog import Catalog
from site_builder.check import check_content
from site_builder.errors import ContentError
from site_builder.printing.files import iter_printouts
from site_builder.prints import EDITIONS, Print, Prints, not_drawn
from site_builder.site import Site, compose

TODAY = date(2026, 11, 21)
SHEET = "content/services/asilo-nido.yml"
NOTHING: frozenset[str] = frozenset()
FORM = {
    "id": "reclamo",
    "titolo": "Modulo di reclamo",
    "descrizione": "Serve a reclamare.",
    "anonimo": False,
    "campi": [
        {
            "id": "nome",
            "etichetta": "Nome",
            "tipo": "testo",
            "obbligatorio": False,
            "lunghezza_max": 100,
            "errori": {"lunghezza": "Troppo lungo."},
        }
    ],
    "fonte": {"documento": "carta-prova"},
    "aggiornato_il": "2026-01-01",
}
WITH_FORM = {"content/forms/reclamo.yml": FORM}

Body = Callable[..., Path]


def _catalog(folder: Path) -> Catalog:
    catalog, problems = check_content(folder, TODAY)
    assert [problem.as_text() for problem in problems if problem.level == "errore"] == []
    assert catalog
    return catalog


def _soup(site: Site, url: str) -> BeautifulSoup:
    [page] = (page for page in site.pages if page.url == url)
    return BeautifulSoup(page.body, "html.parser")


def _pdfs(site: Site) -> set[str]:
    return set(re.findall(r'href="/([^"]+\.pdf)"', "".join(page.body for page in site.pages)))


def _drawn(catalog: Catalog) -> Prints:
    return {uri: Print(1_440_000, 12) for uri in not_drawn(catalog)}


# --- Prints -----------------------------------------------------------------------------------


def test_the_prints_that_pages_offer_are_those_that_are_drawn(body: Body) -> None:
    catalog = _catalog(body(WITH_FORM))
    printouts = iter_printouts(catalog)
    assert sorted(not_drawn(catalog)) == sorted(printout.uri for printout in printouts)


def test_every_print_has_its_links(body: Body) -> None:
    catalog = _catalog(body(WITH_FORM))
    site = compose(catalog, TODAY, NOTHING, prints=_drawn(catalog))
    assert _pdfs(site) == set(not_drawn(catalog))
    assert "stampa/" in site.addresses
    for url, wanted in (
        ("servizi/asilo-nido/", ["schede/asilo-nido.pdf"]),
        ("moduli/reclamo/", ["moduli/reclamo.pdf"]),
        ("questa-carta/", list(EDITIONS)),
        ("stampa/", [*EDITIONS, "schede/asilo-nido.pdf", "moduli/reclamo.pdf"]),
    ):
        links = _soup(site, url).select('a[type="application/pdf"]')
        assert [link["href"] for link in links] == [f"/{uri}" for uri in wanted]
        for link in links:
            words = " ".join(link.get_text().split())
            assert words.endswith("(PDF, 12 pagine, 1,4 MB)"), words


def test_without_prints_no_page_speaks_of_them(body: Body) -> None:
    site = compose(_catalog(body(WITH_FORM)), TODAY, NOTHING)
    assert _pdfs(site) == set()
    assert "stampa/" not in site.addresses
    assert "/stampa/" not in "".join(page.body for page in site.pages)
    assert "stampa la pagina" in _soup(site, "moduli/reclamo/").get_text()


def test_with_prints_a_form_does_not_ask_to_print_the_page(body: Body) -> None:
    catalog = _catalog(body(WITH_FORM))
    site = compose(catalog, TODAY, NOTHING, prints=_drawn(catalog))
    assert "stampa la pagina" not in _soup(site, "moduli/reclamo/").get_text()


def test_a_preview_says_that_its_prints_are_not_there(body: Body) -> None:
    catalog = _catalog(body())
    said = "Questa è un'anteprima"
    preview = _soup(compose(catalog, TODAY, NOTHING, prints=not_drawn(catalog)), "stampa/")
    assert said in preview.get_text()
    assert "Asilo nido (PDF)" in preview.get_text()
    drawn = compose(catalog, TODAY, NOTHING, prints=_drawn(catalog))
    assert said not in _soup(drawn, "stampa/").get_text()


def test_the_page_of_prints_is_found_from_the_map(body: Body) -> None:
    catalog = _catalog(body())
    site = compose(catalog, TODAY, NOTHING, prints=_drawn(catalog))
    assert _soup(site, "mappa/").select_one('a[href="/stampa/"]')


@pytest.mark.parametrize("violence", [True, False])
def test_only_a_delicate_sheet_says_what_a_pdf_leaves_behind(body: Body, violence: bool) -> None:
    catalog = _catalog(body({SHEET: {"violenza": violence}}))
    said = "resta fra i file scaricati"
    for prints, wanted in ((_drawn(catalog), violence), ({}, False)):
        page = _soup(compose(catalog, TODAY, NOTHING, prints=prints), "servizi/asilo-nido/")
        assert (said in page.get_text()) == wanted


# --- Addresses --------------------------------------------------------------------------------


def test_all_parts_of_the_site_are_there(body: Body) -> None:
    catalog = _catalog(body())
    site = compose(catalog, TODAY, frozenset({"premessa/"}))
    assert {"assets/carta.css", "assets/parole.json", "s/A1/index.html"} <= site.files.keys()
    assert {"", "servizi/asilo-nido/", "premessa/"} <= site.addresses
    assert not {url for url in site.addresses if url.startswith("s/")}


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("servizi/asilo-nido/", "content/pages/servizi/asilo-nido.md"),
        ("s/a1/", "content/pages/s/a1.md"),
        ("", "content/pages/index.md"),
    ],
)
def test_a_page_written_by_hand_hides_no_other(body: Body, url: str, name: str) -> None:
    catalog = _catalog(body())
    with pytest.raises(ContentError, match=re.escape(f"cambia nome a {name}.")):
        compose(catalog, TODAY, frozenset({url}))


def test_the_page_of_prints_takes_its_address_only_where_there_are_prints(body: Body) -> None:
    catalog = _catalog(body())
    written = frozenset({"stampa/"})
    assert "stampa/" in compose(catalog, TODAY, written).addresses
    with pytest.raises(ContentError, match=r"content/pages/stampa\.md"):
        compose(catalog, TODAY, written, prints=_drawn(catalog))


def test_a_link_that_leads_nowhere_is_named(body: Body, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> list[tuple[str, str]]:
        return [("servizi/", "/non-esiste/")]

    monkeypatch.setattr("site_builder.site.iter_broken", broken)
    with pytest.raises(ContentError, match="/servizi/: /non-esiste/"):
        compose(_catalog(body()), TODAY, NOTHING)
