"""Every office as a vCard, one by one and all in one file.

Version 3.0 (RFC 2426): the address book of Android does not read 4.0, all others read both.
"""

from collections.abc import Iterator

from site_builder.catalog import Catalog
from site_builder.ical import escaped, folded
from site_builder.italian import closure_words, hours_words
from site_builder.model import Contact
from site_builder.opendata.datasets import Dataset, Distribution
from site_builder.opendata.source import Source
from site_builder.phones import tel
from site_builder.takeaways import CARD, card_address
from site_builder.values import Telefono

_ALL = "dati/uffici.vcf"
_STANDARD = "https://www.rfc-editor.org/rfc/rfc2426"
_KINDS = {"fax": "WORK,FAX", "cellulare": "WORK,CELL"}


def datasets(source: Source) -> Iterator[Dataset]:
    """The address book, if there is anybody in it."""
    if source.catalog.contacts:
        yield Dataset(
            "rubrica",
            "Rubrica degli uffici",
            "Nome, telefoni, e-mail e indirizzo di ogni ufficio, per la rubrica del telefono o del "
            "computer. Ogni ufficio ha anche il suo file: dati/uffici/, il nome, .vcf.",
            (Distribution(_ALL, CARD, "Tutti gli uffici in un file vCard 3.0.", _STANDARD),),
        )


def files(source: Source) -> Iterator[tuple[str, str]]:
    """A card for each office, and all of them."""
    cards = {item.id: _card(source, item) for item in source.catalog.contacts.values()}
    for id, contact in source.catalog.contacts.items():
        yield card_address(contact), cards[id]
    if cards:
        yield _ALL, "".join(cards.values())


def _card(source: Source, contact: Contact) -> str:
    path = f"uffici/{contact.id}/"
    name = escaped(contact.nome)
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"UID:urn:uuid:{source.uuid(path)}"]
    # All in the field of the family name: an office has no other, and a name must not be missing.
    lines += [f"FN:{name}", f"N:{name};;;;", *map(_phone, contact.telefoni)]
    if not contact.riservata:
        lines += _more(source.catalog, contact)
        lines += [f"URL:{url}"] if (url := source.url(path)) else []
    if contact.aggiornato_il:
        lines.append(f"REV:{contact.aggiornato_il}")
    return "".join(f"{folded(line)}\r\n" for line in (*lines, "END:VCARD"))


def _phone(phone: Telefono) -> str:
    kind = _KINDS.get(phone.tipo, "WORK,VOICE")
    return f"TEL;TYPE={kind}:{tel(phone.numero).removeprefix('tel:')}"


def _more(catalog: Catalog, contact: Contact) -> Iterator[str]:
    """What a secret place does not tell: whose it is, where it is, when it opens."""
    yield f"ORG:{escaped(contact.ente or catalog.carta.ente.nome)}"
    yield from (f"EMAIL;TYPE=INTERNET:{escaped(box.indirizzo)}" for box in contact.email)
    if any(address := _address(catalog, contact)):
        yield f"ADR;TYPE=WORK:;{';'.join(map(escaped, address))};Italia"
    if contact.coordinate:
        yield f"GEO:{contact.coordinate.lat:.6f};{contact.coordinate.lon:.6f}"
    if note := "\n".join(_notes(contact)):
        yield f"NOTE:{escaped(note)}"


def _address(catalog: Catalog, contact: Contact) -> tuple[str, str, str, str, str]:
    """What comes after the post box: inside, street, town, province, postal code."""
    place, comune = contact.indirizzo, catalog.comuni.get(contact.comune)
    town = comune.nome if comune else ""
    province = comune.provincia if comune else ""
    if not place:
        return contact.presso, "", town, province, ""
    street = f"{place.via}, {place.civico}".removesuffix(", ")
    # A town of its own says its province itself; a hamlet is one of the Comune.
    towns = ", ".join(part for part in (place.localita, town) if part)
    return contact.presso, street, towns, province, str(place.cap)


def _notes(contact: Contact) -> Iterator[str]:
    """What has no field that address books show."""
    yield from (f"PEC (solo da un'altra PEC): {box}" for box in contact.pec)
    for phone in contact.telefoni:
        told = ("24 ore su 24" if phone.h24 else "", phone.nota)
        if words := ", ".join(part for part in told if part):
            yield f"{phone.numero}: {words}"
    yield from (f"Orari: {hours_words(slot)}" for slot in contact.orari)
    yield from ([contact.orari_nota] if contact.orari_nota else [])
    yield from (f"{closure_words(each).capitalize()}" for each in contact.chiusure)
    if contact.da_verificare:
        yield "Alcuni dati sono da verificare: prima di andare, telefona o guarda la pagina."
