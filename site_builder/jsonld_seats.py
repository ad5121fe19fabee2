"""An office as schema.org knows it: a government office, another place, or just a phone."""

from collections.abc import Callable, Iterable, Iterator

from site_builder.catalog import Catalog
from site_builder.jsonld_parts import Node, closed, node, postal_address, territory, weekly
from site_builder.model import Contact
from site_builder.phones import tel
from site_builder.sure_hours import in_doubt
from site_builder.values import Orario, Telefono

# What a seat is; a facility may belong to anybody.
_SEATS = {"struttura": ["Organization", "Place"]}


def seat(catalog: Catalog, contact: Contact, at: Callable[[str], str]) -> Node:
    """An office; of a secret place the name and the phones, and no word more."""
    id, phones = at(f"uffici/{contact.id}/"), _dialled(contact.telefoni)
    if contact.riservata:
        return node("ContactPoint", id, name=contact.nome, telephone=phones)
    if is_phone(contact):
        return node(
            "ContactPoint",
            id,
            name=contact.nome,
            telephone=phones,
            email=[box.indirizzo for box in contact.email],
            availableLanguage=list(contact.lingue),
            hoursAvailable=_office_hours(contact),
        )
    served = territory(catalog, contact.comuni_serviti)
    return node(
        _SEATS.get(contact.tipo, "GovernmentOffice"),
        id,
        name=contact.nome,
        url=id,
        description=contact.descrizione,
        parentOrganization=_owner(contact, at),
        address=postal_address(catalog, contact),
        telephone=phones,
        faxNumber=_dialled(contact.telefoni, fax=True),
        email=[box.indirizzo for box in contact.email],
        contactPoint=list(_contact_points(contact)),
        areaServed=served,
        openingHoursSpecification=_office_hours(contact),
        specialOpeningHoursSpecification=[] if in_doubt(contact) else closed(contact.chiusure),
        sameAs=contact.sito,
        **_on_the_map(contact),
    )


def _owner(contact: Contact, at: Callable[[str], str]) -> Node:
    """Who an office belongs to; of a facility that does not say so nobody knows."""
    if contact.ente:
        return node("Organization", name=contact.ente)
    return {} if contact.tipo in _SEATS else {"@id": at("#ente")}


def is_phone(contact: Contact) -> bool:
    """Whether there is no place to go to, or none that may be told."""
    return contact.riservata or contact.tipo == "telefono"


def _on_the_map(contact: Contact) -> Node:
    point, access = contact.coordinate, contact.accessibilita
    feature = node("LocationFeatureSpecification", name="Accessibilità", value=access)
    return {
        "geo": node("GeoCoordinates", latitude=point.lat, longitude=point.lon) if point else {},
        "hasMap": contact.mappa,
        "amenityFeature": feature if access else {},
    }


def _office_hours(contact: Contact) -> list[Node]:
    """The hours of an office, unless a note or a doubt stands beside them."""
    return [] if in_doubt(contact) else weekly(contact.orari)


def _contact_points(contact: Contact) -> Iterator[Node]:
    """The certified mailboxes, and the phones that answer day and night."""
    for box in contact.pec:
        yield node("ContactPoint", contactType="PEC", email=box)
    for phone in contact.telefoni:
        if phone.h24:
            always = weekly([Orario(sempre_aperto=True)])
            number = _dialled([phone])
            yield node("ContactPoint", name=phone.nota, telephone=number, hoursAvailable=always)


def _dialled(phones: Iterable[Telefono], fax: bool = False) -> list[str]:
    """The numbers as they are dialled, of voices or of fax machines."""
    found = (phone for phone in phones if (phone.tipo == "fax") == fax)
    return [tel(phone.numero).removeprefix("tel:") for phone in found]
