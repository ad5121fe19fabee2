"""All the files under `/dati/`: each writer yields its own, and says what they are."""

from collections.abc import Iterator
from typing import Protocol

from site_builder.catalog import Catalog
from site_builder.opendata.datasets import Dataset
from site_builder.opendata.public import public
from site_builder.opendata.source import Source


class Writer(Protocol):
    """A module of this package that draws one family of files."""

    def datasets(self, source: Source) -> Iterator[Dataset]:
        """What the files are; none where there is nothing to tell."""

    def files(self, source: Source) -> Iterator[tuple[str, str]]:
        """The files as (address from the root of the site, text)."""


# In the order in which they are shown.
_WRITERS: tuple[Writer, ...] = ()


def all_datasets(source: Source) -> tuple[Dataset, ...]:
    """Everything that is published, in the order in which it is shown."""
    return tuple(dataset for writer in _WRITERS for dataset in writer.datasets(source))


def data_files(catalog: Catalog, site_url: str = "") -> dict[str, str]:
    """The exports by address from the root of the site. The same content gives the same texts."""
    source = Source(public(catalog), site_url)
    return dict(file for writer in _WRITERS for file in writer.files(source))
