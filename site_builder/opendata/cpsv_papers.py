"""The papers that a service asks for, as linked data: what to bring, and forms to fill in."""

from collections.abc import Iterator

from site_builder.catalog import Catalog
from site_builder.model import Form, Service
from site_builder.opendata import italian_vocabularies as lists
from site_builder.opendata.cpsv_graph import Graph
from site_builder.opendata.turtle import text

# Not said to be needed is not said to be needless.
_NEEDED = {True: "È obbligatorio.", False: ""}


def papers(graph: Graph, catalog: Catalog, sheet: Service, path: str) -> Iterator[str]:
    """The papers to bring, and the forms to fill in."""
    for number, paper in enumerate(sheet.documenti, start=1):
        note = " ".join(part for part in (paper.nota, _NEEDED[paper.obbligatorio]) if part)
        where = f"{path}-documento-{number}"
        yield _paper(graph, where, lists.OTHER_DOCUMENT, paper.nome, note, paper.url)
    for form in request_forms(catalog, sheet):
        page = graph.source.url(f"moduli/{form.id}/")
        where = f"moduli/{form.id}/#modulo"
        yield _paper(graph, where, lists.REQUEST, form.titolo, form.descrizione, page)
    for number, other in enumerate(sheet.modulistica, start=1):
        where = f"{path}-modulistica-{number}"
        yield _paper(graph, where, lists.REQUEST, other.nome, other.nota, other.url)


def request_forms(catalog: Catalog, sheet: Service) -> list[Form]:
    """The forms by which the service is asked for: one complains of it with others."""
    carta = catalog.carta
    others = (carta.reclami.modulo, carta.modulo_contatto)
    return [catalog.forms[id] for id in sheet.moduli if id not in others]


def paper_type(graph: Graph, code: str) -> str:
    """A kind of paper, by its Italian code."""
    short = code.rpartition("/")[2]
    said = {"cv:evidenceTypeClassification": graph.concept(code)}
    return graph.part(f"#tipo-documento-{short}", "cv:EvidenceType", said)


def _paper(graph: Graph, path: str, code: str, name: str, note: str, address: str) -> str:
    said = {
        "dct:title": text(name),
        "dct:description": text(note),
        "dct:type": graph.concept(code),
        "dct:conformsTo": paper_type(graph, code),
        "dct:language": graph.describe(lists.ITALIAN, "dct:LinguisticSystem"),
        "foaf:page": graph.page(address),
    }
    return graph.part(path, "cv:Evidence", said)
