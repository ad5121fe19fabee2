"""The schema.org graph of a page: the service with all its doors, an office, the body.

Twin of `metatag`, which is the one object that the national model checks. Drawn from the public
Catalog. Names (`@id`) are the canonical addresses; as long as the site has none, they are relative
to the page, and so lead to the same things wherever it stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from site_builder.catalog import Catalog
from site_builder.jsonld_parts import (
    Node,
    audience,
    closed,
    node,
    postal_address,
    price,
    script_text,
    territory,
    weekly,
)
from site_builder.jsonld_seats import is_phone, seat
from site_builder.model import Contact, Provider, Service


@dataclass(frozen=True, slots=True)
class Graph:
    """Draws the graphs of one site: `root` leads from the page to where the site stands."""

    catalog: Catalog
    root: str

    def service(self, id: str) -> str:
        """The graph of a sheet."""
        sheet = self.catalog.services[id]
        contacts = [self.catalog.contacts[id] for id in sheet.contatti]
        contacts += [desk for desk in self.catalog.desks(sheet) if desk not in contacts]
        providers = [self.catalog.providers[id] for id in sheet.gestore.enti]
        nodes = [self._service(sheet, contacts), self._page(sheet), self._body()]
        nodes += [self._seat(contact) for contact in contacts]
        return _graph([*nodes, *map(self._provider, providers)])

    def office(self, id: str) -> str:
        """The graph of an office."""
        return _graph([self._seat(self.catalog.contacts[id]), self._body()])

    def home(self) -> str:
        """The graph of the first page: the body, its seat, the site."""
        carta = self.catalog.carta
        main = self.catalog.contacts.get(carta.ente.sede)
        site = node(
            "WebSite",
            self._at("#sito"),
            name=carta.edizione.titolo,
            url=self._at(""),
            inLanguage="it",
            publisher={"@id": self._at("#ente")},
            license=carta.licenza.url if carta.licenza else "",
        )
        return _graph([self._whole_body(), site, *([self._seat(main)] if main else [])])

    def _at(self, path: str) -> str:
        # An empty reference would lose the fragment of the page; a point is its folder.
        return f"{self.root}{path}" or "./"

    def _seat(self, contact: Contact) -> Node:
        return seat(self.catalog, contact, self._at)

    def _to(self, contact: Contact) -> Node:
        return {"@id": self._at(f"uffici/{contact.id}/")}

    def _body(self) -> Node:
        return node("GovernmentOrganization", self._at("#ente"), name=self.catalog.carta.ente.nome)

    def _whole_body(self) -> Node:
        ente = self.catalog.carta.ente
        main = self.catalog.contacts.get(ente.sede)
        ipa = node("PropertyValue", propertyID="IPA", value=ente.codice_ipa)
        return self._body() | node(
            "GovernmentOrganization",
            alternateName=ente.nome_breve,
            url=self._at(""),
            identifier=ipa if ente.codice_ipa else {},
            taxID=str(ente.codice_fiscale),
            areaServed=territory(self.catalog, self.catalog.comuni),
            location=self._to(main) if main and not is_phone(main) else {},
        )

    def _page(self, sheet: Service) -> Node:
        return node(
            "WebPage",
            self._at(f"servizi/{sheet.id}/"),
            name=sheet.titolo,
            inLanguage="it",
            dateModified=str(sheet.aggiornato_il or ""),
            lastReviewed=str(sheet.verificato_il or ""),
            mainEntity={"@id": self._at(f"servizi/{sheet.id}/#servizio")},
        )

    def _service(self, sheet: Service, contacts: list[Contact]) -> Node:
        path = f"servizi/{sheet.id}/"
        areas = [self.catalog.areas[id].titolo for id in sheet.aree]
        return node(
            "GovernmentService",
            self._at(f"{path}#servizio"),
            name=sheet.titolo,
            alternateName=sheet.sigla,
            identifier=sheet.id,
            url=self._at(path),
            description=sheet.descrizione_breve,
            serviceType=areas[0],
            category=areas,
            serviceOperator={"@id": self._at("#ente")},
            provider=[{"@id": self._at(f"enti-gestori/#{id}")} for id in sheet.gestore.enti],
            areaServed=territory(self.catalog, sheet.territorio or self.catalog.comuni),
            audience=audience(self.catalog, sheet),
            availableChannel=list(self._channels(sheet, contacts)),
            offers=list(self._offers(sheet)),
            isRelatedTo=[
                {"@id": self._at(f"servizi/{id}/#servizio")} for id in sheet.servizi_collegati
            ],
            subjectOf=list(self._papers(sheet)),
        )

    def _channels(self, sheet: Service, contacts: list[Contact]) -> Iterator[Node]:
        """One door each: a place to go to or a number to call."""
        for contact in contacts:
            languages = [] if contact.riservata else list(contact.lingue)
            door: Node = {"serviceLocation": self._place(sheet, contact)}
            if is_phone(contact):
                door = {"servicePhone": self._to(contact)} if contact.telefoni else {}
            if door:
                yield node("ServiceChannel", **door, availableLanguage=languages)

    def _place(self, sheet: Service, contact: Contact) -> Node:
        """The seat; or, where the service has its own hours there, the seat in those hours."""
        here = [sede for sede in sheet.sedi if sede.contatto == contact.id]
        own = [slot for sede in here for slot in sede.orari if not slot.come_sede]
        shut = [closure for sede in here for closure in sede.chiusure]
        if not (own or shut):
            return self._to(contact)
        return node(
            "Place",
            self._at(f"servizi/{sheet.id}/#servizio-sede-{contact.id}"),
            name=contact.nome,
            address=postal_address(self.catalog, contact),
            containedInPlace=self._to(contact),
            openingHoursSpecification=[] if sheet.dubbi("sedi") else weekly(own),
            specialOpeningHoursSpecification=closed(shut),
        )

    def _offers(self, sheet: Service) -> Iterator[Node]:
        """What the citizen pays; money that is given, and averages, are no price."""
        cost = sheet.costo
        if cost.tipo == "gratuito":
            yield node("Offer", price=0, priceCurrency="EUR", description=cost.testo)
        elif cost.tipo in ("tariffa", "compartecipazione"):
            for tariff in cost.tariffe:
                place = self.catalog.contacts.get(tariff.sede)
                is_open = place and not is_phone(place)
                yield price(self.catalog, tariff, self._to(place) if place and is_open else {})
            if cost.testo and not cost.tariffe:
                yield node("Offer", description=cost.testo)

    def _papers(self, sheet: Service) -> Iterator[Node]:
        for id in sheet.moduli:
            name = self.catalog.forms[id].titolo
            yield node("DigitalDocument", name=name, url=self._at(f"moduli/{id}/"))
        for paper in sheet.modulistica:
            if paper.url:
                yield node("DigitalDocument", name=paper.nome, url=paper.url)

    def _provider(self, provider: Provider) -> Node:
        path = f"enti-gestori/#{provider.id}"
        return node(
            "Organization", self._at(path), name=provider.nome, description=provider.descrizione
        )


def _graph(nodes: list[Node]) -> str:
    return script_text({"@context": "https://schema.org", "@graph": nodes})
