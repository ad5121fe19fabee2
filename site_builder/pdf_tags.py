"""What the PDF engine leaves undone in the tags of a document, done on its bytes."""

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, String

from site_builder.pdf_boxes import Leaf
from site_builder.pdf_tree import Tree

# As the engine writes it: its text is in hexadecimal, so nothing else can look like this.
_MARKED = re.compile(rb"/(Span|Figure)\s*<<\s*/MCID (\d+)\s*>>\s*BDC")
_PRINT = 4  # the flag of an annotation that is printed too


def mend(drawn: bytes, leaves: Sequence[Leaf] = ()) -> bytes:
    """The same pages with tags that a screen reader can trust. The same bytes in, the same out.

    `leaves` says what the pages are called and what their links say; without them viewers count
    the pages from 1 and links are described by their addresses.
    """
    with pikepdf.open(BytesIO(drawn)) as pdf:
        tree = Tree(pdf)
        tree.mend()
        _free_margins(pdf, tree)
        _mend_links(pdf, leaves)
        if leaves:
            _name_pages(pdf, leaves)
        out = BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _free_margins(pdf: pikepdf.Pdf, tree: Tree) -> None:
    """Make artifacts of what no tag holds: the engine marks margins as if they were text."""
    numbers = list(tree.root.ParentTree.Nums)
    parents = {int(n): of for n, of in zip(numbers[::2], numbers[1::2], strict=True)}
    for page in pdf.pages:
        shown, adorning = tree.shown[page.obj.objgen], tree.adorning[page.obj.objgen]

        def turn(mark: re.Match[bytes], shown: set[int] = shown, out: set[int] = adorning) -> bytes:
            number = int(mark[2])
            kind = b"Layout" if number in out else b"Pagination"
            return mark[0] if number in shown else b"/Artifact <</Type /%s>> BDC" % kind

        stream = page.obj.Contents
        old = stream.read_bytes()
        if (new := _MARKED.sub(turn, old)) != old:
            stream.write(new)
        owners = parents[int(page.obj.StructParents)]
        for number in range(len(owners)):
            if number not in shown:
                owners[number] = None


def _mend_links(pdf: pikepdf.Pdf, leaves: Sequence[Leaf]) -> None:
    """Links are there on paper too, and say in words where they lead."""
    for number, page in enumerate(pdf.pages):
        links = [a for a in page.obj.get("/Annots", []) if a.Subtype == "/Link"]
        for link in links:
            link.F = int(link.get("/F", 0)) | _PRINT
        said: list[tuple[int, str]] = leaves[number].links if leaves else []
        for link, (_, text) in zip(links, said, strict=bool(leaves)):
            if text:
                link.Contents = String(text)


def _name_pages(pdf: pikepdf.Pdf, leaves: Sequence[Leaf]) -> None:
    """Viewers call a page what it calls itself."""
    names: list[Any] = []
    for number, leaf in enumerate(leaves):
        names += [number, Dictionary(P=String(leaf.folio))]
    pdf.Root.PageLabels = pdf.make_indirect(Dictionary(Nums=Array(names)))
