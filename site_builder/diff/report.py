"""The whole report: every change, and what to do about it, as a tree of lines."""

from collections.abc import Iterator

from site_builder.diff.findings import (
    error_section,
    late_section,
    reading_section,
    warning_sections,
    watch_section,
)
from site_builder.diff.lines import Line, Piece, Section, line
from site_builder.diff.places import changed_pages
from site_builder.diff.records import counted, few, record_sections
from site_builder.diff.sight import Side, Sight
from site_builder.printing.changes import changed_leaves


def build_report(old: Side, new: Side, since: str, print_command: str) -> Section:
    """The report of what is new since then: «dal 01/03/2026».

    `print_command` is what to type for the leaves to exchange.
    """
    sight = Sight(old, new)
    parts = (
        watch_section(sight),
        error_section(sight),
        record_sections(sight),
        late_section(sight),
        *warning_sections(sight),
        reading_section(sight),
        *_drawn(sight, print_command),
    )
    shown = tuple(part for part in parts if part.lines or part.parts)
    return Section(f"Che cosa cambia {since}", tuple(_intro(sight, since)), parts=shown)


def _intro(sight: Sight, since: str) -> Iterator[Line]:
    if sight.changes:
        yield line(counted(sight.changes))
    elif not sight.new.errors:
        yield line(f"Nel contenuto non cambia niente {since}.")
    if count := len(sight.old.errors):
        yield line(
            f"Il contenuto di partenza non segue le regole di oggi (errori: {count}): si "
            "confrontano i file che le seguono."
        )
    if sight.changes and not sight.is_sound:
        yield line("Quali pagine e quali fogli cambiano si può dire quando non ci sono errori.")


def _drawn(sight: Sight, command: str) -> Iterator[Section]:
    """The pages of the site and the leaves of the printed Carta that look different."""
    if not (sight.changes and sight.is_sound):
        return
    old, new = sight.old.drawn, sight.new.drawn
    yield _pages(sight)
    leaves = []
    for leaf in changed_leaves(new.catalog, old.catalog, new.parts, old.parts):
        part = leaf.new or leaf.old
        title = f" {part.title}" if part and part.code else ""
        leaves.append(line(sight.guard.clean(f"{leaf.line}.{title}")))
    how = Line((Piece(command, "code"),), command=True)
    told = line("Chi tiene la Carta stampata li disegna con questo comando:")
    yield Section("Fogli da ristampare", (told, how), tuple(leaves))


def _pages(sight: Sight) -> Section:
    found = changed_pages(sight.old.drawn, sight.new.drawn)
    count = sum(map(len, found.values()))
    hides = sight.hides_comuni()
    lines = []
    for above, pages in found.items():
        named = [page.title for page in pages if not (hides and page.url.startswith("comuni/"))]
        group = f"{sight.guard.clean(above) or 'Elenchi e altre pagine'} ({len(pages)})"
        told = f": {sight.guard.clean(few(named))}" if named else ""
        lines.append(line(Piece(group, "strong"), told))
    intro = line(f"Pagine che cambiano, si aggiungono o si tolgono: {count}.")
    return Section("Pagine del sito", (intro,), tuple(lines), long=True)
