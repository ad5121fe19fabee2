"""What to look at and what to mend: urgent things, problems, dates, texts hard to read."""

from collections.abc import Iterator
from dataclasses import replace

from site_builder.diff import advice
from site_builder.diff.lines import Line, Piece, Section, line
from site_builder.diff.sight import FORBIDDEN, Sight, became
from site_builder.diff.watch import reasons
from site_builder.errors import Problem

_SCALE = line(
    "Indice Gulpease, da 0 (il più difficile) a 100: da 60 in su un testo si legge con la licenza "
    "media, da 80 con quella elementare."
)


def watch_section(sight: Sight) -> Section:
    """Where a wrong figure can cost most."""
    lines = []
    for change in sight.changes:
        if told := list(reasons(change, sight.old.catalog, sight.new.catalog)):
            name = Piece(sight.name(change), "strong")
            lines.append(line(name, f" {became(change)}: {'; '.join(told)}."))
    return Section("Da guardare due volte", lines=tuple(lines), urgent=True)


def error_section(sight: Sight) -> Section:
    """What keeps the new content from being published."""
    lines = tuple(_problem(sight, problem) for problem in sight.new.errors)
    return Section("Errori da correggere", lines=lines)


def warning_sections(sight: Sight) -> Iterator[Section]:
    """The warnings that came, with the remedy, and those that went."""
    old, new, paths = sight.old.problems, sight.new.problems, sight.renamed_files()
    came = advice.warnings_apart(old, new, paths)
    went = advice.warnings_apart(new, old, {now: was for was, now in paths.items()})
    yield Section("Avvertenze nuove", lines=tuple(_problem(sight, item) for item in came))
    done = tuple(_problem(sight, replace(item, hint="")) for item in went)
    yield Section("Avvertenze risolte", lines=done)


def late_section(sight: Sight) -> Section:
    """The files whose content changed and whose day did not."""
    found = (
        advice.late_date(change, sight.old.catalog, sight.new.catalog) for change in sight.changes
    )
    lines = (line(Piece(late.place, "code"), f" {late.message}") for late in found if late)
    return Section("Date da aggiornare", lines=tuple(lines))


def reading_section(sight: Sight) -> Section:
    """How the texts that changed read."""
    return Section("Leggibilità", (_SCALE,), tuple(_readings(sight)))


def _problem(sight: Sight, problem: Problem) -> Line:
    place = Piece(f"{problem.path}:{problem.line}", "code")
    if problem.path in sight.reserved_files() and problem.rule != FORBIDDEN:
        return line(place, f" [{problem.rule}] Riguarda una sede riservata, e qui non si ripete.")
    hint = f" Rimedio: {problem.hint}" if problem.hint else ""
    return line(place, " ", sight.guard.clean(f"[{problem.rule}] {problem.message}{hint}"))


def _readings(sight: Sight) -> Iterator[Line]:
    for change in sight.changes:
        for reading in advice.readings(change):
            item = reading.change
            if not sight.hides(change, item.path[0]):
                field = sight.words.field(change.kind, item.path, item.items)
                worst = sight.guard.clean(reading.hardest)
                advised = f" Comincia da qui: «{worst}»" if worst else ""
                name = Piece(f"{sight.name(change)}, {field}", "strong")
                yield line(name, f": {reading.words}.{advised}")
