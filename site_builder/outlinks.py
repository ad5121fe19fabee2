"""The links of the content that leave the site: where they stand, and what is known of them.

Pure: the network is asked by `network/`, whose answers are remembered from one run to the next.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from site_builder.catalog import Catalog
from site_builder.documents import Document
from site_builder.loader import KeyPath
from site_builder.upkeep.places import Place, place

# `bloccato`: whoever answers does not let programs in, which says nothing about people.
Outcome = Literal["buono", "spostato", "guasto", "bloccato"]
State = Literal["morto", "da riprovare", "spostato", "bloccato", "buono", "mai controllato"]
STATES: tuple[State, ...] = (
    "morto", "da riprovare", "spostato", "bloccato", "mai controllato", "buono"
)  # fmt: skip

# A link is dead when it has failed on so many different days.
_DEAD_AFTER = 2
_GOOD_FOR, _BAD_FOR = timedelta(days=7), timedelta(days=1)
_URL = re.compile(r"https?://[^\s<>\"'`«»\\^{}|]+", re.I)
# Names of things, not addresses that anybody opens; and remarks for the staff.
_NO_LINKS = ("iri", "da_verificare", "esempi")


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of an address: when it was last asked, and the days on which it failed.

    The days are those since it last worked; `moved_to` is where it has gone for good.
    """

    asked: date
    outcome: Outcome
    said: str
    moved_to: str = ""
    failures: tuple[date, ...] = ()

    @property
    def state(self) -> State:
        if self.outcome != "guasto":
            return self.outcome
        return "morto" if len(self.failures) >= _DEAD_AFTER else "da riprovare"

    def is_fresh(self, today: date) -> bool:
        """Whether it need not be asked again today."""
        age = _BAD_FOR if self.outcome == "guasto" else _GOOD_FOR
        return self.asked <= today < self.asked + age


@dataclass(frozen=True, slots=True)
class Outlink:
    """One address and every place (with its line) where the content writes it."""

    url: str
    used: list[tuple[Place, int]] = field(default_factory=list)


def outlinks(catalog: Catalog) -> list[Outlink]:
    """All addresses of the content in their order; those that differ after a # are one."""
    found: dict[str, Outlink] = {}
    for kind, documents in catalog.documents.items():
        for id, document in documents.items():
            here = place(catalog, kind, id)
            for path, url in _written(document):
                bare = url.partition("#")[0]
                use = here, document.position(path)[0]
                used = found.setdefault(bare, Outlink(bare)).used
                if use not in used:
                    used.append(use)
    exit = catalog.carta.uscita_rapida  # there is one even if nobody wrote it
    if exit not in found:
        found[exit] = Outlink(exit, [(place(catalog, "carta", "carta"), 1)])
    return [found[url] for url in sorted(found)]


def remembered(before: Known | None, answer: Known) -> Known:
    """What to remember after a new answer: failures are counted by day until one works."""
    if answer.outcome != "guasto":
        return answer
    days = {*(before.failures if before else ()), answer.asked}
    return Known(answer.asked, answer.outcome, answer.said, "", tuple(sorted(days)))


def state_of(url: str, known: Mapping[str, Known]) -> State:
    """What can be said of an address."""
    return known[url].state if url in known else "mai controllato"


def _written(document: Document) -> Iterator[tuple[KeyPath, str]]:
    for path, text in _texts(document.data):
        yield from ((path, url) for url in addresses_in(text))
    yield from (((), url) for url in addresses_in(document.text))


def addresses_in(text: str) -> Iterator[str]:
    """The addresses in a text, without the signs that only end the sentence."""
    start = 0
    while found := _URL.search(text, start):
        url = _trimmed(found[0])
        start = found.start() + len(url)
        yield url


def _trimmed(found: str) -> str:
    """The address up to a bracket that was not opened in it, without the signs at its end."""
    depth = 0
    for at, sign in enumerate(found):
        depth += (sign in "([") - (sign in ")]")
        if depth < 0:
            found = found[:at]
            break
    return found.rstrip(".,;:!?…")


def _texts(data: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            if key not in _NO_LINKS:
                yield from _texts(value, (*path, key))
