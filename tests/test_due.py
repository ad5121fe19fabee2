"""By which day each step of a complaint falls due: the page counts as the endpoint does."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup

from endpoint.cases.days import Calendar
from endpoint.cases.terms import BEYOND, Deadline, Term, deadlines
from site_builder.catalog import Catalog
from site_builder.content import read_content
from site_builder.due import SCRIPT, due, whole_date
from site_builder.forms import body_data
from site_builder.pages import SitePage, iter_pages
from site_builder.receiver import term_data
from site_builder.resources import resource_dir
from site_builder.templating import render

if TYPE_CHECKING:  # the fast tests need no browser
    from playwright.sync_api import Browser, Page

Body = Callable[..., Path]

CARTA = "content/carta.yml"
TODAY = date(2026, 11, 22)
SHEET = resource_dir("theme") / "site" / SCRIPT
# Every start, both ways of counting, chains, what the calendar does not reach.
TERMS: list[dict[str, Any]] = [
    {"fase": "Presentazione", "giorni": 15, "decorre_da": "fatto", "decorrenza": "dal fatto"},
    {"fase": "Ricevuta", "giorni": 3, "lavorativi": True, "decorre_da": "fase_precedente"},
    {"fase": "Convocazione", "giorni": 5, "decorre_da": "presentazione"},
    {"fase": "Incontro", "giorni": 30, "lavorativi": True, "decorre_da": "presentazione"},
    {"fase": "Autotutela", "giorni": 5, "decorre_da": "fase_precedente"},
    {"fase": "Decisione", "giorni": 40, "decorre_da": "presentazione"},
    {"fase": "Parere", "giorni": 10},
    {"fase": "Verbale", "giorni": 2, "decorre_da": "fase_precedente"},
    {"fase": "Verifica", "giorni": 900, "lavorativi": True, "decorre_da": "presentazione"},
]
UNKNOWN = {
    0: "Dipende dal giorno del fatto.",
    1: "Dipende dalla fase che viene prima.",
    6: "La Carta non dice da quando si conta.",
    7: "Dipende dalla fase che viene prima.",
}
OUTSIDE = (
    "Non si può dire: il calendario di questa pagina va dal 1º gennaio 2025 al 31 dicembre 2030."
)
# All in one step: the words of every cell for each pair of days.
_ASK = """days => days.map(([filed, fact]) => {
  document.querySelector("#giorno-reclamo").value = filed;
  document.querySelector("#giorno-fatto").value = fact;
  document.querySelector("#giorno-fatto").dispatchEvent(new Event("input", { bubbles: true }));
  return [...document.querySelectorAll(".c-due td")].map((cell) => cell.textContent);
})"""


def _catalog(body: Body, saturday: bool, patron: str = "05-18") -> Catalog:
    terms = {"termini": TERMS, "sabato_lavorativo": saturday}
    where = body({CARTA: {"reclami": terms}})
    text = (where / CARTA).read_text("utf-8")
    if patron:
        feast = f"provincia: LE\n  patrono: {{nome: Il patrono, giorno: '{patron}'}}"
        (where / CARTA).write_text(text.replace("provincia: LE", feast), "utf-8")
    catalog, problems = read_content(where)
    assert catalog, problems
    return catalog


def _page(catalog: Catalog, today: date = TODAY) -> SitePage:
    return next(page for page in iter_pages(catalog, today) if page.url == "reclami/")


def _found(catalog: Catalog, start: date, *, from_fact: bool = False) -> tuple[Deadline, ...]:
    """What the endpoint says, with the calendar that is exported to it."""
    held = body_data(catalog, "", TODAY.year)["calendario"]
    calendar = Calendar(
        date.fromisoformat(held["dal"]), date.fromisoformat(held["al"]), held["sabato_lavorativo"],
        frozenset(map(date.fromisoformat, held["festivi"])),
    )  # fmt: skip
    terms = [Term(**term_data(term)) for term in catalog.carta.reclami.termini]
    if from_fact:  # counts from the fact what the endpoint cannot, since it does not know it
        terms = [Term(t.fase, t.giorni, t.lavorativi, decorre_da="presentazione"
                      if t.decorre_da == "fatto" else t.decorre_da) for t in terms[:2]]  # fmt: skip
    return deadlines(terms, calendar, start, (), None, start)


def _words(catalog: Catalog, filed: date, fact: date | None = None) -> list[str]:
    items = list(_found(catalog, filed))
    if fact:
        items[:2] = _found(catalog, fact, from_fact=True)
    said = []
    for number, item in enumerate(items):
        day = whole_date(item.due) if item.due else UNKNOWN.get(number, "")
        said.append(OUTSIDE if item.verdict == BEYOND else day)
    if fact and items[0].due and items[0].due < filed:
        said[0] += ": il reclamo arriva dopo"
    return said


# --- The day of the build -----------------------------------------------------------------------


def test_the_page_has_a_table_for_the_day_of_the_build(body: Body) -> None:
    catalog = _catalog(body, saturday=False)
    page = _page(catalog)
    box = BeautifulSoup(page.body, "html.parser").select_one(".c-due")
    assert box
    assert page.scripts == (SCRIPT,)
    assert [cell.get_text() for cell in box.select("td")] == _words(catalog, TODAY)
    told = box.select_one("[role=status]")
    assert told
    assert told.get_text() == (
        "Se presentavi il reclamo domenica 22 novembre 2026, i termini scadevano in questi giorni."
    )
    fields = box.select_one(".c-due__fields")
    assert fields
    assert fields.has_attr("hidden")
    assert not box.select("form, [name], [style], script")
    assert "c-timeline__picture" in page.body


def test_the_table_depends_on_the_day_alone(body: Body) -> None:
    catalog = _catalog(body, saturday=False)
    assert _page(catalog).body == _page(catalog).body
    later = _page(catalog, TODAY + timedelta(1)).body
    assert "lunedì 23 novembre 2026" in later
    assert "domenica 22 novembre 2026" not in later


def test_without_terms_there_is_neither_table_nor_script(body: Body) -> None:
    catalog, _ = read_content(body())
    assert catalog
    page = _page(catalog)
    assert page.scripts == ()
    assert "c-due" not in page.body


def test_on_paper_there_are_no_days(body: Body) -> None:
    """A print is a function of the content alone."""
    from site_builder import views
    from site_builder.views_lists import complaints

    catalog = _catalog(body, saturday=False)
    context = views.common(catalog, TODAY) | complaints(catalog) | {"level": 1}
    text = render("print/reclami.html", **context)
    assert "Convocazione" in text
    assert "c-due" not in text


def test_a_patron_who_is_not_known_is_said(body: Body) -> None:
    said = "La festa del patrono non è fra i giorni di festa"
    assert said not in _page(_catalog(body, saturday=False)).body
    assert said in _page(_catalog(body, saturday=False, patron="")).body


def test_the_data_holds_terms_and_calendar_and_no_more(body: Body) -> None:
    found = due(_catalog(body, saturday=True), TODAY)
    assert found
    data = json.loads(found.data)
    assert set(data) == {"dal", "al", "festivi", "fuori", "sabato", "termini"}
    assert data["sabato"] is True
    assert "2027-05-18" in data["festivi"]
    assert data["termini"][3] == [30, True, "presentazione"]


def test_the_script_is_small_and_keeps_to_itself() -> None:
    text = SHEET.read_text("utf-8")
    assert len(text.encode()) < 3072
    for word in ("fetch", "XMLHttp", "Storage", "cookie", "location", "innerHTML", ".style"):
        assert word not in text


# --- Any day, in the browser --------------------------------------------------------------------


def _open(browser: "Browser", catalog: Catalog, moment: datetime) -> "Page":
    """The page with its script, for a reader abroad at a moment."""
    page = browser.new_context(timezone_id="America/New_York").new_page()
    page.clock.set_fixed_time(moment)
    page.set_content(_page(catalog).body)
    page.add_script_tag(path=SHEET)
    return page


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("saturday", [False, True])
def test_every_day_is_counted_as_the_endpoint_does(
    browser: "Browser", body: Body, saturday: bool
) -> None:
    catalog = _catalog(body, saturday)
    page = _open(browser, catalog, datetime(2026, 11, 22, 12, tzinfo=UTC))
    first, last = date(2024, 11, 1), date(2031, 1, 15)
    days = [first + timedelta(number) for number in range((last - first).days)]
    asked = [(day, day - timedelta(number % 40) if number % 3 else None)
             for number, day in enumerate(days)]  # fmt: skip
    shown = page.evaluate(_ASK, [[str(filed), str(fact or "")] for filed, fact in asked])
    wrong = [
        (filed, fact, cells, wanted)
        for (filed, fact), cells in zip(asked, shown, strict=True)
        if cells != (wanted := _words(catalog, filed, fact))
    ]
    assert wrong[:3] == []
    # What the comparison is for was among the days.
    flat = {cell for cells in shown for cell in cells}
    assert OUTSIDE in flat
    assert any(cell.endswith("il reclamo arriva dopo") for cell in flat)
    assert any(cell.startswith("sabato") for cell in flat)
    assert not any(cell.startswith("domenica") for cell in flat)
    page.context.close()


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize(
    ("moment", "today"),
    [
        ("2026-11-22T22:59", "domenica 22 novembre 2026"),
        ("2026-11-22T23:00", "lunedì 23 novembre 2026"),
        ("2026-06-30T21:59", "martedì 30 giugno 2026"),
        ("2026-06-30T22:00", "mercoledì 1º luglio 2026"),
        ("2026-12-31T23:30", "venerdì 1º gennaio 2027"),
        ("2027-03-28T00:59", "domenica 28 marzo 2027"),
    ],
)
def test_today_is_the_day_in_italy(browser: "Browser", body: Body, moment: str, today: str) -> None:
    page = _open(browser, _catalog(body, saturday=False), datetime.fromisoformat(f"{moment}+00:00"))
    told = page.locator(".c-due [role=status]")
    said = f"Se presenti il reclamo oggi, {today}, i termini scadono in questi giorni."
    assert told.inner_text() == said
    page.fill("#giorno-reclamo", "2026-02-01")
    assert "reclamo domenica 1º febbraio 2026, i termini" in told.inner_text()
    page.fill("#giorno-fatto", "2026-02-02")
    assert told.inner_text().startswith("Il giorno del fatto viene dopo")
    page.fill("#giorno-fatto", "")
    page.fill("#giorno-reclamo", "")  # an empty field means today
    assert told.inner_text() == said
    page.context.close()


@pytest.fixture
def site(body: Body, tmp_path: Path) -> Iterator[str]:
    """The small body with terms, built and served."""
    from in_browser import serve

    from site_builder.plugin import build_site

    _catalog(body, saturday=False)
    build_site(tmp_path, tmp_path / "build")
    with serve(tmp_path / "build") as address:
        yield address


@pytest.mark.slow
@pytest.mark.browser
def test_the_whole_page_for_everybody(browser: "Browser", site: str) -> None:
    from axe_runner import look

    page = browser.new_context(viewport={"width": 320, "height": 700}).new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    requests: list[str] = []
    page.goto(f"{site}reclami/", wait_until="networkidle")
    page.on("request", lambda request: requests.append(request.url))
    assert page.locator(".c-due__fields").is_visible()
    page.fill("#giorno-fatto", "2026-11-02")
    assert page.locator(".c-due td").first.inner_text().startswith("martedì 17 novembre 2026")
    assert requests == []
    assert page.url == f"{site}reclami/"
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]
    assert {found for report in look(page, "reclami") for found in report.violations} == set()
    page.emulate_media(media="print")
    assert page.locator(".c-due").is_hidden()
    assert page.locator(".c-timeline").is_visible()
    page.context.close()
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(f"{site}reclami/")
    assert plain.locator(".c-due__fields").is_hidden()
    assert plain.locator(".c-due td").count() == len(TERMS)
    plain.context.close()
    assert errors == []
