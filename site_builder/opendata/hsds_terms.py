"""What a service is called by: areas, people, topics, access; and the facts HSDS has no field for.

Each is an attribute with its term, and each term says which list it comes from.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from site_builder.model import Contact, Service
from site_builder.opendata.hsds_parts import Item, item, uri
from site_builder.opendata.source import Source
from site_builder.views import ACCESS_LABELS
from site_builder.words import slug

# The lists: what each is, and where it has its canonical address.
_LISTS = {
    "area": ("Aree della Carta", "Le aree in cui la Carta ordina i servizi.", "aree/"),
    "destinatari": ("Persone", "Le persone a cui i servizi si rivolgono.", "per-chi/"),
    "accesso": ("Tipi di accesso", "In che modo si arriva al servizio.", "#accesso"),
    "argomento": ("Argomenti", "Gli argomenti del modello nazionale dei Comuni.", "#argomento"),
    "dato": ("Altri dati", "Dati della scheda che lo standard non prevede.", "#dato"),
}
# The terms of the last list: they take a value.
_FACTS = {
    "figura_professionale": ("Figura professionale", "Chi lavora al servizio, per qualifica."),
    "posti": ("Posti", "Quante persone accoglie il servizio."),
    "normativa": ("Normativa", "Legge o regolamento a cui il servizio fa riferimento."),
    "descrizione": ("Descrizione", "Che cosa fa un ufficio senza sede."),
    "sito": ("Sito", "La pagina web di un ufficio senza sede."),
    "da_verificare": ("Da verificare", "Un dato pubblicato con un dubbio aperto, e quale."),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one body, each drawn once; by list and id."""

    source: Source
    drawn: dict[tuple[str, str], Item]

    def of_service(self, sheet: Service) -> list[Item]:
        """All attributes of a sheet."""
        base = f"servizi/{sheet.id}/#servizio-"
        named = [("area", id, sheet.area_attivita if id == sheet.area else "") for id in sheet.aree]
        named += [("destinatari", id, "") for id in sheet.gruppi]
        if sheet.tipo_accesso:
            named.append(("accesso", sheet.tipo_accesso, sheet.tipo_accesso_testo))
        named += [("argomento", slug(topic), "") for topic in sheet.argomenti]
        told = [
            item(self.source, f"{base}{kind}-{id}", link_type=kind, value=value,
                 taxonomy_term=self.drawn[kind, id])
            for kind, id, value in named
        ]  # fmt: skip
        for kind, values in _facts(sheet):
            told += self._valued(base, kind, values)
        return told

    def of_contact(self, base: str, contact: Contact) -> list[Item]:
        """What is said of an office without a place: the standard has no description for it."""
        said = [f"{doubt.campo}: {doubt.motivo}" for doubt in contact.da_verificare]
        return [
            *self._valued(
                base, "descrizione", [contact.descrizione] if contact.descrizione else []
            ),
            *self._valued(base, "sito", [contact.sito] if contact.sito else []),
            *self._valued(base, "da_verificare", said),
        ]

    def _valued(self, base: str, kind: str, values: list[str]) -> list[Item]:
        path, term = f"{base}{kind.replace('_', '-')}", self.drawn["dato", kind]
        return [
            item(self.source, f"{path}-{number}", link_type=kind, value=value, taxonomy_term=term)
            for number, value in enumerate(values, start=1)
        ]


def terms(source: Source) -> Terms:
    """Every term that a sheet of the body may have."""
    lists = {
        kind: item(source, path, name=name, description=said)
        for kind, (name, said, path) in _LISTS.items()
    }
    drawn: dict[tuple[str, str], Item] = {}
    for kind, id, name, said, page in _all_terms(source):
        list_, path = lists[kind], _LISTS[kind][2]
        drawn[kind, id] = item(
            source,
            f"{path}{id}/" if path.endswith("/") else f"{path}-{id}",
            code=f"{kind}:{id}",
            name=name,
            description=said,
            taxonomy=list_["name"],
            taxonomy_detail=list_,
            language="it",
            term_uri=uri(source.url(page)) if page else "",
        )
    return Terms(source, drawn)


def _all_terms(source: Source) -> Iterator[tuple[str, str, str, str, str]]:
    """List, id, name, description and page of each."""
    for area in source.catalog.areas.values():
        yield "area", area.id, area.titolo, area.descrizione or area.titolo, f"aree/{area.id}/"
    for group in source.catalog.carta.gruppi:
        page = f"per-chi/{group.id}/"
        has_page = group.id in source.catalog.services_by_group
        yield "destinatari", group.id, group.nome, group.descrizione or group.nome, page * has_page
    for id, label in ACCESS_LABELS.items():
        yield "accesso", id, label, label, ""
    topics = {topic for sheet in source.catalog.services.values() for topic in sheet.argomenti}
    for topic in sorted(topics):
        yield "argomento", slug(topic), topic, topic, ""
    for id, (name, said) in _FACTS.items():
        yield "dato", id, name, said, ""


def _facts(sheet: Service) -> Iterator[tuple[str, list[str]]]:
    yield "figura_professionale", list(sheet.figure_professionali)
    yield "posti", [] if sheet.posti is None else [str(sheet.posti)]
    yield "normativa", [norm.testo for norm in sheet.normativa]
