"""What a field that names something else may name, as people know it."""

from collections.abc import Iterable, Iterator
from typing import Any

from site_builder.catalog import Catalog

Choices = dict[str, list[dict[str, str]]]


def choices(catalog: Catalog) -> Choices:
    """For each kind of thing (the words of pointers.py) its ids, with their names."""
    carta, bands = catalog.carta, catalog.carta.fasce_di_accesso
    return {
        "areas": _named(catalog.areas.values(), "titolo"),
        "gruppi": _named(carta.gruppi, "nome"),
        "comuni": _named(carta.comuni, "nome"),
        "reti": _named(carta.reti, "nome"),
        "contacts": _sorted(_named(catalog.contacts.values(), "nome")),
        "providers": _sorted(_named(catalog.providers.values(), "nome")),
        "forms": _sorted(_named(catalog.forms.values(), "titolo")),
        "services": _sorted(_named(catalog.services.values(), "titolo")),
        "aree_qualita": _named(carta.aree_qualita, "nome"),
        "fasce": _named(bands.fasce if bands else (), "nome"),
        "standard": _named(_standards(catalog), "indicatore"),
        "trattamenti": _named(carta.trattamenti, "id"),
        "pages": _sorted([_choice(page.title, id) for id, page in catalog.pages.items()]),
        "documenti": _named(carta.documenti, "titolo"),
    }


def _standards(catalog: Catalog) -> Iterator[Any]:
    yield from catalog.standards.values()
    for service in catalog.services.values():
        yield from service.standard


def _named(things: Iterable[Any], name: str) -> list[dict[str, str]]:
    return [_choice(getattr(thing, name), thing.id) for thing in things]


def _choice(label: str, value: str) -> dict[str, str]:
    # Two desks may have one name: the id tells them apart, and is what the file says.
    return {"label": f"{label} ({value})" if label != value else label, "value": value}


def _sorted(found: list[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(found, key=lambda choice: choice["label"].casefold())
