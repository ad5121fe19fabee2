"""Read files of YAML as JSON-typed YAML: documents that know the position of every value.

Only true/false, null and plain decimal numbers are not strings. `10:30`, `073042`, `no` and
`2024-01-01` stay what the author typed (YAML 1.1 would read 630, 30242, False and a date object).
Repeated keys, aliases and tags are refused: the first lose data in silence, the others are not
JSON and let a small file unfold into a huge one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from site_builder.errors import Problem

KINDS = ("services", "contacts", "providers", "standards", "results", "forms", "notices")
SINGLE_KINDS = ("carta", "areas", "glossary", "without-sheet")
PAGES = "pages"

MAX_BYTES = 1_000_000
MAX_DEPTH = 30

Key = str | int
KeyPath = tuple[Key, ...]


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
        return Path(self.path).stem

    def position(self, path: KeyPath) -> tuple[int, int]:
        """The position of the value at `path`, or of its nearest ancestor that has one."""
        while path and path not in self.positions:
            path = path[:-1]
        return self.positions.get(path, (1, 1))


class _Refused(Exception):
    """Reading stops here: line, column, rule, message, hint."""

    def __init__(self, line: int, column: int, rule: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.args = (line, column, rule, message, hint)


def iter_files(body: Path) -> Iterator[tuple[str, Path]]:
    """Yield (kind, path) for every file of content that exists, in a fixed order."""
    content = body / "content"
    for kind in SINGLE_KINDS:
        if (path := content / f"{kind}.yml").exists():
            yield kind, path
    for kind in KINDS:
        yield from ((kind, path) for path in sorted((content / kind).glob("*.y*ml")))
    yield from ((PAGES, path) for path in sorted((content / PAGES).rglob("*.md")))


def load_document(kind: str, path: Path, body: Path) -> Document | Problem:
    """Return the document in `path`, or the one problem that makes it unreadable."""
    shown = path.relative_to(body).as_posix()
    try:
        text = _read_text(path)
        if kind == PAGES:
            source, rest = _split_front_matter(text)
        else:
            source, rest = text, ""
        data, positions = _parse(source)
    except _Refused as refused:
        line, column, rule, message, hint = refused.args
        return Problem(shown, line, column, "errore", rule, message, hint)
    return Document(kind, shown, data, positions, rest)


def _read_text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _Refused(
                1, 1, "file-troppo-grande", "Il file supera un milione di byte.",
                "Un file descrive una cosa sola: controlla che non sia stato incollato altro.",
            )  # fmt: skip
        raw = path.read_bytes()
    except OSError as error:
        reason = "è un collegamento che gira su se stesso" if error.errno == 40 else "non si apre"
        raise _Refused(
            1, 1, "file-illeggibile", f"Il file {reason}.",
            "Controlla che il file esista davvero e che si possa leggere.",
        ) from None  # fmt: skip
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise _Refused(
            line, column, "codifica", "Il file non è scritto in UTF-8.",
            "Apri il file, scegli «Salva con codifica» e indica UTF-8.",
        ) from None  # fmt: skip


def _split_front_matter(text: str) -> tuple[str, str]:
    match = re.match(r"---\r?\n(.*?)^---[ \t]*$\r?\n?(.*)", text, re.S | re.M)
    if not match:
        raise _Refused(
            1, 1, "intestazione-mancante", "La pagina non comincia con l'intestazione fra «---».",
            "Metti in cima: una riga «---», poi «title: …» e «description: …», poi un'altra «---».",
        )  # fmt: skip
    # The opening line stays, as an empty one, so that line numbers are those of the file.
    return "\n" + match[1], match[2]


class _Loader(yaml.CSafeLoader):
    """The C loader with only the scalars of JSON."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (PyYAML's own shape)


for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", ["n", "~", ""]),
    ("int", r"-?(0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?(0|[1-9][0-9]*)\.[0-9]+", "-0123456789"),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), list(_first)
    )

_SCALARS = {
    "tag:yaml.org,2002:str": str,
    "tag:yaml.org,2002:bool": "true".__eq__,
    "tag:yaml.org,2002:null": lambda _: None,
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": float,
}


def _parse(source: str) -> tuple[dict[str, Any], dict[KeyPath, tuple[int, int]]]:
    try:
        node = yaml.compose(source, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        raise _explain(error, source.split("\n")) from None
    except yaml.reader.ReaderError as error:
        line = source.count("\n", 0, error.position) + 1
        raise _Refused(
            line, 1, "carattere-vietato", "C'è un carattere invisibile che il file non può avere.",
            "Cancella la riga e riscrivila a mano.",
        ) from None  # fmt: skip
    if node is None:
        raise _Refused(
            1, 1, "file-vuoto", "Il file è vuoto.",
            "Scrivi il contenuto o cancella il file. «carta new» prepara uno scheletro.",
        )  # fmt: skip
    if not isinstance(node, yaml.MappingNode):
        raise _Refused(
            1, 1, "sintassi", "Il file deve essere fatto di righe «campo: valore».",
            "Confrontalo con un altro file della stessa cartella.",
        )  # fmt: skip
    positions: dict[KeyPath, tuple[int, int]] = {(): (1, 1)}
    data: dict[str, Any] = _value(node, (), positions, set())
    return data, positions


def _value(
    node: yaml.Node, path: KeyPath, positions: dict[KeyPath, tuple[int, int]], seen: set[int]
) -> Any:
    if id(node) in seen:
        raise _at(
            node, "alias", "Gli alias (&nome e *nome) non sono ammessi.",
            "Ripeti il valore per intero.",
        )  # fmt: skip
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if len(path) >= MAX_DEPTH:
        raise _at(node, "sintassi", "Ci sono troppi livelli uno dentro l'altro.", "Togline.")
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, positions, seen)
    items = []
    for index, item in enumerate(node.value):
        positions[(*path, index)] = (item.start_mark.line + 1, item.start_mark.column + 1)
        items.append(_value(item, (*path, index), positions, seen))
    return items


def _mapping(
    node: yaml.MappingNode,
    path: KeyPath,
    positions: dict[KeyPath, tuple[int, int]],
    seen: set[int],
) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise _at(key_node, "sintassi", "Il nome di un campo deve essere una parola.", "")
        key = key_node.value
        if key in result:
            line, column = positions[(*path, key)]
            raise _at(
                key_node, "chiave-doppia",
                f"Il campo «{key}» è scritto due volte: la prima alla riga {line}, colonna {column}.",
                "Tieni una sola delle due righe.",
            )  # fmt: skip
        positions[(*path, key)] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        result[key] = _value(value_node, (*path, key), positions, seen)
    return result


def _scalar(node: yaml.ScalarNode) -> Any:
    convert = _SCALARS.get(node.tag)
    if convert is None:
        raise _at(
            node, "etichetta", f"L'etichetta «{node.tag}» non è ammessa.",
            "Togli il punto esclamativo, o metti il valore fra virgolette.",
        )  # fmt: skip
    try:
        return convert(node.value)  # type: ignore[operator]
    except ValueError:
        raise _at(node, "sintassi", "Il numero non si può leggere.", "Mettilo fra virgolette.") from None


def _at(node: yaml.Node, rule: str, message: str, hint: str) -> _Refused:
    mark = node.start_mark
    return _Refused(mark.line + 1, mark.column + 1, rule, message, hint)


# What libyaml says, and what a person who edits a file should read instead.
_TAB = (
    "C'è una tabulazione al posto degli spazi.",
    "Rientra con gli spazi, due per livello, mai con il tasto Tab.",
)
_NO_COLON = (
    "Manca un «:» dopo il nome di un campo, qui o nella riga sopra.",
    "Scrivi «campo: valore», con i due punti e uno spazio.",
)
_EXPLANATIONS = (
    ("could not find expected ':'", *_NO_COLON),
    (
        "mapping values are not allowed",
        "C'è un «:» dove non può stare, o il rientro è sbagliato.",
        "Se i due punti fanno parte del testo, metti tutto il testo fra virgolette.",
    ),
    (
        "did not find expected",
        "Il rientro o la punteggiatura non tornano.",
        "Allinea la riga con quelle dello stesso livello; controlla virgolette e parentesi.",
    ),
    (
        "quoted scalar",
        "Una virgoletta si apre e non si chiude.",
        "Chiudi le virgolette.",
    ),
    (
        "expected a single document",
        "Nel file c'è una seconda riga «---».",
        "Togli la riga «---».",
    ),
    (
        "alias",
        "L'asterisco (*) davanti a una parola ha un significato speciale.",
        "Metti il testo fra virgolette.",
    ),
    (
        "cannot start any token",
        "La riga comincia con un carattere che non può starci.",
        "Metti il testo fra virgolette.",
    ),
    (
        "",
        "Il file non si può leggere da qui in poi.",
        "Controlla rientri, due punti e virgolette di questa riga e di quella prima.",
    ),
)


def _explain(error: yaml.MarkedYAMLError, lines: list[str]) -> _Refused:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    said = f"{error.context or ''} {error.problem or ''}"
    here, above = ([*lines, ""][min(line, len(lines)) - 1], lines[max(0, line - 2)])
    if "\t" in here[:column]:
        return _Refused(line, column, "sintassi", *_TAB)
    if "mapping values" in said and line > 1 and ":" not in above:
        return _Refused(line - 1, 1, "sintassi", *_NO_COLON)
    message, hint = next(rest for pattern, *rest in _EXPLANATIONS if pattern in said)
    return _Refused(line, column, "sintassi", message, hint)
