"""The body that publishes the Carta, as the organization of HSDS 3.0."""

from collections.abc import Iterator

from site_builder.catalog import Catalog
from site_builder.italian import listing
from site_builder.model import Contact
from site_builder.opendata.hsds_parts import Item, item, uri
from site_builder.opendata.hsds_place import phones
from site_builder.opendata.source import Source


def organization(source: Source) -> Item:
    """The body with its codes, its mailbox and where complaints are taken."""
    ente = source.catalog.carta.ente
    seat = source.catalog.contacts.get(ente.sede)
    return item(
        source,
        "#ente",
        name=ente.nome,
        alternate_name=ente.nome_breve,
        description=_description(source.catalog),
        email=seat.email[0].indirizzo if seat and seat.email else "",
        website=uri(source.site_url or (seat.sito if seat else "")),
        contacts=list(_complaints(source)),
        organization_identifiers=list(_identifiers(source)),
    )


def _description(catalog: Catalog) -> str:
    ente, comuni = catalog.carta.ente, catalog.comuni
    lead = comuni.get(ente.capofila)
    names = listing([comune.nome for comune in comuni.values()])
    return (
        f"{ente.nome} ({ente.appartenenza}). Comuni: {names}."
        + (f" Comune capofila: {lead.nome}." if lead else "")
    )  # fmt: skip


def _identifiers(source: Source) -> Iterator[Item]:
    ente = source.catalog.carta.ente
    codes = (
        ("IT-CF", "Codice fiscale", str(ente.codice_fiscale)),
        ("IT-IPA", "Codice dell'Indice delle pubbliche amministrazioni", ente.codice_ipa),
    )
    for scheme, kind, code in codes:
        if code:
            path = f"#ente-{scheme.lower()}"
            yield item(source, path, identifier_scheme=scheme, identifier_type=kind,
                       identifier=code)  # fmt: skip


def _complaints(source: Source) -> Iterator[Item]:
    channels = source.catalog.carta.reclami.canali
    for id in dict.fromkeys(channel.contatto for channel in channels if channel.contatto):
        contact: Contact = source.catalog.contacts[id]
        if contact.riservata:
            continue
        path = f"#ente-reclami-{id}"
        yield item(
            source, path, name=contact.nome, title="Reclami",
            email=contact.email[0].indirizzo if contact.email else "",
            phones=phones(source, f"{path}-", contact),
        )  # fmt: skip
