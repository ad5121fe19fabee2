"""What each page shows: contexts for the templates, drawn from the Catalog.

Every function returns the names that its template uses; none knows where the page stands.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any

from site_builder.catalog import Catalog
from site_builder.finder import choices
from site_builder.keywords import keywords
from site_builder.model import Contact, Form, Service
from site_builder.model_carta import Area, Comune, Gruppo
from site_builder.values import Tariffa

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
        "area": catalog.areas[sheet.area],
        "service_areas": [catalog.areas[id] for id in sheet.aree],
        "groups": [group for group in carta.gruppi if group.id in sheet.gruppi],
        "comuni_served": _served(catalog, sheet.territorio),
        "cost_label": COST_LABELS[sheet.costo.tipo],
        "topics": [(_slug(topic), topic) for topic in sheet.argomenti],
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
            *_tariff_tables(catalog, "Importi", sheet.costo.tariffe),
            *_tariff_tables(catalog, "Quanto costa in media", sheet.costo.costi_medi),
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
        "others": _parted(contact for contact in here if not contact.rete),
        "services_here": [(area, list(sheets)) for area, sheets in by_area],
        "not_here": [s for s in catalog.services.values() if s.id not in available],
    }


def office(catalog: Catalog, item: Contact) -> View:
    """One contact and where it is used."""
    return {
        "contact": item,
        "services": catalog.services_by_contact.get(item.id, []),
        "served": [comune.a_nome for comune in _served(catalog, item.comuni_serviti)],
    }


def offices(catalog: Catalog) -> View:
    """All contacts: the networks as tables, the rest one by one."""
    directories = catalog.carta.rubriche
    listed = {id for item in directories for id in item.contatti}
    return {
        "directories": [
            (item, _parted(catalog.contacts[id] for id in item.contatti)) for item in directories
        ],
        "networks": [
            (rete, catalog.contacts_by_network.get(rete.id, [])) for rete in catalog.carta.reti
        ],
        "others": _parted(
            contact
            for contact in catalog.contacts.values()
            if not contact.rete and contact.id not in listed
        ),
    }


def providers(catalog: Catalog) -> View:
    """Who runs services for the body: where they are, which services."""
    sheets = catalog.services.values()
    return {
        "providers": [
            (
                item,
                [catalog.contacts[id] for id in item.contatti],
                [sheet for sheet in sheets if item.id in sheet.gestore.enti],
            )
            for item in catalog.providers.values()
        ]
    }


def home(catalog: Catalog, today: date) -> View:
    """The first page: needs, people, Comuni, areas, what is open now."""
    notices = catalog.notices.values()
    return {
        "places": [comune.a_nome for comune in catalog.carta.comuni],
        "notices": [notice for notice in notices if notice.stato(today) != "chiuso"],
        "glossary": catalog.glossary.voci,
        "needs": [choice for choice in choices(catalog) if choice.option.bisogno],
    }


def costs(catalog: Catalog) -> View:
    """The Carta's lists of costs, and every sheet by its class of cost."""
    sheets = catalog.services.values()
    by_cost = [
        (f"{label}: le schede", [sheet for sheet in sheets if sheet.costo.tipo == kind])
        for kind, label in COST_LABELS.items()
    ]
    doubts = [
        d for d in catalog.carta.da_verificare if d.campo.startswith(("classi_di_costo", "fasce"))
    ]
    return {
        "services": catalog.services,
        "bands": catalog.carta.fasce_di_accesso,
        "averages": [
            table
            for area, in_area in groupby(sheets, key=lambda sheet: catalog.areas[sheet.area])
            for table in _tariff_tables(
                catalog, area.nome, [item for sheet in in_area for item in sheet.costo.costi_medi]
            )
        ],
        "by_cost": [pair for pair in by_cost if pair[1]],
        "doubts": doubts,
    }


def topics(catalog: Catalog) -> View:
    """The sheets by topic of the national vocabulary, in alphabetical order."""
    sheets = catalog.services.values()
    names = sorted({topic for sheet in sheets for topic in sheet.argomenti}, key=_plain)
    return {"topics": [(_slug(n), n, [s for s in sheets if n in s.argomenti]) for n in names]}


def alphabetical(catalog: Catalog) -> View:
    """Titles, acronyms and sub-services by first letter."""
    entries = sorted(_names(catalog), key=lambda entry: _plain(entry[0]))
    letters = groupby(entries, key=lambda entry: _initial(entry[0]))
    return {"letters": [(letter, list(group)) for letter, group in letters]}


def glossary(catalog: Catalog) -> View:
    """The terms in alphabetical order, by acronym where there is one."""
    voci = sorted(catalog.glossary.voci, key=lambda voce: (voce.sigla or voce.termine).casefold())
    return {"voci": voci, "services": catalog.services}


def complaints(catalog: Catalog) -> View:
    """How to complain, to whom, within which terms."""
    reclami, contacts = catalog.carta.reclami, catalog.contacts
    names = [canale.contatto for canale in reclami.canali if canale.contatto]
    networks = {canale.rete for canale in reclami.canali}
    return {
        "reclami": reclami,
        "form": catalog.forms.get(reclami.modulo),
        "contacts": [contacts[id] for id in names],
        "networks": [pair for pair in offices(catalog)["networks"] if pair[0].id in networks],
        "doubts": [d for d in catalog.carta.da_verificare if d.campo.startswith("reclami")],
    }


def form(catalog: Catalog, item: Form) -> View:
    """One form as it is on paper: numbered fields, grouped under their headings."""
    numbered = groupby(enumerate(item.campi, start=1), key=lambda pair: pair[1].gruppo)
    delivery = item.consegna
    treatments = {t.id: t for t in catalog.carta.trattamenti}
    processing = treatments.get(item.trattamento)
    rows = ("titolare", "rpd", "finalita", "base_giuridica", "destinatari", "conservazione")
    labels = ("Titolare", "Responsabile della protezione dei dati", "Finalità", "Base giuridica",
              "A chi si comunicano", "Per quanto si conservano")  # fmt: skip
    return {
        "form": item,
        "groups": [(group, list(fields)) for group, fields in numbered],
        "labels": {campo.id: campo.etichetta for campo in item.campi},
        "options": {(c.id, o.valore): o.etichetta for c in item.campi for o in c.opzioni},
        "recipient": catalog.contacts.get(item.destinatario),
        "contact": catalog.contacts.get(delivery.contatto) if delivery else None,
        "desks": catalog.contacts_by_network.get(delivery.rete, []) if delivery else [],
        "processing": processing,
        "processing_rows": [
            (label, getattr(processing, name)) for label, name in zip(labels, rows, strict=True)
        ]
        if processing
        else [],
    }


def notices(catalog: Catalog, today: date) -> View:
    """Notices by what they are today: open, to come, closed."""
    titles = {"aperto": "Aperti", "in arrivo": "In arrivo", "chiuso": "Chiusi"}
    all_notices = catalog.notices.values()
    groups = [
        (title, [n for n in all_notices if n.stato(today) == s]) for s, title in titles.items()
    ]
    return {"by_state": [pair for pair in groups if pair[1]]}


def standards(catalog: Catalog) -> View:
    """All quality standards: those of the whole body or of many, then sheet by sheet."""
    sheets = catalog.services.values()
    general = catalog.standards.values()
    groups: list[tuple[str, str, list[Any]]] = [
        (area.nome, area.descrizione, [item for item in general if item.area_qualita == area.id])
        for area in catalog.carta.aree_qualita
    ]
    others = [item for item in general if not item.area_qualita]
    groups.append(("Per tutto l'ente e per più servizi", "", others))
    groups += [(f"{s.codice} {s.titolo}".strip(), "", list(s.standard)) for s in sheets]
    has = catalog.standards_by_service
    return {
        "groups": [group for group in groups if group[2]],
        "without": [sheet for sheet in sheets if not sheet.standard and sheet.id not in has],
        "doubts": [
            *(d for d in catalog.carta.da_verificare if d.campo in ("impegni", "aree_qualita")),
            *(d for item in catalog.standards.values() for d in item.da_verificare),
        ],
    }


def unlisted(catalog: Catalog) -> View:
    """Services that the documents name but do not describe, by area."""
    names = {area.id: area.titolo for area in catalog.areas.values()} | {"": "Altri"}
    voci = catalog.without_sheet.voci
    groups = [(title, [voce for voce in voci if voce.area == id]) for id, title in names.items()]
    return {"groups": [pair for pair in groups if pair[1]], "services": catalog.services}


def sitemap(catalog: Catalog, lists: list[tuple[str, str]]) -> View:
    """Every page by sort; `lists` are (address, title) of the pages that list others."""
    written = [(id, page) for id, page in catalog.pages.items() if not page.lingua]
    finder = [("trova/", "Trova il servizio")] if catalog.carta.domande else []
    return {
        "lists": [*lists, *finder],
        "by_area": [
            (area, [sheet for sheet in catalog.services.values() if sheet.area == area.id])
            for area in catalog.areas.values()
        ],
        "groups": [
            (f"per-chi/{group.id}/", group.nome)
            for group in catalog.carta.gruppi
            if group.id in catalog.services_by_group
        ],
        "towns": [(f"comuni/{item.id}/", item.nome) for item in catalog.comuni.values()],
        "offices": [(f"uffici/{item.id}/", item.nome) for item in catalog.contacts.values()],
        "written": [(f"{id}/", page.title) for id, page in written],
        "forms": [(f"moduli/{item.id}/", item.titolo) for item in catalog.forms.values()],
        "notices": [(f"avvisi/{item.id}/", item.titolo) for item in catalog.notices.values()],
        "languages": catalog.languages,
    }


def _tariff_tables(
    catalog: Catalog, title: str, tariffs: Iterable[Tariffa]
) -> list[tuple[str, Tariffa | None, list[str], list[tuple[Tariffa, list[list[Tariffa]]]]]]:
    """The amounts as (title, shared, bands, rows): a table for each place, a column for each band.

    `shared` is any of the tariffs if all are valid in the same days. A row is the tariff that
    names it and, for each band, its amounts.
    """
    places: dict[str, list[Tariffa]] = {}
    for item in tariffs:
        places.setdefault(item.sede, []).append(item)
    tables = []
    for place, items in places.items():
        bands = list(dict.fromkeys(item.fascia for item in items))
        rows: dict[tuple[object, ...], list[Tariffa]] = {}
        for item in items:
            key = (item.voce, item.unita, item.valido_dal, item.valido_fino_al)
            rows.setdefault(key, []).append(item)
        cells = [
            (row[0], [[t for t in row if t.fascia == band] for band in bands])
            for row in rows.values()
        ]
        name = f"{title}: {catalog.contacts[place].nome}" if place else title
        days = {(item.valido_dal, item.valido_fino_al) for item in items}
        tables.append((name, items[0] if len(days) == 1 else None, bands, cells))
    return tables


def _report_to(catalog: Catalog) -> str:
    """The mailbox of the body's own seat; empty if it has none."""
    seat = catalog.contacts.get(catalog.carta.ente.sede)
    return seat.email[0].indirizzo if seat and seat.email else ""


def _desk(catalog: Catalog, sheet: Service) -> str:
    """Where to ask for a talk: the contact that the sheet names, its desks, else all offices."""
    contacts = (catalog.contacts[id] for id in sheet.dove_rivolgersi.contatti)
    named = next((contact.id for contact in contacts if not contact.riservata), "")
    if sheet.dove_rivolgersi.sportelli and not sheet.violenza:
        return "#accedi-al-servizio"
    return f"/uffici/{named}/" if named else "/uffici/"


def _parted(contacts: Iterable[Contact]) -> list[tuple[str, list[Contact]]]:
    """Contacts in blocks that never hold victims and offenders together."""
    every = list(contacts)
    blocks = [
        (side, [c for c in every if c.violenza == side]) for side in ("", "vittime", "autori")
    ]
    return [block for block in blocks if block[1]]


def _served(catalog: Catalog, ids: tuple[str, ...]) -> list[Comune]:
    return [comune for id, comune in catalog.comuni.items() if not ids or id in ids]


def _names(catalog: Catalog) -> Iterator[tuple[str, Service]]:
    for sheet in catalog.services.values():
        subs = (sub.titolo for sub in sheet.sottoservizi)
        yield from ((name, sheet) for name in (sheet.titolo, sheet.sigla, *subs) if name)


def _initial(name: str) -> str:
    first = _plain(name)[0].upper()
    return first if first.isalpha() else "0-9"


def _slug(name: str) -> str:
    """«assistenza-agli-invalidi»: an anchor."""
    return re.sub(r"[^a-z0-9]+", "-", _plain(name)).strip("-")


def _plain(name: str) -> str:
    """Without accents, so that «Équipe» stands among the E."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in folded if not unicodedata.combining(c))
