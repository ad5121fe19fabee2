"""Schemas and records say the same: every key is a field, every field a key."""

import copy
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from types import NoneType
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.validators import extend

from site_builder.content import RECORDS
from site_builder.documents import Document, iter_files, load_document
from site_builder.model import Record, to_record
from site_builder.resources import resource_dir
from site_builder.validation import load_schema, validate

ROOT = resource_dir("schemas").parent
COMMON = {field.name for field in fields(Record)}


def inner(hint: Any) -> Any:
    """The class inside `X | None` and `tuple[X, ...]`, or the hint itself."""
    for part in get_args(hint):
        if part not in (NoneType, Ellipsis):
            return inner(part)
    return hint


def pairs(schema: dict[str, Any], record: type, path: str) -> Iterator[tuple[str, Any, type]]:
    """Every object of a schema with the class that stands for it."""
    yield path, schema, record
    for name, hint in get_type_hints(record).items():
        part = schema["properties"].get(name, {})
        part = part.get("items", part)
        if is_dataclass(inner(hint)) and part:
            yield from pairs(part, inner(hint), f"{path}.{name}")


PAIRS = [
    pair for kind, record in RECORDS.items() for pair in pairs(load_schema(kind), record, kind)
]


@pytest.mark.parametrize(("schema", "record"), [p[1:] for p in PAIRS], ids=[p[0] for p in PAIRS])
def test_keys_are_fields_and_what_is_required_has_no_default(
    schema: dict[str, Any], record: type
) -> None:
    names = {field.name for field in fields(record)}
    spare = COMMON if issubclass(record, Record) else set()
    assert set(schema["properties"]) - names == set()
    assert names - set(schema["properties"]) - spare == set()
    needed = {f.name for f in fields(record) if f.default is MISSING}
    assert needed == set(schema.get("required", [])) - spare


@pytest.mark.parametrize("schema", [p[1] for p in PAIRS], ids=[p[0] for p in PAIRS])
def test_every_object_in_a_schema_has_its_class(schema: dict[str, Any]) -> None:
    found = {name for name, part in schema["properties"].items() if "properties" in leaf(part)}
    record = next(p[2] for p in PAIRS if p[1] is schema)
    hints = get_type_hints(record)
    assert found == {name for name in found if is_dataclass(inner(hints[name]))}


def leaf(schema: dict[str, Any]) -> dict[str, Any]:
    return leaf(schema["items"]) if "items" in schema else schema


DOCUMENTS = [
    document
    for kind, path in iter_files(ROOT)
    if isinstance(document := load_document(kind, path, ROOT), Document)
]


def leaves(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (holder, key) of JSON-like data."""
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in steps:
        yield value, key
        if isinstance(item, dict | list):
            yield from leaves(item)


ODD = st.sampled_from([
    None, True, 0, -1, 10**14, 1.5, -0.0, 1e15, "", " ", "x", "2026-02-29", "0001-01-01", "09:00",
    "lun", "112", "x" * 300, "1" * 15, 20.0, [], [[]], {}, {"x": 1}, ["x"],
])  # fmt: skip


def changed(data: st.DataObject) -> Document:
    """One of the documents of this repository with one value replaced by something odd."""
    document = data.draw(st.sampled_from(DOCUMENTS))
    twin = copy.deepcopy(document.data)
    holder, key = data.draw(st.sampled_from(list(leaves(twin))))
    holder[key] = data.draw(ODD)
    return Document(document.kind, document.path, twin, document.positions)


@settings(max_examples=500)
@given(st.data())
def test_what_fits_its_schema_becomes_a_record(data: st.DataObject) -> None:
    document = changed(data)
    problems = validate(document)
    assert all(p.message and p.line >= 1 and p.column >= 1 for p in problems)
    if not problems:
        assert to_record(document, RECORDS[document.kind])


INTEGER = Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, x: type(x) is int)


@given(st.data())
def test_the_verdict_is_that_of_the_json_schema_library(data: st.DataObject) -> None:
    document = changed(data)
    plain = extend(Draft202012Validator, type_checker=INTEGER)
    schema = load_schema(document.kind)
    errors = list(plain(schema, format_checker=FormatChecker(["date"])).iter_errors(document.data))
    places = {document.position(tuple(error.absolute_path)) for error in errors}
    problems = validate(document)
    assert bool(problems) == bool(errors)
    unknown = {"campo-sconosciuto"}  # shown at the key, not at the mapping that has it
    assert {(p.line, p.column) for p in problems if p.rule not in unknown} <= places
