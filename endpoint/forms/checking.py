"""One verdict on what a citizen wrote: the clean values, and a sentence for each field to mend.

The static form says the same with HTML attributes; a test holds the two together. Nothing here
knows where the answers come from.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from endpoint.forms.definition import Definition, Field

Values = dict[str, str | tuple[str, ...]]

# Controls and marks that turn the direction of writing: they hide what is written. The last two
# are no characters at all, and no XML (a spreadsheet) can hold them.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_BREAK = re.compile("\r\n|[\r\u2028\u2029]")
# All that is blank and not a control: what is pasted from a page is full of them.
_BLANKS = re.compile("[\t\n \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# What browsers let through, and a dot in the domain. No «:», which in a mail begins a list, and
# no «=?», which begins an encoded word: what is read there may be another address.
_EMAIL = re.compile(
    r"(?!.*=\?)[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+"
    r"[a-zA-Z0-9][a-zA-Z0-9-]{0,61}[a-zA-Z0-9]"
)
_LONGEST_EMAIL = 254  # RFC 5321
_PHONE = re.compile("[+(]{0,2}[0-9][0-9 ./()\u2010-\u2013-]*")
_NUMBER = re.compile(r"-?[0-9]{1,12}([.,][0-9]{1,4})?")
_OLDEST = date(1900, 1, 1)
_FEWEST_DIGITS, _MOST_DIGITS = 5, 15  # 15: ITU-T E.164


@dataclass(frozen=True, slots=True)
class Error:
    """What is wrong with a field, in the words of the form."""

    campo: str
    frase: str


def check(
    form: Definition, answers: Mapping[str, tuple[str, ...]], today: date
) -> tuple[Values, list[Error]]:
    """The values of every field that holds, as text or choices, and the errors in form order.

    A value is kept as it was written also where it is wrong, so that nothing has to be typed
    twice. Names that the form does not have are left to the caller. A field whose condition does
    not hold has no value.
    """
    values: Values = {}
    errors: list[Error] = []
    for field in form.campi:
        if not is_asked(field, values):
            continue
        many_lines = field.tipo == "testo_lungo"
        given = tuple(clean(text, many_lines) for text in answers.get(field.id, ()))
        kept = tuple(text for text in given if text)
        if field.tipo == "scelta_multipla":
            values[field.id] = tuple(dict.fromkeys(kept))
        else:
            values[field.id] = kept[0] if kept else ""
        # A field sent twice is an error even where one of the two is empty.
        is_repeated = len(given) > 1 and field.tipo != "scelta_multipla"
        if sentence := _shape(field) if is_repeated else _wrong(field, kept, today):
            errors.append(Error(field.id, sentence))
    return values, errors


def is_asked(field: Field, values: Mapping[str, str | tuple[str, ...]]) -> bool:
    """Whether the field's condition holds for the values of the fields before it."""
    if not field.se:
        return True
    value = values.get(field.se.campo, "")
    return field.se.valore in (value if isinstance(value, tuple) else (value,))


def clean(text: str, many_lines: bool) -> str:
    """The text in NFC, with line feeds alone and without blanks at its ends.

    A field of one line has plain blanks alone. Marks of byte order are dropped: nobody could see
    them to take them away. Cleaning twice changes nothing more.
    """
    text = _BREAK.sub("\n", text.replace("\ufeff", ""))
    text = unicodedata.normalize("NFC", text)
    if not many_lines:
        text = _BLANKS.sub(" ", text)
    return text.strip()


def length(text: str) -> int:
    """The length that `maxlength` limits in a browser: UTF-16 code units, a line feed as one."""
    return len(text.encode("utf-16-le")) // 2


def is_plain(text: str) -> bool:
    """Whether nothing in the text hides or turns what is written."""
    return not _HIDDEN.search(text)


def _wrong(field: Field, given: tuple[str, ...], today: date) -> str:
    """The sentence that tells what to mend; empty if nothing is wrong."""
    if not given:
        return (field.mancante or f"Manca: {field.etichetta}.") if field.obbligatorio else ""
    if any(length(text) > field.lunghezza_max for text in given):
        limit = f"Il testo è troppo lungo: al massimo {field.lunghezza_max} caratteri."
        return field.lunghezza or limit
    if not all(map(is_plain, given)):
        return "Il testo contiene caratteri invisibili: cancellalo e scrivilo di nuovo."
    return "" if all(_fits(field, text, today) for text in given) else _shape(field)


def _shape(field: Field) -> str:
    return field.formato or f"Controlla come hai scritto: {field.etichetta}."


def _fits(field: Field, text: str, today: date) -> bool:
    if field.opzioni:
        return text in field.label_of
    match field.tipo:
        case "data":
            day = read_date(text)
            return day is not None and _OLDEST <= day <= today
        case "email":
            return is_email(text)
        case "telefono":
            digits = sum(character.isdigit() for character in text)
            return bool(_PHONE.fullmatch(text)) and _FEWEST_DIGITS <= digits <= _MOST_DIGITS
        case "numero":
            return bool(_NUMBER.fullmatch(text))
    return True


def is_email(text: str) -> bool:
    """Whether the text is one e-mail address that can be written to, and nothing else."""
    return bool(_EMAIL.fullmatch(text)) and len(text) <= _LONGEST_EMAIL


def read_date(text: str) -> date | None:
    """The day in «2026-11-21» (what browsers send) or «21/11/2026» (what people write)."""
    if match := re.fullmatch(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})", text):
        text = f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
    # fromisoformat alone takes weeks too («2026-W47-6»).
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
