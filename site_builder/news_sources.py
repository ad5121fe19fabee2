"""Where the news come from: the dates of the content, and git."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from site_builder.catalog import Catalog
from site_builder.diary import History
from site_builder.italian import date_words, listing
from site_builder.model import Notice, Record
from site_builder.model_carta import Edizione
from site_builder.model_editions import Edition
from site_builder.news_entry import ORDER, Entry, about, count, counted, gone, said, whole_text

# Their own dates say when they appear and end.
_DATED = ("notices", "editions")
# So many of one age are those with which a Carta began.
_MANY = 8


def editions(catalog: Catalog) -> Iterator[Entry]:
    """The edition that holds, and those put into the archive."""
    edition = catalog.carta.edizione
    if edition.valida_dal:
        yield Entry(edition.valida_dal, "editions", "carta", _called(edition), "entra in vigore",
                    "questa-carta/")  # fmt: skip
    for id, old in catalog.editions.items():
        yield Entry(old.archiviata_il, "editions", id, _called(old), "messa in archivio",
                    "archivio/")  # fmt: skip


def _called(edition: Edizione | Edition) -> str:
    return ", ".join(word for word in (edition.titolo, edition.versione) if word)


def notices(catalog: Catalog) -> Iterator[Entry]:
    """When each appears and, once its last day is past, that it is closed."""
    for id, notice in catalog.notices.items():
        entry = about(catalog, "notices", id)
        yield replace(entry, day=notice.pubblicato_il, text="pubblicato")
        if last := notice.chiude_il:
            closed = f"chiuso, l'ultimo giorno utile era il {date_words(last)}"
            yield replace(entry, day=last + timedelta(days=1), id=f"{id}-chiuso", text=closed)


def first(history: History) -> Iterator[Entry]:
    """The state with which the history begins."""
    if history.began:
        yield Entry(history.began, "first", "", "Prima versione di questa Carta",
                    counted(history.stock), "questa-carta/")  # fmt: skip


def from_git(catalog: Catalog, history: History) -> Iterator[Entry]:
    """What is new, changed or gone."""
    born = {
        (change.day, change.kind, about(catalog, change.kind, change.id).title)
        for change in history.changes
        if change.sort == "nuovo" and change.id in catalog.records[change.kind]
    }
    for change in history.changes:
        there = change.id in catalog.records[change.kind]
        if change.sort == "tolto":
            renamed = (change.day, change.kind, change.title) in born
            if not (there or renamed or change.kind in _DATED):
                yield gone(change)
        elif there and not (change.kind in _DATED and change.sort == "nuovo"):
            entry = about(catalog, change.kind, change.id)
            yield replace(entry, day=change.day, text=said(catalog, change), sort=change.sort)


def from_dates(catalog: Catalog, history: History) -> Iterator[Entry]:
    """Of what git has not told: it is not there, or the change is not committed yet."""
    records = ((kind, item) for kind in ORDER for item in catalog.records.get(kind, {}).items())
    days = {(kind, id): day for kind, (id, record) in records if (day := _declared(record))}
    oldest = min(days.values(), default=date.min)
    same = Counter(kind for (kind, _), day in days.items() if day == oldest)
    if is_first := not history.seen and same.total() > max(_MANY, len(days) // 2):
        # The day on which all texts were put there: nobody wants to read it of each.
        yield Entry(oldest, "first", "", "Testi di questa Carta", counted(same), "questa-carta/")
    for (kind, id), day in days.items():
        if history.seen.get((kind, id), date.min) < day and not (is_first and day == oldest):
            text = whole_text(kind)
            yield replace(about(catalog, kind, id), day=day, text=text, sort="cambiato")


def _declared(record: Record) -> date | None:
    """The day of the last change that a record itself gives, beside those told already."""
    if isinstance(record, Notice) and record.aggiornato_il:
        return record.aggiornato_il if record.aggiornato_il > record.pubblicato_il else None
    return record.aggiornato_il


def checked(catalog: Catalog) -> Iterator[Entry]:
    """What was compared with the office, a line for each day."""
    days: dict[date, list[tuple[str, str]]] = {}
    for kind in ORDER:
        for id, record in catalog.records.get(kind, {}).items():
            if record.verificato_il:
                days.setdefault(record.verificato_il, []).append((kind, id))
    for day, found in days.items():
        stock = Counter(kind for kind, _ in found)
        text = listing([count(kind, number) for kind, number in stock.items()])
        names = tuple(about(catalog, kind, id).link for kind, id in found)
        yield Entry(day, "checked", "", "Verificati con l'ufficio", text, names=names)
