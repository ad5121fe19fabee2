"""What a rule is, what it finds, and the walk over a document that most rules need."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from site_builder.catalog import Catalog
from site_builder.documents import Document
from site_builder.errors import Level
from site_builder.loader import KeyPath


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a rule objects to, at a place in a document."""

    document: Document
    path: KeyPath
    message: str
    hint: str


Find = Callable[[Catalog, date], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`excusable`: a doubt declared on the field makes the error a warning."""

    level: Level
    find: Find
    excusable: bool


RULES: dict[str, Rule] = {}


def rule(name: str, level: Level, *, excusable: bool = False) -> Callable[[Find], Find]:
    """Register a generator of findings under the name that staff will see."""

    def register(find: Find) -> Find:
        RULES[name] = Rule(level, find, excusable)
        return find

    return register


def iter_documents(catalog: Catalog, *kinds: str) -> Iterator[Document]:
    """All valid documents, or those of the kinds named."""
    for kind in kinds or catalog.documents:
        yield from catalog.documents[kind].values()
