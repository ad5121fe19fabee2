"""A small writer of RDF as Turtle: the same things said in any order give the same text."""

import re
from collections.abc import Iterable, Mapping

# A term as it stands in the file, or several; an empty one says nothing.
Terms = str | Iterable[str]
Properties = Mapping[str, Terms]

# Control characters may stand in a literal, but no editor shows them.
_CONTROLS = {code: f"\\u{code:04X}" for code in (*range(32), *range(127, 160), 0x2028, 0x2029)}
_IN_LITERAL = {**_CONTROLS, 34: '\\"', 92: "\\\\", 10: "\\n", 13: "\\r", 9: "\\t"}
_UNSAFE = re.compile(f"[{re.escape(''.join(map(chr, _IN_LITERAL)))}]")
_NOT_IN_IRI = {code: f"%{code:02X}" for code in (*range(33), *map(ord, '<>"{}|^`\\'))}
_UNSAFE_IN_IRI = re.compile(f"[{re.escape(''.join(map(chr, _NOT_IN_IRI)))}]")
# What stays the same when it is read against the base.
_RELATIVE = re.compile(r"([a-z0-9_-][a-z0-9_.-]*(/|$|(?=#)))*(#[A-Za-z0-9_.-]+)?")


def text(words: str, language: str = "it") -> str:
    """Words in a language, or nothing."""
    return f"{literal(words)}@{language}" if words else ""


def literal(value: str, datatype: str = "") -> str:
    """A value without a language: `datatype` with its prefix, such as `xsd:date`."""
    # Faster than `translate`, as few characters are unsafe.
    safe = _UNSAFE.sub(lambda found: _IN_LITERAL[ord(found[0])], value)
    return f'"{safe}"^^{datatype}' if datatype else f'"{safe}"'


class Turtle:
    """Things and what is said of each. Names that begin with `base` are written without it.

    With no base a relative name is read against the address that the file is found at.
    """

    def __init__(self, prefixes: Mapping[str, str], base: str = "") -> None:
        self._base = base
        self._prefixes = prefixes
        self._things: dict[str, dict[str, dict[str, None]]] = {}

    def name(self, iri: str) -> str:
        """An IRI as a term, or nothing."""
        rest = iri.removeprefix(self._base)
        if rest != iri and _RELATIVE.fullmatch(rest):
            return f"<{rest}>"
        return f"<{_escaped(iri)}>" if iri else ""

    def describe(self, iri: str, types: str, properties: Properties | None = None) -> str:
        """Say something of a thing; gives its name back, so that others can point to it.

        `types` are names with their prefixes, parted by blanks. What was said before stays said.
        """
        name = self.name(iri)
        said = self._things.setdefault(name, {})
        said.setdefault("a", {}).update(dict.fromkeys(types.split()))
        for key, terms in (properties or {}).items():
            several = (terms,) if isinstance(terms, str) else terms
            if found := [term for term in several if term]:
                said.setdefault(key, {}).update(dict.fromkeys(found))
        return name

    def __str__(self) -> str:
        head = [f"@base <{_escaped(self._base)}> .\n"] if self._base else []
        head += [f"@prefix {key}: <{iri}> .\n" for key, iri in sorted(self._prefixes.items())]
        things = (_block(name, said) for name, said in sorted(self._things.items()))
        return "".join([*head, *things])


def _escaped(iri: str) -> str:
    return _UNSAFE_IN_IRI.sub(lambda found: _NOT_IN_IRI[ord(found[0])], iri)


def _block(name: str, said: Mapping[str, Iterable[str]]) -> str:
    lines = (f"{key} {', '.join(sorted(said[key]))}" for key in sorted(said, key=_rank))
    listed = " ;\n    ".join(lines)
    return f"\n{name} {listed} .\n"


def _rank(key: str) -> tuple[bool, str]:
    return key != "a", key
