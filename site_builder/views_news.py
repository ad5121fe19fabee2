"""What the pages of the changes and of the archive show."""

from datetime import date

from site_builder.beside import Beside
from site_builder.catalog import Catalog
from site_builder.diary import UNKNOWN, History
from site_builder.model_carta import Edizione
from site_builder.model_editions import Edition
from site_builder.news import by_month, changed_pages, recent
from site_builder.news_entry import Entry
from site_builder.views import View

TITLE = "Che cosa è cambiato"


def news(entries: list[Entry], history: History, year: int | None = None) -> View:
    """The first page, or that of a year; those of the years are named if the first lacks some."""
    front = recent(entries)
    years = {entry.day.year for entry in entries} if len(front) < len(entries) else set()
    shown = [entry for entry in entries if entry.day.year == year] if year else front
    return {
        "title": f"{TITLE} nel {year}" if year else TITLE,
        "months": by_month(shown),
        "year": year,
        "years": sorted(years, reverse=True),
        "from_git": history != UNKNOWN,
        "began": history.began,
    }


def changed(entries: list[Entry], history: History) -> dict[str, str]:
    """By address of a page, where the first page says in what it changed; of what git tells."""
    return changed_pages(recent(entries)) if history != UNKNOWN else {}


def archive(catalog: Catalog, beside: Beside, today: date) -> View:
    """The edition that holds, and those of the past."""
    edition = catalog.carta.edizione
    return {
        "expired": bool(edition.valida_al and edition.valida_al < today),
        "editions": catalog.editions,
        "same": {id for id, old in catalog.editions.items() if _is_same(old, edition)},
        "files": beside.editions,
        "seat": catalog.contacts[catalog.carta.ente.sede].nome,
    }


def _is_same(old: Edition, edition: Edizione) -> bool:
    """Whether what lies in the archive is the edition that the site still has."""
    if old.versione or edition.versione:
        return old.versione == edition.versione
    return (old.titolo, old.valida_dal) == (edition.titolo, edition.valida_dal)
