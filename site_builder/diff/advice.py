"""What the checks say of both sides, how the texts read, and which files kept their old date."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from site_builder.catalog import Catalog
from site_builder.dating import KEY, REMEDY, has_kept_day, kept_words
from site_builder.diff.compare import RecordChange
from site_builder.diff.fields import Change
from site_builder.documents import PAGES
from site_builder.errors import Problem
from site_builder.readability import MIDDLE_SCHOOL, gulpease, hardest_sentence

# What tells when a file was checked, not what it says.
_NOT_CONTENT = {KEY, "verificato_il", "verifica_ogni_mesi"}
_KINDS = ("services", "contacts", "forms", "notices", PAGES)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text read before, if it was there, and how it reads now; with its worst sentence."""

    change: Change
    before: int | None
    after: int
    hardest: str

    @property
    def words(self) -> str:
        """What the two figures mean."""
        now = f"{_level(self.after)}: indice {self.after}"
        if self.before is None:
            return now
        step = self.after - self.before
        said = "come prima" if abs(step) < 2 else "più facile di prima" if step > 0 else _HARDER
        return f"{said}, {now} (prima {self.before})"


@dataclass(frozen=True, slots=True)
class LateDate:
    """A file that changed and kept its day: where it says it, and what to do."""

    place: str
    message: str


_HARDER = "più difficile di prima"


def warnings_apart(
    old: Iterable[Problem], new: Iterable[Problem], paths: Mapping[str, str]
) -> list[Problem]:
    """The warnings of the new side that the old one had not, wherever their line.

    `paths` has the other name of each file of the old side that has two.
    """
    known = Counter(_same(problem, paths) for problem in old)
    found = []
    for problem in sorted(new):
        if problem.level == "avvertenza":
            key = _same(problem, {})
            found += [] if known[key] else [problem]
            known[key] -= 1 if known[key] else 0
    return found


def readings(record: RecordChange) -> Iterator[Reading]:
    """How the changed texts of a record read."""
    italian = getattr(record.new, "lingua", "") in ("", "it")
    if record.kind not in _KINDS or not italian:
        return
    for change in record.changes:
        if isinstance(change.new, str) and (after := gulpease(change.new)) is not None:
            before = gulpease(change.old) if isinstance(change.old, str) else None
            worst = hardest_sentence(change.new) if after < MIDDLE_SCHOOL else ""
            yield Reading(change, None if before is None else round(before), round(after), worst)


def late_date(record: RecordChange, old: Catalog, new: Catalog) -> LateDate | None:
    """Where the day of a record stands, and the remedy, if its content changed and it did not."""
    document = new.documents[record.kind].get(record.id)
    was = old.documents[record.kind].get(record.old_id or record.id)
    told = {change.path[0] for change in record.changes} - _NOT_CONTENT
    if not (document and told and has_kept_day(document, was)):
        return None
    line = document.position((KEY,))[0]
    message = f"Il contenuto è cambiato, ma {kept_words(document)}. {REMEDY}"
    return LateDate(f"{document.path}:{line}", message)


def _same(problem: Problem, paths: Mapping[str, str]) -> tuple[str, str, str]:
    return paths.get(problem.path, problem.path), problem.rule, problem.message


def _level(index: int) -> str:
    """Who reads it with ease: the bands of the index's authors."""
    if index >= 80:
        return "facile anche con la licenza elementare"
    if index >= MIDDLE_SCHOOL:
        return "facile con la licenza media"
    if index >= 40:
        return "difficile con la licenza media, facile con il diploma"
    return "difficile anche con il diploma"
