"""The finder: every group of people has an answer that leads to its sheets, and no two collide."""

from collections.abc import Iterator
from datetime import date

from site_builder.catalog import Catalog
from site_builder.finder import questions
from site_builder.loader import KeyPath
from site_builder.model_carta import Opzione
from site_builder.rules.registry import Finding, rule


@rule("gruppo-senza-risposta", "avvertenza")
def every_group_is_reached(catalog: Catalog, today: date) -> Iterator[Finding]:
    """If there are questions, some answer must lead to each group."""
    named = {
        group
        for question in catalog.carta.domande
        for option in question.opzioni
        for group in option.gruppi
    }
    for index, group in enumerate(catalog.carta.gruppi if catalog.carta.domande else ()):
        if group.id not in named:
            yield _at(
                catalog, ("gruppi", index),
                f"A nessuna risposta di «domande» corrisponde il gruppo «{group.id}».",
                "Aggiungilo ai «gruppi» di una risposta: così chi risponde trova le sue schede.",
            )  # fmt: skip


@rule("risposta-senza-regola", "errore")
def every_answer_says_something(catalog: Catalog, today: date) -> Iterator[Finding]:
    """An answer from which nothing follows would lead to an empty page."""
    for path, option in _options(catalog):
        ages = option.eta_min is not None or option.eta_max is not None
        if not (option.gruppi or ages or option.comune or option.isee or option.pericolo):
            yield _at(
                catalog, (*path, "id"), f"La risposta «{option.id}» non porta a nessuna scheda.",
                "Aggiungi «gruppi», un'età, «comune», «isee» o «pericolo»; o togli la risposta.",
            )  # fmt: skip


@rule("risposta-doppia", "errore")
def answers_have_their_own_address(catalog: Catalog, today: date) -> Iterator[Finding]:
    """The page of an answer is called after question and option: the names may not coincide."""
    places = {
        (question.id, option.id): ("domande", index, "opzioni", row, "id")
        for index, question in enumerate(catalog.carta.domande)
        for row, option in enumerate(question.opzioni)
    }
    seen: set[str] = set()
    for question, group in questions(catalog):
        for choice in group:
            if choice.id in seen:
                yield _at(
                    catalog, places[question.id, choice.option.id],
                    f"Due risposte hanno lo stesso indirizzo: «{choice.id}».",
                    "Cambia l'id di una delle due.",
                )  # fmt: skip
            seen.add(choice.id)


def _options(catalog: Catalog) -> Iterator[tuple[KeyPath, Opzione]]:
    for index, question in enumerate(catalog.carta.domande):
        for row, option in enumerate(question.opzioni):
            yield ("domande", index, "opzioni", row), option


def _at(catalog: Catalog, path: KeyPath, message: str, hint: str) -> Finding:
    return Finding(catalog.documents["carta"]["carta"], path, message, hint)
