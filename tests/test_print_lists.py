"""The lists on paper: nothing of the content is lost between YAML and print, and nothing added."""

import dataclasses
import itertools
import re
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from site_builder.catalog import Catalog
from site_builder.italian import hours_words
from site_builder.model import Misura, Results
from site_builder.pages import iter_pages
from site_builder.pdf import draw_pdf
from site_builder.phones import national
from site_builder.printing.documents import carta_document
from site_builder.printing.formats import A4, A5, LARGE
from site_builder.results import joined
from site_builder.values import Indirizzo
from tests.bodies import good_catalog

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 11, 21)
CARTA, SERVICE = "content/carta.yml", "content/services/asilo-nido.yml"
DESK = "content/contacts/segretariato-casarano.yml"
SOURCE = {"documento": "carta-prova", "riga": 1}
RECORD = {"fonte": SOURCE, "aggiornato_il": "2026-01-01"}
TERMS = [
    {"fase": "Presentazione del reclamo", "giorni": 15, "decorre_da": "fatto"},
    {"fase": "Incontro", "giorni": 30, "lavorativi": True, "decorre_da": "presentazione"},
    {"fase": "Azioni urgenti", "giorni": 5, "decorre_da": "fase_precedente", "chi": "L'ufficio"},
]
STANDARD: dict[str, Any] = RECORD | {
    "id": "ore", "titolo": "Ore", "indicatore": "Ore di apertura", "promessa": "Venti ore.",
    "servizi": ["asilo-nido"], "unita": "ore a settimana",
}  # fmt: skip

PROMISE = {"content/standards/ore.yml": STANDARD, SERVICE: {"standard_non_definiti": None}}


@pytest.fixture(scope="module")
def casarano() -> Catalog:
    return good_catalog(ROOT, TODAY)


@pytest.fixture(scope="module")
def carta(casarano: Catalog) -> BeautifulSoup:
    return BeautifulSoup(carta_document(casarano, A4), "html.parser")


@pytest.fixture(scope="module")
def paper(carta: BeautifulSoup) -> str:
    return _said(carta)


@pytest.fixture
def part(body):
    """A printed list of the small body with some changes, found by its title."""

    def draw(title: str, changes: dict[str, Any]) -> Tag:
        soup = BeautifulSoup(carta_document(good_catalog(body(changes), TODAY), A4), "html.parser")
        return _part(soup, title)

    return draw


def _part(soup: BeautifulSoup, title: str) -> Tag:
    (found,) = [h.find_parent("section") for h in soup.find_all("h2") if h.get_text() == title]
    assert found
    return found


def _said(tag: Tag) -> str:
    return _bare(tag.get_text())


def _bare(text: str) -> str:
    """Without spaces and hyphens, which the breaking of lines adds and takes."""
    return re.sub(r"[\s\u00ad\u200b\u2010-]+", "", text)


def _facts(catalog: Catalog) -> list[str]:
    """All that no print of the Carta may lose, in words."""
    carta = catalog.carta
    facts = [sheet.titolo for sheet in catalog.services.values()]
    for contact in catalog.contacts.values():
        facts += [contact.nome] if contact.riservata else [
            *(national(phone.numero) for phone in contact.telefoni),
            *(email.indirizzo for email in contact.email),
            *contact.pec,
            *(hours_words(slot) for slot in contact.orari),
        ]  # fmt: skip
    facts += [item.promessa for item in catalog.standards.values()]
    facts += [s.promessa for sheet in catalog.services.values() for s in sheet.standard]
    facts += [text for voce in catalog.glossary.voci for text in (voce.sigla, voce.termine)]
    facts += [voce.testo.rstrip(".") for group in carta.classi_di_costo for voce in group.voci]
    facts += [voce.titolo for voce in catalog.without_sheet.voci]
    return [fact for fact in facts if fact]


def test_the_html_of_the_print_loses_nothing(casarano, paper) -> None:
    facts = _facts(casarano)
    assert len(facts) > 200
    assert [fact for fact in facts if _bare(fact) not in paper] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["carta.pdf", "carta-a5.pdf", "carta-caratteri-grandi.pdf"])
def test_the_pdf_loses_nothing(casarano, prints, name) -> None:
    done = subprocess.run(
        ["pdftotext", "-raw", prints / name, "-"], capture_output=True, check=True
    )
    text = _bare(done.stdout.decode())
    assert [fact for fact in _facts(casarano) if _bare(fact) not in text] == []


def test_every_contact_is_in_the_list_of_offices(casarano, carta) -> None:
    part = _part(carta, "Uffici e contatti")
    said = _said(part)
    for contact in casarano.contacts.values():
        for phone in contact.telefoni:
            assert _bare(national(phone.numero)) in said
        for mailbox in (*(email.indirizzo for email in contact.email), *contact.pec):
            assert part.select_one(f'a[href="mailto:{mailbox}"]'), mailbox
        for slot in contact.orari:
            assert _bare(hours_words(slot)) in said
        assert contact.rete or _bare(contact.nome + contact.ente + contact.descrizione) in said


def test_a_network_is_a_row_a_comune(casarano, carta) -> None:
    rows = _part(carta, "Uffici e contatti").select("table.c-towns tbody tr")
    assert [row.th.get_text() for row in rows] == [c.nome for c in casarano.comuni.values()]


def test_victims_and_offenders_never_share_a_block(casarano, carta, body) -> None:
    desk = {"violenza": "autori", "nome": "Sportello per uomini"}
    small = BeautifulSoup(
        carta_document(good_catalog(body({DESK: desk}), TODAY), A4), "html.parser"
    )
    for soup, catalog in ((carta, casarano), (small, None)):
        part = _part(soup, "Uffici e contatti")
        sides = [side.get_text() for side in part.select(".c-side")]
        assert sides
        for contact in catalog.contacts.values() if catalog else ():
            if contact.violenza:
                inside = [contact.nome in side for side in sides]
                wanted = "subisce" if contact.violenza == "vittime" else "usano"
                assert inside == [wanted in side for side in sides]
    assert not _part(small, "Uffici e contatti").select(".c-towns .c-desk")
    assert "Sportello per uomini" in _part(small, "Uffici e contatti").get_text()


@pytest.mark.parametrize("network", ["", "segretariato"])
def test_no_print_says_where_a_reserved_place_is(casarano, network) -> None:
    """Not even where the data, against the schema, would know."""
    id = "casa-rifugio" if not network else "segretariato-casarano"
    place = Indirizzo(via="Vicolo Nascosto", civico="9", localita="Paese Segreto")
    hidden = dataclasses.replace(
        casarano.contacts[id], riservata=True, presso="Villa Segreta", indirizzo=place
    )
    contacts = dict(casarano.contacts) | {id: hidden}
    catalog = Catalog(
        dict(casarano.records) | {"contacts": contacts}, casarano.documents, casarano.known
    )
    printed = carta_document(catalog, A4) + "".join(p.body for p in iter_pages(catalog, TODAY))
    for secret in ("Nascosto", "Paese Segreto", "Villa Segreta"):
        assert secret not in printed


def test_references_carry_the_code_of_their_sheet(carta, casarano) -> None:
    codes = {f"servizi-{sheet.id}": sheet.codice for sheet in casarano.services.values()}
    links = _part(carta, "Servizi gratuiti e a pagamento").select("a[data-code]")
    assert len(links) > len(codes)
    for link in links:
        assert link["href"] == f"#foglio-{str(link['data-code']).lower()}"


def test_without_results_nothing_is_claimed(part) -> None:
    found = part("Standard di qualità", PROMISE)
    assert "Non sono pubblicati risultati" in found.get_text()
    (cell,) = found.select("tbody td:last-child")
    assert " ".join(cell.get_text().split()) == "· non misurato"


def test_services_without_standards_are_said(part) -> None:
    found = part("Standard di qualità", {})
    assert "La Carta non definisce standard di qualità." in found.get_text()
    assert "Asilo nido" in found.select_one("#senza-standard").find_parent("section").get_text()


def _results(year: int, **keys: Any) -> dict[str, Any]:
    measure = {"standard": "ore"} | keys
    return {"id": str(year), "anno": year, "misure": [measure], "aggiornato_il": "2026-01-01"}


@pytest.fixture
def measured() -> dict[str, Any]:
    """One standard measured in two years, the second time only on trial."""
    bad = {"esito": "non_rispettato", "valore": 17.5, "rimedio": "Una persona in più."}
    good = {"esito": "rispettato", "valore": 20, "quota_percento": 92.5}
    return {
        **PROMISE,
        "content/results/2024.yml": _results(2024, **bad),
        "content/results/2025.yml": _results(2025, **good) | {"di_prova": True},
    }


def test_results_are_said_in_words_the_newest_first(part, measured) -> None:
    found = part("Standard di qualità", measured)
    newest = found.select_one(".c-standards tbody td:last-child li")
    assert newest
    said = "2025: + rispettato, 20 ore a settimana, nel 92,5% dei casi dato di prova"
    assert " ".join(newest.get_text().split()) == said
    rows = [
        [" ".join(cell.get_text().split()) for cell in row.select("th, td")]
        for row in found.select(".c-trend__years tbody tr")
    ]
    assert rows == [
        ["2025", "20 ore a settimana, nel 92,5% dei casi dato di prova", "+ rispettato", "—"],
        ["2024", "17,5 ore a settimana", "− non rispettato", "Rimedio. Una persona in più."],
    ]
    assert "I risultati del 2025 sono inventati" in found.get_text()
    assert "2024 sono inventati" not in found.get_text()


def test_the_sheet_and_the_page_show_the_same_results(body, measured) -> None:
    catalog = good_catalog(body(measured), TODAY)
    pages = {page.url: page.body for page in iter_pages(catalog, TODAY)}
    sheet = _part_of_sheet(carta_document(catalog, A4))
    for html in (pages["standard/"], pages["servizi/asilo-nido/"], sheet):
        assert "17,5 ore a settimana" in html
        assert "dato di prova" in html
        assert "Una persona in più." in html


def _part_of_sheet(html: str) -> str:
    soup = BeautifulSoup(html, "html.parser")
    return str(soup.select_one("#foglio-a1"))


def test_a_sheet_says_nothing_of_results_where_there_are_none(body) -> None:
    catalog = good_catalog(body(PROMISE), TODAY)
    pages = {page.url: page.body for page in iter_pages(catalog, TODAY)}
    assert "Risultati" not in pages["servizi/asilo-nido/"]
    assert "Risultati" in pages["standard/"]


def test_standards_and_measures_are_joined_by_year() -> None:
    one, other = Misura(standard="a", esito="rispettato"), Misura(standard="x", esito="rispettato")
    years = [Results(id=2025, anno=2025, misure=(one,)), Results(id=2024, anno=2024, misure=())]
    found = joined(["a", "b"], years)
    assert [(o.anno, o.misura.esito) for o in found["a"]] == [
        (2025, "rispettato"), (2024, "non_misurato")
    ]  # fmt: skip
    assert [o.misura.esito for o in found["b"]] == ["non_misurato"] * 2
    assert other.standard not in found
    assert joined(["a"], []) == {}


def test_the_catalog_gives_results_newest_first(body, measured) -> None:
    assert [item.anno for item in good_catalog(body(measured), TODAY).results] == [2025, 2024]


def test_complaints_have_terms_as_list_and_picture(part, body) -> None:
    changes = {CARTA: {"reclami": {"termini": TERMS, "sabato_lavorativo": False}}}
    found = part("Reclami", changes)
    items = [" ".join(li.get_text().split()) for li in found.select("ol li")]
    assert items[1] == "Incontro: 30 giorni lavorativi."
    assert items[2] == "Azioni urgenti: 5 giorni. Tocca a: L'ufficio."
    image = found.select_one("img")
    assert image
    assert "2. Incontro: 30 giorni lavorativi dalla presentazione." in str(image["alt"])
    assert "Il sabato non si conta" in found.get_text()
    pages = {page.url: page.body for page in iter_pages(good_catalog(body(changes), TODAY), TODAY)}
    drawing = BeautifulSoup(pages["reclami/"], "html.parser").select_one("svg")
    assert drawing
    assert (drawing["role"], drawing["aria-label"]) == ("img", image["alt"])


def test_without_terms_there_is_no_picture(part) -> None:
    found = part("Reclami", {})
    assert not found.select("img")
    assert "non dice entro quanti giorni" in found.get_text()


def test_headings_skip_no_level_and_anchors_are_unique(carta) -> None:
    ids = [str(tag["id"]) for tag in carta.select("[id]")]
    assert sorted({id for id in ids if ids.count(id) > 1}) == []
    for section in carta.select(".p-part--elenco, .p-part--indice"):
        levels = [int(h.name[1]) for h in section.find_all(re.compile(r"^h[1-6]$"))]
        assert levels[0] == 2
        assert all(b - a <= 1 for a, b in itertools.pairwise(levels)), levels


def test_the_index_leads_to_sheets_and_to_the_glossary(carta, casarano) -> None:
    part = _part(carta, "Indice analitico")
    anchors = {str(tag["id"]) for tag in carta.select("[id]")}
    links = part.select("a.p-ref")
    assert {str(link["href"])[1:] for link in links} <= anchors
    assert {str(link["href"]) for link in links} >= {
        f"#foglio-{sheet.codice.lower()}" for sheet in casarano.services.values()
    }
    assert part.select('a.p-ref[href="#isee"], a.p-ref[href="#apolide"]')


@pytest.mark.tools
@pytest.mark.parametrize("form", [A4, A5, LARGE], ids=lambda form: form.name)
def test_all_lists_can_be_drawn_with_all_they_may_hold(body, measured, form) -> None:
    band = {"id": "a", "nome": "Fascia A", "fino_a_isee": 6000}
    commitment = {"titolo": "Ascolto", "voci": ["Ti ascoltiamo."]}
    carta = {
        "fasce_di_accesso": {"testo": "Per reddito.", "fasce": [band]},
        "impegni": [commitment],
        "reclami": {"termini": TERMS, "ristoro": "Cento euro.", "sabato_lavorativo": False},
    }
    html = carta_document(
        good_catalog(body(measured | {CARTA: carta}), TODAY), form, "https://x.it/"
    )
    text = subprocess.run(
        ["pdftotext", "-", "-"], input=draw_pdf(html), capture_output=True, check=True
    ).stdout.decode()
    for said in ("Fascia A", "6.000,00 €", "Ti ascoltiamo.", "Cento euro.", "17,5 ore"):
        assert _bare(said) in _bare(text)
