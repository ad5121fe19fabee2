"""What each page shows: contexts for the templates, drawn from the Catalog.

Every function returns the names that its template uses; none knows where the page stands.
"""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from site_builder.catalog import Catalog
from site_builder.finder import choices
from site_builder.freshness import review
from site_builder.keywords import keywords
from site_builder.model import Contact, Form, Service
from site_builder.model_carta import Area, Comune, Gruppo
from site_builder.observed import observed
from site_builder.privacy import notice_doubts, notice_rows, treatment
from site_builder.tariffs import tariff_tables
from site_builder.words import slug

View = dict[str, Any]

COST_LABELS = {
    "gratuito": "Gratuito",
    "compartecipazione": "Si paga in base al reddito",
    "tariffa": "A pagamento",
    "contributo": "Aiuto economico",
    "non_indicato": "Costo non indicato",
}
ACCESS_LABELS = {
    "diretto": "Ti rivolgi tu, direttamente",
    "su_valutazione": "Dopo una valutazione del servizio sociale",
    "avviso_pubblico": "Con domanda, quando esce un avviso",
    "invio_servizi": "Ti mandano altri servizi",
    "telematico": "Con domanda online",
}
# The voices of the national service sheet, in its order, with the Carta's own in between.
_INDEX = (
    ("a-chi-e-rivolto", "A chi è rivolto"),
    ("descrizione", "Descrizione"),
    ("come-fare", "Come fare"),
    ("cosa-serve", "Cosa serve"),
    ("cosa-si-ottiene", "Cosa si ottiene"),
    ("tempi-e-scadenze", "Tempi e scadenze"),
    ("quanto-costa", "Quanto costa"),
    ("accedi-al-servizio", "Accedi al servizio"),
    ("condizioni-di-servizio", "Condizioni di servizio"),
    ("contatti", "Contatti"),
    ("standard", "Standard di qualità"),
)


def common(catalog: Catalog, today: date) -> View:
    """What many templates need."""
    carta = catalog.carta
    return {
        "carta": carta,
        "areas": catalog.areas,
        "comuni": catalog.comuni,
        "services_by_area": catalog.services_by_area,
        "services_by_group": catalog.services_by_group,
        "documents": {documento.id: documento for documento in carta.documenti},
        "without_sheet": catalog.without_sheet,
        "quality": {area.id: area for area in carta.aree_qualita},
        "outcomes": catalog.outcomes,
        "observed": observed(catalog, today),
        "report_to": _report_to(catalog),
        "today": today,
    }


def service(catalog: Catalog, sheet: Service) -> View:
    """One service sheet."""
    carta, contacts = catalog.carta, catalog.contacts
    places = [(sede, contacts[sede.contatto]) for sede in sheet.sedi]
    shown = {sede.contatto for sede in sheet.sedi}
    names = {rete.id: rete.nome for rete in carta.reti}
    standards = (*sheet.standard, *catalog.standards_by_service.get(sheet.id, []))
    return {
        "service": sheet,
        "review": review(catalog, "services", sheet.id),
        "area": catalog.areas[sheet.area],
        "service_areas": [catalog.areas[id] for id in sheet.aree],
        "groups": [group for group in carta.gruppi if group.id in sheet.gruppi],
        "comuni_served": _served(catalog, sheet.territorio),
        "cost_label": COST_LABELS[sheet.costo.tipo],
        "topics": [(slug(topic), topic) for topic in sheet.argomenti],
        "desk": _desk(catalog, sheet),
        "access": ACCESS_LABELS.get(sheet.tipo_accesso, ""),
        "keywords": keywords(catalog, sheet),
        "index": _INDEX,
        "networks": [
            (names[network], [desk for desk in catalog.desks(sheet) if desk.rete == network])
            for network in sheet.dove_rivolgersi.sportelli
        ],
        "places": places,
        "contacts": [contacts[id] for id in sheet.contatti if id not in shown],
        "tariff_tables": [
            *tariff_tables(catalog, "Importi", sheet.costo.tariffe),
            *tariff_tables(catalog, "Quanto costa in media", sheet.costo.costi_medi),
        ],
        "conditions": carta.condizioni_di_servizio,
        "forms": [catalog.forms[id] for id in sheet.moduli],
        "providers": [catalog.providers[id] for id in sheet.gestore.enti],
        "all_standards": standards,
        "related": [catalog.services[id] for id in sheet.servizi_collegati],
        "notices": catalog.notices_by_service.get(sheet.id, []),
    }


def area(catalog: Catalog, item: Area) -> View:
    """One strategic area with its sheets."""
    return {
        "area": item,
        "services": catalog.services_by_area.get(item.id, []),
        "all_services": catalog.services,
    }


def group(catalog: Catalog, item: Gruppo) -> View:
    """The sheets for one group of people."""
    return {"group": item, "services": catalog.services_by_group[item.id]}


def comune(catalog: Catalog, item: Comune) -> View:
    """One Comune: its desks, what else is there, what its residents can ask for."""
    here = [contact for contact in catalog.contacts.values() if contact.comune == item.id]
    services = catalog.services_in(item.id)
    available = {sheet.id for sheet in services}
    by_area = groupby(services, key=lambda sheet: catalog.areas[sheet.area])
    return {
        "comune": item,
        "networks": [
            (rete, [desk for desk in here if desk.rete == rete.id]) for rete in catalog.carta.reti
        ],
        "others": parted(contact for contact in here if not contact.rete),
        "services_here": [(area, list(sheets)) for area, sheets in by_area],
        "not_here": [s for s in catalog.services.values() if s.id not in available],
    }


def office(catalog: Catalog, item: Contact) -> View:
    """One contact and where it is used."""
    return {
        "contact": item,
        "review": review(catalog, "contacts", item.id),
        "services": catalog.services_by_contact.get(item.id, []),
        "served": [comune.a_nome for comune in _served(catalog, item.comuni_serviti)],
    }


def home(catalog: Catalog, today: date) -> View:
    """The first page: needs, people, Comuni, areas, what is open now."""
    notices = catalog.notices.values()
    return {
        "places": [comune.a_nome for comune in catalog.carta.comuni],
        "notices": [notice for notice in notices if notice.stato(today) != "chiuso"],
        "glossary": catalog.glossary.voci,
        "has_forms": bool(catalog.forms),
        "needs": [choice for choice in choices(catalog) if choice.option.bisogno],
    }


def form(catalog: Catalog, item: Form) -> View:
    """One form as it is on paper: numbered fields, grouped under their headings.

    `runs` parts the groups further, where the condition on which a field is asked changes.
    """
    numbered = list(enumerate(item.campi, start=1))
    runs = groupby(numbered, key=lambda pair: (pair[1].gruppo, pair[1].se))
    delivery = item.consegna
    processing = treatment(catalog, item)
    return {
        "form": item,
        "review": review(catalog, "forms", item.id),
        "groups": [
            (group, list(fields))
            for group, fields in groupby(numbered, key=lambda pair: pair[1].gruppo)
        ],
        "runs": [(group, condition, list(fields)) for (group, condition), fields in runs],
        "numbers": {campo.id: number for number, campo in numbered},
        "labels": {campo.id: campo.etichetta for campo in item.campi},
        "options": {(c.id, o.valore): o.etichetta for c in item.campi for o in c.opzioni},
        "services": catalog.services,
        "recipient": catalog.contacts.get(item.destinatario),
        "contact": catalog.contacts.get(delivery.contatto) if delivery else None,
        "desks": catalog.contacts_by_network.get(delivery.rete, []) if delivery else [],
        "processing": processing,
        "processing_rows": notice_rows(processing, item) if processing else [],
        "processing_doubts": notice_doubts(catalog, item),
    }


def _report_to(catalog: Catalog) -> str:
    """The mailbox for mistakes in the site; empty if the body names nobody."""
    named = catalog.contacts.get(str(catalog.carta.ente.segnalazioni))
    return named.email[0].indirizzo if named and named.email else ""


def _desk(catalog: Catalog, sheet: Service) -> str:
    """Where to ask for a talk: the contact that the sheet names, its desks, else all offices."""
    contacts = (catalog.contacts[id] for id in sheet.dove_rivolgersi.contatti)
    named = next((contact.id for contact in contacts if not contact.riservata), "")
    if sheet.dove_rivolgersi.sportelli and not sheet.violenza:
        return "#accedi-al-servizio"
    return f"/uffici/{named}/" if named else "/uffici/"


def parted(contacts: Iterable[Contact]) -> list[tuple[str, list[Contact]]]:
    """Contacts in blocks that never hold victims and offenders together."""
    every = list(contacts)
    blocks = [
        (side, [c for c in every if c.violenza == side]) for side in ("", "vittime", "autori")
    ]
    return [block for block in blocks if block[1]]


def _served(catalog: Catalog, ids: tuple[str, ...]) -> list[Comune]:
    return [comune for id, comune in catalog.comuni.items() if not ids or id in ids]
