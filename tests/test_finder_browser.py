"""The finder in a real browser: the script and the builder agree, nothing is left behind."""

import random
from collections.abc import Iterator
from functools import cache

import pytest
from in_browser import ROOT
from playwright.sync_api import Browser, Page, expect

from site_builder import views_finder
from site_builder.content import read_content
from site_builder.finder import MOST_SHOWN, Choice, Finder

pytestmark = [pytest.mark.slow, pytest.mark.browser]

Shown = list[tuple[str, list[str]]]  # sheet and the lines under it

# Chooses answers as a person would, but all in one step, and reads what the page shows.
_ANSWER = """(ids) => {
  document.querySelector("#trova-ricomincia").click();
  for (const id of ids) document.querySelector(`#trova input[value="${id}"]`).click();
}"""
_SHOWN = """() => [...document.querySelectorAll("#trova-elenco > li")].map((card) => [
  card.querySelector("a").getAttribute("href").split("/").at(-2),
  [...card.querySelectorAll(".c-why li")].map((line) => {
    const bare = line.cloneNode(true);  // without the meanings of acronyms
    for (const part of bare.querySelectorAll(".c-hidden, .c-abbr__text")) part.remove();
    return bare.textContent;
  }),
])"""


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{address}trova/")
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@cache
def finder() -> Finder:
    catalog, _ = read_content(ROOT)
    assert catalog
    return Finder(catalog)


def wanted(answers: list[Choice]) -> Shown:
    """What the page must show, as Python sees it."""
    return [
        (r.service.id, [f"Perché {x}" for x in r.reasons] + [f"Attenzione. {x}" for x in r.limits])
        for r in finder().results(answers)[:MOST_SHOWN]
    ]


def shown(page: Page) -> Shown:
    return [(id, lines) for id, lines in page.evaluate(_SHOWN)]


def answer(page: Page, *ids: str) -> None:
    page.evaluate(_ANSWER, list(ids))


def random_answers(source: random.Random) -> list[Choice]:
    """Some answers in the order of the page; of a question with one answer, at most one."""
    answers = []
    for question, choices in finder().questions:
        most = len(choices) if question.multipla else 1
        answers += source.sample(choices, source.choice([0, 0, 1, most]))
    return sorted(answers, key=finder().choices.index)


def test_every_answer_gives_what_the_builder_says(page: Page) -> None:
    for choice in finder().choices:
        answer(page, choice.id)
        assert shown(page) == wanted([choice]), choice.id


def test_so_do_many_answers_together(page: Page) -> None:
    source = random.Random(3)
    for answers in (random_answers(source) for _ in range(150)):
        answer(page, *(choice.id for choice in answers))
        assert shown(page) == wanted(answers), [choice.id for choice in answers]


def test_without_javascript_the_pages_show_the_same(plain: Page, address: str) -> None:
    for given in (*((choice,) for choice in finder().choices), *finder().pairs()):
        plain.goto(f"{address}{views_finder.address(given)}/")
        assert shown(plain) == wanted(list(given)), plain.url


def test_without_javascript_every_answer_is_a_link(plain: Page, address: str) -> None:
    plain.goto(f"{address}trova/")
    expect(plain.locator("#trova")).to_be_hidden()
    links = plain.locator("#trova-collegamenti a:visible")
    assert links.all_inner_texts() == [choice.text for choice in finder().choices]
    plain.get_by_role("link", name="Sì, c'è una persona con disabilità").click()
    plain.get_by_role("link", name="Meno di 3 anni").click()
    expect(plain.locator("h1")).to_have_text("I servizi per te")
    assert plain.locator("#trova-elenco > li").count() > 5


def test_with_the_keyboard_alone(page: Page) -> None:
    page.locator("#trova input").first.focus()
    page.keyboard.press("Space")
    expect(page.get_by_label("Abito a Casarano")).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Abito a Collepasso")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("Meno di 3 anni")).to_be_checked()
    expect(page.get_by_role("status")).to_contain_text("servizi")
    found = page.locator("#trova-elenco > li")
    assert found.count() > 3
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "trova-ricomincia":
            break
    page.keyboard.press("Enter")
    expect(found).to_have_count(0)
    expect(page.locator("#trova input").first).to_be_focused()
    assert page.locator("#trova input:checked:not([value=''])").count() == 0


def test_answers_leave_no_trace(page: Page, address: str) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    before = page.evaluate("[history.length, document.title]")
    for choice in finder().choices:
        answer(page, choice.id)
    page.locator("#trova input").first.focus()
    page.keyboard.press("Enter")
    assert page.url == f"{address}trova/"
    assert page.evaluate("[history.length, document.title]") == before
    stored = "[localStorage.length, sessionStorage.length, document.cookie.length]"
    assert page.evaluate(stored) == [0, 0, 0]
    # The browser may still be fetching the icon; no answer asks for anything.
    assert [url for url in requests if not url.endswith(".svg")] == []


def test_in_danger_the_numbers_and_the_way_out_appear(page: Page) -> None:
    numbers = page.locator("[data-pericolo]")
    way_out = page.get_by_role("link", name="Esci subito")
    expect(numbers).to_be_hidden()
    expect(way_out).to_be_hidden()
    page.get_by_label("Qualcuno mi fa del male").check()
    expect(numbers.get_by_role("link", name="1522")).to_be_in_viewport()
    expect(numbers.get_by_role("link", name="112")).to_be_in_viewport()
    expect(way_out).to_be_visible()
    page.get_by_label("Faccio del male").check()
    expect(way_out).to_be_visible()
    expect(numbers).to_be_hidden()
    ids = [id for id, _ in shown(page)]
    assert "centro-antiviolenza" not in ids


def test_esc_leads_out_only_when_the_way_out_is_there(page: Page, address: str) -> None:
    page.context.route("https://**", lambda route: route.fulfill(body="Il tempo"))
    for _ in range(3):
        page.keyboard.press("Escape")
    assert page.url == f"{address}trova/"
    page.get_by_label("Qualcuno mi fa del male").check()
    for _ in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url("https://**")


def test_who_comes_back_does_not_find_a_delicate_answer(page: Page) -> None:
    page.get_by_label("Qualcuno mi fa del male").check()
    page.locator("#trova-elenco a").first.click()
    page.go_back()
    expect(page.get_by_label("Non rispondo").first).to_be_visible()
    expect(page.get_by_label("Qualcuno mi fa del male")).not_to_be_checked()
    expect(page.locator("#trova-elenco > li")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_no_page_is_too_wide(browser: Browser, address: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 740})
    page = context.new_page()
    page.goto(f"{address}trova/")
    answer(page, *(choice.id for choice in finder().choices))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
