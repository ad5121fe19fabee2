"""Short addresses: every sheet and form has one, it forwards without scripts, it says nothing."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urljoin

import html5lib
import pytest
from bs4 import BeautifulSoup
from in_browser import chromium, serve
from playwright.sync_api import Browser, expect

from site_builder.catalog import Catalog
from site_builder.pages import iter_pages
from site_builder.safety import neutral_title
from site_builder.shortlinks import iter_short_links
from tests.bodies import good_catalog

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 11, 21)
SHEET = "content/services/asilo-nido.yml"

Body = Callable[..., Path]


@pytest.fixture(scope="module")
def real() -> Catalog:
    return good_catalog(ROOT, TODAY)


@pytest.fixture(scope="module")
def links(real: Catalog) -> dict[str, BeautifulSoup]:
    """The pages of the repository's own body, by the address of their folder."""
    return {
        uri.removesuffix("index.html"): BeautifulSoup(html, "html.parser")
        for uri, html in iter_short_links(real)
    }


def _target(soup: BeautifulSoup, url: str) -> str:
    """Where a page forwards, from the root."""
    meta = soup.select_one('meta[http-equiv="refresh"]')
    assert meta
    delay, _, target = str(meta["content"]).partition("; url=")
    assert delay == "0"
    return urljoin(f"https://x.it/{url}", target).removeprefix("https://x.it/")


# --- Which there are --------------------------------------------------------------------------


def test_a_code_is_answered_in_capitals_and_in_small_letters(body: Body) -> None:
    found = dict(iter_short_links(good_catalog(body(), TODAY)))
    assert set(found) == {"s/A1/index.html", "s/a1/index.html"}
    assert len(set(found.values())) == 1  # some file systems keep only one of them


def test_a_sheet_without_code_is_reached_by_its_id(body: Body) -> None:
    found = [
        uri for uri, _ in iter_short_links(good_catalog(body({SHEET: {"codice": None}}), TODAY))
    ]
    assert found == ["s/asilo-nido/index.html"]


def test_every_sheet_and_form_has_its_own(real: Catalog, links: dict[str, BeautifulSoup]) -> None:
    wanted = {f"s/{s.codice or s.id}/": f"servizi/{s.id}/" for s in real.services.values()}
    wanted |= {url.lower(): target for url, target in wanted.items()}
    wanted |= {f"s/{id}/": f"moduli/{id}/" for id in real.forms}
    assert {url: _target(soup, url) for url, soup in links.items()} == wanted
    assert len(list(iter_short_links(real))) == len(links) > len(real.services)


# --- What they hold ---------------------------------------------------------------------------


def test_they_lead_to_pages_that_exist(real: Catalog, links: dict[str, BeautifulSoup]) -> None:
    pages = {page.url for page in iter_pages(real, TODAY)}
    assert {_target(soup, url) for url, soup in links.items()} <= pages


def test_they_forward_without_scripts_and_stay_out_of_search_engines(
    links: dict[str, BeautifulSoup],
) -> None:
    for url, soup in links.items():
        robots = soup.select_one('meta[name="robots"]')
        assert robots, url
        assert robots["content"] == "noindex"
        assert soup.select("script, style, img, iframe, [data-pagefind-body]") == [], url
        link, canonical = soup.select_one("main a"), soup.select_one('link[rel="canonical"]')
        assert link, url
        assert canonical, url
        target = _target(soup, url)
        for href in (str(link["href"]), str(canonical["href"])):
            assert not href.startswith("/"), url  # the site may stand in any folder
            assert urljoin(f"https://x.it/{url}", href) == f"https://x.it/{target}"
        assert link.get_text() == "Vai alla pagina"


def test_where_the_address_of_the_site_is_known_the_canonical_says_it(body: Body) -> None:
    for _, html in iter_short_links(good_catalog(body(), TODAY), "https://x.it/carta/"):
        assert 'rel="canonical" href="https://x.it/carta/servizi/asilo-nido/"' in html
        assert "url=../../servizi/asilo-nido/" in html


def test_they_are_whole_valid_pages(real: Catalog) -> None:
    for uri, html in iter_short_links(real):
        parser = html5lib.HTMLParser()
        parser.parse(html)
        assert parser.errors == [], uri
        assert html.startswith('<!doctype html>\n<html lang="it">'), uri
        soup = BeautifulSoup(html, "html.parser")
        assert len(soup.select("title")) == len(soup.select("h1")) == 1, uri


def test_those_of_delicate_sheets_have_a_neutral_title(
    real: Catalog, links: dict[str, BeautifulSoup]
) -> None:
    delicate = [sheet for sheet in real.services.values() if sheet.violenza]
    assert delicate
    for sheet in delicate:
        soup = links[f"s/{sheet.codice or sheet.id}/"]
        assert soup.title
        assert soup.title.get_text() == neutral_title(sheet, real)
        shown = soup.get_text(" ")
        assert not re.search(r"violen|rifugio|\bCAV\b|\bCUAV\b", shown, re.I), shown


def test_titles_are_text(body: Body) -> None:
    change = {SHEET: {"titolo": "Nido <b>&</b>"}}
    for _, html in iter_short_links(good_catalog(body(change), TODAY)):
        assert "Nido &lt;b&gt;&amp;&lt;/b&gt;" in html


# --- In a built site, in a browser ------------------------------------------------------------


@pytest.fixture(scope="module")
def moved(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site under a folder, as many bodies will publish it."""
    return shutil.copytree(folder, tmp_path_factory.mktemp("server") / "comune" / "carta")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.mark.slow
def test_nobody_lists_them(folder: Path, links: dict[str, BeautifulSoup]) -> None:
    assert {f"{p.parent.relative_to(folder).as_posix()}/" for p in (folder / "s").rglob("*.html")}
    for url in links:
        assert (folder / url / "index.html").is_file()
    assert not re.search(r'href="[./]*/s/', (folder / "mappa/index.html").read_text("utf-8"))


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_phone_that_reads_the_code_lands_on_the_page(
    browser: Browser, moved: Path, real: Catalog, scripts: bool
) -> None:
    """Some of them: that all others are alike is tested above."""
    coded = [sheet for sheet in real.services.values() if sheet.codice]
    sample = {coded[0].codice: coded[0], coded[-1].codice.lower(): coded[-1]}
    sample |= {s.nome_breve: s for s in real.services.values() if s.violenza}
    with serve(moved.parents[1]) as address:
        context = browser.new_context(java_script_enabled=scripts)
        page = context.new_page()
        wanted = {name: f"servizi/{sheet.id}/" for name, sheet in sample.items()}
        wanted |= {id: f"moduli/{id}/" for id in real.forms}
        for name, target in wanted.items():
            page.goto(f"{address}comune/carta/s/{name}/")
            page.wait_for_url(f"{address}comune/carta/{target}", timeout=5000)
            expect(page.locator("h1")).to_be_visible()
        context.close()


@pytest.mark.slow
@pytest.mark.browser
def test_the_way_back_does_not_lead_into_the_forwarding_page(
    browser: Browser, folder: Path, real: Catalog
) -> None:
    [first, *_] = (sheet for sheet in real.services.values() if sheet.codice)
    with serve(folder) as address:
        context = browser.new_context()
        page = context.new_page()
        page.goto(address)
        page.evaluate("name => { location.href = `s/${name}/` }", first.codice)
        page.wait_for_url(f"{address}servizi/{first.id}/")
        page.go_back()
        assert page.url == address
        context.close()
