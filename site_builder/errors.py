"""What can be wrong with the content, as values; and the one exception that stops a build."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

Level = Literal["errore", "avvertenza", "consiglio"]
LEVELS: tuple[Level, ...] = ("errore", "avvertenza", "consiglio")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend: where it is, what it is, how to mend it.

    `path` is relative to the body's folder; `line` and `column` count from 1. The field order is
    the order in which problems are shown.
    """

    path: str
    line: int
    column: int
    level: Level
    rule: str
    message: str
    hint: str = ""

    def as_text(self) -> str:
        """`path:line:column level [rule] message`, then the remedy on a line of its own."""
        head = f"{self.path}:{self.line}:{self.column} {self.level} [{self.rule}] {self.message}"
        return f"{head}\n    Rimedio: {self.hint}" if self.hint else head

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, for machines."""
        return {name: getattr(self, name) for name in self.__slots__}


class ContentError(Exception):
    """The content (or the way the command was called) does not allow to go on.

    Carries the problems that are the evidence; the text is ready for a person to read.
    """

    def __init__(self, message: str, problems: list[Problem] | None = None) -> None:
        super().__init__(message)
        self.problems = problems or []


def nearest(word: object, choices: Iterable[object]) -> str:
    """«Forse intendevi …?» if one of the choices is much like the word, else nothing."""
    found = difflib.get_close_matches(str(word), [str(choice) for choice in choices], n=1)
    return f"Forse intendevi «{found[0]}»?" if found else ""
