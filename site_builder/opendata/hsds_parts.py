"""What each object of HSDS 3.0 is made of: a stable id, fields that are not empty, plain texts."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from site_builder.model import NOT_STATED, Record
from site_builder.opendata.source import Source

Item = dict[str, Any]

_RESERVED = ":/?#@!$&'()*+,;=%"
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def item(source: Source, path: str, /, **fields: Any) -> Item:
    """An object of the standard: what is empty is left out, zero is not empty."""
    told = {name: value for name, value in fields.items() if value not in ("", None, [])}
    return {"id": source.uuid(path), **told}


def paragraphs(*texts: str) -> str:
    """The texts that there are, with an empty line in between."""
    return "\n\n".join(text.strip() for text in texts if text)


def stated(label: str, text: str) -> str:
    """A text with its label; empty if the Carta does not say it."""
    if text in ("", NOT_STATED):
        return ""
    return f"{label}:\n{text}" if text.startswith("- ") else f"{label}: {text}"


def points(lines: Iterable[str]) -> str:
    """The lines as a list."""
    return "\n".join(f"- {line}" for line in lines)


def doubts(record: Record) -> str:
    """What is published with a doubt: who reads the datum elsewhere must know it too."""
    said = (f"{doubt.campo}: {doubt.motivo}" for doubt in record.da_verificare)
    return stated("Da verificare", points(said))


def uri(address: str) -> str:
    """An address as RFC 3986 wants it: people paste accents and spaces."""
    kept = quote(_STRAY_PERCENT.sub("%25", address), safe=_RESERVED)
    base, mark, fragment = kept.partition("#")
    return base + mark + fragment.replace("#", "%23")
