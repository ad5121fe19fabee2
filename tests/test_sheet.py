"""The service sheet: the national voices, order and hooks; what its script adds in a browser."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from in_browser import ROOT, chromium
from playwright.sync_api import Browser, Page, expect

from site_builder.catalog import Catalog
from site_builder.check import check_content
from site_builder.metatag import metatag
from site_builder.openings import openings
from site_builder.pages import SitePage, iter_pages
from site_builder.values import Chiusura, Orario

TODAY = date(2026, 11, 21)
Body = Callable[..., Path]

# Index voice -> the hooks of which at least one must have content, in the national order.
VOICES = {
    "A chi è rivolto": ("service-addressed",),
    "Come fare": ("service-how-to",),
    "Cosa serve": ("service-needed",),
    "Cosa si ottiene": ("service-achieved",),
    "Tempi e scadenze": ("service-calendar-text", "service-calendar-list"),
    "Accedi al servizio": ("service-generic-access",),
    "Condizioni di servizio": ("service-file",),
    "Contatti": ("service-area",),
}
MODEL_KEYS = (
    ("name",), ("serviceType",), ("serviceOperator", "name"), ("areaServed", "name"),
    ("audience", "audienceType"), ("availableChannel", "serviceUrl"),
    ("availableChannel", "serviceLocation", "name"),
    ("availableChannel", "serviceLocation", "address", "streetAddress"),
    ("availableChannel", "serviceLocation", "address", "postalCode"),
    ("availableChannel", "serviceLocation", "address", "addressLocality"),
)  # fmt: skip


def catalog_of(folder: Path) -> Catalog:
    catalog, _ = check_content(folder, TODAY)
    assert catalog
    return catalog


def pages_of(catalog: Catalog, **options: Any) -> dict[str, SitePage]:
    return {page.url: page for page in iter_pages(catalog, TODAY, **options)}


CASARANO = catalog_of(ROOT)
PAGES = pages_of(CASARANO)
SHEETS = sorted(url for url in PAGES if url.startswith("servizi/") and url != "servizi/")


def soup_of(page: SitePage) -> BeautifulSoup:
    return BeautifulSoup(page.body, "html.parser")


def hooked(soup: BeautifulSoup, hook: str) -> list[Tag]:
    return soup.select(f'[data-element="{hook}"]')


@pytest.mark.parametrize("url", SHEETS)
def test_the_sheet_has_every_voice_in_the_national_order(url: str) -> None:
    soup = soup_of(PAGES[url])
    (index,) = hooked(soup, "page-index")
    assert index.name == "ul"
    labels = [link.get_text().strip() for link in index.select(":scope > li > a")]
    assert [label for label in labels if label in VOICES] == list(VOICES)
    headings = [h2.get_text().strip() for h2 in soup.select("h2")]
    assert [title for title in headings if title in labels] == labels
    for title, hooks in VOICES.items():
        found = [tag for hook in hooks for tag in hooked(soup, hook)]
        assert any(len(tag.get_text().strip()) >= 3 for tag in found), title


@pytest.mark.parametrize("url", SHEETS)
def test_the_sheet_has_the_hooks_of_its_head_and_foot(url: str) -> None:
    soup = soup_of(PAGES[url])
    (crumbs,) = hooked(soup, "breadcrumb")
    names = [item.get_text().strip().lower() for item in crumbs.select("li")]
    assert len(names[names.index("servizi") + 1]) >= 3
    (title,) = hooked(soup, "service-title")
    assert title.name == "h1"
    assert len(title.get_text()) >= 3
    (state,) = hooked(soup, "service-status")
    assert state.get_text() in ("Servizio attivo", "Servizio non attivo")
    (short,) = hooked(soup, "service-description")
    assert 3 <= len(short.get_text()) <= 255
    (booking,) = hooked(soup, "appointment-booking")
    assert booking.name == "a"
    assert booking["href"]
    assert all(tag.name == "a" for tag in hooked(soup, "service-file"))
    topics = hooked(soup, "service-topic")
    assert topics
    assert all(str(tag["href"]).startswith("/argomenti/#") for tag in topics)


def test_the_topics_page_lists_each_sheet_under_each_of_its_topics() -> None:
    soup = soup_of(PAGES["argomenti/"])
    listed = {
        (tag.get_text(), str(link["href"]))
        for tag in hooked(soup, "topic-element")
        for link in tag.find_parent("section").select("a")  # type: ignore[union-attr]
    }
    sheets = CASARANO.services.values()
    assert listed == {(name, f"/servizi/{s.id}/") for s in sheets for name in s.argomenti}


def test_the_services_page_has_the_hooks_of_the_model() -> None:
    soup = soup_of(PAGES["servizi/"])
    assert len(hooked(soup, "service-link")) >= 10
    assert hooked(soup, "service-category-link")
    assert hooked(soup, "appointment-booking")


# --- JSON-LD ----------------------------------------------------------------------------------


def value_at(data: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        data = data[key]
    return data


def test_the_metatag_has_all_keys_of_the_model_where_an_address_is_known() -> None:
    seen = 0
    for url in SHEETS:
        scripts = hooked(soup_of(PAGES[url]), "metatag")
        assert len(scripts) <= 1
        for script in scripts:
            data = json.loads(script.get_text())
            assert data["@type"] == "GovernmentService"
            assert all(value_at(data, path).strip() for path in MODEL_KEYS), url
            seen += 1
    delicate = sum(PAGES[url].delicate for url in SHEETS)
    assert seen >= len(SHEETS) - delicate


def test_a_confidential_seat_has_no_metatag() -> None:
    assert metatag(CASARANO, CASARANO.services["casa-rifugio"]) == ""
    assert metatag(CASARANO, CASARANO.services["centro-uomini-autori-violenza"]) == ""


def test_the_metatag_cannot_end_its_element(body: Body) -> None:
    evil = "Asilo </script><!-- <script>"
    catalog = catalog_of(body({"content/services/asilo-nido.yml": {"titolo": evil}}))
    text = metatag(catalog, catalog.services["asilo-nido"], "https://esempio.it/")
    assert "<" not in text
    assert json.loads(text)["name"] == evil
    url = json.loads(text)["availableChannel"]["serviceUrl"]
    assert url == "https://esempio.it/servizi/asilo-nido/#accedi-al-servizio"


# --- Rating and reports -----------------------------------------------------------------------


def test_the_rating_is_shown_only_where_an_endpoint_takes_it() -> None:
    assert not any("feedback" in page.body for page in PAGES.values())
    pages = pages_of(CASARANO, endpoint="https://moduli.esempio.it/")
    soup = soup_of(pages["servizi/asilo-nido/"])
    (title,) = hooked(soup, "feedback-title")
    assert title.get_text() == "Quanto sono chiare le informazioni su questa pagina?"
    assert all(len(hooked(soup, f"feedback-rate-{rate}")) == 1 for rate in range(1, 6))
    asked = {
        "positive": "Quali sono stati gli aspetti che hai preferito?",
        "negative": "Dove hai incontrato le maggiori difficoltà?",
    }
    for side, question in asked.items():
        (block,) = hooked(soup, f"feedback-rating-{side}")
        said = block.select_one('[data-element="feedback-rating-question"]')
        assert said
        assert said.get_text() == question
        answers = block.select('[data-element="feedback-rating-answer"]')
        assert len(answers) == 5
        assert answers[-1].get_text() == "Altro"
    (text,) = hooked(soup, "feedback-input-text")
    assert text["maxlength"] == "200"
    delicate = [page for page in pages.values() if page.delicate]
    assert delicate
    assert not any("feedback" in page.body for page in delicate)


def test_an_error_can_be_reported_from_every_sheet() -> None:
    for url in SHEETS:
        link = soup_of(PAGES[url]).select_one(".c-report a")
        assert link
        assert str(link["href"]).startswith("mailto:responsabile@ambitodicasarano.it?")
        assert ("Segnalazione%20sul%20sito" in str(link["href"])) == PAGES[url].delicate


# --- Opening hours as data --------------------------------------------------------------------

MORNING = Orario(giorni="lun-gio", dalle="09:00", alle="12:00")
SUMMER = Orario(
    giorni="lun-ven", dalle="08:00", alle="10:00", dal=date(2027, 7, 1), al=date(2027, 8, 31)
)
SECOND = Orario(giorni="mar", ogni_mese="secondo", dalle="15:00", alle="17:00")
LAST = Orario(giorni="mar", ogni_mese="ultimo", dalle="15:00", alle="17:00")
HOLIDAYS = [Chiusura(dal=date(2026, 11, 23), al=date(2026, 11, 25))]


def test_hours_become_compact_data() -> None:
    data = json.loads(openings([MORNING], [Chiusura(dal=date(2026, 8, 10), al=date(2026, 8, 16))]))
    assert data == {
        "s": [["1234", "09:00", "12:00", 0, "", ""]],
        "c": [["2026-08-10", "2026-08-16"]],
    }
    last = Orario(giorni="mar", ogni_mese="ultimo", dalle="15:00", alle="17:00")
    assert json.loads(openings([last]))["s"] == [["2", "15:00", "17:00", -1, "", ""]]


@pytest.mark.parametrize(
    "vague",
    [
        Orario(su_appuntamento=True),
        Orario(giorni="lun", dalle="09:00", alle="12:00", su_appuntamento=True),
        Orario(giorni="lun", dalle="09:00", alle="12:00", nota="solo d'estate"),
        Orario(sempre_aperto=True),
        Orario(fuori_orario=True),
        Orario(come_sede=True),
    ],
)
def test_what_cannot_be_worked_out_is_left_unsaid(vague: Orario) -> None:
    assert openings([MORNING, vague]) == ""
    assert openings([]) == ""


# --- In a browser -----------------------------------------------------------------------------

SCRIPT = ROOT / "theme" / "site" / "assets" / "scheda.js"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    # A reader abroad must read the hours of the office's own clock.
    context = browser.new_context(timezone_id="America/New_York", locale="it-IT")
    yield context.new_page()
    context.close()


def show(page: Page, html: str, now: str = "2026-11-21T10:00:00+01:00") -> None:
    page.clock.set_fixed_time(now)
    page.set_content(f"<!doctype html><html lang='it'><body>{html}</body></html>")
    page.add_script_tag(path=SCRIPT)


def said_at(page: Page, now: str, slots: list[Orario], closures: list[Chiusura]) -> str:
    data = openings(slots, closures).replace('"', "&quot;")
    show(page, f'<ul class="c-hours" data-orari="{data}"><li>Orari</li></ul>', now)
    note = page.locator(".c-open")
    return note.inner_text() if note.is_visible() else ""


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize(
    ("now", "slots", "closures", "words"),
    [
        ("2026-11-23T09:00:00+01:00", [MORNING], [], "Aperto ora, fino alle 12.00"),
        ("2026-11-23T12:00:00+01:00", [MORNING], [], "Chiuso ora, apre domani alle 9.00"),
        ("2026-11-23T07:59:00+01:00", [MORNING], [], "Chiuso ora, apre oggi alle 9.00"),
        ("2026-11-21T10:00:00+01:00", [MORNING], [], "Chiuso ora, apre lunedì alle 9.00"),
        ("2026-11-21T10:00:00+01:00", [MORNING], HOLIDAYS, "apre giovedì alle 9.00"),
        ("2026-11-23T10:00:00+01:00", [MORNING], HOLIDAYS, "Chiuso ora, apre giovedì"),
        # Summer time: nine in the morning is seven in Greenwich.
        ("2027-07-05T07:30:00Z", [MORNING], [], "Aperto ora"),
        ("2026-11-21T10:00:00+01:00", [SECOND], [], "apre martedì 8 dicembre alle 15.00"),
        ("2026-11-21T10:00:00+01:00", [LAST], [], "apre martedì alle 15.00"),
        ("2027-06-30T10:00:00+02:00", [SUMMER], [], "apre domani alle 8.00"),
        ("2026-11-21T10:00:00+01:00", [SUMMER], [], ""),
    ],
)
def test_open_now_is_told_by_the_clock_of_the_office(
    page: Page, now: str, slots: list[Orario], closures: list[Chiusura], words: str
) -> None:
    said = said_at(page, now, slots, closures)
    assert words in said
    assert not said or said.endswith(", secondo l'orario pubblicato.")


@pytest.mark.slow
@pytest.mark.browser
def test_the_desk_of_the_chosen_comune_comes_first_and_nothing_is_stored(page: Page) -> None:
    show(page, PAGES["servizi/casa-rifugio/"].body)
    table = page.locator(".c-desks").first
    before = table.locator("tbody th").all_inner_texts()
    page.get_by_label("Il tuo Comune").select_option("taurisano")
    first = table.locator("tbody tr").first
    expect(first.locator("th")).to_contain_text("Taurisano")
    expect(first).to_contain_text("Il tuo Comune")
    expect(page.get_by_role("status")).to_contain_text("Taurisano")
    page.get_by_label("Il tuo Comune").select_option("")
    assert table.locator("tbody th").all_inner_texts() == before
    assert page.url == "about:blank"


@pytest.mark.slow
@pytest.mark.browser
def test_the_documents_can_be_ticked(page: Page, body: Body) -> None:
    papers = [{"nome": "Carta d'identità"}, {"nome": "ISEE", "url": "https://esempio.it/isee"}]
    catalog = catalog_of(body({"content/services/asilo-nido.yml": {"documenti": papers}}))
    html = pages_of(catalog)["servizi/asilo-nido/"].body
    assert "checkbox" not in html  # boxes on paper are marks of the list
    show(page, html)
    page.get_by_label("Carta d'identità").check()
    page.get_by_label("ISEE").check()
    assert page.get_by_role("checkbox", checked=True).count() == 2


@pytest.mark.slow
@pytest.mark.browser
def test_the_rate_decides_which_question_is_asked(page: Page) -> None:
    pages = pages_of(CASARANO, endpoint="https://moduli.esempio.it/")
    show(page, pages["servizi/asilo-nido/"].body)
    good = page.locator('[data-element="feedback-rating-positive"]')
    bad = page.locator('[data-element="feedback-rating-negative"]')
    expect(good).to_be_hidden()
    expect(bad).to_be_hidden()
    page.locator('[data-element="feedback-rate-5"]').check()
    expect(good).to_be_visible()
    page.locator('[data-element="feedback-rate-3"]').check()
    expect(bad).to_be_visible()
    expect(good).to_be_hidden()
