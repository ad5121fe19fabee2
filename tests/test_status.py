"""The page of the staff: all that is to be kept up, and nothing that leads a citizen to it."""

import gzip
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bodies import BODIES, DAY, catalog_of, good_catalog
from bs4 import BeautifulSoup

from site_builder.beside import Beside
from site_builder.catalog import Catalog
from site_builder.cli import main
from site_builder.harm import doubts
from site_builder.links import iter_broken
from site_builder.outlinks import Known
from site_builder.pages import SitePage, iter_pages
from site_builder.upkeep.dues import dues

Body = Callable[..., Path]
TODAY = date(2026, 11, 21)
DESK = "content/contacts/segretariato-casarano.yml"
SHEET = "content/services/asilo-nido.yml"
CARTA = "content/carta.yml"


def all_pages(catalog: Catalog, today: date, beside: Beside) -> dict[str, SitePage]:
    return {page.url: page for page in iter_pages(catalog, today, beside=beside)}


def soup(page: SitePage) -> BeautifulSoup:
    return BeautifulSoup(page.body, "html.parser")


def drawn(body: Body, changes: dict[str, Any], **beside: Any) -> BeautifulSoup:
    catalog = good_catalog(body(changes), TODAY)
    return soup(all_pages(catalog, TODAY, Beside(**beside))["stato/"])


def section(page: BeautifulSoup, id: str) -> str:
    found = page.select_one(f"section[aria-labelledby={id}]")
    assert found
    return " ".join(found.get_text(" ").split())


def rows(page: BeautifulSoup, id: str) -> list[str]:
    found = page.select(f"section[aria-labelledby={id}] tbody tr")
    return [" ".join(row.get_text(" ").split()) for row in found]


@pytest.fixture(scope="module")
def sites() -> dict[str, dict[str, SitePage]]:
    return {name: all_pages(catalog_of(name), DAY, Beside(warnings=3)) for name in BODIES}


@pytest.mark.slow  # the whole sites are drawn
@pytest.mark.parametrize("name", BODIES)
def test_no_page_leads_to_it(sites: dict[str, dict[str, SitePage]], name: str) -> None:
    site = sites[name]
    assert not site["stato/"].listed
    assert [url for url, page in site.items() if '"/stato/' in page.body] == []
    assert "data-pagefind-body" not in site["stato/"].body


@pytest.mark.slow  # the whole sites are drawn
@pytest.mark.parametrize("name", BODIES)
def test_all_its_links_lead_somewhere(sites: dict[str, dict[str, SitePage]], name: str) -> None:
    bodies = {url: page.body for url, page in sites[name].items()}
    written = {f"{id}/" for id in catalog_of(name).pages}
    broken = iter_broken({"stato/": bodies["stato/"]}, {*bodies, *written})
    assert [link for url, link in broken if "#" not in link] == []
    assert soup(sites[name]["stato/"]).select('a[href^="/uffici/"]')


@pytest.mark.slow  # the whole sites are drawn
@pytest.mark.parametrize("name", BODIES)
def test_it_tells_all_doubts_the_dangerous_first(
    sites: dict[str, dict[str, SitePage]], name: str
) -> None:
    page = soup(sites[name]["stato/"])
    told = rows(page, "dubbi")
    found = doubts(catalog_of(name))
    assert len(told) == len(found)
    assert {row.split(".yml:")[0].split(".md:")[0].split()[-1] for row in told} == {
        doubt.place.file.rpartition(".")[0] for doubt in found
    }
    assert found[0].place.file in told[0]
    assert section(page, "dubbi").startswith("Dubbi aperti Emergenze e violenza (")
    assert len(page.select("details[open]")) == 1


@pytest.mark.slow  # the whole sites are drawn
@pytest.mark.parametrize("name", BODIES)
def test_it_shows_what_is_due_first(sites: dict[str, dict[str, SitePage]], name: str) -> None:
    page = soup(sites[name]["stato/"])
    assert section(page, "scadute") == "Scadute Niente."
    shown = dues(catalog_of(name), DAY)[: len(rows(page, "prossime"))]
    assert shown
    told = " ".join(rows(page, "prossime"))
    assert all(due.place.file in told for due in shown)
    assert "Più avanti ce ne sono" in section(page, "prossime")


def test_what_is_late_has_its_page_and_its_file(body: Body) -> None:
    page = drawn(body, {DESK: {"emergenza": True}})
    (late,) = rows(page, "scadute")
    assert late.startswith(f"Segretariato sociale di Casarano {DESK}:")
    assert "Emergenza 1º aprile 2026 Mai verificato con l'ufficio" in late
    assert page.select('a[href="/uffici/segretariato-casarano/"]')


def test_what_has_been_checked_is_not_told_as_never_checked(body: Body) -> None:
    page = drawn(body, {DESK: {"verificato_il": "2026-11-01"}})
    told = section(page, "mai-verificati")
    assert "Schede: 1 su 1" in told
    assert "Contatti" not in told
    assert section(page, "scadute") == "Scadute Niente."


def test_nothing_to_tell_is_said(body: Body) -> None:
    done = {"verificato_il": "2026-11-01"}
    page = drawn(body, {DESK: done, SHEET: done, CARTA: done})
    assert "Niente: tutto è stato verificato" in section(page, "mai-verificati")
    assert section(page, "dubbi") == "Dubbi aperti Nessuno."
    assert "Mai controllati" in section(page, "collegamenti")
    assert "Avvertenze" not in page.get_text()
    assert rows(page, "collegamenti") == []


def test_links_are_told_as_they_were_at_the_last_check(body: Body) -> None:
    days = date(2026, 11, 14), TODAY
    dead = Known(TODAY, "guasto", "la pagina non c'è (risposta 404)", "", days)
    known = {"https://www.ilmeteo.it/": dead}
    page = drawn(body, {}, links=known, warnings=7)
    assert "l'ultima volta il 21 novembre 2026: 1 morto." in section(page, "collegamenti")
    (row,) = rows(page, "collegamenti")
    assert row.startswith("https://www.ilmeteo.it/ Morto La pagina non c'è (risposta 404)")
    assert f"{CARTA}:" in row
    assert "7 (le mostra carta check )" in " ".join(page.get_text(" ").split())


def test_a_long_list_is_cut_and_says_so(body: Body) -> None:
    doubts = [{"campo": "orari", "motivo": f"Dubbio numero {n}."} for n in range(203)]
    page = drawn(body, {DESK: {"da_verificare": doubts}})
    assert len(rows(page, "dubbi")) == 200
    assert "Altre 3 righe: le elenca carta report dubbi" in section(page, "dubbi")
    assert "(203)" in section(page, "dubbi")


def test_where_violence_is_the_matter_a_link_names_only_its_file(body: Body) -> None:
    dead = Known(TODAY, "guasto", "x", "", (TODAY,))
    about = {"violenza": "autori", "sito": "https://a.example/"}
    change = {DESK: {**about, "verificato_il": "2026-11-01"}}
    page = drawn(body, change, links={"https://a.example/": dead})
    found = next(row for row in page.select("tbody tr") if "a.example" in row.get_text())
    assert DESK in found.get_text()
    assert not found.select('a[href^="/uffici/"]')


@pytest.mark.parametrize(
    ("edition", "said"),
    [
        ({}, "non dice fino a quando vale"),
        ({"valida_dal": "2026-01-01"}, "valida dal 1º gennaio 2026, senza una fine"),
        ({"valida_dal": "2026-01-01", "valida_al": "2026-11-21"}, "valida fino al 21 novembre"),
        ({"valida_dal": "2026-01-01", "valida_al": "2026-11-20"}, "scaduta, valeva fino al 20"),
    ],
)
def test_the_edition_has_a_state(body: Body, edition: dict[str, Any], said: str) -> None:
    assert said in " ".join(drawn(body, {CARTA: {"edizione": edition}}).get_text(" ").split())


def test_no_mailbox_of_a_person_is_offered(body: Body) -> None:
    mine = {"indirizzo": "nome.cognome@comune.casarano.le.it", "nominativa": True}
    page = drawn(body, {DESK: {"telefoni": None, "email": [mine]}})
    assert "Segretariato sociale di Casarano" in page.get_text()
    assert "nome.cognome" not in page.get_text()


@pytest.mark.parametrize(
    ("checked", "said"),
    [
        (None, "Questi dati non sono ancora stati verificati con l'ufficio."),
        ("2026-11-01", "Questi dati sono stati verificati con l'ufficio il 1º novembre 2026 ."),
        ("2026-05-22", "Questi dati sono stati verificati con l'ufficio il 22 maggio 2026 ."),
        ("2026-05-21", "Da riverificare: l'ultima verifica con l'ufficio è del 21 maggio 2026 ."),
    ],
)
def test_a_citizen_reads_when_the_office_was_asked(
    body: Body, checked: str | None, said: str
) -> None:
    catalog = good_catalog(body({DESK: {"verificato_il": checked}}), TODAY)
    page = soup(all_pages(catalog, TODAY, Beside())["uffici/segretariato-casarano/"])
    foot = page.select_one("footer.c-sources")
    assert foot
    assert said in re.sub(r"\s+", " ", foot.get_text(" ")).replace(" :", ":").replace("  ", " ")


@pytest.mark.slow
def test_the_built_page_is_kept_from_those_who_search(body: Body, tmp_path: Path) -> None:
    site = tmp_path / "out" / "site"
    assert main(["build", str(body()), "--output", str(site)]) == 0
    built = (site / "stato" / "index.html").read_text("utf-8")
    assert '<meta name="robots" content="noindex">' in built
    assert "(le mostra <code>carta check</code>)" in built
    indexed = [gzip.decompress(p.read_bytes()) for p in site.glob("pagefind/fragment/*")]
    assert any(b"/servizi/asilo-nido/" in text for text in indexed)
    assert not any(b"/stato/" in text for text in indexed)
    others = [path for path in site.rglob("*.html") if path.parent.name != "stato"]
    assert others
    assert [
        path for path in others if re.search(r'href="[./]*stato/"', path.read_text("utf-8"))
    ] == []
