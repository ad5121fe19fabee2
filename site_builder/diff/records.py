"""The changes record by record: where each appears, then field by field."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from site_builder.diff.compare import RecordChange
from site_builder.diff.lines import Line, Section, line
from site_builder.diff.places import Places, places_of
from site_builder.diff.sentences import change_line
from site_builder.diff.sight import Sight, became
from site_builder.italian import listing
from site_builder.titles import kind_title

_MANY = 8  # names that are still read in one sentence
_UNREADABLE = (
    "Il file di prima, o quello di adesso, non segue le regole: non si possono confrontare. "
    "Guarda il file intero."
)


def record_sections(sight: Sight) -> Section:
    """What changes, sheet by sheet."""
    parts = tuple(_section(sight, change) for change in sight.changes)
    return Section("Modifica per modifica", parts=parts, long=True)


def counted(changes: Sequence[RecordChange]) -> str:
    """How many things change: «Cambia: Contatto (2) e Avviso (1)»."""
    counts: dict[str, int] = {}
    for change in changes:
        counts[kind_title(change.kind)] = counts.get(kind_title(change.kind), 0) + 1
    return f"Cambia: {listing([f'{title} ({count})' for title, count in counts.items()])}."


def few(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    left = len(names) - _MANY
    return ", ".join(names) if left < 2 else f"{', '.join(names[:_MANY])} e ancora {left}"


def _section(sight: Sight, change: RecordChange) -> Section:
    title = f"{sight.name(change)}: {became(change)}"
    if change.unreadable:
        return Section(title, lines=(line(_UNREADABLE),), long=True)
    places = places_of(change, sight.old.drawn, sight.new.drawn)
    if sight.hides(change, "comune"):
        places = replace(places, comuni=())
    kind = kind_title(change.kind)
    what = [] if kind == sight.name(change) else [f"{kind}."]
    intro = tuple(line(told) for told in (*what, *_where(places, change)))
    return Section(title, intro, tuple(_lines(sight, change)), long=True)


def _lines(sight: Sight, change: RecordChange) -> Iterator[Line]:
    for item in change.changes:
        yield change_line(sight.words, change, item, sight.hides(change, item.path[0]))


def _where(places: Places, change: RecordChange) -> Iterator[str]:
    """Where a record appears: «Compare in 3 schede (…), in 2 pagine di Comune (…) e …»."""
    found = ["su ogni pagina del sito"] if places.everywhere else []
    for names, one, many in (
        (places.sheets, "nella scheda", "schede"),
        (places.comuni, "nella pagina di Comune", "pagine di Comune"),
        (places.leaves, "nel foglio", "fogli"),
    ):
        if names:
            shown = few(names)
            told = f"{one} {shown}" if len(names) == 1 else f"in {len(names)} {many} ({shown})"
            found.append(told)
    if found:
        paper = " della Carta stampata (PDF)" if places.leaves else ""
        verb = "Compariva" if change.new is None else "Compare"
        yield f"{verb} {listing(found)}{paper}."
