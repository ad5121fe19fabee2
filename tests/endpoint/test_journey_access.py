"""Every page of the citizen's way for whoever reads it otherwise: axe, zoom, names, paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_runner import VARIANTS, look
from citizen import World, fill, world
from in_browser import ROOT
from playwright.sync_api import Browser, Page, expect
from test_html import parsed
from test_page_markup import RULES

from endpoint.forms.definition import Definition
from endpoint.stores.sqlite import SqliteStore
from endpoint.stores.store import Unavailable

pytestmark = [pytest.mark.slow, pytest.mark.browser]

_STATES = 17


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("world")) as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    # A script is needed to look at the pages, not to use them: see test_journey.py.
    context = browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def _press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()


def states(page: Page, town: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Bring the page into every state of the journey, one after the other; the name of each."""
    for form in town.forms.values():
        yield from _form(page, town, form)
    reclamo = town.forms["reclamo"]
    page.goto(f"{town.site}/moduli/reclamo/")
    fill(page, reclamo)
    _press(page, "Continua")

    def full(*_: object) -> bool:
        raise Unavailable("SQLITE_FULL")

    with monkeypatch.context() as patch:
        patch.setattr(SqliteStore, "add", full)
        _press(page, "Invia")
        yield "not stored"
    _press(page, "Riprova")
    yield "receipt"
    number, code = (page.locator(".c-code").nth(place).inner_text() for place in (0, 1))
    page.goto(f"{town.endpoint}/stato")
    yield "state asked"
    for secret, name in (("x", "state unknown"), (code, "state")):
        page.get_by_label("Numero di ricevuta").fill(number)
        page.get_by_label("Codice segreto").fill(secret)
        _press(page, "Cerca")
        yield name
    page.goto(f"{town.endpoint}/sportello/{town.desk}")
    yield "desk"
    page.goto(f"{town.endpoint}/sportello/{town.desk}/reclamo")
    yield "desk's form"
    _press(page, "Continua")
    yield "desk's errors"
    page.goto(f"{town.endpoint}/niente")
    yield "not found"


def _form(page: Page, town: World, form: Definition) -> Iterator[str]:
    page.goto(f"{town.site}/moduli/{form.id}/")
    yield f"{form.id} on the site"
    if any(field.obbligatorio for field in form.campi):
        _press(page, "Continua")
        yield f"{form.id} with errors"
        page.goto(f"{town.endpoint}/moduli/{form.id}")
    fill(page, form)
    _press(page, "Continua")
    yield f"{form.id} to be checked"


def test_axe_finds_nothing_in_any_state(
    page: Page, town: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults, seen = [], 0
    for state in states(page, town, monkeypatch):
        reports = look(page, state)
        seen += 1
        assert len(reports) == len(VARIANTS)
        faults += [f"{report.page}: {fault}" for report in reports for fault in report.violations]
    assert seen == _STATES
    assert not faults, "\n".join(faults)


def test_the_pages_of_the_forms_are_valid(town: World) -> None:
    pages = [
        parsed(id, (town.folder / f"moduli/{id}/index.html").read_text("utf-8"))
        for id in town.forms
    ]
    assert [(page.url, page.errors) for page in pages if page.errors] == []
    for rule in RULES:
        rule(pages)


def test_nothing_is_wider_than_the_page_at_four_hundred_per_cent(
    page: Page, town: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.set_viewport_size({"width": 320, "height": 256})  # 1280 x 1024 at 400 %
    wide = [
        state
        for state in states(page, town, monkeypatch)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth")
    ]
    assert wide == []


def test_the_page_with_errors_reads_in_order(page: Page, town: World) -> None:
    page.goto(f"{town.site}/moduli/reclamo/")
    _press(page, "Continua")
    tree = page.locator("main").aria_snapshot().splitlines()
    lines = iter(tree)
    for word in ("- alert:", "C'è un problema", "- link ", "[level=1]", "- group"):
        assert any(word in line for line in lines), f"{word} is not where it should be: {tree}"
    [name] = [line for line in tree if line.strip().startswith('- textbox "Nome"')]
    assert "[invalid]" in name or page.get_by_label("Nome", exact=True).get_attribute(
        "aria-invalid"
    )
    expect(page.get_by_label("Lascia vuoto")).to_have_count(1)


def test_the_receipt_is_one_sheet_with_number_code_and_address(
    page: Page, town: World, tmp_path: Path
) -> None:
    page.goto(f"{town.site}/moduli/reclamo/")
    fill(page, town.forms["reclamo"])
    _press(page, "Continua")
    _press(page, "Invia")
    sheet = page.pdf(format="A4", prefer_css_page_size=True)
    assert sheet.count(b"/Type /Page\n") == 1 or b"/Count 1" in sheet
    page.emulate_media(media="print")
    printed = page.locator("body").inner_text()
    host = town.endpoint.removeprefix("http://")
    assert f"all'indirizzo {host}/stato" in " ".join(printed.split())
    assert "Per stampare" not in printed
    assert "Torna al sito" not in printed
    page.emulate_media(media="screen")
    assert host not in page.locator("body").inner_text()
    assert "Per stampare" in page.locator("body").inner_text()


@pytest.mark.parametrize("id", sorted(p.stem for p in (ROOT / "content/forms").glob("*.yml")))
def test_every_part_of_a_form_can_be_reached_and_seen_by_keyboard(
    page: Page, town: World, id: str
) -> None:
    page.goto(f"{town.endpoint}/moduli/{id}")
    names: list[str] = []
    for _ in range(120):
        page.keyboard.press("Tab")
        found = page.evaluate("""() => {
            const item = document.activeElement;
            if (item === document.body) return null;
            const style = getComputedStyle(item);
            const area = item.getBoundingClientRect();
            const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
                && area.height >= 20 && area.bottom > 0 && area.top < innerHeight;
            return { name: item.name || item.localName, seen };
        }""")
        if found is None:
            break
        assert found["seen"], found
        names.append(found["name"])
    fields = [field.id for field in town.forms[id].campi if field.tipo != "scelta_multipla"]
    assert [name for name in dict.fromkeys(names) if name in fields] == fields
    assert "_n" not in names  # the trap is no stop
    assert names[-1] == "button"
