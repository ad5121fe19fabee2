"""What git tells of the content: which record changed on which day, and in which fields.

Who made a change and what was written about it is not read: that is nobody's business but the
body's own. What only explains a text (its source, a doubt, a comment) is no change of it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from site_builder.documents import (
    FIGURES,
    FIGURES_END,
    KINDS,
    PAGE_FOLDERS,
    PAGES,
    SINGLE_KINDS,
    id_of,
)
from site_builder.errors import ContentError
from site_builder.git import Place, Touched, blobs, place_of, touched
from site_builder.top_keys import changed_fields, last_name

_FOLDERS = {f"content/{kind}": kind for kind in (*KINDS, PAGES)}
_FOLDERS |= {f"content/{PAGES}/{name}": PAGES for name in PAGE_FOLDERS}
_KINDS = {*KINDS, *SINGLE_KINDS, PAGES}


Named: TypeAlias = tuple[str, str]  # kind and id
Dated: TypeAlias = tuple[date, str, str]  # what became of it on a day
Blobs: TypeAlias = tuple[str, str]  # its names in git before and after


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a record on a day: `sort` is «nuovo», «cambiato» or «tolto».

    `fields` are the keys that changed, in the order of the file. Of what is gone `title` is the
    last name, empty if it must not be named.
    """

    day: date
    kind: str
    id: str
    sort: str
    fields: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """`changes`, the newest day first; `seen` is the last day on which each record was touched.

    `began` is the day of the first state, if all of the past is there; `stock` counts by kind what
    there was at its end.
    """

    changes: tuple[Change, ...] = ()
    seen: Mapping[Named, date] = field(default_factory=dict)
    began: date | None = None
    stock: Mapping[str, int] = field(default_factory=dict)


UNKNOWN = History()


def history_of(body: Path) -> History:
    """What git knows of a body's content; nothing where it knows nothing, or cannot be asked."""
    try:
        place = place_of(body)
        return _read(body.resolve(), place) if place else UNKNOWN
    except ContentError:
        return UNKNOWN


@lru_cache(maxsize=2)
def _read(body: Path, place: Place) -> History:
    """Read once for each commit: a preview asks after every edit."""
    found = list(_known(touched(body, place, "content")))
    if place.is_shallow:  # what seems to be the first commit is not
        found = [(record, item) for record, item in found if not item.first]
    began = found[-1][1].day if found and not place.is_shallow else None
    days = _by_day(found)
    stock = Counter(kind for (day, kind, _), (_, after) in days.items() if day == began and after)
    seen: dict[Named, date] = {}
    for day, kind, id in days:
        seen[kind, id] = max(day, seen.get((kind, id), day))
    later = {key: pair for key, pair in days.items() if began is None or key[0] > began}
    changes = sorted(_changes(body, later), key=lambda c: (-c.day.toordinal(), c.kind, c.id))
    return History(tuple(changes), seen, began, stock)


def _known(found: Iterable[Touched]) -> Iterator[tuple[Named, Touched]]:
    """What was done to the files of content, with the record that each holds."""
    return ((record, item) for item in found if (record := _record(item.path)))


def _by_day(found: Iterable[tuple[Named, Touched]]) -> dict[Dated, Blobs]:
    """The blobs of each record before and after a day."""
    days: dict[Dated, Blobs] = {}
    for (kind, id), item in found:  # the newest first
        _, after = days.get((item.day, kind, id), ("", item.after))
        days[item.day, kind, id] = item.before, after
    return {key: pair for key, pair in days.items() if pair[0] != pair[1]}


def _record(path: str) -> Named | None:
    """The kind and id of what is in a file, if it is one of content."""
    file = PurePosixPath(path)
    folder = file.parent.as_posix()
    kind = _FOLDERS.get(folder) or (file.stem if folder == "content" else "")
    suffixes = (".md",) if kind == PAGES else (".yml", ".yaml")
    if kind not in _KINDS or file.suffix not in suffixes or file.name.startswith("."):
        return None
    if kind == "results" and file.stem.endswith(FIGURES_END):
        kind = FIGURES
    return kind, id_of(kind, path)


def _changes(body: Path, days: dict[Dated, Blobs]) -> Iterator[Change]:
    # Of what is new nothing has to be read.
    read = (blob for before, after in days.values() if before for blob in (before, after))
    names = sorted({blob for blob in read if blob})
    texts = dict(zip(names, blobs(body, names), strict=True))
    for (day, kind, id), (before, after) in days.items():
        if not before:
            yield Change(day, kind, id, "nuovo")
        elif not after:
            yield Change(day, kind, id, "tolto", title=last_name(kind, texts[before]))
        elif fields := tuple(changed_fields(kind, texts[before], texts[after])):
            yield Change(day, kind, id, "cambiato", fields)
