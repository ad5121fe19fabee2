"""Contacts: phones that ring, addresses in the right town, mailboxes of the right kind."""

from collections.abc import Iterator
from datetime import date

from site_builder.catalog import Catalog
from site_builder.model import Contact
from site_builder.phones import is_pec, is_phone
from site_builder.placeholders import NO_CAP
from site_builder.rules.registry import Finding, rule


@rule("telefono", "errore", excusable=True)
def phones_are_valid(catalog: Catalog, today: date) -> Iterator[Finding]:
    """A phone must be valid in Italy."""
    for contact in catalog.contacts.values():
        for index, phone in enumerate(contact.telefoni):
            if not is_phone(str(phone.numero)):
                yield _at(
                    catalog, contact, ("telefoni", index, "numero"),
                    f"«{phone.numero}» non è un numero di telefono valido in Italia.",
                    "Controlla le cifre; scrivilo fra virgolette e con il prefisso.",
                )  # fmt: skip


@rule("cap-comune", "errore", excusable=True)
def postal_codes_match(catalog: Catalog, today: date) -> Iterator[Finding]:
    """The postal code must be one of the Comune's."""
    for contact in catalog.contacts.values():
        comune = catalog.comuni.get(contact.comune)
        if not comune or not contact.indirizzo or not contact.indirizzo.cap:
            continue
        wanted = [str(cap) for cap in comune.cap]
        if NO_CAP not in wanted and str(contact.indirizzo.cap) not in wanted:
            yield _at(
                catalog, contact, ("indirizzo", "cap"),
                f"Il CAP {contact.indirizzo.cap} non è di {comune.nome}: lì è {', '.join(wanted)}.",
                "Correggi il CAP o il Comune.",
            )  # fmt: skip


@rule("civico-mancante", "avvertenza")
def addresses_have_numbers(catalog: Catalog, today: date) -> Iterator[Finding]:
    """An address without a house number cannot be found on a map."""
    for contact in catalog.contacts.values():
        if contact.indirizzo and not contact.indirizzo.civico:
            yield _at(
                catalog, contact, ("indirizzo",),
                f"All'indirizzo «{contact.indirizzo.via}» manca il numero civico.",
                "Chiedilo all'ufficio e aggiungi «civico: …»; se non esiste scrivi «civico: snc».",
            )  # fmt: skip


@rule("pec-email", "errore", excusable=True)
def pec_and_email_apart(catalog: Catalog, today: date) -> Iterator[Finding]:
    """Certified mail must stand under `pec`, ordinary mail under `email`."""
    for contact in catalog.contacts.values():
        for index, email in enumerate(contact.email):
            if is_pec(email.indirizzo):
                yield _at(
                    catalog, contact, ("email", index, "indirizzo"),
                    f"«{email.indirizzo}» è una PEC.", "Spostala sotto «pec».",
                )  # fmt: skip
        for index, address in enumerate(contact.pec):
            if not is_pec(address):
                yield _at(
                    catalog, contact, ("pec", index), f"«{address}» non sembra una PEC.",
                    "Se è una casella normale spostala sotto «email».",
                )  # fmt: skip


@rule("email-dominio", "avvertenza")
def mail_domains_are_known(catalog: Catalog, today: date) -> Iterator[Finding]:
    """A mail domain that the Carta does not list may be misspelt."""
    known = catalog.carta.ente.domini_email
    for contact in catalog.contacts.values():
        for index, email in enumerate(contact.email):
            domain = email.indirizzo.rpartition("@")[2]
            if known and domain not in known:
                yield _at(
                    catalog, contact, ("email", index, "indirizzo"),
                    f"Il dominio «{domain}» non è fra quelli conosciuti.",
                    "Controllalo; se è giusto aggiungilo a «domini_email» in carta.yml.",
                )  # fmt: skip


@rule("email-nominativa", "avvertenza")
def mailboxes_are_roles(catalog: Catalog, today: date) -> Iterator[Finding]:
    """A mailbox with a person's name goes stale with the person."""
    for contact in catalog.contacts.values():
        for index, email in enumerate(contact.email):
            if email.nominativa:
                yield _at(
                    catalog, contact, ("email", index),
                    "La casella porta il nome di una persona.",
                    "Chiedi all'ufficio una casella di ruolo, che resta anche quando si cambia.",
                )  # fmt: skip


@rule("recapito-ripetuto", "avvertenza")
def one_owner_per_number(catalog: Catalog, today: date) -> Iterator[Finding]:
    """The same phone or e-mail under two owners is often a copying mistake."""
    owners: dict[str, str] = {}
    for contact in catalog.contacts.values():
        numbers = [
            (("telefoni", i, "numero"), str(t.numero)) for i, t in enumerate(contact.telefoni)
        ]
        mails = [(("email", i, "indirizzo"), e.indirizzo) for i, e in enumerate(contact.email)]
        for path, value in (*numbers, *mails):
            owner = owners.setdefault(value.replace(" ", "").lower(), contact.id)
            if owner != contact.id:
                yield _at(
                    catalog, contact, path, f"«{value}» è già il recapito di «{owner}».",
                    "Controlla che sia davvero lo stesso per tutti e due.",
                )  # fmt: skip


@rule("rete-incompleta", "avvertenza")
def every_comune_has_its_desks(catalog: Catalog, today: date) -> Iterator[Finding]:
    """A network of desks should have one in every Comune; this says which Comuni are not served."""
    for index, rete in enumerate(catalog.carta.reti):
        served = {desk.comune for desk in catalog.contacts_by_network.get(rete.id, [])}
        missing = [comune.nome for comune in catalog.carta.comuni if comune.id not in served]
        if missing:
            yield Finding(
                catalog.documents["carta"]["carta"], ("reti", index),
                f"La rete «{rete.nome}» non ha uno sportello a: {', '.join(missing)}.",
                f"Aggiungi un contatto con «rete: {rete.id}» e il suo «comune».",
            )  # fmt: skip


@rule("segnalazioni-senza-email", "errore")
def mistakes_can_be_reported(catalog: Catalog, today: date) -> Iterator[Finding]:
    """Who is named for mistakes in the site must have a mailbox: they are sent by mail."""
    named = catalog.contacts.get(str(catalog.carta.ente.segnalazioni))
    if named and not named.email:
        yield Finding(
            catalog.documents["carta"]["carta"], ("ente", "segnalazioni"),
            f"Il contatto «{named.id}» non ha una casella e-mail: le segnalazioni non arrivano.",
            "Scrivi un contatto che ha «email», oppure «segnalazioni: false».",
        )  # fmt: skip


def _at(
    catalog: Catalog, contact: Contact, path: tuple[str | int, ...], message: str, hint: str
) -> Finding:
    return Finding(catalog.documents["contacts"][contact.id], path, message, hint)
