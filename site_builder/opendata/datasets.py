"""What is published under `/dati/`, so that people and catalogues can be told of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Distribution:
    """One file: `address` from the root of the site, `about` in a line of Italian.

    `media_type` is the IANA name; `conforms_to` the address of the standard or schema it follows.
    """

    address: str
    media_type: str
    about: str
    conforms_to: str = ""


@dataclass(frozen=True, slots=True)
class Dataset:
    """The same facts in one or more forms; `title` and `about` are shown to people."""

    id: str
    title: str
    about: str
    distributions: tuple[Distribution, ...]


@dataclass(frozen=True, slots=True)
class OpenData:
    """All that is published as data: what it is, and the bytes of each file by address."""

    datasets: tuple[Dataset, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)
