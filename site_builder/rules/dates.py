"""Dates and hours: in order, with an end, and not past their review."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from site_builder.catalog import Catalog
from site_builder.freshness import KINDS, review
from site_builder.pointers import iter_leaves
from site_builder.rules.registry import Finding, iter_documents, rule

_PAIRS = (
    ("dal", "al"), ("valido_dal", "valido_fino_al"), ("valida_dal", "valida_al"),
    ("apre_il", "chiude_il"), ("pubblicato_il", "chiude_il"), ("dalle", "alle"),
    ("riga", "riga_fine"), ("eta_min", "eta_max"),
    ("isee_min", "isee_max"), ("valore", "valore_massimo"), ("punti", "punti_max"),
    ("oltre_percento", "fino_a_percento"), ("oltre_isee", "fino_a_isee"),
)  # fmt: skip


@rule("ordine", "errore", excusable=True)
def pairs_in_order(catalog: Catalog, today: date) -> Iterator[Finding]:
    """From must not come after to: dates, hours, ages, amounts, lines."""
    for document in iter_documents(catalog):
        for path, group in _groups(document.data):
            for first, second in _PAIRS:
                start, end = group.get(first), group.get(second)
                if start is not None and end is not None and start > end:
                    yield Finding(
                        document, (*path, second),
                        f"«{second}» ({end}) viene prima di «{first}» ({start}).",
                        "Scambia i due valori o correggi quello sbagliato.",
                    )  # fmt: skip


@rule("data-futura", "errore")
def nothing_done_tomorrow(catalog: Catalog, today: date) -> Iterator[Finding]:
    """What has been updated or checked cannot lie in the future."""
    for document in iter_documents(catalog):
        for key in ("aggiornato_il", "verificato_il"):
            value = document.data.get(key)
            if value and date.fromisoformat(value) > today:
                yield Finding(document, (key,), f"«{key}» è una data futura.", "Correggi l'anno.")


@rule("orari", "errore")
def hours_have_one_form(catalog: Catalog, today: date) -> Iterator[Finding]:
    """A slot is days with times, always open, by appointment or as the place: one of them."""
    for document in iter_documents(catalog, "services", "contacts"):
        for path, group in _groups(document.data):
            if len(path) > 1 and path[-2] == "orari" and (message := _misformed(group)):
                yield Finding(
                    document, path, message,
                    'Per esempio: {giorni: lun-ven, dalle: "09:00", alle: "12:00"}.',
                )  # fmt: skip


def _misformed(slot: dict[str, Any]) -> str:
    times = [key for key in ("giorni", "dalle", "alle") if key in slot]
    whole = [key for key in ("sempre_aperto", "fuori_orario", "come_sede") if slot.get(key)]
    if whole and (times or slot.get("su_appuntamento") or len(whole) > 1):
        return f"«{whole[0]}» sta da solo, senza giorni e ore."
    if times and len(times) < 3:
        return "Servono insieme «giorni», «dalle» e «alle»."
    if not (times or whole or slot.get("su_appuntamento")):
        return "L'orario è vuoto."
    if "ogni_mese" in slot and not times:
        return "«ogni_mese» vuole anche «giorni», «dalle» e «alle»."
    return ""


@rule("importo-senza-validita", "avvertenza")
def amounts_have_an_end(catalog: Catalog, today: date) -> Iterator[Finding]:
    """An amount without a validity date stays on the page when it is no longer true."""
    for document in iter_documents(catalog):
        for path, group in _groups(document.data):
            amounts = [key for key in ("isee_max", "importo") if key in group]
            dated = "valido_fino_al" in group or "chiude_il" in group
            if amounts and not dated:
                yield Finding(
                    document, (*path, amounts[0]),
                    f"L'importo «{amounts[0]}» non dice fino a quando vale.",
                    "Aggiungi «valido_fino_al: anno-mese-giorno».",
                )  # fmt: skip


@rule("importo-scaduto", "avvertenza")
def amounts_are_current(catalog: Catalog, today: date) -> Iterator[Finding]:
    """An amount past its validity must be renewed."""
    for document in iter_documents(catalog):
        for path, value in iter_leaves(document.data):
            if path[-1] == "valido_fino_al" and date.fromisoformat(value) < today:
                yield Finding(
                    document, path, f"Valeva fino al {value}.", "Aggiorna l'importo e la data."
                )


@rule("bando-senza-scadenza", "avvertenza")
def calls_close(catalog: Catalog, today: date) -> Iterator[Finding]:
    """A call must say its last day."""
    for notice in catalog.notices.values():
        if notice.tipo == "bando" and not notice.chiude_il:
            yield Finding(
                catalog.documents["notices"][notice.id], ("tipo",),
                "Il bando non dice entro quando si presenta la domanda.",
                "Aggiungi «chiude_il: anno-mese-giorno», l'ultimo giorno utile.",
            )  # fmt: skip


@rule("verifica-scaduta", "avvertenza")
def reviews_are_recent(catalog: Catalog, today: date) -> Iterator[Finding]:
    """What was checked with the office must be checked again in its time.

    What never was is asked for only where the record says itself how often.
    """
    for document in iter_documents(catalog, *KINDS):
        known = review(catalog, document.kind, document.stem)
        wanted = known and (known.checked or "verifica_ogni_mesi" in document.data)
        if known and wanted and known.is_overdue(today):
            checked = known.checked
            last = f"L'ultima verifica è del {checked}" if checked else "Non è mai stato verificato"
            yield Finding(
                document, ("verificato_il" if checked else "aggiornato_il",),
                f"{last}: va {'rifatta' if checked else 'fatto'} ogni {known.months} mesi.",
                "Controlla con l'ufficio e aggiorna «verificato_il».",
            )  # fmt: skip


def _groups(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield (path, mapping) for every mapping inside JSON-like data."""
    if isinstance(value, dict):
        yield path, value
        for key, item in value.items():
            if isinstance(item, dict | list):
                yield from _groups(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict | list):
                yield from _groups(item, (*path, index))
