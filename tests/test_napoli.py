"""The Carta of Napoli Tredici as it is written in its content/: each promise, term, band and fee.

`golden/napoli-standard.tsv` was read against the source, pair by pair. What is compared with the
source text itself needs `../shared/seeds`, which a clone may not have.
"""

import csv
import re
from decimal import Decimal

import pytest
from bodies import BODIES, DAY, ROOT, catalog_of

from site_builder.catalog import Catalog
from site_builder.pages import iter_pages
from site_builder.printing.documents import carta_document
from site_builder.printing.formats import A4
from site_builder.values import Standard

NAME = "napoli-tredici"
SEED = ROOT.parent / "shared" / "seeds" / "carta-napoli-tredici.txt"
GOLDEN = ROOT / "tests" / "golden" / "napoli-standard.tsv"
Pair = tuple[str, str, str, str, int, int]

PAIRS_BY_SHEET = {
    "A1": 5, "A2": 7, "A3": 3, "A4": 4, "A5": 1, "B1": 2, "B2": 4, "B3": 6, "B4": 1, "B5": 2,
    "C1": 2, "C2": 5, "C3": 4, "C4": 3, "C5": 1, "C6": 1, "D1": 1, "D2": 4, "E1": 9, "E2": 4,
    "": 0,  # social tourism: «A seconda del servizio attivato»
}  # fmt: skip
SYSTEM = {"accessibilita": 8, "umanizzazione": 6, "comunicazione-tutela": 7, "partecipazione": 5}
# Phase, days, whether working days, from when (lines 240-256).
TERMS = [
    ("Presentazione del reclamo", 15, False, "fatto"),
    ("Convocazione del cittadino-utente", 5, False, "presentazione"),
    ("Incontro con tutti gli interessati", 30, True, "presentazione"),
    ("Azioni di autotutela", 5, False, "fase_precedente"),
    ("Decisione dell'Ufficio Tutela Utenti", 40, False, "presentazione"),
]
# Per cent of the «minimo vitale», over and up to (lines 806-808).
BANDS = [(None, 50), (50, 100), (100, 150), (150, 200), (200, 300), (300, None)]
COLUMNS = [["prioritaria", "ordinaria"], ["seconda"], ["terza"], ["quarta"], ["quinta"]]
# By nursery and weekly solution, a column a band (scheda C, lines 357-364).
FEES = {
    "nido-le-coccole": [
        ("8 ore, dal lunedì al venerdì", "164.61 205.77 246.92 288.07 329.26"),
        ("6 ore, dal lunedì al venerdì", "123.46 154.32 185.19 216.05 246.92"),
        ("5 ore, dal lunedì al venerdì", "102.88 128.61 154.33 180.05 205.77"),
        ("8 ore, dal lunedì al sabato", "189.30 236.63 283.96 331.28 378.61"),
        ("6 ore, dal lunedì al sabato", "148.15 185.19 222.23 259.26 296.30"),
        ("5 ore, dal lunedì al sabato", "127.57 159.47 191.36 223.26 255.15"),
    ],
    "nido-montemare": [
        ("Lunedì-venerdì dalle 8,30 alle 16,30", "166.20 205.48 246.77 287.06 327.35"),
        ("Lunedì-venerdì dalle 8,30 alle 14,30", "124.65 154.86 185.08 185.08 215.30"),
        ("Lunedì-sabato dalle 8,30 alle 14,30", "139.61 173.44 207.29 207.29 241.14"),
        ("Lunedì-sabato dalle 8,30 alle 16,30", "191.13 236.30 283.79 330.12 376.45"),
    ],
}
# Words that the two columns of the source break in more pieces, or glue to others.
BROKEN = {
    "centro-famiglia-appuntamento": {"appuntamento", "lavorativi"},  # «lato … vorativi»
    "centro-famiglia-stabilita": {"operatore"},  # «operato- … all'anre»
    "domiciliare-anziani-accompagnamento": {"accompagnamento", "mancato"},  # «manto cato»
    "trasporto-a-chiamata-tempo": {"lavorativi", "richiesta"},  # «richie- … lasta … vorativi»
    "senza-fissa-dimora-personale": {"inserimento"},  # «inserinale mento»
    "segretariato-servizio-sociale-turni": {"all", "pomeriggio"},  # «pomeall'utenza riggio»
    "segretariato-servizio-sociale-riesame": {"anno", "d"},  # «all'and'Intervento no»
    "acc-ore-segretariato": {"pomeridiane"},  # «segretaria- … poto … meridiane»
    "com-opuscoli": {"distribuiti"},  # «informatidistribuiti vi»
}
# Before the name of a person; no office has one.
PERSONS = re.compile(
    r"\b(?:Dott|Dr|Sig|Avv|Ing|Arch|Geom|Rag|Prof)(?:\.|\.?ssa\b|\.?ra\b|\.?ri\b)"
    r"|\bNominativ[oi]\b|\b(?:Dottor|Signor)[ae]?\b"
)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return catalog_of(NAME)


@pytest.fixture(scope="module")
def source() -> list[str]:
    """The lines of the source; the first stands at 1."""
    if not SEED.is_file():
        pytest.skip(f"Non c'è il testo di partenza {SEED}: il confronto con la fonte non si fa.")
    return ["", *SEED.read_text("utf-8").split("\n")]


def _golden() -> list[Pair]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return [(a, b, c, d, int(first), int(last)) for a, b, c, d, first, last in rows]


def _pair(where: str, standard: Standard) -> Pair:
    fonte = standard.fonte
    assert fonte
    assert fonte.riga
    last = fonte.riga_fine or fonte.riga
    return where, standard.id, standard.indicatore, standard.promessa, fonte.riga, last


# --- Promises ---------------------------------------------------------------------------------


def test_there_are_21_sheets_with_69_pairs_and_26_of_the_system(catalog: Catalog) -> None:
    sheets = catalog.services.values()
    assert {sheet.codice: len(sheet.standard) for sheet in sheets} == PAIRS_BY_SHEET
    assert len(sheets) == 21
    by_area = {code[:1]: 0 for code in PAIRS_BY_SHEET}
    for code, count in PAIRS_BY_SHEET.items():
        by_area[code[:1]] += count
    assert by_area["A"] + by_area["B"] == 35
    assert by_area["C"] + by_area["D"] + by_area["E"] == 34
    areas = [standard.area_qualita for standard in catalog.standards.values()]
    assert {area: areas.count(area) for area in SYSTEM} == SYSTEM
    assert len(areas) == 26


def test_every_pair_is_the_reviewed_one(catalog: Catalog) -> None:
    found = [
        _pair(s.codice, standard) for s in catalog.services.values() for standard in s.standard
    ]
    found += [_pair(standard.area_qualita, standard) for standard in catalog.standards.values()]
    assert sorted(found) == sorted(_golden())


@pytest.mark.parametrize("pair", _golden(), ids=lambda pair: pair[1])
def test_every_pair_stands_in_the_lines_that_it_names(pair: Pair, source: list[str]) -> None:
    """Word for word; the columns of the source run into each other and break words in two."""
    *_, indicator, promise, first, last = pair
    text = _plain(" ".join(source[first : last + 1]))
    pieces = set(re.findall(r"\w+", text))
    words = re.findall(r"\w+", _plain(f"{indicator} {promise}"))
    assert words
    assert {word for word in words if not _stands(word, pieces)} == BROKEN.get(pair[1], set())


def _plain(text: str) -> str:
    return text.replace("’", "'").casefold()


def _stands(word: str, pieces: set[str]) -> bool:
    """Whole, or in two pieces; numbers are never put together."""
    if word in pieces or word.isdigit():
        return word in pieces
    return any(word[:n] in pieces and word[n:] in pieces for n in range(2, len(word)))


def test_every_promise_is_on_its_page_and_on_paper(catalog: Catalog) -> None:
    pages = {page.url: page.body for page in iter_pages(catalog, DAY)}
    paper = carta_document(catalog, A4)
    for sheet in catalog.services.values():
        for standard in sheet.standard:
            promise = standard.promessa.replace("'", "&#39;")
            assert promise in pages[f"servizi/{sheet.id}/"], standard.id
            assert promise in paper, standard.id
    for standard in catalog.standards.values():
        assert standard.promessa.replace("'", "&#39;") in pages["standard/"], standard.id


# --- Terms, bands, fees -----------------------------------------------------------------------


def test_every_term_of_a_complaint(catalog: Catalog) -> None:
    complaints = catalog.carta.reclami
    found = [(t.fase.partition(",")[0], t.giorni, t.lavorativi, t.decorre_da)
             for t in complaints.termini]  # fmt: skip
    assert found == TERMS
    assert complaints.sospensione
    assert (complaints.sospensione.giorni, complaints.sospensione.lavorativi) == (30, True)
    assert "da € 100,00 a € 300,00" in complaints.ristoro
    assert len(complaints.organi[1].composizione) == 3


def test_the_bands_have_no_gap(catalog: Catalog) -> None:
    bands = catalog.carta.fasce_di_accesso
    assert bands
    assert [(band.oltre_percento, band.fino_a_percento) for band in bands.fasce] == BANDS
    assert [band.id for band in bands.fasce] == [id for column in COLUMNS for id in column]


def test_the_50_fees_of_the_nurseries(catalog: Catalog) -> None:
    tariffs = catalog.services["servizi-prima-infanzia"].costo.tariffe
    found = [(t.sede, t.voce, [*t.fasce], Decimal(str(t.importo))) for t in tariffs]
    wanted = [
        (nursery, solution, band, Decimal(fee))
        for nursery, solutions in FEES.items()
        for solution, fees in solutions
        for band, fee in zip(COLUMNS, fees.split(), strict=True)
    ]
    assert len(wanted) == 50
    assert found == wanted


def test_the_fees_are_those_of_the_source(source: list[str]) -> None:
    said = re.findall(r"€\s+(\d+,\d\d)", " ".join(source[356:365]))
    fees = " ".join(fees for solutions in FEES.values() for _, fees in solutions)
    assert said == fees.replace(".", ",").split()


# --- What it does not say ---------------------------------------------------------------------


@pytest.mark.parametrize("said", ["Dott. Rossi", "Dott.ssa Bianchi", "Sig. Verdi", "Nominativo"])
def test_the_name_of_a_person_would_be_found(said: str) -> None:
    assert PERSONS.search(f"<p>Responsabile: {said}</p>")


def test_no_person_is_named(catalog: Catalog) -> None:
    texts = {page.url: page.body for page in iter_pages(catalog, DAY)}
    texts |= {id: document.text for id, document in catalog.documents["pages"].items()}
    texts["carta.pdf"] = carta_document(catalog, A4)
    folder = BODIES[NAME] / "content"
    texts |= {
        str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*.*")
    }
    named = {name: said.group() for name, text in texts.items() if (said := PERSONS.search(text))}
    assert named == {}


def test_it_says_that_it_is_an_example(catalog: Catalog) -> None:
    assert catalog.carta.edizione.avviso.startswith("Esempio: documento storico")
    assert catalog.carta.edizione.avviso in carta_document(catalog, A4).replace("&#39;", "'")
    assert "(esempio)" in (BODIES[NAME] / "mkdocs.yml").read_text("utf-8")
    assert not any("Segnala un errore" in page.body for page in iter_pages(catalog, DAY))
