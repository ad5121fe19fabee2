"""Names point to things that exist, each thing has one name, and nothing lies about unused."""

import difflib
from collections.abc import Iterator
from datetime import date

from site_builder.catalog import Catalog
from site_builder.pointers import REFERENCES, iter_leaves, shape, target_of
from site_builder.rules.registry import Finding, iter_documents, rule

# Name of the thing, and where such things are written.
_TARGETS = {
    "areas": ("L'area", "content/areas.yml"),
    "gruppi": ("Il gruppo", "content/carta.yml, voce «gruppi»"),
    "comuni": ("Il Comune", "content/carta.yml, voce «comuni»"),
    "reti": ("La rete", "content/carta.yml, voce «reti»"),
    "contacts": ("Il contatto", "content/contacts/"),
    "providers": ("L'ente gestore", "content/providers/"),
    "forms": ("Il modulo", "content/forms/"),
    "services": ("La scheda", "content/services/"),
    "aree_qualita": ("L'area della qualità", "content/carta.yml, voce «aree_qualita»"),
    "fasce": ("La fascia", "content/carta.yml, voce «fasce_di_accesso»"),
    "standard": ("Lo standard", "content/standards/ e nelle schede"),
    "trattamenti": ("Il trattamento", "content/carta.yml, voce «trattamenti»"),
    "pages": ("La pagina", "content/pages/"),
    "documenti": ("Il documento", "content/carta.yml, voce «documenti»"),
}


@rule("riferimento-inesistente", "errore")
def references_resolve(catalog: Catalog, today: date) -> Iterator[Finding]:
    """Every id named in a document must be the id of something."""
    known = _known(catalog)
    for document in iter_documents(catalog):
        for path, value in iter_leaves(document.data):
            target = target_of(document.kind, path)
            if target and value is not False and value not in known[target]:
                noun, where = _TARGETS[target]
                near = difflib.get_close_matches(str(value), known[target], n=1)
                maybe = f"Forse «{near[0]}»? " if near else ""
                yield Finding(
                    document, path, f"{noun} «{value}» non esiste.", f"{maybe}Sono in {where}."
                )


def _known(catalog: Catalog) -> dict[str, frozenset[str]]:
    carta = catalog.carta
    bands = carta.fasce_di_accesso
    standards = {s.id for service in catalog.services.values() for s in service.standard}
    return {
        **catalog.known,
        "areas": frozenset(catalog.areas),
        "gruppi": frozenset(gruppo.id for gruppo in carta.gruppi),
        "comuni": frozenset(catalog.comuni),
        "reti": frozenset(rete.id for rete in carta.reti),
        "fasce": frozenset(f.id for f in bands.fasce) if bands else frozenset(),
        "aree_qualita": frozenset(area.id for area in carta.aree_qualita),
        "standard": frozenset(standards | catalog.known["standards"]),
        "trattamenti": frozenset(t.id for t in carta.trattamenti),
        "documenti": frozenset(documento.id for documento in carta.documenti),
    }


@rule("nome-file", "errore")
def ids_are_file_names(catalog: Catalog, today: date) -> Iterator[Finding]:
    """The id must equal the name of the file."""
    for document in iter_documents(catalog):
        found = document.data.get("id", document.stem)
        if str(found) != document.stem:
            yield Finding(
                document, ("id",),
                f"L'id «{found}» è diverso dal nome del file «{document.stem}».",
                f"Scrivi «id: {document.stem}» oppure cambia nome al file in «{found}.yml».",
            )  # fmt: skip


@rule("id-doppio", "errore")
def ids_are_unique(catalog: Catalog, today: date) -> Iterator[Finding]:
    """Inside one list, and among all standards, an id may occur once."""
    standards: dict[str, str] = {}
    for document in iter_documents(catalog):
        seen: set[str] = set()
        for path, value in iter_leaves(document.data):
            if path[-1] != "id" or not (form := shape(path)).endswith("*.id"):
                continue
            if document.kind == "services" and form == "standard.*.id":
                taken = standards.setdefault(value, document.path) != document.path
                taken = taken or value in catalog.known["standards"]
            else:
                taken = False
            if taken or (key := f"{form}={value}") in seen:
                yield Finding(document, path, f"L'id «{value}» c'è già.", "Dagli un altro nome.")
            else:
                seen.add(key)


@rule("contatto-inutilizzato", "avvertenza")
def contacts_are_used(catalog: Catalog, today: date) -> Iterator[Finding]:
    """Every contact must be named by a sheet, a form, a provider or the Carta."""
    if any(len(catalog.known[kind]) != len(catalog.documents[kind]) for kind in catalog.known):
        return  # a broken file may be the one that uses it
    used = set(catalog.services_by_contact)
    holders = [kind for kind, targets in REFERENCES.items() if "contacts" in targets.values()]
    # A service tells by its records; a standard looks at a contact without leading to it.
    holders = [kind for kind in holders if kind not in ("services", "standards")]
    for document in iter_documents(catalog, *holders):
        targets = REFERENCES[document.kind]
        used |= {v for p, v in iter_leaves(document.data) if targets.get(shape(p)) == "contacts"}
    for contact in catalog.contacts.values():
        if contact.id not in used:
            yield Finding(
                catalog.documents["contacts"][contact.id], ("id",),
                f"Il contatto «{contact.id}» non è usato da nessuna scheda.",
                "Mettilo in «dove_rivolgersi» di una scheda, o togli il file.",
            )  # fmt: skip


@rule("sigla-ambigua", "errore")
def acronyms_have_one_meaning(catalog: Catalog, today: date) -> Iterator[Finding]:
    """An acronym with two expansions must say, for each but one, in which sheets it holds."""
    meanings: dict[str, int] = {}
    for index, voce in enumerate(catalog.glossary.voci):
        if not voce.sigla or voce.servizi:
            continue
        first = meanings.setdefault(voce.sigla, index)
        if first != index:
            yield Finding(
                catalog.documents["glossary"]["glossary"], ("voci", index, "sigla"),
                f"La sigla «{voce.sigla}» ha già un altro significato in questo glossario.",
                "Aggiungi «servizi: […]» con le schede in cui vale questo significato.",
            )  # fmt: skip
