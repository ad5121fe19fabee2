"""Rules that look across files: what no schema can see. `check` runs them all.

A rule is a generator of findings, registered with its name and level. What an excusable rule finds
on a field that the record itself declares `da_verificare` is a known doubt of the source: it
becomes a warning, because what the Carta says is published as it is and shown as doubtful.
"""

from datetime import date

from site_builder.catalog import Catalog
from site_builder.errors import Problem
from site_builder.rules import (
    bands,
    codes,
    contacts,
    dates,
    editions,
    figures,
    forms,
    placeholders,
    questions,
    references,
    results,
    services,
    terms,
    texts,
)
from site_builder.rules.registry import RULES, Finding

__all__ = [
    "RULES",
    "bands",
    "codes",
    "contacts",
    "dates",
    "editions",
    "figures",
    "forms",
    "placeholders",
    "questions",
    "references",
    "results",
    "run_rules",
    "services",
    "terms",
    "texts",
]


def run_rules(catalog: Catalog, today: date) -> list[Problem]:
    """Return what every rule finds in the catalog on the given day, unsorted."""
    return [
        _problem(name, finding)
        for name, rule in RULES.items()
        for finding in rule.find(catalog, today)
    ]


def _problem(name: str, finding: Finding) -> Problem:
    document, path = finding.document, finding.path
    line, column = document.position(path)
    rule = RULES[name]
    excused = rule.excusable and bool(path) and path[0] in _doubtful(document.data)
    level = "avvertenza" if excused else rule.level
    return Problem(document.path, line, column, level, name, finding.message, finding.hint)


def _doubtful(data: dict[str, object]) -> set[str]:
    doubts = data.get("da_verificare", [])
    assert isinstance(doubts, list)
    return {doubt["campo"].split(".")[0] for doubt in doubts}
