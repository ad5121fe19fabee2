"""A tagged PDF as a screen reader walks through it: its elements, their text, what lies outside."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf

_PAIR = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")


@dataclass
class Element:
    """An element of the tree; `path` holds the kinds above it, from the root."""

    kind: str
    path: tuple[str, ...]
    node: Any
    text: str


class TaggedPdf:
    """A document that is read whole.

    `elements` stand in reading order. `marks` holds the text of what is marked on the pages, `used`
    what of it the tree takes, `artifacts` the text that nobody reads, `loose` what is drawn
    without being either.
    """

    def __init__(self, data: bytes) -> None:
        self.pdf = pikepdf.open(BytesIO(data))
        self.marks: dict[tuple[Any, int], str] = {}
        self.loose: list[str] = []
        self.artifacts: list[str] = []
        self.fonts: dict[Any, dict[int, str]] = {}
        for page in self.pdf.pages:
            self._read(page)
        self.used: set[tuple[Any, int]] = set()
        self.elements: list[Element] = []
        for node in self.pdf.Root.StructTreeRoot.K:
            self._walk(node, ())

    def of(self, *kinds: str) -> list[Element]:
        """The elements of these kinds."""
        return [element for element in self.elements if element.kind in kinds]

    def annotations(self) -> Iterator[tuple[int, Any]]:
        """Each annotation with the number of its page, from 0."""
        for number, page in enumerate(self.pdf.pages):
            yield from ((number, annotation) for annotation in page.obj.get("/Annots", []))

    def _walk(self, node: Any, path: tuple[str, ...]) -> str:
        kind = str(node.S)[1:]
        element = Element(kind, path, node, "")
        self.elements.append(element)
        for kid in node.get("/K", []):
            if isinstance(kid, int):
                mark = (node.Pg.objgen, kid)
                self.used.add(mark)
                element.text += self.marks[mark]
            elif "/S" in kid:
                assert kid.P.objgen == node.objgen, f"{kind} is not the parent of its child"
                element.text += self._walk(kid, (*path, kind))
        return element.text

    def _read(self, page: pikepdf.Page) -> None:
        fonts = {name: self._letters(font) for name, font in page.obj.Resources.Font.items()}
        inside: list[Any] = []  # the marks that are open: a number, or None for an artifact
        letters: dict[int, str] = {}
        for operands, operator in pikepdf.parse_content_stream(page):
            match str(operator):
                case "BDC" | "BMC":
                    number = None
                    if str(operands[0]) != "/Artifact":
                        number = int(operands[1].MCID)
                        self.marks[page.obj.objgen, number] = ""
                    inside.append(number)
                case "EMC":
                    inside.pop()
                case "Tf":
                    letters = fonts[str(operands[0])]
                case "TJ" | "Tj":
                    parts = operands[0] if str(operator) == "TJ" else operands
                    text = "".join(_decode(part, letters) for part in parts)
                    if not inside:
                        self.loose.append(text)
                    elif inside[-1] is None:
                        self.artifacts.append(text)
                    else:
                        self.marks[page.obj.objgen, inside[-1]] += text
                case "f" | "f*" | "S" | "s" | "B" | "b" | "Do" | "sh":
                    if not inside:
                        self.loose.append(f"{operator} {operands}")

    def _letters(self, font: Any) -> dict[int, str]:
        if font.objgen not in self.fonts:
            data = font.ToUnicode.read_bytes()
            found = {
                int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
                for block in re.findall(rb"beginbfchar(.*?)endbfchar", data, re.S)
                for code, text in _PAIR.findall(block)
            }
            self.fonts[font.objgen] = found
        return self.fonts[font.objgen]


def _decode(part: Any, letters: dict[int, str]) -> str:
    if not isinstance(part, pikepdf.String):
        return ""
    codes = bytes(part)
    return "".join(
        letters[int.from_bytes(codes[at : at + 2], "big")] for at in range(0, len(codes), 2)
    )
