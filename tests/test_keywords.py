"""The words by which the search knows a sheet, and the list it corrects from."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from site_builder.catalog import Catalog
from site_builder.check import load_checked
from site_builder.keywords import keywords, word_list, words_of

_SHEET = "content/services/asilo-nido.yml"
_GLOSSARY = "content/glossary.yml"


@pytest.fixture
def catalog(body: Callable[..., Path], today: date) -> Callable[[dict[str, Any]], Catalog]:
    return lambda changes: load_checked(body(changes), today)[0]


def _term(**more: object) -> dict[str, object]:
    term = {"id": "v", "termine": "Asilo nido", "definizione": "Un posto."}
    return {"voci": [term | {"fonte": {"documento": "carta-prova", "riga": 1}} | more]}


def _words(catalog: Catalog) -> list[str]:
    return keywords(catalog, catalog.services["asilo-nido"])


def test_a_sheet_is_known_by_its_own_words_and_its_acronym_without_dots(catalog) -> None:
    changed = catalog(
        {_SHEET: {"parole_chiave": ["dove lascio il bimbo", "nido"], "sigla": "A.N."}}
    )
    assert _words(changed) == ["dove lascio il bimbo", "nido", "AN"]


@pytest.mark.parametrize(
    ("term", "is_known"),
    [
        ({}, True),  # the same title
        ({"termine": "Nido", "servizi": ["asilo-nido"]}, True),
        ({"termine": "Nido"}, False),
    ],
)
def test_a_sheet_is_known_by_the_aliases_of_its_terms(catalog, term, is_known) -> None:
    changed = catalog({_GLOSSARY: _term(alias=["scuola dei piccoli"], **term)})
    assert ("scuola dei piccoli" in _words(changed)) is is_known


def test_the_list_holds_what_can_be_misspelt_and_the_synonyms(catalog) -> None:
    groups = [["mamma", "madre"]]
    found = json.loads(word_list(catalog({_GLOSSARY: {"voci": [], "sinonimi": groups}})))
    assert {"asilo", "nido", "bambini", "casarano", "segretariato"} <= set(found["parole"].split())
    assert "un" not in found["parole"].split()
    assert found["sinonimi"] == groups


def test_the_list_is_the_same_each_time(catalog) -> None:
    assert word_list(catalog({})) == word_list(catalog({}))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Dov'è il C.A.V.?", ["dov", "e", "il", "cav"]),
        ("Più università", ["piu", "universita"]),
        ("legge 104", ["legge"]),
        ("", []),
    ],
)
def test_words_of(text: str, wanted: list[str]) -> None:
    assert words_of(text) == wanted
