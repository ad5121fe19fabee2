"""The page of the open data: every file with its size, how to use it, whom to ask."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from bodies import BODIES, DAY, catalog_of, good_catalog, published
from bs4 import BeautifulSoup, Tag

from site_builder.catalog import Catalog
from site_builder.italian import file_size
from site_builder.opendata.datasets import Dataset, Distribution, OpenData
from site_builder.pages import iter_pages
from site_builder.site import Site, compose
from site_builder.views_data import data

SITE = "https://carta.example.it/"
CARTA = "content/carta.yml"

Body = Callable[..., Path]


def site_of(catalog: Catalog, today: date, site_url: str = "") -> Site:
    """The whole site of a body whose pages written by hand are there."""
    written = frozenset(f"{id}/" for id in catalog.pages)
    return compose(catalog, today, written, site_url, data=published(catalog, site_url)[0])


def soup(site: Site, url: str = "dati/") -> BeautifulSoup:
    """One page of a site."""
    [body] = [page.body for page in site.pages if page.url == url]
    return BeautifulSoup(body, "html.parser")


def words(part: BeautifulSoup | Tag) -> str:
    """The text of a page or of a part of it."""
    return " ".join(part.get_text().split())


@pytest.mark.parametrize(("name", "site_url"), [*zip(BODIES, (SITE, ""), strict=True)])
def test_every_file_is_offered_with_its_true_size(name: str, site_url: str) -> None:
    catalog = catalog_of(name)
    told, texts = published(catalog, site_url)
    drawn = iter_pages(catalog, DAY, site_url, data=told)
    page = BeautifulSoup(next(p.body for p in drawn if p.url == "dati/"), "html.parser")
    assert len(told.datasets) >= 3
    for dataset in told.datasets:
        section = page.find("section", {"aria-labelledby": f"dati-{dataset.id}"})
        assert isinstance(section, Tag)
        assert dataset.about in section.get_text()
        links = section.select(".c-prints__name a")
        assert [link["href"] for link in links] == [f"/{d.address}" for d in dataset.distributions]
        for link, item in zip(links, dataset.distributions, strict=True):
            size = file_size(len(texts[item.address].encode()))
            assert link.get_text().endswith(f", {size})")
            assert link["type"] == item.media_type.partition(";")[0]
            assert item.about in section.get_text()


def test_our_schemas_are_reached_inside_the_site(body: Body, today: date) -> None:
    catalog = good_catalog(body(), today)
    for site_url in ("", SITE):
        page = soup(site_of(catalog, today, site_url))
        assert len(page.select('a[href="/dati/schemi/servizi.json"]')) == 2
        assert "invalid" not in str(page)


def test_a_file_without_a_known_size_shows_none(body: Body, today: date) -> None:
    there = Distribution("dati/a.csv", "text/csv;charset=utf-8", "C'è.")
    elsewhere = Distribution("dati/b.xyz", "application/x-b", "Non c'è.", "https://example.org/")
    told = OpenData((Dataset("x", "X", "Due.", (there, elsewhere)),), {"dati/a.csv": 3})
    [(_, files)] = data(good_catalog(body(), today), told)["datasets"]
    assert [(file.size, file.format) for file in files] == [(3, "CSV"), (0, "XYZ")]
    assert files[1].conforms_to == "https://example.org/"
    catalog = good_catalog(body(), today)
    [page] = [p for p in iter_pages(catalog, today, data=told) if p.url == "dati/"]
    assert "b.xyz (XYZ)" in page.body


def test_without_data_there_is_no_page(body: Body, today: date) -> None:
    assert "dati/" not in {page.url for page in iter_pages(good_catalog(body(), today), today)}


def test_the_licence_is_that_of_the_body_or_is_missed(body: Body, today: date) -> None:
    said = words(soup(site_of(good_catalog(body(), today), today)))
    assert "non ha ancora scelto una licenza" in said
    licence = {"nome": "CC BY 4.0", "url": "https://example.org/by"}
    page = soup(site_of(good_catalog(body({CARTA: {"licenza": licence}}), today), today))
    assert page.select_one('#licenza ~ p a[href="https://example.org/by"]')
    assert "non ha ancora scelto" not in words(page)


def test_it_says_whom_to_ask_and_what_may_change(body: Body, today: date) -> None:
    page = soup(site_of(good_catalog(body(), today), today))
    assert page.select_one('section[aria-labelledby="chiedere"] a[href^="tel:"]')
    assert "Segretariato sociale di Casarano" in words(page)
    assert "«schema_version»: oggi è la 1.0." in words(page)
    assert page.select_one('#foglio ~ ol a[href="/dati/contatti.csv"]')


def test_it_names_columns_and_keys_that_exist(body: Body, today: date) -> None:
    catalog = good_catalog(body(), today)
    said, texts = words(soup(site_of(catalog, today))), published(catalog)[1]
    for column, address in (("comune_nome", "contatti"), ("gruppi", "servizi")):
        assert f"«{column}»" in said
        assert column in texts[f"dati/{address}.csv"].split("\r\n", 1)[0].split(",")
    for key in ("voci", "$schema", "aggiornato_il", "a_chi_e_rivolto", "come_fare", "costo", "id",
                "uuid"):  # fmt: skip
        assert f"«{key}»" in said
        assert f'"{key}":' in texts["dati/servizi.json"]


def test_the_map_of_the_site_leads_to_it(body: Body, today: date) -> None:
    site = site_of(good_catalog(body(), today), today)
    assert soup(site, "mappa/").select_one('a[href="/dati/"]')


@pytest.mark.slow
def test_the_foot_of_every_page_leads_to_it(body: Body, tmp_path: Path) -> None:
    from in_browser import build, urls

    folder = tmp_path / "site"
    build(folder, body())
    assert (folder / "dati" / "index.html").exists()
    for url in urls(folder):
        page = folder / (url if url.endswith(".html") else f"{url}index.html")
        foot = BeautifulSoup(page.read_bytes(), "html.parser").select_one("footer.c-foot")
        assert foot, url
        depth = "../" * url.count("/") or "./"
        assert foot.select_one(
            'a[href="/dati/"]' if url == "404.html" else f'a[href="{depth}dati/"]'
        )
