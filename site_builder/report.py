"""The report of a year: what became of the promises, of the complaints, of the questionnaires.

It says what the content holds for that year and nothing else. Small numbers are hidden already
where they come from, and no sum of ours is made of a hidden one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from site_builder.catalog import Catalog
from site_builder.charts import bars, stacked
from site_builder.lettering import Picture
from site_builder.model import BodyStandard, Results, Service
from site_builder.model_figures import HIDDEN, Cella, Figures, NumeriModulo, Tabella
from site_builder.results import Outcome
from site_builder.values import Standard

# The heading that the endpoint gives to the table of a form's services.
PER_SERVICE = "Per servizio"
_OTHERS = "Altro o non indicato"
KINDS = {
    "rispettato": "rispettati",
    "non_rispettato": "non rispettati",
    "non_misurato": "non misurati",
}


@dataclass(frozen=True, slots=True)
class Promise:
    """A standard with what was measured of it in the year; `sheet` is the service it is of."""

    standard: Standard | BodyStandard
    outcomes: tuple[Outcome, ...]
    sheet: Service | None = None

    @property
    def esito(self) -> str:
        """The one verdict: kept only where nothing that was measured was missed."""
        found = {item.misura.esito for item in self.outcomes}
        return next((e for e in ("non_rispettato", "rispettato") if e in found), "non_misurato")


@dataclass(frozen=True, slots=True)
class QualityArea:
    """The promises of one area, with a title to show."""

    title: str
    promises: tuple[Promise, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many by verdict, in the order of KINDS."""
        found = [promise.esito for promise in self.promises]
        return {esito: found.count(esito) for esito in KINDS}


@dataclass(frozen=True, slots=True)
class Told:
    """A table of numbers, and the same as a picture where there is something to draw."""

    table: Tabella
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class Module:
    """What came in through one form."""

    module: NumeriModulo
    tables: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All that is known of a year; `results` or `figures` may be missing, not both."""

    anno: int
    results: Results | None
    figures: Figures | None
    quality: tuple[QualityArea, ...]
    picture: Picture | None
    complaints: Module | None
    others: tuple[Module, ...]

    @property
    def address(self) -> str:
        """Its page, from the root of the site."""
        return f"relazione/{self.anno}/"

    @property
    def pdf(self) -> str:
        """Its print, from the root of the site."""
        return print_address(self.anno)

    @property
    def title(self) -> str:
        return f"Relazione annuale {self.anno}"

    @property
    def records(self) -> tuple[Results | Figures, ...]:
        """What it is drawn from."""
        return tuple(record for record in (self.results, self.figures) if record)

    @property
    def di_prova(self) -> bool:
        """Whether any of its numbers is made up."""
        return any(record.di_prova for record in self.records)

    @property
    def counts(self) -> dict[str, int]:
        """How many promises by verdict, of all areas."""
        return {esito: sum(area.counts[esito] for area in self.quality) for esito in KINDS}

    def of(self, esito: str) -> list[Promise]:
        """The promises with this verdict."""
        return [p for area in self.quality for p in area.promises if p.esito == esito]


def years(catalog: Catalog) -> list[int]:
    """The years that have a report, the newest first."""
    found = {item.anno for item in catalog.results} | {item.anno for item in catalog.figures}
    return sorted(found, reverse=True)


def print_address(year: int) -> str:
    """Where the print of a year stands, from the root of the site."""
    return f"relazioni/{year}.pdf"


def reports(catalog: Catalog) -> Iterator[Report]:
    """Yield every report, the newest year first."""
    return (report(catalog, year) for year in years(catalog))


def report(catalog: Catalog, year: int) -> Report:
    """The report of one of the `years`."""
    results = next((item for item in catalog.results if item.anno == year), None)
    figures = next((item for item in catalog.figures if item.anno == year), None)
    quality = tuple(_quality(catalog, year)) if results else ()
    modules = [_module(catalog, figures, item) for item in figures.moduli] if figures else []
    own = catalog.carta.reclami.modulo
    rows = [
        (area.title, {KINDS[esito]: number for esito, number in area.counts.items()})
        for area in quality
    ]
    title = f"Gli standard nel {year}, per area"
    return Report(
        year,
        results,
        figures,
        quality,
        stacked(title, rows, list(KINDS.values()), bool(results and results.di_prova)),
        next((item for item in modules if item.module.modulo == own), None),
        tuple(item for item in modules if item.module.modulo != own),
    )


def _quality(catalog: Catalog, year: int) -> Iterator[QualityArea]:
    """Standards of the body by area of quality, then those of the sheets by their area."""
    general = catalog.standards.values()
    for named in catalog.carta.aree_qualita:
        inside = [(item, None) for item in general if item.area_qualita == named.id]
        yield from _area(catalog, year, named.nome, inside)
    others = ((s, None) for s in general if not s.area_qualita)
    yield from _area(catalog, year, "Per tutto l'ente e per più servizi", others)
    for area in catalog.areas.values():
        sheets = [sheet for sheet in catalog.services.values() if sheet.area == area.id]
        own = ((standard, sheet) for sheet in sheets for standard in sheet.standard)
        yield from _area(catalog, year, f"Servizi: {area.nome}", own)


def _area(
    catalog: Catalog,
    year: int,
    title: str,
    standards: Iterable[tuple[Standard | BodyStandard, Service | None]],
) -> Iterator[QualityArea]:
    """The area with the promises that held in the year or were measured in it; none without."""
    found = []
    for standard, sheet in standards:
        outcomes = tuple(o for o in catalog.outcomes[standard.id] if o.anno == year)
        promise = Promise(standard, outcomes, sheet)
        if promise.esito != "non_misurato" or _held(standard, year):
            found.append(promise)
    if found:
        yield QualityArea(title, tuple(found))


def _held(standard: Standard | BodyStandard, year: int) -> bool:
    begin, end = standard.valido_dal, standard.valido_fino_al
    return not ((begin and begin.year > year) or (end and end.year < year))


def _module(catalog: Catalog, figures: Figures, module: NumeriModulo) -> Module:
    by_service = {PER_SERVICE}
    if form := catalog.forms.get(module.modulo):
        by_service |= {field.etichetta for field in form.campi if field.tipo == "servizio"}
    tables: list[Tabella] = []
    for table in module.tabelle:
        if table.titolo in by_service and table.voci:
            tables.append(_by_area(catalog, table))
        tables.append(table)
    return Module(module, tuple(_told(table, figures.di_prova) for table in tables))


def _told(table: Tabella, trial: bool) -> Told:
    rows = [(cell.voce, cell.numero) for cell in table.righe]
    return Told(table, bars(table.titolo, rows, trial))


def _by_area(catalog: Catalog, table: Tabella) -> Tabella:
    """A table by service summed up by area; an area with a hidden number is hidden whole."""
    names = {sheet.nome: catalog.areas[sheet.area].nome for sheet in catalog.services.values()}
    sums: dict[str, int | str] = dict.fromkeys((*names.values(), _OTHERS), 0)
    for cell in table.voci:
        area = names.get(cell.voce, _OTHERS)
        so_far = sums[area]
        if isinstance(so_far, int) and isinstance(cell.numero, int):
            sums[area] = so_far + cell.numero
        else:
            sums[area] = HIDDEN
    rows = tuple(Cella(voce=name, numero=number) for name, number in sums.items())
    stop = "" if table.titolo.endswith("?") else ","
    return Tabella(titolo=f"{table.titolo}{stop} per area", voci=rows, totale=table.totale)
