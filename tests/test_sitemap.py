"""The map for search engines, held against the protocol, and the head of pages that are shared."""

import dataclasses
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from bodies import BODIES, DAY, ROOT, catalog_of, good_catalog
from bs4 import BeautifulSoup
from in_browser import build
from lxml import etree

from site_builder.catalog import Catalog
from site_builder.pages import SitePage, url_of
from site_builder.site import Site, compose
from site_builder.sitemap import iter_map, sitemap
from tests.conftest import Body

URL = "https://carta.example.it/"
SHEET = "content/services/asilo-nido.yml"
DESK = "content/contacts/segretariato-casarano.yml"
# The protocol of sitemaps.org (0.9), as far as we use it, in RELAX NG.
_PROTOCOL = """
<element name="urlset" ns="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns="http://relaxng.org/ns/structure/1.0"
    datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <oneOrMore><element name="url">
    <element name="loc"><data type="anyURI">
      <param name="minLength">12</param><param name="maxLength">2048</param>
      <param name="pattern">https?://[^/?#]+/.*</param>
    </data></element>
    <optional><element name="lastmod"><data type="date"/></element></optional>
  </element></oneOrMore>
</element>
"""


def fits(text: str) -> bool:
    protocol = etree.RelaxNG(etree.fromstring(_PROTOCOL))
    tree = etree.fromstring(text.encode())
    return bool(protocol.validate(tree)) and len(tree) <= 50_000


def days(text: str) -> dict[str, str]:
    """The last change of each page, by address from the root; empty where it is not told."""
    found = re.findall(r"<loc>(.*?)</loc>(?:<lastmod>(.*?)</lastmod>)?", text)
    return {address.removeprefix(URL): day for address, day in found}


def composed(catalog: Catalog, url: str) -> Site:
    written = frozenset(url_of(f"{id}.md") for id in catalog.pages)
    return compose(catalog, DAY, written, url)


# --- The protocol ---------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", BODIES)
def test_the_map_is_by_the_protocol_and_holds_every_page(name: str) -> None:
    site = composed(catalog_of(name), URL)
    text = site.files["sitemap.xml"]
    assert fits(text)
    listed = days(text)
    hidden = {page.url for page in site.pages if not page.listed}
    assert listed.keys() == site.addresses - hidden
    assert text.count("<loc>") == len(listed)
    assert list(listed) == sorted(listed)


MUTATIONS: dict[str, Callable[[str], str]] = {
    "no address": lambda text: re.sub("<loc>.*?</loc>", "", text, count=1),
    "a relative address": lambda text: text.replace(f"<loc>{URL}", "<loc>/servizi-sociali/", 1),
    "a day that is none": lambda text: text.replace("2026-01-01", "ieri"),
    "the day before the address": lambda text: re.sub(
        r"(<loc>[^<]*</loc>)(<lastmod>[^<]*</lastmod>)", r"\2\1", text, count=1
    ),
    "another name": lambda text: text.replace("lastmod", "modified"),
    "no page": lambda text: re.sub("<url>.*</url>", "", text, flags=re.S),
    "another language": lambda text: text.replace("sitemap/0.9", "sitemap/0.84"),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_check_of_the_protocol_can_fail(body: Body, name: str) -> None:
    text = sitemap(good_catalog(body(), DAY), ["", "servizi/asilo-nido/"], URL)
    assert fits(text)
    assert not fits(MUTATIONS[name](text))


def test_an_address_with_an_ampersand_is_escaped(body: Body) -> None:
    text = sitemap(good_catalog(body(), DAY), ["a&b/"], URL)
    assert "a&amp;b/" in text
    assert fits(text)


# --- What is told ---------------------------------------------------------------------------------


def test_the_day_is_that_of_the_content_not_of_the_build(body: Body) -> None:
    catalog = good_catalog(body(), DAY)
    later = days(compose(catalog, date(2027, 5, 5), frozenset(), URL).files["sitemap.xml"])
    assert later == days(compose(catalog, DAY, frozenset(), URL).files["sitemap.xml"])
    assert later["servizi/asilo-nido/"] == later["uffici/segretariato-casarano/"] == "2026-01-01"
    # Nobody knows when a list looked different.
    assert later[""] == later["servizi/"] == ""


def test_a_sheet_changes_with_the_phones_that_stand_on_it(body: Body) -> None:
    catalog = good_catalog(body({DESK: {"aggiornato_il": "2026-05-01"}}), DAY)
    assert days(sitemap(catalog, ["servizi/asilo-nido/"], URL)) == {
        "servizi/asilo-nido/": "2026-05-01"
    }


def test_a_page_for_the_staff_is_not_listed(body: Body, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = good_catalog(body(), DAY)
    hidden = SitePage("stato-di-prova/index.md", "Stato", "Per la redazione", "", listed=False)
    shown = dataclasses.replace(hidden, uri="altra/index.md", listed=True)
    monkeypatch.setattr("site_builder.site.iter_pages", lambda *_: iter([hidden, shown]))
    site = compose(catalog, DAY, frozenset(), URL)
    assert days(site.files["sitemap.xml"]) == {"altra/": ""}
    assert "stato-di-prova/" in site.addresses


def test_without_an_address_there_is_no_map(body: Body) -> None:
    site = compose(good_catalog(body(), DAY), DAY, frozenset())
    assert not {"sitemap.xml", "robots.txt"} & site.files.keys()


def test_robots_are_led_to_the_map(body: Body) -> None:
    catalog = good_catalog(body(), DAY)
    robots = dict(iter_map(catalog, [""], URL))["robots.txt"]
    assert robots.splitlines()[-1] == f"Sitemap: {URL}sitemap.xml"
    assert "Disallow" not in robots
    # In a folder no robot would look for it.
    assert list(dict(iter_map(catalog, [""], f"{URL}carta/"))) == ["sitemap.xml"]


# --- In a built site: the map, and what is shown of a page that is shared -------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the repository's own body with an address, without prints."""
    import shutil

    body = tmp_path_factory.mktemp("body")
    shutil.copytree(ROOT / "content", body / "content")
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    text = text.replace("  - carta ", "  - carta: {prints: false}  #", 1)
    (body / "mkdocs.yml").write_text(f"{text}\nsite_url: {URL}\n", "utf-8")
    build(body / "site", body)
    return body / "site"


@pytest.mark.slow
def test_the_built_map_is_ours(site: Path) -> None:
    text = (site / "sitemap.xml").read_text("utf-8")
    assert fits(text)
    assert (site / "robots.txt").exists()
    assert not (site / "sitemap.xml.gz").exists()
    listed = days(text)
    for url in listed:
        head = _head(site, url)
        assert not head.select('meta[name="robots"]'), url
    assert len(listed) > 100
    unlisted = {page.parent.relative_to(site).as_posix() + "/" for page in site.rglob("index.html")
                if not page.relative_to(site).as_posix().startswith(("s/", "admin/"))}  # fmt: skip
    for url in unlisted - listed.keys() - {"./"}:
        assert _head(site, url).select('meta[name="robots"][content="noindex"]'), url


@pytest.mark.slow
def test_what_is_shared_says_no_more_than_the_window(site: Path) -> None:
    for url in days((site / "sitemap.xml").read_text("utf-8")):
        head = _head(site, url)
        told = {str(tag["property"]): str(tag["content"]) for tag in head.select("[property]")}
        assert told["og:title"] == head.title.get_text()  # type: ignore[union-attr]
        assert told["og:url"] == URL + url
        assert told["og:type"] == "website"
        described = head.select_one('meta[name="description"]')
        assert described, url
        assert told["og:description"] == described["content"]
        picture = site / told["og:image"].removeprefix(URL)
        assert picture.read_bytes().startswith(b"\x89PNG")
        assert told["og:image:alt"]


def _head(site: Path, url: str) -> BeautifulSoup:
    text = (site / url / "index.html").read_text("utf-8")
    return BeautifulSoup(text.partition("</head>")[0], "html.parser")
