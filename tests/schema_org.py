"""The official vocabulary of schema.org, and what in a JSON-LD graph does not fit it."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

_TABLE = Path(__file__).parent / "standards" / "schemaorg" / "vocabulary.tsv"
_ROOT = "https://schema.org/"
_FORMS = {
    "Date": r"\d{4}-\d\d-\d\d",
    "Time": r"\d\d:\d\d(:\d\d)?",
    # With a root, or relative to the page.
    "URL": r"(https?://|\.{0,2}/|#|[a-z-]+/)\S*",
}


@cache
def _terms(kind: str) -> dict[str, tuple[list[str], list[str]]]:
    rows = (line.split("\t") for line in _TABLE.read_text("utf-8").splitlines())
    return {name: (one.split(), two.split()) for is_a, name, one, two in rows if is_a == kind}


@cache
def _with_those_above(name: str) -> frozenset[str]:
    above = [one for one in _terms("type")[name][0] if one in _terms("type")]
    return frozenset({name}.union(*map(_with_those_above, above)))


def faults(graph: dict[str, Any]) -> list[str]:
    """Everything in a graph that is not of schema.org or does not fit there."""
    nodes = list(_nodes(graph["@graph"]))
    known = {node["@id"]: node for node in nodes if len(node) > 1 and "@id" in node}
    return [fault for node in nodes for fault in _faults_of(node, known)]


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item)


def _kinds(node: dict[str, Any]) -> list[str]:
    kinds = node.get("@type", [])
    return kinds if isinstance(kinds, list) else [kinds]


def _faults_of(node: dict[str, Any], known: dict[str, dict[str, Any]]) -> Iterator[str]:
    if set(node) == {"@id"}:
        return
    if not (kinds := _kinds(node)):
        yield f"no type: {node}"
    if unknown := [kind for kind in kinds if kind not in _terms("type")]:
        yield f"unknown type: {unknown}"
        return
    above = frozenset().union(*map(_with_those_above, kinds))
    for name, value in node.items():
        if name.startswith("@"):
            continue
        if name not in _terms("property"):
            yield f"unknown property: {name}"
            continue
        domains, ranges = _terms("property")[name]
        if not above & set(domains):
            yield f"{name} is not of {kinds}"
        for item in value if isinstance(value, list) else [value]:
            if not _fits(item, ranges, known):
                yield f"{name} cannot be {item!r}"


def _fits(value: Any, ranges: list[str], known: dict[str, dict[str, Any]]) -> bool:
    match value:
        case dict():
            node = known.get(value["@id"]) if set(value) == {"@id"} else value
            if node is None:  # told on another page
                return any(one not in ("Text", "URL", "Number") for one in ranges)
            kinds = [kind for kind in _kinds(node) if kind in _terms("type")]
            return any(_with_those_above(kind) & set(ranges) for kind in kinds)
        case bool():
            return "Boolean" in ranges
        case int() | float():
            return bool({"Number", "Integer"} & set(ranges))
        case str():
            member = _terms("member").get(value.removeprefix(_ROOT))
            if member and value.startswith(_ROOT):
                return bool(set(member[0]) & set(ranges))
            return "Text" in ranges or any(
                re.fullmatch(_FORMS[one], value) for one in ranges if one in _FORMS
            )
    return False
