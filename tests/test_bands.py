"""«Quanto pago?» without a browser: the bands to the cent, the tables, amounts that have ended."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given
from hypothesis import strategies as st

from site_builder.bands import band_of, cents, holds, limits, script_data
from site_builder.catalog import Catalog
from site_builder.check import check_content
from site_builder.model_carta import FasceDiAccesso, Fascia
from site_builder.pages import iter_pages
from site_builder.printing.parts import iter_parts
from site_builder.values import first_day_after

Body = Callable[..., Path]
TODAY = date(2026, 11, 21)
CARTA = "content/carta.yml"
SERVICE = "content/services/asilo-nido.yml"
PERCENT = {
    "riferimento": {"nome": "minimo vitale", "descrizione": "La pensione minima."},
    "fasce": [
        {"id": "prima", "nome": "Prima", "fino_a_percento": 50},
        {"id": "seconda", "nome": "Seconda", "oltre_percento": 50, "fino_a_percento": 100},
        {"id": "terza", "nome": "Terza", "oltre_percento": 100},
    ],
}


def fee(band: str, amount: float, **more: Any) -> dict[str, Any]:
    return {"voce": "Mezza giornata", "fascia": band.capitalize(), "fasce": [band],
            "importo": amount, "unita": "al mese", **more}  # fmt: skip


def paying(*fees: dict[str, Any], bands: dict[str, Any] = PERCENT) -> dict[str, Any]:
    cost = {"tipo": "compartecipazione", "tariffe": list(fees)}
    return {CARTA: {"fasce_di_accesso": bands}, SERVICE: {"costo": cost}}


@pytest.fixture
def catalog(body: Body) -> Callable[[dict[str, Any]], Catalog]:
    def read(changes: dict[str, Any]) -> Catalog:
        found, problems = check_content(body(changes), TODAY)
        assert found
        assert [problem.as_text() for problem in problems if problem.level == "errore"] == []
        return found

    return read


def page(catalog: Catalog, url: str = "costi/") -> BeautifulSoup:
    html = next(item.body for item in iter_pages(catalog, TODAY) if item.url == url)
    return BeautifulSoup(html, "html.parser")


def one(soup: BeautifulSoup | Tag, selector: str) -> Tag:
    found = soup.select_one(selector)
    assert found, selector
    return found


def words(part: Tag) -> str:
    return " ".join(part.get_text(" ").split())


# --- Amounts and limits -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "amount"),
    [("9360", 936000), ("9.360", 936000), ("9.360,5", 936050), ("9360.05", 936005),
     (" 9 360,00 € ", 936000), ("0", 0), ("12.345.678,90", 1234567890), ("99999999", 9999999900),
     ("", None), ("-1", None), ("1e3", None), ("1,234", None), ("1.23.456", None), ("٣", None),
     ("100000000", None), ("dieci", None), (",5", None), ("5,", None), ("1,2,3", None)],
)  # fmt: skip
def test_amounts_are_read_as_italians_write_them(text: str, amount: int | None) -> None:
    assert cents(text) == amount


@given(st.integers(0, 9_999_999_999))
def test_every_amount_written_is_read_back(amount: int) -> None:
    written = f"{amount / 100:,.2f}".translate(str.maketrans(",.", ".,"))
    assert cents(written) == cents(written.replace(".", "")) == amount


@given(
    st.integers(0, 10_000_000), st.integers(1, 3_000_000), st.integers(0, 50_000),
    st.integers(0, 50_000),
)  # fmt: skip
def test_a_band_holds_what_its_words_say(isee: int, reference: int, low: int, high: int) -> None:
    """Against decimal fractions: above its first limit, up to and with its second."""
    band = Fascia(id="x", nome="X", oltre_percento=low / 100, fino_a_percento=high / 100)
    share = Decimal(isee) * 10_000
    assert holds(band, isee, reference) == (low * reference < share <= high * reference)
    euros = Fascia(id="x", nome="X", oltre_isee=low / 100, fino_a_isee=high / 100)
    assert holds(euros, isee) == (low < isee <= high)


def test_limits_belong_to_the_band_below() -> None:
    bands = FasceDiAccesso(fasce=tuple(Fascia(**item) for item in PERCENT["fasce"]))
    found = [band_of(bands, isee, 700_000) for isee in (0, 350_000, 350_001, 700_000, 700_001)]
    assert [band.id for band in found if band] == ["prima", "prima", "seconda", "seconda", "terza"]
    open_above = replace(bands, fasce=bands.fasce[:2])
    assert band_of(open_above, 700_001, 700_000) is None


def test_limits_are_whole_hundredths() -> None:
    assert limits(Fascia(id="x", nome="X", oltre_isee=0.29, fino_a_isee=1.1)) == (29, 110)
    assert limits(Fascia(id="x", nome="X", oltre_percento=33.33)) == (3333, None)


def test_data_cannot_end_their_script() -> None:
    bands = FasceDiAccesso(fasce=(Fascia(id="x", nome="</script>"),))
    assert "<" not in script_data(bands)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_last_day_is_still_valid(last: date, today: date) -> None:
    ended = first_day_after(last, today)
    assert (ended is None) == (today <= last)
    assert ended is None or (ended - last).days == 1


# --- Page and print ---------------------------------------------------------------------------


def test_a_body_without_bands_has_no_calculator(catalog: Any) -> None:
    read = catalog({})
    costs = next(item for item in iter_pages(read, TODAY) if item.url == "costi/")
    assert "quanto-pago" not in costs.body
    assert costs.scripts == ()


def test_the_page_has_the_tables_and_the_script_its_data(catalog: Any) -> None:
    read = catalog(paying(fee("prima", 100), fee("seconda", 150.5)))
    section = one(page(read), "#quanto-pago")
    assert [words(th) for th in section.select("thead th")] == ["Voce", "Prima", "Seconda"]
    assert {th.get("scope") for th in section.select("thead th")} == {"col"}
    assert {th.get("scope") for th in section.select("tbody th")} == {"row"}
    box = one(section, ".c-scroll")
    assert (box["role"], box["tabindex"], box["aria-label"]) == ("group", "0", "Asilo nido")
    amounts = {str(cell["data-fasce"]): words(cell) for cell in section.select("[data-fasce]")}
    assert amounts == {"prima": "100,00 € al mese", "seconda": "150,50 € al mese"}
    assert one(section, "#calcolo-parti").has_attr("hidden")  # until the script runs
    assert not section.select("[name]")  # nothing of the form could be sent
    costs = next(item for item in iter_pages(read, TODAY) if item.url == "costi/")
    assert costs.scripts == ("assets/quanto-pago.js",)


def test_a_doubt_on_the_amounts_stands_beside_them(catalog: Any) -> None:
    changes = paying(fee("prima", 100))
    changes[SERVICE]["da_verificare"] = [{"campo": "costo", "motivo": "Forse è un anno."}]
    assert "Forse è un anno." in words(one(page(catalog(changes)), "#quanto-pago .c-doubt"))


def test_a_sheet_with_amounts_by_band_leads_there(catalog: Any) -> None:
    read = catalog(paying(fee("prima", 100)))
    sheet = page(read, "servizi/asilo-nido/")
    assert sheet.select('a[href="/costi/#quanto-pago"]')
    flat = {"voce": "Retta", "importo": 5, "unita": "al mese"}
    assert not page(catalog(paying(flat)), "servizi/asilo-nido/").select('a[href*="quanto-pago"]')


@pytest.mark.parametrize(("last", "struck"), [("2026-11-20", True), ("2026-11-21", False)])
def test_an_amount_that_has_ended_is_struck_on_page_and_paper(
    catalog: Any, last: str, struck: bool
) -> None:
    read = catalog(paying(fee("prima", 100, valido_dal="2026-01-01", valido_fino_al=last)))
    printed = {part.address: part.html for part in iter_parts(read)}["servizi/asilo-nido/"]
    paper = BeautifulSoup(printed, "html.parser")
    for soup in (page(read), page(read, "servizi/asilo-nido/"), paper):
        cells = [words(cell) for cell in soup.select("tbody td") if "100,00" in cell.get_text()]
        assert [words(s) for s in soup.select("s")] == (["100,00 € al mese"] if struck else [])
        ended = "100,00 € al mese non più valido dal 21 novembre 2026"
        assert cells == [ended if struck else "100,00 € al mese"]


@pytest.mark.parametrize(
    ("known", "said", "value"),
    [
        ({}, "La Carta non ne scrive l'importo.", ""),
        ({"importo": 7002.84, "valido_fino_al": "2026-12-31"},
         "7.002,84 €, fino al 31 dicembre 2026.", "7002,84"),
        ({"importo": 7002.84, "valido_fino_al": "2025-12-31"},
         "7.002,84 € , non più valido dal 1º gennaio 2026.", ""),
    ],
)  # fmt: skip
def test_the_reference_amount_is_offered_while_it_is_valid(
    catalog: Any, known: dict[str, Any], said: str, value: str
) -> None:
    bands = PERCENT | {"riferimento": PERCENT["riferimento"] | known}
    soup = page(catalog(paying(fee("prima", 100), bands=bands)))
    assert one(soup, "#calcolo-riferimento")["value"] == value
    assert said in words(one(soup, "#calcolo-riferimento-aiuto"))
    assert said in words(one(soup, "section[aria-labelledby=fasce]"))


def test_bands_in_euro_ask_for_the_isee_alone(catalog: Any) -> None:
    bands = {"fasce": [{"id": "prima", "nome": "Prima", "fino_a_isee": 6000}]}
    soup = page(catalog(paying(fee("prima", 100), bands=bands)))
    assert [field["id"] for field in soup.select("#calcolo input")] == ["calcolo-isee"]
