"""The schema.org graphs, held against the official vocabulary and read by an RDF library."""

import copy
import dataclasses
import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from bodies import BODIES, DAY, catalog_of, good_catalog
from bs4 import BeautifulSoup
from schema_org import faults

from site_builder.catalog import Catalog
from site_builder.jsonld import Graph
from site_builder.jsonld_parts import script_text
from site_builder.jsonld_seats import seat
from site_builder.opendata.public import public
from site_builder.pages import iter_pages
from site_builder.values import Chiusura, Coordinate, Email, Indirizzo, Orario, Telefono
from tests.conftest import Body

if TYPE_CHECKING:  # most tests need no library for RDF, which takes its time to load
    import rdflib

# The library warns of a class that it still uses itself.
read_by_a_library = pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
URL = "https://carta.example.it/"
SHEET = "content/services/asilo-nido.yml"
DESK = "content/contacts/segretariato-casarano.yml"
# What a reader of JSON-LD would fetch: the names of schema.org, and which values are addresses.
CONTEXT = {"@vocab": "https://schema.org/", "url": {"@type": "@id"}}

Data = dict[str, Any]


def graphs(catalog: Catalog, url: str) -> Iterator[tuple[str, Data]]:
    """The graph of every page that has one, by address."""
    told = public(catalog)
    inside = Graph(told, url or "../../")
    yield "", json.loads(Graph(told, url).home())
    for id in told.services:
        yield f"servizi/{id}/", json.loads(inside.service(id))
    for id in told.contacts:
        yield f"uffici/{id}/", json.loads(inside.office(id))


def rdf(data: Data, page: str) -> "rdflib.Graph":
    import rdflib

    local = json.dumps(data | {"@context": CONTEXT})
    return rdflib.Graph().parse(data=local, format="json-ld", publicID=page)


def drawn(body: Body, changes: Data) -> Data:
    """The graph of the one sheet of the small body, by the last part of each name."""
    catalog = public(good_catalog(body(changes), DAY))
    data: Data = json.loads(Graph(catalog, URL).service("asilo-nido"))
    return {node["@id"].removeprefix(URL): node for node in data["@graph"]}


def hours(*slots: Data) -> Data:
    return {DESK: {"orari": list(slots)}}


# --- The vocabulary -------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [URL, ""])
@pytest.mark.parametrize("name", BODIES)
def test_every_graph_fits_the_official_vocabulary(name: str, url: str) -> None:
    found = {page: faults(data) for page, data in graphs(catalog_of(name), url)}
    assert {page: said for page, said in found.items() if said} == {}
    assert len(found) > 30


def _service(data: Data) -> Data:
    node: Data = data["@graph"][0]
    return node


MUTATIONS: dict[str, Callable[[Data], object]] = {
    "a type that is none": lambda d: _service(d).update({"@type": "CommunalService"}),
    "no type": lambda d: _service(d).pop("@type"),
    "a property that is none": lambda d: _service(d).update(openingTimes="9-12"),
    "a property of another type": lambda d: _service(d).update(faxNumber="+390833502428"),
    "a text for an object": lambda d: _service(d).update(availableChannel="allo sportello"),
    "an object of another type": lambda d: _service(d).update(audience={"@type": "Place"}),
    "a name that is of something else": lambda d: _service(d).update(
        serviceOperator={"@id": _service(d)["@id"]}
    ),
    "a date that is none": lambda d: d["@graph"][1].update(dateModified="ieri"),
    "a day that is none": lambda d: _service(d).update(
        hoursAvailable={"@type": "OpeningHoursSpecification", "dayOfWeek": "lunedì"}
    ),
    "a number as text": lambda d: _service(d).update(
        audience={"@type": "PeopleAudience", "suggestedMinAge": "diciotto"}
    ),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_check_of_the_vocabulary_can_fail(name: str) -> None:
    told = public(catalog_of("casarano"))
    data = json.loads(Graph(told, URL).service("asilo-nido"))
    assert faults(data) == []
    broken = copy.deepcopy(data)
    MUTATIONS[name](broken)
    assert faults(broken)


# --- Names ----------------------------------------------------------------------------------------


@pytest.mark.slow
@read_by_a_library
def test_without_an_address_the_relative_names_lead_to_the_same() -> None:
    from rdflib.compare import isomorphic

    catalog = catalog_of("casarano")
    absolute = dict(graphs(catalog, URL))
    for page, data in graphs(catalog, ""):
        if page in ("", "servizi/asilo-nido/", "uffici/ufficio-di-piano/"):
            assert isomorphic(
                rdf(data, URL + page), rdf(absolute[page], "https://elsewhere.example/")
            )
            assert URL not in json.dumps(data)


@pytest.mark.slow
@read_by_a_library
def test_the_names_are_the_canonical_addresses() -> None:
    from rdflib import RDF

    read = rdf(dict(graphs(catalog_of("casarano"), URL))["servizi/asilo-nido/"], URL)
    kinds = read.subject_objects(RDF.type)
    named = {(str(s).removeprefix(URL), str(o).rpartition("/")[2]) for s, o in kinds}
    assert ("servizi/asilo-nido/#servizio", "GovernmentService") in named
    assert ("uffici/segretariato-casarano/", "GovernmentOffice") in named
    assert ("#ente", "GovernmentOrganization") in named


# --- The service ----------------------------------------------------------------------------------


def test_all_doors_are_told(body: Body) -> None:
    phone = {"id": "numero", "nome": "Numero", "tipo": "telefono",
             "telefoni": [{"numero": "1522"}], "fonte": {"documento": "carta-prova"},
             "aggiornato_il": "2026-01-01"}  # fmt: skip
    found = drawn(
        body,
        {
            "content/contacts/numero.yml": phone,
            SHEET: {"dove_rivolgersi": {"contatti": ["numero"]}},
        },
    )
    doors = found["servizi/asilo-nido/#servizio"]["availableChannel"]
    assert [door.get("servicePhone") for door in doors] == [{"@id": f"{URL}uffici/numero/"}, None]
    assert doors[1]["serviceLocation"] == {"@id": f"{URL}uffici/segretariato-casarano/"}
    assert found["uffici/numero/"]["@type"] == "ContactPoint"
    assert found["uffici/numero/"]["telephone"] == ["1522"]


def test_a_service_with_its_own_hours_in_a_place_does_not_change_those_of_the_place(
    body: Body,
) -> None:
    slot = {"giorni": "sab", "dalle": "10:00", "alle": "11:00"}
    place = {"contatto": "segretariato-casarano", "orari": [slot]}
    found = drawn(body, {SHEET: {"sedi": [place]}})
    (door,) = found["servizi/asilo-nido/#servizio"]["availableChannel"]
    (own,) = door["serviceLocation"]["openingHoursSpecification"]
    assert own["dayOfWeek"] == ["https://schema.org/Saturday"]
    assert door["serviceLocation"]["containedInPlace"]["@id"].endswith("segretariato-casarano/")
    (office,) = found["uffici/segretariato-casarano/"]["openingHoursSpecification"]
    assert len(office["dayOfWeek"]) == 5


def test_what_is_paid_is_an_offer_and_what_is_given_is_none(body: Body) -> None:
    def offers(cost: Data) -> list[Data]:
        found: list[Data] = drawn(body, {SHEET: {"costo": cost}})[
            "servizi/asilo-nido/#servizio"
        ].get("offers", [])
        return found

    assert offers({"tipo": "gratuito"})[0]["price"] == 0
    fee = {"voce": "Retta", "importo": 120.5, "unita": "mese", "isee_max": 9000,
           "valido_fino_al": "2026-12-31"}  # fmt: skip
    (offer,) = offers({"tipo": "tariffa", "tariffe": [fee]})
    assert offer["priceSpecification"]["price"] == 120.5
    assert offer["priceSpecification"]["unitText"] == "mese"
    assert offer["description"] == "ISEE fino a 9.000,00 €"
    assert offer["validThrough"] == "2026-12-31"
    assert offers({"tipo": "contributo", "tariffe": [fee]}) == []
    assert offers({"tipo": "non_indicato"}) == []


def test_ages_are_told_if_one_condition_gives_them(body: Body) -> None:
    def people(*conditions: Data) -> Data:
        found = drawn(body, {SHEET: {"requisiti": list(conditions)}})
        told: Data = found["servizi/asilo-nido/#servizio"]["audience"]
        return told

    adults = people({"testo": "Dai 18 ai 65 anni.", "eta_min": 18, "eta_max": 65})
    assert (adults["suggestedMinAge"], adults["suggestedMaxAge"]) == (18, 65)
    assert adults["@type"] == "PeopleAudience"
    two = people({"testo": "Uno.", "eta_min": 18}, {"testo": "Due.", "eta_max": 5})
    months = people({"testo": "Dai 3 mesi.", "eta_min": 3, "unita_eta": "mesi"})
    assert "suggestedMinAge" not in two | months


# --- Hours ----------------------------------------------------------------------------------------


def opening(body: Body, changes: Data) -> list[Data]:
    found: list[Data] = drawn(body, changes)["uffici/segretariato-casarano/"].get(
        "openingHoursSpecification", []
    )
    return found


def test_what_comes_once_a_month_is_never_called_weekly(body: Body) -> None:
    slot = {"giorni": "mar", "dalle": "08:30", "alle": "13:30", "ogni_mese": "ultimo"}
    assert opening(body, hours(slot)) == []
    weekly = {"giorni": "lun", "dalle": "09:00", "alle": "12:00"}
    (only,) = opening(body, hours(slot, weekly))
    assert only["dayOfWeek"] == ["https://schema.org/Monday"]


def test_hours_that_hold_only_with_a_word_are_left_out(body: Body) -> None:
    slot = {"giorni": "lun", "dalle": "09:00", "alle": "12:00"}
    assert len(opening(body, hours(slot))) == 1
    assert opening(body, hours(slot | {"su_appuntamento": True})) == []
    assert opening(body, hours(slot | {"nota": "solo d'inverno"})) == []
    assert opening(body, {DESK: {"orari": [slot], "orari_nota": "Esclusi i festivi."}}) == []
    doubt = [{"campo": "orari", "motivo": "Da chiedere."}]
    assert opening(body, {DESK: {"orari": [slot], "da_verificare": doubt}}) == []


def test_always_open_seasons_and_closures(body: Body) -> None:
    (always,) = opening(body, hours({"sempre_aperto": True}))
    assert len(always["dayOfWeek"]) == 7
    assert (always["opens"], always["closes"]) == ("00:00", "23:59")
    season = {"giorni": "lun-ven", "dalle": "08:30", "alle": "13:30",
              "dal": "2026-06-15", "al": "2026-09-15"}  # fmt: skip
    (summer,) = opening(body, hours(season))
    assert (summer["validFrom"], summer["validThrough"]) == ("2026-06-15", "2026-09-15")
    shut = {DESK: {"chiusure": [{"dal": "2026-08-10", "al": "2026-08-16", "motivo": "ferie"}]}}
    office = drawn(body, shut)["uffici/segretariato-casarano/"]
    (closed,) = office["specialOpeningHoursSpecification"]
    assert not {"opens", "closes"} & set(closed)
    assert (closed["validFrom"], closed["validThrough"]) == ("2026-08-10", "2026-08-16")


# --- What must not be told ------------------------------------------------------------------------


def test_of_a_secret_place_only_name_and_phone_are_told() -> None:
    """Also if somebody weakens the schema, and whatever else the record holds."""
    catalog = catalog_of("casarano")
    full = dataclasses.replace(
        catalog.contacts["ufficio-di-piano"],
        riservata=True,
        indirizzo=Indirizzo(via="Via Segreta"),
        coordinate=Coordinate(lat=40.0, lon=18.0),
        mappa="https://mappa.example.it/",
        orari=(Orario(sempre_aperto=True),),
        chiusure=(Chiusura(dal=date(2026, 8, 1), al=date(2026, 8, 2)),),
        telefoni=(Telefono(numero="1522"),),
    )
    told = seat(catalog, full, str)
    assert set(told) == {"@type", "@id", "name", "telephone"}
    assert told["@type"] == "ContactPoint"


@pytest.mark.slow
def test_the_mailbox_of_a_person_is_in_no_script(body: Body) -> None:
    boxes = [{"indirizzo": "mario.rossi@comune.casarano.le.it", "nominativa": True},
             {"indirizzo": "sportello@comune.casarano.le.it"}]  # fmt: skip
    catalog = good_catalog(body({DESK: {"email": boxes}}), DAY)
    scripts = [
        script.get_text()
        for page in iter_pages(catalog, DAY, URL)
        for script in BeautifulSoup(page.body, "html.parser").select("script")
    ]
    assert any("sportello@" in text for text in scripts)
    assert not any("mario.rossi" in text for text in scripts)


def test_no_secret_of_the_two_bodies_is_told() -> None:
    for name in BODIES:
        catalog = catalog_of(name)
        text = json.dumps(dict(graphs(catalog, URL)), ensure_ascii=False)
        boxes = [box for each in catalog.contacts.values() for box in each.email]
        assert not [box for box in boxes if box.nominativa and box.indirizzo in text]


# --- In the page ----------------------------------------------------------------------------------


def test_the_pages_carry_their_graph_beside_the_one_of_the_model(body: Body) -> None:
    catalog = good_catalog(body(), DAY)
    pages = {page.url: page.body for page in iter_pages(catalog, DAY, URL)}
    for url in ("", "servizi/asilo-nido/", "uffici/segretariato-casarano/"):
        scripts = BeautifulSoup(pages[url], "html.parser").select('[type="application/ld+json"]')
        own = [json.loads(tag.get_text()) for tag in scripts if not tag.has_attr("data-element")]
        assert [list(data) for data in own] == [["@context", "@graph"]], url
        assert len(scripts) - len(own) == (url == "servizi/asilo-nido/")


def test_no_text_can_end_the_element(body: Body) -> None:
    evil = "Asilo </script><!-- <script>"
    catalog = good_catalog(body({SHEET: {"titolo": evil}}), DAY)
    text = Graph(public(catalog), URL).service("asilo-nido")
    assert "<" not in text
    assert json.loads(text)["@graph"][0]["name"] == evil
    assert script_text({"a": "<b>"}) == '{"a":"\\u003cb>"}'


def test_a_mailbox_alone_does_not_make_an_office_of_a_person() -> None:
    box = Email(indirizzo="mario.rossi@example.it", nominativa=True)
    catalog = catalog_of("casarano")
    desk = dataclasses.replace(catalog.contacts["ufficio-di-piano"], email=(box,))
    records = {**catalog.records, "contacts": {**catalog.contacts, desk.id: desk}}
    told = public(Catalog(records, {}, catalog.known, catalog.day))
    assert "mario.rossi" not in Graph(told, URL).office(desk.id)
