"""The numbers of a year's complaints: checked, and told on the page and in print."""

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup

from site_builder.check import check_content
from site_builder.model_figures import Cella, Tabella
from site_builder.pages import iter_pages
from site_builder.printing.parts import iter_parts

TODAY = date(2027, 2, 1)
FILE = "content/results/2026-reclami.yml"
TOWNS = [
    {"voce": "Casarano", "numero": 20},
    {"voce": "Matino", "numero": "meno di 5"},
    {"voce": "Parabita", "numero": "non pubblicato"},
    {"voce": "Ruffano", "numero": 0},
]


def figures(**changes: Any) -> dict[str, Any]:
    table = {"titolo": "Per Comune", "totale": 40, "voci": TOWNS}
    complaints = {"modulo": "reclamo", "titolo": "Reclamo", "totale": 40, "tabelle": [table]}
    asked = {"modulo": "questionario", "titolo": "Questionario", "totale": 9, "tabelle": []}
    return {
        "id": "2026-reclami",
        "anno": 2026,
        "aggiornato_il": "2027-01-20",
        "moduli": [complaints, asked],
        **changes,
    }


@pytest.fixture
def drawn(body):
    """The page and the printed chapter, as text, of a body with these figures."""

    def draw(data: dict[str, Any], **others: Any) -> list[BeautifulSoup]:
        complaints = {"content/carta.yml": {"reclami": {"modulo": "reclamo"}}}
        # The form itself is not needed: what the file says of it is enough.
        root = body({FILE: data, **complaints, **others})
        catalog, _ = check_content(root, TODAY)
        assert catalog
        page = next(p.body for p in iter_pages(catalog, TODAY) if p.url == "reclami/")
        part = next(p.html for p in iter_parts(catalog) if p.title == "Reclami")
        return [BeautifulSoup(html, "html.parser") for html in (page, part)]

    return draw


def words(soup: BeautifulSoup) -> str:
    return " ".join(soup.get_text(" ").split())


def test_figures_are_content_without_problems(body) -> None:
    catalog, problems = check_content(body({FILE: figures()}), TODAY)
    assert problems == []
    assert catalog
    assert [item.anno for item in catalog.figures] == [2026]
    assert catalog.results == []


def test_page_and_print_tell_them(drawn) -> None:
    for soup in drawn(figures(pagine=[{"pagina": "servizi/cav", "voti": 7, "media": 4.1}])):
        section = soup.select_one("section[aria-labelledby=numeri-2026]")
        assert section
        rows = [[cell.get_text() for cell in tr.select("th, td")] for tr in section.select("tr")]
        assert rows[:5] == [
            ["Voce", "Numero", "Su cento"],
            ["Casarano", "20", "50%"],
            ["Matino", "meno di 5", "non pubblicato"],
            ["Parabita", "non pubblicato", "non pubblicato"],
            ["In tutto", "40", "100%"],
        ]
        assert rows[-1] == ["servizi/cav", "7", "4,1"]
        text = words(section)
        assert "I reclami ricevuti nel 2026" in text
        assert "Nessuno: Ruffano." in text
        assert "Questionario Arrivati in tutto: 9 ." in text
        assert "al 20 gennaio 2027" in text
        assert "Dati di prova" not in text


def test_headers_of_the_table_say_what_they_head(drawn) -> None:
    page, _ = drawn(figures())
    table = page.select_one("section[aria-labelledby=numeri-2026] table")
    assert table.caption.get_text() == "Per Comune"
    assert {th["scope"] for th in table.thead.select("th")} == {"col"}
    assert {th["scope"] for th in table.select("tbody th")} == {"row"}


def test_trial_data_say_so(drawn) -> None:
    for soup in drawn(figures(di_prova=True)):
        assert "I numeri del 2026 sono inventati per una prova" in words(soup)


def test_a_table_that_is_not_published_says_why(drawn) -> None:
    data = figures()
    data["moduli"][0]["tabelle"] = [
        {"titolo": "Per servizio", "totale": 9, "nota": "Numeri troppo piccoli.", "voci": []}
    ]
    for soup in drawn(data):
        assert "Per servizio (in tutto: 9). Numeri troppo piccoli." in words(soup)


def test_many_small_numbers_are_one_sentence(drawn) -> None:
    data = figures()
    rows = [{"voce": f"Voce {n}", "numero": "meno di 5"} for n in range(7)]
    few = {"titolo": "Pochi", "totale": 17, "voci": rows[:6]}
    many = {"titolo": "Molti", "totale": 40, "voci": [{"voce": "Nido", "numero": 20}, *rows]}
    data["moduli"][0]["tabelle"] = [few, many]
    for soup in drawn(data):
        first, second = soup.select("section[aria-labelledby=numeri-2026] table")
        assert len(first.select("tbody tr")) == 7
        assert [th.get_text() for th in second.select("tbody th")] == ["Nido", "In tutto"]
        assert "Meno di 5 ciascuno: Voce 0, Voce 1" in words(soup)


def test_without_figures_nothing_is_said(body) -> None:
    catalog, _ = check_content(body(), TODAY)
    assert catalog
    page = next(p.body for p in iter_pages(catalog, TODAY) if p.url == "reclami/")
    assert "ricevuti nel" not in page


def test_the_newest_year_comes_first(drawn) -> None:
    older = figures(id="2025-reclami", anno=2025)
    for soup in drawn(figures(), **{"content/results/2025-reclami.yml": older}):
        assert [s["id"] for s in soup.select("[id^=numeri-]")] == ["numeri-2026", "numeri-2025"]


@pytest.mark.parametrize(
    ("total", "numbers", "too_much"),
    [
        (12, [8, "meno di 5"], True),  # one hidden number: 12 - 8
        (16, [7, "meno di 5", "non pubblicato"], False),  # 9: 1 and 8, up to 4 and 5
        (15, [7, "meno di 5", "non pubblicato"], True),  # 8: it cannot be 4
        (12, [7, "meno di 5", "meno di 5"], False),  # 5: 1 and 4, 2 and 3
        (11, [7, "meno di 5", "meno di 5"], True),  # 4: none of them is 4
        (13, [7, "meno di 5", "meno di 5"], True),  # 6: none of them is 1
        ("meno di 5", ["meno di 5", 0], True),
        (None, [8, "meno di 5"], False),
        (12, [7, 5, 0], False),
    ],
)
def test_what_a_total_tells(total: Any, numbers: list[Any], too_much: bool) -> None:
    rows = tuple(Cella(voce=str(n), numero=number) for n, number in enumerate(numbers))
    assert Tabella(titolo="x", voci=rows, totale=total).tells_too_much is too_much


def test_a_number_that_can_be_worked_out_is_refused(body) -> None:
    data = figures()
    data["moduli"][0]["tabelle"][0] = {"titolo": "x", "totale": 22, "voci": TOWNS[:2]}
    _, (problem,) = check_content(body({FILE: data}), TODAY)
    assert (problem.rule, problem.path) == ("numero-ricavabile", FILE)
    assert problem.line > 1


@pytest.mark.parametrize("changes", [{"aggiornato_il": "2026-12-31"}, {"anno": 2025}])
def test_a_year_that_is_not_over_is_refused(body, changes: dict[str, Any]) -> None:
    _, (problem,) = check_content(body({FILE: figures(**changes)}), TODAY)
    assert problem.rule == "anno-non-finito"
