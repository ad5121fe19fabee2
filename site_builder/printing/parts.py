"""The printed Carta in parts: each begins on a page of its own and can be exchanged alone.

A part is drawn with links that start at the root of the site, as on the pages; who puts parts
together turns them into jumps inside the document or into addresses of the site.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count

from markupsafe import Markup

from site_builder import views, views_lists
from site_builder.catalog import Catalog
from site_builder.charts import TRIAL
from site_builder.model import Form, Record, Service
from site_builder.model_carta import Area, Capitolo
from site_builder.navigation import LISTS
from site_builder.printing.chapters import chapter_html
from site_builder.printing.terms import index_of_needs, index_of_words
from site_builder.report import Report
from site_builder.templating import render

# The title of the document is the first heading, those of its parts are the second.
LEVEL = 2
# What a printed Carta holds also where its chapters do not name it: nothing may be lost on paper.
_ALWAYS = ("costi", "uffici", "enti-gestori", "standard", "reclami", "moduli", "glossario")


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter, the first page of an area, a sheet, a list or a form.

    `code` numbers its pages («B2» gives B2-1, B2-2); `address` is its page on the site, from the
    root (`servizi/cav/`); `records` are those whose text it shows; `depth` is how deep it stands
    in the contents, from 1.
    """

    kind: str
    code: str
    title: str
    address: str
    html: str
    records: tuple[Record, ...] = ()
    area: Area | None = None
    depth: int = 1

    @property
    def day(self) -> date | None:
        """The last change of what it shows."""
        return _latest(self.records)

    @property
    def anchor(self) -> str:
        """Where a link in the document jumps to."""
        return f"foglio-{self.code.lower()}"


def iter_parts(catalog: Catalog, site_url: str = "") -> Iterator[Part]:
    """Yield every part of the Carta in its order; those without a code of their own have a number.

    `site_url` is where the site stands, with a slash at the end; empty if nobody knows yet.
    """
    numbers = (str(number) for number in count(1))
    for chapter in _order(catalog):
        if chapter.pagina:
            yield _chapter(catalog, chapter.pagina, next(numbers))
        elif chapter.area:
            yield from _area(catalog, catalog.areas[chapter.area], site_url)
        elif chapter.elenco in ("moduli", "questionario"):
            yield from _forms(catalog, chapter.elenco, site_url)
        else:
            yield _list(catalog, chapter.elenco, next(numbers))
    yield _index(catalog, next(numbers))


def sheet_part(catalog: Catalog, sheet: Service, site_url: str = "", level: int = 3) -> Part:
    """One service sheet. `level` is that of its title."""
    area = catalog.areas[sheet.area]
    view = _shared(catalog, site_url) | views.service(catalog, sheet)
    html = render("print/sheet.html", **view, level=level)
    shown = tuple(_records_of(catalog, sheet))
    code = sheet.codice or sheet.id
    return Part("scheda", code, sheet.nome, f"servizi/{sheet.id}/", html, shown, area, 2)


def form_part(catalog: Catalog, form: Form, site_url: str = "", level: int = LEVEL) -> Part:
    """One form on paper. `level` is that of its title."""
    view = _shared(catalog, site_url) | views.form(catalog, form)
    html = render("print/form.html", **view, level=level)
    code = f"M{list(catalog.forms).index(form.id) + 1}"
    return Part("modulo", code, form.titolo, f"moduli/{form.id}/", html, tuple(_records_in(view)))


def report_part(catalog: Catalog, report: Report, site_url: str = "", level: int = LEVEL) -> Part:
    """The report of a year. `level` is that of its title; every page says it if it is a trial."""
    view = _shared(catalog, site_url) | {"report": report, "level": level}
    html = render("print/relazione.html", **view)
    title = f"{report.title} ({TRIAL})" if report.di_prova else report.title
    return Part("relazione", f"R{report.anno}", title, report.address, html, report.records)


def edition_date(catalog: Catalog) -> date | None:
    """The day of the last change of anything in the content."""
    return _latest(_every_record(catalog))


def _order(catalog: Catalog) -> list[Capitolo]:
    """The chapters of the Carta, and after them what no Carta on paper may lack."""
    chapters = list(catalog.carta.capitoli)
    named = {chapter.area or chapter.elenco for chapter in chapters}
    chapters += [Capitolo(area=id) for id in catalog.areas if id not in named]
    return chapters + [Capitolo(elenco=name) for name in _ALWAYS if name not in named]


def _chapter(catalog: Catalog, id: str, code: str) -> Part:
    page = catalog.pages[id]
    text = Markup(chapter_html(catalog.documents["pages"][id], LEVEL))  # made of our Markdown
    view = _shared(catalog) | {"page": page, "content": text}
    html = render("print/chapter.html", **view, level=LEVEL)
    return Part("capitolo", code, page.title, f"{id}/", html, (page,))


def _area(catalog: Catalog, area: Area, site_url: str) -> Iterator[Part]:
    code = _area_codes(catalog)[area.id]
    view = _shared(catalog) | views.area(catalog, area)
    html = render("print/area.html", **view, level=LEVEL)
    shown = (catalog.records["areas"]["areas"],)
    yield Part("area", code, area.titolo, f"aree/{area.id}/", html, shown, area)
    for sheet in catalog.services.values():
        if sheet.area == area.id:
            yield sheet_part(catalog, sheet, site_url)


def _area_codes(catalog: Catalog) -> dict[str, str]:
    """Their letters; initials for the pages of an area without one: a number is a chapter's."""
    codes: dict[str, str] = {}
    for id, area in catalog.areas.items():
        words = id.split("-")
        initials = "".join(word[0] for word in words) if len(words) > 1 else id[:2]
        code = area.lettera or initials.upper()
        codes[id] = f"{code}-{len(codes) + 1}" if code in codes.values() else code
    return codes


def _forms(catalog: Catalog, name: str, site_url: str) -> Iterator[Part]:
    """The form that a chapter names, or all those that no chapter names."""
    named = {chapter.elenco for chapter in catalog.carta.capitoli}
    for form in catalog.forms.values():
        if form.id == name or (name == "moduli" and form.id not in named):
            yield form_part(catalog, form, site_url)


def _list(catalog: Catalog, name: str, code: str) -> Part:
    title, address = LISTS[name]
    draw = {
        "costi": views_lists.costs,
        "uffici": views_lists.offices,
        "enti-gestori": views_lists.providers,
        "standard": views_lists.standards,
        "reclami": views_lists.complaints,
        "glossario": views_lists.glossary,
        "senza-scheda": views_lists.unlisted,
    }[name]
    html = render(f"print/{name}.html", **_shared(catalog), **draw(catalog), level=LEVEL)
    return Part("elenco", code, title, address, html, tuple(_shown_in(catalog, name)))


def _index(catalog: Catalog, code: str) -> Part:
    view = {"needs": index_of_needs(catalog), "words": index_of_words(catalog), "level": LEVEL}
    html = render("print/indice.html", **_shared(catalog), **view)
    return Part("indice", code, "Indice analitico", "a-z/", html, tuple(_every_record(catalog)))


def _shared(catalog: Catalog, site_url: str = "") -> views.View:
    day = catalog.day or edition_date(catalog) or date.min
    return views.common(catalog, day) | {"site_url": site_url}


def _every_record(catalog: Catalog) -> Iterable[Record]:
    return (record for records in catalog.records.values() for record in records.values())


def _records_of(catalog: Catalog, sheet: Service) -> Iterable[Record]:
    yield sheet
    yield from (catalog.contacts[id] for id in sheet.contatti)
    yield from catalog.desks(sheet)
    yield from catalog.standards_by_service.get(sheet.id, ())
    yield from (catalog.providers[id] for id in sheet.gestore.enti)
    yield from (catalog.forms[id] for id in sheet.moduli)
    tariffs = (*sheet.costo.tariffe, *sheet.costo.costi_medi)
    yield from (catalog.contacts[item.sede] for item in tariffs if item.sede)


def _records_in(view: views.View) -> Iterable[Record]:
    """The form, who gets it and where it is handed in."""
    named = (view["form"], view["recipient"], view["contact"], *view["desks"])
    yield from (record for record in named if record)


def _shown_in(catalog: Catalog, name: str) -> Iterable[Record]:
    kinds = {
        "costi": ("carta", "services"),
        "uffici": ("contacts",),
        "enti-gestori": ("providers", "contacts"),
        "standard": ("standards", "services", "results"),
        "reclami": ("carta", "contacts", "figures"),
        "glossario": ("glossary",),
        "senza-scheda": ("without-sheet",),
    }[name]
    return (record for kind in kinds for record in catalog.records[kind].values())


def _latest(records: Iterable[Record]) -> date | None:
    return max((day for record in records if (day := record.aggiornato_il)), default=None)
