"""What the doctor finds: how it stands, in a sentence, and what to do about it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from endpoint.context import Context

FINE, WARNING, ERROR = LEVELS = ("bene", "attenzione", "errore")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: a level of LEVELS, a sentence, and what to do if it is not fine."""

    controllo: str
    livello: str
    frase: str
    rimedio: str = ""


Check = Callable[[Context], Iterable[Finding]]
