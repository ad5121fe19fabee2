"""Hold documents against the JSON Schemas and say in plain Italian what does not fit."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from site_builder.documents import Document
from site_builder.errors import Problem, nearest
from site_builder.loader import Key, KeyPath
from site_builder.resources import resource_dir

# JSON Schema counts 3.0 as an integer; who reads the records does not.
_TYPES_OF_JSON = Draft202012Validator.TYPE_CHECKER.redefine(
    "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
)


def validate(document: Document) -> list[Problem]:
    """Return every way in which the document does not fit the schema of its kind."""
    errors = _validator(document.kind).iter_errors(document.data)
    found = (problem for error in errors for problem in _problems(document, _Failure.of(error)))
    return list(dict.fromkeys(found))


@cache
def load_schema(kind: str) -> dict[str, Any]:
    """The schema of a kind of content, with the parts it shares with others put in place."""
    schema = _read(f"{kind}.json")
    resolved: dict[str, Any] = _inline(schema)
    return resolved


@cache
def _validator(kind: str) -> Validator:
    return _made(load_schema(kind))


def _made(schema: dict[str, Any]) -> Validator:
    # One for each part of a schema, made once: the library makes one for each value it meets,
    # which takes longer than the check itself.
    found = _MADE.get(id(schema))
    return found or _MADE.setdefault(id(schema), _Validator(schema, format_checker=_FORMATS))


def _properties(_: Validator, parts: dict[str, Any], value: Any, __: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, part in parts.items():
            if key in value:
                yield from _within(part, key, value[key])


def _items(_: Validator, part: dict[str, Any], value: Any, __: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _within(part, index, item)


def _within(part: dict[str, Any], key: Key, value: Any) -> Iterator[Any]:
    for error in _made(part).iter_errors(value):
        error.path.appendleft(key)
        yield error


_Validator = extend(  # type: ignore[no-untyped-call]  # untyped in the library
    Draft202012Validator, {"properties": _properties, "items": _items}, type_checker=_TYPES_OF_JSON
)
_FORMATS = FormatChecker(["date"])
_MADE: dict[int, Validator] = {}  # by the identity of the schema, which the cache keeps alive


@cache
def _read(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((resource_dir("schemas") / name).read_text("utf-8"))
    return schema


def _inline(schema: Any) -> Any:
    # Following a $ref costs the validator more than the check itself; editors read the originals.
    if isinstance(schema, list):
        return [_inline(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    own = {key: _inline(value) for key, value in schema.items() if key != "$ref"}
    if "$ref" not in schema:
        return own
    target: Any = _read("common.json")
    for step in schema["$ref"].partition("#/")[2].split("/"):
        target = target[step]
    return {**_inline(target), **own}


class _Failure(NamedTuple):
    """What the validator says of one failed keyword, as far as it is used here."""

    path: KeyPath
    keyword: str
    value: Any
    limit: Any
    schema: dict[str, Any]

    @classmethod
    def of(cls, error: Any) -> "_Failure":
        path = tuple(error.absolute_path)
        return cls(path, error.validator, error.instance, error.validator_value, error.schema)


def _problems(document: Document, failure: _Failure) -> Iterator[Problem]:
    path, known = failure.path, failure.schema.get("properties", {})
    if failure.keyword == "additionalProperties":
        for key in sorted(set(failure.value) - set(known)):
            yield _problem(
                document, (*path, key), "campo-sconosciuto",
                f"Il campo «{key}» qui non esiste.", nearest(key, list(known)),
            )  # fmt: skip
    elif failure.keyword == "required":
        # The validator reports each missing key apart, but always with the whole list.
        for key in set(failure.limit) - set(failure.value):
            title, example = known[key].get("title", key), _example(known[key])
            yield _problem(
                document, path, "campo-mancante", f"Manca il campo «{key}» ({title}).",
                f"Aggiungi una riga «{key}: …». {example}",
            )  # fmt: skip
    else:
        message, hint = _sentence(failure)
        message = failure.schema.get("x-messaggio", f"{_name(path)} {message}")
        rule = _RULES.get(failure.keyword, "schema")
        yield _problem(document, path, rule, message, failure.schema.get("x-rimedio", hint))


def _problem(document: Document, path: KeyPath, rule: str, message: str, hint: str) -> Problem:
    line, column = document.position(path)
    return Problem(document.path, line, column, "errore", rule, message, hint.strip())


_RULES = {
    "type": "tipo-sbagliato", "enum": "valore-non-ammesso", "const": "valore-non-ammesso",
    "pattern": "forma-sbagliata", "format": "data-inesistente", "not": "campo-vietato",
    "minLength": "lunghezza", "maxLength": "lunghezza",
}  # fmt: skip


_TYPES = {
    "string": "un testo", "integer": "un numero intero", "number": "un numero",
    "boolean": "true o false", "array": "un elenco, con un trattino per riga",
    "object": "un gruppo di campi, rientrati sotto",
}  # fmt: skip


def _sentence(failure: _Failure) -> tuple[str, str]:
    """Message (without the name of the field) and remedy for one failed keyword."""
    value, limit, schema = failure.value, failure.limit, failure.schema
    match failure.keyword:
        case "type" if value is None:
            return "è vuoto.", "Scrivi il valore, o togli la riga."
        case "type":
            wanted = limit if isinstance(limit, str) else limit[0]
            quoted = wanted == "string" and isinstance(value, int | float)
            hint = f'Metti le virgolette: "{_shown(value)}".' if quoted else _example(schema)
            return f"deve essere {_TYPES[wanted]}, non {_shown(value)}.", hint
        case "enum":
            choices = ", ".join(map(str, limit))
            return (
                f"non può essere {_shown(value)}.",
                f"{nearest(value, limit)} Valori: {choices}.",
            )
        case "minLength" | "minItems" | "minProperties":
            return "è vuoto o troppo corto.", _example(schema)
        case "maxLength":
            return f"è lungo {len(value)} caratteri: il massimo è {limit}.", "Accorcialo."
        case "minimum":
            return f"deve essere almeno {limit}, non {_shown(value)}.", _example(schema)
        case "maximum":
            return f"può essere al massimo {limit}, non {_shown(value)}.", _example(schema)
        case "uniqueItems":
            return "ripete due volte la stessa voce.", "Tienine una."
        case "maxProperties":
            return "ha più di un campo: ne serve uno solo.", "Dividilo in più voci."
        case _:
            return f"non è scritto nel modo giusto: {_shown(value)}.", _example(schema)


def _name(path: KeyPath) -> str:
    if not path:
        return "Il documento"
    names = [f"{step + 1}º" if isinstance(step, int) else f"«{step}»" for step in path]
    return "Il campo " + " → ".join(names)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "…"


def _example(schema: dict[str, Any]) -> str:
    examples = schema.get("examples")
    return f"Per esempio: {_shown(examples[0])}." if examples else schema.get("description", "")
