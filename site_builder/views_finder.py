"""What the pages of «Trova il servizio» show: the questions, and the results of some answers."""

import json
from typing import Any

from markupsafe import Markup

from site_builder.finder import MOST_SHOWN, Choice, Finder, is_delicate

View = dict[str, Any]
SCRIPT = "assets/trova.js"
TITLE = "Trova il servizio"


def questions(finder: Finder) -> View:
    """All questions, the cards that the script takes from, and the verdicts it reads."""
    # Inside a script element only «<» could end it before its time.
    data = json.dumps(finder.data(), ensure_ascii=False, separators=(",", ":"))
    return {
        "questions": finder.questions,
        "services": finder.sheets,
        "data": Markup(data.replace("<", "\\u003c")),
        "delicate": {c.id for c in finder.choices if is_delicate(finder.catalog, [c])},
        **_numbers(finder),
    }


def answers(finder: Finder, given: tuple[Choice, ...]) -> View:
    """The sheets for some answers, and the answers that may be added to a single one."""
    found = finder.results(given)
    narrower = finder.narrower(given[0]) if len(given) == 1 else []
    return {
        "given": given,
        "results": found[:MOST_SHOWN],
        "more": len(found) - len(found[:MOST_SHOWN]),
        "narrower": narrower,
        "danger": any(choice.option.pericolo for choice in given),
        "delicate": is_delicate(finder.catalog, given),
        **_numbers(finder),
    }


def _numbers(finder: Finder) -> View:
    contacts = finder.catalog.contacts
    emergencies = finder.catalog.carta.emergenze
    return {"numbers": [(contacts[e.contatto], e.quando) for e in emergencies]}


def address(given: tuple[Choice, ...]) -> str:
    """Where the page of some answers is: `trova/eta-da-65`, `trova/disabilita-si--eta-da-65`."""
    # No id has two hyphens in a row, so that no pair can meet an answer.
    return "trova/" + "--".join(choice.id for choice in given)


def title(given: tuple[Choice, ...]) -> str:
    """The answers in words."""
    return f"{TITLE}: {'; '.join(choice.text for choice in given)}"


def neutral_title(finder: Finder, given: tuple[Choice, ...]) -> str:
    """The title for the browser's window where the answers would betray who reads."""
    numbers = (str(finder.choices.index(choice) + 1) for choice in given)
    return f"{TITLE}: risposta {' e '.join(numbers)}"
