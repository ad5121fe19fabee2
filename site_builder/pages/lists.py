"""The pages that list or sum up: a page of each kind for a whole site."""

from collections.abc import Iterator
from dataclasses import replace

from site_builder import views, views_data, views_lists, views_news
from site_builder.due import SCRIPT as DUE_SCRIPT
from site_builder.due import due
from site_builder.freshness import review
from site_builder.italian import listing
from site_builder.jsonld import Graph
from site_builder.navigation import chapters
from site_builder.pages.drawing import Drawing
from site_builder.pages.page import SitePage
from site_builder.report import reports, years
from site_builder.upkeep.status import status

# What only some of the lists need.
_SCRIPTS = {"search": ("assets/cerca.js",), "offices": ("assets/scheda.js",)}
# What a list needs only if there is something to count on.
_SCRIPTS_FOR = {"due": DUE_SCRIPT, "bands": "assets/quanto-pago.js"}


def iter_lists(drawing: Drawing) -> Iterator[SitePage]:
    """Yield the home, then the lists that every body has, then those that it may have."""
    catalog, today = drawing.catalog, drawing.today
    ente = catalog.carta.ente.nome
    view = views.home(catalog, today) | {"graph": Graph(drawing.public, drawing.site_url).home()}
    home = drawing.page("home", "index", "Home", f"I servizi sociali: {ente}.", view)
    yield replace(home, scripts=_SCRIPTS["search"])
    complaints = views_lists.complaints(catalog) | {"due": due(catalog, today)}
    edition = {"chapters": chapters(catalog), "review": review(catalog, "carta", "carta")}
    for template, uri, title, context in (
        ("services", "servizi", "Servizi", {"services": catalog.services}),
        ("groups", "per-chi", "Per chi", {}),
        ("comuni", "comuni", "Comuni", {}),
        ("offices", "uffici", "Uffici e contatti", views_lists.offices(catalog)),
        ("providers", "enti-gestori", "Chi gestisce i servizi", views_lists.providers(catalog)),
        ("costs", "costi", "Servizi gratuiti e a pagamento", views_lists.costs(catalog)),
        ("az", "a-z", "Dalla A alla Z", views_lists.alphabetical(catalog)),
        ("glossary", "glossario", "Glossario", views_lists.glossary(catalog)),
        ("complaints", "reclami", "Reclami", complaints),
        ("forms", "moduli", "Moduli", {"forms": catalog.forms}),
        ("notices", "avvisi", "Avvisi", views_lists.notices(catalog, today)),
        ("topics", "argomenti", "Argomenti", views_lists.topics(catalog)),
        ("standards", "standard", "Standard di qualità", views_lists.standards(catalog)),
        ("unlisted", "senza-scheda", "Servizi senza scheda", views_lists.unlisted(catalog)),
        ("edition", "questa-carta", "Carta dei Servizi", edition),
        ("search", "cerca", "Cerca un servizio", {}),
    ):
        page = drawing.page(template, f"{uri}/index", title, f"{title}: {ente}.", context)
        asked = [script for key, script in _SCRIPTS_FOR.items() if context.get(key)]
        yield replace(page, scripts=(*asked, *_SCRIPTS.get(template, ())))
    yield from _prints(drawing)
    yield from _data(drawing)
    yield from _news(drawing)
    yield _archive(drawing)
    for report in reports(catalog):
        said = f"Standard rispettati e non, reclami e risposte del {report.anno}."
        uri = f"{report.address}index"
        yield drawing.page("report", uri, report.title, said, {"report": report})


def iter_news_of_years(drawing: Drawing) -> Iterator[SitePage]:
    """Yield a page for each year, where the first page of the changes does not hold them all."""
    entries, history = drawing.entries, drawing.beside.history
    for year in views_news.news(entries, history)["years"]:
        view = views_news.news(entries, history, year)
        yield drawing.page("news", f"novita/{year}", view["title"], f"{view['title']}.", view)


def iter_maps(drawing: Drawing, listed: list[tuple[str, str]]) -> Iterator[SitePage]:
    """Yield the map of the site, with these (address, title), and the list of languages."""
    catalog = drawing.catalog
    yield drawing.page("sitemap", "mappa/index", "Mappa del sito",
                       "Tutte le pagine di questo sito.",
                       views_lists.sitemap(catalog, listed))  # fmt: skip
    if catalog.languages:
        names = listing([page.nome_lingua for page in catalog.languages.values()])
        said = f"Il foglio per chi cerca aiuto, in più lingue: {names}."
        spoken = {"languages": catalog.languages}
        yield drawing.page("languages", "lingue/index", "Altre lingue", said, spoken)


def status_page(drawing: Drawing) -> SitePage:
    """The page of the staff: no menu, no list and no search engine leads to it."""
    beside = drawing.beside
    said = "Che cosa va verificato, chiarito o messo a posto nella Carta."
    shown = status(drawing.catalog, drawing.today, beside.links, beside.warnings)
    page = drawing.page("status", "stato/index", "Stato della Carta", said, shown)
    return replace(page, listed=False)


def _prints(drawing: Drawing) -> Iterator[SitePage]:
    said = "La Carta, le schede e i moduli in PDF: per la stampante, la tipografia, chi vede poco."
    catalog = drawing.catalog
    offered = {"services": catalog.services, "forms": catalog.forms, "years": years(catalog)}
    if drawing.prints:
        yield drawing.page("prints", "stampa/index", "La Carta da stampare", said, offered)


def _data(drawing: Drawing) -> Iterator[SitePage]:
    said = "I servizi, i contatti e gli standard come file: per chi programma, studia o confronta."
    if drawing.data:
        shown = views_data.data(drawing.catalog, drawing.data)
        yield drawing.page("data", "dati/index", "Dati aperti", said, shown)


def _news(drawing: Drawing) -> Iterator[SitePage]:
    said = "Che cosa è cambiato in schede, contatti, moduli e avvisi, dal più recente."
    view = views_news.news(drawing.entries, drawing.beside.history)
    yield drawing.page("news", "novita/index", view["title"], said, view)


def _archive(drawing: Drawing) -> SitePage:
    said = "Le edizioni passate della Carta: che cosa prometteva, e fino a quando."
    view = views_news.archive(drawing.catalog, drawing.beside, drawing.today)
    page = drawing.page("archive", "archivio/index", "Archivio delle edizioni", said, view)
    # An old promise, found by a search engine, would be taken for one that holds.
    return replace(page, listed=False)
