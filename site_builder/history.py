"""The content as it was: a date, an edition or a revision, resolved and read from git."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from site_builder.catalog import Catalog
from site_builder.check import check_content
from site_builder.errors import ContentError, Problem
from site_builder.git import (
    commit_of,
    days_of,
    files_of,
    lines_of,
    prefix_of,
    run_git,
    with_shallow,
)
from site_builder.loader import Refused, parse

_CHOICES = "Scrivi una data (01/03/2026), un'edizione o una revisione di git."
# The main line of the server, as a clone calls it.
_MAIN_LINES = ("refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/remotes/origin/master")
_DATES = (r"(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)", r"(?P<d>\d\d?)/(?P<m>\d\d?)/(?P<y>\d{4})")


@dataclass(frozen=True, slots=True)
class Past:
    """The content as it was, and what today's rules say of it.

    `catalog` is None if nothing of it can be read today, and lacks the files with errors.
    """

    catalog: Catalog | None
    problems: list[Problem]
    phrase: str


def catalog_at(body: Path, since: str, today: date) -> tuple[Catalog, str]:
    """Return the content as it was, and a phrase that says since when: «dal 01/03/2026».

    `since` is a date (the state at the end of that day, as the commits themselves count days), an
    edition (the tag of that name, else the last state with that `edizione.versione`; for the
    edition that still holds, the state in which it came out) or any revision of git.
    Raises ContentError, with the remedy, if there is no such state or it cannot be drawn today.
    """
    past = past_at(body, since, today)
    return _drawable(past), past.phrase


def past_at(body: Path, since: str, today: date) -> Past:
    """The same also where today's rules object. Raises ContentError if there is no such state."""
    prefix = prefix_of(body)
    revision, phrase = _resolve(body, prefix, since.strip(), today)
    with TemporaryDirectory(prefix="carta-") as folder:
        _write_content(body, prefix, revision, Path(folder))
        return Past(*check_content(Path(folder), today), phrase)


def base_of(body: Path) -> str:
    """The commit from which the work in hand began: where it left the main line of the server.

    Without a server it is the last commit. Raises ContentError if the two lines never met.
    """
    prefix_of(body)
    main = next((name for name in _MAIN_LINES if commit_of(body, name)), None)
    if main is None:
        return commit_of(body, "HEAD") or ""
    if found := lines_of(body, "merge-base", "HEAD", main):
        return found[0]
    message = f"Non trovo da dove partono le modifiche: «{main}» e questa copia non s'incontrano."
    raise ContentError(with_shallow(body, f"{message} Scrivi tu da quando: {_CHOICES}"))


def _resolve(body: Path, prefix: str, since: str, today: date) -> tuple[str, str]:
    """The commit, as its full name, and the phrase."""
    if day := _as_day(since):
        return _at_day(body, day, today), f"dal {day:%d/%m/%Y}"
    if edition := commit_of(body, f"refs/tags/{since}") or _edition(body, prefix, since):
        return edition, f"dall'edizione {since}"
    if revision := commit_of(body, since):
        day = days_of(body, revision)[0][1]
        return revision, f"dalla revisione {revision[:7]} del {day:%d/%m/%Y}"
    message = f"Non trovo un'edizione o una revisione «{since}». {_CHOICES}"
    raise ContentError(with_shallow(body, message))


def _as_day(since: str) -> date | None:
    for pattern in _DATES:
        if match := re.fullmatch(pattern, since, re.ASCII):
            try:
                return date(*(int(match[part]) for part in "ymd"))
            except ValueError:
                raise ContentError(
                    f"Il giorno «{since}» non esiste. Scrivilo così: 01/03/2026."
                ) from None
    return None


def _at_day(body: Path, day: date, today: date) -> str:
    """The last commit at the end of a day on the line of HEAD."""
    if day > today:
        raise ContentError(f"Il {day:%d/%m/%Y} deve ancora venire. Scegli un giorno passato.")
    history = days_of(body, "HEAD")
    if found := next((commit for commit, on in history if on <= day), None):
        return found
    first = history[-1][1]
    message = f"La storia del contenuto comincia il {first:%d/%m/%Y}. Scegli quel giorno o dopo."
    raise ContentError(with_shallow(body, message))


def _edition(body: Path, prefix: str, since: str) -> str | None:
    """The last commit with an edition; if it still holds, the first of its last run."""
    path = f"{prefix}content/carta.yml"
    changes = lines_of(body, "rev-list", "--first-parent", "HEAD", "--", f":(top,literal){path}")
    holds = (_version(body, f"{commit}:{path}") == since for commit in changes)
    newest = next((place for place, same in enumerate(holds) if same), None) if since else None
    if newest is None:
        return None
    if newest:
        return commit_of(body, f"{changes[newest - 1]}^")
    oldest = next((place for place, same in enumerate(holds) if not same), len(changes) - 1)
    return changes[oldest]


def _version(body: Path, blob: str) -> str:
    """`edizione.versione` in a carta.yml of the past; empty if it cannot be told."""
    done = run_git(body, "cat-file", "blob", blob)
    try:
        edition = parse(done.stdout.decode("utf-8-sig"))[0].get("edizione")
    except (Refused, UnicodeDecodeError):
        return ""
    return str(edition.get("versione", "")) if isinstance(edition, dict) else ""


def _write_content(body: Path, prefix: str, revision: str, target: Path) -> None:
    """Write the files that content/ had at a revision under `target`."""
    files = files_of(body, f"{revision}:{prefix}content")
    if files is None:
        raise ContentError(
            f"Nella revisione {revision[:7]} questa cartella «content» non c'era ancora. "
            "Scegli una data più vicina."
        )
    for name, data in files:
        if ".." not in PurePosixPath(name).parts:
            path = target / "content" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def _drawable(past: Past) -> Catalog:
    errors = [problem for problem in past.problems if problem.level == "errore"]
    if past.catalog is None or errors:
        first = f"{errors[0].path}:{errors[0].line} {errors[0].message} " if errors else ""
        raise ContentError(
            f"Il contenuto di partenza ({past.phrase}) non segue le regole di oggi, e non si può "
            f"disegnare: {first}Scegli una data più vicina, o ristampa la Carta intera."
        )
    return past.catalog
