"""Who opens a page about violence is not given away, and can leave it at once."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import takewhile
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from in_browser import ROOT, chromium, urls
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from site_builder.catalog import Catalog
from site_builder.check import check_content
from site_builder.pages import SitePage, iter_pages
from site_builder.phones import national

TODAY = date(2026, 11, 21)
SHEET = "servizi/centro-antiviolenza/"
# What must not be read over a shoulder, in a history or in a preview.
BETRAYS = re.compile(r"violen|rifugio|maltratt|abus|stalk|antiviol|\bCAV\b|\bCUAV\b|1522", re.I)


def _catalog() -> Catalog:
    catalog, _ = check_content(ROOT, TODAY)
    assert catalog
    return catalog


CATALOG = _catalog()
PAGES: dict[str, SitePage] = {page.url: page for page in iter_pages(CATALOG, TODAY)}
DELICATE = sorted(url for url, page in PAGES.items() if page.delicate)


# --- What the pages say -----------------------------------------------------------------------


def test_every_page_about_violence_is_delicate() -> None:
    wanted = {f"servizi/{s.id}/" for s in CATALOG.services.values() if s.violenza}
    wanted |= {f"uffici/{c.id}/" for c in CATALOG.contacts.values() if c.violenza or c.riservata}
    wanted |= {"aree/violenza/", "per-chi/donne-violenza/", "per-chi/autori-violenza/"}
    assert wanted <= set(DELICATE)
    assert SHEET in wanted
    assert "servizi/asilo-nido/" not in DELICATE


@pytest.mark.parametrize("url", DELICATE)
def test_its_title_and_description_say_nothing(url: str) -> None:
    page = PAGES[url]
    assert page.head_title
    assert not BETRAYS.search(page.head_title + page.description)
    assert page.scripts[-1] == "assets/uscita.js"


@pytest.mark.parametrize("url", [url for url in DELICATE if not url.startswith("avvisi/")])
def test_it_says_how_to_leave_no_trace_and_asks_for_no_rating(url: str) -> None:
    soup = BeautifulSoup(PAGES[url].body, "html.parser")
    if not url.startswith("trova/"):
        assert soup.select_one(".c-advice")
    assert not soup.select_one('[data-element^="feedback"]')
    for link in soup.select(".c-report a"):
        assert not BETRAYS.search(str(link["href"]))


def _marks(side: str) -> set[str]:
    """What tells that a piece of a page gives the contact of one side."""
    contacts = [c for c in CATALOG.contacts.values() if c.violenza == side]
    marks = {f'"/uffici/{c.id}/"' for c in contacts}
    marks |= {national(phone.numero) for c in contacts for phone in c.telefoni}
    return marks | {email.indirizzo for c in contacts for email in c.email}


VICTIMS, OFFENDERS = _marks("vittime"), _marks("autori")


def _gives(html: str, marks: set[str]) -> bool:
    return any(mark in html for mark in marks)


def test_there_are_desks_of_both_sides() -> None:
    given = [page.body for page in PAGES.values() if _gives(page.body, OFFENDERS)]
    assert VICTIMS
    assert len(given) >= 3


@pytest.mark.parametrize("url", sorted(PAGES))
def test_victims_and_offenders_never_share_a_block(url: str) -> None:
    body = PAGES[url].body
    if not (_gives(body, OFFENDERS) and _gives(body, VICTIMS)):
        return
    if url == "mappa/":
        return  # a list of all pages by name, without any contact
    # Only a list of many offices may have both, each in a part of its own.
    assert not PAGES[url].delicate
    soup = BeautifulSoup(body, "html.parser")
    for block in soup.select(".c-contact, .c-side, ul, dl, table, address, p"):
        assert not (_gives(str(block), VICTIMS) and _gives(str(block), OFFENDERS)), str(block)[:300]
    for mark in OFFENDERS:
        assert str(soup.select(".c-side")).count(mark) == str(soup).count(mark)


# --- In a browser, under the generated headers ------------------------------------------------


def _headers(file: Path) -> list[tuple[str, str]]:
    """The headers of the first block, which is for every address."""
    lines = takewhile(lambda line: line[0] == " ", file.read_text("utf-8").splitlines()[1:])
    return [(name, value) for name, _, value in (line.strip().partition(": ") for line in lines)]


@contextmanager
def _serve(folder: Path, headers: list[tuple[str, str]]) -> Iterator[str]:
    class Guarded(SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            for name, value in headers:
                self.send_header(name, value)
            super().end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Guarded, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with _serve(folder, _headers(folder.parent / "deploy" / "_headers")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def _elsewhere(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<title>Meteo</title><h1>Meteo</h1>")


def _context(browser: Browser, **options: Any) -> BrowserContext:
    """A context in which the page to which one escapes exists without the network."""
    context = browser.new_context(**options)
    context.route(lambda url: urlsplit(url).hostname != "127.0.0.1", _elsewhere)
    return context


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = _context(browser)
    yield context.new_page()
    context.close()


slow = pytest.mark.slow
in_browser = pytest.mark.browser


@slow
@in_browser
def test_escape_three_times_leaves_and_the_page_is_not_in_the_history(
    page: Page, address: str
) -> None:
    page.goto(address)
    page.goto(address + SHEET)
    for _ in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url(CATALOG.carta.uscita_rapida)
    page.go_back()
    assert page.url == address


@slow
@in_browser
def test_escape_slowly_or_twice_stays(page: Page, address: str) -> None:
    page.clock.install()
    page.goto(address + SHEET)
    for _ in range(4):
        page.keyboard.press("Escape")
        page.clock.run_for(1500)
    page.keyboard.press("Escape")
    assert page.url == address + SHEET
    expect(page.locator("h1")).to_be_visible()


@slow
@in_browser
def test_the_page_is_hidden_at_once_even_if_the_other_is_slow(page: Page, address: str) -> None:
    page.goto(address + SHEET)
    # One step of the browser: nothing of the other page can have come yet.
    left = page.evaluate("""() => {
        for (let i = 0; i < 3; i += 1)
            document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
        return [document.title, document.body.childElementCount];
    }""")
    assert left == ["", 0]


@slow
@in_browser
@pytest.mark.parametrize("scripts", [True, False])
def test_the_way_out_is_the_first_stop_of_the_keyboard(
    browser: Browser, address: str, scripts: bool
) -> None:
    context = _context(browser, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(address + SHEET)
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Esci subito")
    expect(link).to_be_focused()
    assert set((link.get_attribute("rel") or "").split()) == {"noreferrer", "noopener"}
    page.keyboard.press("Enter")
    page.wait_for_url(CATALOG.carta.uscita_rapida)
    context.close()


@slow
@in_browser
def test_the_way_out_stays_in_sight_on_a_small_screen(browser: Browser, address: str) -> None:
    context = _context(browser, viewport={"width": 320, "height": 480})
    page = context.new_page()
    page.goto(address + SHEET)
    link = page.get_by_role("link", name="Esci subito")
    for _ in range(2):
        expect(link).to_be_in_viewport(ratio=1)
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
    context.close()


@slow
def test_the_head_of_a_delicate_page_betrays_nothing(folder: Path) -> None:
    for url in DELICATE:
        html = (folder / url / "index.html").read_text("utf-8")
        head = BeautifulSoup(html, "html.parser").head
        assert head
        said = [head.title.get_text() if head.title else ""]
        said += [str(tag.get("content", "")) for tag in head.select("meta")]
        assert not [text for text in said if BETRAYS.search(text)], url
        assert head.select_one('meta[name="referrer"][content="no-referrer"]')


@slow
def test_only_delicate_pages_have_the_way_out(folder: Path) -> None:
    pages = (url for url in urls(folder) if not url.endswith(".html"))
    html = {url: (folder / url / "index.html").read_text("utf-8") for url in pages}
    found = {url for url, text in html.items() if "data-uscita" in text}
    # The finder shows its own as soon as an answer calls for it.
    assert found - {"trova/"} == set(DELICATE)


@slow
@in_browser
def test_the_policy_stops_nothing_of_ours(page: Page, address: str) -> None:
    broken: list[str] = []
    page.on("console", lambda message: broken.append(message.text))
    page.on("pageerror", lambda error: broken.append(str(error)))
    for url in ("", SHEET, "servizi/asilo-nido/", "servizi/casa-rifugio/", "comuni/matino/",
                "uffici/", "trova/", "mappa/", "404.html"):  # fmt: skip
        if url in PAGES or url == "404.html":
            reply = page.goto(address + url)
            assert reply
            assert "unsafe-inline" not in reply.headers["content-security-policy"]
            page.wait_for_load_state("networkidle")
    assert broken == []


@slow
@in_browser
def test_the_policy_lets_the_search_run(page: Page, address: str) -> None:
    broken: list[str] = []
    page.on("console", lambda message: broken.append(message.text))
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(f"{address}cerca/")
    page.locator("main input").first.fill("asilo nido")
    expect(page.locator("main a", has_text="asilo nido").first).to_be_visible(timeout=15_000)
    assert broken == []
