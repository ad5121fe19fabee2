"""The Carta of Casarano as it is written in content/: complete, faithful, nothing invented.

What is compared with the source text needs `../shared/seeds`, which a clone may not have.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bodies import BODIES, catalog_of
from bs4 import BeautifulSoup

from site_builder.catalog import Catalog
from site_builder.pages import iter_pages
from site_builder.pointers import iter_leaves

ROOT = Path(__file__).parents[1]
SEEDS = ROOT.parent / "shared" / "seeds"
DAY = date(2026, 11, 21)

SOURCES = {
    "carta-casarano": "carta-casarano.txt",
    "carta-napoli-tredici": "carta-napoli-tredici.txt",
    "regolamento-segretariato": "regolamento-segretariato-sociale.txt",
    "piano-di-zona": "piano-di-zona-casarano.txt",
    "articolo-piano-di-zona": "articolo-piano-di-zona.txt",
    "modello-nazionale": "../reference/service-sheet-and-law.md",
}
SHEETS_BY_AREA = {
    "welfare-accesso": 4,
    "disabilita": 9,
    "famiglia-minori": 6,
    "pari-opportunita": 3,
    "inclusione-poverta": 3,
    "invecchiamento": 4,
    "violenza": 4,
    "pnrr": 4,
}
# The rows of the table «Contatti e sedi operative», and the contacts that only the text names.
ROWS = (*range(626, 635), *range(638, 646), *range(648, 653), *range(654, 658))
IN_PROSE = {
    "neuropsichiatria-infantile": 251,
    "nido-stellinfanzia": 325,
    "nido-gioca-giocando": 326,
    "consultorio-familiare": 346,
    "centro-operativo-pis": 433,
    "inps-caf": 446,
    "cav-sportelli-ascolto": 519,
    "rete-antiviolenza-1522": 519,
    "casa-rifugio": 524,
    "cuav": 533,
    "segreteria-udp": 684,
}

# Pages that the site must have and the Carta has not.
OWN_PAGES = ["accessibilita", "privacy"]
OWN_FORMS = ["contatto"]  # says so in «da_verificare»

# Words of the source that are nowhere in content/, by line, and why.
LEFT_OUT = {
    49: {"indice"},  # the table of contents: the site draws its own
    224: {"lunedi", "martedi", "giovedi", "venerdi", "pomeriggio"},  # hours are data: «lun-gio»
    386: {"lunedi", "giovedi"},  # the same
    507: {"martedi"},  # the same
    625: {"elettronica"},  # head of the table of contacts: «posta elettronica» is the key «email»
    647: {"elettronica"},  # the same
}
# Words of a sheet that its own page does not show, by line, and why.
NOT_ON_ITS_PAGE = {
    203: {"segratariato"},  # misprint in a title
    224: {"pomeriggio"},  # said by the hour: «dalle 16.00»
    385: {"sito"},  # the address stands in its contact
    386: {"disponibile", "giorni"},  # the hours stand in their place
    481: {"isce"},  # misprint of «Isee», told in the glossary
}
# The labels of the tables of the source: the page has the headings of the national sheet.
LABELS = {"rivolto", "dove", "rivolgersi", "come", "quando", "sede", "accedere"}

PHONE = re.compile(r"(?<!\d)(?:0\d{3}[\s/-]{0,3}|3\d{2}[\s/]?)\d{6,7}(?!\d)")
MAILBOX = re.compile(r"[\w.+-]+@[\w.-]+\w")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return catalog_of("casarano")


@pytest.fixture(scope="module")
def source() -> dict[int, str]:
    """The lines of the Carta by number."""
    return dict(enumerate(_lines("carta-casarano"), start=1))


def _lines(document: str) -> list[str]:
    path = SEEDS / SOURCES[document]
    if not path.is_file():
        pytest.skip(f"Non c'è il testo di partenza {path}: il confronto con la fonte non si fa.")
    return path.read_text("utf-8").split("\n")


def _words(text: str) -> set[str]:
    """Words of four letters and more, without tags, case and accents; hyphens part words."""
    folded = unicodedata.normalize("NFKD", re.sub(r"<[^>]*>", " ", text).casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return {word for word in re.findall(r"[a-z]+", plain) if len(word) >= 4}


def _phones(text: str) -> set[str]:
    return {re.sub(r"\D", "", found) for found in PHONE.findall(text)}


_OURS = {"da_verificare", "parole_chiave", "solo_ricerca"}


def _facts(document: Any) -> str:
    """All that a document says, but for its doubts and search words, which are ours."""
    leaves = iter_leaves(document.data)
    said = (str(v) for path, v in leaves if _OURS.isdisjoint(path))
    return " ".join((*said, document.text))


def _mailboxes(contact: Any) -> set[str]:
    return {*(email.indirizzo for email in contact.email), *contact.pec}


def _dialled(contact: Any) -> set[str]:
    return {str(phone.numero).replace(" ", "") for phone in contact.telefoni}


# --- Everything is there ----------------------------------------------------------------------


def test_there_are_37_sheets_in_8_areas(catalog: Catalog) -> None:
    mains = [service.area for service in catalog.services.values()]
    assert {area: mains.count(area) for area in catalog.areas} == SHEETS_BY_AREA
    assert len(mains) == 37


def test_sheet_codes_run_without_gaps(catalog: Catalog) -> None:
    letters = [area.lettera for area in catalog.areas.values()]
    wanted = [
        f"{letter}{n}"
        for letter, count in zip(letters, SHEETS_BY_AREA.values(), strict=True)
        for n in range(1, count + 1)
    ]
    assert [service.codice for service in catalog.services.values()] == wanted


def test_there_are_two_sub_services(catalog: Catalog) -> None:
    subs = {
        sub.id: service.id for service in catalog.services.values() for sub in service.sottoservizi
    }
    assert subs == {"spazio-neutro": "centro-famiglie", "mediazione-familiare": "centro-famiglie"}


def test_the_table_of_contacts_has_26_rows(catalog: Catalog) -> None:
    rows = [c.fonte.riga for c in catalog.contacts.values() if c.fonte and c.fonte.riga in ROWS]
    assert len(ROWS) == 26
    assert sorted(rows) == list(ROWS)


@pytest.mark.parametrize(("id", "line"), IN_PROSE.items())
def test_contacts_that_only_the_text_names(catalog: Catalog, id: str, line: int) -> None:
    fonte = catalog.contacts[id].fonte
    assert fonte
    assert (fonte.documento, fonte.riga) == ("carta-casarano", line)


def test_no_contact_comes_from_elsewhere_but_the_112(catalog: Catalog) -> None:
    foreign = [
        contact.id
        for contact in catalog.contacts.values()
        if contact.fonte and contact.fonte.documento != "carta-casarano"
    ]
    assert foreign == ["numero-unico-112"]
    assert len(catalog.contacts) == len(ROWS) + len(IN_PROSE) + len(foreign)


def test_every_comune_has_both_desks(catalog: Catalog) -> None:
    for network in ("segretariato", "servizi-sociali"):
        desks = [contact.comune for contact in catalog.contacts_by_network[network]]
        assert desks == list(catalog.comuni), network
        assert len(desks) == 7


def test_the_refuge_carries_no_place(catalog: Catalog) -> None:
    refuge = catalog.contacts["casa-rifugio"]
    assert refuge.riservata
    assert (refuge.indirizzo, refuge.coordinate) == (None, None)
    assert (refuge.comune, refuge.presso, refuge.mappa, refuge.sito) == ("", "", "", "")
    assert (refuge.telefoni, refuge.email, refuge.pec) == ((), (), ())


def test_the_complaint_form_has_the_17_fields_of_the_paper_and_ours(catalog: Catalog) -> None:
    form = catalog.forms["reclamo"]
    assert [field.id for field in form.campi if not field.fonte] == ["categoria"]
    assert len(form.campi) == 18
    assert form.firma


def test_the_questionnaire_has_9_questions_and_27_options(catalog: Catalog) -> None:
    form = catalog.forms["questionario"]
    assert len(form.campi) == 9
    assert [len(campo.opzioni) for campo in form.campi] == [0, 3, 5, 4, 4, 4, 4, 3, 0]
    assert sum(len(campo.opzioni) for campo in form.campi) == 27
    assert form.anonimo


def test_there_are_six_ways_to_start(catalog: Catalog) -> None:
    text = catalog.documents["pages"]["modalita-di-accesso"].text
    before, _, after = text.partition("può avvenire:")
    ways = after.strip().partition("\n\n")[0].split("\n")
    assert before
    assert len(ways) == 6
    assert all(way.startswith("- su ") for way in ways)


@pytest.mark.parametrize(("kind", "count"), [("gratuito", 13), ("compartecipazione", 4)])
def test_the_lists_of_costs(catalog: Catalog, kind: str, count: int) -> None:
    listed = [group.voci for group in catalog.carta.classi_di_costo if group.tipo == kind]
    assert [len(voci) for voci in listed] == [count]


def test_short_descriptions_are_short_and_plain(catalog: Catalog) -> None:
    law = re.compile(r"\bart\.|\bL\. ?\d|\bR\.R\.|D\.Lgs|\blegge\b", re.I)
    for service in catalog.services.values():
        text = service.descrizione_breve
        assert 20 <= len(text) <= 160, service.id
        assert not law.search(text), service.id
        assert "hai diritto" not in text.casefold(), service.id


def test_the_social_desk_promises_20_hours(catalog: Catalog) -> None:
    standard = catalog.standards["apertura-front-office"]
    assert standard.valore == 20
    assert "segretariato-sociale" in standard.servizi


def test_one_social_worker_for_5000_inhabitants(catalog: Catalog) -> None:
    said = _facts(catalog.documents["standards"]["assistenti-sociali-abitanti"])
    assert re.search(r"5[.,]?000", said)


# --- Sources ----------------------------------------------------------------------------------


def _cited(catalog: Catalog) -> Iterator[tuple[str, dict[str, Any]]]:
    """(path of the document, fonte) for every source cited in content/."""

    def walk(value: Any) -> Iterator[dict[str, Any]]:
        if isinstance(value, dict):
            if isinstance(value.get("documento"), str):
                yield value
            for item in value.values():
                yield from walk(item)
        elif isinstance(value, list):
            for item in value:
                yield from walk(item)

    for documents in catalog.documents.values():
        for document in documents.values():
            yield from ((document.path, fonte) for fonte in walk(document.data))


def test_every_record_has_its_source(catalog: Catalog) -> None:
    kinds = ("services", "contacts", "providers", "standards", "results", "forms", "pages")
    records = [record for kind in kinds for record in catalog.records[kind].items()]
    assert sorted(id for id, record in records if not record.fonte) == sorted(OWN_PAGES + OWN_FORMS)
    lists = {
        "areas": catalog.areas.values(),
        "glossary": catalog.glossary.voci,
        "without-sheet": catalog.without_sheet.voci,
    }
    for kind, items in lists.items():
        assert [item for item in items if not item.fonte] == [], kind


@pytest.mark.parametrize("name", BODIES)
def test_every_cited_line_exists(name: str) -> None:
    texts = {document: _lines(document) for document in SOURCES}
    cited = list(_cited(catalog_of(name)))
    assert len(cited) > 100
    for path, fonte in cited:
        lines = texts[fonte["documento"]]
        first = fonte.get("riga", 1)
        last = fonte.get("riga_fine", first)
        assert 1 <= first <= last <= len(lines), (path, fonte)
        assert "".join(lines[first - 1 : last]).strip(), (path, fonte)


def test_the_transcription_notes_say_where_each_sheet_comes_from(catalog: Catalog) -> None:
    notes = (ROOT / "content" / "TRASCRIZIONE.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+)-(\d+) \| ([A-H]\d) \| `services/([a-z-]+)\.yml`", notes, re.M)
    told = {id: (code, int(first), int(last)) for first, last, code, id in rows}
    wanted = {
        service.id: (service.codice, service.fonte.riga, service.fonte.riga_fine)
        for service in catalog.services.values()
        if service.fonte
    }
    assert told == wanted


# --- Faithful to the source -------------------------------------------------------------------


@pytest.mark.parametrize("line", ROWS)
def test_a_contact_is_its_row(catalog: Catalog, source: dict[int, str], line: int) -> None:
    [contact] = [c for c in catalog.contacts.values() if c.fonte and c.fonte.riga == line]
    row = source[line]
    assert _phones(row) <= _dialled(contact)
    assert set(MAILBOX.findall(row)) == _mailboxes(contact)


def test_no_phone_or_mailbox_of_the_carta_is_lost(catalog: Catalog, source: dict[int, str]) -> None:
    text = "\n".join(source[n] for n in range(190, 691))
    contacts = catalog.contacts.values()
    phones = {number for contact in contacts for number in _dialled(contact)}
    boxes = {box for contact in contacts for box in _mailboxes(contact)}
    assert len(_phones(text)) > 20
    assert _phones(text) <= phones
    assert "1522" in phones
    assert set(MAILBOX.findall(text)) <= boxes


def test_no_phone_or_mailbox_is_invented(catalog: Catalog, source: dict[int, str]) -> None:
    text = "\n".join(source.values())
    for contact in catalog.contacts.values():
        if contact.id != "numero-unico-112":
            assert _mailboxes(contact) <= set(MAILBOX.findall(text)), contact.id
            assert _dialled(contact) <= _phones(text) | {"1522"}, contact.id


def test_no_word_of_the_carta_is_lost(catalog: Catalog, source: dict[int, str]) -> None:
    documents = (d for kind in catalog.documents.values() for d in kind.values())
    kept = set().union(*(_words(_facts(document)) for document in documents))
    lost = {n: words for n in range(40, 745) if (words := _words(source[n]) - kept)}
    assert lost == LEFT_OUT


def test_no_word_of_a_sheet_is_lost_on_its_page(catalog: Catalog, source: dict[int, str]) -> None:
    """The page, not the file: what the text has as an address or hours is data in the content."""
    pages = {page.url: page.body for page in iter_pages(catalog, DAY)}
    lost = {}
    for service in catalog.services.values():
        soup = BeautifulSoup(pages[f"servizi/{service.id}/"], "html.parser")
        for doubt in soup.select(".c-doubt"):
            doubt.decompose()
        shown = _words(soup.get_text(" ")) | LABELS
        assert service.fonte
        assert service.fonte.riga
        lines = range(service.fonte.riga, (service.fonte.riga_fine or service.fonte.riga) + 1)
        lost |= {n: words for n in lines if (words := _words(source[n]) - shown)}
    assert lost == NOT_ON_ITS_PAGE


def test_misprints_that_are_left_out_are_told() -> None:
    """In the notes on the transcription or in a doubt."""
    notes = (ROOT / "content" / "TRASCRIZIONE.md").read_text("utf-8")
    everything = "\n".join(path.read_text("utf-8") for path in ROOT.glob("content/**/*.yml"))
    for misprint in ("isce", "segratariato"):
        assert misprint in (notes + everything).casefold(), misprint
