"""Where a record stands: its file, its page, who answers for it, how much depends on it."""

from collections.abc import Iterator
from dataclasses import dataclass

from site_builder.catalog import Catalog
from site_builder.documents import SINGLE_KINDS
from site_builder.model import Contact, Service

# Where the page of a record of each kind stands, from the root of the site.
_PAGES = {
    "services": "servizi/{}/", "contacts": "uffici/{}/", "providers": "enti-gestori/#{}",
    "standards": "standard/", "results": "standard/", "figures": "reclami/",
    "forms": "moduli/{}/", "notices": "avvisi/{}/", "pages": "{}/", "carta": "questa-carta/",
    "areas": "servizi/", "glossary": "glossario/", "without-sheet": "senza-scheda/",
    "editions": "archivio/",
}  # fmt: skip
NOUNS = {
    "services": ("scheda", "schede"), "contacts": ("contatto", "contatti"),
    "providers": ("ente gestore", "enti gestori"), "standards": ("standard", "standard"),
    "forms": ("modulo", "moduli"), "notices": ("avviso", "avvisi"), "pages": ("pagina", "pagine"),
    "results": ("anno di risultati", "anni di risultati"), "carta": ("Carta", "Carta"),
    "figures": ("anno di reclami", "anni di reclami"), "areas": ("file delle aree", "aree"),
    "glossary": ("glossario", "glossario"), "without-sheet": ("elenco", "elenchi"),
    "editions": ("edizione in archivio", "edizioni in archivio"),
}  # fmt: skip

# Whom a record speaks to, where it is about violence: never two of them in one block.
SIDES = ("", "vittime", "autori")


@dataclass(frozen=True, slots=True)
class Place:
    """A record for people: `file` from the folder of the body, `page` from the root of the site."""

    kind: str
    id: str
    title: str
    file: str
    page: str


def place(catalog: Catalog, kind: str, id: str) -> Place:
    """Where the record stands."""
    record = catalog.records[kind][id]
    named = ("nome", "titolo", "title")
    title = next((text for name in named if (text := getattr(record, name, ""))), "")
    document = catalog.documents.get(kind, {}).get(id)
    folder = f"{id}.yml" if kind in SINGLE_KINDS else f"{kind}/{id}.yml"
    file = document.path if document else f"content/{folder}"
    return Place(kind, id, title or _untitled(kind, id), file, _page(kind, id))


def sheets(catalog: Catalog, kind: str, id: str) -> list[Service]:
    """The sheets that show the record, or that it is about; a sheet shows itself."""
    every = catalog.services.values()
    match kind:
        case "services":
            return [catalog.services[id]]
        case "contacts":
            return catalog.services_by_contact.get(id, [])
        case "providers":
            return [sheet for sheet in every if id in sheet.gestore.enti]
        case "forms":
            return [sheet for sheet in every if id in sheet.moduli]
        case "standards" | "notices":
            return [catalog.services[name] for name in catalog.records[kind][id].servizi]
        case _:
            return []


def is_everywhere(catalog: Catalog, kind: str, id: str) -> bool:
    """Whether every page shows the record: the emergency numbers stand at the head of each."""
    emergencies = {item.contatto for item in catalog.carta.emergenze}
    return kind == "contacts" and id in emergencies


def pages(catalog: Catalog, kind: str, id: str) -> int:
    """How many pages are wrong if the record is, its own included (the heads of pages are not)."""
    own = {_page(kind, id)} | {f"servizi/{sheet.id}/" for sheet in sheets(catalog, kind, id)}
    if kind == "contacts" and catalog.contacts[id].comune in catalog.comuni:
        own.add(f"comuni/{catalog.contacts[id].comune}/")
    return len(own)


def reach(catalog: Catalog, kind: str, id: str) -> str:
    """How much depends on the record, in words."""
    if is_everywhere(catalog, kind, id):
        return "compare in ogni pagina"
    count = len(sheets(catalog, kind, id))
    if kind == "services" or not count:
        return ""
    return f"compare in {count} {'scheda' if count == 1 else 'schede'}"


def who(catalog: Catalog, kind: str, id: str) -> str:
    """Whom to ask about the record: a name, and a telephone or mailbox where one is known."""
    responsible = getattr(catalog.records[kind][id], "responsabile", "")
    for contact in _contacts(catalog, kind, id):
        if reached := _reached(contact):
            named = f"{responsible}, {contact.nome}" if responsible else contact.nome
            return f"{named} ({reached})"
    return responsible or catalog.carta.ente.nome


def side(catalog: Catalog, kind: str, id: str) -> str:
    """Of whom a record about violence speaks, or its contacts do: `vittime` or `autori`."""
    named = {contact.violenza for contact in _own_contacts(catalog, kind, id)}
    return next((side for side in ("autori", "vittime") if side in named), "")


def _contacts(catalog: Catalog, kind: str, id: str) -> Iterator[Contact]:
    """Who may answer, the nearest first; the seat of the body always comes last."""
    yield from _own_contacts(catalog, kind, id)
    if kind == "services":
        yield from catalog.desks(catalog.services[id])
    if seat := catalog.contacts.get(catalog.carta.ente.sede):
        yield seat


def _own_contacts(catalog: Catalog, kind: str, id: str) -> list[Contact]:
    record = catalog.records[kind][id]
    names: tuple[str, ...] = (id,) if kind == "contacts" else getattr(record, "contatti", ())
    return [catalog.contacts[name] for name in names]


def _reached(contact: Contact) -> str:
    if contact.telefoni:
        return f"tel. {contact.telefoni[0].numero}"
    open_boxes = (box.indirizzo for box in contact.email if not box.nominativa)
    return next(open_boxes, "") or next(iter(contact.pec), "")


def _page(kind: str, id: str) -> str:
    return "" if (kind, id) == ("pages", "index") else _PAGES[kind].format(id)


def _untitled(kind: str, id: str) -> str:
    noun = NOUNS[kind][0]
    return noun[:1].upper() + noun[1:] if id == kind else f"{noun.capitalize()} {id}"
