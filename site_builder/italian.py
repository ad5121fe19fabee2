"""Say dates, days, hours, amounts and lists in Italian words."""

from collections.abc import Sequence
from datetime import date

from site_builder.values import Chiusura, Orario, Termine

DAYS = {
    "lun": "lunedì", "mar": "martedì", "mer": "mercoledì", "gio": "giovedì",
    "ven": "venerdì", "sab": "sabato", "dom": "domenica",
}  # fmt: skip
_MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto",
    "settembre", "ottobre", "novembre", "dicembre",
)  # fmt: skip


def date_words(day: date) -> str:
    """«21 novembre 2026»; the first of the month is «1º»."""
    return f"{'1º' if day.day == 1 else day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_day(day: str) -> str:
    """«15 febbraio», for the month and day «02-15»."""
    month, number = map(int, day.split("-"))
    return f"{'1º' if number == 1 else number} {_MONTHS[month - 1]}"


def euro(amount: float) -> str:
    """«9.360,00 €»."""
    return f"{amount:,.2f} €".translate(str.maketrans(",.", ".,"))


def plain_euro(amount: float) -> str:
    """«9360,00»: an amount as it is written into a field."""
    return f"{amount:.2f}".replace(".", ",")


def number(value: float) -> str:
    """A number with the decimal comma, and no decimals if it is whole."""
    return f"{value:f}".rstrip("0").rstrip(".").replace(".", ",")


def days_words(term: Termine) -> str:
    """«30 giorni lavorativi»."""
    days, working = ("giorno", "lavorativo") if term.giorni == 1 else ("giorni", "lavorativi")
    return f"{term.giorni} {days}{f' {working}' if term.lavorativi else ''}"


def file_size(size: int) -> str:
    """Bytes as «85 kB» or, from a million on, as «1,4 MB»; the unit stays with its number."""
    if size < 999_500:
        return f"{max(1, round(size / 1000))}\N{NO-BREAK SPACE}kB"
    return f"{size / 1_000_000:.1f}\N{NO-BREAK SPACE}MB".replace(".", ",")


def listing(words: Sequence[str], last: str = "e") -> str:
    """«lunedì, martedì e giovedì»."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def hours_words(slot: Orario) -> str:
    """One slot of opening hours as a phrase: «dal lunedì al giovedì dalle 10.00 alle 12.00»."""
    if slot.come_sede:
        words = "negli orari della sede"
    elif slot.sempre_aperto:
        words = "24 ore su 24, tutti i giorni dell'anno"
    elif slot.fuori_orario:
        words = "quando gli uffici sono chiusi, tutti i giorni dell'anno"
    elif slot.giorni:
        words = f"{_days_words(slot)} {_from(slot.dalle)} {_to(slot.alle)}"
        words += ", su appuntamento" if slot.su_appuntamento else ""
    else:
        words = "su appuntamento"
    if slot.dal and slot.al:
        words += f", dal {date_words(slot.dal)} al {date_words(slot.al)}"
    return f"{words} ({slot.nota})" if slot.nota else words


def closure_words(closure: Chiusura) -> str:
    """«chiuso dal 10 agosto 2026 al 16 agosto 2026 (ferie)»."""
    words = f"chiuso dal {date_words(closure.dal)} al {date_words(closure.al)}"
    return f"{words} ({closure.motivo})" if closure.motivo else words


def slot_days(slot: Orario) -> list[str]:
    """The days of a slot, in the order of the week: «lun-gio» gives four."""
    week = list(DAYS)
    if "-" in slot.giorni:
        first, last = (week.index(day) for day in slot.giorni.split("-"))
        return week[first : last + 1] if first <= last else week[first:] + week[: last + 1]
    return [day.strip() for day in slot.giorni.split(",")]


def _days_words(slot: Orario) -> str:
    days = slot_days(slot)
    if slot.ogni_mese:
        named = listing([DAYS[day] for day in days])
        article = "l'" if slot.ogni_mese == "ultimo" else "il "
        if days == ["dom"]:  # the only feminine day
            article = "l'" if slot.ogni_mese == "ultimo" else "la "
            return f"{article}{slot.ogni_mese[:-1]}a {named} di ogni mese"
        return f"{article}{slot.ogni_mese} {named} di ogni mese"
    if "-" in slot.giorni:
        return f"{_with('dal', days[0])} {_with('al', days[-1])}"
    return listing([_with("il", day) for day in days])


def _with(article: str, day: str) -> str:
    feminine = {"il": "la", "dal": "dalla", "al": "alla"}
    return f"{feminine[article] if day == 'dom' else article} {DAYS[day]}"


def _from(time: str) -> str:
    return f"dalle {_clock(time)}" if not time.startswith("01") else f"dall'{_clock(time)}"


def _to(time: str) -> str:
    return f"alle {_clock(time)}" if not time.startswith("01") else f"all'{_clock(time)}"


def _clock(time: str) -> str:
    hours, _, minutes = time.partition(":")
    return f"{int(hours)}.{minutes}"
