"""What the pages and printed parts that list things show, drawn from the Catalog."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any

from markupsafe import Markup

from site_builder import report
from site_builder.bands import script_data
from site_builder.catalog import Catalog
from site_builder.model import BodyStandard, Service
from site_builder.tariffs import fees_by_band, tariff_tables
from site_builder.timeline import timeline
from site_builder.views import COST_LABELS, View, parted
from site_builder.words import initial, plain, slug


def offices(catalog: Catalog) -> View:
    """All contacts: the networks as tables, the rest one by one.

    A table holds neither desks for victims nor for offenders: those stand in blocks of their own.
    """
    directories = catalog.carta.rubriche
    networks = [
        (rete, [desk for desk in catalog.contacts_by_network.get(rete.id, []) if not desk.violenza])
        for rete in catalog.carta.reti
    ]
    desks = [desk for _, group in networks for desk in group]
    listed = {desk.id for desk in desks} | {id for item in directories for id in item.contatti}
    return {
        "directories": [
            (item, parted(catalog.contacts[id] for id in item.contatti)) for item in directories
        ],
        "networks": networks,
        "doubtful": [desk for desk in desks if desk.da_verificare],
        "others": parted(c for c in catalog.contacts.values() if c.id not in listed),
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
    bands = catalog.carta.fasce_di_accesso
    return {
        "services": catalog.services,
        "bands": bands,
        "bands_data": Markup(script_data(bands)) if bands else "",  # JSON without «<»
        "fees": fees_by_band(catalog),
        "averages": [
            table
            for area, in_area in groupby(sheets, key=lambda sheet: catalog.areas[sheet.area])
            for table in tariff_tables(
                catalog, area.nome, [item for sheet in in_area for item in sheet.costo.costi_medi]
            )
        ],
        "by_cost": [pair for pair in by_cost if pair[1]],
        "doubts": doubts,
    }


def topics(catalog: Catalog) -> View:
    """The sheets by topic of the national vocabulary, in alphabetical order."""
    sheets = catalog.services.values()
    names = sorted({topic for sheet in sheets for topic in sheet.argomenti}, key=plain)
    return {"topics": [(slug(n), n, [s for s in sheets if n in s.argomenti]) for n in names]}


def alphabetical(catalog: Catalog) -> View:
    """Titles, acronyms and sub-services by first letter."""
    entries = sorted(_names(catalog), key=lambda entry: plain(entry[0]))
    letters = groupby(entries, key=lambda entry: initial(entry[0]))
    return {"letters": [(letter, list(group)) for letter, group in letters]}


def glossary(catalog: Catalog) -> View:
    """The terms in alphabetical order, by acronym where there is one."""
    voci = sorted(catalog.glossary.voci, key=lambda voce: plain(voce.sigla or voce.termine))
    return {"voci": voci, "services": catalog.services}


def complaints(catalog: Catalog) -> View:
    """How to complain, to whom, within which terms; how many did in each year."""
    reclami, contacts = catalog.carta.reclami, catalog.contacts
    names = [canale.contatto for canale in reclami.canali if canale.contatto]
    networks = {canale.rete for canale in reclami.canali}
    return {
        "reclami": reclami,
        "form": catalog.forms.get(reclami.modulo),
        "contacts": [contacts[id] for id in names],
        "picture": timeline(reclami.termini, reclami.sabato_lavorativo),
        "figures": catalog.figures,
        "reports": report.years(catalog),
        "networks": [pair for pair in offices(catalog)["networks"] if pair[0].id in networks],
        "doubts": [d for d in catalog.carta.da_verificare if d.campo.startswith("reclami")],
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
    general = by_source(catalog, catalog.standards.values())
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
        "years": catalog.results,
        "reports": report.years(catalog),
        "without": [sheet for sheet in sheets if not sheet.standard and sheet.id not in has],
        "doubts": [
            *(d for d in catalog.carta.da_verificare if d.campo in ("impegni", "aree_qualita")),
            *(d for item in catalog.standards.values() for d in item.da_verificare),
        ],
    }


def by_source(catalog: Catalog, promises: Iterable[BodyStandard]) -> list[BodyStandard]:
    """Standards in the order of the source: by document, by line, by id where nothing tells."""
    order = [item.id for item in catalog.carta.documenti]

    def rank(item: BodyStandard) -> tuple[int, int, int, str]:
        source = item.fonte
        if source is None or source.documento not in order:
            return len(order), 0, 0, item.id
        first = source.riga or 0
        return order.index(source.documento), first, source.riga_fine or first, item.id

    return sorted(promises, key=rank)


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


def _names(catalog: Catalog) -> Iterator[tuple[str, Service]]:
    for sheet in catalog.services.values():
        subs = (sub.titolo for sub in sheet.sottoservizi)
        yield from ((name, sheet) for name in (sheet.titolo, sheet.sigla, *subs) if name)
