"""What a sheet says in words, in the fields that HSDS 3.0 has for it."""

from collections.abc import Iterator

from site_builder.catalog import Catalog
from site_builder.italian import date_words, euro
from site_builder.model import Notice, Service
from site_builder.opendata.hsds_parts import doubts, paragraphs, points, stated
from site_builder.values import Tariffa
from site_builder.views import COST_LABELS


def description(sheet: Service) -> str:
    """In one sentence first, as readers of the standard expect; then all that has no field."""
    return paragraphs(
        sheet.descrizione_breve,
        sheet.descrizione,
        stated("Attività", points(sheet.attivita)),
        *(f"{part.titolo}: {part.descrizione}" for part in sheet.sottoservizi),
        *(f"{form.titolo}: {form.testo}" for form in sheet.varianti),
        stated("Cosa si ottiene", sheet.cosa_si_ottiene),
        stated("Tempi e scadenze", sheet.tempi_e_scadenze),
        stated("Dove si svolge", sheet.dove_si_svolge),
        doubts(sheet),
    )


def application(sheet: Service) -> str:
    """How one asks for the service, where and with what."""
    where = sheet.dove_rivolgersi
    return paragraphs(
        stated("Come fare", sheet.come_fare),
        stated("Chi può presentare la domanda", sheet.chi_puo_presentare),
        stated("Dove rivolgersi", where.testo),
        stated("Quando", where.quando),
        stated("Cosa serve", sheet.cosa_serve),
    )


def eligibility(sheet: Service) -> str:
    """For whom it is, and on which conditions."""
    asked = [(part.titolo, part.requisiti) for part in sheet.varianti if part.requisiti]
    return paragraphs(
        sheet.a_chi_e_rivolto,
        stated("Requisiti", points([item.testo for item in sheet.requisiti])),
        *(stated(title, points([item.testo for item in items])) for title, items in asked),
    )


def ages(sheet: Service) -> dict[str, int | None]:
    """The ages in years, where they hold for the whole service; else they are left to the text."""
    age = sheet.eta_per_tutti
    return {"minimum_age": age.eta_min, "maximum_age": age.eta_max} if age else {}


def fees(sheet: Service) -> str:
    """What one pays or receives; amounts that are received are told here, for they cost nothing."""
    cost = sheet.costo
    received = cost.tariffe if cost.tipo == "contributo" else ()
    lines = [f"{amount_name(item)}: {euro(item.importo)} {item.unita}" for item in received]
    return paragraphs(f"{COST_LABELS[cost.tipo]}.", cost.testo, points(lines))


def amount_name(tariff: Tariffa, place: str = "") -> str:
    """What an amount is for: the item, its place and its band."""
    return ", ".join(filter(None, (tariff.voce, place, tariff.fascia)))


def alert(catalog: Catalog, sheet: Service) -> str:
    """Why the service is not as usual, and the calls that are not over on the day of the check."""
    notices = catalog.notices_by_service.get(sheet.id, [])
    current = [n for n in notices if not (catalog.day and n.stato(catalog.day) == "chiuso")]
    return paragraphs(" ".join(_state_words(sheet)), *map(_notice_words, current))


def _state_words(sheet: Service) -> Iterator[str]:
    state = sheet.stato
    if state.valore == "attivo":
        return
    yield state.motivo or f"Servizio {state.valore.replace('_', ' ')}."
    if state.dal:
        yield f"Dal {date_words(state.dal)}."
    if state.al:
        yield f"Fino al {date_words(state.al)}."


def _notice_words(notice: Notice) -> str:
    opens = f", dal {date_words(notice.apre_il)}" if notice.apre_il else ""
    closes = f", fino al {date_words(notice.chiude_il)}" if notice.chiude_il else ""
    return f"Avviso: {notice.titolo}{opens}{closes}"
