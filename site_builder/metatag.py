"""The JSON-LD object of the national service sheet: one GovernmentService with one seat."""

from typing import Any

from site_builder.catalog import Catalog
from site_builder.jsonld_parts import people, postal_address, postal_code, script_text
from site_builder.model import Contact, Service


def metatag(catalog: Catalog, sheet: Service, site_url: str = "") -> str:
    """The object as JSON that can stand inside a script element.

    Empty where no address may be told (a confidential seat) or none is known: half an object
    would send people to the wrong door. `site_url` ends with a slash; without it the address of
    the access section is relative to the page.
    """
    seat = _seat(catalog, sheet)
    if not seat or not seat.indirizzo:
        return ""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "name": sheet.nome,
        "serviceType": catalog.areas[sheet.area].titolo,
        "serviceOperator": {"@type": "GovernmentOrganization", "name": catalog.carta.ente.nome},
        "areaServed": {"@type": "AdministrativeArea", "name": _territory(catalog, sheet)},
        "audience": {"@type": "Audience", "audienceType": people(catalog, sheet)},
        "availableChannel": {
            "@type": "ServiceChannel",
            "serviceUrl": (f"{site_url}servizi/{sheet.id}/" if site_url else "")
            + "#accedi-al-servizio",
            "serviceLocation": _location(catalog, seat),
        },
    }
    return script_text(data)


def _seat(catalog: Catalog, sheet: Service) -> Contact | None:
    """The main place: where it happens, whom to ask, the first desk or the body's own seat."""
    named = [catalog.contacts[sede.contatto] for sede in sheet.sedi]
    named += [catalog.contacts[id] for id in sheet.contatti]
    if any(contact.riservata for contact in named):
        return None
    named += catalog.desks(sheet)
    if not sheet.violenza and (seat := catalog.contacts.get(catalog.carta.ente.sede)):
        named.append(seat)
    open_places = (c for c in named if c.indirizzo and not c.riservata)
    return next((c for c in open_places if postal_code(catalog, c)), None)


def _location(catalog: Catalog, seat: Contact) -> dict[str, Any]:
    return {"@type": "Place", "name": seat.nome, "address": postal_address(catalog, seat)}


def _territory(catalog: Catalog, sheet: Service) -> str:
    if not sheet.territorio:
        return catalog.carta.ente.nome
    return ", ".join(catalog.comuni[id].nome for id in sheet.territorio)
