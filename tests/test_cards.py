"""The cards of the offices: by the letter of the standard, and as a library reads them."""

import dataclasses
import re
from collections.abc import Callable

import pytest
import vobject
from bodies import BODIES, DAY, catalog_of, good_catalog
from hypothesis import example, given, settings
from hypothesis import strategies as st

from site_builder.catalog import Catalog
from site_builder.model import Contact
from site_builder.opendata import cards
from site_builder.opendata.public import public
from site_builder.opendata.source import Source
from site_builder.values import Chiusura, Coordinate, Email, Indirizzo, Orario, Telefono
from tests.conftest import Body

URL = "https://carta.example.it/"
DESK = "content/contacts/segretariato-casarano.yml"
# RFC 2426: the names that we use, with their parameters, and what a value may hold.
_LINE = re.compile(
    r"(BEGIN|VERSION|UID|FN|N|TEL;TYPE=[A-Z,]+|ORG|EMAIL;TYPE=INTERNET|ADR;TYPE=WORK|GEO|NOTE|URL"
    r"|REV|END):(.*)"
)
_TEXT = re.compile(r"(?:[^\\;,\x00-\x1f]|\\[\\;,n])*")
# How many parts, each a text, stand between semicolons.
_PARTS = {"N": 5, "ADR": 7, "FN": 1, "NOTE": 1, "ORG": 1, "EMAIL": 1}


def faults(text: str) -> list[str]:
    """What in a file is not as RFC 2425 and 2426 want it."""
    raw = text.split("\r\n")
    found = [f"long: {line}" for line in raw if len(line.encode()) > 75]
    found += [f"bare line end: {line!r}" for line in raw if {"\r", "\n"} & {*line}]
    if raw[-1]:
        found.append("no line end at the end")
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    matches = [(line, _LINE.fullmatch(line)) for line in lines]
    found += [f"no property: {line}" for line, match in matches if not match]
    pairs = [(match[1].partition(";")[0], match[2]) for _, match in matches if match]
    for name, value in pairs:
        parts = re.split(r"(?<!\\)(?:\\\\)*;", value) if name in _PARTS else []
        if parts and len(parts) != _PARTS[name]:
            found.append(f"parts: {name}:{value}")
        found += [f"not escaped: {part}" for part in parts if not _TEXT.fullmatch(part)]
    return found + _out_of_order([name for name, _ in pairs])


def _out_of_order(names: list[str]) -> list[str]:
    text = " ".join(names)
    card = "BEGIN VERSION UID FN N( (TEL|ORG|EMAIL|ADR|GEO|NOTE|URL|REV))* END"
    whole = re.fullmatch(f"{card}( {card})*", text)
    return [] if whole else [f"order: {text}"]


def written(catalog: Catalog, url: str = URL) -> dict[str, str]:
    return dict(cards.files(Source(public(catalog), url)))


def with_contact(catalog: Catalog, contact: Contact) -> Catalog:
    records = {**catalog.records, "contacts": {contact.id: contact}}
    return Catalog(records, {}, catalog.known, catalog.day)


def only(contact: Contact) -> str:
    return written(with_contact(catalog_of("casarano"), contact))["dati/uffici.vcf"]


def office() -> Contact:
    return catalog_of("casarano").contacts["ufficio-di-piano"]


# --- The standard ---------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [URL, ""])
@pytest.mark.parametrize("name", BODIES)
def test_every_card_is_by_the_letter_of_the_standard(name: str, url: str) -> None:
    catalog = catalog_of(name)
    files = written(catalog, url)
    assert {path: faults(text) for path, text in files.items() if faults(text)} == {}
    single = {f"dati/uffici/{id}.vcf" for id in catalog.contacts}
    assert files.keys() == single | {"dati/uffici.vcf"}
    assert files["dati/uffici.vcf"] == "".join(files[path] for path in files if path in single)


MUTATIONS: dict[str, Callable[[str], str]] = {
    "a bare line end": lambda text: text.replace("\r\n", "\n"),
    "a line too long": lambda text: text.replace("\r\nUID:", f"\r\nNOTE:{'è' * 40}\r\nUID:"),
    "a property that is none": lambda text: text.replace("FN:", "FULLNAME:"),
    "a comma not escaped": lambda text: text.replace("FN:", "FN:a,b"),
    "a part too many": lambda text: text.replace(";;;;", ";;;;;"),
    "no name": lambda text: re.sub(r"\r\nN:.*", "", text, count=1),
    "no end": lambda text: text.replace("END:VCARD\r\n", ""),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_check_can_fail(name: str) -> None:
    text = only(office())
    assert faults(text) == []
    assert faults(MUTATIONS[name](text))


# Surrogates and control characters are no part of a text.
LETTERS = st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from(';,\\:"')
TEXTS = st.text(LETTERS, min_size=1)


@settings(max_examples=25)
@given(TEXTS, TEXTS)
@example("a;b,c\\n\\", "\\\\;")
@example("è" * 80, "🙂" * 40)
def test_any_text_comes_back_whole(name: str, street: str) -> None:
    place = Indirizzo(via=street, cap="73042")
    text = only(dataclasses.replace(office(), nome=name, indirizzo=place, pec=(), orari=()))
    assert faults(text) == []
    read = vobject.readOne(text)
    assert read.fn.value == name
    assert read.adr.value.street == street
    assert read.adr.value.code == "73042"


# --- What a phone shows ---------------------------------------------------------------------------


def test_a_phone_gets_what_it_needs_to_call_and_to_go() -> None:
    full = dataclasses.replace(
        office(),
        telefoni=(
            Telefono(numero="0833 502428"),
            Telefono(numero="328 8212906", tipo="cellulare", nota="solo di mattina"),
            Telefono(numero="0833 502429", tipo="fax"),
            Telefono(numero="1522", h24=True),
        ),
        email=(Email(indirizzo="sportello@example.it"),),
        coordinate=Coordinate(lat=40.0123456789, lon=18.1),
        orari=(Orario(giorni="lun-ven", dalle="09:00", alle="12:00"),),
        chiusure=(Chiusura(dal=DAY, al=DAY, motivo="ferie"),),
        da_verificare=(),
    )
    read = vobject.readOne(only(full))
    phones = [(each.value, each.type_paramlist) for each in read.contents["tel"]]
    assert phones == [
        ("+390833502428", ["WORK", "VOICE"]),
        ("+393288212906", ["WORK", "CELL"]),
        ("+390833502429", ["WORK", "FAX"]),
        ("1522", ["WORK", "VOICE"]),
    ]
    assert read.version.value == "3.0"
    assert read.fn.value == read.n.value.family == full.nome
    assert read.email.value == "sportello@example.it"
    assert read.geo.value == "40.012346;18.100000"
    assert read.url.value == f"{URL}uffici/ufficio-di-piano/"
    assert read.uid.value.startswith("urn:uuid:")
    assert read.rev.value == str(full.aggiornato_il)
    for words in ("PEC (solo da un'altra PEC)", "Orari: dal lunedì al venerdì", "solo di mattina",
                  "1522: 24 ore su 24", "Chiuso dal"):  # fmt: skip
        assert words in read.note.value
    assert "verificare" not in read.note.value


def test_the_town_and_the_province_are_those_of_the_comune(body: Body) -> None:
    catalog = good_catalog(body(), DAY)
    read = vobject.readOne(written(catalog)["dati/uffici.vcf"]).adr.value
    assert (read.street, read.city, read.region) == ("Piazza San Domenico, 1", "Casarano", "LE")
    assert (read.code, read.country) == ("73042", "Italia")


def test_a_doubt_is_told(body: Body) -> None:
    doubt = [{"campo": "telefoni", "motivo": "Da chiedere."}]
    catalog = good_catalog(body({DESK: {"da_verificare": doubt}}), DAY)
    assert "sono da verificare" in vobject.readOne(written(catalog)["dati/uffici.vcf"]).note.value


def test_a_card_keeps_its_name_for_ever() -> None:
    """So that whoever saves it twice has it once."""
    one, two = (written(catalog_of("casarano"), url)["dati/uffici.vcf"] for url in (URL, URL))
    assert one == two
    names = re.findall(r"UID:(.*)\r\n", one)
    assert len(names) == len(set(names)) == len(catalog_of("casarano").contacts)


# --- What must not be told ------------------------------------------------------------------------


def test_of_a_secret_place_only_name_and_phones_are_told() -> None:
    secret = dataclasses.replace(
        office(), riservata=True, telefoni=(Telefono(numero="1522", nota="di notte"),)
    )
    names = [line.partition(":")[0] for line in only(secret).splitlines()]
    assert names == ["BEGIN", "VERSION", "UID", "FN", "N", "TEL;TYPE=WORK,VOICE", "REV", "END"]


def test_the_mailbox_of_a_person_is_not_told() -> None:
    boxes = (Email(indirizzo="mario.rossi@example.it", nominativa=True),
             Email(indirizzo="sportello@example.it"))  # fmt: skip
    text = only(dataclasses.replace(office(), email=boxes))
    assert "sportello@example.it" in text
    assert "mario.rossi" not in text


def test_without_offices_there_is_no_address_book() -> None:
    catalog = catalog_of("casarano")
    empty = Source(Catalog({**catalog.records, "contacts": {}}, {}, catalog.known, catalog.day))
    assert list(cards.files(empty)) == list(cards.datasets(empty)) == []
    (told,) = cards.datasets(Source(public(catalog)))
    assert [file.address for file in told.distributions] == ["dati/uffici.vcf"]
