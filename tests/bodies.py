"""The bodies whose Carta is in this repository: what holds for one must hold for each."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from site_builder.catalog import Catalog
from site_builder.check import check_content
from site_builder.errors import Problem
from site_builder.opendata.datasets import OpenData
from site_builder.opendata.files import open_data
from site_builder.opendata.public import public
from site_builder.opendata.source import Source

ROOT = Path(__file__).parents[1]
BODIES = {"casarano": ROOT, "napoli-tredici": ROOT / "examples" / "napoli-tredici"}
_WRITTEN = re.compile(r"^(?:aggiornato|verificato)_il: (\d{4}-\d\d-\d\d)$", re.M)


def day_of(folder: Path, day: date) -> date:
    """The day, or that of the newest text in a folder: staff must be able to date their edits."""
    texts = (path.read_text("utf-8") for path in (folder / "content").rglob("*.yml"))
    return max([day, *(date.fromisoformat(d) for text in texts for d in _WRITTEN.findall(text))])


DAY = max(day_of(folder, date(2026, 11, 22)) for folder in BODIES.values())


@cache
def checked(name: str) -> tuple[Catalog, list[Problem]]:
    """The content of a body, read once for all tests, with every problem."""
    catalog, problems = check_content(BODIES[name], DAY)
    assert catalog, [problem.as_text() for problem in problems]
    return catalog, problems


def good_catalog(folder: Path, today: date) -> Catalog:
    """The content of a folder, which has no error."""
    if folder in BODIES.values():
        today = day_of(folder, today)
    catalog, problems = check_content(folder, today)
    assert [problem.as_text() for problem in problems if problem.level == "errore"] == []
    assert catalog
    return catalog


def catalog_of(name: str) -> Catalog:
    """The content of a body."""
    return checked(name)[0]


def names_of(name: str) -> Iterator[str]:
    """The names by which a body can be told: its own, and those of its Comuni."""
    carta = catalog_of(name).carta
    yield from (carta.ente.nome, carta.ente.nome_breve, name.replace("-", " "))
    yield from (comune.nome for comune in carta.comuni)


def named(name: str) -> re.Pattern[str]:
    """Whether a text names a body; blanks and hyphens are alike, and so are capitals."""
    words = (r"[\s_-]+".join(map(re.escape, given.split())) for given in names_of(name))
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(words)})(?![^\W_])", re.I)


def published(catalog: Catalog, site_url: str = "") -> tuple[OpenData, dict[str, str]]:
    """The open data of a body: what they are, and the texts by address."""
    texts: dict[str, str] = {}
    return open_data(Source(public(catalog), site_url), texts.__setitem__), texts
