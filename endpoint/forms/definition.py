"""A form as data: what `carta export forms` compiles, read back and checked on the way in.

The same definition draws the form on the site, checks what is sent and names the version under
which it is stored. Keys are those of the YAML, in Italian.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from endpoint.forms.body import MAX_FIELDS

CHOICES = ("scelta", "scelta_multipla", "servizio", "comune")
TYPES = ("testo", "testo_lungo", "data", "email", "telefono", "numero", *CHOICES)
# Where a field says nothing: no text can be longer than a page.
LONGEST = 5000
# What a page sends besides the answers: the token, the button, the trap, the key of the desk, the
# channel, the day of arrival.
OWN_FIELDS = 6
# The name of the buttons; the others begin with «_», as no field can.
_BUTTON = "azione"


class BadDefinition(ValueError):
    """A compiled form that cannot be used; the message is Italian."""


@dataclass(frozen=True, slots=True)
class Option:
    valore: str
    etichetta: str


@dataclass(frozen=True, slots=True)
class Condition:
    """The field is asked only if another has this value."""

    campo: str
    valore: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `lunghezza_max` counts as browsers do: UTF-16 units, a line break as one."""

    id: str
    etichetta: str
    tipo: str
    obbligatorio: bool
    gruppo: str = ""
    suggerimento: str = ""
    lunghezza_max: int = LONGEST
    opzioni: tuple[Option, ...] = ()
    se: Condition | None = None
    mancante: str = ""
    formato: str = ""
    lunghezza: str = ""

    @property
    def label_of(self) -> dict[str, str]:
        """The words of each choice, by value."""
        return {option.valore: option.etichetta for option in self.opzioni}


@dataclass(frozen=True, slots=True)
class Definition:
    """A whole form, with the sentences that stand around its fields.

    `versione` is a digest of all the rest: an answer given to another version is asked again.
    """

    id: str
    titolo: str
    descrizione: str
    anonimo: bool
    campi: tuple[Field, ...]
    versione: str
    informativa: tuple[tuple[str, str], ...] = ()
    dichiarazioni: tuple[str, ...] = ()
    nota: str = ""

    @property
    def by_id(self) -> dict[str, Field]:
        return {field.id: field for field in self.campi}


def version_of(data: Mapping[str, Any]) -> str:
    """Sixteen hexadecimal digits that change with any word of the form."""
    rest = {key: value for key, value in data.items() if key != "versione"}
    text = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_definition(data: Mapping[str, Any]) -> Definition:
    """The form in compiled data. Raises BadDefinition if it was changed by hand or is not whole."""
    if not _is_untouched(data):
        raise BadDefinition("Il modulo è stato cambiato dopo «carta export forms»: rifai l'export.")
    try:
        campi = tuple(_field(item) for item in data["campi"])
        notice = tuple((item["titolo"], item["testo"]) for item in data.get("informativa", ()))
        plain = {name: data[name] for name in _PLAIN if name in data}
        declared = tuple(data.get("dichiarazioni", ()))
        form = Definition(**plain, campi=campi, informativa=notice, dichiarazioni=declared)
        _check_kinds(form)
    except (AttributeError, KeyError, TypeError):
        raise BadDefinition(
            "Il modulo compilato non è intero: rifai l'export con «carta export forms»."
        ) from None
    _check(form)
    return form


def _is_untouched(data: Mapping[str, Any]) -> bool:
    try:
        return isinstance(data, Mapping) and data.get("versione") == version_of(data)
    except UnicodeEncodeError:  # half of a character, which JSON can write
        return False


def _check_kinds(form: Definition) -> None:
    """Raise TypeError if a text, a number or a flag is something else."""
    parts: list[Any] = [form, *form.campi]
    parts += [part for field in form.campi for part in (*field.opzioni, field.se) if part]
    kinds = [(f.type, getattr(part, f.name)) for part in parts for f in fields(part)]
    kinds += [(str, text) for row in (*form.informativa, form.dichiarazioni) for text in row]
    if any(kind in (str, int, bool) and type(value) is not kind for kind, value in kinds):
        raise TypeError


_PLAIN = ("id", "titolo", "descrizione", "anonimo", "versione", "nota")


def _field(data: Mapping[str, Any]) -> Field:
    known = {field.name for field in fields(Field)}
    given = {name: value for name, value in data.items() if name in known and value is not None}
    options = tuple(Option(**item) for item in data.get("opzioni") or ())
    condition = Condition(**data["se"]) if data.get("se") else None
    errors = {name: text for name, text in (data.get("errori") or {}).items() if text}
    return Field(**{**given, "opzioni": options, "se": condition, **errors})


def _check(form: Definition) -> None:
    if len(form.by_id) != len(form.campi):
        raise BadDefinition(f"Nel modulo «{form.id}» due campi hanno lo stesso nome.")
    sent = sum(len(item.opzioni) if item.tipo == "scelta_multipla" else 1 for item in form.campi)
    if sent > MAX_FIELDS - OWN_FIELDS:
        raise BadDefinition(
            f"Il modulo «{form.id}» può mandare {sent} risposte: al massimo sono"
            f" {MAX_FIELDS - OWN_FIELDS}. Dividilo, o togli dei campi."
        )
    before: dict[str, Field] = {}
    for field in form.campi:
        if field.id == _BUTTON or field.id.startswith("_"):
            raise BadDefinition(
                f"Il nome «{field.id}» serve alla pagina: chiama il campo altrimenti."
            )
        if field.tipo not in TYPES:
            raise BadDefinition(f"Il campo «{field.id}» ha un tipo sconosciuto: {field.tipo}.")
        if field.tipo in CHOICES and not field.opzioni:
            raise BadDefinition(f"Il campo «{field.id}» non ha risposte fra cui scegliere.")
        if len(field.label_of) != len(field.opzioni):
            raise BadDefinition(f"Nel campo «{field.id}» due risposte hanno lo stesso valore.")
        _check_condition(field, before)
        before[field.id] = field


def _check_condition(field: Field, before: Mapping[str, Field]) -> None:
    if not field.se:
        return
    other = before.get(field.se.campo)
    if other is None:
        raise BadDefinition(f"Il campo «{field.id}» dipende da uno che non lo precede.")
    # An empty value would hold where the other field is not asked at all.
    if not field.se.valore or (other.opzioni and field.se.valore not in other.label_of):
        raise BadDefinition(
            f"Il campo «{field.id}» dipende da una risposta che «{other.id}» non ha:"
            f" «{field.se.valore}»."
        )
