"""`carta export data`: the files of `/dati/`, in a folder."""

from collections.abc import Iterator
from pathlib import Path

from site_builder.italian import file_size
from site_builder.opendata.datasets import OpenData
from site_builder.opendata.files import open_data
from site_builder.opendata.source import Source
from site_builder.writing import write_text


def write_data(source: Source, folder: Path) -> OpenData:
    """Write every file. Nothing that lies in the folder is taken away."""
    return open_data(source, lambda address, text: write_text(folder / _name(address), text))


def told(data: OpenData, folder: Path) -> Iterator[str]:
    """What to tell of it: a line for each file that the site offers, then of all."""
    for dataset in data.datasets:
        for item in dataset.distributions:
            if size := data.sizes.get(item.address):
                written = folder / _name(item.address)
                yield f"Scritto {written} ({file_size(size)}): {dataset.title}."
    yield f"In tutto {len(data.sizes)} file, {file_size(sum(data.sizes.values()))}, in {folder}."


def remarks(source: Source, data: OpenData, folder: Path) -> Iterator[str]:
    """What staff should know of an export once it is written: what it lacks, what is left over."""
    if not source.site_url:
        yield (
            "Manca l'indirizzo del sito: quando ci sarà, cambieranno gli «uuid». Scrivilo in "
            "mkdocs.yml, alla voce «site_url», o dopo --indirizzo."
        )
    if not source.catalog.carta.licenza:
        yield (
            "Manca la licenza, senza la quale nessuno sa se può usare i dati: scrivila in "
            "content/carta.yml, alla voce «licenza»."
        )
    known = {folder / _name(address) for address in data.sizes}
    sorts = {path.suffix for path in known}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path not in known and path.suffix in sorts:
            yield f"«{path}» non fa parte dei dati di oggi: se è rimasto da prima, toglilo."


def _name(address: str) -> str:
    return address.removeprefix("dati/")
