"""Prepare the folder of a new body: what was told, and a mark wherever a fact is missing.

Nothing is invented: whoever fills it in is led by the warnings of `carta check`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from site_builder.errors import ContentError
from site_builder.placeholders import MARK, NO_CAP, NO_ISTAT, NO_PROVINCE
from site_builder.resources import resource_dir
from site_builder.templating import render, yaml_text
from site_builder.words import slug

_DOCUMENT = "carta-dei-servizi"
# Dark enough for white letters on them.
_COLOURS = ("#0b5394", "#5b2d8e", "#8a3d0b", "#1b6b3a", "#9c1c1c", "#0b6170", "#6b4e00", "#3d4f5c")
_LONGEST_ID, _LONGEST_NAME = 60, 200
_MISSING = (
    ("telefoni", "Il telefono dello sportello non è ancora scritto."),
    ("indirizzo", "L'indirizzo dello sportello non è ancora scritto."),
    ("orari", "Gli orari dello sportello non sono ancora scritti."),
)


@dataclass(frozen=True, slots=True)
class NewComune:
    """A Comune of the new body, with placeholders for the codes that nobody gave."""

    name: str
    istat: str = NO_ISTAT
    caps: tuple[str, ...] = (NO_CAP,)
    province: str = NO_PROVINCE

    @property
    def id(self) -> str:
        return id_for(self.name)


@dataclass(frozen=True, slots=True)
class NewBody:
    """What was told of the new body; the first Comune leads, the desk is its seat."""

    name: str
    short_name: str
    belongs_to: str
    comuni: tuple[NewComune, ...]
    areas: tuple[str, ...]
    desk: str


def name_from(written: str) -> str:
    """A name on one line, without needless spaces. Raises ContentError if it is none."""
    name = " ".join(written.split())
    if not name.isprintable() or not 2 <= len(name) <= _LONGEST_NAME:
        raise ContentError(
            f"«{written[:40]}» non va bene come nome: usa da 2 a {_LONGEST_NAME} caratteri."
        )
    return name


def id_for(name: str) -> str:
    """The id that a name gives. Raises ContentError if it has no letter to make one of."""
    found = slug(name)[:_LONGEST_ID].strip("-")
    if not found:
        raise ContentError(f"«{name}» non va bene: ci vuole almeno una lettera da A a Z.")
    return found


def named(written: str) -> str:
    """A name that also gives an id. Raises ContentError if it does not."""
    name = name_from(written)
    id_for(name)
    return name


def comune_from(written: str) -> NewComune:
    """Read «Nome, ISTAT, CAP, PROVINCIA»; what follows the name may lack, in any order."""
    first, *codes = (part.strip() for part in written.split(","))
    istat, caps, provinces = (
        [code.upper() for code in codes if re.fullmatch(form, code, re.ASCII)]
        for form in (r"\d{6}", r"\d{5}", r"[A-Za-z]{2}")
    )
    if len(istat) > 1 or len(provinces) > 1 or len(istat + caps + provinces) < len(codes):
        raise ContentError(
            f"Non capisco «{written}». Scrivi il nome e poi, se li sai, il codice ISTAT (6 cifre), "
            "il CAP (5 cifre) e la sigla della provincia, separati da virgole."
        )
    return NewComune(
        named(first), "".join(istat) or NO_ISTAT, tuple(caps) or (NO_CAP,),
        "".join(provinces) or NO_PROVINCE,
    )  # fmt: skip


def distinct(names: Sequence[str]) -> None:
    """Raise ContentError if two names give the same id."""
    seen: dict[str, str] = {}
    for name in names:
        if (other := seen.setdefault(id_for(name), name)) is not name:
            raise ContentError(f"«{other}» e «{name}» hanno lo stesso id: tienine uno solo.")


def write_body(folder: Path, body: NewBody, today: date) -> None:
    """Write all the files of a new body, or none.

    Raises ContentError if the folder is not empty, or if two Comuni or areas have the same id.
    """
    distinct([comune.name for comune in body.comuni])
    distinct(body.areas)
    target = check_free(folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as scratch:
        new = Path(scratch, "new")
        for name, text in _files(body, today):
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{text.rstrip()}\n", "utf-8")
        new.rename(target)  # takes the place of an empty folder, and of no other


def check_free(folder: Path) -> Path:
    """The folder, whole. Raises ContentError if a new body cannot stand there."""
    target = folder.resolve()
    if target.is_dir() and any(target.iterdir()):
        raise ContentError(f"La cartella «{folder}» non è vuota: scegline una nuova.")
    if target.exists() and not target.is_dir():
        raise ContentError(f"«{folder}» è un file: scegli il nome di una cartella nuova.")
    if target == Path.cwd():
        raise ContentError("Sei dentro questa cartella: esci e scrivi il suo nome.")
    return target


def _files(body: NewBody, today: date) -> Iterator[tuple[str, str]]:
    desk = id_for(body.desk)
    shared = {
        "body": body,
        "title": f"Carta dei Servizi: {body.name}",
        "areas": [(id_for(area), area) for area in body.areas],
        "colours": _COLOURS,
        "desk": desk,
        "document": _DOCUMENT,
        "mark": MARK,
        "today": today,
    }
    for name, kind in (
        ("README.md", ""),
        ("mkdocs.yml", ""),
        ("content/areas.yml", "areas"),
        ("content/carta.yml", "carta"),
        ("content/pages/premessa.md", ""),
    ):
        template = f"skeletons/body/{Path(name).name}"
        yield name, render(template, **shared, schema=_schema(kind) if kind else "")
    yield (
        f"content/contacts/{desk}.yml",
        render(
            "skeletons/contacts.yml",
            id=yaml_text(desk),
            title=yaml_text(body.desk),
            today=today,
            schema=_schema("contacts"),
            comuni=[yaml_text(comune.id) for comune in body.comuni],
            document=_DOCUMENT,
            missing=_MISSING,
        ),
    )


def _schema(kind: str) -> str:
    return (resource_dir("schemas") / f"{kind}.json").as_uri()
