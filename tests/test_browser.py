"""The built site in a real browser: search, facets, no traces, no width problems, no JavaScript."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from in_browser import urls
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def _search(page: Page, address: str, words: str) -> list[str]:
    page.goto(f"{address}cerca/")
    page.get_by_label("Di cosa hai bisogno?").fill(words)
    results = page.locator("#cerca-risultati a")
    expect(results.first).to_be_visible(timeout=15_000)
    return results.all_inner_texts()


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("asilo", "Servizio asilo nido"),
        ("dell'anziano", "anzian"),
        ("mio marito mi picchia", "Centro antiviolenza"),
        ("CAV", "Centro antiviolenza"),
        ("centri estivo", "Centri estivi"),
        ("spazio neutro", "Centro servizi per le famiglie"),
    ],
)
def test_search_finds(page: Page, address: str, words: str, wanted: str) -> None:
    found = _search(page, address, words)[:3]
    assert any(wanted in title for title in found), found


def test_search_facets_narrow_the_results(page: Page, address: str) -> None:
    _search(page, address, "assistenza")
    told = page.get_by_role("status")
    before = told.inner_text()
    for name in ("Area", "Comune", "Costo", "Per chi"):
        expect(page.get_by_role("group", name=name, exact=True)).to_be_visible()
    page.get_by_label("Invecchiamento attivo").check()
    expect(told).not_to_have_text(before)
    expect(page.get_by_label("Invecchiamento attivo")).to_be_focused()
    assert page.locator("#cerca-risultati a").count() >= 1


def test_search_shows_ten_results_and_then_ten_more(page: Page, address: str) -> None:
    _search(page, address, "assistenza")
    expect(page.locator("#cerca-risultati a")).to_have_count(10)
    page.get_by_role("button", name="Mostra altri risultati").click()
    expect(page.locator("#cerca-risultati a")).to_have_count(20)
    expect(page.locator("#cerca-risultati a").nth(10)).to_be_focused()


def test_search_says_what_it_did_with_a_misspelt_or_unknown_word(page: Page, address: str) -> None:
    _search(page, address, "badnte")
    told = page.get_by_role("status")
    expect(told).to_contain_text("Forse cercavi «badante».")
    page.get_by_label("Di cosa hai bisogno?").fill("qwzxqwzx")
    expect(told).to_contain_text("Nessun risultato.")
    expect(page.locator("#cerca-risultati a")).to_have_count(0)
    page.get_by_label("Di cosa hai bisogno?").fill("")
    expect(told).to_have_text("")


def test_search_shows_the_summary_and_not_the_hidden_words(page: Page, address: str) -> None:
    _search(page, address, "mi picchia")
    text = page.locator("#cerca-risultati li", has_text="Centro antiviolenza").first
    expect(text).to_contain_text("Aiuto, assistenza e protezione per le donne")
    expect(text).not_to_contain_text("mi picchia")


def test_a_search_leaves_no_trace(page: Page, address: str) -> None:
    _search(page, address, "violenza")
    assert page.url == f"{address}cerca/"
    assert "violenza" not in page.title().lower()
    assert page.evaluate("history.length") <= 2
    stored = "[localStorage.length, sessionStorage.length, document.cookie.length]"
    assert page.evaluate(stored) == [0, 0, 0]


def test_no_request_leaves_the_site_and_no_page_is_too_wide(
    browser: Browser, folder: Path, address: str
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 800})
    page = context.new_page()
    foreign: list[str] = []
    errors: list[str] = []
    page.on("request", lambda r: None if r.url.startswith(address) else foreign.append(r.url))
    page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
    wide = []
    pages = [url for url in urls(folder) if url != "404.html"]
    assert len(pages) > 100
    for url in pages:
        page.goto(address + url)
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(url)
    assert (foreign, errors, wide) == ([], [], [])
    assert context.cookies() == []
    context.close()


@pytest.mark.parametrize("url", ["", "servizi/centro-antiviolenza/", "comuni/matino/", "a-z/"])
def test_readable_without_javascript(browser: Browser, address: str, url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + url)
    expect(page.locator("h1")).to_be_visible()
    assert page.locator("main a:visible").count() > 5
    context.close()


def test_search_without_javascript_offers_another_way(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}cerca/")
    page.get_by_role("link", name="dalla A alla Z", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("Dalla A alla Z")
    context.close()
