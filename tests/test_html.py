"""Every page is valid HTML: no parse error in strict HTML5, and what a parser does not tell.

The Nu checker needs Java, which a bare Debian lacks: this takes its place.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from bodies import BODIES
from in_browser import ROOT, build, urls

pytestmark = pytest.mark.slow

# Scripts of these types are data: nothing in them is run.
_DATA_TYPES = frozenset({"application/ld+json", "application/json"})
_REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "for",
               "aria-details", "aria-activedescendant", "headers", "list", "form")  # fmt: skip
_HEADING = re.compile(r"h([1-6])")
_CONTROLS = {"input", "select", "textarea"}
_INTERACTIVE = {"a", "button", "input", "select", "textarea", "summary", "label"}
_CHILDREN = {  # content that the parser lets pass: only these may stand directly inside
    "ul": {"li", "script", "template"},
    "ol": {"li", "script", "template"},
    "dl": {"dt", "dd", "div", "script", "template"},
    "select": {"option", "optgroup", "hr"},
}
_PARENTS = {"li": {"ul", "ol", "menu"}, "dt": {"dl", "div"}, "dd": {"dl", "div"},
            "summary": {"details"}, "legend": {"fieldset"}, "figcaption": {"figure"},
            "caption": {"table"}}  # fmt: skip
_PHRASING = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "span", "strong", "em", "button", "label",
             "abbr", "dt", "summary", "b", "small", "a"}  # fmt: skip
_BLOCKS = {"div", "p", "ul", "ol", "dl", "table", "section", "article", "nav", "header", "footer",
           "main", "aside", "form", "fieldset", "figure", "blockquote", "details"}  # fmt: skip
_OBSOLETE_TAGS = {"center", "font", "big", "tt", "strike", "marquee", "frame", "acronym"}
_OBSOLETE = {"align", "bgcolor", "border", "cellpadding", "cellspacing", "valign", "nowrap"}


@dataclass(frozen=True, slots=True)
class Parsed:
    url: str
    root: Element
    errors: tuple[str, ...]
    doctype: bool

    def all(self, *tags: str) -> Iterator[Element]:
        return (element for element in self.root.iter() if element.tag in tags)


@pytest.fixture(scope="module", params=BODIES)
def pages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Parsed]:
    """Every page of each body in turn."""
    if BODIES[request.param] == ROOT:
        output: Path = request.getfixturevalue("folder")
    else:
        output = tmp_path_factory.mktemp("site")
        build(output, BODIES[request.param])
    return [_parse(output, url) for url in urls(output)]


def _parse(folder: Path, url: str) -> Parsed:
    path = folder / url
    return parsed(url, (path / "index.html" if path.is_dir() else path).read_text("utf-8"))


def parsed(url: str, text: str) -> Parsed:
    """A page with all that a strict parser says against it."""
    builder = html5lib.getTreeBuilder("etree")
    parser = html5lib.HTMLParser(tree=builder, namespaceHTMLElements=False)
    root = parser.parse(text)
    errors = tuple(f"{line}:{column} {code} {data}" for (line, column), code, data in parser.errors)
    return Parsed(url, root, errors, text.lstrip().lower().startswith("<!doctype html>"))


def _report(pages: Iterable[Parsed], check: Callable[[Parsed], Iterable[str]]) -> None:
    faults = [f"/{page.url}: {fault}" for page in pages for fault in check(page)]
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults[:40])


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def test_no_parse_errors(pages: list[Parsed]) -> None:
    assert len(pages) > 100
    _report(pages, lambda page: page.errors if page.doctype else (*page.errors, "no doctype"))


def test_ids_are_unique_and_what_names_them_finds_them(pages: list[Parsed]) -> None:
    def check(page: Parsed) -> Iterator[str]:
        ids = Counter(e.get("id") for e in page.root.iter() if e.get("id") is not None)
        yield from (f"id {id!r} stands {n} times" for id, n in ids.items() if n > 1)
        yield from (f"id {id!r}" for id in ids if not id or re.search(r"\s", id))
        for element in page.root.iter():
            for attribute in _REFERENCES:
                missing = [id for id in element.get(attribute, "").split() if id not in ids]
                yield from (f"{element.tag} {attribute}={id!r} finds nothing" for id in missing)
            target = element.get("href", "")
            if target.startswith("#") and target != "#" and target[1:] not in ids:
                yield f"href={target!r} finds nothing"

    _report(pages, check)


def test_one_h1_and_headings_without_gaps(pages: list[Parsed]) -> None:
    def check(page: Parsed) -> Iterator[str]:
        found = [(int(m[1]), e) for e in page.root.iter() if (m := _HEADING.fullmatch(str(e.tag)))]
        if [level for level, _ in found].count(1) != 1:
            yield f"{[level for level, _ in found].count(1)} h1"
        yield from (f"empty h{level}" for level, element in found if not _text(element))
        last = 0
        for level, element in found:
            if level > last + 1 and last:
                yield f"h{level} after h{last}: {_text(element)}"
            last = level

    _report(pages, check)


def test_head_says_language_title_and_description(pages: list[Parsed]) -> None:
    def check(page: Parsed) -> Iterator[str]:
        html = page.root if page.root.tag == "html" else next(page.all("html"))
        if not re.fullmatch(r"[a-z]{2}", html.get("lang", "")):
            yield f"lang={html.get('lang')!r}"
        if html.get("lang") == "ar" and html.get("dir") != "rtl":
            yield "Arabic that runs from the left"
        titles = [_text(title) for title in page.root.findall("./head/title")]
        if len(titles) != 1 or not titles[0]:
            yield f"titles {titles}"
        metas = {meta.get("name"): meta.get("content", "") for meta in page.all("meta")}
        if not metas.get("description") and page.url != "404.html":
            yield "no description"
        viewport = metas.get("viewport", "")
        if "width=device-width" not in viewport or re.search("maximum-scale|user-scal", viewport):
            yield f"viewport {viewport!r}"

    _report(pages, check)


def test_no_two_pages_have_the_same_title(pages: list[Parsed]) -> None:
    titles = Counter(_text(next(page.all("title"))) for page in pages)
    # Delicate pages share a neutral title on purpose: it must not betray what was read.
    neutral = {_text(next(p.all("title"))) for p in pages if _is_delicate(p)}
    assert [t for t, n in titles.items() if n > 1 and t not in neutral] == []


def _is_delicate(page: Parsed) -> bool:
    return any(script.get("src", "").endswith("uscita.js") for script in page.all("script"))


def test_every_control_has_a_label_and_every_button_a_name(pages: list[Parsed]) -> None:
    def check(page: Parsed) -> Iterator[str]:
        labelled = {label.get("for") for label in page.all("label")}
        wrapped = {id(control) for label in page.all("label") for control in label.iter()}
        for control in page.all(*_CONTROLS):
            if control.get("type") in {"hidden", "submit", "button", "reset"}:
                continue
            named = control.get("id") in labelled or id(control) in wrapped
            if not (named or control.get("aria-label") or control.get("aria-labelledby")):
                yield f"{control.tag} {control.attrib} without a label"
        for named_by_text in page.all("button", "a", "summary", "option", "label", "th"):
            if not (_text(named_by_text) or named_by_text.get("aria-label")):
                if named_by_text.tag == "option" and named_by_text.get("value") == "":
                    continue
                if any(child.get("alt") for child in named_by_text.iter("img")):
                    continue
                yield f"{named_by_text.tag} {named_by_text.attrib} without text"
        yield from (f"button {b.attrib} without a type" for b in page.all("button")
                    if b.get("type") not in {"button", "submit", "reset"})  # fmt: skip
        yield from (f"img {i.attrib} without alt" for i in page.all("img") if i.get("alt") is None)

    _report(pages, check)


def test_elements_stand_where_they_may(pages: list[Parsed]) -> None:
    def check(page: Parsed) -> Iterator[str]:
        for parent in page.root.iter():
            tag = str(parent.tag)
            for child in parent:
                inner = str(child.tag)
                if tag in _CHILDREN and inner not in _CHILDREN[tag]:
                    yield f"{inner} in {tag}"
                if inner in _PARENTS and tag not in {*_PARENTS[inner], "template"}:
                    yield f"{inner} in {tag}"
                if tag in _PHRASING - {"a"} and inner in _BLOCKS:
                    yield f"{inner} in {tag}"
            if tag in _INTERACTIVE - {"label"}:
                nested = [e.tag for e in parent.iter() if e is not parent]
                yield from (f"{inner} in {tag}" for inner in nested if inner in _INTERACTIVE)
            if tag in {"ul", "ol", "dl", "select"} and (parent.text or "").strip():
                yield f"text in {tag}: {parent.text}"
            if tag == "dl" and not list(parent):
                yield "empty dl"

    _report(pages, check)


def test_tables_have_captions_and_headers(pages: list[Parsed]) -> None:
    def check(page: Parsed) -> Iterator[str]:
        for table in page.all("table"):
            headers = list(table.iter("th"))
            if not headers:
                yield f"table without headers: {_text(table)[:60]}"
            rows = [row for row in table.iter("tr") if not list(row)]
            yield from ("empty row" for _ in rows)

    _report(pages, check)


def test_nothing_obsolete_and_nothing_inline(pages: list[Parsed]) -> None:
    def check(page: Parsed) -> Iterator[str]:
        for element in page.root.iter():
            tag = str(element.tag)
            if tag in _OBSOLETE_TAGS:
                yield tag
            for attribute in map(str, element.attrib):
                if attribute in _OBSOLETE or attribute == "style" or attribute.startswith("on"):
                    yield f"{tag} with {attribute}"
            if tag == "style" or (
                tag == "script" and _text(element) and element.get("type") not in _DATA_TYPES
            ):
                yield f"{tag} with content: {_text(element)[:60]}"
            if tag == "input" and element.get("type") in {"checkbox", "radio"}:
                yield from (f"{a} on a check box" for a in ("autocomplete", "placeholder")
                            if a in element.attrib)  # fmt: skip

    _report(pages, check)


def test_landmarks(pages: list[Parsed]) -> None:
    def check(page: Parsed) -> Iterator[str]:
        mains = list(page.all("main"))
        if len(mains) != 1:
            yield f"{len(mains)} main"
        navs = [nav.get("aria-label") or nav.get("aria-labelledby") for nav in page.all("nav")]
        if len(navs) > 1 and not all(navs):
            yield "a nav without a name beside another"
        yield from (f"two nav named {n!r}" for n, times in Counter(navs).items() if times > 1 and n)

    _report(pages, check)
