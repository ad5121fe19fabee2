"""The shapes in which a document is printed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """A paper and a size of letters: `theme/print/formats/<name>.css`.

    A `bound` document is numbered from its first page to its last. The others are kept in a
    binder: each part is numbered by itself (B2-1, B2-2) and begins on a leaf of its own, so that
    a new leaf changes nothing on the others.
    """

    name: str
    bound: bool


A4 = Format("a4", bound=False)
A5 = Format("a5", bound=True)
LARGE = Format("grande", bound=True)
