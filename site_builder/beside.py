"""What is known beside the content when its site is drawn, and is looked up by nobody else."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Beside:
    """Each is empty where it is not known: the pages then do without it, or say so."""


NOTHING = Beside()
