"""What the endpoint must know of the body: offices, terms, remedies, calendar. All is data.

Nothing of a reserved place is in it, and no word that the content does not have.
"""

from typing import Any

from site_builder.catalog import Catalog
from site_builder.model import Contact, Form
from site_builder.model_carta import Comune
from site_builder.phones import national
from site_builder.values import Termine
from site_builder.words import plain
from site_builder.working_days import calendar

_NO_TERM = "La Carta non dice entro quanti giorni arriva la risposta."
_FORMAT = 1

Rows = list[list[str]]  # what, and its words


def receiver(catalog: Catalog, site_url: str, year: int) -> dict[str, Any]:
    """The body as data, with the calendar of five years; `site_url` may be empty."""
    carta = catalog.carta
    days = calendar(year, patron_day(catalog))
    return {
        "formato": _FORMAT,
        "nome": carta.ente.nome,
        "prefisso": prefix(catalog),
        "sito": site_url,
        "calendario": {**days, "sabato_lavorativo": carta.reclami.sabato_lavorativo},
        "moduli": {id: _procedure(catalog, form) for id, form in sorted(catalog.forms.items())},
    }


def prefix(catalog: Catalog) -> str:
    """The letters before the numbers of the receipts: its own, else those of the lead Comune."""
    ente = catalog.carta.ente
    letters = [c for c in plain(ente.capofila).upper() if c.isascii() and c.isalpha()]
    return ente.prefisso_ricevute or "".join(letters[:3])


def home_comune(catalog: Catalog) -> Comune | None:
    """The Comune of the body's seat, whose patron's day is a holiday there; else the lead one."""
    ente = catalog.carta.ente
    seat = catalog.contacts.get(ente.sede)
    return catalog.comuni.get(seat.comune if seat and seat.comune else ente.capofila)


def patron_day(catalog: Catalog) -> str:
    """Month and day of the patron's feast at the seat, «05-18»; empty if the data has none."""
    comune = home_comune(catalog)
    return comune.patrono.giorno if comune and comune.patrono else ""


def term_data(term: Termine) -> dict[str, Any]:
    """A term without its source and without what it does not say."""
    names = ("fase", "decorrenza", "decorre_da", "chi", "nota", "si_chiude_con")
    said = {name: text for name in names if (text := getattr(term, name))}
    return {**said, "giorni": term.giorni, "lavorativi": term.lavorativi}


def _procedure(catalog: Catalog, form: Form) -> dict[str, Any]:
    complaints = catalog.carta.reclami
    is_complaint = form.id == complaints.modulo
    terms = [term_data(term) for term in complaints.termini] if is_complaint else []
    pause = complaints.sospensione if is_complaint else None
    kept = form.conservazione
    return {
        "vie": _ways(catalog, form),
        "ricevuta": _offices(catalog, form),
        "rimedi": _remedies(catalog, form) if is_complaint else [],
        "termini": terms,
        "sospensione": pause and {"giorni": pause.giorni, "lavorativi": pause.lavorativi},
        "conservazione": kept and {
            "giorni_dopo_protocollo": kept.giorni_dopo_protocollo,
            "mesi_al_massimo": kept.mesi_al_massimo,
        },
        "senza_termini": "" if terms or form.anonimo else _NO_TERM,
    }  # fmt: skip


def _ways(catalog: Catalog, form: Form) -> Rows:
    """How else to reach the office: of each way, what the first contact that has it gives."""
    given = form.consegna
    named = [given.contatto if given else "", form.destinatario]
    desks = catalog.contacts_by_network.get(given.rete, []) if given else []
    contacts = [catalog.contacts[id] for id in dict.fromkeys(named) if id in catalog.contacts]
    if not contacts and not desks and (seat := catalog.contacts.get(catalog.carta.ente.sede)):
        contacts = [seat]
    every: dict[str, list[list[str]]] = {
        "Telefono": [_phones(contact) for contact in contacts],
        "E-mail": [[m.indirizzo for m in c.email if not m.nominativa] for c in contacts],
        "PEC": [list(c.pec) for c in contacts],
        "Allo sportello": [
            [w for d in desks if (w := _place(catalog, d))],
            *([w] for c in contacts if (w := _place(catalog, c))),
        ],
    }
    first = {way: next(filter(None, found), []) for way, found in every.items()}
    return [[way, "\n".join(found)] for way, found in first.items() if found]


def _place(catalog: Catalog, contact: Contact) -> str:
    """«Sportello, Via Roma 1, Roma»; empty for a place whose address may not be told."""
    if contact.riservata or contact.violenza or not contact.indirizzo:
        return ""
    where = contact.indirizzo
    comune = catalog.comuni.get(contact.comune)
    town = where.localita or (comune.nome if comune else "")
    phones = f"tel. {' o '.join(_phones(contact))}" if contact.telefoni else ""
    street = f"{where.via} {where.civico}".strip()
    return ", ".join(filter(None, (contact.nome, street, town, phones)))


def _phones(contact: Contact) -> list[str]:
    return [national(phone.numero) for phone in contact.telefoni if phone.tipo != "fax"]


def _offices(catalog: Catalog, form: Form) -> Rows:
    """Which office deals with the form, and who answers for it if the content says so."""
    office = catalog.contacts.get(form.destinatario)
    rows = [["Ufficio", office.nome if office else catalog.carta.ente.nome]]
    if form.id == catalog.carta.reclami.modulo and office:
        organs = (o.nome for o in catalog.carta.reclami.organi if o.contatto == office.id)
        rows += [["Responsabile", name] for name in organs][:1]
    return rows


def _remedies(catalog: Catalog, form: Form) -> Rows:
    """What else can be done: other bodies that decide, compensation, other means."""
    complaints = catalog.carta.reclami
    rows = [
        [organ.nome, organ.ruolo]
        for organ in complaints.organi
        if organ.ruolo and organ.contatto != form.destinatario
    ]
    rows += [["Risarcimento", complaints.ristoro]] if complaints.ristoro else []
    rows += [["Altri modi di difendersi", complaints.altri_mezzi]] if complaints.altri_mezzi else []
    return rows
