"""The words by which the search knows a sheet: its own, those of the glossary, the whole list."""

import json
import re
from collections.abc import Iterator

from site_builder.catalog import Catalog
from site_builder.model import Service
from site_builder.model_carta import Voce
from site_builder.words import plain

_SHORTEST = 3  # shorter words are not worth correcting


def keywords(catalog: Catalog, sheet: Service) -> list[str]:
    """The hidden words of a sheet, without repeats, in order."""
    subs = (word for sub in sheet.sottoservizi for word in (sub.titolo, *sub.parole_chiave))
    terms = (voce for voce in catalog.glossary.voci if _is_about(voce, sheet))
    aliases = (word for voce in terms for word in (voce.termine, voce.sigla, *voce.alias))
    words = (*sheet.parole_chiave, *sheet.solo_ricerca, sheet.sigla, *subs, *aliases)
    # «P.I.P.P.I.» is typed without its dots, too.
    return list(dict.fromkeys(word.replace(".", "") for word in words if word))


def word_list(catalog: Catalog) -> str:
    """As JSON: the words to correct a misspelt one with, and the groups of equal meaning."""
    found: set[str] = set()
    for text in _texts(catalog):
        found.update(word for word in words_of(text) if len(word) >= _SHORTEST)
    data = {"parole": " ".join(sorted(found)), "sinonimi": catalog.glossary.sinonimi}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def words_of(text: str) -> list[str]:
    """The words of a text, small, without accents and without numbers."""
    return re.findall(r"[a-z]+", plain(text.replace(".", "")))


def _is_about(voce: Voce, sheet: Service) -> bool:
    if voce.servizi:
        return sheet.id in voce.servizi
    return (bool(sheet.sigla) and voce.sigla == sheet.sigla) or voce.termine == sheet.titolo


def _texts(catalog: Catalog) -> Iterator[str]:
    for sheet in catalog.services.values():
        yield from (sheet.titolo, sheet.descrizione_breve, *keywords(catalog, sheet))
    yield from (contact.nome for contact in catalog.contacts.values())
    yield from (comune.nome for comune in catalog.carta.comuni)
    yield from (word for voce in catalog.glossary.voci for word in (voce.termine, *voce.alias))
