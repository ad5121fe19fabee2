"""A JSON Schema as the fields of a form in the CMS: labels, hints, limits, lists to choose from."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from site_builder.admin.choices import Choices
from site_builder.documents import PAGES
from site_builder.loader import KeyPath
from site_builder.pointers import target_of
from site_builder.titles import TEXT
from site_builder.validation import load_schema

Schema = dict[str, Any]
Field = dict[str, Any]

_ONE_LINE = 255  # characters; longer texts get a box
_SHORT = 4  # fields
# Words whose spelling says more than the value that stands in the files.
_LABELS = {
    "ambito": "l'Ambito", "comune": "il Comune", "asl": "l'azienda sanitaria", "inps": "INPS",
    "equipe": "équipe", "pubblica_utilita": "numero di pubblica utilità", "verde": "numero verde",
    "provincia": "la Provincia", "regione": "la Regione", "ltr": "da sinistra a destra",
    "rtl": "da destra a sinistra", ">=": "almeno", "<=": "al massimo", "=": "esattamente",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the content of a kind a field stands."""

    kind: str
    choices: Choices
    path: KeyPath = ()
    # Inside of something that may be left out, nothing is required until it is filled in.
    relaxed: bool = False

    def to(self, step: str | int, relaxed: bool = False) -> "_Place":
        return _Place(self.kind, self.choices, (*self.path, step), relaxed)


def fields(kind: str, choices: Choices) -> list[Field]:
    """The form for a kind of content: a field for each property of its schema, in its order."""
    found = list(_fields(load_schema(kind), _Place(kind, choices)))
    if kind == PAGES:
        text = {"name": "body", "label": "Testo della pagina", "widget": "text", "required": False}
        found.append({**text, "hint": f"Il {TEXT} in Markdown, come sta nel file."})
    return found


def _fields(schema: Schema, place: _Place) -> Iterator[Field]:
    required = schema.get("required", ())
    for name, part in schema["properties"].items():
        wanted = name in required
        field = _field(name, part, place.to(name, place.relaxed or not wanted))
        field["required"] = wanted and not place.relaxed
        if wanted:
            field["obbligatorio"] = True  # patch.js asks for it where the CMS must not
        yield field


def _field(name: str, schema: Schema, place: _Place) -> Field:
    field = {"name": name, "label": schema.get("title", name.replace("_", " ").capitalize())}
    if hint := _hint(schema, place):
        field["hint"] = hint
    return {**field, **_widget(schema, place)}


def _widget(schema: Schema, place: _Place) -> Field:
    kinds = _types(schema)
    if kinds[0] == "object":
        return _object(schema, place)
    if kinds[0] == "array":
        return _list(schema["items"], place)
    if target := target_of(place.kind, place.path):
        return {"widget": "select", "options": place.choices[target]}
    if "enum" in schema:
        return {"widget": "select", "options": _options(schema["enum"])}
    if kinds == ["boolean"]:
        return {"widget": "boolean"}
    if set(kinds) <= {"integer", "number"}:
        return _number(schema, kinds[0])
    return _text(schema, place)


def _object(schema: Schema, place: _Place) -> Field:
    if "properties" not in schema:
        return {"widget": "carta-libero"}
    return {"widget": "object", "collapsed": True, "fields": list(_fields(schema, place))}


def _list(items: Schema, place: _Place) -> Field:
    inside = place.to(0)
    kind = _types(items)[0]
    if kind == "object":
        inner = list(_fields(items, inside))
        # A telephone is open to be mended; long items, and where they come from, are one line.
        closed = len(inner) > _SHORT or items.get("title") == "Fonte"
        field = {"widget": "list", "fields": inner, "collapsed": closed}
        return {**field, "summary": _summary(items), "label_singular": "voce"}
    if kind == "array":  # words without commas, one list a line
        return {"widget": "list", "field": {"name": "voce", "label": "Parole", "widget": "list"}}
    part = _widget(items, inside)
    if part["widget"] == "select":
        return {**part, "multiple": True}
    one = {"name": "voce", "label": items.get("title", "Voce"), "required": True, **part}
    return {"widget": "list", "field": one, "collapsed": False, "label_singular": "voce"}


def _text(schema: Schema, place: _Place) -> Field:
    if place.path == ("id",):
        widget = "carta-id"
    elif schema.get("format") == "date":
        return {"widget": "carta-giorno"}
    else:
        widget = "text" if schema.get("maxLength", 0) > _ONE_LINE else "string"
    pattern = _pattern(schema)
    return {"widget": widget, "pattern": pattern} if pattern else {"widget": widget}


def _pattern(schema: Schema) -> list[str]:
    """An expression and what to say if a text does not fit it; empty if any text will do."""
    low, high = schema.get("minLength", 0), schema.get("maxLength")
    if "pattern" in schema:
        example = _example(schema)
        said = schema.get("x-rimedio") or f"Non è scritto nel modo giusto. {example}".strip()
        # A number is right too where the schema takes both.
        also = "|^[0-9]+$" if "integer" in _types(schema) else ""
        return [schema["pattern"] + also, said]
    if not high:
        return []
    return [rf"^[\s\S]{{{low},{high}}}$", f"Da {low} a {high} caratteri."]


def _number(schema: Schema, kind: str) -> Field:
    field: Field = {"widget": "number", "value_type": "int" if kind == "integer" else "float"}
    field |= {} if kind == "integer" else {"step": 0.01}
    limits = {"min": schema.get("minimum"), "max": schema.get("maximum")}
    return field | {name: limit for name, limit in limits.items() if limit is not None}


def _summary(items: Schema) -> str:
    """The line of a closed item: the first two of its values that have to be there."""
    names = [name for name in items["properties"] if name in items.get("required", ())]
    shown = [n for n in names or items["properties"] if _types(items["properties"][n])[0]
             not in ("object", "array")]  # fmt: skip
    return " · ".join(f"{{{{fields.{name}}}}}" for name in shown[:2])


def _options(values: list[Any]) -> list[dict[str, Any]]:
    return [{"label": _LABELS.get(v, str(v).replace("_", " ")), "value": v} for v in values]


def _hint(schema: Schema, place: _Place) -> str:
    """The help below a field. In a form nobody writes `true` or quotation marks."""
    said = schema.get("description", "").replace(", fra virgolette", "")
    said = re.sub(r"\btrue\b", "Sì", said)
    example = "" if target_of(place.kind, place.path) else _example(schema)
    return f"{said} {example if example[14:] not in said else ''}".strip()


def _example(schema: Schema) -> str:
    found = next(iter(schema.get("examples", ())), None)
    return f"Per esempio: {found}" if isinstance(found, str | int) else ""


def _types(schema: Schema) -> list[str]:
    found = schema.get("type", "string")
    return [found] if isinstance(found, str) else list(found)
