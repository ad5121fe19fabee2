"""What a report must not repeat: it is read in public, beside the request.

The place of a reserved contact, the mailboxes of persons, the words only for the search: that they
have changed is said, what they are is not, on neither side.
"""

import re
from typing import Any

from site_builder.catalog import Catalog
from site_builder.diff.lines import steady
from site_builder.validation import load_schema
from site_builder.values import Email

PERSON = "una casella personale"
_ELSEWHERE = "(non si mostra)"
_SHORTEST = 5  # letters that can be looked for in other texts without hiding half of them
# Not forbidden by the schema, but a description of the place.
_DESCRIBES_PLACE = "accessibilita"


class Guard:
    """Knows what two states of the content keep to themselves; what one hides, both hide."""

    def __init__(self, *sides: Catalog) -> None:
        contacts = [contact for side in sides for contact in side.contacts.values()]
        self.reserved = {contact.id for contact in contacts if contact.riservata}
        self.mailboxes = {
            box.indirizzo for contact in contacts for box in contact.email if box.nominativa
        }
        self._places = {
            text for contact in contacts if contact.id in self.reserved for text in _told(contact)
        }
        secret = sorted(self.mailboxes | self._places, key=len, reverse=True)
        self._secret = re.compile("|".join(map(re.escape, secret)), re.I) if secret else None

    def hides(self, kind: str, ids: set[str], key: str) -> bool:
        """Whether the values of a field of a record, by its ids then and now, are not shown."""
        if kind == "services":
            return key == "solo_ricerca"
        return kind == "contacts" and bool(ids & self.reserved) and key in _place_fields()

    def is_person(self, box: Email) -> bool:
        return box.nominativa or box.indirizzo in self.mailboxes

    def clean(self, text: str) -> str:
        """The text on one line, without what must not be repeated wherever it stands."""
        flat = steady(text)
        return self._secret.sub(self._other, flat) if self._secret else flat

    def _other(self, match: re.Match[str]) -> str:
        return PERSON if "@" in match[0] else _ELSEWHERE


def _place_fields() -> set[str]:
    """What the schema forbids where a place is reserved, and what describes it."""
    return {*load_schema("contacts")["then"]["properties"], _DESCRIBES_PLACE}


def _told(contact: Any) -> list[str]:
    """The texts that would tell where a contact is; the name of a Comune alone is in every page."""
    address = contact.indirizzo
    texts = [contact.presso, contact.mappa, contact.accessibilita, address.via if address else ""]
    return [" ".join(text.split()) for text in texts if len(text) >= _SHORTEST]
