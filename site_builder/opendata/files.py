"""All the files under `/dati/`: each writer yields its own, and says what they are."""

from collections.abc import Iterator
from typing import Protocol

from site_builder.catalog import Catalog
from site_builder.opendata import calendars, cards, cpsv, dcat, hsds, osm, own, quality
from site_builder.opendata.datasets import Dataset, OpenData
from site_builder.opendata.public import public
from site_builder.opendata.source import Source


class Writer(Protocol):
    """A module of this package that draws one family of files."""

    def datasets(self, source: Source) -> Iterator[Dataset]:
        """What the files are; none where there is nothing to tell."""

    def files(self, source: Source) -> Iterator[tuple[str, str]]:
        """The files as (address from the root of the site, text)."""


# In the order in which they are shown.
WRITERS: tuple[Writer, ...] = (
    own,
    cards,
    calendars,
    osm,
    quality,
    hsds,
    cpsv,
)  # fmt: skip


def all_datasets(source: Source) -> tuple[Dataset, ...]:
    """What the writers publish, in the order in which it is shown."""
    return tuple(dataset for writer in WRITERS for dataset in writer.datasets(source))


def iter_files(source: Source) -> Iterator[tuple[str, str]]:
    """Every file, one after the other: of a large body all at once are hundreds of megabytes."""
    written: dict[str, str] = {}
    for writer in WRITERS:
        for address, text in writer.files(source):
            written[address] = ""
            yield address, text
    # The catalogue tells of all the others, so it is drawn after them.
    yield from dcat.files(source, OpenData(all_datasets(source), written))


def iter_datasets(source: Source) -> Iterator[Dataset]:
    """What all the files are, the catalogue of them included."""
    yield from all_datasets(source)
    yield from dcat.datasets(source)


def open_data(catalog: Catalog, site_url: str = "") -> OpenData:
    """The exports, drawn once. The same content gives the same texts."""
    source = Source(public(catalog), site_url)
    return OpenData(tuple(iter_datasets(source)), dict(iter_files(source)))


def data_files(catalog: Catalog, site_url: str = "") -> dict[str, str]:
    """The exports by address from the root of the site."""
    return dict(open_data(catalog, site_url).files)
