"""One row of a provider's monthly list: what it says, or all that is wrong with it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from endpoint.cases.counting import CATEGORY, COMUNE, SERVICE
from endpoint.cases.steps import OUTCOMES, closing_key

COLUMNS = ("mese", SERVICE, COMUNE, CATEGORY, "esito", "entro_i_termini", "numero")
CHANNEL = "gestore"
_MOST = 1000  # complaints in one row: more is a slip of the finger
_MONTH = re.compile(r"(?:(?P<y>20\d\d)-(?P<m>\d\d?)|(?P<m2>\d\d?)/(?P<y2>20\d\d))", re.ASCII)
_IN_TIME = {"sì": "entro", "si": "entro", "s": "entro", "no": "oltre", "n": "oltre", "": ""}


@dataclass(frozen=True, slots=True)
class Row:
    """Complaints that are alike. `outcome` is empty if they are not closed."""

    month: date
    service: str
    comune: str
    category: str
    outcome: str
    in_time: str
    number: int

    @property
    def kind(self) -> tuple[object, ...]:
        """What makes two rows say the same."""
        return (self.month, self.service, self.comune, self.category, self.outcome, self.in_time)

    def counts(self, form: str) -> Iterator[str]:
        """The counters that the row adds to, each as often as it says."""
        cell = (f"{self.month:%Y-%m}", form, self.comune, self.service, self.category, CHANNEL)
        for _ in range(self.number):
            yield "|".join(cell)
            if self.outcome:
                yield closing_key(
                    self.month, form, self.service, self.category, self.outcome, self.in_time
                )


class RowReader:
    """One row, cell by cell; what is wrong is gathered."""

    def __init__(
        self,
        line: int,
        cells: Mapping[str, str],
        known: Mapping[str, Mapping[str, str]],
        today: date,
    ) -> None:
        self._line, self._cells, self._known, self._today = line, cells, known, today
        self.problems: list[str] = []

    def row(self, extra: int) -> Row | None:
        """The row; None if something is wrong. `extra`: how many cells more than the header."""
        if extra:
            how = "meno" if extra < 0 else "più"
            self._object(f"ha {how} colonne dell'intestazione: ce ne vogliono {len(COLUMNS)}.")
            return None
        month = self._month()
        service, comune, category = map(self._choice, (SERVICE, COMUNE, CATEGORY))
        outcome, in_time, number = self._outcome(), self._in_time(), self._number()
        if in_time and not outcome:
            self._object("«entro_i_termini» vale per i reclami chiusi: scrivi anche l'esito.")
        if self.problems or month is None:
            return None
        return Row(month, service, comune, category, outcome, in_time, number)

    def _object(self, sentence: str) -> None:
        self.problems.append(f"Riga {self._line}: {sentence}")

    def _month(self) -> date | None:
        text = self._cells["mese"]
        found = _MONTH.fullmatch(text)
        year, month = (found["y"] or found["y2"], found["m"] or found["m2"]) if found else (0, 0)
        if not 1 <= int(month) <= 12:
            self._object(
                f"il mese «{text}» non si capisce. Scrivi per esempio {self._today:%Y-%m}, e in"
                " Excel dai alla colonna il formato «Testo»."
            )
            return None
        day = date(int(year), int(month), 1)
        if not date(self._today.year - 1, 1, 1) <= day <= self._today:
            self._object(f"il mese «{text}» è troppo vecchio o deve ancora venire: controllalo.")
            return None
        return day

    def _choice(self, name: str) -> str:
        """The value of a word that the form has, written as its value or as it is read."""
        text, words = self._cells[name], self._known[name]
        said = {spelling.casefold(): value for value, label in words.items()
                for spelling in (label, value)}  # fmt: skip
        if not text and (name != SERVICE or not words):
            return ""
        if text.casefold() not in said:
            choices = ", ".join(words.values())
            remedy = f"Scegli fra: {choices}." if choices else "Lascia vuota la colonna."
            self._object(f"{name} «{text}» non è fra quelli del modulo. {remedy}")
            return ""
        return said[text.casefold()]

    def _outcome(self) -> str:
        text = self._cells["esito"].lower()
        if text and text not in OUTCOMES:
            self._object(
                f"l'esito «{text}» non c'è. Scegli fra: {', '.join(OUTCOMES)}; vuoto se il reclamo"
                " non è chiuso."
            )
        return text

    def _in_time(self) -> str:
        text = self._cells["entro_i_termini"].lower()
        if text not in _IN_TIME:
            self._object(f"entro_i_termini «{text}»: scrivi «sì», «no», o lascia vuoto.")
        return _IN_TIME.get(text, "")

    def _number(self) -> int:
        text = self._cells["numero"]
        is_number = text.isascii() and text.isdecimal() and len(text) <= 6
        if not is_number or not 1 <= int(text) <= _MOST:
            self._object(f"il numero «{text}» dev'essere intero, da 1 a {_MOST}.")
            return 0
        return int(text)
