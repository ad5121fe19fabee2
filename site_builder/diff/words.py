"""A value in Italian words: dates, amounts, hours and names as people say them."""

import re
from dataclasses import fields
from datetime import date
from typing import Any

from site_builder.diff.fields import is_group
from site_builder.diff.guard import PERSON, Guard
from site_builder.diff.items import Item, label_field
from site_builder.diff.names import Names
from site_builder.italian import closure_words, date_words, euro, hours_words, month_day, number
from site_builder.loader import KeyPath
from site_builder.pointers import target_of
from site_builder.titles import field_schema, field_titles
from site_builder.values import Chiusura, Email, Orario

# What a title says in brackets of the values below it.
_EURO, _PERCENT, _MONTHS, _YEARS = " (euro)", " (%)", " (mesi)", " (anni)"
_UNITS = {_PERCENT: "%", _MONTHS: " mesi", _YEARS: " anni"}
_DAY_OF_YEAR = re.compile(r"\d\d-\d\d")


class Words:
    """Says values of both sides, with the names that both know."""

    def __init__(self, names: Names, guard: Guard) -> None:
        self._names = names
        self._guard = guard

    def say(self, kind: str, path: KeyPath, value: Any) -> str:
        """A value as it is read in a sentence."""
        return self._guard.clean(self._said(kind, path, value))

    def field(self, kind: str, path: KeyPath, items: tuple[Item, ...] = ()) -> str:
        """The name of a field: «Tariffe, «8 ore», Importo».

        The name of an item is left out where it is alone, and where it is what has changed.
        """
        told: list[str] = []
        left, label = list(items), ""
        for place, title in enumerate(field_titles(kind, path)):
            rest = path[place + 1 :]
            if not isinstance(path[place], int):
                told += [] if not rest and path[place] == label else [_bare(title)]
                label = ""
            elif item := left.pop(0) if left else None:
                label = label_field(item.value)
                if rest and rest[0] != label and not item.alone:
                    told.append(f"«{self._short(kind, path[: place + 1], item.value)}»")
        return self._guard.clean(", ".join(told))

    def _said(self, kind: str, path: KeyPath, value: Any) -> str:
        match value:
            case None | "" | ():
                return "niente"
            case bool():
                return "sì" if value else "no"
            case date():
                return date_words(value)
            case Orario():
                return hours_words(value)
            case Chiusura():
                return closure_words(value)
            case Email():
                return self._mailbox(value)
            case int() | float():
                return _amount(kind, path, value)
            case tuple():
                told = (self._said(kind, (*path, i), item) for i, item in enumerate(value))
                return ", ".join(told)
            case dict():
                told = (f"{k}: {self._said(kind, (*path, k), v)}" for k, v in value.items())
                return "; ".join(told)
            case str():
                return self._text(kind, path, value)
        return self._group(kind, path, value)

    def is_personal(self, value: Any) -> bool:
        """Whether it is the mailbox of a person, of which nothing is told."""
        return isinstance(value, Email) and self._guard.is_person(value)

    def spelled(self, kind: str, path: KeyPath, value: Any) -> str:
        """A value told field by field, for when its sentence leaves something out."""
        return self._guard.clean(self._group(kind, path, value))

    def _text(self, kind: str, path: KeyPath, value: str) -> str:
        schema = field_schema(kind, path)
        if target := target_of(kind, path):
            return self._names.get((target, value), value)
        if "enum" in schema:
            return value.replace("_", " ")
        return month_day(value) if _DAY_OF_YEAR.fullmatch(value) else value

    def _mailbox(self, box: Email) -> str:
        if self._guard.is_person(box):
            return PERSON
        return f"{box.indirizzo} ({box.nota})" if box.nota else box.indirizzo

    def _group(self, kind: str, path: KeyPath, value: Any) -> str:
        """What it is called, and the rest of what it says in brackets."""
        label = label_field(value)
        rest = [
            f"{_bare(field_titles(kind, (*path, field.name))[-1])}: "
            + self._said(kind, (*path, field.name), getattr(value, field.name))
            for field in fields(value)
            if field.name != label and getattr(value, field.name) != field.default
        ]
        if not label:
            return "; ".join(rest)
        name = self._said(kind, (*path, label), getattr(value, label))
        return f"{name} ({'; '.join(rest)})" if rest else name

    def _short(self, kind: str, path: KeyPath, item: Any) -> str:
        """What an item is called, on few words."""
        label = label_field(item) if is_group(item) else ""
        said = self._said(kind, (*path, label), getattr(item, label)) if label else str(item)
        return said if len(said) <= 60 else said[:59].rstrip() + "…"


def _bare(title: str) -> str:
    return re.sub(r" \((euro|%|mesi|anni)\)$", "", title)


def _amount(kind: str, path: KeyPath, value: float) -> str:
    title = field_titles(kind, path)[-1] if path else ""
    if title.endswith(_EURO):
        return euro(value)
    unit = next((unit for ending, unit in _UNITS.items() if title.endswith(ending)), "")
    return f"{number(value)}{unit}"
