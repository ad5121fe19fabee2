"""What the page of the open data shows: the files, their size, how to use them, whom to ask."""

from typing import NamedTuple

from site_builder.catalog import Catalog
from site_builder.opendata.datasets import Distribution, OpenData
from site_builder.opendata.own_schema import VERSION
from site_builder.views import View

_FORMATS = {
    "application/json": "JSON",
    "application/schema+json": "JSON Schema",
    "application/ld+json": "JSON-LD",
    "application/csvm+json": "JSON",
    "text/csv": "CSV",
    "text/turtle": "Turtle",
    "text/vcard": "vCard",
    "text/calendar": "iCalendar",
    "application/atom+xml": "Atom",
}


class _File(NamedTuple):
    """A file as the page tells of it; its size in bytes is 0 where it is not known."""

    address: str
    name: str
    type: str
    format: str
    size: int
    about: str
    conforms_to: str


def data(catalog: Catalog, published: OpenData) -> View:
    """The files by dataset, and who answers for them."""
    ente = catalog.carta.ente
    office = catalog.contacts.get(str(ente.segnalazioni)) or catalog.contacts[ente.sede]
    return {
        "datasets": [
            (dataset, [_file(item, published) for item in dataset.distributions])
            for dataset in published.datasets
        ],
        "schema_version": VERSION,
        "office": office,
    }


def _file(item: Distribution, published: OpenData) -> _File:
    kind = item.media_type.partition(";")[0].strip()
    return _File(
        item.address,
        item.address.removeprefix("dati/"),
        kind,
        _FORMATS.get(kind) or item.address.rpartition(".")[2].upper(),
        published.sizes.get(item.address, 0),
        item.about,
        _specification(item.conforms_to, published),
    )


def _specification(address: str, published: OpenData) -> str:
    """Where to read what a file follows: one of ours is linked as all our files are."""
    own = f"dati/{address.partition('/dati/')[2]}"
    return f"/{own}" if own in published.sizes else address
