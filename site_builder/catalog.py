"""Put the records of one body together: the Catalog, from which every output is drawn."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from site_builder.documents import Document, iter_files, load_document
from site_builder.errors import ContentError, Problem
from site_builder.model import (
    BodyStandard,
    Contact,
    Form,
    Notice,
    Page,
    Provider,
    Record,
    Results,
    Service,
    to_record,
)
from site_builder.model_carta import Area, Areas, Carta, Comune, Glossary, WithoutSheet
from site_builder.validation import validate

RECORDS: dict[str, type[Record]] = {
    "carta": Carta,
    "areas": Areas,
    "glossary": Glossary,
    "without-sheet": WithoutSheet,
    "services": Service,
    "contacts": Contact,
    "providers": Provider,
    "standards": BodyStandard,
    "results": Results,
    "forms": Form,
    "notices": Notice,
    "pages": Page,
}
_REQUIRED = ("carta", "areas")

T = TypeVar("T")
Progress = Callable[[int, int], None]  # told (files read, files in all)


@dataclass(frozen=True)
class Catalog:
    """All records of a body, by kind and id, with the ways in which they point to each other.

    `known` holds, by kind, the ids of all files that exist, also of those that do not fit their
    schema, so that a reference to a broken file is not called a reference to nothing.
    """

    records: Mapping[str, Mapping[str, Any]]
    documents: Mapping[str, Mapping[str, Document]]
    known: Mapping[str, frozenset[str]]

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

    @property
    def forms(self) -> Mapping[str, Form]:
        return self.records["forms"]

    @property
    def pages(self) -> Mapping[str, Page]:
        return self.records["pages"]

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


def read_content(
    body: Path, progress: Progress | None = None
) -> tuple[Catalog | None, list[Problem]]:
    """Load and validate all the content of a body.

    Returns the Catalog of what fits its schema, None if without `carta.yml` and `areas.yml` there
    is nothing to draw, and the problems of the rest. Raises ContentError if there is no content.
    """
    if not (body / "content").is_dir():
        raise ContentError(f"Nella cartella «{body}» non c'è una cartella «content».")
    records: dict[str, dict[str, Any]] = {kind: {} for kind in RECORDS}
    documents: dict[str, dict[str, Document]] = {kind: {} for kind in RECORDS}
    known: dict[str, set[str]] = {kind: set() for kind in RECORDS}
    problems: list[Problem] = []
    files = list(iter_files(body))
    for count, (kind, path) in enumerate(files, start=1):
        if progress:
            progress(count, len(files))
        if path.stem in known[kind]:
            problems.append(_twice(path.relative_to(body).as_posix(), path.stem))
            continue
        known[kind].add(path.stem)
        document = load_document(kind, path, body)
        found = [document] if isinstance(document, Problem) else validate(document)
        problems += found
        if isinstance(document, Document) and not found:
            documents[kind][document.stem] = document
            records[kind][document.stem] = to_record(document, RECORDS[kind])
    missing = [kind for kind in _REQUIRED if not known[kind]]
    problems += [_missing(kind) for kind in missing]
    if any(not records[kind] for kind in _REQUIRED):
        return None, problems
    frozen = {kind: frozenset(ids) for kind, ids in known.items()}
    return Catalog(records, documents, frozen), problems


def _missing(kind: str) -> Problem:
    return Problem(
        f"content/{kind}.yml", 1, 1, "errore", "file-mancante", "Questo file manca.",
        "Ogni Carta ha un carta.yml e un areas.yml: copiali da un'altra e cambiali.",
    )  # fmt: skip


def _twice(shown: str, stem: str) -> Problem:
    return Problem(
        shown, 1, 1, "errore", "file-doppio", f"Due file si chiamano «{stem}».",
        "Il nome del file è l'id: tienine uno solo, «.yml», o dagli un altro nome.",
    )  # fmt: skip


def _group(items: Iterable[T], keys: Callable[[T], Iterable[str]]) -> dict[str, list[T]]:
    groups: dict[str, list[T]] = {}
    for item in items:
        for key in keys(item):
            groups.setdefault(key, []).append(item)
    return groups
