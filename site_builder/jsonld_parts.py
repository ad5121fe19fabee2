"""What the schema.org objects of all pages are made of: addresses, hours, people, prices.

Nothing empty is told, and nothing that schema.org cannot say rightly: «the last Tuesday of the
month» is no weekly opening, so it stands only in the text of the page.
"""

import json
from collections.abc import Iterable
from typing import Any

from site_builder.catalog import Catalog
from site_builder.italian import DAYS, euro, slot_days
from site_builder.model import Contact, Service
from site_builder.openings import is_plain
from site_builder.placeholders import NO_CAP, NO_ISTAT
from site_builder.values import Chiusura, Orario, Tariffa

Node = dict[str, Any]

_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Members of an enumeration: a bare «Monday» would be read as a text.
_DAYS = dict(zip(DAYS, (f"https://schema.org/{day}" for day in _WEEK), strict=True))


def script_text(data: Node) -> str:
    """The object as JSON that can stand inside a script element."""
    # No «<» at all: neither «</script>» nor «<!--» can end or change the element.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def node(kind: str | list[str], id: str = "", **values: Any) -> Node:
    """An object with the values that are there."""
    named = {"@id": id} if id else {}
    told = {key: value for key, value in values.items() if value not in ("", [], None, {})}
    return {"@type": kind, **named, **told}


def postal_address(catalog: Catalog, contact: Contact) -> Node:
    """The address as far as it is known; empty if nothing is."""
    place, comune = contact.indirizzo, catalog.comuni.get(contact.comune)
    town = comune.nome if comune else ""
    if contact.riservata or not (place or town):
        return {}
    return node(
        "PostalAddress",
        streetAddress=f"{place.via}, {place.civico}".removesuffix(", ") if place else "",
        extendedAddress=contact.presso,
        postalCode=postal_code(catalog, contact),
        addressLocality=(place.localita if place else "") or town,
        addressCountry="IT",
    )


def postal_code(catalog: Catalog, contact: Contact) -> str:
    """The code of the address, or that of its Comune if it has only one; else empty."""
    comune = catalog.comuni.get(contact.comune)
    if contact.indirizzo and contact.indirizzo.cap:
        return str(contact.indirizzo.cap) if comune or contact.indirizzo.localita else ""
    codes = [str(cap) for cap in comune.cap if cap != NO_CAP] if comune else []
    return codes[0] if contact.indirizzo and len(codes) == 1 else ""


def weekly(slots: Iterable[Orario]) -> list[Node]:
    """The slots that come back every week; all others cannot be said."""
    return [
        _hours(slot)
        for slot in slots
        if slot.sempre_aperto or (is_plain(slot) and not slot.ogni_mese)
    ]


def closed(closures: Iterable[Chiusura]) -> list[Node]:
    """Days without opening hours: closed."""
    return [
        node(
            "OpeningHoursSpecification",
            validFrom=str(each.dal),
            validThrough=str(each.al),
            description=each.motivo,
        )
        for each in closures
    ]


def _hours(slot: Orario) -> Node:
    days = DAYS if slot.sempre_aperto else slot_days(slot)
    return node(
        "OpeningHoursSpecification",
        dayOfWeek=[_DAYS[day] for day in days],
        opens="00:00" if slot.sempre_aperto else slot.dalle,
        closes="23:59" if slot.sempre_aperto else slot.alle,
        validFrom=str(slot.dal or ""),
        validThrough=str(slot.al or ""),
    )


def territory(catalog: Catalog, ids: Iterable[str]) -> list[Node]:
    """The Comuni, with their national code."""
    return [_comune(catalog, id) for id in ids]


def _comune(catalog: Catalog, id: str) -> Node:
    comune = catalog.comuni[id]
    code = node("PropertyValue", propertyID="ISTAT", value=comune.istat)
    known = code if comune.istat != NO_ISTAT else {}
    return node("AdministrativeArea", name=comune.nome, identifier=known)


def people(catalog: Catalog, sheet: Service) -> str:
    """The groups that a sheet is for, in a line."""
    return ", ".join(group.nome for group in catalog.carta.gruppi if group.id in sheet.gruppi)


def audience(catalog: Catalog, sheet: Service) -> Node:
    """Whom a sheet is for; with the ages, counted in years, if they hold for everybody."""
    age = sheet.eta_per_tutti
    ages: Node = {"suggestedMinAge": age.eta_min, "suggestedMaxAge": age.eta_max} if age else {}
    kind = "PeopleAudience" if ages else "Audience"
    return node(kind, audienceType=people(catalog, sheet), **ages)


def price(catalog: Catalog, tariff: Tariffa, place: Node) -> Node:
    """One amount of a tariff as an offer: of what, per what, for whom, where."""
    bands = catalog.carta.fasce_di_accesso
    names = [band.nome for band in (bands.fasce if bands else ()) if band.id in tariff.fasce]
    limits = (("oltre", tariff.isee_min), ("fino a", tariff.isee_max))
    isee = [f"ISEE {word} {euro(limit)}" for word, limit in limits if limit is not None]
    amount = node(
        "UnitPriceSpecification", price=tariff.importo, priceCurrency="EUR", unitText=tariff.unita
    )
    return node(
        "Offer",
        name=tariff.voce,
        description=", ".join(part for part in (tariff.fascia, *names, *isee) if part),
        priceSpecification=amount,
        availableAtOrFrom=place,
        validFrom=str(tariff.valido_dal or ""),
        validThrough=str(tariff.valido_fino_al or ""),
    )
