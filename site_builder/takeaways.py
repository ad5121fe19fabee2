"""What a page may offer to keep in a phone: a card, opening hours, deadlines.

Nothing of a delicate page: in the phone of whoever suffers violence such a file tells on her. What
is offered here is written by `opendata`.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from site_builder.catalog import Catalog
from site_builder.model import Contact, Notice
from site_builder.safety import neutral_title

DEADLINES = "dati/avvisi.ics"
CARD, CALENDAR = "text/vcard", "text/calendar"


@dataclass(frozen=True, slots=True)
class Takeaway:
    """A file to keep: its address from the root of the site, its type, what the link says."""

    address: str
    media_type: str
    label: str


def card_address(contact: Contact) -> str:
    """Where the card of an office stands, from the root of the site."""
    return f"dati/uffici/{contact.id}.vcf"


def hours_address(contact: Contact) -> str:
    """Where the calendar of its hours stands."""
    return f"dati/uffici/{contact.id}.ics"


def of_office(contact: Contact, catalog: Catalog, files: Collection[str]) -> Iterator[Takeaway]:
    """What the page of an office offers, of the `files` that there are."""
    if neutral_title(contact, catalog):
        return
    label = "Salva nella rubrica del telefono (.vcf)"
    # A name alone is not worth keeping.
    if contact.telefoni or contact.email or contact.pec or contact.indirizzo:
        yield from _there(files, card_address(contact), CARD, label)
    label = "Salva gli orari nel calendario (.ics)"
    yield from _there(files, hours_address(contact), CALENDAR, label)


def of_notice(notice: Notice, catalog: Catalog, files: Collection[str]) -> Iterator[Takeaway]:
    """What the page of a notice offers."""
    if has_deadline(notice, catalog):
        label = "Salva nel calendario le scadenze degli avvisi (.ics)"
        yield from _there(files, DEADLINES, CALENDAR, label)


def has_deadline(notice: Notice, catalog: Catalog) -> bool:
    """Whether its days stand in the calendar of deadlines, which many may keep in a phone."""
    return bool(notice.apre_il or notice.chiude_il) and not neutral_title(notice, catalog)


def _there(files: Collection[str], address: str, kind: str, label: str) -> Iterator[Takeaway]:
    if address in files:
        yield Takeaway(address, kind, label)
