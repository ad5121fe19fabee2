"""Read YAML as JSON-typed YAML: data, and the position of every value in it.

Only true/false, null and plain decimal numbers are not strings. `10:30`, `073042`, `no` and
`2024-01-01` stay what the author typed (YAML 1.1 would read 630, 30242, False and a date object).
Repeated keys, aliases and tags are refused: the first lose data in silence, the others are not
JSON and let a small file unfold into a huge one.
"""

import re
from collections.abc import Callable
from typing import Any

import yaml

MAX_DEPTH = 30
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what ends a line in YAML

Key = str | int
KeyPath = tuple[Key, ...]


class Refused(Exception):
    """Reading stops here; `args` are line, column, rule, message and hint."""

    def __init__(self, line: int, column: int, rule: str, message: str, hint: str) -> None:
        super().__init__(line, column, rule, message, hint)


class _Loader(yaml.CSafeLoader):
    """The C loader with only the scalars of JSON."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (PyYAML's own shape)
    depth = 0

    # PyYAML calls these two around every node; unchecked, deep nesting overflows the stack in C.
    def descend_resolver(self, current_node: yaml.Node, current_index: Any) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _at(
                current_node, "sintassi", "Ci sono troppi livelli uno dentro l'altro.", "Togline."
            )

    def ascend_resolver(self) -> None:
        self.depth -= 1

    # PyYAML's own also looks for tags by path, which are not used here: a quarter of the reading.
    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        if kind is yaml.ScalarNode and implicit[0]:
            for tag, pattern in self.yaml_implicit_resolvers.get(value[:1], ()):
                if pattern.match(value):
                    return tag
        return _DEFAULT_TAGS[kind]


_TAG = "tag:yaml.org,2002:"
_DEFAULT_TAGS = {
    yaml.ScalarNode: _TAG + "str", yaml.SequenceNode: _TAG + "seq", yaml.MappingNode: _TAG + "map"
}  # fmt: skip
# Digits enough for any amount and few enough for any program that reads the open data.
_INTEGER = r"-?(0|[1-9][0-9]{0,14})"
_SCALARS: dict[str, tuple[re.Pattern[str], Callable[[str], Any]]] = {}

for _name, _pattern, _first, _convert in (
    ("bool", r"true|false", "tf", "true".__eq__),
    ("null", r"null|~|", ["n", "~", ""], lambda _: None),
    ("int", _INTEGER, "-0123456789", int),
    ("float", rf"{_INTEGER}\.[0-9]+", "-0123456789", float),
):
    _SCALARS[_TAG + _name] = (re.compile(f"(?:{_pattern})$"), _convert)
    _Loader.add_implicit_resolver(_TAG + _name, _SCALARS[_TAG + _name][0], list(_first))
_SCALARS[_TAG + "str"] = (re.compile(""), str)


def parse(source: str) -> tuple[dict[str, Any], dict[KeyPath, tuple[int, int]]]:
    """Return the mapping in `source` and the (line, column) of every key path in it.

    Raises Refused at the first thing that makes the text unreadable.
    """
    try:
        node = yaml.compose(source, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        raise _explain(error, _LINE_END.split(source)) from None
    except yaml.reader.ReaderError as error:
        line = source.encode().count(b"\n", 0, error.position) + 1
        raise Refused(
            line, 1, "carattere-vietato", "C'è un carattere invisibile che il file non può avere.",
            "Cancella la riga e riscrivila a mano.",
        ) from None  # fmt: skip
    if node is None:
        raise Refused(
            1, 1, "file-vuoto", "Il file è vuoto.",
            "Scrivi il contenuto o cancella il file. «carta new» prepara uno scheletro.",
        )  # fmt: skip
    if not isinstance(node, yaml.MappingNode):
        raise Refused(
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
    if node.tag not in (_TAG + "map", _TAG + "seq"):
        raise _tagged(node)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, positions, seen)
    items = []
    for index, item in enumerate(node.value):
        here, mark = (*path, index), item.start_mark
        positions[here] = (mark.line + 1, mark.column + 1)
        items.append(_value(item, here, positions, seen))
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
                f"Il campo «{key}» c'è due volte: la prima alla riga {line}, colonna {column}.",
                "Tieni una sola delle due righe.",
            )  # fmt: skip
        here, mark = (*path, key), key_node.start_mark
        positions[here] = (mark.line + 1, mark.column + 1)
        result[key] = _value(value_node, here, positions, seen)
    return result


def _scalar(node: yaml.ScalarNode) -> Any:
    pattern, convert = _SCALARS.get(node.tag, (None, str))
    if not pattern or not pattern.match(node.value):
        raise _tagged(node)
    return convert(node.value)


def _tagged(node: yaml.Node) -> Refused:
    return _at(
        node, "etichetta", f"L'etichetta «{node.tag}» non è ammessa.",
        "Togli il punto esclamativo, o metti il valore fra virgolette.",
    )  # fmt: skip


def _at(node: yaml.Node, rule: str, message: str, hint: str) -> Refused:
    mark = node.start_mark
    return Refused(mark.line + 1, mark.column + 1, rule, message, hint)


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


def _explain(error: yaml.MarkedYAMLError, lines: list[str]) -> Refused:
    said = f"{error.context or ''} {error.problem or ''}"
    # What was opened and not closed is to be mended where it was opened.
    opened = "simple key" in said or "quoted scalar" in said
    mark = (error.context_mark if opened else None) or error.problem_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if line > len(lines):  # the end of a file whose last line is not closed
        line, column = len(lines), len(lines[-1]) + 1
    here, above = lines[line - 1], lines[max(0, line - 2)]
    if "\t" in here[:column]:
        return Refused(line, column, "sintassi", *_TAB)
    if "mapping values" in said and line > 1 and ":" not in above:
        return Refused(line - 1, 1, "sintassi", *_NO_COLON)
    message, hint = next(rest for pattern, *rest in _EXPLANATIONS if pattern in said)
    return Refused(line, column, "sintassi", message, hint)
