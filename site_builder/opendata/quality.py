"""`dati/qualita/`: the promises and what was measured of them, as tables with their description.

CSV on the Web (W3C): two plain tables, and a JSON file that says what each column is.
"""

from collections.abc import Iterator

from site_builder.italian import number
from site_builder.model import BodyStandard, Misura, Results
from site_builder.opendata.csvw import description
from site_builder.opendata.datasets import Dataset, Distribution
from site_builder.opendata.quality_columns import MEASURES, STANDARDS
from site_builder.opendata.source import Source
from site_builder.opendata.texts import csv_text, json_text
from site_builder.results import Promise

_FOLDER = "dati/qualita/"
_CSVW = "https://www.w3.org/TR/tabular-metadata/"


def datasets(source: Source) -> Iterator[Dataset]:
    """The tables, also where they are empty: that too is a datum."""
    yield Dataset(
        "qualita",
        "Standard di qualità e risultati",
        "Che cosa si promette a chi usa i servizi e che cosa si è misurato, anno per anno."
        " Se le tabelle hanno solo i nomi delle colonne, la Carta non ha standard o risultati.",
        (
            Distribution(f"{_FOLDER}{STANDARDS.file}", "text/csv", STANDARDS.about, _CSVW),
            Distribution(f"{_FOLDER}{MEASURES.file}", "text/csv", MEASURES.about, _CSVW),
            Distribution(
                f"{_FOLDER}csv-metadata.json",
                "application/csvm+json",
                "Che cosa vuol dire ogni colonna delle due tabelle, per i programmi.",
                _CSVW,
            ),
        ),
    )


def files(source: Source) -> Iterator[tuple[str, str]]:
    """The two tables and their description."""
    promises = (STANDARDS.names, *_promises(source))
    measures = (MEASURES.names, *_measures(source))
    yield f"{_FOLDER}{STANDARDS.file}", csv_text(promises)
    yield f"{_FOLDER}{MEASURES.file}", csv_text(measures)
    told = description(source.catalog.carta, (STANDARDS, MEASURES))
    yield f"{_FOLDER}csv-metadata.json", json_text(told)


def _promises(source: Source) -> Iterator[tuple[str, ...]]:
    """Those of the whole body first, then those of each sheet."""
    for standard in source.catalog.standards.values():
        yield _promise(source, standard, standard.servizi)
    for sheet in source.catalog.services.values():
        for own in sheet.standard:
            yield _promise(source, own, (sheet.id,))


def _promise(source: Source, promise: Promise, services: tuple[str, ...]) -> tuple[str, ...]:
    areas = {area.id: area.nome for area in source.catalog.carta.aree_qualita}
    title = promise.titolo if isinstance(promise, BodyStandard) else ""
    return (
        promise.id,
        " ".join(services),
        areas.get(promise.area_qualita, promise.area_qualita),
        promise.indicatore or title,
        promise.promessa,
        promise.operatore,
        _number(promise.valore),
        _number(promise.valore_massimo),
        promise.unita,
        _number(promise.quota_percento),
        promise.verifica,
        str(promise.valido_dal or ""),
        str(promise.valido_fino_al or ""),
    )


def _measures(source: Source) -> Iterator[tuple[str, ...]]:
    for year in reversed(source.catalog.results):
        for measure in year.misure:
            yield _measure(year, measure)


def _measure(year: Results, measure: Misura) -> tuple[str, ...]:
    share = measure.quota_percento
    notes = (
        measure.nota,
        f"Quota misurata: {number(share)}% dei casi." if share is not None else "",
        f"Rimedio: {measure.rimedio}" if measure.rimedio else "",
    )
    return (
        measure.standard,
        str(year.anno),
        _number(measure.valore),
        measure.esito,
        " ".join(note for note in notes if note),
        "sì" if year.di_prova else "no",
    )


def _number(value: float | None) -> str:
    """With a point, and no decimals if it is whole."""
    return "" if value is None else f"{value:f}".rstrip("0").rstrip(".")
