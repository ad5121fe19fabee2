"""What a machine can tell about access: axe, keyboard, zoom, spacing, colours, motion, no script.

What only people can tell stands in docs/accessibilita.md.
"""

import multiprocessing
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from axe_runner import VARIANTS, Variant, examine
from in_browser import urls
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.browser]

_MEASURES = (Path(__file__).parent / "accessibility.js").read_text("utf-8")
_PHONE = {"width": 360, "height": 740}
_DESK = {"width": 1280, "height": 900}
_HOME, _SHEET, _COMUNE, _SEARCH = "", "servizi/asilo-nido/", "comuni/matino/", "cerca/"
_MENU = "header button[aria-expanded][aria-controls]"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=_DESK, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def kinds(folder: Path) -> list[str]:
    """One page of every kind: the first of each folder, and all those that stand alone."""
    found: dict[str, str] = {}
    for url in urls(folder):
        depth = url.count("/")
        found.setdefault(url if depth < 2 else f"{url.split('/')[0]}/*", url)
    return list(found.values())


def _open(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate(_MEASURES)


def _expect_none(faults: list[str]) -> None:
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults[:60])


def _walk(page: Page, limit: int = 600) -> tuple[list[str], list[str]]:
    """Press Tab until the page ends: every stop, and what is wrong at each."""
    stops: list[str] = []
    faults: list[str] = []
    for _ in range(limit):
        page.keyboard.press("Tab")
        step = page.evaluate("measures.step()")
        if step["end"]:
            return stops, faults
        stops.append(step["at"])
        faults += [f"{step['at']}: {fault}" for fault in step["faults"]]
    return stops, [*faults, f"no end after {limit} stops"]


# --- axe ------------------------------------------------------------------------------------


def _variants(place: int) -> tuple[Variant, ...]:
    """Both widths and both schemes, the one crossed with the other on every second page."""
    return (VARIANTS[0], VARIANTS[3]) if place % 2 else (VARIANTS[1], VARIANTS[2])


def test_axe_finds_nothing_on_any_page(
    folder: Path, address: str, kinds: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """One page of every kind in all variants, the others of that kind in two of them."""
    pages = urls(folder)
    visits = [
        (address + url, VARIANTS if url in kinds else _variants(place))
        for place, url in enumerate(pages)
    ]
    parts = [visits[start::8] for start in range(8)]
    spawn = multiprocessing.get_context("spawn")  # a fork would copy the server's thread
    with ProcessPoolExecutor(2, mp_context=spawn) as pool:
        reports = [report for part in pool.map(examine, parts) for report in part]
    assert len(pages) > 100
    assert len(reports) == sum(len(variants) for _, variants in visits) > 2 * len(pages)
    unsure = Counter(fault.split(":")[0] for report in reports for fault in report.unsure)
    with capsys.disabled():
        print(f"\naxe: {len(pages)} pages, {len(reports)} views; left to people: {unsure}")
    faults = [f"{r.page}: {fault}" for r in reports for fault in r.violations]
    _expect_none(faults)
    passed = frozenset[str]().union(*(report.rules for report in reports))
    assert {"color-contrast", "target-size", "heading-order", "region", "html-has-lang"} <= passed


# --- Keyboard -------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [_HOME, _SHEET, _COMUNE, _SEARCH, "reclami/"])
def test_the_first_stop_skips_to_the_content(page: Page, address: str, url: str) -> None:
    page.goto(address + url)
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert (skip.get_attribute("href") or "").endswith("#contenuto")
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [_PHONE, _DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("url", [_HOME, _SHEET, _COMUNE, _SEARCH])
def test_every_stop_of_the_keyboard_is_in_order_and_seen(
    browser: Browser, address: str, url: str, size: dict[str, int], scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    _open(page, address + url)
    stops, faults = _walk(page)
    assert len(stops) > 15
    _expect_none(faults)
    _expect_none(page.evaluate("measures.missed()"))
    context.close()


def test_the_walk_backwards_is_no_trap(page: Page, address: str) -> None:
    _open(page, address + _SHEET)
    forward, _ = _walk(page)
    page.reload()
    page.keyboard.press("Tab")
    for _ in range(len(forward) + 2):
        page.keyboard.press("Shift+Tab")
    backwards = page.evaluate("document.activeElement.localName")
    assert backwards in {"a", "body", "button", "summary", "input"}


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_menu_button_works_by_keyboard(page: Page, address: str, key: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(address)
    button = page.locator(_MENU).first
    menu = page.locator(f"#{button.get_attribute('aria-controls')}")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(menu.locator("a").first).not_to_be_visible()
    assert button.evaluate("b => b.textContent.trim() || b.ariaLabel")
    button.focus()
    page.keyboard.press(key)
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(menu.locator("a").first).to_be_visible()
    page.keyboard.press("Tab")
    assert menu.evaluate("menu => menu.contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(button).to_be_focused()
    expect(menu.locator("a").first).not_to_be_visible()


def test_the_links_of_a_closed_menu_take_no_focus(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(address)
    controlled = page.locator(_MENU).first.get_attribute("aria-controls")
    for _ in range(25):
        page.keyboard.press("Tab")
        inside = f"document.getElementById('{controlled}').contains(document.activeElement)"
        assert not page.evaluate(inside)


def test_the_open_menu_can_be_walked(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    _open(page, address)
    page.locator(_MENU).first.evaluate("button => button.click()")  # the walk starts at the top
    _, faults = _walk(page)
    _expect_none(faults)
    _expect_none(page.evaluate("measures.missed()"))


# --- Zoom, spacing, colours, motion, targets -----------------------------------------------------


def test_nothing_is_wider_than_the_screen_at_400_percent(
    browser: Browser, folder: Path, address: str
) -> None:
    # 1280 x 1024 at 400 %.
    context = browser.new_context(viewport={"width": 320, "height": 256})
    page = context.new_page()
    faults = []
    for url in urls(folder):
        _open(page, address + url)
        faults += [f"{url}: {fault}" for fault in page.evaluate("measures.wide()")]
    context.close()
    _expect_none(faults)


@pytest.mark.parametrize("size", [{"width": 320, "height": 640}, _DESK], ids=["phone", "desk"])
def test_the_readers_own_spacing_cuts_nothing(
    page: Page, address: str, kinds: list[str], size: dict[str, int]
) -> None:
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    faults = []
    for url in kinds:
        _open(page, address + url)
        page.evaluate("measures.spread()")
        found = page.evaluate("[...measures.clipped(), ...measures.wide()]")
        faults += [f"{url}: {fault}" for fault in found]
    _expect_none(faults)


@pytest.mark.parametrize("url", [_HOME, _SHEET, _COMUNE, _SEARCH])
def test_forced_colours_keep_focus_and_controls(browser: Browser, address: str, url: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, forced_colors="active")
    page = context.new_page()
    _open(page, address + url)
    _expect_none(page.evaluate("measures.unmarked()"))
    for _ in range(15):
        page.keyboard.press("Tab")
        assert page.evaluate("measures.outline()") >= 2, page.evaluate("measures.focused()")
    context.close()


def test_nothing_moves_for_who_asked_for_no_motion(
    page: Page, address: str, kinds: list[str]
) -> None:
    faults = []
    for url in kinds:
        _open(page, address + url)
        faults += [f"{url}: {fault}" for fault in page.evaluate("measures.moving()")]
    _expect_none(faults)


@pytest.mark.parametrize("size", [_PHONE, _DESK], ids=["phone", "desk"])
def test_targets_are_large_enough(
    page: Page, address: str, kinds: list[str], size: dict[str, int]
) -> None:
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    faults = []
    for url in kinds:
        _open(page, address + url)
        faults += [f"{url}: {fault}" for fault in page.evaluate("measures.small()")]
    _expect_none(faults)


# --- Without scripts ----------------------------------------------------------------------------


@pytest.fixture
def plain(browser: Browser, address: str) -> Iterator[Page]:
    """The home on a phone without JavaScript."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def _follow(page: Page, link: str) -> None:
    """Follow the first visible link of the content to an address that ends so."""
    page.locator(f'main a[href$="{link}"]:visible').first.click()


def test_without_scripts_from_home_to_the_telephone_of_the_desk(plain: Page) -> None:
    _follow(plain, "comuni/matino/")
    expect(plain.locator("h1")).to_contain_text("Matino")
    expect(plain.locator('main a[href^="tel:"]').first).to_be_visible()


def test_without_scripts_from_home_to_a_sheet_by_area(plain: Page) -> None:
    plain.locator('main a[href*="aree/"]:visible').first.click()
    plain.locator('main a[href*="servizi/"]:visible').first.click()
    expect(plain.locator("h1")).to_be_visible()
    assert "/servizi/" in plain.url


def test_without_scripts_from_home_to_a_sheet_by_letter(plain: Page) -> None:
    plain.locator('a[href$="a-z/"]:visible').first.click()
    _follow(plain, "servizi/asilo-nido/")
    expect(plain.locator("h1")).to_have_text("Servizio asilo nido")


def test_without_scripts_from_complaints_to_the_form(plain: Page) -> None:
    plain.locator('a[href$="reclami/"]:visible').first.click()
    plain.locator('main a[href*="moduli/"]:visible').first.click()
    assert "/moduli/" in plain.url
    expect(plain.locator("h1")).to_be_visible()


def test_without_scripts_the_menu_is_open_and_its_button_away(plain: Page) -> None:
    expect(plain.locator("header nav a").first).to_be_visible()
    expect(plain.locator(_MENU)).not_to_be_visible()
