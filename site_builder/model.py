"""The records of a Carta, one class per kind of document, with the parts only they use.

`to_record` turns a document that passed its schema into its record. Field names are the keys of
the YAML; the classes hold what both a small Carta and one with tariffs, bands and results need.
"""

from datetime import date
from typing import Any

import msgspec

from site_builder.loader import Document
from site_builder.values import (
    Chiusura,
    Coordinate,
    Costo,
    DaVerificare,
    Email,
    Fonte,
    Indirizzo,
    Norma,
    Orario,
    Requisito,
    Standard,
    Telefono,
    Termine,
    Value,
)

NOT_STATED = "non indicato"


class Record(Value):
    """What every record may carry: its source, its dates, its open doubts."""

    fonte: Fonte | None = None
    altre_fonti: tuple[Fonte, ...] = ()
    aggiornato_il: date | None = None
    verificato_il: date | None = None
    verifica_ogni_mesi: int | None = None
    da_verificare: tuple[DaVerificare, ...] = ()

    @property
    def fonti(self) -> tuple[Fonte, ...]:
        """All the sources, the main one first."""
        return (self.fonte, *self.altre_fonti) if self.fonte else self.altre_fonti

    def dubbi(self, campo: str) -> list[str]:
        """The reasons why `campo` (or a part of it) is to be verified."""
        return [d.motivo for d in self.da_verificare if d.campo.split(".")[0] == campo]


class Stato(Value):
    valore: str
    motivo: str = ""
    dal: date | None = None
    al: date | None = None


class DocumentoRichiesto(Value):
    nome: str
    obbligatorio: bool = False
    nota: str = ""
    url: str = ""


class DoveRivolgersi(Value):
    testo: str
    sportelli: tuple[str, ...] = ()
    contatti: tuple[str, ...] = ()


class Sede(Value):
    contatto: str
    nota: str = ""
    orari: tuple[Orario, ...] = ()
    chiusure: tuple[Chiusura, ...] = ()


class Variante(Value):
    titolo: str
    testo: str
    gruppi: tuple[str, ...] = ()
    requisiti: tuple[Requisito, ...] = ()


class Sottoservizio(Value, kw_only=True):
    id: str
    titolo: str
    descrizione: str
    a_chi_e_rivolto: str = ""
    come_fare: str = ""
    parole_chiave: tuple[str, ...] = ()
    fonte: Fonte


class Gestore(Value):
    testo: str = ""
    enti: tuple[str, ...] = ()


class Modulistica(Value):
    nome: str
    url: str = ""
    nota: str = ""


class Service(Record, kw_only=True):
    """A service sheet."""

    id: str
    titolo: str
    codice: str
    aree: tuple[str, ...]
    tipo: str
    livello: str
    descrizione_breve: str
    descrizione: str
    a_chi_e_rivolto: str
    gruppi: tuple[str, ...]
    come_fare: str
    dove_rivolgersi: DoveRivolgersi
    costo: Costo
    sigla: str = ""
    area_attivita: str = ""
    stato: Stato = Stato(valore="attivo")
    emergenza: bool = False
    violenza: bool = False
    attivita: tuple[str, ...] = ()
    chi_puo_presentare: str = ""
    requisiti: tuple[Requisito, ...] = ()
    territorio: tuple[str, ...] = ()
    tipo_accesso: str = ""
    cosa_serve: str = NOT_STATED
    documenti: tuple[DocumentoRichiesto, ...] = ()
    cosa_si_ottiene: str = NOT_STATED
    tempi_e_scadenze: str = NOT_STATED
    termini: tuple[Termine, ...] = ()
    sedi: tuple[Sede, ...] = ()
    varianti: tuple[Variante, ...] = ()
    sottoservizi: tuple[Sottoservizio, ...] = ()
    gestore: Gestore = Gestore()
    responsabile: str = ""
    figure_professionali: tuple[str, ...] = ()
    risorse_comunita: tuple[str, ...] = ()
    posti: int | None = None
    finanziamento: str = ""
    moduli: tuple[str, ...] = ()
    modulistica: tuple[Modulistica, ...] = ()
    normativa: tuple[Norma, ...] = ()
    standard: tuple[Standard, ...] = ()
    standard_non_definiti: str = ""
    servizi_collegati: tuple[str, ...] = ()
    argomenti: tuple[str, ...] = ()
    parole_chiave: tuple[str, ...] = ()

    @property
    def area(self) -> str:
        """The id of the main area."""
        return self.aree[0]

    @property
    def contatti(self) -> tuple[str, ...]:
        """Ids of every contact the sheet names, places included, each once."""
        places = (sede.contatto for sede in self.sedi)
        return tuple(dict.fromkeys((*self.dove_rivolgersi.contatti, *places)))


class Contact(Record, kw_only=True):
    """An office, a desk, a facility or a phone."""

    id: str
    nome: str
    tipo: str
    rete: str = ""
    comune: str = ""
    comuni_serviti: tuple[str, ...] = ()
    ente: str = ""
    descrizione: str = ""
    riservata: bool = False
    presso: str = ""
    indirizzo: Indirizzo | None = None
    coordinate: Coordinate | None = None
    mappa: str = ""
    telefoni: tuple[Telefono, ...] = ()
    email: tuple[Email, ...] = ()
    pec: tuple[str, ...] = ()
    sito: str = ""
    orari: tuple[Orario, ...] = ()
    orari_nota: str = ""
    chiusure: tuple[Chiusura, ...] = ()
    accessibilita: str = ""
    lingue: tuple[str, ...] = ()
    emergenza: bool = False
    violenza: str = ""


class Provider(Record, kw_only=True):
    """A body that runs services for the one that publishes the Carta."""

    id: str
    nome: str
    tipo: str
    descrizione: str = ""
    contatti: tuple[str, ...] = ()


class BodyStandard(Record, kw_only=True):
    """A quality standard of the whole body or of several services."""

    id: str
    titolo: str
    indicatore: str
    promessa: str
    servizi: tuple[str, ...] = ()
    area_qualita: str = ""
    operatore: str = ""
    valore: float | None = None
    valore_massimo: float | None = None
    unita: str = ""
    quota_percento: float | None = None
    verifica: str = ""
    valido_dal: date | None = None
    valido_fino_al: date | None = None


class Misura(Value):
    standard: str
    esito: str
    valore: float | None = None
    nota: str = ""
    rimedio: str = ""


class Results(Record, kw_only=True):
    """What was measured in one year."""

    id: str | int
    anno: int
    misure: tuple[Misura, ...]


class Opzione(Value):
    valore: str
    etichetta: str


class Condizione(Value):
    campo: str
    valore: str


class Errori(Value):
    mancante: str = ""
    formato: str = ""
    lunghezza: str = ""


class Campo(Value):
    id: str
    etichetta: str
    tipo: str
    obbligatorio: bool
    gruppo: str = ""
    suggerimento: str = ""
    lunghezza_max: int | None = None
    opzioni: tuple[Opzione, ...] = ()
    se: Condizione | None = None
    errori: Errori = Errori()
    fonte: Fonte | None = None


class Consegna(Value):
    testo: str
    rete: str = ""
    contatto: str = ""


class Form(Record, kw_only=True):
    """A form for citizens."""

    id: str
    titolo: str
    descrizione: str
    anonimo: bool
    campi: tuple[Campo, ...]
    destinatario: str = ""
    consegna: Consegna | None = None
    firma: bool = False
    trattamento: str = ""
    nota: str = ""


class Notice(Record, kw_only=True):
    """A call or a communication with its dates."""

    id: str
    titolo: str
    tipo: str
    testo: str
    pubblicato_il: date
    servizi: tuple[str, ...] = ()
    apre_il: date | None = None
    chiude_il: date | None = None
    importo: float | None = None
    url: str = ""

    def stato(self, today: date) -> str:
        """`in arrivo`, `aperto` or `chiuso` on the given day; the last day is still open."""
        if self.apre_il and today < self.apre_il:
            return "in arrivo"
        return "chiuso" if self.chiude_il and today > self.chiude_il else "aperto"


class Page(Record, kw_only=True):
    """The front matter of a page written by hand. Its keys are those of the site generator."""

    title: str
    description: str


def to_record(document: Document, kind: type[Record]) -> Any:
    """The record in a document that passed its schema.

    Raises msgspec.ValidationError if schema and class disagree, which is a fault of the program.
    """
    return msgspec.convert(document.data, kind)
