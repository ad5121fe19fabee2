"""Editions: the one that holds still does, and is none of those in the archive."""

from collections.abc import Iterator
from datetime import date

from site_builder.catalog import Catalog
from site_builder.rules.registry import Finding, rule

_REPLACE = (
    "Metti in archivio l'edizione di prima con «carta archive», poi scrivi in «edizione» la "
    "versione, l'atto e le date della nuova."
)


@rule("edizione-scaduta", "avvertenza")
def the_edition_still_holds(catalog: Catalog, today: date) -> Iterator[Finding]:
    """A Carta past its last day promises what may no longer be kept."""
    last = catalog.carta.edizione.valida_al
    if last and last < today:
        yield Finding(
            catalog.documents["carta"]["carta"], ("edizione", "valida_al"),
            f"L'edizione valeva fino al {last}.",
            f"Se vale ancora, correggi la data con l'atto che la proroga. Altrimenti: {_REPLACE}",
        )  # fmt: skip


@rule("edizione-archiviata", "avvertenza")
def the_edition_is_not_of_the_past(catalog: Catalog, today: date) -> Iterator[Finding]:
    """Two texts with one name cannot be told apart by who must show what was promised."""
    version = catalog.carta.edizione.versione.strip()
    twin = next((old for old in catalog.editions.values() if old.versione.strip() == version), None)
    if version and twin:
        yield Finding(
            catalog.documents["carta"]["carta"], ("edizione", "versione"),
            f"L'edizione «{version}» è già in archivio: content/editions/{twin.id}.yml.",
            "Quando esce la nuova, scrivi in «edizione» la sua versione, l'atto e le date.",
        )  # fmt: skip


@rule("edizione-futura", "errore")
def the_archive_is_of_the_past(catalog: Catalog, today: date) -> Iterator[Finding]:
    """Nothing was put into the archive tomorrow."""
    for id, old in catalog.editions.items():
        if old.archiviata_il > today:
            yield Finding(
                catalog.documents["editions"][id], ("archiviata_il",),
                "«archiviata_il» è una data futura.", "Correggi l'anno.",
            )  # fmt: skip


@rule("edizione-sede-riservata", "errore")
def the_archive_tells_no_secret(catalog: Catalog, today: date) -> Iterator[Finding]:
    """A place may have become secret after its address was printed, and the PDF does not change."""
    reserved = [contact for contact in catalog.contacts.values() if contact.riservata]
    for id, old in catalog.editions.items():
        for contact in reserved:
            if contact.id not in old.sedi_riservate_controllate:
                yield Finding(
                    catalog.documents["editions"][id], (),
                    f"«{contact.nome}» è una sede riservata: nessuno dice di aver controllato che "
                    "il PDF di questa edizione non la indichi.",
                    "Leggi il PDF. Se non dice dove sta, aggiungi "
                    f"«{contact.id}» a «sedi_riservate_controllate». Se lo dice, togli il PDF e "
                    "questo file.",
                )  # fmt: skip
