"""`carta export data`: the files of `/dati/`, in a folder."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from site_builder.italian import file_size
from site_builder.opendata.files import iter_datasets, iter_files
from site_builder.opendata.source import Source
from site_builder.writing import write_whole

Sizes = Mapping[str, int]  # bytes by name in the folder


def write_data(source: Source, folder: Path) -> Sizes:
    """Write every file. Nothing that lies in the folder is taken away."""
    sizes = {}
    for address, text in iter_files(source):
        data = text.encode()
        write_whole(folder / _name(address), data)
        sizes[_name(address)] = len(data)
    return sizes


def told(source: Source, sizes: Sizes, folder: Path) -> Iterator[str]:
    """What to tell of it: a line for each file that the site offers, then of all."""
    for dataset in iter_datasets(source):
        for name in (_name(item.address) for item in dataset.distributions):
            if name in sizes:
                yield f"Scritto {folder / name} ({file_size(sizes[name])}): {dataset.title}."
    yield f"In tutto {len(sizes)} file, {file_size(sum(sizes.values()))}, in {folder}."


def remarks(source: Source, sizes: Sizes, folder: Path) -> Iterator[str]:
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
    known = {folder / name for name in sizes}
    sorts = {path.suffix for path in known}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path not in known and path.suffix in sorts:
            yield f"«{path}» non fa parte dei dati di oggi: se è rimasto da prima, toglilo."


def _name(address: str) -> str:
    return address.removeprefix("dati/")
