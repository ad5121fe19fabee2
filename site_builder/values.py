"""The parts that records share: sources, phones, hours, costs, terms, standards.

Field names are the keys of the YAML, in Italian, one to one with the schemas (a test holds them
together). Everything is frozen; what can be computed is a property.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def value(cls: type[T]) -> type[T]:
    """Make a class of everything that is read from the content: frozen, fields by name."""
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


def first_day_after(last: date | None, today: date) -> date | None:
    """From which day something is no longer valid, if today it is not; `last` is its last day."""
    return last + timedelta(days=1) if last and last < today else None


@value
class Fonte:
    """Where a datum stands in the source documents."""

    documento: str
    riga: int | None = None
    riga_fine: int | None = None
    nota: str = ""


@value
class DaVerificare:
    """An open doubt on one field: the value is published with the doubt beside it."""

    campo: str
    motivo: str


@value
class Revisione:
    """The date (with code and number, if any) that the source prints on one of its parts."""

    data: date
    codice: str = ""
    numero: str = ""


@value
class Orario:
    """One slot of opening hours; which keys go together is checked by the rules."""

    giorni: str = ""
    ogni_mese: str = ""
    dalle: str = ""
    alle: str = ""
    dal: date | None = None
    al: date | None = None
    sempre_aperto: bool = False
    fuori_orario: bool = False
    su_appuntamento: bool = False
    come_sede: bool = False
    nota: str = ""


@value
class Chiusura:
    """A period in which an office is closed, both days included."""

    dal: date
    al: date
    motivo: str = ""


@value
class Telefono:
    """A phone number as the source prints it; `h24` if it answers day and night."""

    numero: str | int
    tipo: str = ""
    nota: str = ""
    h24: bool = False


@value
class Email:
    """An ordinary mailbox; `nominativa` if it carries the name of a person."""

    indirizzo: str
    nota: str = ""
    nominativa: bool = False


@value
class Indirizzo:
    """A street address inside the Comune of its contact, or in `localita` if that is elsewhere."""

    via: str
    civico: str | int = ""
    cap: str | int = ""
    localita: str = ""


@value
class Coordinate:
    """WGS 84 degrees."""

    lat: float
    lon: float


@value
class Termine:
    """A time limit in days (working days if `lavorativi`), counted from `decorrenza`.

    `si_chiude_con` is the step of a case by which it is kept; without it nobody watches it.
    """

    fase: str
    giorni: int
    lavorativi: bool = False
    decorrenza: str = ""
    decorre_da: str = ""
    chi: str = ""
    nota: str = ""
    si_chiude_con: str = ""
    fonte: Fonte | None = None


@value
class Requisito:
    """A condition of access: the sentence, and the datum where there is one (amounts in euro).

    `gruppi` says for which groups of the sheet it holds, if not for all.
    """

    testo: str
    gruppi: tuple[str, ...] = ()
    eta_min: int | None = None
    eta_max: int | None = None
    unita_eta: str = "anni"
    invalidita_min: int | None = None
    isee_max: float | None = None
    patrimonio_immobiliare_max: float | None = None
    patrimonio_mobiliare_max: float | None = None
    residenza: str = ""
    valido_dal: date | None = None
    valido_fino_al: date | None = None
    fonte: Fonte | None = None

    @property
    def ha_eta(self) -> bool:
        """Whether it names an age."""
        return (self.eta_min, self.eta_max) != (None, None)


@value
class DocumentoRichiesto:
    """A paper to bring or to enclose."""

    nome: str
    obbligatorio: bool = False
    nota: str = ""
    url: str = ""


@value
class Norma:
    """A reference to a law or regulation."""

    testo: str
    url: str = ""
    fonte: Fonte | None = None


@value
class Tariffa:
    """One amount of a tariff, in euro per `unita`: for a place, for bands, where they matter."""

    voce: str
    importo: float
    unita: str
    sede: str = ""
    fascia: str = ""
    fasce: tuple[str, ...] = ()
    isee_min: float | None = None
    isee_max: float | None = None
    valido_dal: date | None = None
    valido_fino_al: date | None = None
    fonte: Fonte | None = None

    def scaduta_dal(self, today: date) -> date | None:
        """From which day the amount is no longer valid, if today it is not."""
        return first_day_after(self.valido_fino_al, today)


@value
class Costo:
    """What the citizen pays (or, for `contributo`, receives)."""

    tipo: str
    testo: str = ""
    tariffe: tuple[Tariffa, ...] = ()
    costi_medi: tuple[Tariffa, ...] = ()
    fonte: Fonte | None = None


@value
class VerificaDati:
    """How the content itself can show whether a promise is kept: by hours, by a form that is there.

    `ore_di` says whose hours the promise counts, where the source says it.
    """

    tipo: str
    rete: str = ""
    contatto: str = ""
    modulo: str = ""
    ore_di: str = ""


@value
class Standard:
    """A promise that can be measured: `promessa` in words, the rest as data where it can be."""

    id: str
    indicatore: str
    promessa: str
    area_qualita: str = ""
    operatore: str = ""
    valore: float | None = None
    valore_massimo: float | None = None
    unita: str = ""
    quota_percento: float | None = None
    scadenza_annuale: str = ""
    verifica: str = ""
    verifica_dati: VerificaDati | None = None
    valido_dal: date | None = None
    valido_fino_al: date | None = None
    fonte: Fonte | None = None
