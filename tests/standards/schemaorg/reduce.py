"""Reduce the official schema.org vocabulary to what a test needs: types, properties, what fits.

    python reduce.py schemaorg-current-https.jsonld > vocabulary.tsv

A line is a type (with the types above it), a member of an enumeration (with its type) or a
property (with the types that may have it, and those of its values).
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Node = dict[str, Any]


def lines(nodes: list[Node]) -> Iterator[str]:
    """One line a term, in order."""
    for node in sorted(nodes, key=lambda node: str(node["@id"])):
        name, kinds = _short(node["@id"]), _names(node.get("@type", []))
        if not node["@id"].startswith("schema:"):
            continue
        if "Property" in kinds:
            fits = (_names(node.get(f"schema:{key}Includes", [])) for key in ("domain", "range"))
            yield "\t".join(["property", name, *(" ".join(each) for each in fits)])
        elif "Class" in kinds:
            above = " ".join(_names(node.get("rdfs:subClassOf", [])))
            data = " DataType" if "DataType" in kinds else ""
            yield f"type\t{name}\t{above}{data}\t"
        else:
            yield f"member\t{name}\t{' '.join(kinds)}\t"


def _names(value: Any) -> list[str]:
    """References as short names; those to other vocabularies lose their prefix too."""
    each = value if isinstance(value, list) else [value]
    return sorted(_short(item["@id"] if isinstance(item, dict) else item) for item in each)


def _short(name: str) -> str:
    return name.rpartition(":")[2]


if __name__ == "__main__":
    source = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    print("\n".join(lines(source["@graph"])))
