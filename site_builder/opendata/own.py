"""Our own data: services, contacts and standards, with the keys of the content.

As JSON with a published schema, and as CSV for a spreadsheet. The first number of `VERSION` grows
when a key goes or changes its meaning, the second when one is added.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from site_builder.model import BodyStandard, Service
from site_builder.opendata.datasets import Dataset, Distribution
from site_builder.opendata.own_schema import VERSION, published_schema
from site_builder.opendata.own_tables import table
from site_builder.opendata.plain import Plain, Teller
from site_builder.opendata.source import Source
from site_builder.opendata.texts import csv_text, json_text
from site_builder.results import Outcome, Promise, threshold
from site_builder.views_lists import by_source


@dataclass(frozen=True, slots=True)
class _Kind:
    """One pair of files: its name, what people are told of it, and its records."""

    id: str
    title: str
    about: str
    records: Callable[[Source], Iterator[Plain]]


def datasets(source: Source) -> Iterator[Dataset]:
    """What the files are."""
    for kind in _KINDS:
        schema = f"dati/schemi/{kind.id}.json"
        data = Distribution(
            f"dati/{kind.id}.json", "application/json", "Tutti i campi, per chi programma.",
            source.iri(schema),
        )  # fmt: skip
        rows = Distribution(
            f"dati/{kind.id}.csv", "text/csv", "Una riga per voce, per il foglio di calcolo."
        )
        said = Distribution(
            schema, "application/schema+json", "Lo schema: come è fatto il file JSON.",
            "https://json-schema.org/draft/2020-12/schema",
        )  # fmt: skip
        yield Dataset(kind.id, kind.title, kind.about, (data, rows, said))


def files(source: Source) -> Iterator[tuple[str, str]]:
    """The data, the same as rows, and their schema."""
    for kind in _KINDS:
        records = list(kind.records(source))
        yield f"dati/{kind.id}.json", json_text(_envelope(source, kind, records))
        yield f"dati/{kind.id}.csv", csv_text(table(kind.id, records))
        address = f"dati/schemi/{kind.id}.json"
        schema = published_schema(kind.id, kind.title, kind.about, source.url(address))
        yield address, json_text(schema)


def _envelope(source: Source, kind: _Kind, records: list[Plain]) -> Plain:
    carta = source.catalog.carta
    tell = Teller(source.catalog).tell
    ente = tell(carta.ente)
    days = [item["aggiornato_il"] for item in records if "aggiornato_il" in item]
    newest = max(days, default=str(carta.aggiornato_il or ""))
    head = {
        "$schema": source.url(f"dati/schemi/{kind.id}.json") or f"schemi/{kind.id}.json",
        "schema_version": VERSION,
        "titolo": kind.title,
        "ente": {
            key: ente[key]
            for key in ("nome", "nome_breve", "codice_fiscale", "codice_ipa")
            if key in ente
        },
        "licenza": tell(carta.licenza) if carta.licenza else None,
        "generato_da": "Carta",
        "url": source.url(f"dati/{kind.id}.json"),
        "aggiornato_il": newest,
    }
    return {key: value for key, value in head.items() if value} | {"voci": records}


def _services(source: Source) -> Iterator[Plain]:
    tell = Teller(source.catalog).tell
    for sheet in source.catalog.services.values():
        page = f"servizi/{sheet.id}/"
        where = _where(source, sheet.id, f"{page}#servizio", page)
        yield where | tell(sheet) | {"stato": tell(sheet.stato)}


def _contacts(source: Source) -> Iterator[Plain]:
    tell = Teller(source.catalog).tell
    for contact in source.catalog.contacts.values():
        page = f"uffici/{contact.id}/"
        yield _where(source, contact.id, page, page) | tell(contact)


def _standards(source: Source) -> Iterator[Plain]:
    """The promises of the whole body, then those of each sheet."""
    catalog = source.catalog
    teller = Teller(catalog)
    for promise in by_source(catalog, catalog.standards.values()):
        yield _standard(source, teller, promise, {})
    for sheet in catalog.services.values():
        about = _about(teller, sheet)
        for own in sheet.standard:
            yield _standard(source, teller, own, about)


def _about(teller: Teller, sheet: Service) -> Plain:
    told: Plain = {"servizi": teller.named("servizi", [sheet.id])}
    return told | ({"aggiornato_il": str(sheet.aggiornato_il)} if sheet.aggiornato_il else {})


def _standard(source: Source, teller: Teller, promise: Promise, about: Plain) -> Plain:
    told = teller.tell(promise) | about
    told["origine"] = "ente" if isinstance(promise, BodyStandard) else "scheda"
    if bound := threshold(promise):
        told["soglia"] = bound
    if results := source.catalog.outcomes.get(promise.id):
        told["risultati"] = [_result(teller, outcome) for outcome in results]
    page = f"standard/#standard-{promise.id}"
    return _where(source, promise.id, f"standard/#{promise.id}", page) | told


def _result(teller: Teller, outcome: Outcome) -> Plain:
    told = {"anno": outcome.anno} | teller.tell(outcome.misura)
    del told["standard"]
    return told | {"di_prova": True} if outcome.di_prova else told


def _where(source: Source, id: str, path: str, page: str) -> Plain:
    """The id, the stable one of what has this canonical path, and the page that shows it."""
    where = {"id": id, "uuid": source.uuid(path), "percorso": page}
    return where | {"url": source.url(page)} if source.site_url else where


_KINDS = (
    _Kind(
        "servizi", "Servizi",
        "Le schede dei servizi: per chi sono, come si chiedono, dove, quanto costano.",
        _services,
    ),
    _Kind(
        "contatti", "Contatti",
        "Uffici, sportelli, strutture e numeri di telefono, con indirizzi e orari. "
        "Mancano gli indirizzi riservati e le caselle di posta con il nome di una persona.",
        _contacts,
    ),
    _Kind(
        "standard", "Standard di qualità",
        "Che cosa è promesso, a tutti e scheda per scheda, e che cosa si è misurato anno per anno.",
        _standards,
    ),
)  # fmt: skip
