"""The official schemas of HSDS 3.0, and the bodies whose export is held against them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from bodies import BODIES, ROOT, catalog_of
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from site_builder.catalog import Catalog
from site_builder.content import RECORDS
from site_builder.documents import iter_files, load_document
from site_builder.errors import Problem
from site_builder.model import to_record
from site_builder.opendata import hsds
from site_builder.opendata.public import public
from site_builder.opendata.source import Source
from site_builder.validation import validate

SITE = "https://carta.example.it/"
OFFICIAL = ROOT.parent / "shared" / "standards" / "hsds-3.0"
EVERY = "ogni-caso"
NAMES = (*BODIES, EVERY)
_BASE = "https://hsds.local/schema/"

# One sheet with everything that a sheet can hold, and contacts of each sort.
_DAY = date(2026, 11, 22)  # between the notices of the cases
_CASES = Path(__file__).parent / "hsds"


@cache
def catalog(name: str) -> Catalog:
    """The Catalog of a body, or of the first one with every case in it."""
    return _with_every_case(catalog_of("casarano")) if name == EVERY else catalog_of(name)


def _with_every_case(body: Catalog) -> Catalog:
    records: dict[str, Any] = dict(body.records)
    for kind, path in iter_files(_CASES):
        records[kind] = {**records[kind], path.stem: _record(kind, path)}
    ente = replace(body.carta.ente, codice_fiscale=90012345678, codice_ipa="prova_1")
    records["carta"] = {"carta": replace(body.carta, ente=ente)}
    return Catalog(records, {}, {}, _DAY)


def _record(kind: str, path: Path) -> Any:
    document = load_document(kind, path, _CASES)
    assert not isinstance(document, Problem), document.as_text()
    assert [problem.as_text() for problem in validate(document)] == []
    return to_record(document, RECORDS[kind])


@cache
def source(name: str, site_url: str = SITE) -> Source:
    """What a body may tell."""
    return Source(public(catalog(name)), site_url)


@cache
def exported(name: str, site_url: str = SITE) -> dict[str, str]:
    """The files of a body, by address."""
    return dict(hsds.files(source(name, site_url)))


def services(name: str, site_url: str = SITE) -> list[dict[str, Any]]:
    """The services as they are read from the file."""
    page = json.loads(exported(name, site_url)["dati/hsds/services.json"])
    contents: list[dict[str, Any]] = page["contents"]
    return contents


def service(name: str, id: str) -> dict[str, Any]:
    """One service as it is read from its file."""
    told: dict[str, Any] = json.loads(exported(name)[f"dati/hsds/services/{id}.json"])
    return told


# --- The official schemas ---------------------------------------------------------------------


@cache
def official() -> dict[str, dict[str, Any]]:
    """The schemas of the standard, by kind of object."""
    if not OFFICIAL.is_dir():
        pytest.skip(f"gli schemi ufficiali di HSDS 3.0 non ci sono: {OFFICIAL}")
    return {path.stem: json.loads(path.read_text("utf-8")) for path in OFFICIAL.glob("*.json")}


@cache
def validator(kind: str, strict: bool) -> Draft202012Validator:
    """Judges an object of a kind; if `strict`, no field beyond those of the standard."""
    resources = {
        f"{_BASE}{name}.json": _closed(schema) if strict else schema
        for name, schema in official().items()
    }
    registry: Registry[Any] = Registry().with_resources(
        (uri, Resource.from_contents({**schema, "$id": uri}, DRAFT202012))
        for uri, schema in resources.items()
    )
    return Draft202012Validator(
        {"$ref": f"{_BASE}{kind}.json"},
        registry=registry,
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


def _closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(part) for key, part in schema.items()}
    return closed | {"additionalProperties": False} if "properties" in closed else closed


def kind_of(parent: str, key: str) -> str:
    """The kind of object that the standard has under a key."""
    schema = official()[parent]["properties"][key]
    reference: str = schema.get("items", schema)["$ref"]
    return reference.removesuffix(".json")


def walk(
    told: dict[str, Any], kind: str = "service", path: tuple[str | int, ...] = ()
) -> Iterator[tuple[str, tuple[str | int, ...], dict[str, Any]]]:
    """Every object inside one, itself included: (kind, path, object)."""
    yield kind, path, told
    for key, value in told.items():
        if isinstance(value, dict):
            yield from walk(value, kind_of(kind, key), (*path, key))
        elif isinstance(value, list):
            for number, part in enumerate(value):
                yield from walk(part, kind_of(kind, key), (*path, key, number))
