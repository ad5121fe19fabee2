"""Both states of the content, and what every section of the report needs to tell of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from site_builder.catalog import Catalog
from site_builder.diff.compare import RecordChange, compare
from site_builder.diff.guard import Guard
from site_builder.diff.names import names_of, record_name
from site_builder.diff.places import Drawn
from site_builder.diff.words import Words
from site_builder.documents import Document
from site_builder.errors import Problem

# What the check calls a field that must not be there; its message repeats no value.
FORBIDDEN = "campo-vietato"


@dataclass(frozen=True, slots=True)
class Side:
    """One state of the content with what the check says of it."""

    drawn: Drawn
    problems: Sequence[Problem]

    @classmethod
    def of(cls, catalog: Catalog, problems: Sequence[Problem]) -> "Side":
        sound = all(problem.level != "errore" for problem in problems)
        return cls(Drawn(catalog, sound), problems)

    @property
    def catalog(self) -> Catalog:
        return self.drawn.catalog

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.level == "errore"]


class Sight:
    """The changes between two sides, with the words and the discretion to tell them."""

    def __init__(self, old: Side, new: Side) -> None:
        self.old, self.new = old, new
        self.guard = Guard(old.catalog, new.catalog)
        self.words = Words(names_of(old.catalog, new.catalog), self.guard)
        self.changes = compare(old.catalog, new.catalog)

    @property
    def is_sound(self) -> bool:
        """Whether both sides can be drawn: pages and leaves can be compared only then."""
        return self.old.drawn.sound and self.new.drawn.sound

    def renamed_files(self) -> dict[str, str]:
        """The new path of each file that has another name."""
        return {
            self.old.catalog.documents[change.kind][change.old_id].path: (
                self.new.catalog.documents[change.kind][change.id].path
            )
            for change in self.changes
            if change.old_id
        }

    def reserved_files(self) -> set[str]:
        """The files that tell of a reserved place, those with errors included."""
        sides = (self.old, self.new)
        known = [document for side in sides for document in _contacts(side)]
        told = {document.path for document in known if document.stem in self.guard.reserved}
        problems = (problem for side in sides for problem in side.problems)
        return told | {
            problem.path
            for problem in problems
            if problem.rule == FORBIDDEN and problem.path.startswith("content/contacts/")
        }

    def name(self, change: RecordChange) -> str:
        """What a record is called, and was."""
        named = record_name(change.kind, change.record) if change.record else change.id
        was = record_name(change.kind, change.old) if change.old else named
        return self.guard.clean(named if was == named else f"{named} (prima: {was})")

    def hides(self, change: RecordChange, key: str | int) -> bool:
        """Whether the values of a field are not shown."""
        return self.guard.hides(change.kind, {change.id, change.old_id} - {""}, str(key))

    def hides_comuni(self) -> bool:
        """Whether the pages of Comuni that change would tell where a reserved place is."""
        return any(
            change.kind == "contacts" and self.hides(change, "comune") for change in self.changes
        )


def _contacts(side: Side) -> Iterable[Document]:
    return side.catalog.documents["contacts"].values()


def became(change: RecordChange) -> str:
    """What happened to a record, in a verb."""
    if change.unreadable:
        return "non si può leggere"
    if change.old is None:
        return "si aggiunge"
    if change.new is None:
        return "si toglie"
    if not change.old_id:
        return "cambia"
    return f"cambia nome di file e indirizzo nel sito (da «{change.old_id}» a «{change.id}»)"
