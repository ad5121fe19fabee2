"""The keys at the top of a file of the past: which have another value, what the record was called.

Most files change in one place, and only that place is read as YAML: it makes ten years of changes
cost half a second.
"""

import re
from collections.abc import Iterator
from typing import Any

from site_builder.documents import PAGES, split_front_matter
from site_builder.loader import Refused, parse
from site_builder.titles import TEXT

# Where a datum comes from, who looks at it, what only the search or the tests read, and whether a
# page is delicate.
_QUIET = frozenset((
    "fonte", "altre_fonti", "revisione", "da_verificare", "aggiornato_il", "verificato_il",
    "verifica_ogni_mesi", "verifiche_ogni_mesi", "id", "parole_chiave", "solo_ricerca", "esempi",
    "verifica_dati", "violenza", "riservata",
))  # fmt: skip
_TITLES = ("titolo", "nome", "title")
_DELICATE = ("violenza", "riservata")
_KEY = re.compile(r"^(?=[A-Za-z_][\w-]*[ \t]*:(?:\s|$))", re.M)


def last_name(kind: str, raw: bytes) -> str:
    """What the record in a file was called; empty if it is delicate, and must not be named."""
    blocks = _blocks(kind, raw)
    told = {key: _value(blocks[key], key) for key in (*_TITLES, *_DELICATE) if key in blocks}
    if any(told.get(key) for key in _DELICATE):
        return ""
    return next((str(told[key]) for key in _TITLES if told.get(key)), "")


def changed_fields(kind: str, before: bytes, after: bytes) -> Iterator[str]:
    """The keys at the top of a file whose value is another, in the order of the new file."""
    old, new = _blocks(kind, before), _blocks(kind, after)
    for key in dict.fromkeys((*new, *old)):
        if key not in _QUIET and old.get(key) != new.get(key):
            is_prose = (kind, key) == (PAGES, TEXT)
            if is_prose or _value(old.get(key, ""), key) != _value(new.get(key, ""), key):
                yield key


def _blocks(kind: str, raw: bytes) -> dict[str, str]:
    """The text of each key at the top of a file."""
    text = raw.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    below = {}
    if kind == PAGES:
        try:
            text, rest = split_front_matter(text)
        except Refused:
            text, rest = "", text
        below = {TEXT: rest.strip()}
    parts = (part for part in _KEY.split(text) if _KEY.match(part))
    return {part.partition(":")[0].strip(): part for part in parts} | below


def _value(block: str, key: str) -> Any:
    """What a block says; the block itself where it cannot be read."""
    try:
        return _spoken(parse(block)[0].get(key)) if block else None
    except Refused:
        return block


def _spoken(value: Any) -> Any:
    """Without what only explains it."""
    if isinstance(value, dict):
        return {key: _spoken(item) for key, item in value.items() if key not in _QUIET}
    return [_spoken(item) for item in value] if isinstance(value, list) else value
