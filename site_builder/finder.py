"""«Trova il servizio»: which sheets an answer brings, and why each of them is shown.

The questions are data (`domande` in carta.yml) and so are the rules: groups, ages, ISEE, Comuni and
emergencies are read from the sheets. Nobody is told what they will get: a sheet is shown with the
reasons why it may be of use. Answers only add: with one more answer no sheet and no reason goes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from site_builder.catalog import Catalog
from site_builder.italian import euro, listing
from site_builder.model import Service
from site_builder.model_carta import Comune, Domanda, Opzione
from site_builder.values import Requisito

Span = tuple[int, int]  # ages in months, both included
_NO_LIMIT = 12 * 200
# Of the sheets of one answer a page shows the first: who has more to read than this reads nothing.
MOST_SHOWN = 40


@dataclass(frozen=True)
class Choice:
    """One answer: an option of a question, for one Comune where the option asks for it."""

    question: Domanda
    option: Opzione
    comune: Comune | None = None

    @cached_property
    def id(self) -> str:
        """What stands in the address: question and option, or question and Comune."""
        return f"{self.question.id}-{self.comune.id if self.comune else self.option.id}"

    @property
    def text(self) -> str:
        return f"{self.option.testo} {self.comune.a_nome}" if self.comune else self.option.testo

    @cached_property
    def ages(self) -> Span | None:
        """The ages of who answers so: at 2 years one has from 24 to 35 months."""
        low, high = self.option.eta_min, self.option.eta_max
        if low is None and high is None:
            return None
        return 12 * (low or 0), _NO_LIMIT if high is None else 12 * high + 11


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a sheet is shown, after «perché»; only if one `brings` it does the sheet appear."""

    text: str
    brings: bool


@dataclass(frozen=True, slots=True)
class Result:
    """A sheet with its reasons, and what it asks that the answers do not say."""

    service: Service
    reasons: tuple[str, ...]
    limits: tuple[str, ...]


def questions(catalog: Catalog) -> list[tuple[Domanda, list[Choice]]]:
    """Every question with its answers; an option with `comune` becomes one for each Comune."""
    return [(question, list(_choices(catalog, question))) for question in catalog.carta.domande]


def choices(catalog: Catalog) -> list[Choice]:
    """All answers, in the order of the questions."""
    return [choice for _, group in questions(catalog) for choice in group]


def _choices(catalog: Catalog, question: Domanda) -> Iterator[Choice]:
    for option in question.opzioni:
        if option.comune:
            yield from (Choice(question, option, comune) for comune in catalog.comuni.values())
        else:
            yield Choice(question, option)


def is_delicate(catalog: Catalog, answers: Iterable[Choice]) -> bool:
    """Whether one of the answers is about violence: neutral title, quick exit."""
    named = {group for choice in answers for group in choice.option.gruppi}
    return any(group.violenza for group in catalog.carta.gruppi if group.id in named)


def matches(catalog: Catalog, service: Service, choice: Choice) -> list[Reason]:
    """Why the sheet may be of use to who gives this answer; empty if nothing says so.

    The groups of an option say which sheets it brings; the rest of it then only adds reasons. An
    option without groups brings every sheet that something else in it fits.
    """
    option, brings = choice.option, not choice.option.gruppi
    found = [
        Reason(f"è per {_small(group.nome)}", True)
        for group in catalog.carta.gruppi
        if group.id in option.gruppi and group.id in service.gruppi
    ]
    if option.pericolo and service.emergenza:
        found.append(Reason("è un servizio di emergenza", True))
    if option.isee:
        limits = (item.isee_max for item in service.requisiti)
        found += [
            Reason(f"è per chi ha un ISEE fino a {euro(x)}", True) for x in limits if x is not None
        ]
    if choice.ages:
        spans = (item for item in service.requisiti if _overlap(span_of(item), choice.ages))
        found += [Reason(f"è per chi ha {age_words(item)}", brings) for item in spans]
    if choice.comune and (place := _place(catalog, service, choice.comune)):
        found.append(Reason(place, brings))
    return list(dict.fromkeys(found))


def limit(catalog: Catalog, service: Service, choice: Choice) -> tuple[str, str] | None:
    """What the sheet asks that this answer does not meet: (age or Comune, the sentence)."""
    if choice.ages:
        asked = [item for item in service.requisiti if span_of(item)]
        bound = {group for item in asked for group in item.gruppi or service.gruppi}
        fits = any(_overlap(span_of(item), choice.ages) for item in asked)
        # A group of the sheet of which no age is asked leaves the door open.
        if asked and not fits and bound.issuperset(service.gruppi):
            return "eta", f"La scheda dice: «{asked[0].testo.rstrip('.')}»."
    if choice.comune and service.territorio and choice.comune.id not in service.territorio:
        names = [c.a_nome for id, c in catalog.comuni.items() if id in service.territorio]
        return "comune", f"C'è solo {listing(names)}."
    return None


def span_of(item: Requisito) -> Span | None:
    """The ages that a requirement names, in months, both included: «36 mesi» is 36, not 37."""
    if item.eta_min is None and item.eta_max is None:
        return None
    if item.unita_eta == "mesi":
        return item.eta_min or 0, _NO_LIMIT if item.eta_max is None else item.eta_max
    return 12 * (item.eta_min or 0), _NO_LIMIT if item.eta_max is None else 12 * item.eta_max + 11


def age_words(item: Requisito) -> str:
    """«65 anni o più», «fino a 36 mesi», «da 16 a 64 anni»."""
    low, high, unit = item.eta_min, item.eta_max, item.unita_eta
    if high is None:
        return f"{low} {unit} o più"
    return f"da {low} a {high} {unit}" if low else f"fino a {high} {unit}"


def _overlap(one: Span | None, other: Span | None) -> bool:
    return bool(one and other and one[0] <= other[1] and other[0] <= one[1])


def _place(catalog: Catalog, service: Service, comune: Comune) -> str:
    # Never «c'è a …» without a datum: of a refuge the place is secret and of others unknown.
    if comune.id in service.territorio:
        return f"c'è {comune.a_nome}"
    if any(desk.comune == comune.id for desk in catalog.desks(service)):
        return f"ha uno sportello {comune.a_nome}"
    return "" if service.territorio else f"vale anche per chi vive {comune.a_nome}"


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]


class Finder:
    """The verdicts of all sheets on all answers, computed once."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.questions = questions(catalog)
        self.choices = [choice for _, group in self.questions for choice in group]
        # Among equals the open door first: not every sheet can be had without being sent.
        self.sheets = sorted(catalog.services.values(), key=lambda s: s.tipo_accesso != "diretto")
        self._order = {sheet.id: place for place, sheet in enumerate(self.sheets)}
        self._reasons: dict[str, dict[str, list[Reason]]] = {}
        self._limits: dict[str, dict[str, tuple[str, str]]] = {}
        for choice in self.choices:
            sheets = catalog.services.values()
            found = {sheet.id: matches(catalog, sheet, choice) for sheet in sheets}
            self._reasons[choice.id] = {id: reasons for id, reasons in found.items() if reasons}
            limits = {sheet.id: limit(catalog, sheet, choice) for sheet in sheets}
            self._limits[choice.id] = {id: said for id, said in limits.items() if said}
        self._brought = {
            id: frozenset(
                sheet for sheet, reasons in found.items() if any(r.brings for r in reasons)
            )
            for id, found in self._reasons.items()
        }

    def brought(self, choice: Choice) -> frozenset[str]:
        """The ids of the sheets that the answer makes appear by itself."""
        return self._brought[choice.id]

    def results(self, answers: Sequence[Choice]) -> list[Result]:
        """The sheets to show for some answers, each once.

        In danger emergencies first; then the sheets whose ages and Comuni fit; then those with
        more reasons; then those with direct access; then in the order of the Carta.
        """
        danger = any(choice.option.pericolo for choice in answers)
        shown = frozenset().union(*(self.brought(choice) for choice in answers))
        found = [self._result(id, answers) for id in shown]

        def rank(result: Result) -> tuple[bool, bool, int, int]:
            late = not (danger and result.service.emergenza)
            place = self._order[result.service.id]
            return late, bool(result.limits), -len(result.reasons), place

        return sorted(found, key=rank)

    def _result(self, id: str, answers: Sequence[Choice]) -> Result:
        reasons = (r.text for choice in answers for r in self._reasons[choice.id].get(id, ()))
        limits = []
        for kind, asked in _KINDS:
            said = [self._limits[choice.id].get(id) for choice in answers if asked(choice)]
            # With several ages (a family) one that fits is enough.
            if said and all(one and one[0] == kind for one in said):
                limits += [one[1] for one in said[:1] if one]
        service = self.catalog.services[id]
        return Result(service, tuple(dict.fromkeys(reasons)), tuple(limits))

    def pairs(self) -> list[tuple[Choice, Choice]]:
        """The pairs of answers that have a page of their own, for who has no JavaScript.

        One of the two says an age or a Comune, and is worth a page only if it changes what the
        other shows: some sheet that the other brings has a requirement of age (or is not in every
        Comune). Age bands and Comuni are few, so the pages grow with the number of options, not
        with its square.
        """
        return [(one, band) for one in self.choices for band in self.narrower(one)]

    def narrower(self, one: Choice) -> list[Choice]:
        """The ages and Comuni that, added to an answer, have a page with it."""
        others = (c for c in self.choices if c.question.id != one.question.id)
        return [band for band in others if self._narrows(band, one)]

    def _narrows(self, band: Choice, other: Choice) -> bool:
        """Whether the age or Comune of `band` tells apart the sheets that `other` brings."""
        if other.option.pericolo:
            return False  # nobody in danger answers one question more
        if not (_has_ages(band) or _has_comune(band)) or _has_ages(other) or _has_comune(other):
            return False
        sheets = (self.catalog.services[id] for id in self.brought(other))
        if _has_ages(band):
            return any(span_of(item) for sheet in sheets for item in sheet.requisiti)
        return any(sheet.territorio for sheet in sheets)

    def data(self) -> dict[str, object]:
        """What the script needs to give the same results: the verdicts, with numbers for texts.

        Sheets are numbered as in the Carta. `frasi` are [reason, whether it brings the sheet];
        each answer has `motivi`, a list of [sheet, reason, reason …], and `limiti`, a list of
        [age or Comune, sentence, sheets].
        """
        phrases: dict[Reason, int] = {}
        answers = {choice.id: self._choice_data(choice, phrases) for choice in self.choices}
        return {
            "massimo": MOST_SHOWN,
            "emergenze": [self._order[sheet.id] for sheet in self.sheets if sheet.emergenza],
            "frasi": [[reason.text, reason.brings] for reason in phrases],
            "risposte": answers,
        }

    def _choice_data(self, choice: Choice, phrases: dict[Reason, int]) -> Mapping[str, object]:
        limits: dict[tuple[str, str], list[int]] = {}
        for id, said in self._limits[choice.id].items():
            limits.setdefault(said, []).append(self._order[id])
        return {
            "pericolo": choice.option.pericolo,
            "delicata": is_delicate(self.catalog, [choice]),
            "dice": [kind for kind, asked in _KINDS if asked(choice)],
            "motivi": [
                [self._order[id], *(phrases.setdefault(r, len(phrases)) for r in found)]
                for id, found in self._reasons[choice.id].items()
            ],
            "limiti": [[kind, text, sheets] for (kind, text), sheets in limits.items()],
        }


def _has_ages(choice: Choice) -> bool:
    return choice.ages is not None


def _has_comune(choice: Choice) -> bool:
    return choice.comune is not None


# What an answer may say of the person that a sheet may refuse.
_KINDS = (("eta", _has_ages), ("comune", _has_comune))
