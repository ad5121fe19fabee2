"""Our own data: they fit their published schemas, which come from those of the content."""

import copy
import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from bodies import BODIES, catalog_of, good_catalog, published
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from site_builder.catalog import Catalog
from site_builder.cli import main
from site_builder.opendata import own
from site_builder.opendata.files import WRITERS, all_datasets, data_files
from site_builder.opendata.own_schema import VERSION
from site_builder.opendata.plain import REFERENCES
from site_builder.opendata.public import public
from site_builder.opendata.source import Source
from site_builder.opendata.texts import csv_cell, csv_text, json_text
from site_builder.pointers import REFERENCES as POINTERS
from site_builder.results import Outcome

ROOT = Path(__file__).parents[1]
SITE = "https://carta.example.it/"
KINDS = {"servizi": "services", "contatti": "contacts", "standard": "standards"}
SHEET = "content/services/asilo-nido.yml"
DESK = "content/contacts/segretariato-casarano.yml"
CHECK = Draft202012Validator.FORMAT_CHECKER

Body = Callable[..., Path]
Json = dict[str, Any]
PathTo = tuple[str | int, ...]


@cache
def written(name: str, site_url: str = "") -> dict[str, str]:
    """Our own files of a body."""
    return dict(own.files(Source(public(catalog_of(name)), site_url)))


def read(files: dict[str, str], kind: str) -> Json:
    """One file of data."""
    data: Json = json.loads(files[f"dati/{kind}.json"])
    return data


def schema(files: dict[str, str], kind: str) -> Json:
    """The schema of one file of data."""
    found: Json = json.loads(files[f"dati/schemi/{kind}.json"])
    return found


def made(where: Path, today: date, site_url: str = "") -> dict[str, str]:
    """Our own files of the body in a folder."""
    return dict(own.files(Source(public(good_catalog(where, today)), site_url)))


# --- The published schemas --------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("name", "site_url"), [*zip(BODIES, (SITE, ""), strict=True)])
def test_the_data_fit_their_schema(name: str, kind: str, site_url: str) -> None:
    assert {"uuid", "date"} <= set(CHECK.checkers)
    files = written(name, site_url)
    found = schema(files, kind)
    Draft202012Validator.check_schema(found)
    data = read(files, kind)
    errors = Draft202012Validator(found, format_checker=CHECK).iter_errors(data)
    assert [f"{list(error.absolute_path)}: {error.message}" for error in errors] == []
    assert data["schema_version"] == VERSION
    address = f"{site_url}dati/schemi/{kind}.json" if site_url else f"schemi/{kind}.json"
    assert data["$schema"] == address
    assert found.get("$id", "") == (address if site_url else "")
    assert len(data["voci"]) >= 2


def objects(value: Any, path: PathTo = ()) -> Iterator[PathTo]:
    """Where the objects of some data are."""
    if isinstance(value, dict):
        yield path
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from objects(part, (*path, key))


def leaves(value: Any, path: PathTo = ()) -> Iterator[PathTo]:
    """Where the texts and numbers of some data are."""
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(part, (*path, key))
    else:
        yield path


def at(data: Any, path: PathTo) -> Any:
    """The part of some data at a path."""
    for step in path:
        data = data[step]
    return data


@cache
def rich(kind: str) -> tuple[Json, list[PathTo], list[PathTo], Draft202012Validator]:
    """A file with its fullest record, where its parts are, and what checks it."""
    data = read(written("napoli-tredici"), kind)
    data["voci"] = sorted(data["voci"], key=lambda item: len(json.dumps(item)))[-1:]
    checker = Draft202012Validator(schema(written("napoli-tredici"), kind), format_checker=CHECK)
    return data, list(objects(data)), list(leaves(data)), checker


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12)
@given(chance=st.data())
def test_data_that_are_wrong_do_not_fit(kind: str, chance: st.DataObject) -> None:
    whole, places, ends, checker = rich(kind)
    assert checker.is_valid(whole)
    unknown = copy.deepcopy(whole)
    at(unknown, chance.draw(st.sampled_from(places)))["inventato"] = "x"
    assert not checker.is_valid(unknown)
    broken = copy.deepcopy(whole)
    end = chance.draw(st.sampled_from(ends))
    at(broken, end[:-1])[end[-1]] = {"x": [None]}
    assert not checker.is_valid(broken)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_record_must_have_is_asked_for(kind: str) -> None:
    whole, _, _, checker = rich(kind)
    wanted = checker.schema["$defs"]["voce"]["required"]
    assert {"id", "uuid", "percorso"} <= set(wanted)
    for key in wanted:
        lacking = copy.deepcopy(whole)
        del lacking["voci"][0][key]
        assert not checker.is_valid(lacking), key
    for key, wrong in (("uuid", "1234"), ("aggiornato_il", "2026-02-31"), ("id", "Non Va")):
        record = whole["voci"][0] | {key: wrong}
        assert not checker.is_valid(whole | {"voci": [record]}), key


def test_the_schema_knows_that_a_secret_place_has_no_address() -> None:
    data = read(written("casarano"), "contatti")
    checker = Draft202012Validator(schema(written("casarano"), "contatti"))
    desk = next(item for item in data["voci"] if "indirizzo" in item)
    assert checker.is_valid(data | {"voci": [desk]})
    assert not checker.is_valid(data | {"voci": [desk | {"riservata": True}]})
    bare = {key: desk[key] for key in desk if key not in ("indirizzo", "comune", "presso", "mappa")}
    assert checker.is_valid(data | {"voci": [bare | {"riservata": True}]})


@pytest.mark.parametrize("kind", KINDS)
def test_the_schemas_are_those_of_the_content(kind: str) -> None:
    """No key is forgotten and none invented; what only editors need is not told."""
    content = json.loads((ROOT / "schemas" / f"{KINDS[kind]}.json").read_text("utf-8"))
    found = schema(written("casarano"), kind)["$defs"]["voce"]["properties"]
    added = {"uuid", "percorso", "url", "origine", "soglia", "risultati"}
    assert set(found) - added == set(content["properties"]) - {"solo_ricerca"}
    for key, part in found.items():
        if "title" in content["properties"].get(key, {}):
            assert part["title"] == content["properties"][key]["title"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_schemas_are_for_readers(kind: str) -> None:
    text = written("casarano")[f"dati/schemi/{kind}.json"]
    found = json.loads(text)
    for betrays in ('"x-', "content/", ".yml", "solo_ricerca", "nominativa", "common.json"):
        assert betrays not in text
    for path in objects(found):
        part = at(found, path)
        if part.get("type") == "object":
            assert part["additionalProperties"] is False, path
        assert not isinstance(part.get("type"), list), path
        if "$ref" in part:
            assert part["$ref"].rpartition("/")[2] in found["$defs"], path


def test_a_number_that_may_be_text_is_text(body: Body, today: date) -> None:
    where = body({DESK: {"indirizzo": {"civico": 12, "cap": 73042}}})
    [desk] = read(made(where, today), "contatti")["voci"]
    assert desk["indirizzo"] == {"via": "Piazza San Domenico", "civico": "12", "cap": "73042"}


# --- What is told -----------------------------------------------------------------------------


def test_what_points_elsewhere_is_named_here(body: Body, today: date) -> None:
    [sheet] = read(made(body(), today), "servizi")["voci"]
    assert sheet["aree"] == [{"id": "famiglia", "nome": "Famiglia"}]
    assert sheet["gruppi"] == [{"id": "famiglie", "nome": "Famiglie"}]
    assert sheet["dove_rivolgersi"]["sportelli"][0]["nome"] == "Segretariato sociale"
    [desk] = read(made(body(), today), "contatti")["voci"]
    assert desk["comune"] == {"id": "casarano", "nome": "Casarano", "istat": "075016"}
    assert sheet["fonte"] == {
        "documento": {"id": "carta-prova", "nome": "Carta di prova"},
        "riga": 1,
    }


def test_the_same_keys_point_as_in_the_checks() -> None:
    names = {"areas": "aree", "contacts": "contatti", "providers": "enti", "forms": "moduli",
             "services": "servizi"}  # fmt: skip
    for kind in KINDS.values():
        for shape, target in POINTERS[kind].items():
            key = shape.removesuffix(".*").rpartition(".")[2]
            assert REFERENCES[key] == names.get(target, target), shape


def test_hours_are_said_and_phones_can_be_dialled(body: Body, today: date) -> None:
    phones = [{"numero": "0833 502428", "nota": "al mattino"}, {"numero": "1522", "h24": True}]
    closed = [{"dal": "2026-08-10", "al": "2026-08-16", "motivo": "ferie"}]
    where = body({DESK: {"telefoni": phones, "chiusure": closed}})
    [desk] = read(made(where, today), "contatti")["voci"]
    assert desk["orari"][0]["in_parole"] == "dal lunedì al venerdì dalle 9.00 alle 12.00"
    assert desk["chiusure"][0]["in_parole"].startswith("chiuso dal 10 agosto 2026")
    assert [phone.get("e164") for phone in desk["telefoni"]] == ["+390833502428", None]


def test_what_is_empty_is_left_out_and_the_state_is_said(body: Body, today: date) -> None:
    [sheet] = read(made(body(), today), "servizi")["voci"]
    assert sheet["stato"] == {"valore": "attivo"}
    assert not {"sigla", "emergenza", "cosa_serve", "posti", "solo_ricerca"} & set(sheet)
    [empty] = read(made(body({SHEET: {"posti": 0}}), today), "servizi")["voci"]
    assert empty["posti"] == 0


def test_standards_come_with_their_results(body: Body, today: date) -> None:
    own_one = {"id": "nido-attesa", "indicatore": "Attesa", "promessa": "Entro 30 giorni.",
               "operatore": "<=", "valore": 30, "unita": "giorni"}  # fmt: skip
    measured = [
        {"standard": "nido-attesa", "valore": 12.5, "esito": "rispettato"},
        {"standard": "ore", "esito": "non_misurato"},
    ]
    where = body(
        {
            SHEET: {"standard": [own_one], "standard_non_definiti": None},
            "content/standards/ore.yml": {
                "id": "ore", "titolo": "Ore di apertura", "indicatore": "Ore",
                "promessa": "Venti ore.", "fonte": {"documento": "carta-prova", "riga": 2},
                "aggiornato_il": "2026-03-01",
            },
            "content/results/2025.yml": {
                "id": "2025", "anno": 2025, "di_prova": True, "misure": measured,
                "aggiornato_il": "2026-02-01",
            },
        }
    )  # fmt: skip
    files = made(where, today)
    data = read(files, "standard")
    assert not list(Draft202012Validator(schema(files, "standard")).iter_errors(data))
    whole, of_sheet = data["voci"]
    assert (whole["origine"], "servizi" in whole) == ("ente", False)
    assert of_sheet["origine"] == "scheda"
    assert of_sheet["servizi"] == [{"id": "asilo-nido", "nome": "Asilo nido"}]
    assert of_sheet["soglia"] == "al massimo 30 giorni"
    assert of_sheet["risultati"] == [
        {"anno": 2025, "esito": "rispettato", "valore": 12.5, "di_prova": True}
    ]
    assert data["aggiornato_il"] == "2026-03-01"
    assert "2025: rispettato (dati di prova)" in files["dati/standard.csv"]


def test_every_outcome_of_the_catalog_is_there() -> None:
    """Drawn from the Catalog alone, also where the year does not measure a standard."""
    for name in BODIES:
        outcomes: dict[str, list[Outcome]] = dict(catalog_of(name).outcomes)
        for item in read(written(name), "standard")["voci"]:
            wanted = [(one.anno, one.misura.esito) for one in outcomes.get(item["id"], [])]
            found = [(one["anno"], one["esito"]) for one in item.get("risultati", [])]
            assert found == wanted


def test_the_head_says_whose_and_how_new(body: Body, today: date) -> None:
    where = body({SHEET: {"aggiornato_il": "2026-05-05"}})
    data = read(made(where, today, SITE), "servizi")
    assert data["aggiornato_il"] == "2026-05-05"
    assert data["url"] == f"{SITE}dati/servizi.json"
    assert data["ente"] == {
        "nome": "Ambito Territoriale Sociale di Prova",
        "nome_breve": "ATS Prova",
    }
    assert "licenza" not in data
    licence = {"nome": "CC BY 4.0", "url": "https://example.org/"}
    where = body({"content/carta.yml": {"licenza": licence}})
    assert read(made(where, today), "servizi")["licenza"] == licence
    assert read(made(where, today), "standard")["voci"] == []


# --- Stable ids -------------------------------------------------------------------------------


def ids(catalog: Catalog, site_url: str = SITE) -> dict[tuple[str, str], str]:
    """The uuid of every record."""
    files = dict(own.files(Source(public(catalog), site_url)))
    return {
        (kind, item["id"]): item["uuid"] for kind in KINDS for item in read(files, kind)["voci"]
    }


def test_ids_hold_when_texts_change_and_files_are_read_in_another_order() -> None:
    catalog = catalog_of("napoli-tredici")
    before = ids(catalog)
    assert len(set(before.values())) == len(before) > 100
    changed: dict[str, Any] = {
        kind: dict(reversed(records.items())) for kind, records in catalog.records.items()
    }
    changed["services"] = {
        id: replace(sheet, titolo=f"{sheet.titolo} nuovo", descrizione="Altro testo.")
        for id, sheet in changed["services"].items()
    }
    changed["contacts"] = {
        id: replace(contact, nome="Un altro nome", telefoni=())
        for id, contact in changed["contacts"].items()
    }
    assert ids(Catalog(changed, {}, catalog.known)) == before
    assert set(ids(catalog, "https://altro.example.it/").values()).isdisjoint(before.values())


# --- Rows -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", BODIES)
def test_the_rows_are_the_records(name: str, kind: str) -> None:
    text = written(name)[f"dati/{kind}.csv"]
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    records = read(written(name), kind)["voci"]
    assert text.count("\r\n") >= len(rows) + 1
    assert [row["uuid"] for row in rows] == [record["uuid"] for record in records]
    for row, record in zip(rows, records, strict=True):
        assert None not in row
        assert None not in row.values()
        for key in set(row) & set(record):
            if isinstance(record[key], str):
                assert row[key].removeprefix("'") == record[key]
            if isinstance(record[key], list) and isinstance(record[key][0], dict):
                parts = row[key].split("; ")
                assert len(parts) >= len(record[key])
    filled = {key for row in rows for key, value in row.items() if value}
    assert {"id", "uuid", "percorso", "aggiornato_il"} <= filled


def test_phones_and_places_have_columns_of_their_own() -> None:
    rows = csv.DictReader(io.StringIO(written("casarano")["dati/contatti.csv"], newline=""))
    row = next(row for row in rows if row["id"] == "ufficio-di-piano")
    assert row["telefoni"] == "0833 502428"
    assert row["telefoni_e164"] == "+390833502428"
    assert (row["indirizzo_cap"], row["comune_istat"]) == ("73042", "075016")


@pytest.mark.parametrize("text", ["=1+1", "@cmd", "- una voce", "+SUM(A1)", "\t=1", " =1", "-1+A1"])
def test_a_text_is_no_formula(text: str) -> None:
    assert next(csv.reader([csv_cell(text)])) == [f"'{text}"]


@pytest.mark.parametrize(
    "text", ["+390833502428; +39328", "-3.5", "una - due", "", "1522", "=", ">="]
)
def test_numbers_phones_and_signs_stay_as_they_are(text: str) -> None:
    assert csv_cell(text) == text


@given(st.lists(st.lists(st.text("ab,;\"'\r\n=", max_size=5), min_size=2, max_size=3), max_size=4))
def test_any_text_comes_back(rows: list[list[str]]) -> None:
    found = list(csv.reader(io.StringIO(csv_text(rows), newline="")))
    assert len(found) == len(rows)
    for row, back in zip(rows, found, strict=True):
        assert all(cell in (text, f"'{text}") for text, cell in zip(row, back, strict=True))


def test_json_is_for_people_too() -> None:
    assert json_text({"b": "è", "a": [1]}) == '{\n "b": "è",\n "a": [\n  1\n ]\n}\n'
    data = read(written("casarano"), "contatti")
    assert json_text(data) == json.dumps(data, ensure_ascii=False, indent=1) + "\n"


# --- All files, and the command ---------------------------------------------------------------


@pytest.mark.parametrize("site_url", ["", SITE])
def test_what_is_told_of_is_there(body: Body, today: date, site_url: str) -> None:
    catalog = good_catalog(body(), today)
    data, texts = published(catalog, site_url)
    assert set(data.datasets) >= set(all_datasets(Source(public(catalog), site_url)))
    assert len({dataset.id for dataset in data.datasets}) == len(data.datasets)
    listed = [item.address for dataset in data.datasets for item in dataset.distributions]
    assert len(set(listed)) == len(listed)
    assert set(listed) <= data.sizes.keys()
    assert all(address.startswith("dati/") for address in texts)
    assert data.sizes == {address: len(text.encode()) for address, text in texts.items()}


def test_no_two_writers_write_the_same_file() -> None:
    source = Source(public(catalog_of("casarano")), SITE)
    names = [address for writer in WRITERS for address, _ in writer.files(source)]
    assert len(set(names)) == len(names)


def test_the_command_writes_the_same_files(
    body: Body, today: date, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = body()
    folder = tmp_path / "dati"
    words = ["export", "data", str(where), "--output", str(folder), "--indirizzo", SITE]
    assert main(words) == 0
    out, err = capsys.readouterr()
    wanted = data_files(good_catalog(where, today), SITE)
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.*")}
    assert {f"dati/{name}" for name in found} == wanted.keys()
    assert all(path.read_bytes() == wanted[f"dati/{name}"].encode() for name, path in found.items())
    assert f"Scritto {folder / 'servizi.json'} (" in out
    assert f"In tutto {len(wanted)} file" in out
    assert err.startswith("Manca la licenza")


def test_the_command_names_what_is_left_over(
    body: Body, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "dati"
    (folder / "hsds").mkdir(parents=True)
    (folder / "hsds" / "vecchio.json").write_text("{}")
    (folder / "appunti.txt").write_text("miei")
    assert main(["export", "data", str(body()), "--output", str(folder)]) == 0
    err = capsys.readouterr().err.splitlines()
    assert err[0].startswith("Manca l'indirizzo del sito")
    assert [line for line in err if "vecchio.json» non fa parte" in line]
    assert not [line for line in err if "appunti" in line]
    assert (folder / "hsds" / "vecchio.json").exists()


def test_content_with_errors_is_not_exported(
    body: Body, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = body({SHEET: {"gruppi": ["marziani"]}})
    folder = tmp_path / "dati"
    assert main(["export", "data", str(where), "--output", str(folder)]) == 1
    assert "«marziani»" in capsys.readouterr().err
    assert not folder.exists()
    assert main(["export", "data", str(tmp_path / "manca")]) == 1
    assert "non c'è una cartella «content»" in capsys.readouterr().err
