"""The numbers of a year: of its own year, and with none that can be worked out from the others."""

from collections.abc import Iterator
from datetime import date

from site_builder.catalog import Catalog
from site_builder.rules.registry import Finding, rule

_AGAIN = "Rifai il file con «carta-endpoint statistiche»: non si corregge a mano."


@rule("numero-ricavabile", "errore")
def hidden_numbers_stay_hidden(catalog: Catalog, today: date) -> Iterator[Finding]:
    """No total may tell a hidden number: the rule of the endpoint, which wrote the file."""
    for figures in catalog.figures:
        document = catalog.documents["figures"][figures.id]
        for path, table in figures.iter_tables():
            if table.tells_too_much:
                yield Finding(
                    document, path,
                    f"Nella tabella «{table.titolo}» un numero nascosto si ricava dal totale.",
                    _AGAIN,
                )  # fmt: skip


@rule("anno-non-finito", "errore")
def years_are_over(catalog: Catalog, today: date) -> Iterator[Finding]:
    """Two editions of one year, subtracted, tell what each hides: it is told when it is over."""
    for figures in catalog.figures:
        document = catalog.documents["figures"][figures.id]
        if figures.id != f"{figures.anno}-reclami":
            yield Finding(
                document, ("anno",),
                f"L'anno è {figures.anno}, ma il file si chiama «{figures.id}».", _AGAIN,
            )  # fmt: skip
        elif figures.aggiornato_il and figures.aggiornato_il.year <= figures.anno:
            yield Finding(
                document, ("aggiornato_il",),
                f"Questi numeri sono di prima che il {figures.anno} finisse.", _AGAIN,
            )  # fmt: skip
