"""The analytical index: needs, everyday words and acronyms, with what they lead to."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from site_builder.catalog import Catalog
from site_builder.finder import Finder
from site_builder.keywords import keywords
from site_builder.model import Service
from site_builder.model_carta import Voce
from site_builder.words import initial, plain

# The search knows whole sentences, too («mi hanno cacciato di casa»): no index has them.
_MOST_WORDS = 3
_SAID = {"ci", "ho", "mi", "mia", "mio", "non", "sono"}


@dataclass(slots=True)
class Entry:
    """A word of the index with the sheets it leads to, in their order.

    `meaning` opens an acronym. A word that leads to no sheet has the id of its `term` in the
    glossary. `is_title` says that the word is the whole title of a sheet.
    """

    word: str
    meaning: str = ""
    term: str = ""
    is_title: bool = False
    sheets: list[Service] = field(default_factory=list)


def index_of_needs(catalog: Catalog) -> list[Entry]:
    """What people need, in the words of «Trova il servizio», with the sheets for it."""
    finder, order = Finder(catalog), list(catalog.services.values())
    entries = []
    for choice in finder.choices:
        if choice.option.bisogno:
            found = [result.service for result in finder.results([choice])]
            entries.append(Entry(choice.option.bisogno, sheets=[s for s in order if s in found]))
    return entries


def index_of_words(catalog: Catalog) -> list[tuple[str, list[Entry]]]:
    """Titles, acronyms, everyday words and terms of the glossary, by first letter.

    Words that differ only by case, accents and dots are one; a word that only lengthens the one
    above, or is its plural, and leads nowhere else is left out.
    """
    found: dict[str, Entry] = {}
    for entry in _entries(catalog):
        key = _key(f"{entry.word} {entry.meaning}")
        known = found.setdefault(key, entry)
        known.sheets += [sheet for sheet in entry.sheets if sheet not in known.sheets]
        known.is_title |= entry.is_title
        known.term = known.term or entry.term
    order = list(catalog.services.values())
    for entry in found.values():
        entry.sheets.sort(key=order.index)
    kept = _without_echoes([(key, found[key]) for key in sorted(found)])
    return [(letter, list(group)) for letter, group in groupby(kept, lambda e: initial(e.word))]


def _entries(catalog: Catalog) -> Iterator[Entry]:
    """Every word with one sheet, those written best first: the first of equal words is printed."""
    sheets = catalog.services.values()
    yield from (Entry(sheet.titolo, is_title=True, sheets=[sheet]) for sheet in sheets)
    acronyms = _acronyms(catalog)
    for voce in catalog.glossary.voci:
        about = [catalog.services[id] for id in voce.servizi]
        yield Entry(voce.termine, term=voce.id, sheets=list(about))
        if voce.sigla:
            yield Entry(voce.sigla, voce.termine, voce.id, sheets=list(about))
    for sheet in sheets:
        printed = (word for word in keywords(catalog, sheet) if word not in sheet.solo_ricerca)
        for word in printed:
            meanings = acronyms.get(_key(word), [])
            chosen = [v for v in meanings if not v.servizi or sheet.id in v.servizi]
            # A word that is an acronym means there what the glossary says it means there.
            for voce in chosen:
                yield Entry(voce.sigla, voce.termine, voce.id, sheets=[sheet])
                yield Entry(voce.termine, term=voce.id, sheets=[sheet])
            if not meanings and _is_name(word):
                yield Entry(word, sheets=[sheet])


def _is_name(word: str) -> bool:
    words = word.lower().split()
    return len(words) <= _MOST_WORDS and _SAID.isdisjoint(words)


def _acronyms(catalog: Catalog) -> dict[str, list[Voce]]:
    found: dict[str, list[Voce]] = {}
    for voce in catalog.glossary.voci:
        if voce.sigla:
            found.setdefault(_key(voce.sigla), []).append(voce)
    return found


def _without_echoes(entries: Sequence[tuple[str, Entry]]) -> Iterable[Entry]:
    """The entries, sorted by key, without those that say again what stands just above them."""
    above: list[tuple[str, Entry]] = []
    for key, entry in entries:
        above = [(k, e) for k, e in above if _begins(key, k)]
        if not any(_echoes(entry, e) for _, e in above):
            above.append((key, entry))
            yield entry


def _begins(longer: str, shorter: str) -> bool:
    """Whether one goes on with more words, or is the same but for its last letter (plurals)."""
    return longer.startswith(f"{shorter} ") or longer[:-1] == shorter[:-1]


def _echoes(entry: Entry, above: Entry) -> bool:
    is_word = not (entry.is_title or entry.meaning or entry.term)
    return is_word and bool(entry.sheets) and all(sheet in above.sheets for sheet in entry.sheets)


def _key(word: str) -> str:
    """What is left of a word without case, accents, dots and the marks between words."""
    return " ".join(re.findall(r"[^\W_]+", plain(word.replace(".", ""))))
