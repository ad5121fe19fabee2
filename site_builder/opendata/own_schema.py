"""The published schemas of our own data, made from those of the content: they cannot drift apart.

Titles, descriptions and limits are the same. What differs is told in `plain.py`: a name that points
to something becomes `{id, nome}`, a number that may also be text is text, words are added.
"""

import json
import re
from functools import cache
from typing import Any

from site_builder.opendata.own_schema_parts import ADDED, NAMED, OF_STANDARDS, WHERE, Schema
from site_builder.opendata.plain import REFERENCES
from site_builder.resources import resource_dir

VERSION = "1.0"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
# By kind of data: the schema of the content that it comes from.
_SOURCES = {"servizi": "services", "contatti": "contacts", "standard": "standards"}
# What only who edits needs; «fonte.nota» is the note of a source, not that of a phone.
_OURS = {"solo_ricerca", "nominativa", "fonte.nota"}
_SENTENCE = re.compile(r"(?<=\.)\s+(?=[A-Z])")
_OF_EDITORS = ("content/", ".yml")  # sentences about the files in which the content is written


def published_schema(kind: str, title: str, about: str, address: str = "") -> Schema:
    """The JSON Schema of one file of data; with an `$id` only where the site has an address."""
    maker = _Maker()
    record = maker.record(kind)
    head = {"$schema": DIALECT} | ({"$id": address} if address else {})
    return head | {
        "title": title,
        "description": f"{about} Versione {VERSION}.",
        "type": "object",
        "required": ["$schema", "schema_version", "titolo", "ente", "generato_da",
                     "aggiornato_il", "voci"],
        "additionalProperties": False,
        "properties": maker.envelope(title) | {"voci": {"title": "Voci", "type": "array",
                                                        "items": {"$ref": "#/$defs/voce"}}},
        "$defs": {"voce": record, **dict(sorted(maker.defs.items()))},
    }  # fmt: skip


class _Maker:
    """Turns schemas of the content into published ones; `defs` are the shared parts met so far."""

    def __init__(self) -> None:
        self.defs: dict[str, Schema] = {}

    def record(self, kind: str) -> Schema:
        """The schema of one record."""
        made = self._made(_read(_SOURCES[kind]), kind)
        self._share("slug")
        self._share("url")
        self.defs["riferimento"] = NAMED
        if kind == "standard":
            self.defs["risultato"] = self._result()
            made["properties"] |= OF_STANDARDS
            # One of a sheet has neither a title nor, always, a source of its own.
            shared = set(_common("standard")["required"])
            made["required"] = [*(key for key in made["required"] if key in shared), "origine"]
        made["properties"] = _first(made["properties"] | WHERE)
        made["required"] = [*made["required"], "uuid", "percorso"]
        return made

    def envelope(self, title: str) -> Schema:
        """What the file says of itself, before its records."""
        carta = _read("carta")["properties"]
        whose = ("nome", "nome_breve", "codice_fiscale", "codice_ipa")
        ente = self._made(carta["ente"], "ente")
        ente["properties"] = {key: ente["properties"][key] for key in whose}
        ente["required"] = [key for key in ente["required"] if key in whose]
        text = {"type": "string", "minLength": 1}
        return {
            "$schema": text | {"title": "Schema", "description": "Dove sta questo schema."},
            "schema_version": {"title": "Versione dello schema", "const": VERSION},
            "titolo": {"title": "Titolo", "const": title},
            "ente": ente,
            "licenza": self._made(carta["licenza"], "licenza"),
            "generato_da": text | {"title": "Programma"},
            "url": {"$ref": "#/$defs/url", "title": "Indirizzo del file"},
            "aggiornato_il": self._made(_common("data"), "data") | {
                "title": "Aggiornato il", "description": "Il giorno della voce più recente.",
            },
        }  # fmt: skip

    def _result(self) -> Schema:
        year = _read("results")["properties"]
        made = self._made(year["misure"]["items"], "risultato")
        of_year = {key: self._made(year[key], key) for key in ("anno", "di_prova")}
        told = {key: part for key, part in made["properties"].items() if key != "standard"}
        required = ["anno", *(key for key in made["required"] if key != "standard")]
        return made | {"properties": of_year | told, "required": required}

    def _made(self, schema: Schema, name: str) -> Schema:
        if "$ref" in schema:
            return self._referred(schema)
        made: Schema = {}
        for key, value in schema.items():
            match key:
                case "properties":
                    made[key] = self._properties(value, name)
                case "items" | "if" | "then":
                    made[key] = self._made(value, name)
                case _ if key[0] not in "$x":
                    made[key] = value
        if "items" in made and name in ADDED:
            made["items"]["properties"] |= ADDED[name]
        return _as_text(_for_readers(made))

    def _properties(self, parts: dict[str, Schema], name: str) -> Schema:
        hidden = {key for key in parts if key in _OURS or f"{name}.{key}" in _OURS}
        return {key: self._property(key, part) for key, part in parts.items() if key not in hidden}

    def _property(self, key: str, part: Schema) -> Schema:
        target = part.get("$ref", "").partition("#/")[2]
        if target.count("/") > 1:  # a part of a shared part
            part = _at(target) | {key: value for key, value in part.items() if key != "$ref"}
            target = part.get("$ref", "").partition("#/")[2]
        listed = part.get("items", {}).get("$ref", "").endswith("/slug")
        if key not in REFERENCES or not (listed or target in ("$defs/slug", "$defs/slugs")):
            return self._made(part, key)
        said = _for_readers({k: part[k] for k in ("title", "description") if k in part})
        named = {"$ref": "#/$defs/riferimento"}
        return said | (named if target == "$defs/slug" else {"type": "array", "items": named})

    def _referred(self, schema: Schema) -> Schema:
        name = schema["$ref"].rpartition("/")[2]
        self._share(name)
        own = {key: value for key, value in schema.items() if key != "$ref"}
        return {"$ref": f"#/$defs/{name}"} | self._made(own, name)

    def _share(self, name: str) -> None:
        if name not in self.defs:
            self.defs[name] = {}  # for one that refers to itself
            self.defs[name] = self._made(_common(name), name)


def _for_readers(schema: Schema) -> Schema:
    """Without the sentences that are about the files of the content."""
    if "description" not in schema:
        return schema
    said = _SENTENCE.split(schema["description"])
    kept = " ".join(part for part in said if not any(mark in part for mark in _OF_EDITORS))
    return {
        key: kept if key == "description" else value
        for key, value in schema.items()
        if key != "description" or kept
    }


def _as_text(schema: Schema) -> Schema:
    if schema.get("type") != ["string", "integer"]:
        return schema
    told = {key: value for key, value in schema.items() if key not in ("minimum", "maximum")}
    return told | {"type": "string"}


def _first(properties: Schema) -> Schema:
    """The id and where the record is found, then the rest."""
    head = [key for key in ("id", *WHERE) if key in properties]
    return {key: properties[key] for key in head} | properties


def _common(name: str) -> Schema:
    part: Schema = _read("common")["$defs"][name]
    return part


def _at(path: str) -> Schema:
    part: Any = _read("common")
    for step in path.split("/"):
        part = part[step]
    return dict(part)


@cache
def _read(name: str) -> Schema:
    schema: Schema = json.loads((resource_dir("schemas") / f"{name}.json").read_text("utf-8"))
    return schema
