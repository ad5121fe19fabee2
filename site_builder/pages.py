"""The pages of the site: Catalog and day in; (uri, title, description, body) out.

Bodies are ready HTML whose links start at the root; `place` makes them relative to their page, so
that the site works in any folder. Knows nothing of the generator that wraps the bodies.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from markupsafe import Markup

from site_builder import views, views_finder, views_lists
from site_builder.beside import NOTHING, Beside
from site_builder.catalog import Catalog
from site_builder.due import SCRIPT as DUE_SCRIPT
from site_builder.due import due
from site_builder.finder import Finder
from site_builder.forms import static_form
from site_builder.italian import listing
from site_builder.metatag import metatag
from site_builder.model import Contact, Notice, Service
from site_builder.model_carta import Area, Gruppo
from site_builder.navigation import chapters
from site_builder.prints import Prints
from site_builder.report import reports, years
from site_builder.safety import SCRIPT, neutral_title
from site_builder.templating import render
from site_builder.tooltips import Tooltips

# What only some of the lists need.
_SCRIPTS = {"search": ("assets/cerca.js",), "offices": ("assets/scheda.js",)}
# What a list needs only if there is something to count on.
_SCRIPTS_FOR = {"due": DUE_SCRIPT, "bands": "assets/quanto-pago.js"}


@dataclass(frozen=True, slots=True)
class SitePage:
    """A page: `uri` as the generator names its source (`servizi/cav.md`), `body` as HTML.

    `scripts` are the addresses of the scripts that only this page needs; `head_title` is the title
    for the browser's window and history where that of the page would betray its reader; a
    `delicate` page has a quick exit.
    """

    uri: str
    title: str
    description: str
    body: str
    scripts: tuple[str, ...] = ()
    head_title: str = ""
    delicate: bool = False

    @property
    def url(self) -> str:
        return url_of(self.uri)


def url_of(uri: str) -> str:
    """The address of a page, without the leading slash: `servizi/cav/`; the home is empty."""
    stem = uri.removesuffix(".md")
    return "" if stem == "index" else stem.removesuffix("/index") + "/"


def place(body: str, url: str) -> str:
    """Make links from the root relative to the page at `url`."""
    return place_from(body, "../" * url.count("/") or "./")


def place_from(body: str, base: str) -> str:
    """Make links from the root start at `base`."""
    return body.replace('href="/', f'href="{base}').replace('src="/', f'src="{base}')


def iter_pages(
    catalog: Catalog,
    today: date,
    site_url: str = "",
    endpoint: str = "",
    prints: Prints | None = None,
    beside: Beside = NOTHING,
) -> Iterator[SitePage]:
    """Yield every generated page, the home first.

    `site_url` is where the site will stand and `endpoint` where its forms are sent; both end with
    a slash and may be unknown. `prints` are the PDF files that stand beside the pages, `beside` is
    what else is known that is not in the content.
    """
    shared = views.common(catalog, today) | {"endpoint": endpoint, "prints": prints or {}}
    draw = partial(_draw, shared, Tooltips(catalog.glossary))
    lists = list(_lists(catalog, today, draw))
    if prints:
        lists.append(_prints(catalog, draw))
    for told in reports(catalog):
        said = f"Standard rispettati e non, reclami e risposte del {told.anno}."
        lists.append(draw("report", f"{told.address}index", told.title, said, {"report": told}))
    yield from lists
    found = list(_finder(catalog, draw))
    listed = [(page.url, page.title) for page in (*lists, *found[:1])]
    yield draw("sitemap", "mappa/index", "Mappa del sito", "Tutte le pagine di questo sito.",
               views_lists.sitemap(catalog, listed))  # fmt: skip
    if catalog.languages:
        names = listing([page.nome_lingua for page in catalog.languages.values()])
        said = f"Il foglio per chi cerca aiuto, in più lingue: {names}."
        spoken = {"languages": catalog.languages}
        yield draw("languages", "lingue/index", "Altre lingue", said, spoken)
    yield from found
    for item in catalog.services.values():
        sheet = views.service(catalog, item) | {"metatag": metatag(catalog, item, site_url)}
        page = draw("service", f"servizi/{item.id}", item.titolo, item.descrizione_breve,
                    sheet, item.id, ("assets/scheda.js",))  # fmt: skip
        yield _guarded(page, catalog, item)
    ente = catalog.carta.ente.nome_breve
    # No two tabs of a browser are named alike: an area may be called as a sheet or a group.
    sheets = catalog.services.values()
    taken = {sheet.titolo for sheet in sheets} | {group.nome for group in catalog.carta.gruppi}
    for area in catalog.areas.values():
        said = f"I servizi dell'area «{area.titolo}»."
        page = draw("area", f"aree/{area.id}", area.nome, said, views.area(catalog, area))
        if area.nome in taken:
            page = replace(page, head_title=f"Area: {area.nome}")
        yield _guarded(page, catalog, area)
    for group in catalog.carta.gruppi:
        if group.id in catalog.services_by_group:
            said = f"{group.nome}: i servizi sociali di {ente}."
            view = views.group(catalog, group)
            page = draw("group", f"per-chi/{group.id}", group.nome, said, view)
            yield _guarded(page, catalog, group)
    for comune in catalog.comuni.values():
        title = f"Vivo {comune.a_nome}: dove vado?"
        said = f"Sportelli, telefoni e servizi sociali per chi vive {comune.a_nome}."
        view = views.comune(catalog, comune)
        yield draw("comune", f"comuni/{comune.id}", title, said, view, "", ("assets/scheda.js",))
    for contact in catalog.contacts.values():
        said = f"{contact.nome}: indirizzo, telefono, orari e servizi."
        title = f"Contatti: {contact.nome}"  # a sheet may have the same name
        view = views.office(catalog, contact)
        page = draw("office", f"uffici/{contact.id}", title, said, view, "", ("assets/scheda.js",))
        yield _guarded(page, catalog, contact)
    for form in catalog.forms.values():
        # One heading stands above the form, so those of its groups are of the third level.
        online = Markup(static_form(catalog, form, endpoint, level=3)) if endpoint else ""
        view = views.form(catalog, form) | {"online": online}
        page = draw("form", f"moduli/{form.id}", form.titolo, form.titolo, view)
        yield replace(page, scripts=("assets/modulo.js",) if online else ())
    for notice in catalog.notices.values():
        context = {"notice": notice, "services": [catalog.services[id] for id in notice.servizi]}
        page = draw("notice", f"avvisi/{notice.id}", notice.titolo, notice.titolo, context)
        yield _guarded(page, catalog, notice)


def handwritten(catalog: Catalog, uri: str, content: str, today: date) -> str:
    """The body of a page written by hand: its HTML with doubts, sources and tooltips.

    The tooltips are Italian: a page in another language has none.
    """
    page = catalog.pages[uri.removesuffix(".md")]
    context = views.common(catalog, today) | {
        "page": page,
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


def _lists(catalog: Catalog, today: date, draw: "partial[SitePage]") -> Iterator[SitePage]:
    ente = catalog.carta.ente.nome
    home = draw("home", "index", "Home", f"I servizi sociali: {ente}.", views.home(catalog, today))
    yield replace(home, scripts=_SCRIPTS["search"])
    for template, uri, title, context in (
        ("services", "servizi/index", "Servizi", {"services": catalog.services}),
        ("groups", "per-chi/index", "Per chi", {}),
        ("comuni", "comuni/index", "Comuni", {}),
        ("offices", "uffici/index", "Uffici e contatti", views_lists.offices(catalog)),
        (
            "providers",
            "enti-gestori/index",
            "Chi gestisce i servizi",
            views_lists.providers(catalog),
        ),
        ("costs", "costi/index", "Servizi gratuiti e a pagamento", views_lists.costs(catalog)),
        ("az", "a-z/index", "Dalla A alla Z", views_lists.alphabetical(catalog)),
        ("glossary", "glossario/index", "Glossario", views_lists.glossary(catalog)),
        (
            "complaints",
            "reclami/index",
            "Reclami",
            views_lists.complaints(catalog) | {"due": due(catalog, today)},
        ),
        ("forms", "moduli/index", "Moduli", {"forms": catalog.forms}),
        ("notices", "avvisi/index", "Avvisi", views_lists.notices(catalog, today)),
        ("topics", "argomenti/index", "Argomenti", views_lists.topics(catalog)),
        ("standards", "standard/index", "Standard di qualità", views_lists.standards(catalog)),
        ("unlisted", "senza-scheda/index", "Servizi senza scheda", views_lists.unlisted(catalog)),
        ("edition", "questa-carta/index", "Carta dei Servizi", {"chapters": chapters(catalog)}),
        ("search", "cerca/index", "Cerca un servizio", {}),
    ):
        page = draw(template, uri, title, f"{title}: {ente}.", context)
        asked = [script for key, script in _SCRIPTS_FOR.items() if context.get(key)]
        yield replace(page, scripts=(*asked, *_SCRIPTS.get(template, ())))


def _prints(catalog: Catalog, draw: "partial[SitePage]") -> SitePage:
    said = "La Carta, le schede e i moduli in PDF: per la stampante, la tipografia, chi vede poco."
    offered = {"services": catalog.services, "forms": catalog.forms, "years": years(catalog)}
    return draw("prints", "stampa/index", "La Carta da stampare", said, offered)


def _finder(catalog: Catalog, draw: "partial[SitePage]") -> Iterator[SitePage]:
    """The questions of «Trova il servizio», a page for each answer and for the useful pairs."""
    if not catalog.carta.domande:
        return
    finder = Finder(catalog)
    said = "Poche domande semplici per trovare il servizio sociale che può servirti."
    page = draw("finder", "trova/index", views_finder.TITLE, said, views_finder.questions(finder))
    yield replace(page, scripts=(views_finder.SCRIPT, SCRIPT))
    for given in (*((choice,) for choice in finder.choices), *finder.pairs()):
        context, title = views_finder.answers(finder, given), views_finder.title(given)
        about = said if context["delicate"] else f"{title}. I servizi sociali che possono servirti."
        page = draw("finder-results", views_finder.address(given), title, about, context)
        if context["delicate"]:
            discreet = views_finder.neutral_title(finder, given)
            page = replace(page, scripts=(SCRIPT,), head_title=discreet, delicate=True)
        yield page


def _draw(
    shared: views.View,
    tooltips: Tooltips,
    template: str,
    uri: str,
    title: str,
    description: str,
    context: views.View,
    service: str = "",
    scripts: tuple[str, ...] = (),
) -> SitePage:
    body = render(f"pages/{template}.html", **shared, **context)
    return SitePage(f"{uri}.md", title, description, tooltips.add(body, service), scripts)


def _guarded(
    page: SitePage, catalog: Catalog, item: Service | Contact | Area | Gruppo | Notice
) -> SitePage:
    """The page, made discreet if it speaks of violence."""
    title = neutral_title(item, catalog)
    if not title:
        return page
    said = f"Una pagina di {catalog.carta.ente.nome}."
    scripts = (*page.scripts, SCRIPT)
    return replace(page, head_title=title, description=said, scripts=scripts, delicate=True)
