"""The Italian names of the fields."""

from collections.abc import Iterator
from typing import Any

import pytest

from site_builder.content import RECORDS
from site_builder.titles import field_schema, field_title, field_titles, kind_title
from site_builder.validation import load_schema


def _paths(schema: dict[str, Any], path: tuple[str | int, ...] = ()) -> Iterator[Any]:
    for key, part in schema.get("properties", {}).items():
        yield (*path, key)
        yield from _paths(part, (*path, key))
    if "items" in schema:
        yield from _paths(schema["items"], (*path, 0))


@pytest.mark.parametrize("kind", RECORDS)
def test_every_field_of_every_kind_has_a_title_in_words(kind: str) -> None:
    paths = list(_paths(load_schema(kind)))
    named = {path: field_titles(kind, path)[-1] for path in paths}
    assert len(named) > 1
    # A title is a word for people: it begins with a capital letter, and no key does.
    assert {path for path, title in named.items() if not title[:1].isupper()} == set()
    assert kind_title(kind)[0].isupper()


def test_a_title_is_that_of_the_place_not_of_the_shared_part() -> None:
    assert field_title("contacts", ("indirizzo", "via")) == "Indirizzo, Via o piazza"
    assert field_title("contacts", ("telefoni", 1, "numero")) == "Telefoni, 2º, Numero"
    assert field_titles("services", ("costo", "tariffe", 0, "importo")) == [
        "Quanto costa", "Tariffe", "1º", "Importo (euro)",
    ]  # fmt: skip


def test_the_text_of_a_page_has_a_name_too() -> None:
    assert field_title("pages", ("testo",)) == "Testo della pagina"
    assert field_title("pages", ("title",)) == "Titolo"


def test_what_no_schema_knows_keeps_its_own_name() -> None:
    assert field_title("contacts", ("fax",)) == "«fax»"
    assert field_title("forms", ("esempi", 0, "risposte", "tua_eta")) == (
        "Esempi, 1º, Risposte, «tua_eta»"
    )


def test_the_part_of_the_schema_tells_what_a_value_is() -> None:
    assert field_schema("notices", ("chiude_il",))["format"] == "date"
    assert field_schema("contacts", ("telefoni", 0, "tipo"))["enum"][0] == "fisso"
    assert field_schema("contacts", ("niente", "di", 3, "noto")) == {}
