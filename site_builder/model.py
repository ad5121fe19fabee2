"""The records of a Carta, one class per kind of document, with the parts only they use.

`to_record` turns a document that passed its schema into its record. Field names are the keys of
the YAML; the classes hold what both a small Carta and one with tariffs, bands and results need.
"""

from datetime import date
from typing import Any

import msgspec

from site_builder.documents import Document
from site_builder.values import (
    Chiusura,
    Coordinate,
    Costo,
    DaVerificare,
    DocumentoRichiesto,
    Email,
    Fonte,
    Indirizzo,
    Norma,
    Orario,
    Requisito,
    Revisione,
    Standard,
    Telefono,
    Termine,
    VerificaDati,
    value,
)

NOT_STATED = "non indicato"


@value
class Record:
    """What every record may carry: its source, its dates, its open doubts."""

    fonte: Fonte | None = None
    altre_fonti: tuple[Fonte, ...] = ()
    revisione: Revisione | None = None
    aggiornato_il: date | None = None
    verificato_il: date | None = None
    verifica_ogni_mesi: int | None = None
    da_verificare: tuple[DaVerificare, ...] = ()

    @property
    def fonti(self) -> tuple[Fonte, ...]:
        """All the sources, the main one first."""
        return (self.fonte, *self.altre_fonti) if self.fonte else self.altre_fonti

    @property
    def fonti_per_documento(self) -> dict[str, list[Fonte]]:
        """The sources by document, the document of the main one first."""
        documents: dict[str, list[Fonte]] = {}
        for fonte in self.fonti:
            documents.setdefault(fonte.documento, []).append(fonte)
        return documents

    def dubbi(self, *campi: str) -> list[str]:
        """The reasons why some fields (or parts of them) are to be verified."""
        return [d.motivo for d in self.da_verificare if d.campo.split(".")[0] in campi]


@value
class Stato:
    valore: str
    motivo: str = ""
    dal: date | None = None
    al: date | None = None


@value
class DoveRivolgersi:
    testo: str
    quando: str = ""
    sportelli: tuple[str, ...] = ()
    contatti: tuple[str, ...] = ()


@value
class Sede:
    contatto: str
    nota: str = ""
    orari: tuple[Orario, ...] = ()
    chiusure: tuple[Chiusura, ...] = ()


@value
class Variante:
    titolo: str
    testo: str
    gruppi: tuple[str, ...] = ()
    requisiti: tuple[Requisito, ...] = ()


@value
class Sottoservizio:
    id: str
    titolo: str
    descrizione: str
    a_chi_e_rivolto: str = ""
    come_fare: str = ""
    parole_chiave: tuple[str, ...] = ()
    fonte: Fonte


@value
class Gestore:
    testo: str = ""
    enti: tuple[str, ...] = ()


@value
class Modulistica:
    nome: str
    url: str = ""
    nota: str = ""


@value
class Service(Record):
    """A service sheet."""

    id: str
    titolo: str
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
    codice: str = ""
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
    tipo_accesso_testo: str = ""
    cosa_serve: str = NOT_STATED
    documenti: tuple[DocumentoRichiesto, ...] = ()
    cosa_si_ottiene: str = NOT_STATED
    tempi_e_scadenze: str = NOT_STATED
    termini: tuple[Termine, ...] = ()
    dove_si_svolge: str = ""
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
    solo_ricerca: tuple[str, ...] = ()

    @property
    def nome(self) -> str:
        """The title with its acronym, unless the title already has it."""
        known = not self.sigla or self.sigla in self.titolo
        return self.titolo if known else f"{self.titolo} ({self.sigla})"

    @property
    def nome_breve(self) -> str:
        """What its short address is made of (`/s/B2/`): the code, else the id."""
        return self.codice or self.id

    @property
    def area(self) -> str:
        """The id of the main area."""
        return self.aree[0]

    @property
    def eta_per_tutti(self) -> Requisito | None:
        """The condition on age, in years, if there is one alone and it holds for everybody.

        Any other would, as a number, send people away to whom the sheet is open.
        """
        variants = (item for variant in self.varianti for item in variant.requisiti)
        aged = [item for item in (*self.requisiti, *variants) if item.ha_eta]
        one = aged[0] if len(aged) == 1 and aged[0] in self.requisiti else None
        return one if one and one.unita_eta == "anni" and not one.gruppi else None

    @property
    def contatti(self) -> tuple[str, ...]:
        """Ids of every contact the sheet names, places included, each once."""
        places = (sede.contatto for sede in self.sedi)
        return tuple(dict.fromkeys((*self.dove_rivolgersi.contatti, *places)))


@value
class Contact(Record):
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


@value
class Provider(Record):
    """A body that runs services for the one that publishes the Carta."""

    id: str
    nome: str
    tipo: str
    descrizione: str = ""
    contatti: tuple[str, ...] = ()


@value
class BodyStandard(Record):
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
    scadenza_annuale: str = ""
    verifica: str = ""
    verifica_dati: VerificaDati | None = None
    valido_dal: date | None = None
    valido_fino_al: date | None = None


@value
class Misura:
    standard: str
    esito: str
    valore: float | None = None
    quota_percento: float | None = None
    nota: str = ""
    rimedio: str = ""


@value
class Results(Record):
    """What was measured in one year."""

    id: str | int
    anno: int
    misure: tuple[Misura, ...]
    di_prova: bool = False


@value
class Opzione:
    valore: str
    etichetta: str


@value
class Condizione:
    campo: str
    valore: str


@value
class Errori:
    mancante: str = ""
    formato: str = ""
    lunghezza: str = ""


@value
class Campo:
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


@value
class Consegna:
    testo: str
    rete: str = ""
    contatto: str = ""


@value
class Livello:
    testo: str
    punti: float


@value
class Criterio:
    """What gives points: a fixed number, from `punti` to `punti_max`, or by levels."""

    testo: str
    punti: float | None = None
    punti_max: float | None = None
    livelli: tuple[Livello, ...] = ()
    nota: str = ""


@value
class Punteggi:
    """A group of criteria; without `servizi` it holds for every service."""

    titolo: str
    criteri: tuple[Criterio, ...]
    servizi: tuple[str, ...] = ()
    nota: str = ""
    fonte: Fonte | None = None


@value
class Conservazione:
    """How long the endpoint keeps the answers: after the office has filed them, and at most."""

    giorni_dopo_protocollo: int
    mesi_al_massimo: int
    fonte: Fonte | None = None


@value
class Esempio:
    """Made-up answers, and the sentence that each wrong one gets."""

    nome: str
    risposte: dict[str, str | tuple[str, ...]]
    errori: dict[str, str] | None = None


@value
class Form(Record):
    """A form for citizens."""

    id: str
    titolo: str
    descrizione: str
    anonimo: bool
    campi: tuple[Campo, ...]
    intestazione: str = ""
    destinatario: str = ""
    consegna: Consegna | None = None
    dichiarazioni: tuple[str, ...] = ()
    allegati: tuple[DocumentoRichiesto, ...] = ()
    punteggi: tuple[Punteggi, ...] = ()
    firma: bool = False
    trattamento: str = ""
    conservazione: Conservazione | None = None
    nota: str = ""
    esempi: tuple[Esempio, ...] = ()


@value
class Notice(Record):
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


@value
class Page(Record):
    """The front matter of a page written by hand. Its keys are those of the site generator."""

    title: str
    description: str
    lingua: str = ""
    nome_lingua: str = ""
    direzione: str = ""


def to_record(document: Document, kind: type[Record]) -> Any:
    """The record in a document that passed its schema.

    Its id is the name of the file, also where the file says another (a rule objects to that).
    Raises msgspec.ValidationError if schema and class disagree, which is a fault of the program.
    """
    own = {"id": document.stem} if "id" in document.data else {}
    return msgspec.convert(document.data | own, kind)
