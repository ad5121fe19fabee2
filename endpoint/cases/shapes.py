"""Strict reading of compiled JSON: each value has its shape, no key is unknown or lacking.

A reader takes a value and where it stands («moduli.reclamo.termini[2].giorni»), and returns the
value or raises WrongShape.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

Reader = Callable[[Any, str], Any]
_MOST = 10_000


class WrongShape(ValueError):
    """A value of another shape; the message is Italian and says where and what it should be."""

    def __init__(self, where: str, wanted: str) -> None:
        super().__init__(f"«{where}» deve essere {wanted}")


@dataclass(frozen=True, slots=True)
class Optional:
    """A key that may be lacking: then its value is the one the object has by default."""

    read: Reader


def text(value: Any, where: str) -> str:
    """A text, also empty."""
    return str(_one_of(value, where, str, "un testo"))


def name(value: Any, where: str) -> str:
    """A text that says something."""
    if not text(value, where).strip():
        raise WrongShape(where, "un testo non vuoto")
    return str(value)


def like(pattern: str, wanted: str) -> Reader:
    """Read a text of a given form."""

    def read(value: Any, where: str) -> str:
        if not re.fullmatch(pattern, text(value, where)):
            raise WrongShape(where, wanted)
        return str(value)

    return read


def among(known: Iterable[str]) -> Reader:
    """Read one of some words, or the empty text."""
    words = ("", *known)

    def read(value: Any, where: str) -> str:
        if text(value, where) not in words:
            raise WrongShape(where, f"uno di questi: {', '.join(filter(None, words))}")
        return str(value)

    return read


def number(value: Any, where: str) -> int:
    """A whole number of days or months, which a date can be moved by."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        raise WrongShape(where, f"un numero intero, da 0 a {_MOST}")
    return value


def flag(value: Any, where: str) -> bool:
    """Either true or false."""
    return bool(_one_of(value, where, bool, "true o false"))


def day(value: Any, where: str) -> date:
    """An ISO date."""
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text(value, where), re.ASCII):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise WrongShape(where, "una data scritta così: 2026-11-22") from None


def nullable(read: Reader) -> Reader:
    """Read null as None, anything else as `read` does."""
    return lambda value, where: None if value is None else read(value, where)


def listed(read: Reader, kind: Callable[[Iterable[Any]], Any] = tuple) -> Reader:
    """Read a list of things of one shape, as a tuple or another `kind` of collection."""

    def read_list(value: Any, where: str) -> Any:
        items = _one_of(value, where, list, "un elenco")
        return kind(read(item, f"{where}[{place}]") for place, item in enumerate(items))

    return read_list


def rows(value: Any, where: str) -> tuple[tuple[str, str], ...]:
    """Pairs of texts."""
    found: tuple[tuple[str, str], ...] = listed(listed(text))(value, where)
    for place, row in enumerate(found):
        if len(row) != 2:
            raise WrongShape(f"{where}[{place}]", "una coppia di testi")
    return found


def mapping(read: Reader) -> Reader:
    """Read an object whose keys are free and whose values are of one shape."""

    def read_mapping(value: Any, where: str) -> dict[str, Any]:
        given = _one_of(value, where, Mapping, "un oggetto")
        return {key: read(item, f"{where}.{key}") for key, item in given.items()}

    return read_mapping


def record(make: Callable[..., Any], **keys: Reader | Optional) -> Reader:
    """Read an object with these keys and no other, and call `make` with their values."""

    def read_record(value: Any, where: str) -> Any:
        given = _one_of(value, where, Mapping, "un oggetto")
        prefix = f"{where}." if where else ""
        for key in given.keys() - keys.keys():
            raise WrongShape(f"{prefix}{key}", "tolto: questo programma non lo conosce")
        values = {}
        for key, reader in keys.items():
            read = reader.read if isinstance(reader, Optional) else reader
            if key in given:
                values[key] = read(given[key], f"{prefix}{key}")
            elif read is reader:
                raise WrongShape(f"{prefix}{key}", "presente")
        return make(**values)

    return read_record


def _one_of(value: Any, where: str, kind: type[Any], wanted: str) -> Any:
    if not isinstance(value, kind):
        raise WrongShape(where, wanted)
    return value
