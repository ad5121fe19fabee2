"""Put the records of one body together: the Catalog, from which every output is drawn."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from site_builder.documents import Document
from site_builder.model import (
    BodyStandard,
    Contact,
    Form,
    Notice,
    Page,
    Provider,
    Results,
    Service,
)
from site_builder.model_carta import Area, Carta, Comune, Glossary, WithoutSheet
from site_builder.model_editions import Edition
from site_builder.model_figures import Figures
from site_builder.results import Outcome, joined

T = TypeVar("T")


@dataclass(frozen=True)
class Catalog:
    """All records of a body, by kind and id, with the ways in which they point to each other.

    `known` holds, by kind, the ids of all files that exist, also of those that do not fit their
    schema, so that a reference to a broken file is not called a reference to nothing. `day` is that
    of the check, on which what is drawn must be right.
    """

    records: Mapping[str, Mapping[str, Any]]
    documents: Mapping[str, Mapping[str, Document]]
    known: Mapping[str, frozenset[str]]
    day: date | None = None

    @property
    def carta(self) -> Carta:
        carta: Carta = self.records["carta"]["carta"]
        return carta

    @cached_property
    def areas(self) -> dict[str, Area]:
        return {area.id: area for area in self.records["areas"]["areas"].aree}

    @cached_property
    def comuni(self) -> dict[str, Comune]:
        return {comune.id: comune for comune in self.carta.comuni}

    @property
    def glossary(self) -> Glossary:
        empty = Glossary(voci=())
        glossary: Glossary = self.records["glossary"].get("glossary", empty)
        return glossary

    @property
    def without_sheet(self) -> WithoutSheet:
        found: WithoutSheet = self.records["without-sheet"].get(
            "without-sheet", WithoutSheet(voci=())
        )
        return found

    @cached_property
    def services(self) -> dict[str, Service]:
        """By id, in the order of areas and sheet codes (A2 before A10)."""
        order = list(self.areas)

        def rank(service: Service) -> tuple[int, int, str]:
            area = order.index(service.area) if service.area in order else len(order)
            return area, int(service.codice[1:] or 0), service.id

        services = sorted(self.records["services"].values(), key=rank)
        return {service.id: service for service in services}

    @property
    def contacts(self) -> Mapping[str, Contact]:
        return self.records["contacts"]

    @property
    def providers(self) -> Mapping[str, Provider]:
        return self.records["providers"]

    @property
    def standards(self) -> Mapping[str, BodyStandard]:
        return self.records["standards"]

    @cached_property
    def results(self) -> list[Results]:
        """What was measured, the newest year first."""
        return sorted(self.records["results"].values(), key=lambda item: item.anno, reverse=True)

    @cached_property
    def figures(self) -> list[Figures]:
        """How many complaints came in, the newest year first."""
        return sorted(self.records["figures"].values(), key=lambda item: item.anno, reverse=True)

    @cached_property
    def outcomes(self) -> Mapping[str, list[Outcome]]:
        """What was measured of each standard, of the whole body and of single services."""
        own = (item.id for sheet in self.services.values() for item in sheet.standard)
        return joined((*self.standards, *own), self.results)

    @property
    def forms(self) -> Mapping[str, Form]:
        return self.records["forms"]

    @cached_property
    def editions(self) -> dict[str, Edition]:
        """The editions in the archive, the newest first; by id."""

        def rank(edition: Edition) -> tuple[date, date, str]:
            began = edition.valida_dal or edition.valida_al or edition.archiviata_il
            return began, edition.archiviata_il, edition.id

        editions = sorted(self.records["editions"].values(), key=rank, reverse=True)
        return {edition.id: edition for edition in editions}

    @property
    def pages(self) -> Mapping[str, Page]:
        return self.records["pages"]

    @cached_property
    def languages(self) -> dict[str, Page]:
        """The pages that say their language, Italian first, then by code; by id."""

        def rank(pair: tuple[str, Page]) -> tuple[bool, str, str]:
            return pair[1].lingua != "it", pair[1].lingua, pair[0]

        named = ((id, page) for id, page in self.pages.items() if page.lingua)
        return dict(sorted(named, key=rank))

    @cached_property
    def notices(self) -> dict[str, Notice]:
        """By id, the newest first."""
        notices = self.records["notices"].values()
        newest_first = sorted(notices, key=lambda n: (n.pubblicato_il, n.id), reverse=True)
        return {notice.id: notice for notice in newest_first}

    @cached_property
    def services_by_area(self) -> dict[str, list[Service]]:
        return _group(self.services.values(), lambda service: service.aree)

    @cached_property
    def services_by_group(self) -> dict[str, list[Service]]:
        return _group(self.services.values(), lambda service: service.gruppi)

    @cached_property
    def services_by_contact(self) -> dict[str, list[Service]]:
        """Where each contact is used; a desk of a network is used by all that name the network."""
        return _group(self.services.values(), self._contacts_of)

    @cached_property
    def standards_by_service(self) -> dict[str, list[BodyStandard]]:
        return _group(self.standards.values(), lambda standard: standard.servizi)

    @cached_property
    def notices_by_service(self) -> dict[str, list[Notice]]:
        return _group(self.notices.values(), lambda notice: notice.servizi)

    @cached_property
    def contacts_by_network(self) -> dict[str, list[Contact]]:
        """The desks of each network, in the order of the Comuni."""
        order = list(self.comuni)
        desks = sorted(
            (contact for contact in self.contacts.values() if contact.comune in order),
            key=lambda contact: order.index(contact.comune),
        )
        return _group(desks, lambda contact: (contact.rete,) if contact.rete else ())

    def desks(self, service: Service) -> list[Contact]:
        """The desks, one per network and Comune, where a citizen asks for the service."""
        networks = service.dove_rivolgersi.sportelli
        desks = (desk for network in networks for desk in self.contacts_by_network.get(network, []))
        return [
            desk for desk in desks if not service.territorio or desk.comune in service.territorio
        ]

    def services_in(self, comune: str) -> list[Service]:
        """The services that a resident of the Comune can ask for."""
        return [s for s in self.services.values() if not s.territorio or comune in s.territorio]

    def _contacts_of(self, service: Service) -> Iterable[str]:
        return dict.fromkeys((*service.contatti, *(desk.id for desk in self.desks(service))))


def _group(items: Iterable[T], keys: Callable[[T], Iterable[str]]) -> dict[str, list[T]]:
    groups: dict[str, list[T]] = {}
    for item in items:
        for key in keys(item):
            groups.setdefault(key, []).append(item)
    return groups
