"""HSDS 3.0 as tables: the columns of the standard, keys that lead somewhere, and nothing lost."""

import csv
import io
import json
import re
from collections import defaultdict
from datetime import date, datetime, time
from functools import cache
from typing import Any

import pytest
from hsds_bodies import EVERY, NAMES, exported, kind_of, official, services, validator

from site_builder.opendata.hsds_tables import Tables

ROOM = "dati/hsds/tabelle/"
Row = dict[str, Any]


@cache
def package(name: str) -> dict[str, Any]:
    """The description of the tables of a body."""
    told: dict[str, Any] = json.loads(exported(name)[f"{ROOM}datapackage.json"])
    return told


@cache
def table(name: str, kind: str) -> list[dict[str, str]]:
    """The rows of a table as they are written, but for the apostrophe before a formula."""
    text = exported(name)[ROOM + official()[kind]["path"]]
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    return [{key: _shown(value) for key, value in row.items()} for row in rows]


def _shown(cell: str) -> str:
    return cell[1:] if re.match(r"'[ \xa0]*[=+\-@\t\r\n]", cell) else cell


def typed(kind: str, row: dict[str, str]) -> Row:
    """The row as an object of the standard: empty cells are no fields, numbers are numbers."""
    fields = official()[kind]["properties"]
    return {
        key: float(value) if fields[key]["type"] == "number" else value
        for key, value in row.items()
        if value
    }


def kinds(name: str) -> list[str]:
    """The kinds of objects that have a table."""
    return [resource["name"] for resource in package(name)["resources"]]


# --- The form ---------------------------------------------------------------------------------


def test_there_is_a_table_for_all_that_we_tell() -> None:
    """Three kinds are left out on purpose: a log of changes, notes on tables, and programmes."""
    told = set(kinds(EVERY))
    assert set(official()) - told == {"metadata", "meta_table_description", "program"}
    files = {a.removeprefix(ROOM) for a in exported(EVERY) if a.startswith(ROOM)}
    assert files == {official()[kind]["path"] for kind in told} | {"datapackage.json"}
    assert [kind for kind in told if not table(EVERY, kind)] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_description_says_what_the_standard_says(name: str) -> None:
    for resource in package(name)["resources"]:
        schema = official()[resource["name"]]
        needed = {*schema["required"], *schema.get("tabular_required", [])}
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        assert resource["path"] == schema["path"]
        order = [key for key in schema["properties"] if key in fields]
        assert list(fields) == order
        assert needed == {k for k, f in fields.items() if f.get("constraints", {}).get("required")}
        for key, field in fields.items():
            known = schema["properties"][key]
            assert field["type"] == known.get("datapackage_type", known["type"])
            if field["type"] == "string" and "format" in field:
                assert field["format"] == known["format"]
        text = exported(name)[ROOM + resource["path"]]
        assert text.partition("\r\n")[0] == ",".join(fields)


# --- The rows ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_row_is_valid(name: str) -> None:
    for kind in kinds(name):
        schema, judge = official()[kind], validator(kind, True)
        unique = [
            k for k, v in schema["properties"].items() if v.get("constraints", {}).get("unique")
        ]
        rows = [typed(kind, row) for row in table(name, kind)]
        for row in rows:
            assert [error.message for error in judge.iter_errors(row)] == [], (kind, row)
            assert set(schema.get("tabular_required", [])) <= row.keys(), (kind, row)
            _check_dates(schema, row)
        for key in unique:
            values = [row[key] for row in rows if key in row]
            assert len(set(values)) == len(values), (kind, key)


def _check_dates(schema: dict[str, Any], row: Row) -> None:
    for key, value in row.items():
        match schema["properties"][key].get("datapackage_type"):
            case "date":
                assert date.fromisoformat(value).isoformat() == value
            case "time":
                assert f"{time.fromisoformat(value):%H:%M}" == value
            case "datetime":
                assert f"{datetime.fromisoformat(value):%Y-%m-%dT%H:%M:%SZ}" == value


@pytest.mark.parametrize("name", NAMES)
def test_every_key_leads_to_a_row(name: str) -> None:
    ids = {kind: {row["id"] for row in table(name, kind)} for kind in kinds(name)}
    followed = 0
    for resource in package(name)["resources"]:
        keys = {key["fields"]: key["reference"]["resource"]
                for key in resource["schema"]["foreignKeys"]}  # fmt: skip
        for row in table(name, resource["name"]):
            targets = [(keys[key], row[key]) for key in keys if row[key]]
            if resource["name"] == "attribute":
                targets.append((row["link_entity"], row["link_id"]))
            followed += len(targets)
            assert [target for target in targets if target[1] not in ids[target[0]]] == []
    assert followed > 1000


def test_a_field_without_a_column_is_a_fault() -> None:
    with pytest.raises(KeyError, match="fees"):
        Tables().add("service", {"id": "1", "name": "x", "fees": "deprecato"})


# --- Nothing is lost --------------------------------------------------------------------------


class _Joiner:
    """Puts the tables together again, by the schemas of the standard alone."""

    def __init__(self, name: str) -> None:
        self.rows = {kind: [typed(kind, row) for row in table(name, kind)] for kind in kinds(name)}
        self.by_id = {(kind, row["id"]): row for kind in self.rows for row in self.rows[kind]}
        self.children: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
        for kind, rows in self.rows.items():
            for row in rows:
                for parent, id in self._parents(kind, row):
                    self.children[kind, parent, id].append(row)

    @staticmethod
    def _parents(kind: str, row: Row) -> list[tuple[str, str]]:
        if kind == "attribute":
            return [(row["link_entity"], row["link_id"])]
        return [(key.removesuffix("_id"), value) for key, value in row.items()
                if key.endswith("_id")]  # fmt: skip

    def joined(self, kind: str, row: Row) -> Row:
        """The row with all that belongs to it inside, and without keys."""
        fields = official()[kind]["properties"]
        told = {key: value for key, value in row.items() if not key.endswith("_id")}
        told.pop("link_entity", None)
        for key, field in fields.items():
            if field["type"] == "array" if "type" in field else False:
                inner = kind_of(kind, key)
                parts = self.children[inner, kind, row["id"]] if inner in self.rows else []
                if parts:
                    told[key] = [self.joined(inner, part) for part in parts]
            elif "$ref" in field:
                inner = kind_of(kind, key)
                if id := row.get(f"{inner}_id"):
                    told[key] = self.joined(inner, self.by_id[inner, id])
        return told


@pytest.mark.parametrize("name", NAMES)
def test_the_tables_joined_give_the_nested_objects(name: str) -> None:
    joiner = _Joiner(name)
    told = [joiner.joined("service", row) for row in joiner.rows["service"]]
    assert told == services(name)


def test_a_row_lost_would_be_seen() -> None:
    joiner = _Joiner(EVERY)
    for kind in ("phone", "schedule", "attribute", "address", "cost_option"):
        row = joiner.rows[kind][0]
        parents = [(kind, *parent) for parent in joiner._parents(kind, row)]
        for key in parents:
            kept = joiner.children[key]
            joiner.children[key] = [part for part in kept if part is not row]
        told = [joiner.joined("service", item) for item in joiner.rows["service"]]
        assert told != services(EVERY), kind
        for key in parents:
            joiner.children[key] = [*joiner.children[key], row]
