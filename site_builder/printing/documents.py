"""Whole documents, ready for the PDF engine: parts in a frame, with style and working links."""

import re
from collections.abc import Sequence
from datetime import date

from site_builder.catalog import Catalog
from site_builder.links import anchors_in
from site_builder.model import Form, Service
from site_builder.printing.formats import A4, Format
from site_builder.printing.parts import (
    Part,
    edition_date,
    form_part,
    iter_parts,
    report_part,
    sheet_part,
)
from site_builder.report import Report
from site_builder.resources import resource_dir
from site_builder.templating import render
from site_builder.views import View

_LINK = re.compile(r'<a\b([^>]*?) href="(/[^"#]*)?(#[^"]*)?"([^>]*)>(.*?)</a>', re.S)


def carta_document(catalog: Catalog, form: Format, site_url: str = "") -> str:
    """The whole Carta: cover, contents, parts, back cover."""
    parts = list(iter_parts(catalog, site_url))
    title = catalog.carta.edizione.titolo
    return draw_frame(
        "carta", frame_view(catalog, parts, form, title, edition_date(catalog), site_url)
    )


def sheet_document(catalog: Catalog, sheet: Service, site_url: str = "") -> str:
    """One service sheet, to hand over."""
    part = sheet_part(catalog, sheet, site_url, level=1)
    return draw_frame("sciolto", frame_view(catalog, [part], A4, part.title, part.day, site_url))


def form_document(catalog: Catalog, form: Form, site_url: str = "") -> str:
    """One form, to fill in by hand or on the screen."""
    part = form_part(catalog, form, site_url, level=1)
    return draw_frame("sciolto", frame_view(catalog, [part], A4, part.title, part.day, site_url))


def report_document(catalog: Catalog, report: Report, site_url: str = "") -> str:
    """The report of a year, an annex to the Carta."""
    part = report_part(catalog, report, site_url, level=1)
    return draw_frame("sciolto", frame_view(catalog, [part], A4, part.title, part.day, site_url))


def frame_view(
    catalog: Catalog,
    parts: Sequence[Part],
    form: Format,
    title: str,
    day: date | None,
    site_url: str,
) -> View:
    """What the templates of a whole document need; `parts` are the leaves that it is made of."""
    carta = catalog.carta
    return {
        "carta": carta,
        "parts": parts,
        "areas": list(catalog.areas),
        "form": form,
        "title": title,
        "day": day,
        "site_url": site_url,
        "emergencies": [(catalog.contacts[e.contatto], e) for e in carta.emergenze],
        "seat": catalog.contacts.get(carta.ente.sede),
        "comuni": catalog.comuni,
    }


def draw_frame(frame: str, view: View) -> str:
    """A whole document from `theme/print/<frame>.html`: with its style, its links at work."""
    parts = view["parts"]
    html = render(f"print/{frame}.html", **view, style=_style(view["form"], parts, view["areas"]))
    return _linked(html, {f"/{part.address}": part.anchor for part in parts}, view["site_url"])


def _style(form: Format, parts: Sequence[Part], areas: Sequence[str]) -> str:
    """The style of a document: the theme's for paper, the format, a page rule for each part."""
    folder = resource_dir("theme") / "print"
    files = [*sorted((folder / "style").glob("*.css")), folder / "formats" / f"{form.name}.css"]
    rules = render("print/pages.css", parts=parts, areas=areas, form=form)
    return "".join(file.read_text("utf-8") for file in files) + rules


def _linked(html: str, parts: dict[str, str], site_url: str) -> str:
    """Turn links from the root into jumps where the document has the target, else into addresses.

    Where the site has no address yet, such a link leaves its text.
    """
    anchors = frozenset(anchors_in(html))

    def turn(match: re.Match[str]) -> str:
        before, path, fragment, after, text = match.groups()
        own = path and path.strip("/").replace("/", "-")
        inside = [(fragment or "#")[1:], own, parts.get(path) if path else None]
        target = next((f"#{a}" for a in inside if a and a in anchors), "")
        if not target and path and site_url:
            target = f"{site_url}{path[1:]}{fragment or ''}"
        return f'<a{before} href="{target}"{after}>{text}</a>' if target else text

    return _LINK.sub(turn, html)
