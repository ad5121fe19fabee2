"""Where to ask, as linked data: a channel for each desk, phone and mailbox, and their hours."""

from collections.abc import Iterable, Iterator

from site_builder.catalog import Catalog
from site_builder.italian import closure_words, hours_words
from site_builder.model import Contact, Sede
from site_builder.model_carta import Comune
from site_builder.opendata import italian_vocabularies as lists
from site_builder.opendata.cpsv_graph import Graph
from site_builder.opendata.turtle import Properties, literal, text
from site_builder.phones import national, tel
from site_builder.values import Chiusura, Indirizzo, Orario, Telefono


def contact_point(graph: Graph, contact: Contact) -> str:
    """How to reach an office; of a secret place only the phones."""
    path = f"uffici/{contact.id}/"
    mailboxes = () if contact.riservata else (*_addresses(contact), *contact.pec)
    site = "" if contact.riservata else contact.sito
    said: Properties = {
        "dct:title": text(contact.nome),
        "cv:telephone": [literal(_dialled(phone)) for phone in contact.telefoni],
        "cv:email": [literal(mailbox) for mailbox in mailboxes],
        "cv:contactPage": [graph.page(graph.source.url(path)), graph.page(site)],
        **_hours(graph, contact),
    }
    return graph.describe(graph.source.iri(f"{path}#recapiti"), "cv:ContactPoint", said)


def channels(graph: Graph, catalog: Catalog, contact: Contact) -> Iterator[str]:
    """The ways to an office. A secret place has no door and no mailbox here."""
    path = f"uffici/{contact.id}/"
    for number, phone in enumerate(contact.telefoni, start=1):
        yield _phone(graph, f"{path}#telefono-{number}", contact, phone)
    if contact.riservata:
        return
    if _has_door(contact):
        yield _desk(graph, catalog, contact, f"{path}#sportello", _hours(graph, contact))
    for kind, word, mailboxes in (
        (lists.EMAIL, "email", _addresses(contact)),
        (lists.PEC, "pec", contact.pec),
    ):
        for number, mailbox in enumerate(mailboxes, start=1):
            said = {"dct:description": text(f"{contact.nome}: {mailbox}")}
            yield _channel(graph, f"{path}#{word}-{number}", kind, "cpsvit:EmailChannel", said)


def seat_channels(
    graph: Graph, catalog: Catalog, path: str, seat: Sede, shared: Iterable[str]
) -> Iterator[str]:
    """The ways to a place where a service is given: its own door, if that has hours of its own."""
    contact = catalog.contacts[seat.contatto]
    if contact.riservata or not (seat.orari or seat.chiusure or seat.nota):
        yield from shared
        return
    door = graph.name(graph.source.iri(f"uffici/{contact.id}/#sportello"))
    yield from (way for way in shared if way != door)
    own = [slot for slot in seat.orari if not slot.come_sede]
    as_usual = len(own) < len(seat.orari) or not seat.orari
    slots = (*contact.orari, *own) if as_usual else own
    said = _times(graph, path, slots, (*contact.chiusure, *seat.chiusure))
    yield _desk(graph, catalog, contact, path, said, seat.nota)


def address(graph: Graph, catalog: Catalog, contact: Contact) -> str:
    """Where an office stands, or nothing."""
    where = contact.indirizzo
    if where is None or contact.riservata:
        return ""
    town = None if where.localita else catalog.comuni.get(contact.comune)
    said = {
        "locn:fullAddress": text(_full(where, town)),
        "locn:thoroughfare": text(where.via),
        "locn:locatorDesignator": literal(str(where.civico)) if where.civico else "",
        "locn:postCode": literal(str(where.cap)) if where.cap else "",
        "locn:postName": text(where.localita or (town.nome if town else "")),
        "locn:adminUnitL2": text(town.provincia if town else ""),
        "locn:adminUnitL1": text("Italia"),
    }
    return graph.describe(graph.source.iri(f"uffici/{contact.id}/#indirizzo"), "locn:Address", said)


def _channel(graph: Graph, path: str, kind: str, also: str, said: Properties) -> str:
    return graph.part(path, f"cv:Channel {also}", {"dct:type": graph.concept(kind), **said})


def _phone(graph: Graph, path: str, contact: Contact, phone: Telefono) -> str:
    words = f"{contact.nome}: {national(phone.numero)}"
    hours = ["24 ore su 24, tutti i giorni dell'anno"] if phone.h24 else []
    said: Properties = {
        "dct:description": text(f"{words} ({phone.nota})" if phone.nota else words),
        "cv:openingHours": graph.times(f"{path}-orario", hours),
    }
    kind = lists.FAX if phone.tipo == "fax" else lists.PHONE
    return _channel(graph, path, kind, "cpsvit:PhoneChannel", said)


def _desk(
    graph: Graph, catalog: Catalog, contact: Contact, path: str, hours: Properties, note: str = ""
) -> str:
    said: Properties = {
        "dct:description": text(f"{contact.nome}: {note}" if note else contact.nome),
        "locn:address": address(graph, catalog, contact),
        "dct:spatial": graph.places(c for c in catalog.carta.comuni if c.id == contact.comune),
        "cv:ownedBy": graph.describe(graph.source.iri("#ente"), "org:Organization")
        if contact.rete
        else "",
        **hours,
    }
    return _channel(graph, path, lists.DESK, "cpsvit:OfflineChannel", said)


def _hours(graph: Graph, contact: Contact) -> dict[str, list[str]]:
    path = f"uffici/{contact.id}/#"
    return _times(graph, path, contact.orari, contact.chiusure, contact.orari_nota)


def _times(
    graph: Graph,
    path: str,
    slots: Iterable[Orario],
    closures: Iterable[Chiusura],
    note: str = "",
) -> dict[str, list[str]]:
    stem = path if path.endswith("#") else f"{path}-"
    sentences = [*map(hours_words, slots), *([note] if note else [])]
    closed = map(closure_words, closures)
    return {
        "cv:openingHours": graph.times(f"{stem}orario", sentences),
        "cv:specialOpeningHoursSpecification": graph.times(f"{stem}chiusura", closed),
    }


def _has_door(contact: Contact) -> bool:
    return contact.tipo != "telefono" and bool(
        contact.comune or contact.indirizzo or contact.presso
    )


def _addresses(contact: Contact) -> tuple[str, ...]:
    return tuple(box.indirizzo for box in contact.email)


def _dialled(phone: Telefono) -> str:
    return tel(phone.numero).removeprefix("tel:")


def _full(where: Indirizzo, town: Comune | None) -> str:
    street = f"{where.via} {where.civico}".strip()
    name = where.localita or (f"{town.nome} ({town.provincia})" if town else "")
    place = f"{where.cap} {name}".strip()
    return f"{street}, {place}" if place else street
