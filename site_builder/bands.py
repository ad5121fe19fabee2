"""In which band somebody is, exact to the cent. `quanto-pago.js` counts in the same way.

Everything is a whole number: amounts are cents, limits are hundredths of a euro or of a percent.
"""

import json
import re

from site_builder.model_carta import FasceDiAccesso, Fascia

_WHOLE = 100 * 100  # a hundred percent in hundredths
_AMOUNT = re.compile(
    r"([0-9]{1,8}|[0-9]{1,3}\.[0-9]{3}|[0-9]{1,2}\.[0-9]{3}\.[0-9]{3})(?:[.,]([0-9]{1,2}))?"
)
_IGNORED = re.compile("[ \t\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}€]")


def cents(text: str) -> int | None:
    """An amount as a citizen writes it («9.360,50», «9360.5»); none if it is not one."""
    found = _AMOUNT.fullmatch(_IGNORED.sub("", text))
    if not found:
        return None
    return int(found[1].replace(".", "")) * 100 + int((found[2] or "").ljust(2, "0"))


def is_relative(bands: FasceDiAccesso) -> bool:
    """Whether the limits are percents of a reference amount."""
    return any(
        limit is not None
        for band in bands.fasce
        for limit in (band.oltre_percento, band.fino_a_percento)
    )


def limits(band: Fascia) -> tuple[int | None, int | None]:
    """Above which limit (exclusive) and up to which one (inclusive); none is open."""
    above = band.oltre_isee if band.oltre_percento is None else band.oltre_percento
    up_to = band.fino_a_isee if band.fino_a_percento is None else band.fino_a_percento
    return _hundredths(above), _hundredths(up_to)


def holds(band: Fascia, isee: int, reference: int | None = None) -> bool:
    """Whether the ISEE is in the band; `reference` is the amount of which the limits are percents.

    Without it the ISEE is measured as the limits are.
    """
    above, up_to = limits(band)
    unit = _WHOLE if reference is None else reference
    return (above is None or isee * _WHOLE > above * unit) and (
        up_to is None or isee * _WHOLE <= up_to * unit
    )


def band_of(bands: FasceDiAccesso, isee: int, reference: int | None = None) -> Fascia | None:
    """The first band that holds the ISEE, if one does."""
    return next((band for band in bands.fasce if holds(band, isee, reference)), None)


def script_data(bands: FasceDiAccesso) -> str:
    """What the script in the page must know, as JSON that may stand inside a script element."""
    rows = [(band.id, band.nome, *limits(band)) for band in bands.fasce]
    data = {"percento": is_relative(bands), "fasce": rows}
    # Inside a script element only «<» could end it before its time.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _hundredths(value: float | None) -> int | None:
    return None if value is None else round(value * 100)
