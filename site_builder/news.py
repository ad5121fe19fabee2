"""What has changed for the citizen, the newest first: from the dates of the records and from git.

Where git tells of a change it also tells in what; where it does not, the `aggiornato_il` of a
record is all that is known, and no more is said.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from site_builder.catalog import Catalog
from site_builder.diary import UNKNOWN, History
from site_builder.italian import date_words
from site_builder.news_entry import ORDER, Entry, count
from site_builder.news_sources import checked, editions, first, from_dates, from_git, notices
from site_builder.words import plain

# How many stand on the first page; a day is never parted.
LIMIT = 100
# More of one kind on one day are told as one.
_FOLD = 8
_FOLDED = {
    "nuovo": "Si aggiungono {}", "cambiato": "Aggiornamento di {}", "tolto": "Non ci sono più {}"
}  # fmt: skip


def news(catalog: Catalog, today: date, history: History = UNKNOWN) -> list[Entry]:
    """Everything that may be told on a day, the newest first."""
    single = [*from_git(catalog, history), *from_dates(catalog, history)]
    told = [
        *editions(catalog), *notices(catalog), *first(history), *_folded(single),
        *checked(catalog),
    ]  # fmt: skip
    return sorted((entry for entry in told if entry.day <= today), key=_rank)


def recent(entries: list[Entry]) -> list[Entry]:
    """Those of the first page: LIMIT, and the rest of the last day."""
    last = entries[min(LIMIT, len(entries)) - 1].day if entries else date.min
    return [entry for entry in entries if entry.day >= last]


def by_month(entries: Iterable[Entry]) -> list[tuple[str, list[tuple[date, list[Entry]]]]]:
    """(«novembre 2026», its days with their entries), in the order of the entries."""
    days = [(day, list(same)) for day, same in groupby(entries, key=lambda entry: entry.day)]
    months = groupby(days, key=lambda pair: date_words(pair[0]).split(" ", 1)[1])
    return [(month, list(same)) for month, same in months]


def changed_pages(entries: Iterable[Entry]) -> dict[str, str]:
    """By address of a page, where the list says in what it changed last."""
    found: dict[str, str] = {}
    for entry in entries:
        addresses = [address for _, address in entry.names] or [entry.address]
        for address in addresses if entry.sort == "cambiato" else ():
            found.setdefault(address, f"novita/#{entry.anchor}")
    return found


def _rank(entry: Entry) -> tuple[int, int, str, str]:
    return -entry.day.toordinal(), ORDER.index(entry.kind), plain(entry.title), entry.id


def _folded(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries, with those of one kind on one day as one if they are many."""
    groups: dict[tuple[date, str, str], list[Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.day, entry.kind, entry.sort), []).append(entry)
    for (day, kind, sort), same in groups.items():
        if len(same) <= _FOLD or not sort:
            yield from same
        else:
            title = _FOLDED[sort].format(count(kind, len(same)))
            names = tuple(entry.link for entry in same)
            yield Entry(day, kind, f"tutti-{sort}", title, names=names, sort=sort)
