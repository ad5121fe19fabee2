"""The pages of the site: Catalog and day in; (uri, title, description, body) out.

Bodies are ready HTML whose links start at the root; `place` makes them relative to their page, so
that the site works in any folder. Knows nothing of the generator that wraps the bodies.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from markupsafe import Markup

from site_builder import views
from site_builder.catalog import Catalog
from site_builder.resources import resource_dir
from site_builder.templating import render
from site_builder.tooltips import Tooltips


@dataclass(frozen=True, slots=True)
class SitePage:
    """A page: `uri` as the generator names its source (`servizi/cav.md`), `body` as HTML.

    `scripts` are the addresses of the scripts that only this page needs.
    """

    uri: str
    title: str
    description: str
    body: str
    scripts: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return url_of(self.uri)


def url_of(uri: str) -> str:
    """The address of a page, without the leading slash: `servizi/cav/`; the home is empty."""
    stem = uri.removesuffix(".md")
    return "" if stem == "index" else stem.removesuffix("/index") + "/"


def place(body: str, url: str) -> str:
    """Make links from the root relative to the page at `url`."""
    base = "../" * url.count("/") or "./"
    return body.replace('href="/', f'href="{base}').replace('src="/', f'src="{base}')


def iter_pages(catalog: Catalog, today: date) -> Iterator[SitePage]:
    """Yield every generated page, the home first."""
    draw = partial(_draw, views.common(catalog, today), Tooltips(catalog.glossary))
    yield from _lists(catalog, today, draw)
    for item in catalog.services.values():
        page = draw("service", f"servizi/{item.id}", item.titolo, item.descrizione_breve,
                    views.service(catalog, item), item.id)  # fmt: skip
        yield page
    ente = catalog.carta.ente.nome_breve
    for area in catalog.areas.values():
        said = f"I servizi dell'area «{area.titolo}»."
        yield draw("area", f"aree/{area.id}", area.nome, said, views.area(catalog, area))
    for group in catalog.carta.gruppi:
        if group.id in catalog.services_by_group:
            said = f"{group.nome}: i servizi sociali di {ente}."
            yield draw(
                "group", f"per-chi/{group.id}", group.nome, said, views.group(catalog, group)
            )
    for comune in catalog.comuni.values():
        title = f"Vivo {comune.a_nome}: dove vado?"
        said = f"Sportelli, telefoni e servizi sociali per chi vive {comune.a_nome}."
        yield draw("comune", f"comuni/{comune.id}", title, said, views.comune(catalog, comune))
    for contact in catalog.contacts.values():
        said = f"{contact.nome}: indirizzo, telefono, orari e servizi."
        title = f"Contatti: {contact.nome}"  # a sheet may have the same name
        yield draw("office", f"uffici/{contact.id}", title, said, views.office(catalog, contact))
    for form in catalog.forms.values():
        yield draw("form", f"moduli/{form.id}", form.titolo, form.titolo, views.form(catalog, form))
    for notice in catalog.notices.values():
        context = {"notice": notice, "services": [catalog.services[id] for id in notice.servizi]}
        yield draw("notice", f"avvisi/{notice.id}", notice.titolo, notice.titolo, context)


def handwritten(catalog: Catalog, uri: str, content: str, today: date) -> str:
    """The body of a page written by hand: its HTML with doubts, sources and tooltips."""
    context = views.common(catalog, today) | {
        "page": catalog.pages[uri.removesuffix(".md")],
        "content": Markup(content),  # HTML made from Markdown
    }
    return Tooltips(catalog.glossary).add(render("pages/handwritten.html", **context))


def style_sheet(areas: Iterable[tuple[str, str]]) -> str:
    """The one style sheet of the site: the theme's parts by name, then the areas' colours."""
    parts = sorted((resource_dir("theme") / "style").glob("*.css"))
    return "".join(part.read_text("utf-8") for part in parts) + _area_colours(areas)


def _area_colours(areas: Iterable[tuple[str, str]]) -> str:
    return "".join(f".c-area--{id},.c-card--{id}{{--area:{colour}}}\n" for id, colour in areas)


def _lists(catalog: Catalog, today: date, draw: "partial[SitePage]") -> Iterator[SitePage]:
    ente = catalog.carta.ente.nome
    yield draw("home", "index", "Home", f"I servizi sociali: {ente}.", views.home(catalog, today))
    for template, uri, title, context in (
        ("services", "servizi/index", "Servizi", {"services": catalog.services}),
        ("groups", "per-chi/index", "Per chi", {}),
        ("comuni", "comuni/index", "Comuni", {}),
        ("offices", "uffici/index", "Uffici e contatti", views.offices(catalog)),
        ("providers", "enti-gestori/index", "Chi gestisce i servizi", views.providers(catalog)),
        ("costs", "costi/index", "Servizi gratuiti e a pagamento", views.costs(catalog)),
        ("az", "a-z/index", "Dalla A alla Z", views.alphabetical(catalog)),
        ("glossary", "glossario/index", "Glossario", views.glossary(catalog)),
        ("complaints", "reclami/index", "Reclami", views.complaints(catalog)),
        ("forms", "moduli/index", "Moduli", {"forms": catalog.forms}),
        ("notices", "avvisi/index", "Avvisi", views.notices(catalog, today)),
        ("standards", "standard/index", "Standard di qualità", views.standards(catalog)),
        ("unlisted", "senza-scheda/index", "Servizi senza scheda", views.unlisted(catalog)),
        ("edition", "questa-carta/index", "Questa Carta", {}),
        ("search", "cerca/index", "Cerca un servizio", {}),
    ):
        yield draw(template, uri, title, f"{title}: {ente}.", context)


def _draw(
    shared: views.View,
    tooltips: Tooltips,
    template: str,
    uri: str,
    title: str,
    description: str,
    context: views.View,
    service: str = "",
) -> SitePage:
    body = render(f"pages/{template}.html", **shared, **context)
    return SitePage(f"{uri}.md", title, description, tooltips.add(body, service))
