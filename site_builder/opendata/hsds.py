"""HSDS 3.0 (Open Referral): every service whole, as JSON and as tables.

It is the data of the standard, as files; not the API, which a site without a server cannot be.
"""

import json
import re
from collections.abc import Iterator

import msgspec

from site_builder.opendata.datasets import Dataset, Distribution
from site_builder.opendata.hsds_columns import FILES, package
from site_builder.opendata.hsds_service import services
from site_builder.opendata.hsds_tables import Tables
from site_builder.opendata.source import Source
from site_builder.opendata.texts import json_text

_ROOM = "dati/hsds"
_WIDE = re.compile(r"[^\x00-\xff]")
_STANDARD = "https://github.com/openreferral/specification/tree/3.0"
_ABOUT = (
    "Le stesse schede nel formato internazionale HSDS 3.0 di Open Referral, con luoghi, telefoni, "
    "orari, costi e documenti: per chi tiene un elenco di servizi di più enti. Sono file da "
    "scaricare, senza interrogazioni. La data dell'ultima modifica porta l'ora 12 UTC di quel "
    "giorno, perché la Carta conosce solo il giorno; le ore degli orari sono quelle italiane."
)


def datasets(source: Source) -> Iterator[Dataset]:
    """What the files are."""
    if source.catalog.services:
        yield Dataset("hsds", "Servizi in formato HSDS", _ABOUT, tuple(_distributions()))


def files(source: Source) -> Iterator[tuple[str, str]]:
    """All services in one file, each in its own, and the tables with their description."""
    if not source.catalog.services:
        return
    tables, whole = Tables(), []
    for sheet, told in zip(source.catalog.services, services(source), strict=True):
        tables.add("service", told)
        whole.append(_narrow(msgspec.json.encode(told).decode()))
        yield f"{_ROOM}/services/{sheet}.json", json_text(told)
    yield f"{_ROOM}/services.json", _page(whole)
    for kind, text in tables.texts():
        yield f"{_ROOM}/tabelle/{FILES[kind][0]}", text
    yield f"{_ROOM}/tabelle/datapackage.json", json_text(package(source))


def _narrow(text: str) -> str:
    """The same JSON with «’» as an escape: one such letter would double the memory of it all."""
    return _WIDE.sub(lambda found: json.dumps(found[0])[1:-1], text)


def _page(services: list[str]) -> str:
    """The envelope of the standard for a list: one page with all; a service is one line."""
    head = {
        "total_items": len(services),
        "total_pages": 1,
        "page_number": 1,
        "size": len(services),
        "first_page": True,
        "last_page": True,
        "empty": False,
    }
    opened = json_text(head).rstrip("}\n")
    contents = ",\n".join(services)
    return f'{opened},\n "contents": [\n{contents}\n]}}\n'


def _distributions() -> Iterator[Distribution]:
    yield Distribution(
        f"{_ROOM}/services.json", "application/json",
        "Tutti i servizi, interi, uno per riga. Ogni servizio ha anche un file suo: il nome è "
        "quello della sua pagina, per esempio dati/hsds/services/nome-del-servizio.json.",
        _STANDARD,
    )  # fmt: skip
    yield Distribution(
        f"{_ROOM}/tabelle/datapackage.json", "application/json",
        "Che cosa c'è nelle tabelle: colonne, tipi e legami.",
        "https://specs.frictionlessdata.io/tabular-data-package/",
    )  # fmt: skip
    for file, about in FILES.values():
        yield Distribution(f"{_ROOM}/tabelle/{file}", "text/csv", about)
