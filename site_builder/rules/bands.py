"""The bands of access and their amounts: one measure, one band and one amount for everybody."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations
from math import inf

from site_builder.bands import holds, limits
from site_builder.catalog import Catalog
from site_builder.loader import KeyPath
from site_builder.model_carta import Fascia
from site_builder.rules.registry import Finding, rule

_BANDS: KeyPath = ("fasce_di_accesso", "fasce")
_CURE = "«oltre» è escluso e «fino a» è compreso: ogni fascia comincia dove finisce quella prima."


@rule("fasce-misura", "errore")
def bands_have_one_measure(catalog: Catalog, today: date) -> Iterator[Finding]:
    """All limits in euro, or all in percent of an amount that has a name."""
    bands = catalog.carta.fasce_di_accesso
    used: set[str] = set()
    for place, band in enumerate(_bands(catalog)):
        seen, used = used, used | _measures(band)
        if len(used) > 1:
            message = f"La fascia «{band.nome}» mescola euro e percentuali."
            cure = "Scrivi tutti i limiti in euro di ISEE, oppure tutti in percento."
        elif "percento" in used - seen and not (bands and bands.riferimento):
            message = f"I limiti di «{band.nome}» sono in percento, ma non si sa di che cosa."
            cure = "Aggiungi a «fasce_di_accesso» il «riferimento», con il suo nome."
        else:
            continue
        path = (*_BANDS, place, "id")
        yield Finding(catalog.documents["carta"]["carta"], path, message, cure)
        return  # what comes after it depends on which of them is right


@rule("fasce-sovrapposte", "errore", excusable=True)
def bands_do_not_overlap(catalog: Catalog, today: date) -> Iterator[Finding]:
    """Nobody may be in two bands."""
    for (_, one), (place, other) in combinations(enumerate(_bands(catalog)), 2):
        (low, high), (low2, high2) = _ends(one), _ends(other)
        if max(low, low2) < min(high, high2):
            yield Finding(
                catalog.documents["carta"]["carta"], (*_BANDS, place, "id"),
                f"La fascia «{other.nome}» si sovrappone a «{one.nome}».", _CURE,
            )  # fmt: skip


@rule("fasce-con-vuoto", "errore", excusable=True)
def bands_leave_no_gap(catalog: Catalog, today: date) -> Iterator[Finding]:
    """Between two bands nobody may be left without one."""
    bands = _bands(catalog)
    for place, band in enumerate(bands):
        end = limits(band)[1]
        after = [other for other in bands if end is not None and _ends(other)[0] > end]
        if end is not None and after and not any(holds(other, end + 1) for other in bands):
            key = "fino_a_isee" if band.fino_a_percento is None else "fino_a_percento"
            following = min(after, key=_ends)
            yield Finding(
                catalog.documents["carta"]["carta"], (*_BANDS, place, key),
                f"Fra la fascia «{band.nome}» e «{following.nome}» c'è un vuoto.", _CURE,
            )  # fmt: skip


@rule("importo-doppio", "errore", excusable=True)
def one_amount_for_each_band(catalog: Catalog, today: date) -> Iterator[Finding]:
    """The same thing, in the same place and days, has one amount for a band."""
    for service in catalog.services.values():
        known: dict[tuple[object, ...], float] = {}
        for place, item in enumerate(service.costo.tariffe):
            for band in item.fasce:
                days = (item.valido_dal, item.valido_fino_al)
                key = (item.voce, item.unita, item.sede, *days, band)
                if known.setdefault(key, item.importo) != item.importo:
                    yield Finding(
                        catalog.documents["services"][service.id],
                        ("costo", "tariffe", place, "importo"),
                        f"Per «{item.voce}» la fascia «{band}» ha due importi diversi.",
                        "Lascia quello giusto, o distingui le voci, le sedi o i periodi.",
                    )  # fmt: skip


def _bands(catalog: Catalog) -> tuple[Fascia, ...]:
    bands = catalog.carta.fasce_di_accesso
    return bands.fasce if bands else ()


def _measures(band: Fascia) -> set[str]:
    percents = (band.oltre_percento, band.fino_a_percento)
    euros = (band.oltre_isee, band.fino_a_isee)
    pairs = (("percento", percents), ("euro", euros))
    return {name for name, pair in pairs if pair != (None, None)}


def _ends(band: Fascia) -> tuple[float, float]:
    above, up_to = limits(band)
    return -1 if above is None else above, inf if up_to is None else up_to
