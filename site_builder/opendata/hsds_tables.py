"""The nested objects of HSDS 3.0 as its tables: one for each kind, tied by ids.

One way for all of them: an object inside another becomes a row that names its parent; what many
share (the body, a place, a term) becomes one row, which those that share it name.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from site_builder.opendata.hsds_columns import COLUMNS
from site_builder.opendata.hsds_parts import Item
from site_builder.opendata.texts import csv_cell

# The kind of object under each key: in a list, or alone and shared.
LISTS = {
    "phones": "phone", "schedules": "schedule", "service_areas": "service_area",
    "service_at_locations": "service_at_location", "languages": "language",
    "funding": "funding", "cost_options": "cost_option",
    "required_documents": "required_document", "contacts": "contact",
    "attributes": "attribute", "addresses": "address", "accessibility": "accessibility",
    "organization_identifiers": "organization_identifier",
}  # fmt: skip
SHARED = {
    "organization": "organization", "location": "location",
    "taxonomy_term": "taxonomy_term", "taxonomy_detail": "taxonomy",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tables:
    """The rows of each table as lines of text; filled service by service."""

    lines: dict[str, list[str]] = field(
        default_factory=lambda: {kind: [_line(names)] for kind, names in COLUMNS.items()}
    )
    seen: set[str] = field(default_factory=set)

    def add(self, kind: str, told: Item, **parent: str) -> None:
        """Put an object, and all that is inside it, into the tables."""
        row: dict[str, Any] = {**parent}
        for key, value in told.items():
            if key in LISTS:
                link = _link(kind, told["id"], LISTS[key])
                for child in value:
                    self.add(LISTS[key], child, **link)
            elif key in SHARED:
                row[f"{SHARED[key]}_id"] = value["id"]
                self._share(SHARED[key], value)
            else:
                row[key] = value
        if unknown := row.keys() - set(COLUMNS[kind]):
            raise KeyError(f"{kind}: no column for {sorted(unknown)}")
        self.lines[kind].append(_line([_cell(row.get(name)) for name in COLUMNS[kind]]))

    def _share(self, kind: str, told: Item) -> None:
        if told["id"] not in self.seen:
            self.seen.add(told["id"])
            self.add(kind, told)

    def texts(self) -> Iterator[tuple[str, str]]:
        """The tables as (kind, text); each is forgotten as it is told."""
        for kind in COLUMNS:
            yield kind, "".join(self.lines.pop(kind))


def _link(parent: str, id: str, child: str) -> dict[str, str]:
    if child == "attribute":  # it may hang on anything
        return {"link_id": id, "link_entity": parent}
    return {f"{parent}_id": id}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return csv_cell(value) if isinstance(value, str) else str(value)


def _line(cells: list[str] | tuple[str, ...]) -> str:
    return ",".join(cells) + "\r\n"
