"""Offices as HSDS 3.0 tells them: a location where there is a place, else a contact to call.

Of a secret place nothing is told but its phones, and they stand on the service.
"""

import re

from site_builder.model import Contact
from site_builder.opendata.hsds_parts import Item, doubts, item, paragraphs, stated
from site_builder.opendata.hsds_schedule import schedules
from site_builder.opendata.source import Source
from site_builder.phones import tel
from site_builder.placeholders import NO_CAP, NO_PROVINCE
from site_builder.values import Indirizzo, Telefono

_KINDS = {"fisso": "voice", "cellulare": "cell", "fax": "fax", "verde": "voice",
          "pubblica_utilita": "voice"}  # fmt: skip
_SAID = {"verde": "numero verde", "pubblica_utilita": "numero di pubblica utilità"}
_EXTENSION = re.compile(r"int(?:erno|\.)? ?(\d{1,6})", re.I)
# «Napoli (NA)»: a town that is none of the Comuni of the Carta.
_ELSEWHERE = re.compile(r"(.+?) \(([A-Z]{2})\)")
_LANGUAGES = {
    "italiano": "it", "inglese": "en", "francese": "fr", "spagnolo": "es", "portoghese": "pt",
    "tedesco": "de", "arabo": "ar", "albanese": "sq", "rumeno": "ro", "romeno": "ro",
    "ucraino": "uk", "russo": "ru", "polacco": "pl", "cinese": "zh", "bengalese": "bn",
    "urdu": "ur", "hindi": "hi", "wolof": "wo", "lis": "ise",
}  # fmt: skip


def has_place(contact: Contact) -> bool:
    """Whether there is a door to go to, and it may be told."""
    known = contact.indirizzo or contact.comune or contact.presso or contact.coordinate
    return bool(known) and not contact.riservata


def location(source: Source, contact: Contact) -> Item:
    """A place with all that holds for whoever goes there, whatever the service."""
    path, where = f"uffici/{contact.id}/", contact.coordinate
    address = _address(source, f"{path}#indirizzo", contact)
    return item(
        source,
        path,
        location_type="physical",
        name=contact.nome,
        description=_description(contact, bool(address)),
        latitude=where.lat if where else None,
        longitude=where.lon if where else None,
        languages=languages(source, f"{path}#", contact),
        addresses=[address] if address else [],
        contacts=mailboxes(source, f"{path}#", contact),
        accessibility=[item(source, f"{path}#accessibilita", description=contact.accessibilita)]
        if contact.accessibilita
        else [],
        phones=phones(source, f"{path}#", contact),
        schedules=schedules(
            source, f"{path}#apertura", contact.orari, contact.chiusure, contact.orari_nota
        ),
    )


def phones(source: Source, base: str, contact: Contact) -> list[Item]:
    """The numbers as they are dialled; who has no place is named with them."""
    return [
        item(
            source,
            f"{base}telefono-{number}",
            number=tel(phone.numero).removeprefix("tel:"),
            extension=int(found[1]) if (found := _EXTENSION.fullmatch(phone.nota)) else None,
            type=_KINDS.get(phone.tipo),
            description=_said(contact, phone),
        )
        for number, phone in enumerate(contact.telefoni, start=1)
    ]


def _said(contact: Contact, phone: Telefono) -> str:
    words = (
        contact.nome if contact.riservata else "",
        _SAID.get(phone.tipo, ""),
        phone.nota,
        "risponde 24 ore su 24" if phone.h24 else "",
    )
    return ", ".join(filter(None, words))


def mailboxes(source: Source, base: str, contact: Contact) -> list[Item]:
    """A contact for each mailbox; certified mail is told apart by its title."""
    boxes = [(box.indirizzo, box.nota) for box in contact.email]
    boxes += [(address, "PEC") for address in contact.pec]
    return [
        item(source, f"{base}casella-{number}", name=contact.nome, title=title, email=address)
        for number, (address, title) in enumerate(boxes, start=1)
    ]


def languages(source: Source, base: str, contact: Contact) -> list[Item]:
    """The languages spoken there."""
    return [
        item(source, f"{base}lingua-{number}", name=name, code=_LANGUAGES.get(name.lower()))
        for number, name in enumerate(contact.lingue, start=1)
    ]


def _address(source: Source, path: str, contact: Contact) -> Item | None:
    """The address if it is whole: the standard wants its town, province and postal code."""
    street = contact.indirizzo
    if not street:
        return None
    comune = source.catalog.comuni.get(contact.comune)
    if comune:
        city, province, part = comune.nome, comune.provincia, street.localita
        codes = [str(cap) for cap in comune.cap]
    else:
        found = _ELSEWHERE.fullmatch(street.localita)
        city, province, part, codes = *(found.groups() if found else ("", "")), "", []
    code = str(street.cap) or (codes[0] if len(codes) == 1 else "")
    if not city or province == NO_PROVINCE or code in ("", NO_CAP):
        return None
    return item(
        source, path, attention=contact.presso, address_1=_street_words(street), address_2=part,
        city=city, state_province=province, postal_code=code, country="IT",
        address_type="physical",
    )  # fmt: skip


def _street_words(street: Indirizzo) -> str:
    """«Via Roma, 44»."""
    return f"{street.via}, {street.civico}".removesuffix(", ")


def _description(contact: Contact, has_address: bool) -> str:
    where = contact.indirizzo
    loose = f"{_street_words(where)}, {where.localita}".removesuffix(", ") if where else ""
    return paragraphs(
        contact.descrizione,
        "" if has_address else stated("Indirizzo", loose),
        "" if has_address else stated("Presso", contact.presso),
        stated("Ente", contact.ente),
        stated("Sito", contact.sito),
        doubts(contact),
    )
