"""The map of the site for search engines, and the file that leads them to it (sitemaps.org)."""

from collections.abc import Iterable, Iterator
from datetime import date
from html import escape
from urllib.parse import urlsplit

from site_builder.catalog import Catalog
from site_builder.model import Service
from site_builder.pages import url_of

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def iter_map(
    catalog: Catalog, addresses: Iterable[str], site_url: str
) -> Iterator[tuple[str, str]]:
    """`sitemap.xml` and `robots.txt`, once it is known where the site stands.

    `addresses` are those of the pages to be found. A robot looks for its file only at the root of
    a host: elsewhere there is none.
    """
    if not site_url:
        return
    yield "sitemap.xml", sitemap(catalog, addresses, site_url)
    if urlsplit(site_url).path in ("", "/"):
        yield "robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {site_url}sitemap.xml\n"


def sitemap(catalog: Catalog, addresses: Iterable[str], site_url: str) -> str:
    """All addresses in order; those of which it is known with the day of their last change."""
    changed = dict(_changed(catalog))
    lines = (_entry(f"{site_url}{url}", changed.get(url)) for url in sorted(addresses))
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{_NAMESPACE}">\n'
    return f"{head}{''.join(lines)}</urlset>\n"


def _entry(address: str, changed: date | None) -> str:
    day = f"<lastmod>{changed}</lastmod>" if changed else ""
    return f"<url><loc>{escape(address)}</loc>{day}</url>\n"


def _changed(catalog: Catalog) -> Iterator[tuple[str, date]]:
    """When each page that shows one record was last changed: the newest of what it shows.

    Lists are left out: nobody knows when they looked different.
    """
    for sheet in catalog.services.values():
        yield from _dated(f"servizi/{sheet.id}/", _shown_on(catalog, sheet))
    for contact in catalog.contacts.values():
        yield from _dated(f"uffici/{contact.id}/", [contact.aggiornato_il])
    for form in catalog.forms.values():
        yield from _dated(f"moduli/{form.id}/", [form.aggiornato_il])
    for notice in catalog.notices.values():
        yield from _dated(f"avvisi/{notice.id}/", [notice.aggiornato_il])
    for id, page in catalog.pages.items():
        yield from _dated(url_of(f"{id}.md"), [page.aggiornato_il])


def _shown_on(catalog: Catalog, sheet: Service) -> Iterator[date | None]:
    """The dates of the sheet and of the offices whose phones stand on it."""
    yield sheet.aggiornato_il
    yield from (catalog.contacts[id].aggiornato_il for id in sheet.contatti)
    yield from (desk.aggiornato_il for desk in catalog.desks(sheet))


def _dated(url: str, dates: Iterable[date | None]) -> Iterator[tuple[str, date]]:
    if known := [day for day in dates if day]:
        yield url, max(known)
