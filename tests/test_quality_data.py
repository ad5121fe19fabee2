"""The tables on quality: a checker that is not ours takes them, and refuses them when damaged."""

import csv
import io
import json
import subprocess
import sys
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bodies import BODIES, catalog_of, good_catalog

from site_builder.catalog import Catalog
from site_builder.opendata.public import public
from site_builder.opendata.quality import datasets, files
from site_builder.opendata.source import Source

TODAY = date(2026, 11, 21)
VALIDATE = Path(sys.executable).with_name("csvwvalidate")
# As the reference has them; only «di_prova» is ours.
COLUMNS = {
    "standard_qualita.csv": "id servizio area_qualita indicatore standard operatore valore"
    " valore_massimo unita quota_percento verifica valido_dal valido_al",
    "misure_qualita.csv": "standard anno valore esito nota di_prova",
}
DATED = {"fonte": {"documento": "carta-prova"}, "aggiornato_il": "2026-01-01"}


def standard(id: str, **more: Any) -> dict[str, Any]:
    record = {
        "id": id, "titolo": "Ore", "indicatore": "Ore di apertura", "promessa": "Tante ore.",
    } | more  # fmt: skip
    return {f"content/standards/{id}.yml": record | DATED}


EVERYTHING: dict[str, Any] = {
    "content/carta.yml": {
        "aree_qualita": [{"id": "accesso", "nome": "Accesso", "descrizione": "Entrare."}],
        "licenza": {"nome": "CC-BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
    },
    "content/services/asilo-nido.yml": {
        "standard_non_definiti": None,
        "standard": [
            {"id": "pasti", "indicatore": "Menù",
             "promessa": 'Menù approvato, "con firma",\ndall\'ASL.',
             "operatore": "presenza", "fonte": {"documento": "carta-prova"}},
            {"id": "uguale", "indicatore": "Stanze", "promessa": "=Due stanze.", "operatore": "=",
             "valore": 2, "fonte": {"documento": "carta-prova"}},
        ],
    },
    **standard("ore", operatore=">=", valore=15, unita="ore a settimana", area_qualita="accesso"),
    **standard("attesa", operatore="<=", valore=45, unita="minuti", quota_percento=92.5,
               servizi=["asilo-nido"], verifica="Si contano i casi.", valido_dal="2025-01-01",
               valido_fino_al="2026-12-31"),
    **standard("fascia", operatore="fra", valore=30, valore_massimo=60.5),
    "content/results/2024.yml": {
        "id": "2024", "anno": 2024, "di_prova": True, "aggiornato_il": "2026-01-01",
        "misure": [{"standard": "ore", "esito": "rispettato", "valore": 20}],
    },
    "content/results/2025.yml": {
        "id": "2025", "anno": 2025, "aggiornato_il": "2026-01-01", "misure": [
            {"standard": "ore", "esito": "non_rispettato", "valore": 12.25, "nota": "Estate.",
             "rimedio": "Più ore."},
            {"standard": "attesa", "esito": "rispettato", "quota_percento": 95},
            {"standard": "fascia", "esito": "non_misurato"},
        ],
    },
}  # fmt: skip


def drawn(catalog: Catalog) -> dict[str, str]:
    """The files by their own names."""
    return {address.rpartition("/")[2]: text for address, text in files(Source(public(catalog)))}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def everything(body) -> dict[str, str]:
    return drawn(good_catalog(body(EVERYTHING), TODAY))


# --- What is in them --------------------------------------------------------------------------


@pytest.mark.parametrize("name", BODIES)
def test_the_tables_have_all_promises_and_the_columns_of_the_reference(name: str) -> None:
    catalog = catalog_of(name)
    told = drawn(catalog)
    for file, names in COLUMNS.items():
        assert told[file].splitlines()[0] == names.replace(" ", ",")
    wanted = {
        *catalog.standards,
        *(s.id for sheet in catalog.services.values() for s in sheet.standard),
    }
    assert {row["id"] for row in rows(told["standard_qualita.csv"])} == wanted
    assert wanted
    assert all(row["standard"] for row in rows(told["standard_qualita.csv"]))


def test_every_kind_of_promise_is_told(everything: dict[str, str]) -> None:
    told = {row.pop("id"): row for row in rows(everything["standard_qualita.csv"])}
    assert list(told) == ["attesa", "fascia", "ore", "pasti", "uguale"]
    assert told["attesa"] == {
        "servizio": "asilo-nido", "area_qualita": "", "indicatore": "Ore di apertura",
        "standard": "Tante ore.", "operatore": "<=", "valore": "45", "valore_massimo": "",
        "unita": "minuti", "quota_percento": "92.5", "verifica": "Si contano i casi.",
        "valido_dal": "2025-01-01", "valido_al": "2026-12-31",
    }  # fmt: skip
    assert (told["fascia"]["valore"], told["fascia"]["valore_massimo"]) == ("30", "60.5")
    assert (told["ore"]["servizio"], told["ore"]["area_qualita"]) == ("", "Accesso")
    assert told["pasti"]["standard"] == 'Menù approvato, "con firma",\ndall\'ASL.'
    assert told["pasti"]["servizio"] == "asilo-nido"
    # A sign to compare with is no formula; a text that begins as one is made harmless.
    assert (told["uguale"]["operatore"], told["uguale"]["standard"]) == ("=", "'=Due stanze.")


def test_measures_lose_nothing(everything: dict[str, str]) -> None:
    """The columns are given: what has none of its own stands in the note."""
    told = [tuple(row.values()) for row in rows(everything["misure_qualita.csv"])]
    assert told == [
        ("ore", "2024", "20", "rispettato", "", "sì"),
        ("ore", "2025", "12.25", "non_rispettato", "Estate. Rimedio: Più ore.", "no"),
        ("attesa", "2025", "", "rispettato", "Quota misurata: 95% dei casi.", "no"),
        ("fascia", "2025", "", "non_misurato", "", "no"),
    ]


def test_the_description_names_body_licence_and_language(everything: dict[str, str]) -> None:
    told = json.loads(everything["csv-metadata.json"])
    assert told["dc:license"] == {"@id": "https://creativecommons.org/licenses/by/4.0/"}
    assert told["dc:publisher"] == "Ambito Territoriale Sociale di Prova"
    assert told["dc:language"] == "it"
    columns = {t["url"]: [c["name"] for c in t["tableSchema"]["columns"]] for t in told["tables"]}
    assert {file: " ".join(names) for file, names in columns.items()} == COLUMNS
    assert all(c["dc:description"] for t in told["tables"] for c in t["tableSchema"]["columns"])


def test_a_body_without_licence_claims_none(body) -> None:
    told = json.loads(drawn(good_catalog(body(), TODAY))["csv-metadata.json"])
    assert "dc:license" not in told


def test_the_files_that_are_told_are_those_that_are_there(body) -> None:
    source = Source(public(good_catalog(body(), TODAY)))
    [dataset] = datasets(source)
    assert [d.address for d in dataset.distributions] == [address for address, _ in files(source)]


# --- Held to CSV on the Web -------------------------------------------------------------------


def objection(told: dict[str, str], folder: Path) -> str:
    """What the reference tool in Python has against the files, on this machine alone."""
    from csvw import CSVW  # takes more than a second to load

    for name, text in told.items():
        (folder / name).write_text(text, "utf-8", newline="")
    with warnings.catch_warnings():
        warnings.simplefilter("always")  # it tells its findings as warnings, and keeps them
        try:
            checked = CSVW(folder / "csv-metadata.json", validate=True)
            return "" if checked.is_valid else "; ".join(str(w.message) for w in checked.warnings)
        except ValueError as error:
            return str(error)


def valid(told: dict[str, str], folder: Path) -> bool:
    return objection(told, folder) == ""


@pytest.mark.slow
@pytest.mark.parametrize("name", BODIES)
def test_the_checker_takes_both_bodies(name: str, tmp_path: Path) -> None:
    assert valid(drawn(catalog_of(name)), tmp_path)


@pytest.mark.slow
def test_the_command_says_the_same(everything: dict[str, str], tmp_path: Path) -> None:
    assert valid(everything, tmp_path)
    command = [VALIDATE, tmp_path / "csv-metadata.json"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "OK")


@pytest.mark.slow
def test_tables_with_nothing_but_names_are_good(body, tmp_path: Path) -> None:
    told = drawn(good_catalog(body(), TODAY))
    assert [len(told[file].splitlines()) for file in COLUMNS] == [1, 1]
    assert valid(told, tmp_path)


def cell(file: str, row: int, column: str, value: str) -> Callable[[dict[str, str]], None]:
    """Put another value into a cell."""

    def change(told: dict[str, str]) -> None:
        table = list(csv.reader(io.StringIO(told[file], newline="")))
        table[row][table[0].index(column)] = value
        out = io.StringIO(newline="")
        csv.writer(out).writerows(table)
        told[file] = out.getvalue()

    return change


PROMISES, MEASURES = COLUMNS
DAMAGES = {
    "unknown standard": (cell(MEASURES, 1, "standard", "nessuno"), "not found in table"),
    "no number": (cell(PROMISES, 1, "valore", "quarantacinque"), "valore: invalid"),
    "number with a comma": (cell(PROMISES, 1, "quota_percento", "92,5"), "quota_percento: invalid"),
    "share above a hundred": (cell(PROMISES, 1, "quota_percento", "101"), "must be <= 100"),
    "no promise": (cell(PROMISES, 1, "standard", ""), "standard: required"),
    "no id": (cell(PROMISES, 1, "id", ""), "id: required"),
    "an id twice": (cell(PROMISES, 2, "id", "attesa"), "duplicate primary key: attesa"),
    "bad id": (cell(PROMISES, 3, "id", "Ore di apertura"), "id: invalid"),
    "unknown operator": (cell(PROMISES, 1, "operatore", "circa"), "operatore: invalid"),
    "no date": (cell(PROMISES, 1, "valido_dal", "01/01/2025"), "valido_dal: "),
    "bad service": (cell(PROMISES, 1, "servizio", "Asilo Nido"), "servizio: invalid"),
    "year of two digits": (cell(MEASURES, 1, "anno", "24"), "anno: invalid"),
    "a measure twice": (cell(MEASURES, 2, "anno", "2024"), "duplicate primary key"),
    "unknown outcome": (cell(MEASURES, 1, "esito", "forse"), "esito: invalid"),
    "no outcome": (cell(MEASURES, 1, "esito", ""), "esito: required"),
    "neither yes nor no": (cell(MEASURES, 1, "di_prova", "può darsi"), "di_prova: invalid"),
    "no such day": (cell(PROMISES, 1, "valido_dal", "2025-02-30"), "out of range"),
    "another column": (cell(PROMISES, 0, "valore", "soglia"), "Unspecified column"),
}


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES)
def test_the_checker_refuses(damage: str, everything: dict[str, str], tmp_path: Path) -> None:
    change, why = DAMAGES[damage]
    change(everything)
    assert why in objection(everything, tmp_path)


@pytest.mark.slow
def test_the_checker_takes_every_kind_of_promise(
    everything: dict[str, str], tmp_path: Path
) -> None:
    assert valid(everything, tmp_path)
