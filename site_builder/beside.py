"""What is known beside the content when its site is drawn, and is looked up by nobody else."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from site_builder.diary import UNKNOWN, History
from site_builder.outlinks import Known
from site_builder.prints import Prints


@dataclass(frozen=True, slots=True)
class Beside:
    """Each is empty where it is not known: the pages then do without it, or say so.

    `history` is what git tells of the content, `editions` are the PDF files of the archive,
    `links` what other sites answered the last time they were asked, `warnings` how many the check
    gave.
    """

    history: History = UNKNOWN
    editions: Prints = field(default_factory=dict)
    links: Mapping[str, Known] = field(default_factory=dict)
    warnings: int | None = None


NOTHING = Beside()
