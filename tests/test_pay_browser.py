"""«Quanto pago?» in a real browser: the script and the builder agree, nothing is left behind."""

import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from axe_runner import VARIANTS, look
from in_browser import ROOT, serve
from mkdocs.utils.yaml import yaml_load
from playwright.sync_api import Browser, Page, expect

from site_builder.bands import band_of, cents, is_relative, limits
from site_builder.content import read_content
from site_builder.italian import euro
from site_builder.model_carta import FasceDiAccesso
from site_builder.tariffs import fees_by_band

pytestmark = [pytest.mark.slow, pytest.mark.browser]

EXAMPLES = sorted(
    path.parents[1]
    for path in ROOT.glob("examples/*/content/carta.yml")
    if "\nfasce_di_accesso:" in path.read_text("utf-8")
)
IN_EURO = [
    {"id": "prima", "nome": "Prima", "fino_a_isee": 6000.55},
    {"id": "seconda", "nome": "Seconda", "oltre_isee": 6000.55, "fino_a_isee": 9360},
]
_ENDED = {"voce": "Mensa", "unita": "a pasto", "importo": 2.5, "fascia": "Prima",
          "fasce": ["prima"], "valido_fino_al": "2024-12-31"}  # fmt: skip
# Fills in each pair and reads the answer and the lines under it.
_ASK = """(pairs) => pairs.map((pair) => {
  const fields = [...document.querySelectorAll("#calcolo input")];
  fields.forEach((field, i) => { field.value = pair[i]; });
  document.querySelector("#calcolo").requestSubmit();
  return [
    document.querySelector("#calcolo-esito").textContent,
    [...document.querySelectorAll("#calcolo-importi li")].map((line) => line.textContent),
  ];
})"""
_WRITTEN = ("", " ", "0", "-1", "1e3", "1,234", "12.34.567", "9 360,5 €", "12.345.678,9", "٣",
            "99999999,99", "100000000", ",5", "5,", "dieci", "1.2345", "0,004", "007")  # fmt: skip


def built(folder: Path, output: Path) -> Path:
    """The site of a body, without its prints."""
    settings = folder / "mkdocs.yml"
    found = yaml_load(settings.read_text("utf-8"))  # it knows !ENV
    plugins = [{"carta": {"prints": False}}]
    settings.write_text(yaml.safe_dump(found | {"plugins": plugins}), "utf-8")
    command = [sys.executable, "-m", "site_builder", "build", str(folder), "--output", str(output)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return output


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda path: path.name)
def real(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[tuple[Path, str]]:
    """A body with bands that stands beside our own, and where its site is served."""
    folder = tmp_path_factory.mktemp("real")
    shutil.copytree(request.param, folder / "body", ignore=shutil.ignore_patterns("build"))
    with serve(built(folder / "body", folder / "site")) as served:
        yield request.param, f"{served}costi/"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


def bands_of(body: Path) -> FasceDiAccesso:
    catalog, _ = read_content(body)
    assert catalog
    assert catalog.carta.fasce_di_accesso
    return catalog.carta.fasce_di_accesso


def italian(amount: int) -> str:
    return f"{amount // 100:,}".replace(",", ".") + f",{amount % 100:02}"


def pairs(bands: FasceDiAccesso, count: int) -> list[tuple[str, str]]:
    """Amounts at random, at every limit and a cent beside it, and what nobody should write."""
    source = random.Random(6)
    edges = [edge for band in bands.fasce for edge in limits(band) if edge is not None]
    found = [(text, "7.000,00") for text in _WRITTEN] + [("5000", text) for text in _WRITTEN]
    for _ in range(count):
        reference = source.choice([source.randint(1, 2_000_000), source.randint(1, 200) * 10_000])
        edge = source.choice(edges)
        limit = edge * reference // 10_000 if is_relative(bands) else edge
        isee = source.choice([limit - 1, limit, limit + 1, source.randint(0, 6_000_000)])
        found.append((italian(max(isee, 0)), italian(reference)))
    return found


def wanted(bands: FasceDiAccesso, isee: str, reference: str) -> str:
    """How the answer must begin, as the builder sees it."""
    amount, unit = cents(isee), cents(reference) if is_relative(bands) else 10_000
    if amount is None:
        return "Il tuo ISEE in euro: scrivi"
    if not unit:
        return f"{bands.riferimento.nome.capitalize() if bands.riferimento else ''} in euro: scrivi"
    band = band_of(bands, amount, unit if is_relative(bands) else None)
    return f"La tua fascia: {band.nome}. " if band else "Con questo ISEE non sei in nessuna"


def check_all(page: Page, bands: FasceDiAccesso, count: int) -> set[str]:
    asked = pairs(bands, count)
    answers = page.evaluate(_ASK, asked)
    for pair, (told, _) in zip(asked, answers, strict=True):
        assert told.startswith(wanted(bands, *pair)), (pair, told)
    return {told for told, _ in answers}


def test_script_and_builder_agree_at_every_limit(page: Page, real: tuple[Path, str]) -> None:
    body, address = real
    page.goto(address)
    bands = bands_of(body)
    told = check_all(page, bands, 2000)
    assert len(told) >= len(bands.fasce) + 2  # each band and both mistakes have been met


def test_each_band_gets_its_own_amounts(page: Page, real: tuple[Path, str]) -> None:
    body, address = real
    catalog, _ = read_content(body)
    assert catalog
    page.goto(address)
    bands = bands_of(body)
    for band in bands.fasce:
        _, up_to = limits(band)
        isee = italian(up_to) if up_to is not None else "90.000"
        [(told, lines)] = page.evaluate(_ASK, [(isee, "100,00")])  # a percent is then an euro
        assert told.startswith(f"La tua fascia: {band.nome}. ")
        fees = [t for sheet, _ in fees_by_band(catalog) for t in sheet.costo.tariffe]
        due = [f"{t.voce}: {euro(t.importo)} {t.unita}" for t in fees if band.id in t.fasce]
        assert lines == due


def test_bands_in_euro_and_an_amount_that_has_ended(page: Page, body: Any, tmp_path: Path) -> None:
    still = _ENDED | {"importo": 3, "valido_fino_al": "2099-12-31"}
    cost = {"tipo": "compartecipazione", "tariffe": [_ENDED, still]}
    folder = body({
        "content/carta.yml": {"fasce_di_accesso": {"fasce": IN_EURO}},
        "content/services/asilo-nido.yml": {"costo": cost},
    })  # fmt: skip
    with serve(built(folder, tmp_path / "site")) as served:
        page.goto(f"{served}costi/")
        told = check_all(page, bands_of(folder), 500)
        assert any(answer.endswith("chiedi all'ufficio.") for answer in told)
        [(_, lines)] = page.evaluate(_ASK, [["6000,55"]])
        assert lines == [
            "Mensa (validi fino al 31 dicembre 2024):"
            " 2,50 € a pasto non più valido dal 1º gennaio 2025",
            "Mensa (validi fino al 31 dicembre 2099): 3,00 € a pasto",
        ]
        assert page.locator("#calcolo-importi s").inner_text() == "2,50 € a pasto"


def test_with_the_keyboard_alone_and_without_a_trace(page: Page, real: tuple[Path, str]) -> None:
    _, address = real
    page.goto(address)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.locator("#calcolo input").first.focus()
    page.keyboard.type("mille")
    page.keyboard.press("Enter")
    expect(page.locator("#calcolo-esito")).to_contain_text("scrivi un importo in cifre")
    expect(page.get_by_label("Il tuo ISEE in euro")).to_be_focused()
    expect(page.locator("[aria-invalid=true]")).to_have_count(1)
    page.keyboard.press("Control+A")
    page.keyboard.type("4.000")
    while page.evaluate("document.activeElement.id") != "calcolo-riferimento":
        page.keyboard.press("Tab")
    page.keyboard.type("7000")
    page.keyboard.press("Enter")
    expect(page.locator("#calcolo-esito")).to_contain_text("La tua fascia")
    expect(page.locator("[aria-invalid=true]")).to_have_count(0)
    assert page.locator("#calcolo-importi li").count() > 0
    assert page.url == address
    stored = "[localStorage.length, sessionStorage.length, document.cookie.length]"
    assert page.evaluate(stored) == [0, 0, 0]
    assert [url for url in requests if not url.endswith(".svg")] == []
    page.goto(address.removesuffix("costi/"))
    page.go_back()
    assert page.locator("#calcolo-isee").input_value() == ""
    assert page.locator("#calcolo-importi li").count() == 0


def test_without_javascript_the_tables_suffice(browser: Browser, real: tuple[Path, str]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{real[1]}#quanto-pago")
    expect(page.locator("#calcolo")).to_be_hidden()
    expect(page.locator("#quanto-pago > p").first).to_contain_text("Cerca la tua fascia")
    expect(page.locator("#quanto-pago table").first).to_be_visible()
    context.close()


def test_axe_and_small_screens(page: Page, real: tuple[Path, str]) -> None:
    page.goto(real[1])
    for pair in (("x", ""), ("4000", "7000")):
        page.evaluate(_ASK, [pair])
        reports = look(page, "quanto pago")
        assert len(reports) == len(VARIANTS)
        assert [found for report in reports for found in report.violations] == []
    page.set_viewport_size({"width": 320, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
