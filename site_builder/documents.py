"""Find and read the files of a body: what cannot be read becomes a problem, the rest documents."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from site_builder.errors import Problem
from site_builder.loader import KeyPath, Refused, parse

KINDS = (
    "services", "contacts", "providers", "standards", "results", "forms", "notices", "editions",
)  # fmt: skip
# Beside the results of a year: what came in, as the endpoint writes it.
FIGURES, FIGURES_END = "figures", "-reclami"
SINGLE_KINDS = ("carta", "areas", "glossary", "without-sheet")
PAGES = "pages"
# Each has its PDF beside it.
EDITIONS = "editions"
# The only folders inside content/pages/ whose pages are read; one level, nothing below them.
PAGE_FOLDERS = ("lingue",)

_SUBFOLDERS = [f"{PAGES}/{name}" for name in PAGE_FOLDERS]

MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Document:
    """A file that could be read. `data` is JSON-like; `positions` maps key paths to (line, column).

    `text` is what follows the front matter of a Markdown page, empty for YAML.
    """

    kind: str
    path: str
    data: dict[str, Any]
    positions: Mapping[KeyPath, tuple[int, int]]
    text: str = ""

    @property
    def stem(self) -> str:
        """The id that the name of the file gives to what is in it."""
        return id_of(self.kind, self.path)

    def position(self, path: KeyPath) -> tuple[int, int]:
        """The position of the value at `path`, or of its nearest ancestor that has one."""
        while path and path not in self.positions:
            path = path[:-1]
        return self.positions.get(path, (1, 1))


def id_of(kind: str, shown: str) -> str:
    """The id of what is in a file, `shown` from the body's folder: its name without the suffix.

    A page keeps the folder it lies in, which is part of its address: `lingue/en`.
    """
    if kind == PAGES:
        return shown.removeprefix(f"content/{PAGES}/").removesuffix(".md")
    return Path(shown).stem


def iter_files(body: Path) -> Iterator[tuple[str, Path]]:
    """Yield (kind, path) for every file of content that exists, in a fixed order."""
    content = body / "content"
    for kind in SINGLE_KINDS:
        if (path := content / f"{kind}.yml").exists():
            yield kind, path
    for kind in KINDS:
        paths = sorted((content / kind).glob("[!.]*.y*ml"))
        figures = [p for p in paths if kind == "results" and p.stem.endswith(FIGURES_END)]
        yield from ((kind, path) for path in paths if path not in figures)
        yield from ((FIGURES, path) for path in figures)
    for folder in ("", *PAGE_FOLDERS):
        yield from ((PAGES, path) for path in sorted((content / PAGES / folder).glob("[!.]*.md")))


def iter_strays(body: Path) -> Iterator[Problem]:
    """Yield a problem for every file that looks like content and lies where nobody reads it."""
    read = {path for _, path in iter_files(body)}
    for path in sorted((body / "content").glob("**/[!.]*")):
        is_text = path.suffix == ".md" and path.parent.name == "content"  # notes on the content
        if path.suffix in (".yml", ".yaml", ".md") and not is_text and path not in read:
            yield Problem(
                path.relative_to(body).as_posix(), 1, 1, "errore", "file-fuori-posto",
                "Questo file non viene letto.",
                f"Le cartelle di content/ sono: {', '.join((*KINDS, PAGES, *_SUBFOLDERS))}.",
            )  # fmt: skip
    described = {path.with_suffix("") for path in read}
    for path in sorted((body / "content" / EDITIONS).glob("[!.]*.pdf")):
        if path.with_suffix("") not in described:
            yield Problem(
                path.relative_to(body).as_posix(), 1, 1, "errore", "file-fuori-posto",
                "Questo PDF non è descritto, e non viene pubblicato.",
                f"Accanto ci vuole «{path.stem}.yml», con titolo, date e impronta.",
            )  # fmt: skip


def load_document(kind: str, path: Path, body: Path) -> Document | Problem:
    """Return the document in `path`, or the one problem that makes it unreadable."""
    shown = path.relative_to(body).as_posix()
    try:
        text = _read_text(path)
        source, rest = split_front_matter(text) if kind == PAGES else (text, "")
        data, positions = parse(source)
    except Refused as refused:
        line, column, rule, message, hint = refused.args
        return Problem(shown, line, column, "errore", rule, message, hint)
    return Document(kind, shown, data, positions, rest)


def _read_text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Refused(
                1, 1, "file-troppo-grande", "Il file supera un milione di byte.",
                "Un file descrive una cosa sola: controlla che non sia stato incollato altro.",
            )  # fmt: skip
        raw = path.read_bytes()
    except OSError as error:
        reason = "è un collegamento che gira su se stesso" if error.errno == 40 else "non si apre"
        raise Refused(
            1, 1, "file-illeggibile", f"Il file {reason}.",
            "Controlla che il file esista davvero e che si possa leggere.",
        ) from None  # fmt: skip
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise Refused(
            line, column, "codifica", "Il file non è scritto in UTF-8.",
            "Apri il file, scegli «Salva con codifica» e indica UTF-8.",
        ) from None  # fmt: skip


def split_front_matter(text: str) -> tuple[str, str]:
    """The front matter of a page and the text below it. Raises Refused if there is none."""
    match = re.match(r"---\r?\n(.*?)^---[ \t]*\r?$\n?(.*)", text, re.S | re.M)
    if not match:
        raise Refused(
            1, 1, "intestazione-mancante", "La pagina non comincia con l'intestazione fra «---».",
            "Metti in cima: una riga «---», poi «title: …» e «description: …», poi un'altra «---».",
        )  # fmt: skip
    # The opening line stays, as an empty one, so that line numbers are those of the file.
    return "\n" + match[1], match[2]
