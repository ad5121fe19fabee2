"""The loose leaves of the binder: what has changed since then, and what to do with each leaf."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from site_builder.catalog import Catalog
from site_builder.printing.documents import draw_frame, frame_view
from site_builder.printing.formats import A4
from site_builder.printing.leaves import Leaf, late_dates
from site_builder.printing.marks import mark_changes
from site_builder.printing.parts import Part, edition_date, iter_parts
from site_builder.templating import render

# What stands around the parts: its template, what to do with it.
_AROUND = (
    ("cover", "Togli la copertina, metti quella nuova"),
    ("contents", "Togli il sommario, metti quello nuovo"),
    ("back", "Togli l'ultima pagina, metti quella nuova"),
)


def leaves_document(
    catalog: Catalog, old: Catalog, since: str, site_url: str = "", mark: bool = False
) -> tuple[str, list[str]]:
    """Return the note with the leaves to exchange as HTML, and what staff should know.

    The HTML is empty if no leaf has changed. `since` follows «i fogli cambiati». With `mark` what
    is new on a leaf has a bar. The warnings name files whose date has not followed their text.
    """
    before, after = (list(iter_parts(content, site_url)) for content in (old, catalog))
    leaves = changed_leaves(catalog, old, after, before, site_url)
    if not leaves:
        return "", []
    return _note(catalog, after, leaves, since, site_url, mark), list(
        late_dates(catalog, old, leaves)
    )


def changed_leaves(
    catalog: Catalog,
    old: Catalog,
    after: Sequence[Part],
    before: Sequence[Part],
    site_url: str = "",
) -> list[Leaf]:
    """The leaves to exchange between the parts of two Cartas, in the order of the note."""
    leaves = _exchanged(before, after)
    gone = [Leaf(part, None) for part in _missing(before, after)]
    frame = list(_around(catalog, after, edition_date(catalog), site_url))
    same_day = _around(old, before, edition_date(catalog), site_url)
    if not (leaves or gone) and [part.html for part in frame] == [part.html for part in same_day]:
        return []
    pairs = zip(_around(old, before, edition_date(old), site_url), frame, strict=True)
    cover, contents, back = ([Leaf(*pair)] if _differ(*pair) else [] for pair in pairs)
    return [*gone, *cover, *contents, *leaves, *back]


def nothing_changed(since: str) -> str:
    """What to say where no leaf has changed."""
    return f"Nessun foglio è cambiato {since}: non c'è niente da stampare."


def _exchanged(before: Sequence[Part], after: Sequence[Part]) -> list[Leaf]:
    """The leaves that are new or not as they were, in the order of the Carta."""
    olds = {part.address: part for part in before}
    pairs = ((olds.get(part.address), part) for part in after)
    return [Leaf(old, new) for old, new in pairs if _differ(old, new)]


def _missing(before: Sequence[Part], after: Sequence[Part]) -> list[Part]:
    kept = {part.address for part in after}
    return [part for part in before if part.address not in kept]


def _differ(old: Part | None, new: Part) -> bool:
    """If the leaf looks another: its text, its code, the letter and colour on its edge."""
    return old is None or _look(old) != _look(new)


def _look(part: Part) -> tuple[object, ...]:
    edge = (part.area.lettera, part.area.colore) if part.area else ()
    return part.html, part.code, edge


def _around(
    catalog: Catalog, parts: Sequence[Part], day: date | None, site_url: str
) -> Iterator[Part]:
    """Cover, contents and last page as parts without a code; `day` is that on the cover."""
    title = catalog.carta.edizione.titolo
    view = frame_view(catalog, parts, A4, title, day, site_url)
    view["level"] = 2  # the note has the first title
    for template, line in _AROUND:
        yield Part("cornice", "", line, template, render(f"print/{template}.html", **view))


def _note(
    catalog: Catalog,
    parts: Sequence[Part],
    leaves: Sequence[Leaf],
    since: str,
    site_url: str,
    mark: bool,
) -> str:
    """The document; all `parts` of the Carta are needed for its colours and its contents."""
    here = {leaf.new.address for leaf in leaves if leaf.new}
    away = {
        link: f"{site_url}{part.address}" if site_url else ""
        for part in parts
        if part.address not in here
        for link in (f"#{part.anchor}", f"/{part.address}")
    }
    shown = [_finished(_marked(leaf) if mark else leaf, away) for leaf in leaves]
    title = "Fogli da cambiare nella Carta dei Servizi"
    view = frame_view(catalog, parts, A4, title, edition_date(catalog), site_url)
    return draw_frame("fogli", view | {"leaves": shown, "since": since, "mark": mark})


def _marked(leaf: Leaf) -> Leaf:
    if not (leaf.old and leaf.new):
        return leaf
    html, shorter = mark_changes(leaf.new.html, leaf.old.html)
    return replace(leaf, new=replace(leaf.new, html=html), shorter=shorter)


def _finished(leaf: Leaf, away: Mapping[str, str]) -> Leaf:
    """With a mark after its text, whose page tells how many there are; without lost jumps."""
    if leaf.new is None:
        return leaf
    end = f'<div id="{leaf.new.anchor}-fine"></div>' if leaf.new.code else ""
    return replace(leaf, new=replace(leaf.new, html=_without_jumps(leaf.new.html, away) + end))


def _without_jumps(html: str, away: Mapping[str, str]) -> str:
    """Lists of leaves name also those that stay in the binder: these links go to the site, if any.

    They stay links in any case, for the code that is printed behind them stands on the link.
    """

    def turn(match: re.Match[str]) -> str:
        target = away.get(match[2], match[2])
        return match[1] + (f' href="{target}"' if target else "")

    return re.sub(r'(<a class="p-to"[^>]*?) href="([^"]*)"', turn, html)
