"""The archive: the PDF of an old edition lies beside its file and is never changed."""

import hashlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from site_builder.documents import Document
from site_builder.errors import Problem


def pdf_problems(document: Document, path: Path) -> Iterator[Problem]:
    """What is wrong with the PDF beside the file at `path`, which describes an edition."""
    pdf = path.with_suffix(".pdf")
    try:
        data = pdf.read_bytes()
    except OSError:
        yield _problem(
            document, "id", "pdf-mancante", f"Manca il PDF di questa edizione: «{pdf.name}».",
            "Mettilo accanto a questo file. Se c'era, git lo conserva: "
            f"«git checkout HEAD -- content/editions/{pdf.name}» lo rimette.",
        )  # fmt: skip
        return
    found = hashlib.sha256(data).hexdigest()
    if not _is_pdf(data):
        yield _problem(
            document, "id", "pdf-illeggibile", f"«{pdf.name}» non è un PDF che si apre.",
            "Rimetti il PDF di questa edizione, intero e senza parola d'ordine.",
        )  # fmt: skip
    elif found != document.data["sha256"]:
        yield _problem(
            document, "sha256", "pdf-cambiato", f"«{pdf.name}» non è il PDF messo in archivio.",
            "Rimetti quello di prima: un'edizione in archivio non si cambia. Solo se qui non è mai "
            f"stata scritta l'impronta giusta, scrivi {found}.",
        )  # fmt: skip


def _is_pdf(data: bytes) -> bool:
    import pikepdf  # takes its time to load, and most bodies have no archive

    try:
        with pikepdf.open(BytesIO(data)) as opened:
            return len(opened.pages) > 0
    except (pikepdf.PdfError, pikepdf.PasswordError):
        return False


def _problem(document: Document, key: str, rule: str, message: str, hint: str) -> Problem:
    line, column = document.position((key,))
    return Problem(document.path, line, column, "errore", rule, message, hint)
