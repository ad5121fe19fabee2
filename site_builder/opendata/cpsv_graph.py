"""The graph of the linked data on services, and what every part of it is made with."""

from collections.abc import Iterable

from site_builder.model_carta import Comune
from site_builder.opendata.source import Source
from site_builder.opendata.turtle import Properties, Turtle, literal, text

_PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cpsvit": "https://w3id.org/italia/onto/CPSV/",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "org": "http://www.w3.org/ns/org#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


class Graph(Turtle):
    """The official shapes want the type of all that is pointed to said in the same file."""

    def __init__(self, source: Source) -> None:
        super().__init__(_PREFIXES, source.base)
        self.source = source

    def part(self, path: str, types: str, properties: Properties) -> str:
        """A thing of ours, with the identifier that it has in every export."""
        own = {"dct:identifier": literal(self.source.uuid(path))}
        return self.describe(self.source.iri(path), types, {**own, **properties})

    def concept(self, iri: str, also: str = "") -> str:
        """A word of a code list."""
        return self.describe(iri, f"skos:Concept {also}")

    def own_concept(self, path: str, scheme: str, label: str, definition: str = "") -> str:
        """A word of a list of our own."""
        said = {
            "skos:prefLabel": text(label),
            "skos:definition": text(definition),
            "skos:inScheme": self.describe(self.source.iri(scheme), "skos:ConceptScheme"),
        }
        return self.describe(self.source.iri(path), "skos:Concept", said)

    def page(self, address: str) -> str:
        """A page or a file, or nothing."""
        return self.describe(address, "foaf:Document") if address else ""

    def times(self, path: str, sentences: Iterable[str]) -> list[str]:
        """Times as sentences, numbered in their order."""
        return [
            self.describe(
                self.source.iri(f"{path}-{number}"),
                "time:TemporalEntity",
                {"dct:description": text(sentence)},
            )
            for number, sentence in enumerate(sentences, start=1)
        ]

    def places(self, comuni: Iterable[Comune]) -> list[str]:
        """The Comuni. Without its official name (it has a date in it) one has a name of ours."""
        return [
            self.describe(
                comune.iri or self.source.iri(f"comuni/{comune.id}/"),
                "dct:Location",
                {"skos:prefLabel": text(comune.nome), "dct:identifier": literal(comune.istat)},
            )
            for comune in comuni
        ]
