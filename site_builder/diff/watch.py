"""What to look at twice: where a wrong figure can cost most."""

from collections.abc import Iterable, Iterator
from typing import Any

from site_builder.catalog import Catalog
from site_builder.diff.compare import RecordChange
from site_builder.diff.places import is_emergency
from site_builder.model import Contact, Service

# Fields of carta.yml that stand on pages where people look for help at once.
_URGENT = {"emergenze", "uscita_rapida"}
# What only staff reads, or what no citizen acts on.
_QUIET = {
    "fonte", "altre_fonti", "revisione", "aggiornato_il", "verificato_il", "verifica_ogni_mesi",
    "da_verificare", "parole_chiave", "solo_ricerca",
}  # fmt: skip


def reasons(change: RecordChange, old: Catalog, new: Catalog) -> Iterator[str]:
    """Why a change is to be looked at twice; nothing if it is not."""
    keys = {item.path[0] for item in change.changes if not item.moved}
    if change.kind == "carta" and keys & _URGENT:
        yield "cambia ciò che si legge in caso di pericolo (numeri di emergenza, uscita rapida)"
    if not (keys - _QUIET or change.old is None or change.new is None):
        return
    sides = [side for side in (change.old, change.new) if side]
    ids = [id for id in (change.id, change.old_id) if id]
    if any(is_emergency(side, change.kind, id) for side in (old, new) for id in ids):
        yield "è fra i numeri di emergenza, che stanno su ogni pagina"
    contacts = [side for side in sides if isinstance(side, Contact)]
    whole = change.old is None or change.new is None
    if any(map(_day_and_night, contacts)) and (keys & {"telefoni", "orari"} or whole):
        yield "c'è un telefono che risponde 24 ore su 24, o quando gli uffici sono chiusi"
    yield from _delicate(sides, keys)


def _day_and_night(contact: Contact) -> bool:
    return any(phone.h24 for phone in contact.telefoni) or _always(contact.orari)


def _always(hours: Iterable[Any]) -> bool:
    return any(slot.sempre_aperto or slot.fuori_orario for slot in hours)


def _delicate(sides: list[Any], keys: set[str | int]) -> Iterator[str]:
    """What protects who is in danger."""
    contacts = [side for side in sides if isinstance(side, Contact)]
    if any(contact.riservata for contact in contacts):
        yield "è una sede riservata: niente deve dire dove si trova"
    elif any(contact.violenza == "vittime" for contact in contacts):
        yield "chi chiama può essere in pericolo"
    if any(side.emergenza for side in sides if isinstance(side, Contact | Service)):
        yield "serve nelle emergenze"
    if "violenza" in keys:
        yield "cambia la protezione della pagina (titolo neutro, uscita rapida)"
    elif any(side.violenza for side in sides if isinstance(side, Service)):
        yield "è una scheda sulla violenza"
