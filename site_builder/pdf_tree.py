"""The tree of tags of a document: what a screen reader walks through, put in order.

Each rule names what the engine leaves there and what ISO 32000-1 (14.8.4) asks for.
"""

from collections import defaultdict
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

Node = Any  # a pikepdf.Object; its attributes are those of the PDF
Marks = defaultdict[tuple[int, int], set[int]]  # by page: numbers of marked content
_INLINE = {"/Span", "/Link", "/Reference"}
_MAY_BE_EMPTY = {"/TD", "/TH", "/Document"}
_HAVE_TERMS = {"/L", "/LI", "/Div"}
_CAPTIONED = {"/Table", "/Figure", "/L"}


class Tree:
    """The tags of a document.

    `shown` holds the numbers of the marked content of each page that the tree keeps, `adorning`
    those that it lets go; a mark that is in neither belongs to the margins of its page.
    """

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.root = pdf.Root.StructTreeRoot
        self.shown: Marks = defaultdict(set)
        self.adorning: Marks = defaultdict(set)

    def mend(self) -> None:
        """Put the whole tree in order, and write down what it shows."""
        for node in self.root.K:
            self._mend(node, self.root)
            _note(node, self.shown)

    def _mend(self, node: Node, parent: Node) -> None:
        """Mend what is below first: a rule sees children that are already right."""
        kids = []
        for kid in node.get("/K", []):
            if not _is_element(kid):
                kids.append(kid)
                continue
            self._mend(kid, node)
            if _says_something(kid):
                kids.append(kid)
            else:
                _note(kid, self.adorning)
        self._put(node, kids)
        match str(node.S):
            case "/L":
                self._put(node, self._items(kids))
            case "/Table":
                _scopes(node)
            case "/Div" if kids and all(map(_is_inline, kids)):
                node.S = Name.P
            case "/Caption" if str(parent.S) not in _CAPTIONED:
                node.S = Name.P  # a table has captions, a quotation has an author
            case "/Lbl" if str(parent.S) == "/Lbl":
                node.S = Name.Span  # a box that the engine put in that of the term
            case "/Lbl" if str(parent.S) not in _HAVE_TERMS:
                node.S = Name.P  # the rest of a term that stands on the page before
            case "/Link" if str(parent.S) == "/Link":
                # What a style adds to a link is no link of its own, and its dots say nothing.
                node.S = Name.Span
                dots = [kid for kid in kids if _is_a(kid, "/Span")]
                for row in dots:
                    _note(row, self.adorning)
                self._put(node, [kid for kid in kids if kid not in dots])

    def _put(self, node: Node, kids: list[Node]) -> None:
        node.K = Array(kids)
        for kid in kids:
            if _is_element(kid):
                kid.P = node

    def _items(self, kids: list[Node]) -> list[Node]:
        """The items of a list. The engine puts lists beside items, and terms beside both.

        A term and what follows it are one item: its label and its body.
        """
        items: list[Node] = []
        terms = False  # such a list has labels of its own, and items that explain them
        for kid in kids:
            match str(kid.S):
                case "/Div" | "/P" if any(_is_a(k, "/LI") or _is_a(k, "/Lbl") for k in kid.K):
                    items += self._items(list(kid.K))
                case "/Lbl":
                    items.append(self._element("/LI", kid, [kid]))
                    terms = True
                case "/LI" if terms:
                    self._put(items[-1], [*items[-1].K, *kid.K])
                case "/L" if items:
                    body = items[-1].K[-1]
                    self._put(body, [*body.K, kid])
                case "/L":  # the rest of a list whose item stands on the page before
                    body = self._element("/LBody", kid, [kid])
                    items.append(self._element("/LI", kid, [body]))
                case _:
                    items.append(kid)
        return items

    def _element(self, kind: str, like: Node, kids: list[Node]) -> Node:
        """A new element on the page of another."""
        new = Dictionary(Type=Name.StructElem, S=Name(kind), Pg=like.Pg)
        element = self.pdf.make_indirect(new)
        self._put(element, kids)
        return element


def _note(node: Node, marks: Marks) -> None:
    for kid in node.K:
        if isinstance(kid, int):
            marks[node.Pg.objgen].add(kid)
        elif _is_element(kid):
            _note(kid, marks)


def _is_element(kid: Node) -> bool:
    return isinstance(kid, Dictionary) and "/S" in kid


def _says_something(node: Node) -> bool:
    """Whether an element says anything: a picture without words and an empty box do not."""
    if str(node.S) == "/Figure":
        return "/Alt" in node
    return len(node.K) > 0 or str(node.S) in _MAY_BE_EMPTY


def _is_inline(kid: Node) -> bool:
    if not _is_element(kid):
        return True
    return str(kid.S) in _INLINE or (str(kid.S) == "/NonStruct" and all(map(_is_inline, kid.K)))


def _is_a(kid: Node, kind: str) -> bool:
    return _is_element(kid) and str(kid.S) == kind


def _scopes(table: Node) -> None:
    """Say of each header what it heads. The engine names the headers of each cell instead.

    It does so without the index of names that a reader needs to find them: they go.
    """
    for rows, in_head in _rows(table):
        for row in rows:
            cells = list(row.K)
            named = {bytes(h) for c in cells for h in c.get("/A", {}).get("/Headers", [])}
            for cell in cells:
                if str(cell.S) == "/TH":
                    heads_row = bytes(cell.ID) in named or (not in_head and cell is cells[0])
                    cell.A.Scope = Name.Row if heads_row else Name.Column
    for rows, _ in _rows(table):
        for cell in (cell for row in rows for cell in row.K):
            for holder, name in ((cell.get("/A", {}), "/Headers"), (cell, "/ID")):
                if name in holder:
                    del holder[name]


def _rows(table: Node) -> list[tuple[list[Node], bool]]:
    """The rows of each part of a table, and whether the part is its head."""
    parts = [kid for kid in table.K if str(kid.S) in ("/THead", "/TBody", "/TFoot")]
    loose = [kid for kid in table.K if str(kid.S) == "/TR"]
    return [(list(part.K), str(part.S) == "/THead") for part in parts] + [(loose, False)]
