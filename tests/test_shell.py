"""The frame of every page in a real browser: menu, emergency numbers, weight, steadiness."""

import re
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from bs4 import BeautifulSoup
from in_browser import urls
from playwright.sync_api import Browser, Page, ViewportSize, expect

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PAGES = ("", "servizi/centro-antiviolenza/", "comuni/matino/", "cerca/", "stampa/")
PHONE: ViewportSize = {"width": 360, "height": 740}
LIMIT = 90 * 1024  # bytes over the wire, cold, fonts and icon included
HTML_LIMIT = 14 * 1024


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE)
    yield context.new_page()
    context.close()


def _pages(folder: Path) -> list[Path]:
    paths = (folder / url for url in urls(folder))
    return [path if path.suffix else path / "index.html" for path in paths]


def _wire(path: Path) -> int:
    data = path.read_bytes()
    return len(data) if path.suffix == ".woff2" else len(brotli.compress(data))


@pytest.mark.parametrize("url", PAGES)
def test_a_page_is_light(browser: Browser, folder: Path, address: str, url: str) -> None:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    files: set[str] = set()
    page.on("request", lambda request: files.add(request.url.removeprefix(address)))
    page.goto(address + url, wait_until="networkidle")
    sizes = {name: _wire(folder / (name or "index.html").replace("//", "/")) for name in files
             if not name.endswith("/")}  # fmt: skip
    html = _wire(folder / url / "index.html")
    assert html <= HTML_LIMIT
    assert html + sum(sizes.values()) <= LIMIT, sizes
    context.close()


def test_three_requests_stand_before_the_text(folder: Path) -> None:
    """The page, one style sheet, one font that comes early; scripts wait."""
    for page in _pages(folder):
        head = BeautifulSoup(page.read_text("utf-8"), "html.parser").head
        assert head
        blocking = head.select("script:not([defer])") + head.select(":scope > link[rel=stylesheet]")
        assert len(blocking) == 1, page
        assert len(head.select("link[rel=preload]")) == 1, page


@pytest.mark.parametrize("url", PAGES)
def test_nothing_moves_while_a_page_loads(phone: Page, address: str, url: str) -> None:
    phone.goto(address + url, wait_until="networkidle")
    shift = phone.evaluate("""() => new Promise((done) => {
        let sum = 0;
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) sum += entry.value;
        }).observe({ type: "layout-shift", buffered: true });
        setTimeout(() => done(sum), 300);
    })""")
    assert shift < 0.005


def test_emergency_numbers_take_little_room_on_a_phone(phone: Page, address: str) -> None:
    phone.goto(address)
    strip = phone.get_by_role("complementary", name="Numeri di emergenza")
    box = strip.bounding_box()
    assert box
    assert box["height"] <= 100
    expect(strip.get_by_role("link", name="112")).to_have_attribute("href", "tel:112")


def test_the_menu_opens_and_closes_with_the_keyboard(phone: Page, address: str) -> None:
    phone.goto(address)
    button = phone.get_by_role("button", name="Menu")
    menu = phone.get_by_role("navigation", name="Principale")
    expect(menu).to_be_hidden()
    button.focus()
    phone.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    phone.keyboard.press("Tab")
    expect(menu.get_by_role("link").first).to_be_focused()
    phone.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(menu).to_be_hidden()


def test_a_closed_menu_takes_no_focus(phone: Page, address: str) -> None:
    phone.goto(address)
    phone.get_by_role("button", name="Menu").focus()
    phone.keyboard.press("Tab")
    assert phone.evaluate("!!document.activeElement.closest('main')")


def test_the_skip_link_comes_first_and_leads_to_the_content(phone: Page, address: str) -> None:
    phone.goto(address)
    phone.keyboard.press("Tab")
    link = phone.get_by_role("link", name="Vai al contenuto")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    phone.keyboard.press("Enter")
    expect(phone.locator("main")).to_be_focused()


def test_without_scripts_the_menu_stands_open(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_role("button", name="Menu")).to_have_count(0)
    expect(page.get_by_role("navigation", name="Principale").get_by_role("link")).to_have_count(6)
    expect(page.get_by_role("search")).to_have_count(0)
    context.close()


def test_the_foot_has_the_links_of_the_national_model(folder: Path) -> None:
    for page in _pages(folder):
        foot = BeautifulSoup(page.read_text("utf-8"), "html.parser").select_one("body > footer")
        assert foot, page
        link = foot.select_one('[data-element="report-inefficiency"]')
        assert link, page
        assert link.get_text() == "Segnalazione disservizio"
        for hook in ("legal-notes", "privacy-policy-link", "accessibility-link"):
            assert foot.select_one(f'[data-element="{hook}"]'), (page, hook)


def test_nothing_of_the_base_theme_is_published(folder: Path) -> None:
    assert not list(folder.rglob("bundle.*.js"))
    assert not (folder / "assets" / "javascripts").exists()
    assert not (folder / "assets" / "stylesheets").exists()
    assert not re.search(r"\bmd-", (folder / "index.html").read_text("utf-8"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_is_white_whatever_the_screen(browser: Browser, address: str, scheme: str) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.emulate_media(media="print")
    page.goto(f"{address}servizi/asilo-nido/")
    colours = "[getComputedStyle(document.documentElement), getComputedStyle(document.body)]"
    background, ink = page.evaluate(f"(([a, b]) => [a.backgroundColor, b.color])({colours})")
    assert (background, ink) == ("rgb(255, 255, 255)", "rgb(0, 0, 0)")
    expect(page.locator(".c-nav")).to_be_hidden()
    expect(page.locator(".c-foot")).to_be_hidden()
    context.close()
