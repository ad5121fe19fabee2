"""Where a record appears: on which sheets, Comune pages, printed leaves; and which pages change."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from site_builder.catalog import Catalog
from site_builder.diff.compare import RecordChange
from site_builder.pages import SitePage, iter_pages
from site_builder.pointers import named_in
from site_builder.printing.parts import Part, iter_parts

# On their leaf stands everything: it tells nothing of one record.
_OF_ALL = "indice"


@dataclass(frozen=True, slots=True)
class Places:
    """Names of sheets and of Comuni, codes of leaves; `everywhere` if it stands on every page."""

    sheets: tuple[str, ...] = ()
    comuni: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    everywhere: bool = False


class Drawn:
    """One state of the content with what is drawn from it, each thing once.

    `sound` if its content has no error: with one, pages and leaves may not be drawn.
    """

    def __init__(self, catalog: Catalog, sound: bool) -> None:
        self.catalog = catalog
        self.sound = sound

    @cached_property
    def parts(self) -> list[Part]:
        return list(iter_parts(self.catalog)) if self.sound else []

    @cached_property
    def pages(self) -> dict[str, SitePage]:
        day = self.catalog.day or date.min
        drawn = iter_pages(self.catalog, day) if self.sound else ()
        return {page.url: page for page in drawn}

    @cached_property
    def named(self) -> dict[tuple[str, str], list[str]]:
        """The sheets that name each thing."""
        found: dict[tuple[str, str], dict[str, None]] = {}
        for sheet in self.catalog.services.values():
            data = self.catalog.documents["services"][sheet.id].data
            for thing in named_in("services", data):
                found.setdefault(thing, {})[sheet.id] = None
        for id, sheets in self.catalog.services_by_contact.items():
            found.setdefault(("contacts", id), {}).update((sheet.id, None) for sheet in sheets)
        return {thing: list(sheets) for thing, sheets in found.items()}


def places_of(change: RecordChange, old: Drawn, new: Drawn) -> Places:
    """Where a record stood or stands; of the leaves those that look different."""
    sheets: dict[str, None] = {}
    comuni: dict[str, None] = {}
    leaves: dict[str, None] = {}
    everywhere = False
    for side, other in ((new, old), (old, new)):
        for id in filter(None, (change.id, change.old_id)):
            sheets |= dict.fromkeys(_sheets(side, change.kind, id))
            comuni |= dict.fromkeys(_comuni(side.catalog, change.kind, id))
            leaves |= dict.fromkeys(_leaves(side, other, change.kind, id))
            everywhere = everywhere or is_emergency(side.catalog, change.kind, id)
    return Places(tuple(sheets), tuple(comuni), tuple(leaves), everywhere)


def is_emergency(catalog: Catalog, kind: str, id: str) -> bool:
    """Whether it is one of the numbers that stand on every page."""
    return kind == "contacts" and id in {item.contatto for item in catalog.carta.emergenze}


def changed_pages(old: Drawn, new: Drawn) -> dict[str, list[SitePage]]:
    """The pages that do not look as they did, or are new or gone, by what they are.

    Pages below another are told by the title of that one; the rest stand under no name.
    """
    both = {**old.pages, **new.pages}
    found: dict[str, list[SitePage]] = {}
    for url, page in both.items():
        if _look(old, url) != _look(new, url):
            above = both.get(url.partition("/")[0] + "/")
            is_below = above is not None and above.url != url
            found.setdefault(above.title if above and is_below else "", []).append(page)
    return found


def _look(side: Drawn, url: str) -> tuple[str, ...] | None:
    page = side.pages.get(url)
    return (page.title, page.description, page.body) if page else None


def _sheets(side: Drawn, kind: str, id: str) -> Iterator[str]:
    """The names of the sheets that name the record, or that it names."""
    if kind == "services":
        return
    services = side.catalog.services
    own = side.catalog.documents[kind].get(id) if kind in ("standards", "notices") else None
    named = [i for target, i in named_in(kind, own.data) if target == "services"] if own else []
    for sheet in dict.fromkeys((*side.named.get((kind, id), ()), *named)):
        if sheet in services:
            yield services[sheet].nome


def _comuni(catalog: Catalog, kind: str, id: str) -> Iterator[str]:
    """The Comuni on whose page a contact stands."""
    contact = catalog.contacts.get(id) if kind == "contacts" else None
    if contact and contact.comune in catalog.comuni:
        yield catalog.comuni[contact.comune].nome


def _leaves(side: Drawn, other: Drawn, kind: str, id: str) -> Iterator[str]:
    """The codes of the leaves with its text that the other side has not like that."""
    record = side.catalog.records[kind].get(id)
    known = {part.address: part.html for part in other.parts}
    for part in side.parts:
        shown = part.kind != _OF_ALL and any(item is record for item in part.records)
        if shown and known.get(part.address) != part.html:
            yield part.code
