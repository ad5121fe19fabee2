"""The pages of the site: Catalog and day in; (uri, title, description, body) out.

Bodies are ready HTML whose links start at the root; `place` makes them relative to their page, so
that the site works in any folder. Knows nothing of the generator that wraps the bodies.
"""

from collections.abc import Iterator
from datetime import date

from site_builder.beside import NOTHING, Beside
from site_builder.catalog import Catalog
from site_builder.opendata.datasets import OpenData
from site_builder.pages.drawing import Drawing
from site_builder.pages.finder import iter_finder
from site_builder.pages.handwritten import handwritten
from site_builder.pages.lists import iter_lists, iter_maps, iter_news_of_years, status_page
from site_builder.pages.page import SitePage, place, place_from, url_of
from site_builder.pages.records import iter_records
from site_builder.prints import Prints

__all__ = ["SitePage", "handwritten", "iter_pages", "place", "place_from", "url_of"]


def iter_pages(
    catalog: Catalog,
    today: date,
    site_url: str = "",
    endpoint: str = "",
    prints: Prints | None = None,
    beside: Beside = NOTHING,
    data: OpenData | None = None,
) -> Iterator[SitePage]:
    """Yield every generated page, the home first.

    `site_url` is where the site will stand and `endpoint` where its forms are sent; both end with
    a slash and may be unknown. `prints` are the PDF files that stand beside the pages and `data`
    those for other programs; `beside` is what else is known that is not in the content.
    """
    drawing = Drawing(catalog, today, site_url, endpoint, prints or {}, beside, data)
    lists, finder = list(iter_lists(drawing)), list(iter_finder(drawing))
    yield from lists
    yield from iter_news_of_years(drawing)
    yield from iter_maps(drawing, [(page.url, page.title) for page in (*lists, *finder[:1])])
    yield from finder
    yield from iter_records(drawing)
    yield status_page(drawing)
