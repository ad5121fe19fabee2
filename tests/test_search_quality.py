"""Whether the search page finds what citizens mean: their words against the right sheets.

The first part of `search/queries.yml` was used to set the search up; the others were written after.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from in_browser import ROOT, chromium, serve
from playwright.sync_api import Page

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PARTS: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (ROOT / "tests" / "search" / "queries.yml").read_text("utf-8")
)
LEAST = 0.90  # share of the queries with a right answer among the first three
_SHOWN = 10


@pytest.fixture(scope="module")
def search_page(folder: Path) -> Iterator[Page]:
    with serve(folder) as address, chromium() as browser:
        page = browser.new_page()
        page.goto(f"{address}cerca/")
        yield page


def _ask(page: Page, words: str) -> list[str]:
    """The addresses of the first results, from the root of the site."""
    field = page.get_by_label("Di cosa hai bisogno?")
    field.fill(words)
    field.press("Enter")
    page.locator('#cerca-risultati[aria-busy="false"]').wait_for(state="attached")
    links = page.locator("#cerca-risultati a").evaluate_all(
        "links => links.map((link) => new URL(link.href).pathname)"
    )
    return [link.removeprefix("/") for link in links[:_SHOWN]]


def _right(query: dict[str, Any]) -> set[str]:
    sheets = (f"servizi/{id}/" for id in query.get("servizi", ()))
    return {*sheets, *query.get("pagine", ())}


def _rank(found: list[str], right: set[str]) -> int:
    """The place of the first right answer, from 1; 0 if there is none."""
    return next((place for place, url in enumerate(found, start=1) if url in right), 0)


def test_the_list_is_long_and_names_what_exists() -> None:
    queries = [query for part in PARTS.values() for query in part]
    words = [query["cerca"] for query in queries]
    assert len(words) >= 130
    assert len(set(words)) == len(words)
    sheets = {path.stem for path in (ROOT / "content" / "services").glob("*.yml")}
    assert {id for query in queries for id in query.get("servizi", ())} <= sheets
    assert all(_right(query) for query in queries)


@pytest.mark.parametrize("part", PARTS)
def test_citizens_find_what_they_mean(search_page: Page, part: str) -> None:
    queries = PARTS[part]
    found = [_ask(search_page, query["cerca"]) for query in queries]
    ranks = [_rank(urls, _right(query)) for urls, query in zip(found, queries, strict=True)]
    for query, urls, rank in zip(queries, found, ranks, strict=True):
        if not 1 <= rank <= 3:
            print(f"  non fra i primi tre: {query['cerca']!r} -> {urls[:3]}")
    share = {most: sum(1 <= rank <= most for rank in ranks) / len(ranks) for most in (1, 3)}
    mean = sum(1 / rank for rank in ranks if rank) / len(ranks)
    print(f"{part}: {len(ranks)} domande, hit@1 {share[1]:.3f} hit@3 {share[3]:.3f} MRR {mean:.3f}")
    assert share[3] >= LEAST
