"""Italian phone numbers and mailboxes: are they good, how to write them, how to dial them."""

import re
from functools import cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

# Public-utility numbers that the library's tables do not know (AGCOM, piano di numerazione).
_SHORT_NUMBERS = frozenset({"116117", "116006"})
# The name of a town says nothing of its mail: Certaldo, Pecetto.
_TOWN = re.compile(r"\bcomune\.(?!pec\.|cert\.)[^.]+")
_PEC_LABELS = ("pec", "legalmail", "postacert", "cert", "arubapec", "postecert")


@cache
def is_phone(number: str) -> bool:
    """Whether an Italian caller can dial the number, short numbers included."""
    if number.replace(" ", "") in _SHORT_NUMBERS:
        return True
    parsed = _parse(number)
    return parsed is not None and (
        phonenumbers.is_valid_number(parsed)
        or phonenumbers.is_valid_short_number_for_region(parsed, "IT")
    )


@cache
def national(number: str | int) -> str:
    """The number as Italians read it, in groups; what cannot be parsed is given back as it is."""
    parsed = _parse(str(number))
    if parsed is None or not phonenumbers.is_valid_number(parsed):
        return str(number)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)


@cache
def tel(number: str | int) -> str:
    """The address for a link: `tel:+390833502428`; short numbers stay short (`tel:112`)."""
    parsed = _parse(str(number))
    if parsed is None or not phonenumbers.is_valid_number(parsed):
        return "tel:" + "".join(c for c in str(number) if c.isdigit() or c == "+")
    return "tel:" + phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


def is_pec(address: str) -> bool:
    """Whether a mailbox is certified mail, judged by the labels of its domain."""
    labels = _TOWN.sub("", address.rpartition("@")[2].lower()).split(".")
    return any(label.startswith(_PEC_LABELS) or label.endswith("pec") for label in labels)


def _parse(number: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(number, "IT")
    except NumberParseException:
        return None
