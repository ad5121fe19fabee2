"""What a new body still has to fill in: the marks that `carta init` leaves, and the first sheet."""

from collections.abc import Iterator
from datetime import date

from site_builder.catalog import Catalog
from site_builder.placeholders import MARK, NO_CAP, NO_ISTAT, NO_PROVINCE
from site_builder.pointers import iter_leaves
from site_builder.rules.registry import Finding, iter_documents, rule

_FROM_DOCUMENT = "Scrivi il dato vero, preso dal documento, e togli il segnaposto."


@rule("segnaposto", "avvertenza")
def marks_are_filled_in(catalog: Catalog, today: date) -> Iterator[Finding]:
    """A mark stands where a fact is missing, and everybody can read it."""
    for document in iter_documents(catalog):
        for path, value in (*iter_leaves(document.data), ((), document.text)):
            if isinstance(value, str) and MARK in value:
                missing = value.partition(MARK)[2].strip().split("\n")[0].rstrip(".")
                said = f"Da scrivere: «{missing[:120]}»." if missing else "C'è un dato da scrivere."
                yield Finding(document, path, said, _FROM_DOCUMENT)


@rule("segnaposto-comune", "avvertenza")
def comuni_have_their_codes(catalog: Catalog, today: date) -> Iterator[Finding]:
    """Codes of zeros hold the place of those that nobody gave."""
    carta = catalog.documents["carta"]["carta"]
    for index, comune in enumerate(catalog.carta.comuni):
        codes = (
            ("cap", "il CAP", NO_CAP in comune.cap),
            ("istat", "il codice ISTAT", comune.istat == NO_ISTAT),
            ("provincia", "la provincia", comune.provincia == NO_PROVINCE),
        )
        for field, name, is_missing in codes:
            if is_missing:
                said = f"Di {comune.nome} manca {name}: quello scritto è un segnaposto."
                yield Finding(carta, ("comuni", index, field), said,
                              "Prendilo dagli elenchi ufficiali dei Comuni.")  # fmt: skip


@rule("nessuna-scheda", "avvertenza")
def there_are_sheets(catalog: Catalog, today: date) -> Iterator[Finding]:
    """A Carta without a single service tells citizens nothing."""
    if not catalog.known["services"]:
        yield Finding(
            catalog.documents["areas"]["areas"], ("aree",), "Non c'è ancora nessuna scheda.",
            "Prepara la prima con «carta new servizio ID», per esempio ID = asilo-nido.",
        )  # fmt: skip
