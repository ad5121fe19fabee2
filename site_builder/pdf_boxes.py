"""What only the layout of a document knows, read before it becomes a PDF.

The layout is that of the engine, which calls these names its own affair: a new version of it must
pass the tests of this module before it is taken.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

_FACE = re.compile(r"@font-face\s*\{[^}]*?font-family:\s*[\"']?([^;\"'}]+)")


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a page says of itself: the number it prints, and the text of each of its links.

    A link is (number of its element in the document, text); one that is broken at the end of a
    line stands here twice, in the order in which the engine writes them.
    """

    folio: str = ""
    links: list[tuple[int, str]] = field(default_factory=list)


def read_leaves(document: Any) -> list[Leaf]:
    """A Leaf for each page of a document that is laid out."""
    elements: dict[Any, int] = {}
    return [
        Leaf(
            _folio(page._page_box),
            [
                (elements.setdefault(box.element, len(elements)), _text(box.element))
                for kind, _, _, box in page.links
                if kind in ("internal", "external")
            ],
        )
        for page in document.pages
    ]


def prepare_tags(document: Any) -> None:
    """Make the engine tag what it would take for something else.

    What stands in a link is no link of its own. The terms of a list that explains are its
    labels; an address is a paragraph.
    """
    for page in document.pages:
        page.links[:] = _outermost([link for link in page.links if link[3].element_tag == "a"])
    for box in _boxes(document):
        if box.element_tag == "dt":
            box.element_tag = "li::marker"  # the one name that it tags as a label
        elif box.element_tag in ("address", "summary"):
            box.element_tag = "div"  # it has no tag for these, so they would be no paragraph


def _outermost(links: list[Any]) -> list[Any]:
    """The links without the boxes that the engine puts in a block that is a link itself."""
    blocks: dict[Any, Any] = {}
    for link in links:
        if link[3].style["display"][0] == "block":
            blocks.setdefault(link[3].element, link)
    return [link for link in links if blocks.get(link[3].element, link) is link]


def without_text(document: Any) -> list[str]:
    """The addresses of pictures that say neither what they show nor (`alt=""`) that they adorn."""
    pictures = {box.element for box in _boxes(document) if _tag(box) in ("img", "svg")}
    return sorted(str(p.get("src", "<svg>"))[:60] for p in pictures if not _is_described(p))


def foreign_signs(document: Any, html: str) -> list[str]:
    """The signs that came from a font that `html` does not bring along. To be asked after drawing.

    Such a font is there on one machine and not on the next.
    """
    own = {name.strip() for name in _FACE.findall(html)}
    fonts = [font for font in document.fonts.values() if font.family not in own]
    signs = {sign for font in fonts for text in font.to_unicode.values() for sign in text}
    return sorted(signs - {" "})  # a space is set in the font of the sign beside it


def _boxes(document: Any) -> Iterator[Any]:
    for page in document.pages:
        yield from page._page_box.descendants(placeholders=True)


def _tag(box: Any) -> str:
    tag = box.element.tag if box.element is not None else ""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _is_described(picture: Any) -> bool:
    if picture.tag == "img":
        return "alt" in picture.attrib
    title = picture.find("{*}title")
    return picture.get("aria-hidden") == "true" or (title is not None and bool(title.text))


def _text(element: Any) -> str:
    alternatives = [image.get("alt", "") for image in element.iter("img")]
    return " ".join(" ".join([*element.itertext(), *alternatives]).split())


def _folio(page_box: Any) -> str:
    """The word of a page's margins in which its number stands; empty where none is printed."""
    found = [word for box in page_box.children for word in _numbered(box)]
    # A binder counts leaf by leaf; a number through the whole document would come second.
    return min(found, default=(False, ""))[1]


def _numbered(box: Any) -> Iterable[tuple[bool, str]]:
    """The words of a margin that hold a counter, and whether it is the one of all the pages."""
    content = box.style["content"]
    if not hasattr(box, "at_keyword") or not isinstance(content, tuple):
        return
    text, start = "".join(t.text for t in box.descendants() if hasattr(t, "text")), 0
    for kind, value in content:
        if kind == "counter()":
            if value[0] != "pages":
                before = text[:start].rpartition(" ")[2]
                yield value[0] == "page", (before + text[start:]).split(" ")[0]
            return
        if kind != "string":
            return
        start += len(value)
