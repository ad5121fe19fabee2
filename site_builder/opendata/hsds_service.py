"""A service sheet as HSDS 3.0 tells it, whole: with its body, places, hours, costs and papers."""

from collections.abc import Iterator
from datetime import date

from site_builder.model import Modulistica, Service
from site_builder.opendata.hsds_body import organization
from site_builder.opendata.hsds_doors import Doors, doors
from site_builder.opendata.hsds_parts import Item, item, uri
from site_builder.opendata.hsds_place import has_place, location
from site_builder.opendata.hsds_terms import Terms, terms
from site_builder.opendata.hsds_texts import (
    ages,
    alert,
    amount_name,
    application,
    description,
    eligibility,
    fees,
)
from site_builder.opendata.source import Source
from site_builder.placeholders import NO_ISTAT
from site_builder.values import DocumentoRichiesto, Tariffa

_STATUS = {
    "attivo": "active",
    "in_avvio": "inactive",
    "sospeso": "temporarily closed",
    "cessato": "defunct",
}


def services(source: Source) -> Iterator[Item]:
    """Every sheet, in the order of the site; what they share is drawn once."""
    named = terms(source)
    body = organization(source)
    contacts = source.catalog.contacts.values()
    places = {contact.id: location(source, contact) for contact in contacts if has_place(contact)}
    for sheet in source.catalog.services.values():
        yield _service(named, sheet, body, doors(named, places, sheet))


def _service(named: Terms, sheet: Service, body: Item, found: Doors) -> Item:
    source, base = named.source, f"servizi/{sheet.id}/#servizio"
    return item(
        source,
        base,
        name=sheet.titolo,
        alternate_name=sheet.sigla,
        description=description(sheet),
        url=uri(source.url(f"servizi/{sheet.id}/")),
        status=_STATUS[sheet.stato.valore],
        application_process=application(sheet),
        fees_description=fees(sheet),
        eligibility_description=eligibility(sheet),
        **ages(sheet),
        assured_date=str(sheet.verificato_il or ""),
        alert=alert(source.catalog, sheet),
        last_modified=_last_modified(source, sheet),
        phones=found.phones,
        schedules=found.schedules,
        service_areas=_areas(source, base, sheet),
        service_at_locations=found.service_at_locations,
        languages=found.languages,
        organization=body,
        funding=[item(source, f"{base}-fondi", source=sheet.finanziamento)]
        if sheet.finanziamento
        else [],
        cost_options=_cost_options(source, base, sheet),
        required_documents=_papers(source, base, sheet),
        contacts=[*found.contacts, *_people(source, base, sheet)],
        attributes=named.of_service(sheet),
    )


def _last_modified(source: Source, sheet: Service) -> str:
    """Noon (UTC) of the last day on which the sheet or one of its contacts was changed.

    The content knows the day only, and at noon it is that day all over Europe.
    """
    contacts = (source.catalog.contacts[id] for id in sheet.contatti)
    records = (sheet, *contacts, *source.catalog.desks(sheet))
    days: list[date] = [record.aggiornato_il for record in records if record.aggiornato_il]
    return f"{max(days)}T12:00:00Z" if days else ""


def _areas(source: Source, base: str, sheet: Service) -> list[Item]:
    return [
        item(
            source, f"{base}-comune-{comune.id}", name=comune.nome, uri=uri(comune.iri),
            description="" if comune.istat == NO_ISTAT
            else f"Comune di {comune.nome}, codice Istat {comune.istat}",
        )
        for comune in source.catalog.comuni.values()
        if not sheet.territorio or comune.id in sheet.territorio
    ]  # fmt: skip


def _cost_options(source: Source, base: str, sheet: Service) -> list[Item]:
    """The amounts that one pays; an aid that one receives is no cost."""
    cost = sheet.costo
    paid = [] if cost.tipo == "contributo" else [("", tariff) for tariff in cost.tariffe]
    paid += [("Costo medio: ", tariff) for tariff in cost.costi_medi]
    return [
        _cost_option(source, f"{base}-costo-{number}", label, tariff)
        for number, (label, tariff) in enumerate(paid, start=1)
    ]


def _cost_option(source: Source, path: str, label: str, tariff: Tariffa) -> Item:
    place = source.catalog.contacts[tariff.sede].nome if tariff.sede else ""
    return item(
        source, path, option=label + amount_name(tariff, place), amount=tariff.importo,
        currency="EUR", amount_description=tariff.unita,
        valid_from=str(tariff.valido_dal or ""), valid_to=str(tariff.valido_fino_al or ""),
    )  # fmt: skip


def _papers(source: Source, base: str, sheet: Service) -> list[Item]:
    """Papers to bring, and forms to fill in."""
    listed: list[tuple[str, str]] = [(_paper(doc), doc.url) for doc in sheet.documenti]
    listed += [(_paper(form), form.url) for form in sheet.modulistica]
    listed += [
        (source.catalog.forms[id].titolo, source.url(f"moduli/{id}/")) for id in sheet.moduli
    ]
    return [
        item(source, f"{base}-documento-{number}", document=name, uri=uri(address))
        for number, (name, address) in enumerate(listed, start=1)
    ]


def _paper(paper: DocumentoRichiesto | Modulistica) -> str:
    return f"{paper.nome} ({paper.nota})" if paper.nota else paper.nome


def _people(source: Source, base: str, sheet: Service) -> Iterator[Item]:
    """Who answers for the service and who runs it: roles and bodies, never persons."""
    if sheet.responsabile:
        yield item(source, f"{base}-responsabile", title=sheet.responsabile)
    names = [source.catalog.providers[id].nome for id in sheet.gestore.enti]
    if not names and sheet.gestore.testo:
        names = [""]
    for number, name in enumerate(names, start=1):
        yield item(source, f"{base}-gestore-{number}", name=name, title="Ente gestore",
                   department=sheet.gestore.testo)  # fmt: skip
