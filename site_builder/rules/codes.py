"""Codes of sheets and short addresses: what stands on paper leads to one thing only."""

from collections.abc import Iterator
from datetime import date

from site_builder.catalog import Catalog
from site_builder.rules.registry import Finding, rule


@rule("codice-scheda", "errore")
def sheet_codes(catalog: Catalog, today: date) -> Iterator[Finding]:
    """A sheet code must be unique and begin with the letter of the main area."""
    owners: dict[str, str] = {}
    for service in catalog.services.values():
        document = catalog.documents["services"][service.id]
        area = catalog.areas.get(service.area)
        if not service.codice:
            continue
        if area and area.lettera and service.codice[0] != area.lettera:
            yield Finding(
                document, ("codice",),
                f"Il codice «{service.codice}» non comincia con «{area.lettera}», come l'area.",
                "Cambia il codice, o l'ordine delle aree: la prima è la principale.",
            )  # fmt: skip
        owner = owners.setdefault(service.codice, service.id)
        if owner != service.id:
            yield Finding(
                document, ("codice",),
                f"Il codice «{service.codice}» è già della scheda «{owner}».",
                "Scegli il primo numero libero dell'area.",
            )  # fmt: skip


@rule("indirizzo-breve", "errore")
def short_addresses_are_unique(catalog: Catalog, today: date) -> Iterator[Finding]:
    """A name that makes a short address, in capitals or not, may not make another one.

    Codes among themselves are the matter of another rule.
    """
    owners = {sheet.codice.lower(): sheet.id for sheet in catalog.services.values() if sheet.codice}
    named = [("services", id) for id, sheet in catalog.services.items() if not sheet.codice]
    for kind, id in (*named, *(("forms", id) for id in catalog.forms)):
        if id in owners:
            yield Finding(
                catalog.documents[kind][id], ("id",),
                f"L'indirizzo breve «/s/{id}/» è già di «{owners[id]}».",
                "Dai un altro id a questo, e lo stesso nome al suo file.",
            )  # fmt: skip
        owners[id] = id
