"""The pages of «Trova il servizio»."""

from collections.abc import Iterator
from dataclasses import replace

from site_builder import views_finder
from site_builder.finder import Finder
from site_builder.pages.drawing import Drawing
from site_builder.pages.page import SitePage
from site_builder.safety import SCRIPT


def iter_finder(drawing: Drawing) -> Iterator[SitePage]:
    """Yield the questions, then a page for each answer and for the useful pairs."""
    if not drawing.catalog.carta.domande:
        return
    finder = Finder(drawing.catalog)
    said = "Poche domande semplici per trovare il servizio sociale che può servirti."
    view = views_finder.questions(finder)
    page = drawing.page("finder", "trova/index", views_finder.TITLE, said, view)
    yield replace(page, scripts=(views_finder.SCRIPT, SCRIPT))
    for given in (*((choice,) for choice in finder.choices), *finder.pairs()):
        context, title = views_finder.answers(finder, given), views_finder.title(given)
        about = said if context["delicate"] else f"{title}. I servizi sociali che possono servirti."
        page = drawing.page("finder-results", views_finder.address(given), title, about, context)
        if context["delicate"]:
            discreet = views_finder.neutral_title(finder, given)
            page = replace(page, scripts=(SCRIPT,), head_title=discreet, delicate=True)
        yield page
