"""The figures of a year, from the counters: what `content/results/<year>-reclami.yml` holds.

One-way tables only (by Comune, by service, …), each protected by itself: of tables that divide the
same total in different ways, none tells anything of the cells of another. A question that is asked
only after an answer divides that answer, and is told only if that number is. Nothing by month:
twelve columns of small numbers would hide more than they show.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from endpoint.cases.counting import CATEGORY, COMUNE, RATING, SERVICE, counted
from endpoint.cases.steps import OUTCOMES
from endpoint.figures.suppression import LEAST, SMALL, Shown, publishable, shown
from endpoint.forms.definition import Definition, Field

# The reserved names among the counters; IMPORTED says which lists were read, and is no figure.
CLOSED, IMPORTED = "chiuso", "importato"
CHANNELS = {
    "web": "Dal sito", "sportello": "Allo sportello", "telefono": "Per telefono",
    "posta": "Per posta", "email": "Per e-mail", "pec": "Per PEC",
    "gestore": "Dall'elenco mensile dei gestori",
}  # fmt: skip
TOO_SMALL = "I numeri sono troppo piccoli per pubblicare questa tabella."
_UNSAID = "Non indicato"
_IN_TIME = {"entro": "Entro i termini", "oltre": "Oltre i termini", "": "Senza termini"}
_TITLES = {COMUNE: "Per Comune", SERVICE: "Per servizio", CATEGORY: "Per categoria"}
# Where they stand in the key of a complaint that was closed, after its form.
_PLACES = {SERVICE: 0, CATEGORY: 1, "esito": 2, "termini": 3}

Data = dict[str, Any]
Counters = Mapping[str, int]
_Cells = Sequence[tuple[tuple[str, ...], int]]


@dataclass(frozen=True, slots=True)
class _Table:
    """Numbers by value, and the words for the values of the form, in its order."""

    title: str
    numbers: Mapping[str, int]
    words: Mapping[str, str]

    @property
    def counts(self) -> dict[str, int]:
        """A number for every value of the form, and for those that it has no more."""
        return {key: self.numbers.get(key, 0) for key in (*self.words, *sorted(self.numbers))}

    def divides(self, total: int) -> Data:
        """As it is published where its rows make up a total."""
        found = None
        if total >= LEAST:
            # What was not said goes first, then from the last of the form: never by the number.
            backwards = list(reversed(self.counts))
            found = publishable(self.counts, sorted(backwards, key=lambda key: key != ""))
        if found is None:
            return {"titolo": self.title, "totale": shown(total), "nota": TOO_SMALL, "voci": []}
        return {"titolo": self.title, "totale": shown(total), "voci": self._rows(found)}

    def stands_alone(self) -> Data:
        """As it is published where one person may be in many rows: nothing can be subtracted."""
        rows = self._rows({key: shown(count) for key, count in self.counts.items()})
        return {"titolo": self.title, "voci": rows}

    def _rows(self, found: Mapping[str, Shown]) -> list[Data]:
        # Zero of what no form names says nothing.
        kept = {key: number for key, number in found.items() if number != 0 or key in self.words}
        return [
            {"voce": self.words.get(key) or key or _UNSAID, "numero": number}
            for key, number in kept.items()
        ]


def figures(counters: Counters, forms: Mapping[str, Definition], year: int, day: date) -> Data:
    """What is published of a year; `day` is the day on which it is worked out."""
    cells = [(tuple(key.split("|")[1:]), n) for key, n in counters.items() if "|" in key]
    modules = []
    for form in forms.values():
        told = _anonymous(form, cells) if form.anonimo else _named(form, cells)
        modules.append({"modulo": form.id, "titolo": form.titolo, **told})
    pages = list(_pages(cells))
    return {
        "id": f"{year}-reclami", "anno": year, "aggiornato_il": day.isoformat(),
        "moduli": modules, **({"pagine": pages} if pages else {}),
    }  # fmt: skip


def left_out(counters: Counters, forms: Mapping[str, Definition]) -> list[str]:
    """Forms that were counted and are not compiled any more: their figures are not published."""
    named = {key.split("|")[1] for key in counters if "|" in key}
    return sorted(named - {*forms, RATING, CLOSED, IMPORTED})


def _named(form: Definition, cells: _Cells) -> Data:
    received = [(key[1:], n) for key, n in cells if key[0] == form.id and len(key) == 5]
    closed = [(key[2:], n) for key, n in cells if key[:2] == (CLOSED, form.id) and len(key) == 6]
    total = _sum(received)
    tables = [*_received(form, received, closed), *_closed(closed)]
    return {"totale": shown(total), "tabelle": tables if total >= LEAST or not total else []}


def _received(form: Definition, received: _Cells, closed: _Cells) -> Iterator[Data]:
    total = _sum(received)
    for place, (name, field) in enumerate(counted(form).items()):
        words = field.label_of if field else {}
        numbers = _added(received, place)
        if any(numbers.keys() - {""}):
            yield _Table(_TITLES[name], numbers, words).divides(total)
        elif name == CATEGORY and any((by := _added(closed, _PLACES[name])).keys() - {""}):
            # Where the form does not ask for it, who has read the complaint gives it one.
            yield _Table("Per categoria, fra quelli chiusi", by, words).divides(_sum(closed))
    if total:
        yield _Table("Come sono arrivati", _added(received, 3), CHANNELS).divides(total)


def _closed(closed: _Cells) -> Iterator[Data]:
    if closed:
        total = _sum(closed)
        outcomes, terms = (_added(closed, _PLACES[name]) for name in ("esito", "termini"))
        words = {outcome: outcome.capitalize() for outcome in OUTCOMES}
        yield _Table("Come si sono chiusi", outcomes, words).divides(total)
        if any(terms.keys() - {""}):
            yield _Table("In quanto tempo si sono chiusi", terms, _IN_TIME).divides(total)


def _anonymous(form: Definition, cells: _Cells) -> Data:
    total = sum(n for key, n in cells if key == (form.id,))
    answers = [(key[1:], n) for key, n in cells if key[0] == form.id and len(key) == 3]
    tables = list(_questions(form, answers, total)) if total >= LEAST else []
    return {"totale": shown(total), "tabelle": tables}


def _questions(form: Definition, answers: _Cells, total: int) -> Iterator[Data]:
    """A table for each question; of one that depends on an answer, only if that is published."""
    told: dict[tuple[str, str], Shown] = {}
    for field in form.campi:
        asked = told.get((field.se.campo, field.se.valore)) if field.se else total
        if not field.opzioni or not isinstance(asked, int):
            continue
        numbers = _added([(key[1:], n) for key, n in answers if key[0] == field.id], 0)
        if field.tipo == "scelta_multipla":
            data = _Table(field.etichetta, numbers, field.label_of).stands_alone()
        else:
            silent = {"": silent} if (silent := asked - sum(numbers.values())) > 0 else {}
            data = _Table(field.etichetta, numbers | silent, field.label_of).divides(asked)
        told |= _told(field, data)
        yield data


def _told(field: Field, data: Data) -> dict[tuple[str, str], Shown]:
    by_words = {row["voce"]: row["numero"] for row in data["voci"]}
    return {(field.id, o.valore): by_words.get(o.etichetta, SMALL) for o in field.opzioni}


def _pages(cells: _Cells) -> Iterator[Data]:
    votes: dict[str, list[tuple[int, int]]] = {}
    for key, n in cells:
        if key[0] == RATING and len(key) == 3 and key[2].isdecimal():
            votes.setdefault(key[1], []).append((int(key[2]), n))
    for page, given in sorted(votes.items()):
        number = sum(n for _, n in given)
        if number >= LEAST:
            mean = sum(vote * n for vote, n in given) / number
            yield {"pagina": page, "voti": number, "media": round(mean, 1)}


def _sum(cells: _Cells) -> int:
    return sum(n for _, n in cells)


def _added(cells: _Cells, place: int) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for key, n in cells:
        numbers[key[place]] = numbers.get(key[place], 0) + n
    return numbers
