"""One line of what has changed, and the words for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from site_builder.catalog import Catalog
from site_builder.diary import Change
from site_builder.italian import listing
from site_builder.model import Contact, Notice, Service
from site_builder.safety import neutral_title
from site_builder.titles import field_title
from site_builder.upkeep.places import NOUNS, place

# In the order of one day.
ORDER = (
    "editions", "first", "notices", "services", "contacts", "forms", "standards", "results",
    "figures", "providers", "carta", "areas", "without-sheet", "pages", "glossary", "checked",
)  # fmt: skip
# How many fields are named.
_NAMED = 4
_NEW = {
    "services": "nuova scheda", "forms": "nuovo modulo", "pages": "nuova pagina",
    "results": "pubblicati", "figures": "pubblicati",
}  # fmt: skip
_NUMBERS = ("results", "figures")
# The name of a field says nothing where there is but one, or where it is the text.
_WHOLE = ("areas", "glossary", "without-sheet", "pages", *_NUMBERS)
_TITLES = {
    "carta": "La Carta nel suo insieme", "areas": "Aree dei servizi",
    "without-sheet": "Servizi senza scheda", "results": "Risultati del {}",
    "figures": "Reclami e questionari del {}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that became of the Carta on a day: «`title`: `text`».

    `address` is where to read more, from the root of the site; `names` are those of which it
    speaks, if they are many, each with its address. `discreet` is the title where that of a page
    would betray its reader; `kind` and `sort` are as in Change.
    """

    day: date
    kind: str
    id: str
    title: str
    text: str = ""
    address: str = ""
    discreet: str = ""
    names: tuple[tuple[str, str], ...] = ()
    sort: str = ""

    @property
    def anchor(self) -> str:
        """Where its day stands on the page."""
        return f"g-{self.day}"

    @property
    def link(self) -> tuple[str, str]:
        """What stands for it in the `names` of another."""
        return self.title, self.address


def about(catalog: Catalog, kind: str, id: str) -> Entry:
    """The record as an entry without a day."""
    found, record = place(catalog, kind, id), catalog.records[kind][id]
    is_delicate = isinstance(record, Service | Contact | Notice)
    discreet = neutral_title(record, catalog) if is_delicate else ""
    title = _TITLES[kind].format(id[:4]) if kind in _TITLES else found.title
    return Entry(date.min, kind, id, title, "", found.page, discreet)


def said(catalog: Catalog, change: Change) -> str:
    """What changed, in words. Of a secret place it is not said in what."""
    if change.sort == "nuovo":
        return _NEW.get(change.kind, "nuovo in questa Carta")
    record = catalog.records[change.kind][change.id]
    if change.kind in _WHOLE or (isinstance(record, Contact) and record.riservata):
        return whole_text(change.kind)
    names = [f"«{field_title(change.kind, (key,))}»" for key in change.fields]
    if len(names) == 1:
        return f"è cambiata la voce {names[0]}"
    if len(names) <= _NAMED:
        return f"sono cambiate le voci {listing(names)}"
    return f"sono cambiate {len(names)} voci, fra cui {listing(names[: _NAMED - 1])}"


def whole_text(kind: str) -> str:
    """What is said where no field is named."""
    return "numeri aggiornati" if kind in _NUMBERS else "testo aggiornato"


def gone(change: Change) -> Entry:
    """What is no longer there, by its last name if that may be said."""
    noun = NOUNS[change.kind][0]
    title = change.title or noun.capitalize()
    text = f"{noun} che non c'è più" if change.title else "non c'è più"
    return Entry(change.day, change.kind, change.id, title, text, sort="tolto")


def counted(stock: Mapping[str, int]) -> str:
    """«37 schede e 38 contatti»: what can be counted."""
    kinds = (kind for kind in ORDER if kind in stock and kind not in (*_WHOLE, "carta"))
    return listing([count(kind, stock[kind]) for kind in kinds])


def count(kind: str, number: int) -> str:
    """«37 schede»."""
    return f"{number} {NOUNS[kind][number != 1]}"
