"""Promises and what was measured of them: nothing missing, nothing that contradicts itself."""

from collections.abc import Iterator
from datetime import date

from site_builder.catalog import Catalog
from site_builder.documents import Document
from site_builder.italian import month_day
from site_builder.loader import KeyPath
from site_builder.model import Misura
from site_builder.observed import iter_promises
from site_builder.results import Promise, kept, threshold
from site_builder.rules.registry import Finding, rule
from site_builder.values import VerificaDati

# By when the numbers of the year before must be there, unless the promise says another day.
_DEADLINE = "02-15"
_OUTCOMES = {"rispettato": True, "non_rispettato": False}


@rule("anno-futuro", "errore")
def results_are_of_the_past(catalog: Catalog, today: date) -> Iterator[Finding]:
    """Nobody has measured a year that has not begun; and the year is the name of the file."""
    for year in catalog.results:
        document = catalog.documents["results"][str(year.id)]
        if year.anno > today.year:
            yield Finding(
                document, ("anno",), f"Il {year.anno} non è ancora cominciato.", "Correggi l'anno."
            )
        elif document.stem != str(year.anno):
            yield Finding(
                document, ("anno",),
                f"L'anno è {year.anno}, ma il file si chiama «{document.stem}».",
                f"Correggi l'anno, o cambia nome al file in «{year.anno}.yml».",
            )  # fmt: skip


@rule("misura-mancante", "avvertenza")
def last_year_is_measured(catalog: Catalog, today: date) -> Iterator[Finding]:
    """After the deadline every promise of last year has its measure, or says why it has none.

    Where the whole year is missing that is said once.
    """
    last = today.year - 1
    year = next((item for item in catalog.results if item.anno == last), None)
    found = {item.standard for item in year.misure} if year else set()
    due = [item for item in iter_promises(catalog) if _was_due(item, today)]
    missing = [item for item in due if item.id not in found]
    if missing and year is None:
        path = f"content/results/{last}.yml"
        yield Finding(
            catalog.documents["carta"]["carta"], ("ente",),
            f"Mancano i risultati del {last}: {len(missing)} standard senza misura.",
            f"Scrivi in {path} che cosa si è misurato; se niente, «esito: non_misurato».",
        )  # fmt: skip
    elif year:
        for item in missing:
            day = month_day(item.scadenza_annuale or _DEADLINE)
            yield Finding(
                catalog.documents["results"][str(year.id)], ("misure",),
                f"Manca la misura di «{item.id}»: andava pubblicata entro il {day}.",
                f"Aggiungi «standard: {item.id}» con l'esito; se non c'è, «non_misurato».",
            )  # fmt: skip


def _was_due(promise: Promise, today: date) -> bool:
    """Whether the promise held during the whole of last year or a part, and its day is past."""
    last = today.year - 1
    began = promise.valido_dal is None or promise.valido_dal.year <= last
    lasted = promise.valido_fino_al is None or promise.valido_fino_al.year >= last
    is_late = today.strftime("%m-%d") > (promise.scadenza_annuale or _DEADLINE)
    return began and lasted and is_late


@rule("rimedio-mancante", "avvertenza")
def misses_have_a_remedy(catalog: Catalog, today: date) -> Iterator[Finding]:
    """A promise that was not kept says what was done."""
    for document, path, measure in _measures(catalog):
        if measure.esito == "non_rispettato" and not measure.rimedio:
            yield Finding(
                document, (*path, "esito"),
                f"«{measure.standard}» non è stato rispettato, e non si dice che cosa si è fatto.",
                "Aggiungi «rimedio: …»; se non si è fatto niente, scrivilo.",
            )  # fmt: skip


@rule("esito-contraddetto", "errore", excusable=True)
def outcomes_follow_the_numbers(catalog: Catalog, today: date) -> Iterator[Finding]:
    """The outcome says what the numbers say, where these can decide."""
    promises = {item.id: item for item in iter_promises(catalog)}
    for document, path, measure in _measures(catalog):
        promise = promises.get(measure.standard)
        says = kept(promise, measure) if promise else None
        if promise and says is not None and says != _OUTCOMES.get(measure.esito):
            right = "rispettato" if says else "non_rispettato"
            yield Finding(
                document, (*path, "esito"),
                f"L'esito è «{measure.esito}», ma la soglia è: {threshold(promise)}.",
                f"Scrivi «{right}», oppure correggi il numero.",
            )  # fmt: skip


def _measures(catalog: Catalog) -> Iterator[tuple[Document, KeyPath, Misura]]:
    for year in catalog.results:
        for index, measure in enumerate(year.misure):
            yield catalog.documents["results"][str(year.id)], ("misure", index), measure


@rule("verifica-dati", "errore")
def self_checks_are_whole(catalog: Catalog, today: date) -> Iterator[Finding]:
    """A promise that the content checks says what to look at, and what to compare it with."""
    for document, path, promise in _standards(catalog):
        check = promise.verifica_dati
        wrong = _misformed(check, promise) if check else ""
        if wrong:
            yield Finding(
                document, (*path, "verifica_dati"), wrong,
                "Per esempio {tipo: ore_settimanali, rete: sportelli} con «operatore» e «valore», "
                "oppure {tipo: modulo, modulo: reclamo}.",
            )  # fmt: skip


def _misformed(check: VerificaDati, promise: Promise) -> str:
    places = bool(check.rete) + bool(check.contatto)
    if check.tipo == "modulo":
        alone = check.modulo and not (places or check.ore_di)
        return "" if alone else "Per controllare un modulo serve «modulo», da solo."
    if places != 1 or check.modulo:
        return "Per contare le ore serve «rete» oppure «contatto», uno solo."
    if check.ore_di and not check.rete:
        return "«ore_di» si usa solo con «rete»: un contatto è uno solo."
    if promise.operatore not in (">=", "<=", "=", "fra") or promise.valore is None:
        return "Per confrontare le ore servono «operatore» e «valore» dello standard."
    if promise.operatore == "fra" and promise.valore_massimo is None:
        return "Con l'operatore «fra» serve anche «valore_massimo»."
    return ""


def _standards(catalog: Catalog) -> Iterator[tuple[Document, KeyPath, Promise]]:
    for id, standard in catalog.standards.items():
        yield catalog.documents["standards"][id], (), standard
    for id, sheet in catalog.services.items():
        for index, own in enumerate(sheet.standard):
            yield catalog.documents["services"][id], ("standard", index), own
