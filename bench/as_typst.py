"""Turn a printed document into a typst source of the same shape, as a person would have written it.

The same words in the same headings, paragraphs, lists, tables and links to the site, with contents
that have page numbers, running headers and the same typeface. Left out: the codes for phones, jumps
inside the document other than those of the contents, and the look of the theme.
"""

import json
import re

from bs4 import BeautifulSoup, NavigableString, Tag

_HEAD = """\
#set document(title: {title}, author: {author})
#set page(paper: "a4", margin: (x: 18mm, y: 20mm), numbering: "1", header: context {{
  let before = query(selector(heading.where(level: 2)).before(here()))
  if before.len() > 0 {{ text(8pt, before.last().body) }}
}})
#set text(font: "Titillium Web", size: {size}pt, lang: "it", hyphenate: true)
#set table(stroke: 0.5pt)
"""
_CONTENTS = "\n#outline(depth: 3)\n\n"
_INLINE = {"strong": "#strong[{}]", "em": "#emph[{}]", "dt": "\n\n#strong[{}]\n\n"}
_BLOCKS = ("p", "div", "section", "header", "footer", "address", "details", "summary", "br", "dd")


def to_typst(html: str, title: str, author: str, size: float) -> str:
    """The typst source of a whole document; `size` is that of its letters, in points."""
    body = BeautifulSoup(html, "html.parser").body
    assert body
    for contents in body.select("nav"):  # typst makes its own
        contents.decompose()
    text = re.sub(r"[ \t]*\n\s*\n\s*", "\n\n", _inside(body))
    cover, first, rest = text.partition("#heading(level: 2)")
    words = {"title": json.dumps(title, ensure_ascii=False), "author": json.dumps(author)}
    return _HEAD.format(**words, size=size) + cover + _CONTENTS + first + rest


def _inside(element: Tag) -> str:
    return "".join(_one(child) for child in element.children)


def _one(node: object) -> str:
    if type(node) is NavigableString:
        words = re.sub(r"\s+", " ", node)
        return f"#{json.dumps(words, ensure_ascii=False)};" if words.strip() else words
    if not isinstance(node, Tag):
        return ""  # a comment
    if node.name == "table":
        return _table(node)
    text = _inside(node)
    if not text.strip():
        return ""
    if node.name == "a" and re.match(r"https?:|tel:|mailto:", str(node["href"])):
        return f'#link("{node["href"]}")[{text}]'
    if node.name == "li":
        return f"\n#list.item[{text}]\n"
    if re.fullmatch(r"h[1-6]", node.name):
        return f"\n\n#heading(level: {node.name[1]})[{text}]\n\n"
    if node.name in _INLINE:
        return _INLINE[node.name].format(text)
    if "p-part" in node.get_attribute_list("class"):  # each begins on a page of its own
        return f"\n\n#pagebreak(weak: true)\n\n{text}"
    return f"\n\n{text}\n\n" if node.name in _BLOCKS else text


def _table(table: Tag) -> str:
    """A table with its caption before it, and the first rows as a head that is repeated."""
    caption = table.caption
    title = f"#strong[{_inside(caption.extract())}]" if caption else ""
    rows = table.select("tr")
    columns = max(sum(int(str(c.get("colspan", 1))) for c in _cells(row)) for row in rows)
    heads = [row for row in rows if row.parent and row.parent.name == "thead"]
    head = "".join(_cell(c) for row in heads for c in _cells(row))
    body = "".join(_cell(c) for row in rows if row not in heads for c in _cells(row))
    first = f"table.header({head})," if head else ""
    return f"\n\n{title}\n#table(columns: {columns}, {first}{body})\n\n"


def _cells(row: Tag) -> list[Tag]:
    return row.find_all(["td", "th"], recursive=False)


def _cell(cell: Tag) -> str:
    spans = "".join(f"{n}: {cell[n]}, " for n in ("colspan", "rowspan") if n in cell.attrs)
    return f"table.cell({spans})[{_inside(cell)}],\n"
