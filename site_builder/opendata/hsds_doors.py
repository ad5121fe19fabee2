"""Where one goes for a service and whom one calls: places, contacts, phones, hours of a sheet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from site_builder.catalog import Catalog
from site_builder.model import Contact, Sede, Service
from site_builder.opendata.hsds_parts import Item, item, paragraphs
from site_builder.opendata.hsds_place import has_place, languages, mailboxes, phones
from site_builder.opendata.hsds_schedule import schedules
from site_builder.opendata.hsds_terms import Terms
from site_builder.opendata.source import Source
from site_builder.values import Chiusura, Orario


@dataclass(frozen=True, slots=True)
class Doors:
    """What a sheet gets of each contact that it names."""

    service_at_locations: list[Item] = field(default_factory=list)
    contacts: list[Item] = field(default_factory=list)
    phones: list[Item] = field(default_factory=list)
    schedules: list[Item] = field(default_factory=list)
    languages: list[Item] = field(default_factory=list)


def doors(terms: Terms, locations: Mapping[str, Item], sheet: Service) -> Doors:
    """A place with a door goes among the locations, what can only be called among the contacts.

    Of a secret place there are only the phones.
    """
    source, found = terms.source, Doors()
    for contact, asked, seats in _named(source.catalog, sheet):
        base = f"servizi/{sheet.id}/#servizio-"
        if contact.riservata:
            found.phones.extend(phones(source, f"{base}{contact.id}-", contact))
        elif has_place(contact):
            place = locations[contact.id]
            found.service_at_locations.append(_at(source, base, place, contact, asked, seats))
        else:
            path = f"{base}contatto-{contact.id}"
            found.contacts.extend(_cards(terms, path, contact))
            found.languages.extend(languages(source, f"{path}-", contact))
            found.schedules.extend(_hours(source, path, contact, seats, contact.nome))
    return found


def _named(catalog: Catalog, sheet: Service) -> Iterator[tuple[Contact, bool, list[Sede]]]:
    """Each contact once: whether one asks there, and the seats that the sheet has there."""
    desks = (desk.id for desk in catalog.desks(sheet))
    asked = dict.fromkeys((*sheet.dove_rivolgersi.contatti, *desks))
    for id in dict.fromkeys((*asked, *(seat.contatto for seat in sheet.sedi))):
        seats = [seat for seat in sheet.sedi if seat.contatto == id]
        yield catalog.contacts[id], id in asked, seats


def _at(
    source: Source, base: str, place: Item, contact: Contact, asked: bool, seats: list[Sede]
) -> Item:
    path = f"{base}sede-{contact.id}"
    return item(
        source,
        path,
        description=paragraphs(
            "Dove rivolgersi." if asked else "",
            "Dove si svolge il servizio." if seats else "",
            *(seat.nota for seat in seats),
        ),
        # Those of the place itself stand on the place.
        schedules=_hours(source, path, contact, seats)
        if any(seat.orari or seat.chiusure for seat in seats)
        else [],
        location=place,
    )


def _cards(terms: Terms, path: str, contact: Contact) -> list[Item]:
    source = terms.source
    card = item(
        source, path, name=contact.nome, department=contact.ente or contact.presso,
        phones=phones(source, f"{path}-", contact),
        attributes=terms.of_contact(f"{path}-", contact),
    )  # fmt: skip
    return [card, *mailboxes(source, f"{path}-", contact)]


def _hours(
    source: Source, path: str, contact: Contact, seats: list[Sede], whose: str = ""
) -> list[Item]:
    """The hours of the service there; those of the contact where the sheet refers to them."""
    own = [slot for seat in seats for slot in seat.orari]
    slots: list[Orario] = []
    for slot in own or contact.orari:
        slots += contact.orari or (slot,) if slot.come_sede else (slot,)
    inherited = not own or any(slot.come_sede for slot in own)
    closures: list[Chiusura] = [day for seat in seats for day in seat.chiusure]
    notes = [slot.nota for slot in own if slot.come_sede]
    if whose:  # elsewhere they stand on the place
        notes += [seat.nota for seat in seats]
    if inherited:
        closures += contact.chiusure
        notes.append(contact.orari_nota)
    return schedules(source, path, slots, closures, paragraphs(*notes), whose)
