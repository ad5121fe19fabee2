"""The graph of the catalogue, and what its catalogue, datasets and files have in common.

A site that does not know its address has files that are found beside this one: their addresses
are then relative, and hold wherever the folder is put.
"""

from datetime import date
from functools import cached_property

from site_builder.model import Contact
from site_builder.opendata import italian_vocabularies as lists
from site_builder.opendata.source import Source
from site_builder.opendata.turtle import Terms, Turtle, literal, text

FOLDER = "dati/"
_PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatapit": "http://dati.gov.it/onto/dcatapit#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


class Entry(Turtle):
    """Whose the data are, under which licence, and where they are found."""

    def __init__(self, source: Source) -> None:
        super().__init__(_PREFIXES)
        self.source = source

    @cached_property
    def modified(self) -> str:
        """When the content last changed; a Carta always says when it did."""
        kinds = self.source.catalog.records.values()
        days = (getattr(item, "aggiornato_il", None) for kind in kinds for item in kind.values())
        newest = max(day for day in days if isinstance(day, date))
        return literal(newest.isoformat(), "xsd:date")

    def of_all(self) -> dict[str, Terms]:
        """What holds for the catalogue and for every dataset."""
        catalog = self.source.catalog
        publisher = {
            "dct:identifier": literal(self.source.code),
            "foaf:name": text(catalog.carta.ente.nome),
        }
        return {
            "dct:publisher": self.describe(
                self.source.iri("#ente"), "dcatapit:Agent foaf:Agent", publisher
            ),
            "dct:modified": self.modified,
            "dct:language": self.describe(lists.ITALIAN, "dct:LinguisticSystem"),
            "dct:spatial": [
                self.describe(
                    comune.iri or self.source.iri(f"comuni/{comune.id}/"),
                    "dct:Location",
                    {"rdfs:label": text(comune.nome)},
                )
                for comune in catalog.carta.comuni
            ],
        }

    def licence(self) -> str:
        """What readers may do with the data; the list has a word for not knowing it."""
        licence = self.source.catalog.carta.licenza
        iri, kind = lists.licence(licence.url if licence else "")
        label = text(kind.rpartition("/")[2], "en")
        said = {
            "dct:type": self.describe(kind, "skos:Concept", {"skos:prefLabel": label}),
            "foaf:name": text(licence.nome if licence else "Licenza non indicata"),
            "rdfs:seeAlso": self.resource(licence.url) if licence else "",
        }
        return self.describe(iri, "dcatapit:LicenseDocument dct:LicenseDocument", said)

    def contact(self) -> str:
        """Whom to ask: nobody, if no office has a mailbox that all may know."""
        carta = self.source.catalog.carta
        contacts = self.source.catalog.contacts
        for id in (str(carta.ente.segnalazioni), carta.ente.sede):
            if id in contacts and (mailbox := _mailbox(contacts[id])):
                said = {
                    "vcard:fn": text(contacts[id].nome),
                    "vcard:hasEmail": self.resource(f"mailto:{mailbox}"),
                }
                iri = self.source.iri(f"uffici/{id}/#recapiti")
                types = "dcatapit:Organization vcard:Kind vcard:Organization"
                return self.describe(iri, types, said)
        return ""

    def standard(self, address: str) -> str:
        """What a file follows, or nothing."""
        if not address:
            return ""
        said = {"dct:identifier": literal(address)}
        return self.describe(address, "dcatapit:Standard dct:Standard", said)

    def resource(self, address: str) -> str:
        """The shapes of the Union want the type of pages and files said too."""
        return self.describe(address, "rdfs:Resource")

    def page(self) -> str:
        """The page where people find the data."""
        return self.describe(self.found(""), "foaf:Document rdfs:Resource")

    def found(self, address: str) -> str:
        """Where the page of the data is, or one of its files."""
        return self.source.url(address or FOLDER) or address.removeprefix(FOLDER) or "./"


def _mailbox(contact: Contact) -> str:
    if contact.riservata:
        return ""
    return next(iter((*(box.indirizzo for box in contact.email), *contact.pec)), "")
