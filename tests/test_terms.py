"""The analytical index: what a reader looks up, once each, with the sheets in their order."""

from datetime import date
from pathlib import Path

import pytest

from site_builder.catalog import Catalog
from site_builder.check import check_content
from site_builder.keywords import keywords
from site_builder.printing.terms import Entry, index_of_needs, index_of_words
from site_builder.words import initial, plain, slug

ROOT = Path(__file__).parents[1]
SERVICE = "content/services/asilo-nido.yml"
GLOSSARY = "content/glossary.yml"
SOURCE = {"documento": "carta-prova", "riga": 1}


def _catalog(folder: Path) -> Catalog:
    catalog, _ = check_content(folder, date(2026, 11, 21))
    assert catalog
    return catalog


@pytest.fixture(scope="module")
def casarano() -> Catalog:
    return _catalog(ROOT)


@pytest.fixture
def words(body):
    """The words of the small body with some keywords and terms of the glossary."""

    def index(*keywords: str, terms: tuple[dict[str, object], ...] = ()) -> dict[str, Entry]:
        voci = [{"definizione": "Così.", "fonte": SOURCE} | term for term in terms]
        changes = {SERVICE: {"parole_chiave": list(keywords)}}
        glossary = {GLOSSARY: {"voci": voci}} if voci else {}
        letters = index_of_words(_catalog(body(changes | glossary)))
        return {entry.word: entry for _, group in letters for entry in group}

    return index


def test_words_that_differ_only_in_case_accents_and_dots_are_one(words) -> None:
    assert list(words("equipe", "Équipe", "C.A.V.", "cav")) == ["Asilo nido", "CAV", "equipe"]


def test_a_word_that_lengthens_the_one_above_and_leads_nowhere_else_is_left_out(words) -> None:
    found = words("asilo nido comunale", "retta", "rette", "retta del nido")
    assert list(found) == ["Asilo nido", "retta"]


@pytest.mark.parametrize(
    "sentence", ["mi hanno cacciato", "non so dove andare", "dove lascio il bambino piccolo"]
)
def test_whole_sentences_are_left_to_the_search(words, sentence) -> None:
    assert sentence not in words(sentence, "sfratto")


def test_an_acronym_has_its_meaning(words) -> None:
    term = {"id": "isee", "termine": "Indicatore della situazione", "sigla": "I.S.E.E."}
    found = words("isee", terms=(term,))
    assert found["I.S.E.E."].meaning == "Indicatore della situazione"
    assert [sheet.id for sheet in found["I.S.E.E."].sheets] == ["asilo-nido"]
    assert [sheet.id for sheet in found["Indicatore della situazione"].sheets] == ["asilo-nido"]


def test_a_term_that_no_sheet_uses_leads_to_the_glossary(words) -> None:
    (entry,) = [e for e in words(terms=({"id": "apolide", "termine": "Apolide"},)).values()
                if e.word == "Apolide"]  # fmt: skip
    assert (entry.sheets, entry.term) == ([], "apolide")


def test_an_acronym_of_two_meanings_stands_twice(casarano) -> None:
    found = [e for _, group in index_of_words(casarano) for e in group if e.word == "ADI"]
    assert [entry.meaning for entry in found] == [
        "Assegno di Inclusione",
        "Assistenza Domiciliare Integrata",
    ]
    assert not {s.id for s in found[0].sheets} & {s.id for s in found[1].sheets}


def test_the_whole_index_is_in_order_and_without_repeats(casarano) -> None:
    order = list(casarano.services.values())
    letters = index_of_words(casarano)
    assert [letter for letter, _ in letters] == sorted({letter for letter, _ in letters})
    entries = [entry for _, group in letters for entry in group]
    keys = [plain(f"{e.word} {e.meaning}").replace(".", "") for e in entries]
    assert len(keys) == len(set(keys))
    for entry in entries:
        assert entry.sheets or entry.term
        places = [order.index(sheet) for sheet in entry.sheets]
        assert places == sorted(set(places))


def test_every_title_and_every_term_of_the_glossary_is_there(casarano) -> None:
    entries = [entry for _, group in index_of_words(casarano) for entry in group]
    known = {plain(entry.word) for entry in entries}
    assert {plain(sheet.titolo) for sheet in casarano.services.values()} <= known
    assert {plain(voce.termine) for voce in casarano.glossary.voci} <= known


def test_needs_are_in_the_order_of_the_questions_with_sheets_in_theirs(casarano) -> None:
    order = list(casarano.services.values())
    needs = index_of_needs(casarano)
    asked = [o.bisogno for d in casarano.carta.domande for o in d.opzioni if o.bisogno]
    assert [entry.word for entry in needs] == asked
    for entry in needs:
        places = [order.index(sheet) for sheet in entry.sheets]
        assert places == sorted(set(places))
        assert places


@pytest.mark.parametrize(
    ("name", "letter"), [("Équipe", "E"), ("1522", "0-9"), ("", "0-9"), ("òasi", "O")]
)
def test_words_stand_under_their_letter(name, letter) -> None:
    assert initial(name) == letter


def test_a_slug_is_an_anchor() -> None:
    assert slug("Assistenza agli invalidi: l'aiuto!") == "assistenza-agli-invalidi-l-aiuto"


def test_what_only_the_search_may_know_is_not_printed(body) -> None:
    catalog = _catalog(body({SERVICE: {"parole_chiave": ["retta"], "solo_ricerca": ["nidaccio"]}}))
    printed = [entry.word for _, group in index_of_words(catalog) for entry in group]
    assert printed == ["Asilo nido", "retta"]
    assert keywords(catalog, catalog.services["asilo-nido"]) == ["retta", "nidaccio"]


@pytest.mark.parametrize("said", ["mia madre cade", "vedo mio figlio", "non dormo"])
def test_what_a_person_says_of_herself_is_left_to_the_search(words, said) -> None:
    assert list(words(said)) == ["Asilo nido"]
