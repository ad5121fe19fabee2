"""All that a site is made of, and that its parts hold together. Knows no generator."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from site_builder.beside import NOTHING, Beside
from site_builder.catalog import Catalog
from site_builder.errors import ContentError
from site_builder.feed import ADDRESS as FEED
from site_builder.feed import feed
from site_builder.keywords import word_list
from site_builder.links import iter_broken
from site_builder.news import news
from site_builder.opendata.datasets import OpenData
from site_builder.opendata.public import public
from site_builder.opendata.source import Source
from site_builder.pages import SitePage, iter_pages
from site_builder.prints import Prints
from site_builder.shortlinks import iter_short_links
from site_builder.sitemap import iter_map
from site_builder.style import style_sheet


@dataclass(frozen=True, slots=True)
class Site:
    """`files` are texts by address; `addresses` are those of all pages, to which links may lead."""

    pages: tuple[SitePage, ...]
    files: Mapping[str, str]
    addresses: frozenset[str]


def compose(
    catalog: Catalog,
    today: date,
    written: frozenset[str],
    site_url: str = "",
    endpoint: str = "",
    prints: Prints | None = None,
    beside: Beside = NOTHING,
    data: OpenData | None = None,
) -> Site:
    """Draw the site around the pages `written` by hand, given by address.

    For the rest see `iter_pages`. Raises ContentError if a link leads nowhere, or if a page
    written by hand stands where another one does.
    """
    shown, elsewhere = public(catalog), {**(prints or {}), **(data.sizes if data else {})}
    pages = tuple(iter_pages(catalog, today, site_url, endpoint, prints, beside, data))
    bodies = {page.url: page.body for page in pages}
    colours = ((area.id, area.colore) for area in catalog.areas.values())
    files = {
        "assets/carta.css": style_sheet(colours),
        "assets/parole.json": word_list(catalog),
        **dict(iter_short_links(catalog, site_url)),
        FEED: feed(Source(shown, site_url), news(shown, today, beside.history)),
    }
    taken = bodies.keys() | {address.removesuffix("index.html") for address in files}
    if double := sorted(written & taken):
        names = ", ".join(f"content/pages/{url.strip('/') or 'index'}.md" for url in double)
        raise ContentError(f"Il sito ha già pagine con questi indirizzi: cambia nome a {names}.")
    listed = written | {page.url for page in pages if page.listed}
    files |= dict(iter_map(catalog, listed, site_url))
    others = written | files.keys() | elsewhere.keys() | beside.editions.keys()
    broken = [f"/{url}: {link}" for url, link in iter_broken(bodies, others)]
    if broken:
        raise ContentError("\n".join(["Collegamenti che non portano a niente:", *broken]))
    return Site(pages, files, written | bodies.keys())
