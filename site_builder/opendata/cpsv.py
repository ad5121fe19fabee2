"""`dati/cpsv-ap.ttl`: the services as the European profile has them, with the Italian lists.

CPSV-AP 3.2.0 in Turtle. What the sheets do not say is not said here: no events of life, no
identity online, a processing time only where a term gives one.
"""

from collections.abc import Iterator, Mapping

from site_builder.catalog import Catalog
from site_builder.model import Contact, Service
from site_builder.opendata import cpsv_parts as parts
from site_builder.opendata import italian_vocabularies as lists
from site_builder.opendata.cpsv_bodies import authorities, body, served
from site_builder.opendata.cpsv_contacts import channels, contact_point, seat_channels
from site_builder.opendata.cpsv_graph import Graph
from site_builder.opendata.cpsv_papers import paper_type, papers, request_forms
from site_builder.opendata.datasets import Dataset, Distribution
from site_builder.opendata.source import Source
from site_builder.opendata.turtle import Terms, literal, text

ADDRESS = "dati/cpsv-ap.ttl"
_PROFILE = "https://semiceu.github.io/CPSV-AP/releases/3.2.0/"
# The channels of an office and how to reach it, drawn once for all services.
_Offices = Mapping[str, tuple[list[str], str]]


def datasets(source: Source) -> Iterator[Dataset]:
    """The file, as it is told to people."""
    about = "Servizi, sportelli, costi e requisiti collegati fra loro, per i cataloghi di servizi."
    yield Dataset(
        "servizi-cpsv-ap",
        "Servizi come dati collegati",
        "Gli stessi servizi delle schede nella forma che usano i cataloghi europei e italiani dei"
        " servizi pubblici: servono a chi vuole metterli accanto a quelli di altri enti.",
        (Distribution(ADDRESS, "text/turtle", about, _PROFILE),),
    )


def files(source: Source) -> Iterator[tuple[str, str]]:
    """The file."""
    yield ADDRESS, services_graph(source)


def services_graph(source: Source) -> str:
    """The whole graph as Turtle."""
    graph, catalog = Graph(source), source.catalog
    body(graph, catalog)
    for group in catalog.carta.gruppi:
        graph.own_concept(f"per-chi/{group.id}/", "#gruppi", group.nome, group.descrizione)
    for area in catalog.areas.values():
        graph.own_concept(f"aree/{area.id}/", "#aree", area.titolo, area.descrizione)
    offices = _offices(graph, catalog)
    for sheet in catalog.services.values():
        _service(graph, catalog, sheet, offices)
    return str(graph)


def _offices(graph: Graph, catalog: Catalog) -> _Offices:
    def drawn(contact: Contact) -> tuple[list[str], str]:
        return list(channels(graph, catalog, contact)), contact_point(graph, contact)

    used = catalog.services_by_contact
    return {id: drawn(contact) for id, contact in catalog.contacts.items() if id in used}


def _service(graph: Graph, catalog: Catalog, sheet: Service, offices: _Offices) -> None:
    path = f"servizi/{sheet.id}/#servizio"
    where = (*(desk.id for desk in catalog.desks(sheet)), *sheet.contatti)
    said: dict[str, Terms] = {
        **_texts(sheet),
        **_classes(graph, catalog, sheet),
        **_links(graph, catalog, sheet, path),
        "cv:hasChannel": [*_ways(graph, catalog, sheet, path, offices)],
        "cv:contactPoint": [offices[id][1] for id in where],
    }
    graph.part(path, "cpsv:PublicService cpsvit:PublicService", said)


def _texts(sheet: Service) -> dict[str, Terms]:
    done = "\n".join(f"- {item}" for item in sheet.attivita)
    described = (sheet.descrizione_breve, sheet.descrizione.strip(), done)
    changed = sheet.aggiornato_il
    return {
        "dct:title": text(sheet.titolo),
        "dct:description": text("\n\n".join(part for part in described if part)),
        "dcat:keyword": [text(word) for word in (sheet.sigla, *sheet.argomenti)],
        "dct:modified": literal(changed.isoformat(), "xsd:date") if changed else "",
        "cv:processingTime": parts.processing_time(sheet),
    }


def _classes(graph: Graph, catalog: Catalog, sheet: Service) -> dict[str, Terms]:
    iri = graph.source.iri
    prints = request_forms(catalog, sheet) or any(form.url for form in sheet.modulistica)
    level = lists.FORMS_TO_PRINT if prints else lists.INFORMATION
    status = graph.concept(lists.STATUS[sheet.stato.valore], "cpsvit:ServiceStatus")
    return {
        "adms:status": status,
        "cpsvit:hasServiceStatus": status,
        "cpsvit:hasAuthenticationMethod": graph.concept(
            lists.NO_AUTHENTICATION, "cpsvit:Authentication"
        ),
        "cpsvit:hasiInteractivityLevel": graph.concept(level, "cpsvit:InteractivityLevel"),
        "cv:thematicArea": map(graph.concept, lists.subject_matters(sheet.argomenti)),
        "dct:type": graph.concept(lists.SOCIAL_PROTECTION),
        "cv:isClassifiedBy": [graph.name(iri(f"aree/{id}/")) for id in sheet.aree],
        "dct:audience": [graph.name(iri(f"per-chi/{id}/")) for id in sheet.gruppi],
    }


def _links(graph: Graph, catalog: Catalog, sheet: Service, path: str) -> dict[str, Terms]:
    brought = list(papers(graph, catalog, sheet, path))
    under = list(parts.laws(graph, sheet, path))
    kinds = [lists.OTHER_DOCUMENT] if sheet.documenti else []
    kinds += [lists.REQUEST] if request_forms(catalog, sheet) or sheet.modulistica else []
    iri = graph.source.iri
    return {
        "foaf:page": graph.page(graph.source.url(f"servizi/{sheet.id}/")),
        "dct:language": graph.describe(lists.ITALIAN, "dct:LinguisticSystem"),
        "dct:spatial": graph.places(served(catalog, sheet)),
        "cv:hasCompetentAuthority": authorities(graph, catalog, sheet),
        "cv:hasCost": parts.costs(graph, sheet, path),
        "cv:holdsRequirement": parts.requirements(graph, sheet, path),
        "cpsv:hasInput": brought,
        "cv:hasInputType": [paper_type(graph, kind) for kind in kinds],
        "cpsv:produces": parts.outputs(graph, sheet, path),
        "cpsv:follows": parts.rules(graph, sheet, path, under),
        "cv:hasLegalResource": under,
        "cv:hasParticipation": parts.providers(graph, catalog, sheet, path),
        "cv:relatedService": [
            graph.name(iri(f"servizi/{id}/#servizio")) for id in sheet.servizi_collegati
        ],
    }


def _ways(
    graph: Graph, catalog: Catalog, sheet: Service, path: str, offices: _Offices
) -> Iterator[str]:
    for desk in catalog.desks(sheet):
        yield from offices[desk.id][0]
    for id in sheet.dove_rivolgersi.contatti:
        yield from offices[id][0]
    for number, seat in enumerate(sheet.sedi, start=1):
        own = f"{path}-sede-{number}"
        yield from seat_channels(graph, catalog, own, seat, offices[seat.contatto][0])
