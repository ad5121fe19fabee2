"""The parts of a service as linked data: costs, conditions, laws, who runs it."""

from collections.abc import Iterator

from site_builder.catalog import Catalog
from site_builder.italian import date_words, days_words
from site_builder.model import NOT_STATED, Service
from site_builder.opendata import italian_vocabularies as lists
from site_builder.opendata.cpsv_graph import Graph
from site_builder.opendata.turtle import Properties, literal, text
from site_builder.values import Requisito, Tariffa, Termine

# What a citizen receives is no cost, and an average says what the body spends.
_PAID = ("tariffa", "compartecipazione", "non_indicato")


def costs(graph: Graph, sheet: Service, path: str) -> Iterator[str]:
    """The amounts of the tariff, or what is known without amounts."""
    cost = sheet.costo
    if cost.tipo == "gratuito":
        yield _cost(graph, f"{path}-costo", cost.testo or "Gratuito.", 0)
        return
    if cost.tipo not in _PAID:
        return
    if cost.testo:
        yield _cost(graph, f"{path}-costo", cost.testo)
    for number, tariff in enumerate(cost.tariffe, start=1):
        words = _tariff_words(tariff)
        yield _cost(graph, f"{path}-costo-{number}", words, tariff.importo)


def requirements(graph: Graph, sheet: Service, path: str) -> Iterator[str]:
    """Whom the service is for, and the conditions of access."""
    who = {"dct:title": text("A chi è rivolto"), "dct:description": text(sheet.a_chi_e_rivolto)}
    yield graph.part(f"{path}-destinatari", "cv:Requirement", who)
    yield from _conditions(graph, f"{path}-requisito", sheet.requisiti)
    for number, variant in enumerate(sheet.varianti, start=1):
        said = {"dct:title": text(variant.titolo), "dct:description": text(variant.testo)}
        yield graph.part(f"{path}-variante-{number}", "cv:Requirement", said)
        yield from _conditions(graph, f"{path}-variante-{number}-requisito", variant.requisiti)


def laws(graph: Graph, sheet: Service, path: str) -> Iterator[str]:
    """The laws and regulations that the sheet names."""
    for number, law in enumerate(sheet.normativa, start=1):
        said = {"dct:title": text(law.testo), "foaf:page": graph.page(law.url)}
        iri = graph.source.iri(f"{path}-norma-{number}")
        yield graph.describe(iri, "eli:LegalResource", said)


def rules(graph: Graph, sheet: Service, path: str, under: list[str]) -> Iterator[str]:
    """How to ask, and how long it takes; nothing where the source is silent."""
    asked = [sheet.come_fare, sheet.chi_puo_presentare, sheet.dove_rivolgersi.quando]
    times = [sheet.tempi_e_scadenze, *map(_term_words, sheet.termini)]
    brought = [sheet.cosa_serve]
    for id, title, parts in (
        ("come-fare", "Come fare", asked),
        ("cosa-serve", "Cosa serve", brought),
        ("tempi", "Tempi e scadenze", times),
    ):
        if words := "\n\n".join(part for part in parts if part not in ("", NOT_STATED)):
            said: Properties = {
                "dct:title": text(title),
                "dct:description": text(words),
                "dct:language": graph.describe(lists.ITALIAN, "dct:LinguisticSystem"),
                "cpsv:implements": under,
            }
            yield graph.part(f"{path}-{id}", "cpsv:Rule", said)


def outputs(graph: Graph, sheet: Service, path: str) -> Iterator[str]:
    """What one gets."""
    if sheet.cosa_si_ottiene != NOT_STATED:
        said = {
            "dct:title": text("Cosa si ottiene"),
            "dct:description": text(sheet.cosa_si_ottiene),
        }
        yield graph.part(f"{path}-risultato", "cv:Output", said)


def providers(graph: Graph, catalog: Catalog, sheet: Service, path: str) -> Iterator[str]:
    """Who runs the service for the body."""
    for id in sheet.gestore.enti:
        provider = catalog.providers[id]
        agent = {"dct:title": text(provider.nome), "dct:description": text(provider.descrizione)}
        said = {
            "dct:description": text(
                sheet.gestore.testo or f"Gestisce il servizio: {provider.nome}."
            ),
            "cv:role": graph.concept(lists.PROVIDER),
            "cv:hasParticipant": graph.part(f"enti-gestori/#{id}", "foaf:Agent", agent),
        }
        yield graph.part(f"{path}-gestore-{id}", "cv:Participation", said)


def processing_time(sheet: Service) -> str:
    """How long from the request on, where one term says it; a duration has no working days."""
    match sheet.termini:
        case (Termine(lavorativi=False, decorre_da="presentazione", giorni=days),):
            return literal(f"P{days}D", "xsd:duration")
    return ""


def _cost(graph: Graph, path: str, words: str, amount: float | None = None) -> str:
    said = {
        "dct:description": text(words),
        "cv:isDefinedBy": graph.describe(graph.source.iri("#ente"), "org:Organization"),
    }
    if amount is not None:
        said["cv:hasValue"] = literal(repr(float(amount)), "xsd:double")
        said["cv:currency"] = graph.concept(lists.EURO)
    return graph.part(path, "cv:Cost", said)


def _tariff_words(tariff: Tariffa) -> str:
    words = [tariff.voce, tariff.fascia, tariff.unita]
    if tariff.valido_dal:
        words.append(f"dal {date_words(tariff.valido_dal)}")
    if tariff.valido_fino_al:
        words.append(f"fino al {date_words(tariff.valido_fino_al)}")
    return ", ".join(word for word in words if word)


def _conditions(graph: Graph, path: str, conditions: tuple[Requisito, ...]) -> Iterator[str]:
    for number, condition in enumerate(conditions, start=1):
        said = {"dct:title": text(condition.testo)}
        yield graph.part(f"{path}-{number}", "cv:Requirement", said)


def _term_words(term: Termine) -> str:
    start = f" ({term.decorrenza})" if term.decorrenza else ""
    return f"{term.fase}: {days_words(term)}{start}."
