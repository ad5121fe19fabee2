"""The records of the document itself: the Carta, its areas, its glossary, its gaps."""

from datetime import date

from site_builder.model import Record
from site_builder.values import (
    DaVerificare,
    Fonte,
    Revisione,
    Termine,
    first_day_after,
    value,
)


@value
class Ente:
    nome: str
    nome_breve: str
    capofila: str
    sede: str
    appartenenza: str
    codice_fiscale: str | int = ""
    codice_ipa: str = ""
    prefisso_ricevute: str = ""
    segnalazioni: str | bool = False  # a contact, or nobody
    domini_email: tuple[str, ...] = ()


@value
class Atto:
    tipo: str
    numero: str | int
    data: date
    url: str = ""


@value
class Parte:
    titolo: str
    revisione: Revisione


@value
class Edizione:
    titolo: str
    versione: str = ""
    atto_approvazione: Atto | None = None
    valida_dal: date | None = None
    valida_al: date | None = None
    avviso: str = ""
    parti: tuple[Parte, ...] = ()
    fonte: Fonte | None = None


@value
class Licenza:
    """What readers may do with the texts."""

    nome: str
    url: str


@value
class Documento:
    id: str
    titolo: str
    nota: str = ""


@value
class Patrono:
    nome: str
    giorno: str


@value
class Comune:
    id: str
    nome: str
    cap: tuple[str | int, ...]
    istat: str
    provincia: str
    preposizione: str = ""
    catastale: str = ""
    iri: str = ""
    patrono: Patrono | None = None

    @property
    def a_nome(self) -> str:
        """The name with its preposition: «a Roma»."""
        return self.preposizione or f"a {self.nome}"


@value
class Gruppo:
    id: str
    nome: str
    descrizione: str = ""
    violenza: bool = False


@value
class Opzione:
    """An answer of the finder, and what it says of the person; ages in years, both included."""

    id: str
    testo: str
    gruppi: tuple[str, ...] = ()
    eta_min: int | None = None
    eta_max: int | None = None
    comune: bool = False
    isee: bool = False
    pericolo: bool = False
    bisogno: str = ""


@value
class Domanda:
    """A question of the finder; `multipla` if it takes several answers."""

    id: str
    testo: str
    opzioni: tuple[Opzione, ...]
    suggerimento: str = ""
    multipla: bool = False


@value
class Rete:
    id: str
    nome: str
    descrizione: str = ""


@value
class Rubrica:
    """A list of contacts that are not desks of the body."""

    id: str
    nome: str
    contatti: tuple[str, ...]
    descrizione: str = ""


@value
class Impegno:
    titolo: str
    voci: tuple[str, ...]
    fonte: Fonte | None = None


@value
class Riferimento:
    """The amount of which the bands are a percentage."""

    nome: str
    descrizione: str = ""
    importo: float | None = None
    valido_dal: date | None = None
    valido_fino_al: date | None = None

    def scaduto_dal(self, today: date) -> date | None:
        """From which day the amount is no longer valid, if today it is not."""
        return first_day_after(self.valido_fino_al, today)


@value
class Fascia:
    """A band: above one limit, up to and including the other; no limit means open."""

    id: str
    nome: str
    testo: str = ""
    oltre_percento: float | None = None
    fino_a_percento: float | None = None
    oltre_isee: float | None = None
    fino_a_isee: float | None = None


@value
class FasceDiAccesso:
    fasce: tuple[Fascia, ...]
    testo: str = ""
    riferimento: Riferimento | None = None
    fonte: Fonte | None = None


@value
class AreaQualita:
    id: str
    nome: str
    descrizione: str = ""
    verifica: str = ""


@value
class Emergenza:
    contatto: str
    quando: str
    in_breve: str = ""


@value
class Capitolo:
    pagina: str = ""
    area: str = ""
    elenco: str = ""


@value
class VoceDiCosto:
    testo: str
    servizi: tuple[str, ...] = ()
    fonte: Fonte | None = None


@value
class ClasseDiCosto:
    tipo: str
    titolo: str
    voci: tuple[VoceDiCosto, ...]
    testo: str = ""
    fonte: Fonte


@value
class VociNonIndicate:
    testo: str
    costo: str = ""
    tempi_e_scadenze: str = ""


@value
class Condizioni:
    testo: str
    pagina: str = ""
    url: str = ""


@value
class Canale:
    testo: str
    rete: str = ""
    contatto: str = ""


@value
class Organo:
    nome: str
    ruolo: str = ""
    composizione: tuple[str, ...] = ()
    contatto: str = ""


@value
class Sospensione:
    """How long a complaint may stand still, at most, while the office asks for more."""

    giorni: int
    lavorativi: bool = False
    fonte: Fonte | None = None


@value
class Reclami:
    testo: str
    canali: tuple[Canale, ...]
    modulo: str = ""
    termini: tuple[Termine, ...] = ()
    organi: tuple[Organo, ...] = ()
    sabato_lavorativo: bool | None = None
    sospensione: Sospensione | None = None
    ristoro: str = ""
    altri_mezzi: str = ""
    fonte: Fonte | None = None


@value
class Trattamento:
    id: str
    titolo: str
    titolare: str = ""
    rpd: str = ""
    finalita: str = ""
    base_giuridica: str = ""
    destinatari: str = ""
    conservazione: str = ""
    conferimento: str = ""
    testo: str = ""
    fonte: Fonte | None = None


@value
class VerificheOgniMesi:
    """How often a record is checked that does not say it itself."""

    emergenze: int = 3
    schede: int = 12
    contatti: int = 6
    enti_gestori: int = 12
    standard: int = 12
    moduli: int = 12
    pagine: int = 12
    carta: int = 12


@value
class Carta(Record):
    """The document: body, edition, territory, networks, chapters, complaints."""

    ente: Ente
    edizione: Edizione
    documenti: tuple[Documento, ...]
    comuni: tuple[Comune, ...]
    gruppi: tuple[Gruppo, ...]
    reti: tuple[Rete, ...]
    emergenze: tuple[Emergenza, ...]
    capitoli: tuple[Capitolo, ...]
    classi_di_costo: tuple[ClasseDiCosto, ...]
    voci_non_indicate: VociNonIndicate
    reclami: Reclami
    licenza: Licenza | None = None
    domande: tuple[Domanda, ...] = ()
    rubriche: tuple[Rubrica, ...] = ()
    impegni: tuple[Impegno, ...] = ()
    fasce_di_accesso: FasceDiAccesso | None = None
    aree_qualita: tuple[AreaQualita, ...] = ()
    condizioni_di_servizio: Condizioni | None = None
    uscita_rapida: str = "https://www.ilmeteo.it/"  # no body without a way out
    trattamenti: tuple[Trattamento, ...] = ()
    modulo_contatto: str = ""
    verifiche_ogni_mesi: VerificheOgniMesi = VerificheOgniMesi()


@value
class Citazione:
    testo: str
    autore: str = ""
    fonte: Fonte | None = None


@value
class VoceArea:
    testo: str
    servizi: tuple[str, ...] = ()


@value
class Area:
    """A strategic area: letter, colour, quotation."""

    id: str
    titolo: str
    colore: str
    fonte: Fonte
    violenza: bool = False
    lettera: str = ""
    titolo_breve: str = ""
    descrizione: str = ""
    citazione: Citazione | None = None
    elenco_della_carta: tuple[VoceArea, ...] = ()
    altre_fonti: tuple[Fonte, ...] = ()
    da_verificare: tuple[DaVerificare, ...] = ()

    @property
    def nome(self) -> str:
        """The short title where there is one."""
        return self.titolo_breve or self.titolo


@value
class Areas(Record):
    """The file of the areas, in the order of the site."""

    aree: tuple[Area, ...]


@value
class Voce:
    """A term of the glossary; `servizi` limits it to some sheets when its acronym is ambiguous."""

    id: str
    termine: str
    definizione: str
    sigla: str = ""
    alias: tuple[str, ...] = ()
    servizi: tuple[str, ...] = ()
    fonte: Fonte | None = None
    da_verificare: tuple[DaVerificare, ...] = ()


@value
class Glossary(Record):
    """The file of the glossary; `sinonimi` are groups of everyday words of equal meaning."""

    voci: tuple[Voce, ...]
    sinonimi: tuple[tuple[str, ...], ...] = ()


@value
class SenzaScheda:
    """A service that the documents name but do not describe."""

    titolo: str
    motivo: str
    fonte: Fonte
    area: str = ""
    testo: str = ""
    servizi: tuple[str, ...] = ()
    altre_fonti: tuple[Fonte, ...] = ()
    da_verificare: tuple[DaVerificare, ...] = ()


@value
class WithoutSheet(Record):
    """The file of the services without a sheet."""

    voci: tuple[SenzaScheda, ...]
