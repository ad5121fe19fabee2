"""The pages of the forms: online where the body has an endpoint, on paper where it has none."""

import re
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from in_browser import ROOT
from test_forms import CARTA, FORM, form, procedure

from endpoint.web.app import style_sheet as endpoint_sheet
from site_builder.content import read_content
from site_builder.pages import SitePage, iter_pages
from site_builder.style import style_sheet

ENDPOINT = "https://moduli.example.it/"
TODAY = date(2026, 11, 22)
CATALOG, _ = read_content(ROOT)
assert CATALOG
PAPER = {page.url: page for page in iter_pages(CATALOG, TODAY)}
ONLINE = {page.url: page for page in iter_pages(CATALOG, TODAY, endpoint=ENDPOINT)}
FORMS = sorted(CATALOG.forms)


def _soup(page: SitePage) -> BeautifulSoup:
    return BeautifulSoup(page.body, "html.parser")


@pytest.mark.parametrize("id", FORMS)
def test_with_an_endpoint_the_page_holds_the_whole_form(id: str) -> None:
    assert CATALOG
    soup = _soup(ONLINE[f"moduli/{id}/"])
    [form] = soup.select("form")
    assert form["action"] == f"{ENDPOINT}moduli/{id}"
    assert form["method"] == "post"
    names = {str(item["name"]) for item in form.select("[name]")}
    assert names == {field.id for field in CATALOG.forms[id].campi} | {"_v", "_n"}
    levels = [int(tag.name[1]) for tag in soup.find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [str(tag["id"]) for tag in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    # Nothing that is asked may move under the hands of the tooltips.
    assert not form.select(".c-abbr")
    assert not form.select("script, [style]")


@pytest.mark.parametrize("id", FORMS)
def test_paper_stays_beside_the_form(id: str) -> None:
    soup = _soup(ONLINE[f"moduli/{id}/"])
    assert soup.select_one('a[href="#carta"]')
    assert soup.select_one("h2#carta")
    assert "Per ora" not in soup.get_text()
    paper = _soup(PAPER[f"moduli/{id}/"])
    assert not paper.select("form")
    assert "Per ora questo modulo si compila su carta" in paper.get_text()


def test_the_notice_stands_folded_right_before_the_button() -> None:
    [form] = _soup(ONLINE["moduli/reclamo/"]).select("form")
    parts = [
        tag.name if tag.name != "p" else tag.get_text() for tag in form.find_all(recursive=False)
    ]
    assert parts[parts.index("details") + 1] == "Continua"
    assert "Titolare" in form.select("details")[0].get_text()
    assert len(_soup(ONLINE["moduli/reclamo/"]).find_all(string="Titolare")) == 1


def test_forms_are_found_by_the_search_without_their_choices() -> None:
    for id in FORMS:
        soup = _soup(ONLINE[f"moduli/{id}/"])
        [found] = soup.select("[data-pagefind-body]")
        assert found["data-pagefind-filter"] == "tipo:Modulo"
        assert soup.select_one("[data-pagefind-ignore] form")


def test_whoever_cannot_telephone_finds_how_to_be_called_back() -> None:
    """But not where a reader in danger would leave a trace, nor where nobody receives it."""
    link = 'href="/moduli/contatto/"'
    sheets = [page for url, page in ONLINE.items() if re.fullmatch("servizi/.+/", url)]
    assert {link in page.body for page in sheets if not page.delicate} == {True}
    assert {link in page.body for page in sheets if page.delicate} == {False}
    assert link in ONLINE[""].body
    lists = ("moduli/", "mappa/", "stato/")
    assert not [url for url, page in PAPER.items() if link in page.body and url not in lists]


def test_who_has_complained_finds_where_to_follow_it() -> None:
    link = f'href="{ENDPOINT}stato"'
    assert link in ONLINE["reclami/"].body
    assert link in ONLINE["moduli/reclamo/"].body
    assert link not in ONLINE["moduli/questionario/"].body
    assert not [url for url, page in PAPER.items() if 'stato"' in page.body]


def test_the_fields_look_the_same_on_the_site_and_in_the_endpoint() -> None:
    fields = files("endpoint").joinpath("campi.css").read_text("utf-8")
    site, ours = style_sheet([]), endpoint_sheet()
    assert fields in site
    assert fields in ours

    def tokens(text: str) -> list[set[tuple[str, str]]]:
        """Names and values, light and dark."""
        light, dark = text.split("prefers-color-scheme: dark", 1)
        parts = (light, dark.split("\n}", 1)[0])
        return [set(re.findall(r"(--c-[a-z-]+): ([^;]+);", part)) for part in parts]

    for theirs, own in zip(tokens(site), tokens(ours), strict=True):
        assert own
        assert own <= theirs
    used = set(re.findall(r"var\((--c-[a-z-]+)\)", ours))
    assert used == {name for name, _ in tokens(ours)[0]}


def test_the_form_for_complaints_says_within_which_terms(body: Callable[..., Path]) -> None:
    catalog, _ = read_content(body({FORM: form(), CARTA: procedure()}))
    assert catalog
    pages = {page.url: page for page in iter_pages(catalog, TODAY, endpoint=ENDPOINT)}
    part = _soup(pages["moduli/reclamo/"]).select_one("section[aria-labelledby=tempi-titolo]")
    assert part
    assert len(part.select("ol > li")) == 5
    assert "30 giorni lavorativi" in part.get_text()
    ours = _soup(ONLINE["moduli/reclamo/"]).select_one("section[aria-labelledby=tempi-titolo]")
    assert ours
    assert "La Carta non dice entro quanti giorni" in ours.get_text()
    assert "In quanto tempo" not in ONLINE["moduli/contatto/"].body
