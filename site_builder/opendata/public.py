"""What may leave the house as data: the Catalog without what only our own pages may show.

Every export is drawn from this Catalog, and from no other: what is not in it cannot be told.
"""

from dataclasses import replace
from typing import Any

from site_builder.catalog import Catalog
from site_builder.model import Contact, Service


def public(catalog: Catalog) -> Catalog:
    """The same Catalog without secret places, mailboxes of persons and words only for the search.

    The raw documents are not in it either: they hold all of that.
    """
    changed: dict[str, dict[str, Any]] = {
        "contacts": {id: _contact(item) for id, item in catalog.contacts.items()},
        "services": {id: _service(item) for id, item in catalog.records["services"].items()},
    }
    return Catalog({**catalog.records, **changed}, {}, catalog.known, catalog.day)


def _contact(contact: Contact) -> Contact:
    mailboxes = tuple(box for box in contact.email if not box.nominativa)
    open_to_all = replace(contact, email=mailboxes)
    if not contact.riservata:
        return open_to_all
    # The schema allows no address here; whoever weakens it must not open this door too.
    return replace(
        open_to_all,
        comune="",
        presso="",
        indirizzo=None,
        coordinate=None,
        mappa="",
        accessibilita="",
    )


def _service(sheet: Service) -> Service:
    return replace(sheet, solo_ricerca=())
