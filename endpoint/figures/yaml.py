"""Data as YAML, without a library: what is written here any reader of YAML 1.1 or 1.2 reads back.

Texts stand between double quotes, so that none is taken for a number, a date or a mark of YAML.
"""

import json
from collections.abc import Iterator
from typing import Any

Plain = str | int | float | bool


def dump(data: dict[str, Any]) -> str:
    """A mapping of plain values, lists and mappings, one value a line; short ones between braces.

    A mapping that stands in a list and has no list inside takes one line.
    """
    return "".join(f"{line}\n" for line in _mapping(data))


def _mapping(data: dict[str, Any]) -> Iterator[str]:
    for key, value in data.items():
        if isinstance(value, list) and value:
            yield f"{key}:"
            yield from (f"  {line}" for item in value for line in _item(item))
        else:
            yield f"{key}: {_plain(value)}"


def _item(item: dict[str, Any]) -> Iterator[str]:
    if any(isinstance(value, list) for value in item.values()):
        lines = list(_mapping(item))
        yield f"- {lines[0]}"
        yield from (f"  {line}" for line in lines[1:])
    else:
        yield f"- {{{', '.join(f'{key}: {_plain(value)}' for key, value in item.items())}}}"


def _plain(value: Plain | list[Any]) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    number = ord(char)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
