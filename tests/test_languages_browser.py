"""In a real browser: Arabic runs from right to left, acronyms open without a script, print too."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.browser]

_SHEET = "servizi/reddito-dignita/"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page without JavaScript, on a phone: nothing here may need a script."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_the_page_says_its_language_and_the_frame_stays_italian(page: Page, address: str) -> None:
    page.goto(f"{address}lingue/ar/")
    html = page.locator("html")
    expect(html).to_have_attribute("lang", "ar")
    expect(html).to_have_attribute("dir", "rtl")
    for frame in ("body > header", "body > footer", "body > a.c-skip", "body > aside"):
        expect(page.locator(frame)).to_have_attribute("lang", "it")
        expect(page.locator(frame)).to_have_attribute("dir", "ltr")
    page.goto(f"{address}servizi/")
    expect(html).to_have_attribute("lang", "it")
    assert html.get_attribute("dir") is None
    assert page.locator("body > header").get_attribute("lang") is None


def test_arabic_stands_at_the_right(page: Page, address: str) -> None:
    page.goto(f"{address}lingue/ar/")
    text = page.locator(".c-foreign")
    expect(text).to_have_css("direction", "rtl")
    whole, item = text.bounding_box(), text.locator("li").first.bounding_box()
    heading, notice = text.locator("h1"), text.locator(".c-prevails")
    assert whole
    assert item
    # The markers of the list stand at the right, inside the text; the bar of the notice too.
    assert item["x"] + item["width"] < whole["x"] + whole["width"] - 10
    assert item["x"] == pytest.approx(whole["x"], abs=1)
    expect(heading).to_have_css("text-align", "start")
    assert notice.evaluate("e => parseFloat(getComputedStyle(e).borderRightWidth)") > 2
    assert notice.evaluate("e => parseFloat(getComputedStyle(e).borderLeftWidth)") == 0
    expect(page.locator(".c-doubt").last).to_have_css("direction", "ltr")


def test_who_reads_no_italian_finds_the_way_from_the_first_page(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("header").get_by_role("link", name="Other languages").click()
    page.get_by_role("link", name="Shqip").click()
    expect(page.locator("h1")).to_contain_text("Ku të shkoni")
    page.get_by_role("navigation", name="Altre lingue").get_by_role("link", name="العربية").click()
    expect(page.locator("h1")).to_contain_text("إلى أين تذهب")


def test_an_acronym_opens_by_keyboard_and_by_touch_without_a_script(
    page: Page, address: str
) -> None:
    page.goto(address + _SHEET)
    button = page.locator("button.c-abbr", has_text="ISEE")
    opened = page.locator("#sigla-isee")
    expect(opened).to_be_hidden()
    button.press("Enter")
    expect(opened).to_be_visible()
    expect(button).to_be_focused()
    page.keyboard.press("Escape")
    expect(opened).to_be_hidden()
    button.click()
    expect(opened).to_be_in_viewport(ratio=1)


def test_a_screen_reader_hears_the_meaning_once(page: Page, address: str) -> None:
    page.goto(address + _SHEET)
    button = page.locator("button.c-abbr", has_text="ISEE")
    meaning = "Indicatore della situazione economica equivalente"
    expect(button).to_have_accessible_name(f"ISEE : {meaning}")
    button.press("Enter")
    assert page.locator("main").aria_snapshot().count(meaning) == 1


def test_on_paper_the_meaning_stands_beside_the_acronym(page: Page, address: str) -> None:
    page.goto(address + _SHEET)
    page.emulate_media(media="print")
    meaning = page.locator("#sigla-isee")
    expect(meaning).to_be_visible()
    expect(meaning).to_have_css("position", "static")
    assert meaning.evaluate("e => getComputedStyle(e, '::before').content") == '"("'
