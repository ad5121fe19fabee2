"""The amounts of a tariff as tables."""

from collections.abc import Iterable

from site_builder.catalog import Catalog
from site_builder.model import Service
from site_builder.values import Tariffa

Row = tuple[Tariffa, list[list[Tariffa]]]
Table = tuple[str, Tariffa | None, list[str], list[Row]]


def tariff_tables(catalog: Catalog, title: str, tariffs: Iterable[Tariffa]) -> list[Table]:
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


def fees_by_band(catalog: Catalog) -> list[tuple[Service, list[Table]]]:
    """The sheets with amounts that depend on the band, and these amounts as tables."""
    fees = (
        (sheet, [item for item in sheet.costo.tariffe if item.fasce])
        for sheet in catalog.services.values()
    )
    return [(sheet, tariff_tables(catalog, sheet.nome, items)) for sheet, items in fees if items]
