"""Ask for what a new body needs, one thing at a time; a wrong answer is asked for again."""

from collections.abc import Callable
from typing import TypeVar

from site_builder.errors import ContentError
from site_builder.new_body import NewBody, NewComune, comune_from, distinct, name_from, named

T = TypeVar("T")

# What has to be told, by the name of its option.
NEEDED = ("nome", "comune", "area", "sportello")


def missing(given: dict[str, list[str]]) -> list[str]:
    """The options without which a new body cannot be written."""
    return [f"--{name}" for name in NEEDED if not given[name]]


def body_from(given: dict[str, list[str]], ask: Callable[[str], str]) -> NewBody:
    """The new body from the options, and from the answers to what they leave open.

    `given` holds the values of each option, by its name. Raises ContentError for a wrong value, or
    if the answers come to an end.
    """
    is_asked = bool(missing(given))
    name = _one(given["nome"], ask, "Come si chiama l'ente? ", name_from)
    short = given["nome_breve"] or ([] if is_asked else [name])
    belongs = given["appartenenza"] or ([] if is_asked else [""])
    return NewBody(
        name,
        _one(short, ask, "E in breve? (Invio: lo stesso nome) ", lambda t: name_from(t or name)),
        _one(belongs, ask, "Di quale Regione o ente fa parte? (Invio: non lo so) ", _optional),
        _comuni(given["comune"], ask),
        _areas(given["area"], ask),
        _one(given["sportello"], ask, "Come si chiama il primo sportello o ufficio? ", named),
    )


def _comuni(given: list[str], ask: Callable[[str], str]) -> tuple[NewComune, ...]:
    said = (
        "Quali Comuni ne fanno parte? Uno alla volta, il capofila per primo; Invio per finire.\n"
        "Dopo il nome, se li sai, codice ISTAT, CAP e provincia, separati da virgole."
    )
    return _many(given, ask, said, "Comune: ", comune_from, lambda comune: comune.name)


def _areas(given: list[str], ask: Callable[[str], str]) -> tuple[str, ...]:
    said = "Quali sono le aree della Carta? Una alla volta; Invio per finire."
    return _many(given, ask, said, "Area: ", named, str)


def _optional(text: str) -> str:
    return name_from(text) if text.strip() else ""


def _one(given: list[str], ask: Callable[[str], str], question: str, read: Callable[[str], T]) -> T:
    if given:
        return read(given[-1])
    while True:
        try:
            return read(_answer(ask, question))
        except _Wrong:
            raise
        except ContentError as error:
            question = f"{error}\n{question.splitlines()[-1]}"


def _many(
    given: list[str],
    ask: Callable[[str], str],
    said: str,
    question: str,
    read: Callable[[str], T],
    name: Callable[[T], str],
) -> tuple[T, ...]:
    if given:
        return tuple(read(text) for text in given)
    found: list[T] = []
    prompt = f"{said}\n{question}"
    while (text := _answer(ask, prompt)) or not found:
        prompt = question if text else f"Ce ne vuole almeno uno.\n{question}"
        try:
            if text:
                item = read(text)
                distinct([name(other) for other in (*found, item)])
                found.append(item)
        except ContentError as error:
            prompt = f"{error}\n{question}"
    return tuple(found)


class _Wrong(ContentError):
    """There is nobody to answer."""


def _answer(ask: Callable[[str], str], question: str) -> str:
    try:
        return ask(question).strip()
    except EOFError:
        raise _Wrong("Interrotto: non è stato scritto niente.") from None
