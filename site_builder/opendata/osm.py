"""Opening hours for OpenStreetMap, ready to be copied into `opening_hours`."""

from collections.abc import Iterator

from site_builder.opendata.datasets import Dataset, Distribution
from site_builder.opendata.source import Source
from site_builder.opendata.texts import csv_text
from site_builder.osm_hours import osm_hours
from site_builder.sure_hours import in_doubt

_ADDRESS = "dati/orari-osm.csv"
_STANDARD = "https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification"


def datasets(source: Source) -> Iterator[Dataset]:
    """The table, if any hours can be said."""
    if _rows(source):
        yield Dataset(
            "orari-osm",
            "Orari per OpenStreetMap",
            "Gli orari di ogni ufficio nel formato «opening_hours» delle mappe libere. Mancano "
            "quelli da verificare e quelli che il formato non sa dire.",
            (Distribution(_ADDRESS, "text/csv", "Contatto, nome e orari.", _STANDARD),),
        )


def files(source: Source) -> Iterator[tuple[str, str]]:
    """One row for each office whose hours can be said."""
    if rows := _rows(source):
        yield _ADDRESS, csv_text([("contatto", "nome", "opening_hours"), *rows])


def _rows(source: Source) -> list[tuple[str, str, str]]:
    # A note beside the hours could change any of them.
    sure = (
        contact
        for contact in source.catalog.contacts.values()
        if not (contact.riservata or in_doubt(contact))
    )
    said = ((each, osm_hours(each.orari, each.chiusure)) for each in sure)
    return [(each.id, each.nome, hours) for each, hours in said if hours]
