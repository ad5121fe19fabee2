"""A page for each record of the content, made discreet where it speaks of violence."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from markupsafe import Markup

from site_builder import takeaways, views
from site_builder.forms import static_form
from site_builder.jsonld import Graph
from site_builder.metatag import metatag
from site_builder.pages.drawing import Drawing
from site_builder.pages.page import SitePage

_CARD = ("assets/scheda.js",)


def iter_records(drawing: Drawing) -> Iterator[SitePage]:
    """Yield sheets, areas, groups, Comuni, offices, forms and notices, in this order."""
    graph = Graph(drawing.public, drawing.site_url or "../../")
    files = drawing.data.sizes if drawing.data else {}
    yield from _sheets(drawing, graph)
    yield from _areas(drawing)
    yield from _groups(drawing)
    yield from _comuni(drawing)
    yield from _offices(drawing, graph, files)
    yield from _forms(drawing)
    yield from _notices(drawing, files)


def _sheets(drawing: Drawing, graph: Graph) -> Iterator[SitePage]:
    for item in drawing.catalog.services.values():
        view = views.service(drawing.catalog, item)
        view["metatag"] = metatag(drawing.public, item, drawing.site_url)
        view["graph"] = graph.service(item.id)
        page = drawing.page("service", f"servizi/{item.id}", item.titolo, item.descrizione_breve,
                            view, item.id, _CARD)  # fmt: skip
        yield drawing.guarded(page, item)


def _areas(drawing: Drawing) -> Iterator[SitePage]:
    catalog = drawing.catalog
    # No two tabs of a browser are named alike: an area may be called as a sheet or a group.
    sheets = catalog.services.values()
    taken = {sheet.titolo for sheet in sheets} | {group.nome for group in catalog.carta.gruppi}
    for area in catalog.areas.values():
        said = f"I servizi dell'area «{area.titolo}»."
        page = drawing.page("area", f"aree/{area.id}", area.nome, said, views.area(catalog, area))
        if area.nome in taken:
            page = replace(page, head_title=f"Area: {area.nome}")
        yield drawing.guarded(page, area)


def _groups(drawing: Drawing) -> Iterator[SitePage]:
    catalog = drawing.catalog
    for group in catalog.carta.gruppi:
        if group.id in catalog.services_by_group:
            said = f"{group.nome}: i servizi sociali di {catalog.carta.ente.nome_breve}."
            view = views.group(catalog, group)
            page = drawing.page("group", f"per-chi/{group.id}", group.nome, said, view)
            yield drawing.guarded(page, group)


def _comuni(drawing: Drawing) -> Iterator[SitePage]:
    for comune in drawing.catalog.comuni.values():
        title = f"Vivo {comune.a_nome}: dove vado?"
        said = f"Sportelli, telefoni e servizi sociali per chi vive {comune.a_nome}."
        view = views.comune(drawing.catalog, comune)
        yield drawing.page("comune", f"comuni/{comune.id}", title, said, view, "", _CARD)


def _offices(drawing: Drawing, graph: Graph, files: Collection[str]) -> Iterator[SitePage]:
    for contact in drawing.catalog.contacts.values():
        said = f"{contact.nome}: indirizzo, telefono, orari e servizi."
        title = f"Contatti: {contact.nome}"  # a sheet may have the same name
        view = views.office(drawing.catalog, contact) | {"graph": graph.office(contact.id)}
        view["kept"] = list(takeaways.of_office(contact, drawing.catalog, files))
        page = drawing.page("office", f"uffici/{contact.id}", title, said, view, "", _CARD)
        yield drawing.guarded(page, contact)


def _forms(drawing: Drawing) -> Iterator[SitePage]:
    catalog, endpoint = drawing.catalog, drawing.endpoint
    for form in catalog.forms.values():
        # One heading stands above the form, so those of its groups are of the third level.
        online = Markup(static_form(catalog, form, endpoint, level=3)) if endpoint else ""
        view = views.form(catalog, form) | {"online": online}
        page = drawing.page("form", f"moduli/{form.id}", form.titolo, form.titolo, view)
        yield replace(page, scripts=("assets/modulo.js",) if online else ())


def _notices(drawing: Drawing, files: Collection[str]) -> Iterator[SitePage]:
    catalog = drawing.catalog
    for notice in catalog.notices.values():
        view = {"notice": notice, "services": [catalog.services[id] for id in notice.servizi]}
        view["kept"] = list(takeaways.of_notice(notice, catalog, files))
        page = drawing.page("notice", f"avvisi/{notice.id}", notice.titolo, notice.titolo, view)
        yield drawing.guarded(page, notice)
