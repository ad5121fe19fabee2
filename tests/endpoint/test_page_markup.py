"""Every page of the endpoint is valid HTML, by the same rules as the pages of the site."""

from pathlib import Path
from typing import Any

import pytest
import test_html
from endpoint_client import GOOD, Client, compiled
from test_html import Parsed, parsed

from endpoint.forms.definition import read_definition
from endpoint.settings import Settings
from endpoint.stores.sqlite import SqliteStore
from endpoint.stores.store import Unavailable
from endpoint.tokens import Keys

RULES = (
    test_html.test_ids_are_unique_and_what_names_them_finds_them,
    test_html.test_one_h1_and_headings_without_gaps,
    test_html.test_every_control_has_a_label_and_every_button_a_name,
    test_html.test_elements_stand_where_they_may,
    test_html.test_nothing_obsolete_and_nothing_inline,
    test_html.test_landmarks,
)


class _Full(SqliteStore):
    def add(self, *_: Any) -> bool:
        raise Unavailable("SQLITE_FULL")


@pytest.fixture
def pages(make_client: Any, settings: Settings, tmp_path: Path) -> list[Parsed]:
    """One page of every kind."""
    client: Client = make_client()
    key = Keys(*settings.secrets).desk_key()
    thanked: Client = make_client(read_definition(compiled(anonimo=True)))
    data, wrong = client.checked(), GOOD | dict.fromkeys(("nome", "assistito"), "")
    full: Client = make_client(store=_Full(tmp_path / "altro.db"))
    full.now = client.now
    receipt = client.confirm(data).headers["Location"]
    found = {
        "form": client.get("/moduli/prova"),
        "errors": client.post("/moduli/prova", wrong),
        "check": client.post("/moduli/prova", GOOD),
        "again": client.confirm(data | {"azione": ["modifica"]}),
        "foreign": client.confirm(client.checked(), HTTP_SEC_FETCH_SITE="cross-site"),
        "busy": full.confirm(data),
        "receipt": client.get(receipt),
        "asked": client.get("/stato"),
        "unknown": client.post("/stato", {"numero": "x", "codice": "y"}),
        "desk": client.get(f"/sportello/{key}"),
        "desk's form": client.get(f"/sportello/{key}/prova"),
        "desk's errors": client.post("/moduli/prova", wrong | {"_d": key}),
        "thanks": thanked.get(thanked.confirm(thanked.checked()).headers["Location"]),
        "missing": client.get("/niente"),
    }
    client.now += 3600
    found["late receipt"] = client.get(receipt)
    return [parsed(name, answer.text) for name, answer in found.items()]


def test_every_page_is_valid(pages: list[Parsed]) -> None:
    assert len({page.root.findtext(".//h1") for page in pages}) > 6
    assert [(page.url, page.errors) for page in pages if page.errors or not page.doctype] == []
    for rule in RULES:
        rule(pages)


def test_a_rule_that_is_broken_is_found() -> None:
    broken = parsed("x", "<!doctype html><title>x</title><main><h1>x</h1><h3>y</h3></main>")
    with pytest.raises(AssertionError, match="h3 after h1"):
        test_html.test_one_h1_and_headings_without_gaps([broken])
