"""All the files under `/dati/`: each writer yields its own, and says what they are."""

from collections.abc import Callable, Iterator
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


def open_data(source: Source, write: Callable[[str, str], object]) -> OpenData:
    """Draw every file, give each to `write` as (address, text), and say what they all are.

    One after the other: of a large body all at once are hundreds of megabytes. The same content
    gives the same texts.
    """
    sizes: dict[str, int] = {}

    def keep(files: Iterator[tuple[str, str]]) -> None:
        for address, text in files:
            sizes[address] = len(text.encode())
            write(address, text)

    for writer in WRITERS:
        keep(writer.files(source))
    told = all_datasets(source)
    # The catalogue tells of all the others, so it is drawn after them.
    keep(dcat.files(source, OpenData(told, sizes)))
    return OpenData((*told, *dcat.datasets(source)), sizes)


def data_files(catalog: Catalog, site_url: str = "") -> dict[str, str]:
    """The exports of a small body, by address from the root of the site."""
    files: dict[str, str] = {}
    open_data(Source(public(catalog), site_url), files.__setitem__)
    return files
