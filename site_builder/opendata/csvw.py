"""What the columns of some tables are, as CSV on the Web says it (W3C, tabular metadata)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from site_builder.model_carta import Carta

_TEXT: Mapping[str, Any] = {"base": "string"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `datatype` as the standard has it, `separator` if a cell holds several values."""

    name: str
    about: str
    datatype: Mapping[str, Any] = field(default_factory=lambda: _TEXT)
    required: bool = False
    separator: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """A column that names a row of another table."""

    column: str
    file: str
    other: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its file stands beside the description."""

    file: str
    about: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[Key, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def description(carta: Carta, tables: Iterable[Table]) -> dict[str, Any]:
    """All of it, for a program."""
    licence = {"dc:license": {"@id": carta.licenza.url}} if carta.licenza else {}
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "it"}],
        "dc:title": f"Standard di qualità: {carta.edizione.titolo}",
        "dc:language": "it",
        "dc:publisher": carta.ente.nome,
        **licence,
        "dialect": {"encoding": "utf-8", "delimiter": ",", "header": True},
        "tables": [_table(table) for table in tables],
    }


def _table(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "columns": [_column(column) for column in table.columns],
        "primaryKey": list(table.primary_key),
    }
    if table.foreign_keys:
        schema["foreignKeys"] = [_key(key) for key in table.foreign_keys]
    return {"url": table.file, "dc:description": table.about, "lang": "it", "tableSchema": schema}


def _column(column: Column) -> dict[str, Any]:
    several = {"separator": column.separator} if column.separator else {}
    return {
        "name": column.name,
        "titles": column.name,
        "dc:description": column.about,
        "datatype": dict(column.datatype),
        "required": column.required,
        **several,
    }


def _key(key: Key) -> dict[str, Any]:
    reference = {"resource": key.file, "columnReference": key.other}
    return {"columnReference": key.column, "reference": reference}
