"""The report of a year: what it counts, what it draws, what it never tells. All data is made up."""

import dataclasses
import itertools
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import html5lib
import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given, settings
from hypothesis import strategies as st
from tagged_pdf import TaggedPdf

from endpoint.figures import statistics
from site_builder import views
from site_builder.catalog import Catalog
from site_builder.charts import MOST_ROWS, TRIAL, bars, stacked
from site_builder.check import check_content
from site_builder.cli import main
from site_builder.forms import definition
from site_builder.lettering import WIDTH
from site_builder.model_figures import HIDDEN, SMALL, Cella, Figures, NumeriModulo, Tabella
from site_builder.pages import SitePage, iter_pages
from site_builder.pdf import draw_pdf
from site_builder.printing.documents import report_document
from site_builder.printing.files import iter_printouts
from site_builder.printing.parts import report_part
from site_builder.prints import not_drawn
from site_builder.report import PER_SERVICE, report, years
from site_builder.templating import render

Body = Callable[..., Path]
Capture = pytest.CaptureFixture[str]
SVG = "{http://www.w3.org/2000/svg}"
TODAY = date(2026, 11, 21)
SHEET = "content/services/asilo-nido.yml"
SOURCE = {"documento": "carta-prova", "riga": 1}
DATED = {"fonte": SOURCE, "aggiornato_il": "2026-01-01"}


def choice(id: str, label: str, *values: str, tipo: str = "scelta") -> dict[str, Any]:
    options = {"opzioni": [{"valore": v.lower(), "etichetta": v} for v in values]} if values else {}
    return {"id": id, "etichetta": label, "tipo": tipo, "obbligatorio": False, **options}


def standard(id: str, **more: Any) -> dict[str, Any]:
    said = {"indicatore": f"Indicatore {id}", "promessa": f"Promessa {id}."}
    return {"id": id, "titolo": id, **said, **DATED, **more}


def form(id: str, *fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": id, "titolo": id.title(), "campi": list(fields), **DATED, **more}


# A body with two areas, two services, four standards, two forms.
BODY: dict[str, Any] = {
    "content/carta.yml": {
        "aree_qualita": [{"id": "accesso", "nome": "Accessibilità"}],
        "reclami": {"modulo": "reclamo"},
    },
    "content/areas.yml": {
        "aree": [
            {"id": "famiglia", "lettera": "A", "titolo": "Famiglia", "colore": "#0b5c8a",
             "fonte": SOURCE},
            {"id": "anziani", "lettera": "B", "titolo": "Anziani", "colore": "#7a3b00",
             "fonte": SOURCE},
        ]
    },
    SHEET: {
        "standard_non_definiti": None,
        "standard": [{"id": "attesa", "indicatore": "Attesa", "promessa": "Trenta giorni."}],
    },
    "content/standards/ore.yml": standard("ore", area_qualita="accesso", unita="ore"),
    "content/standards/sito.yml": standard("sito", area_qualita="accesso"),
    "content/standards/ascolto.yml": standard("ascolto"),
    "content/forms/reclamo.yml": form(
        "reclamo",
        choice("comune", "Dove?", tipo="comune"),
        choice("servizio", "Di quale servizio?", tipo="servizio"),
        choice("categoria", "Che cosa?", "Personale", "Ambiente", "Attesa"),
        descrizione="Serve a reclamare.",
        anonimo=False,
    ),
    "content/forms/questionario.yml": form(
        "questionario",
        choice("quale", "Quale servizio ha usato?", tipo="servizio"),
        choice("voto", "Come lo valuta?", "Buono", "Discreto", "Scarso"),
        descrizione="Serve a capire.",
        anonimo=True,
    ),
}  # fmt: skip
RESULTS = {
    "id": "2025",
    "anno": 2025,
    "di_prova": True,
    "aggiornato_il": "2026-01-20",
    "misure": [
        {"standard": "ore", "esito": "rispettato", "valore": 22},
        {"standard": "sito", "esito": "non_rispettato", "rimedio": "Si è rifatto il sito."},
        {"standard": "ascolto", "esito": "non_rispettato"},
    ],
}


def rows(*pairs: tuple[str, int | str]) -> list[dict[str, Any]]:
    return [{"voce": name, "numero": number} for name, number in pairs]


def table(title: str, total: int | None, *pairs: tuple[str, int | str]) -> dict[str, Any]:
    return {"titolo": title, "voci": rows(*pairs)} | ({"totale": total} if total else {})


FIGURES = {
    "id": "2025-reclami",
    "anno": 2025,
    "di_prova": True,
    "aggiornato_il": "2026-01-20",
    "moduli": [
        {
            "modulo": "reclamo",
            "titolo": "Reclamo",
            "totale": 57,
            "tabelle": [
                table(PER_SERVICE, 57, ("Asilo nido", 40), ("Pasti a casa", 17)),
                table("Per categoria", 57, ("Personale", 44), ("Ambiente", SMALL),
                      ("Attesa", HIDDEN)),
            ],
        },
        {
            "modulo": "questionario",
            "titolo": "Questionario",
            "totale": 31,
            "tabelle": [
                table("Come lo valuta?", 31, ("Buono", 20), ("Discreto", 11), ("Scarso", 0)),
            ],
        },
    ],
    "pagine": [{"pagina": "servizi/asilo-nido", "voti": 7, "media": 4.1}],
}  # fmt: skip


@pytest.fixture
def catalog(body: Body, content: dict[str, Any]) -> Callable[..., Catalog]:
    """The body above with results and figures of 2025, or with changes to its files."""

    def read(**changes: Any) -> Catalog:
        found, problems = check_content(write(body, content, **changes), TODAY)
        assert [item.as_text() for item in problems if item.level == "errore"] == []
        assert found
        return found

    return read


def write(body: Body, content: dict[str, Any], **changes: Any) -> Path:
    meals = content[SHEET] | {"id": "pasti", "titolo": "Pasti a casa", "codice": "B1"}
    files = {
        "content/services/pasti.yml": meals | {"aree": ["anziani"]},
        "content/results/2025.yml": RESULTS,
        "content/results/2025-reclami.yml": FIGURES,
    }
    return body(BODY | files | changes)


def page(catalog: Catalog, url: str = "relazione/2025/", **options: Any) -> SitePage:
    return next(item for item in iter_pages(catalog, TODAY, **options) if item.url == url)


def both(catalog: Catalog) -> Iterator[BeautifulSoup]:
    """The report on the page and on paper."""
    told = report(catalog, 2025)
    shared = views.common(catalog, TODAY) | {"prints": {}}
    on_page = render("pages/report.html", **shared, report=told)
    for html in (on_page, report_part(catalog, told).html):
        yield BeautifulSoup(html, "html.parser")


def cells(found: Tag) -> list[list[str]]:
    return [
        [" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")]
        for row in found.select("tr")
    ]


def table_of(soup: BeautifulSoup, caption: str) -> Tag:
    found = [t for t in soup.select("table") if t.caption.get_text().startswith(caption)]
    return next((t for t in found if t.caption.get_text() == caption), found[0])


def words(soup: Tag) -> str:
    return " ".join(soup.get_text(" ").split())


# --- Standards --------------------------------------------------------------------------------


def test_promises_are_counted_by_area(catalog) -> None:
    for soup in both(catalog()):
        assert cells(table_of(soup, "Gli standard nel 2025"))[1:] == [
            ["Accessibilità", "1", "1", "0"],
            ["Per tutto l'ente e per più servizi", "0", "1", "0"],
            ["Servizi: Famiglia", "0", "0", "1"],
            ["In tutto", "1", "2", "1"],
        ]


def test_what_was_missed_says_what_was_done_and_what_is_unknown_is_named(catalog) -> None:
    for soup in both(catalog()):
        done, unknown = (
            next(h for h in soup.select("h2, h3, h4") if name in h.get_text()).find_next("ul")
            for name in ("Che cosa si è fatto", "non misurati")
        )
        items = [words(item) for item in done.select("li")]
        assert items == [
            "Indicatore sito . Si è rifatto il sito.",
            "Indicatore ascolto . Non è indicato che cosa si è fatto.",
        ]
        assert [words(item).split(" ")[0] for item in unknown.select("li")] == ["Attesa"]


def test_measures_stand_as_they_were_measured(catalog) -> None:
    for soup in both(catalog()):
        _, kept, missed = cells(table_of(soup, "Accessibilità"))
        assert kept[:2] == ["Indicatore ore", "Promessa ore."]
        assert "rispettato" in kept[2]
        assert "22 ore" in kept[2]
        assert "non rispettato" in missed[2]


def test_one_miss_outweighs_what_was_kept(catalog) -> None:
    more = [{"standard": "ore", "esito": "non_rispettato", "nota": "A dicembre."}]
    found = report(
        catalog(**{"content/results/2025.yml": RESULTS | {"misure": RESULTS["misure"] + more}}),
        2025,
    )
    assert found.counts == {"rispettato": 0, "non_rispettato": 3, "non_misurato": 1}


@pytest.mark.parametrize(
    ("dates", "held"),
    [
        ({"valido_dal": "2026-01-01"}, False),
        ({"valido_fino_al": "2024-12-31"}, False),
        ({"valido_dal": "2025-12-31"}, True),
        ({"valido_fino_al": "2025-01-01"}, True),
    ],
)
def test_a_promise_that_did_not_hold_then_is_not_missing(catalog, dates, held) -> None:
    new = {"content/standards/nuovo.yml": standard("nuovo", **dates)}
    found = report(catalog(**new), 2025)
    assert ("nuovo" in [item.standard.id for item in found.of("non_misurato")]) is held


# --- Figures ----------------------------------------------------------------------------------


def test_numbers_are_those_of_the_file(catalog) -> None:
    for soup in both(catalog()):
        for module in FIGURES["moduli"]:
            for item in module["tabelle"]:
                told = {row[0]: row[1] for row in cells(table_of(soup, item["titolo"]))[1:]}
                wanted = {r["voce"]: str(r["numero"]) for r in item["voci"] if r["numero"] != 0}
                assert told == wanted | {"In tutto": str(item["totale"])}
        text = words(soup)
        assert "Arrivati in tutto: 57" in text
        assert "Arrivati in tutto: 31" in text
        assert "Nessuno: Scarso." in text
        assert cells(table_of(soup, "Le pagine"))[1] == ["servizi/asilo-nido", "7", "4,1"]


def test_services_are_summed_up_by_area(catalog) -> None:
    for soup in both(catalog()):
        told = cells(table_of(soup, "Per servizio, per area"))
        assert [row[:2] for row in told[1:-1]] == [["Famiglia", "40"], ["Anziani", "17"]]


def test_an_area_with_a_hidden_number_is_hidden(catalog) -> None:
    def change(*pairs: tuple[str, int | str]) -> Tabella:
        module = FIGURES["moduli"][1] | {
            "tabelle": [table("Quale servizio ha usato?", None, *pairs)]
        }
        data = FIGURES | {"moduli": [module]}
        found = report(catalog(**{"content/results/2025-reclami.yml": data}), 2025)
        return found.others[0].tables[0].table

    by_area = change(("Asilo nido", 30), ("Pasti a casa", SMALL), ("Un servizio di una volta", 6))
    assert by_area.titolo == "Quale servizio ha usato? per area"
    assert {cell.voce: cell.numero for cell in by_area.voci} == {
        "Famiglia": 30, "Anziani": HIDDEN, "Altro o non indicato": 6
    }  # fmt: skip


def test_the_endpoint_calls_its_table_of_services_as_we_do() -> None:
    assert PER_SERVICE in statistics._TITLES.values()


# --- What is missing --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "said"),
    [("2025", "non sono pubblicati risultati"), ("2025-reclami", "I reclami del 2025 non sono")],
)
def test_a_year_with_one_file_says_what_it_lacks(catalog, file: str, said: str) -> None:
    for soup in both(catalog(**{f"content/results/{file}.yml": None})):
        assert said in words(soup)


def test_without_years_there_is_no_report(body) -> None:
    found, _ = check_content(body(), TODAY)
    assert found
    assert years(found) == []
    assert not [item for item in iter_pages(found, TODAY) if "relazion" in item.body + item.url]
    assert not [item for item in not_drawn(found) if "relazion" in item]


# --- Data that are made up --------------------------------------------------------------------


def test_made_up_data_say_so_on_page_paper_and_every_picture(catalog) -> None:
    for soup in both(catalog()):
        for section in soup.select("section section, section[aria-labelledby]"):
            assert TRIAL in words(section), section["aria-labelledby"]
        pictures = [unquote(i["src"]) for i in soup.select("img.c-chart__picture")]
        pictures = pictures or [str(svg) for svg in soup.select("svg.c-chart__picture")]
        assert len(pictures) == 5  # outcomes, two tables and their sum by area, one question
        for picture in pictures:
            assert f">{TRIAL}: numeri inventati<" in picture
            assert f'aria-label="{TRIAL}. ' in picture
    paper = report_document(catalog(), report(catalog(), 2025))
    assert f'data-running="Relazione annuale 2025 ({TRIAL})"' in paper  # at the head of each page


def test_real_data_are_not_called_made_up(catalog) -> None:
    real = {
        "content/results/2025.yml": RESULTS | {"di_prova": False},
        "content/results/2025-reclami.yml": FIGURES | {"di_prova": False},
    }
    for soup in both(catalog(**real)):
        assert TRIAL.lower() not in str(soup).lower()
        assert "dato di prova" not in str(soup)


# --- Pages ------------------------------------------------------------------------------------


def test_the_page_is_strict_html(catalog) -> None:
    strict = html5lib.HTMLParser(strict=True)
    strict.parse(f"<!doctype html><title>x</title>{page(catalog()).body}")
    soup = BeautifulSoup(page(catalog()).body, "html.parser")
    ids = [tag["id"] for tag in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    levels = [int(h.name[1]) for h in soup.select("h1, h2, h3, h4")]
    assert levels[0] == 1
    assert all(next - before <= 1 for before, next in itertools.pairwise(levels))


def test_every_picture_is_followed_by_its_table(catalog) -> None:
    for soup in both(catalog()):
        for chart in soup.select(".c-chart"):
            table = chart.find_next_sibling()
            assert table.name == "div"
            assert table.table
            caption = table.table.caption.get_text().replace(" (dati di prova)", "")
            picture = chart.find(["img", "svg"])
            assert caption in (picture.get("alt") or picture["aria-label"])


def test_each_year_has_its_links(catalog) -> None:
    older = {"content/results/2024.yml": RESULTS | {"id": "2024", "anno": 2024}}
    found = catalog(**older)
    assert years(found) == [2025, 2024]
    prints = not_drawn(found)
    for url in ("standard/", "reclami/", "mappa/"):
        body = page(found, url).body
        assert all(f'href="/relazione/{year}/"' in body for year in (2025, 2024)), url
    for url in ("stampa/", "relazione/2025/"):
        assert 'href="/relazioni/2025.pdf"' in page(found, url, prints=prints).body
    assert set(prints) == {item.uri for item in iter_printouts(found)}


# --- Small numbers ----------------------------------------------------------------------------

counters = st.dictionaries(
    st.one_of(
        st.builds(
            "2025-01|reclamo|{}|{}|{}|{}".format,
            st.sampled_from(["casarano", ""]),
            st.sampled_from(["asilo-nido", "pasti", ""]),
            st.sampled_from(["personale", "ambiente", "attesa"]),
            st.sampled_from(["web", "sportello", "telefono"]),
        ),
        st.builds(
            "2025-02|chiuso|reclamo|{}|{}|{}|{}".format,
            st.sampled_from(["asilo-nido", "pasti"]),
            st.sampled_from(["personale", "ambiente"]),
            st.sampled_from(["accolto", "non accolto", "ritirato"]),
            st.sampled_from(["entro", "oltre"]),
        ),
        st.builds("2025-01|questionario|quale|{}".format, st.sampled_from(["asilo-nido", "pasti"])),
        st.builds("2025-01|questionario|voto|{}".format, st.sampled_from(["buono", "scarso"])),
        st.builds("2025-01|questionario{}".format, st.just("")),
    ),
    st.integers(1, 30),
    max_size=25,
)


def record(data: dict[str, Any]) -> Figures:
    def told(item: dict[str, Any]) -> Tabella:
        return Tabella(**(item | {"voci": tuple(Cella(**row) for row in item["voci"])}))

    modules = tuple(
        NumeriModulo(**(item | {"tabelle": tuple(map(told, item["tabelle"]))}))
        for item in data["moduli"]
    )
    day = date.fromisoformat(data["aggiornato_il"])
    return Figures(**(data | {"moduli": modules, "aggiornato_il": day, "pagine": ()}))


def test_no_number_from_1_to_4_is_told_anywhere(catalog) -> None:
    plain = catalog(**{"content/results/2025.yml": None})
    forms = {item.id: definition(plain, item) for item in plain.forms.values()}
    seen: set[str] = set()

    @settings(max_examples=40)
    @given(counters)
    def check(counts: dict[str, int]) -> None:
        data = statistics.figures(counts, forms, 2025, date(2026, 1, 20))
        records = {**plain.records, "figures": {"2025-reclami": record(data)}}
        for soup in both(dataclasses.replace(plain, records=records)):
            for cell in soup.select("td, strong"):
                told = cell.get_text().strip()
                assert told not in {"1", "2", "3", "4"}, cell.parent
                seen.add(told)
            drawn = [ET.fromstring(str(svg)) for svg in soup.select("svg")]
            drawn += [
                ET.fromstring(unquote(i["src"].split(",", 1)[1]))
                for i in soup.select("img.c-chart__picture")
            ]
            for picture in drawn:
                assert not re.search(r"[:,] [1-4]\b(?! *%)", picture.get("aria-label", ""))
                texts = ["".join(text.itertext()) for text in picture.iter(f"{SVG}text")]
                assert not [text for text in texts if re.search(r"(^|: )[1-4]$", text)]
                numbers = [text for text in texts if re.search(r"\d$", text)]
                assert len(list(picture.iter(f"{SVG}rect"))) <= len(numbers)

    check()
    assert {SMALL, HIDDEN} <= seen  # or nothing was there to hide


# --- Pictures ---------------------------------------------------------------------------------

names = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), min_size=1).filter(
    str.strip
)
numbers = st.one_of(st.just(0), st.integers(5, 10**6), st.sampled_from([SMALL, HIDDEN]))


@given(names, st.lists(st.tuples(names, numbers), max_size=30), st.booleans())
def test_bars_are_as_long_as_their_numbers_and_hidden_ones_have_none(title, data, trial) -> None:
    picture = bars(title, data, trial)
    known = [number for _, number in data if isinstance(number, int) and number]
    assert (picture is None) is not known
    if picture:
        root = ET.fromstring(picture.svg)
        widths = [float(bar.attrib["width"]) for bar in root.iter(f"{SVG}rect")]
        if len(data) > MOST_ROWS:
            known = sorted(known, reverse=True)[:MOST_ROWS]
        scale = (WIDTH - 2) / max(known)
        assert widths == [pytest.approx(max(2, n * scale), abs=0.01) for n in known]
        assert (TRIAL in picture.words) is (trial or TRIAL in title + str(data))
        assert (root.get("role"), root.get("fill")) == ("img", "currentColor")
        assert root.get("aria-label") == picture.words


def test_parts_of_a_bar_are_told_apart_without_colour() -> None:
    kinds = ["rispettati", "non rispettati", "non misurati"]
    picture = stacked("Standard", [("A", dict(zip(kinds, (3, 2, 1), strict=True)))], kinds)
    assert picture
    root = ET.fromstring(picture.svg)
    boxes = list(root.iter(f"{SVG}rect"))
    assert len(boxes) == 6  # the parts and their samples
    assert [box.get("fill") for box in boxes] == [None, "none", "none"] * 2
    assert len(list(root.iter(f"{SVG}path"))) == 2  # stripes of the second, twice
    assert "In tutto: rispettati 3, non rispettati 2, non misurati 1." in picture.words
    assert "#" not in picture.svg


def test_pictures_without_numbers_are_not_drawn() -> None:
    assert bars("Titolo", [("A", SMALL), ("B", 0)]) is None
    assert stacked("Titolo", [("A", {"x": 0})], ["x"]) is None


def test_names_are_escaped() -> None:
    picture = bars("R&D <b>", [('"<i>"', 7)])
    assert picture
    assert "<b>" not in picture.svg
    assert "<i>" not in picture.svg


# --- Paper and command ------------------------------------------------------------------------


@pytest.mark.slow
def test_the_print_is_tagged_and_its_pictures_speak(catalog) -> None:
    found = catalog()
    pdf = TaggedPdf(draw_pdf(report_document(found, report(found, 2025), "https://esempio.it/")))
    assert not pdf.loose
    assert [item.text for item in pdf.of("H1")] == ["Relazione annuale 2025"]
    said = [str(item.node.get("/Alt", "")) for item in pdf.of("Figure")]
    assert sum("Grafico a barre." in text for text in said) == 5
    assert all(said)
    captions = [item.text for item in pdf.of("Caption")]
    assert {PER_SERVICE, "Per categoria", "Come lo valuta?"} <= {c.strip() for c in captions}
    assert sum(TRIAL in text for text in pdf.artifacts) >= len(pdf.pdf.pages)


@pytest.mark.slow
def test_the_command_writes_the_print(body, content, capsys: Capture, tmp_path: Path) -> None:
    where = write(body, content)
    assert main(["report", "--anno", "2025", str(where)]) == 0
    assert (where / "build/relazioni/2025.pdf").read_bytes().startswith(b"%PDF")
    out, err = capsys.readouterr()
    assert re.search(r"2025\.pdf: \d+ pagine, ", out)
    assert "/relazione/2025/" in out
    assert "Contiene dati di prova" in err
    own = tmp_path / "mia.pdf"
    assert main(["report", "annuale", str(where), "--anno", "2025", "--output", str(own)]) == 0
    assert own.read_bytes() == (where / "build/relazioni/2025.pdf").read_bytes()


def test_a_year_that_is_not_there_names_those_that_are(body, content, capsys: Capture) -> None:
    older = {"content/results/2024.yml": RESULTS | {"id": "2024", "anno": 2024}}
    where = str(write(body, content, **older))
    assert main(["report", "--anno", "2019", where]) == 1
    said = capsys.readouterr().err
    assert "La relazione del 2019 non c'è" in said
    assert "Gli anni che ci sono: 2024 e 2025." in said


def test_a_body_without_years_says_so(body, capsys: Capture) -> None:
    assert main(["report", "--anno", "2025", str(body())]) == 1
    assert "Non c'è ancora nessun anno." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--anno", "duemila"], "«duemila» non è un anno: scrivilo come 2025"),
        (["--anno"], "--anno: ci vuole un valore"),
        ([], "manca --anno"),
    ],
)
def test_a_wrong_call_is_answered_in_italian(given, said, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as exit:
        main(["report", *given])
    assert exit.value.code == 2
    assert said in capsys.readouterr().err
