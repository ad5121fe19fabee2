"""The pages that people write by hand, as Markdown: what is added to them."""

from datetime import date

from markupsafe import Markup

from site_builder import views
from site_builder.catalog import Catalog
from site_builder.freshness import review
from site_builder.templating import render
from site_builder.tooltips import Tooltips


def handwritten(catalog: Catalog, uri: str, content: str, today: date) -> str:
    """The body of a page written by hand: its HTML with doubts, sources and tooltips.

    The tooltips are Italian: a page in another language has none.
    """
    page = catalog.pages[uri.removesuffix(".md")]
    context = views.common(catalog, today) | {
        "page": page,
        "review": review(catalog, "pages", uri.removesuffix(".md")),
        "others": [(id, other) for id, other in catalog.languages.items() if other != page],
        "content": Markup(_scrolling(content)),  # HTML made from Markdown
    }
    body = render("pages/handwritten.html", **context)
    is_italian = page.lingua in ("", "it")
    return Tooltips(catalog.glossary).add(body) if is_italian else body


def _scrolling(content: str) -> str:
    """Let a table of a page written by hand scroll by itself, so that the page does not."""
    box = '<div class="c-scroll" tabindex="0" role="group" aria-label="Tabella">'
    return content.replace("<table>", f"{box}<table>").replace("</table>", "</table></div>")
