"""The menu: few entries, areas but not sheets, so that no page grows with their number."""

from typing import Any

from site_builder.catalog import Catalog

_LISTS = {
    "costi": "costi/index.md",
    "uffici": "uffici/index.md",
    "enti-gestori": "enti-gestori/index.md",
    "standard": "standard/index.md",
    "reclami": "reclami/index.md",
    "moduli": "moduli/index.md",
    "questionario": "moduli/questionario.md",
    "glossario": "glossario/index.md",
    "senza-scheda": "senza-scheda/index.md",
}
_LEGAL = ("note-legali", "privacy", "accessibilita")


def menu(catalog: Catalog) -> list[dict[str, Any]]:
    """The menu as the generator wants it: titles and source uris, nested lists for sections."""
    areas = [{area.nome: f"aree/{area.id}.md"} for area in catalog.areas.values()]
    comuni = [{comune.nome: f"comuni/{comune.id}.md"} for comune in catalog.comuni.values()]
    written = [
        {catalog.pages[chapter.pagina].title: f"{chapter.pagina}.md"}
        for chapter in catalog.carta.capitoli
        if chapter.pagina
    ]
    lists = [
        _LISTS[chapter.elenco]
        for chapter in catalog.carta.capitoli
        if chapter.elenco and chapter.elenco not in ("uffici", "reclami")
    ]
    return [
        {"Home": "index.md"},
        {"Cerca": "cerca/index.md"},
        {"Servizi": ["servizi/index.md", *areas]},
        {"Comuni": ["comuni/index.md", *comuni]},
        {"Uffici e contatti": "uffici/index.md"},
        {"Avvisi": "avvisi/index.md"},
        {"Reclami": "reclami/index.md"},
        {"La Carta": ["questa-carta/index.md", *written, *lists]},
    ]


def legal_pages(catalog: Catalog) -> list[tuple[str, str]]:
    """(address, title) of the legal pages that the body has written, for the foot of the page."""
    return [(f"{id}/", catalog.pages[id].title) for id in _LEGAL if id in catalog.pages]
