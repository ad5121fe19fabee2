"""The Italian name of a field: the title that the JSON Schema gives to the key at a path."""

from typing import Any

from site_builder.documents import PAGES
from site_builder.loader import KeyPath
from site_builder.validation import load_schema

# Said of a page, whose text stands below its front matter and in no schema.
TEXT = "testo"


def kind_title(kind: str) -> str:
    """What one file of a kind is called: «Contatto», «Scheda di un servizio»."""
    title: str = load_schema(kind)["title"]
    return title


def field_schema(kind: str, path: KeyPath) -> dict[str, Any]:
    """The part of the schema for the value at `path`; empty if no schema knows it."""
    schema = load_schema(kind)
    for step in path:
        known = schema.get("items") if isinstance(step, int) else _property(schema, step)
        schema = known if isinstance(known, dict) else {}
    return schema


def field_titles(kind: str, path: KeyPath) -> list[str]:
    """The title of each key on the way: «indirizzo», «cap» gives «Indirizzo», «CAP».

    A place in a list is its number: «Telefoni», «2º», «Numero».
    """
    return [_title(kind, path[: place + 1]) for place in range(len(path))]


def field_title(kind: str, path: KeyPath) -> str:
    """The same as one phrase: «Telefoni, 2º, Numero»."""
    return ", ".join(field_titles(kind, path))


def _title(kind: str, path: KeyPath) -> str:
    step = path[-1]
    if isinstance(step, int):
        return f"{step + 1}º"
    if kind == PAGES and path == (TEXT,):
        return "Testo della pagina"
    # Only what people named themselves has no title: the answers in the examples of a form.
    title: str = field_schema(kind, path).get("title", f"«{step}»")
    return title


def _property(schema: dict[str, Any], key: str) -> Any:
    return schema.get("properties", {}).get(key, schema.get("additionalProperties"))
