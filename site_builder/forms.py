"""The forms as the endpoint reads them: compiled from the Catalog, and judged by its own code.

The one module of the builder that knows the endpoint, whose checker and markup are the only ones:
what is refused there is refused here, and the form on the site is drawn by the same lines.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from endpoint.cases.days import Calendar, days_words
from endpoint.cases.terms import BEYOND, Suspension, Term, deadlines, overtaken
from endpoint.forms.checking import check
from endpoint.forms.definition import BadDefinition, Definition, read_definition, version_of
from endpoint.forms.render import form_html
from site_builder.catalog import Catalog
from site_builder.loader import KeyPath
from site_builder.model import Campo, Esempio, Form
from site_builder.privacy import notice_rows, treatment
from site_builder.receiver import patron_day, receiver, term_data
from site_builder.working_days import YEARS, closed_days

Compiled = dict[str, Any]
Objection = tuple[KeyPath, str]


def compiled_forms(catalog: Catalog) -> dict[str, Compiled]:
    """Every form as data, by id, each with its version."""
    return {id: compiled(catalog, form) for id, form in sorted(catalog.forms.items())}


def compiled(catalog: Catalog, form: Form) -> Compiled:
    """One form as data: all that page, endpoint and sealed submissions say of it."""
    data: Compiled = {
        "id": form.id,
        "titolo": form.titolo,
        "descrizione": form.descrizione,
        "anonimo": form.anonimo,
        "nota": form.nota,
        "dichiarazioni": list(form.dichiarazioni),
        "informativa": _notice(catalog, form),
        "campi": [_field(catalog, field) for field in form.campi],
        "esempi": [_example(example) for example in form.esempi],
    }
    return _with_version(data)


def body_data(catalog: Catalog, site_url: str, year: int) -> dict[str, Any]:
    """What the endpoint tells of the body: its `ente.json`, with a calendar from `year` on."""
    return _with_version(receiver(catalog, site_url, year))


def definition(catalog: Catalog, form: Form) -> Definition:
    """One form as the endpoint holds it. Raises BadDefinition for what `refusals` names."""
    return read_definition(compiled(catalog, form))


def static_form(catalog: Catalog, form: Form, endpoint: str, level: int = 2) -> str:
    """The form for a page of the site, sent to the endpoint, whose address ends with a slash.

    `level` is the level of the headings of its groups.
    """
    return form_html(definition(catalog, form), f"{endpoint}moduli/{form.id}", level=level)


def field_styles() -> str:
    """The style sheet of the fields, which stands beside their markup."""
    return files("endpoint").joinpath("campi.css").read_text("utf-8")


def refusals(catalog: Catalog, form: Form) -> Iterator[Objection]:
    """What the endpoint would refuse, and where in the YAML it stands."""
    whole = compiled(catalog, form)
    held: list[Compiled] = []
    for index, field in enumerate(whole["campi"]):
        free = {**field, "se": None}
        if not (said := _refused(whole, [*held, field])):
            held.append(field)
        elif _refused(whole, [free]):
            key = "opzioni" if "opzioni" in field else "tipo"
            yield ("campi", index, key), said
            held.append({**free, "tipo": "testo", "opzioni": []})  # others may depend on it
        elif not _refused(whole, [*held, free]):
            yield ("campi", index, "se"), said
            held.append(free)
        else:  # what follows would only say it again
            taken = any(other["id"] == field["id"] for other in held)
            yield (("campi", index, "id") if taken else ("campi", index)), said
            return


def wrong_examples(catalog: Catalog, form: Form, today: date) -> Iterator[Objection]:
    """Where the examples of a form do not get the verdict that stands beside them."""
    if any(refusals(catalog, form)):
        return
    held = definition(catalog, form)
    for index, example in enumerate(form.esempi):
        place: KeyPath = ("esempi", index)
        for name in example.risposte.keys() - held.by_id.keys():
            yield (*place, "risposte", name), f"Il modulo non ha un campo «{name}»."
        wanted = example.errori or {}
        given = {name: _values(value) for name, value in example.risposte.items()}
        found = {error.campo: error.frase for error in check(held, given, today)[1]}
        for name in sorted(found.keys() | wanted.keys()):
            if found.get(name) != wanted.get(name):
                has, told = (_quoted(errors.get(name, "")) for errors in (found, wanted))
                yield (
                    (*place, "errori", name),
                    f"Nell'esempio «{example.nome}» il campo «{name}» dà {has}, non {told}.",
                )


def due_days(catalog: Catalog, days: dict[str, Any], filed: date) -> list[tuple[date | None, bool]]:
    """The last day of every term of a complaint that is filed on a day, if nothing is done before.

    `days` is the calendar as `working_days.calendar` gives it. Without a day: whether the calendar
    does not reach it, or else that nobody knows from when the term runs.
    """
    first, last = (date.fromisoformat(days[name]) for name in ("dal", "al"))
    closed = frozenset(map(date.fromisoformat, days["festivi"]))
    complaints = catalog.carta.reclami
    held = Calendar(first, last, complaints.sabato_lavorativo, closed)
    terms = [Term(**term_data(term)) for term in complaints.termini]
    found = deadlines(terms, held, filed, (), None, filed)
    return [(item.due, item.verdict == BEYOND) for item in found]


def clashes(catalog: Catalog, year: int) -> Iterator[tuple[int, str]]:
    """The terms of complaints that can fall due before one they come after, and the sums.

    As the place of the later term among all, and a sentence. A term that runs from what happened
    before the filing falls due on no day that is known.
    """
    complaints = catalog.carta.reclami
    terms = [Term(**term_data(term)) for term in complaints.termini]
    pause = complaints.sospensione
    longest = Suspension(pause.giorni, pause.lavorativi) if pause else None
    last = year + YEARS - 1
    closed = frozenset(closed_days(year, last, patron_day(catalog)))
    calendar = Calendar(date(year, 1, 1), date(last, 12, 31), complaints.sabato_lavorativo, closed)
    plain = overtaken(terms, calendar, year)
    paused = overtaken(terms, calendar, year, longest) if longest else {}
    spans = _spans(terms, calendar, year) if plain or paused else {}
    names = [term.fase for term in terms]
    for pair in dict.fromkeys([*plain, *paused]):
        before, after = (f"«{name}» ({spans[name]})" for name in pair)
        said = f"{after} può scadere prima di {before}: nel {year} succede"
        said += f" per {plain.get(pair, 0)} giorni di presentazione su {_length(year)}"
        said += f", con la sospensione per {paused.get(pair, 0)}" if longest else ""
        yield names.index(pair[1]), f"{said}."


def _spans(terms: Sequence[Term], calendar: Calendar, year: int) -> dict[str, str]:
    """How long each term can be, by name: «30 giorni lavorativi, cioè da 40 a 48 giorni»."""
    lengths: dict[str, set[int]] = {}
    for number in range(_length(year)):
        filed = date(year, 1, 1) + timedelta(number)
        for item in deadlines(terms, calendar, filed, (), None, filed):
            if item.due:
                lengths.setdefault(item.term.fase, set()).add((item.due - filed).days)
    said = {term.fase: days_words(term.giorni, term.lavorativi) for term in terms}
    return {
        name: f"{said[name]}: da {min(found)} a {max(found)} giorni dalla presentazione"
        for name, found in lengths.items()
    }


def _length(year: int) -> int:
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days


def _with_version(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "versione": version_of(data)}


def _refused(whole: Compiled, fields: Sequence[Compiled]) -> str:
    """Why the endpoint would not take the form with these fields; empty if it would."""
    try:
        read_definition(_with_version({**whole, "campi": list(fields)}))
    except BadDefinition as error:
        return str(error)
    return ""


def _notice(catalog: Catalog, form: Form) -> list[dict[str, str]]:
    processing = treatment(catalog, form)
    if processing is None:
        return []
    told = [*notice_rows(processing, form), ("Se non dai i dati", processing.conferimento)]
    rows = [{"titolo": label, "testo": text} for label, text in told if text]
    return rows or [{"titolo": processing.titolo, "testo": processing.testo}]


def _field(catalog: Catalog, field: Campo) -> Compiled:
    # By their names, also on delicate pages: the list is the same for all and stands in no history,
    # and nobody could find «Scheda G2» in it.
    options = {
        "servizio": [(sheet.id, sheet.nome) for sheet in catalog.services.values()],
        "comune": [(comune.id, comune.nome) for comune in catalog.comuni.values()],
    }.get(field.tipo) or [(option.valore, option.etichetta) for option in field.opzioni]
    data = asdict(field) | {
        "fonte": None,
        "opzioni": [{"valore": value, "etichetta": words} for value, words in options],
        "errori": {name: text for name, text in asdict(field.errori).items() if text},
    }
    return {name: value for name, value in data.items() if value or value is False}


def _example(example: Esempio) -> dict[str, Any]:
    answers = {
        name: value if isinstance(value, str) else list(value)
        for name, value in example.risposte.items()
    }
    return {"nome": example.nome, "risposte": answers, "errori": example.errori or {}}


def _values(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _quoted(sentence: str) -> str:
    return f"«{sentence}»" if sentence else "nessun errore"
