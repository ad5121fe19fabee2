"""Whose a service is, as linked data: the body of the Carta, its Comuni, and others."""

from collections.abc import Iterable

from site_builder.catalog import Catalog
from site_builder.model import Service
from site_builder.model_carta import Comune
from site_builder.opendata.cpsv_contacts import address
from site_builder.opendata.cpsv_graph import Graph
from site_builder.opendata.turtle import Properties, literal, text

_OTHERS = {
    "asl": "Azienda sanitaria locale",
    "inps": "INPS, Istituto nazionale della previdenza sociale",
    "provincia": "Provincia",
}


def body(graph: Graph, catalog: Catalog) -> str:
    """The body that publishes the Carta."""
    ente = catalog.carta.ente
    more = {
        "dct:identifier": literal(graph.source.code),
        "skos:altLabel": text(ente.nome_breve),
        "locn:address": address(graph, catalog, catalog.contacts[ente.sede]),
    }
    return _organisation(graph, "#ente", ente.nome, catalog.carta.comuni, more)


def authorities(graph: Graph, catalog: Catalog, sheet: Service) -> list[str]:
    """Whose service it is: a Carta also tells of services that are not of its own body."""
    comuni = served(catalog, sheet)
    if sheet.livello == "ambito":
        return [graph.name(graph.source.iri("#ente"))]
    if sheet.livello == "comune":
        return [
            _organisation(graph, f"comuni/{town.id}/#comune", f"Comune di {town.nome}", [town])
            for town in comuni
        ]
    label = _OTHERS.get(sheet.livello, catalog.carta.ente.appartenenza)
    return [_organisation(graph, f"#{sheet.livello}", label, catalog.carta.comuni)]


def served(catalog: Catalog, sheet: Service) -> list[Comune]:
    """The Comuni whose residents can ask for the service."""
    ids = sheet.territorio
    return [comune for id, comune in catalog.comuni.items() if not ids or id in ids]


def _organisation(
    graph: Graph, path: str, label: str, where: Iterable[Comune], more: Properties | None = None
) -> str:
    # The shapes do not know that the one class is part of the other.
    said = {"skos:prefLabel": text(label), "dct:spatial": graph.places(where), **(more or {})}
    return graph.part(path, "cv:PublicOrganisation org:Organization", said)
