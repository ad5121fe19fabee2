"""Read all the content of a body: the Catalog of what fits its schema, the problems of the rest."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from site_builder.catalog import Catalog
from site_builder.documents import (
    EDITIONS,
    Document,
    id_of,
    iter_files,
    iter_strays,
    load_document,
)
from site_builder.editions import pdf_problems
from site_builder.errors import ContentError, Problem
from site_builder.model import (
    BodyStandard,
    Contact,
    Form,
    Notice,
    Page,
    Provider,
    Record,
    Results,
    Service,
    to_record,
)
from site_builder.model_carta import Areas, Carta, Glossary, WithoutSheet
from site_builder.model_editions import Edition
from site_builder.model_figures import Figures
from site_builder.validation import validate

RECORDS: dict[str, type[Record]] = {
    "carta": Carta,
    "areas": Areas,
    "glossary": Glossary,
    "without-sheet": WithoutSheet,
    "services": Service,
    "contacts": Contact,
    "providers": Provider,
    "standards": BodyStandard,
    "results": Results,
    "figures": Figures,
    "forms": Form,
    "notices": Notice,
    "editions": Edition,
    "pages": Page,
}
_REQUIRED = ("carta", "areas")

Progress = Callable[[int, int], None]  # told (files read, files in all)


def read_content(
    body: Path, progress: Progress | None = None
) -> tuple[Catalog | None, list[Problem]]:
    """Load and validate all the content of a body.

    Returns the Catalog of what fits its schema, None if without `carta.yml` and `areas.yml` there
    is nothing to draw, and the problems of the rest. Raises ContentError if there is no content.
    """
    if not (body / "content").is_dir():
        raise ContentError(f"Nella cartella «{body}» non c'è una cartella «content».")
    records: dict[str, dict[str, Any]] = {kind: {} for kind in RECORDS}
    documents: dict[str, dict[str, Document]] = {kind: {} for kind in RECORDS}
    known: dict[str, set[str]] = {kind: set() for kind in RECORDS}
    problems = list(iter_strays(body))
    files = list(iter_files(body))
    for count, (kind, path) in enumerate(files, start=1):
        if progress:
            progress(count, len(files))
        document, found = _read(kind, path, body, known[kind])
        known[kind].add(id_of(kind, path.relative_to(body).as_posix()))
        problems += found
        if document:
            documents[kind][document.stem] = document
            records[kind][document.stem] = to_record(document, RECORDS[kind])
    missing = [kind for kind in _REQUIRED if not known[kind]]
    problems += [_missing(kind) for kind in missing]
    if any(not records[kind] for kind in _REQUIRED):
        return None, problems
    frozen = {kind: frozenset(ids) for kind, ids in known.items()}
    return Catalog(records, documents, frozen), problems


def _read(
    kind: str, path: Path, body: Path, known: set[str]
) -> tuple[Document | None, list[Problem]]:
    """The document in a file if it is valid and new, and what is wrong with it."""
    shown = path.relative_to(body).as_posix()
    if (id := id_of(kind, shown)) in known:
        return None, [_twice(shown, id)]
    document = load_document(kind, path, body)
    if isinstance(document, Problem):
        return None, [document]
    found = validate(document)
    if kind == EDITIONS and not found:
        found = list(pdf_problems(document, path))
    return (None if found else document), found


def _missing(kind: str) -> Problem:
    return Problem(
        f"content/{kind}.yml", 1, 1, "errore", "file-mancante", "Questo file manca.",
        "Ogni Carta ha un carta.yml e un areas.yml: copiali da un'altra e cambiali.",
    )  # fmt: skip


def _twice(shown: str, stem: str) -> Problem:
    return Problem(
        shown, 1, 1, "errore", "file-doppio", f"Due file si chiamano «{stem}».",
        "Il nome del file è l'id: tienine uno solo, «.yml», o dagli un altro nome.",
    )  # fmt: skip
