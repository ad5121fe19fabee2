"""The menu and the foot of the site: the same few entries everywhere, whatever the content's size.

The hooks are those of the national model for municipal sites, for who checks sites against it.
"""

from typing import NamedTuple

from site_builder.catalog import Catalog


class Entry(NamedTuple):
    """A link of the frame: its `data-element`, what it says, its address from the root."""

    hook: str
    title: str
    address: str


MENU = (
    Entry("all-services", "Servizi", "servizi/"),
    Entry("live", "Vivere l'Ambito", "comuni/"),
    Entry("news", "Novità", "avvisi/"),
    Entry("management", "Amministrazione", "uffici/"),
    Entry("custom-submenu", "Carta dei Servizi", "questa-carta/"),
    Entry("custom-submenu", "Reclami", "reclami/"),
)
_LEGAL = {
    "note-legali": "legal-notes",
    "privacy": "privacy-policy-link",
    "accessibilita": "accessibility-link",
}
LISTS = {
    "costi": ("Servizi gratuiti e a pagamento", "costi/"),
    "uffici": ("Uffici e contatti", "uffici/"),
    "enti-gestori": ("Chi gestisce i servizi", "enti-gestori/"),
    "standard": ("Standard di qualità", "standard/"),
    "reclami": ("Reclami", "reclami/"),
    "moduli": ("Moduli", "moduli/"),
    "questionario": ("Questionario", "moduli/questionario/"),
    "glossario": ("Glossario", "glossario/"),
    "senza-scheda": ("Servizi senza scheda", "senza-scheda/"),
}


def legal_pages(catalog: Catalog) -> list[Entry]:
    """The legal pages that the body has written, for the foot of the page."""
    return [
        Entry(hook, catalog.pages[id].title, f"{id}/")
        for id, hook in _LEGAL.items()
        if id in catalog.pages
    ]


def chapters(catalog: Catalog) -> list[tuple[str, str]]:
    """(title, address) of the chapters of the Carta, in its order."""
    found = []
    for chapter in catalog.carta.capitoli:
        if chapter.pagina:
            found.append((catalog.pages[chapter.pagina].title, f"{chapter.pagina}/"))
        elif chapter.area:
            found.append((catalog.areas[chapter.area].titolo, f"aree/{chapter.area}/"))
        else:
            found.append(LISTS[chapter.elenco])
    return found
