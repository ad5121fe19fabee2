"""HSDS 3.0: the official schemas accept the export, and refuse what is changed in it."""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hsds_bodies import (
    EVERY,
    NAMES,
    SITE,
    catalog,
    exported,
    official,
    service,
    services,
    source,
    validator,
    walk,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from site_builder.model import Contact
from site_builder.opendata import hsds
from site_builder.opendata.hsds_parts import uri
from site_builder.opendata.public import public
from site_builder.opendata.source import Source
from site_builder.values import Coordinate, Indirizzo

Path = tuple[str | int, ...]


# --- The official schemas accept it -----------------------------------------------------------


@pytest.mark.parametrize(("name", "site_url"), [*((name, SITE) for name in NAMES), (EVERY, "")])
def test_every_service_is_valid_and_has_no_field_beyond_the_standard(
    name: str, site_url: str
) -> None:
    assert _errors(services(name, site_url), strict=True) == []


def test_the_schemas_as_they_are_accept_it_too() -> None:
    assert _errors(services(EVERY), strict=False) == []


def _errors(told: list[dict[str, Any]], strict: bool) -> list[tuple[str, str, str]]:
    assert told
    return [
        (item["name"], error.json_path, error.message)
        for item in told
        for error in validator("service", strict).iter_errors(item)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_the_page_holds_all_of_them(name: str) -> None:
    files = exported(name)
    page = json.loads(files["dati/hsds/services.json"])
    alone = {k: v for k, v in files.items() if k.startswith("dati/hsds/services/")}
    sheets = catalog(name).services
    assert list(alone) == [f"dati/hsds/services/{id}.json" for id in sheets]
    assert page.pop("contents") == [json.loads(text) for text in alone.values()]
    assert page == {
        "total_items": len(sheets), "total_pages": 1, "page_number": 1, "size": len(sheets),
        "first_page": True, "last_page": True, "empty": False,
    }  # fmt: skip


def test_every_case_fills_every_table_and_field_that_we_know() -> None:
    used = {(kind, key) for service in services(EVERY) for kind, _, part in walk(service)
            for key in part}  # fmt: skip
    wanted = {("phone", "extension"), ("schedule", "valid_from"), ("schedule", "notes"),
              ("service", "alert"), ("service", "minimum_age"), ("service", "assured_date"),
              ("location", "latitude"), ("location", "accessibility"), ("language", "code"),
              ("address", "address_2"), ("cost_option", "valid_to"), ("service", "funding"),
              ("required_document", "uri"), ("organization", "organization_identifiers"),
              ("service", "languages"), ("attribute", "value")}  # fmt: skip
    assert wanted <= used


# --- And refuse what is changed in it ---------------------------------------------------------


def _drop_required(kind: str, part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for key in official()[kind]["required"]:
        yield {name: value for name, value in part.items() if name != key}


def _break_types(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for key, value in part.items():
        yield part | {key: None}
        yield part | {key: 7 if isinstance(value, str) else "7"}


def _break_values(kind: str, part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    wrong = {
        "uri": ["non un indirizzo", "https://esempio.it/a b", "https://esempio.it/à"],
        "date-time": ["2026-11-21", "2026-11-21T12:00:00", "ieri"],
        "uuid": ["1", "servizio"],
        "email": ["nessuno"],
    }
    for key in part:
        schema = official()[kind]["properties"][key]
        for value in wrong.get(schema.get("format", ""), []):
            yield part | {key: value}
        if "enum" in schema:
            yield part | {key: "DAILY"}


def _mutations(kind: str, part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The object, wrong in one place each time, in a way that the standard forbids."""
    yield from _drop_required(kind, part)
    yield from _break_types(part)
    yield from _break_values(kind, part)
    yield part | {"campo_nostro": "x"}


def _with(whole: dict[str, Any], path: Path, part: dict[str, Any]) -> dict[str, Any]:
    """The service with another object at a path; the rest is shared."""
    if not path:
        return part
    changed: Any = copy.copy(whole)
    *steps, last = path
    inner = changed
    for step in steps:
        inner[step] = copy.copy(inner[step])
        inner = inner[step]
    inner[last] = part
    return dict(changed)


def _shapes(names: tuple[str, ...]) -> dict[tuple[Any, ...], tuple[dict[str, Any], str, Path]]:
    """One object for each place in a service that has one, with as many fields as can be."""
    found: dict[tuple[Any, ...], tuple[dict[str, Any], str, Path]] = {}
    for name in names:
        for item in services(name):
            for kind, path, part in walk(item):
                steps = tuple(step for step in path if isinstance(step, str))
                found.setdefault((steps, *sorted(part)), (item, kind, path))
    return found


@pytest.mark.slow
def test_one_wrong_thing_anywhere_and_the_service_is_refused() -> None:
    """In each place of a service where there is an object, with each set of fields it has."""
    judge = validator("service", True)
    tried = 0
    for item, kind, path in _shapes((EVERY,)).values():
        part = next(found for _, where, found in walk(item) if where == path)
        for wrong in _mutations(kind, part):
            tried += 1
            assert not judge.is_valid(_with(item, path, wrong)), (kind, path, wrong)
    assert tried > 500


@pytest.mark.parametrize("name", [pytest.param("napoli-tredici", marks=pytest.mark.slow), EVERY])
def test_one_wrong_thing_in_any_object_and_it_is_refused(name: str) -> None:
    """The same for every object of the whole export."""
    judges: dict[str, Draft202012Validator] = {kind: validator(kind, True) for kind in official()}
    seen: set[str] = set()
    for item in services(name):
        for kind, _, part in walk(item):
            if part["id"] in seen:
                continue
            seen.add(part["id"])
            for wrong in _mutations(kind, _without_parts(part)):
                assert not judges[kind].is_valid(wrong), (kind, wrong)
    assert len(seen) > 300


def _without_parts(part: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if not isinstance(value, dict | list)}


# --- Names that stay the same -----------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_an_id_is_of_one_object_only(name: str) -> None:
    found: dict[str, tuple[str, str]] = {}
    for item in services(name):
        for kind, _, part in walk(item):
            said = (kind, json.dumps(part, sort_keys=True))
            assert found.setdefault(part["id"], said) == said


def test_ids_do_not_depend_on_what_is_written() -> None:
    """A title, a number or a note may change: who linked to the object must find it again."""
    body = catalog(EVERY)
    sheets = {
        id: replace(sheet, titolo=f"{sheet.titolo} nuovo", descrizione="Altro.")
        for id, sheet in body.records["services"].items()
    }
    contacts = {
        id: replace(contact, nome=f"{contact.nome} nuovo", orari_nota="Altro.")
        for id, contact in body.contacts.items()
    }
    records = {**body.records, "services": sheets, "contacts": contacts}
    changed = dict(hsds.files(Source(public(replace(body, records=records)), SITE)))
    told = json.loads(changed["dati/hsds/services.json"])["contents"]
    before = {part["id"] for item in services(EVERY) for _, _, part in walk(item)}
    after = {part["id"] for item in told for _, _, part in walk(item)}
    assert before <= after
    assert told[0]["name"].endswith(" nuovo")


@pytest.mark.parametrize("name", NAMES)
def test_the_same_content_gives_the_same_bytes(name: str) -> None:
    body = catalog(name)
    records = {kind: dict(reversed(items.items())) for kind, items in body.records.items()}
    again = dict(hsds.files(Source(public(replace(body, records=records)), SITE)))
    assert again.keys() == exported(name).keys()
    first = {address: text for address, text in exported(name).items() if "tabelle" not in address}
    assert {address: again[address] for address in first} == first


# --- What may not be told ---------------------------------------------------------------------


def test_of_a_secret_place_there_is_only_the_phone() -> None:
    told = service(EVERY, "tutto")
    assert told["phones"] == [
        {
            "id": source(EVERY).uuid("servizi/tutto/#servizio-segreta-telefono-1"),
            "number": "+393287654321",
            "type": "cell",
            "description": "Casa protetta, solo mattina",
        }
    ]
    text = "".join(exported(EVERY).values())
    assert "casa@" not in text
    assert text.count("Casa protetta") == 3  # the page, the service, the table of phones


def test_a_weaker_schema_opens_no_door() -> None:
    """Not even where a secret place has an address, and the writer is given the whole Catalog."""
    body = catalog(EVERY)
    secret: Contact = replace(
        body.contacts["segreta"],
        comune=next(iter(body.comuni)),
        presso="Villa Nascosta",
        indirizzo=Indirizzo(via="Via Nascosta", civico="1", cap="00100"),
        coordinate=Coordinate(lat=41.123456, lon=12.654321),
    )
    records = {**body.records, "contacts": {**body.contacts, "segreta": secret}}
    text = "".join(t for _, t in hsds.files(Source(replace(body, records=records), SITE)))
    for word in ("Nascosta", "41.123456", "12.654321"):
        assert word not in text


def test_no_mailbox_of_a_person() -> None:
    text = "".join(exported(EVERY).values())
    assert "sportello@example.it" in text
    assert "mario.rossi" not in text


# --- The rest ---------------------------------------------------------------------------------


def test_what_is_received_is_no_cost() -> None:
    told = service(EVERY, "aiuto")
    assert "cost_options" not in told
    assert "- Aiuto: 6,50 € al giorno" in told["fees_description"]


def test_only_calls_that_are_not_over_alert() -> None:
    told = service(EVERY, "tutto")
    assert told["status"] == "temporarily closed"
    assert told["alert"] == (
        "Lavori in corso. Dal 1º novembre 2026. Fino al 31 dicembre 2026.\n\n"
        "Avviso: Avviso di prova, dal 1º novembre 2026, fino al 1º dicembre 2026"
    )


def test_ages_are_told_only_where_they_hold_for_all() -> None:
    told = {s["name"]: (s.get("minimum_age"), s.get("maximum_age")) for s in services(EVERY)}
    assert told["@Servizio di prova, con tutto"] == (18, 64)
    assert told["Aiuto economico di prova"] == (None, None)  # months
    assert told["Buoni servizio anziani e disabili"] == (None, None)  # only for some


def test_the_day_of_a_change_is_the_same_all_over_europe() -> None:
    told = service(EVERY, "tutto")
    assert told["last_modified"] == "2026-12-01T12:00:00Z"  # that of a contact, changed later
    assert told["assured_date"] == "2026-10-02"


def test_a_body_without_sheets_has_no_files() -> None:
    body = catalog(EVERY)
    empty = Source(public(replace(body, records={**body.records, "services": {}})), SITE)
    assert list(hsds.files(empty)) == []
    assert list(hsds.datasets(empty)) == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_told_of_the_files_is_there(name: str) -> None:
    (told,) = hsds.datasets(source(name))
    addresses = [item.address for item in told.distributions]
    shared = {a for a in exported(name) if not a.startswith("dati/hsds/services/")}
    assert set(addresses) == shared
    assert len(set(addresses)) == len(addresses)


@settings(max_examples=50)
@given(st.text(st.characters(exclude_categories=["Z", "C"]), max_size=30))
def test_any_address_of_the_content_becomes_a_uri(rest: str) -> None:
    schema = {"type": "string", "format": "uri"}
    judge = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert judge.is_valid(uri(f"https://example.it/{rest}"))
    assert uri(uri(f"https://example.it/{rest}")) == uri(f"https://example.it/{rest}")
