"""The reports of the staff in words for a terminal, and as rows for a spreadsheet."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from site_builder.catalog import Catalog
from site_builder.freshness import never_checked
from site_builder.harm import Doubt
from site_builder.italian import date_words, listing
from site_builder.upkeep.dues import SORTS, Due
from site_builder.upkeep.places import NOUNS, pages, reach

Row = Sequence[str | int]

DUE_HEAD = (
    "entro il", "in ritardo", "che cosa", "titolo", "perché prima", "dettaglio", "chi sentire",
    "pagine che dipendono", "rimedio", "file", "riga",
)  # fmt: skip
DOUBT_HEAD = ("ordine", "titolo", "campo", "perché prima", "dubbio", "chi sentire", "file", "riga")


def within(dues: Iterable[Due], today: date, days: int | None) -> list[Due]:
    """What is late or due in the next days; all of it if no number is given."""
    return [due for due in dues if days is None or due.day <= today + timedelta(days)]


def due_text(catalog: Catalog, dues: Sequence[Due], today: date, days: int) -> str:
    """What is late, what comes within `days`, what comes after, what nobody has ever checked."""
    shown = within(dues, today, days)
    late = [due for due in shown if due.is_late(today)]
    soon = shown[len(late) :]
    parts = [_block(catalog, "Scadute, o scadono oggi", late)]
    parts.append(_block(catalog, f"Nei prossimi {days} giorni", soon))
    if after := dues[len(shown) :]:
        first = after[0].day
        parts.append(
            f"Più avanti: {len(after)}, la prima il {date_words(first)} "
            f"(le mostra «--entro {(after[-1].day - today).days}»)."
        )
    if never := never_words(catalog):
        parts.append(f"Mai verificati con l'ufficio: {never}.")
    return "\n\n".join(parts) + "\n"


def never_words(catalog: Catalog) -> str:
    """«38 contatti su 38, 2 moduli su 3»; empty if everything has been checked."""
    return listing(
        [
            f"{n} {NOUNS[kind][n != 1]} su {every}"
            for kind, (n, every) in never_checked(catalog).items()
        ]
    )


def due_rows(catalog: Catalog, dues: Iterable[Due], today: date) -> Iterator[Row]:
    """A row for each, under `DUE_HEAD`."""
    for due in dues:
        place = due.place
        yield (
            due.day.isoformat(), "sì" if due.is_late(today) else "no", SORTS[due.sort],
            place.title, due.danger, due.said, due.who, pages(catalog, place.kind, place.id),
            due.remedy, place.file, due.line,
        )  # fmt: skip


def doubt_text(doubts: Sequence[Doubt]) -> str:
    """All doubts in their order, and how many could mislead somebody in danger."""
    dangerous = sum(doubt.is_danger for doubt in doubts)
    head = f"Dubbi aperti: {len(doubts)}, di cui {dangerous} su emergenze o violenza."
    return "\n\n".join([head, *map(_doubt, doubts)]) + "\n"


def doubt_rows(doubts: Iterable[Doubt]) -> Iterator[Row]:
    """A row for each, under `DOUBT_HEAD`."""
    for order, doubt in enumerate(doubts, start=1):
        yield (
            order, doubt.place.title, doubt.field, "; ".join(doubt.reasons), doubt.motive,
            doubt.who, doubt.place.file, doubt.line,
        )  # fmt: skip


def _block(catalog: Catalog, title: str, dues: Sequence[Due]) -> str:
    if not dues:
        return f"{title}: niente."
    return "\n\n".join([f"{title}: {len(dues)}.", *(_due(catalog, due) for due in dues)])


def _due(catalog: Catalog, due: Due) -> str:
    place = due.place
    count = pages(catalog, place.kind, place.id)
    depends = (
        reach(catalog, place.kind, place.id) or f"{count} {'pagina' if count == 1 else 'pagine'}"
    )
    urgent = f" [{due.danger}]" if due.danger else ""
    return (
        f"{place.file}:{due.line} {place.title}{urgent}\n"
        f"    Entro il {date_words(due.day)}. {due.said}; {depends}.\n"
        f"    Chi sentire: {due.who}\n"
        f"    Rimedio: {due.remedy}"
    )


def _doubt(doubt: Doubt) -> str:
    return (
        f"{doubt.place.file}:{doubt.line} {doubt.place.title}: {doubt.field} "
        f"[{'; '.join(doubt.reasons)}]\n"
        f"    {doubt.motive}\n"
        f"    Chi sentire: {doubt.who}"
    )
