"""The linked data on services: the official shapes take them, and refuse them when damaged."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from bodies import BODIES, catalog_of, good_catalog
from linked import STANDARDS, damages, read, refusal, untagged
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, RDF, SKOS, XSD

from site_builder.catalog import Catalog
from site_builder.opendata.cpsv import datasets, files
from site_builder.opendata.public import public
from site_builder.opendata.source import Source
from site_builder.values import Indirizzo

SHAPES = STANDARDS / "cpsv-ap-3.2.0" / "cpsv-ap-SHACL.ttl"
TODAY = date(2026, 11, 21)
SITE = "https://carta.example.it/"
CV = "http://data.europa.eu/m8g/"
CPSV = "http://purl.org/vocab/cpsv#"
IT = "https://w3id.org/italia/onto/CPSV/"
LISTS = "https://w3id.org/italia/controlled-vocabulary/classifications-for-public-services/"
LOCN = "http://www.w3.org/ns/locn#"
FOAF_PAGE = URIRef("http://xmlns.com/foaf/0.1/page")
NIDO = f"{SITE}servizi/asilo-nido/#servizio"
DATED = {"fonte": {"documento": "carta-prova"}, "aggiornato_il": "2026-01-01"}

SHEET = "content/services/asilo-nido.yml"
DESK = "content/contacts/segretariato-casarano.yml"
EVERYTHING: dict[str, Any] = {
    SHEET: {
        "sigla": "AN", "argomenti": ["Istruzione", "Assistenza sociale"],
        "attivita": ["Gioco", "Pranzo"], "chi_puo_presentare": "Un genitore.",
        "stato": {"valore": "sospeso", "motivo": "Lavori."},
        "requisiti": [{"testo": "Fino a 3 anni", "eta_max": 3}],
        "varianti": [{"titolo": "Nido estivo", "testo": "A luglio.",
                      "requisiti": [{"testo": "Residenza", "residenza": "ambito"}]}],
        "documenti": [{"nome": "Certificato \"A\"", "obbligatorio": True, "nota": "In copia.",
                       "url": "https://example.org/a.pdf"}, {"nome": "Foto"}],
        "cosa_serve": "Il certificato.", "cosa_si_ottiene": "Un posto al nido.",
        "tempi_e_scadenze": "Entro maggio.",
        "termini": [{"fase": "Risposta", "giorni": 30, "decorre_da": "presentazione",
                     "decorrenza": "dalla domanda", "fonte": {"documento": "carta-prova"}}],
        "costo": {"tipo": "tariffa", "testo": "Si paga una retta.", "tariffe": [
            {"voce": "Retta", "importo": 164.61, "unita": "al mese", "valido_dal": "2026-01-01",
             "valido_fino_al": "2026-12-31", "fonte": {"documento": "carta-prova"}}]},
        "sedi": [{"contatto": "nido", "nota": "Al primo piano.",
                  "orari": [{"come_sede": True},
                            {"giorni": "sab", "dalle": "09:00", "alle": "12:00"}],
                  "chiusure": [{"dal": "2026-12-24", "al": "2026-12-26", "motivo": "Natale"}]},
                 {"contatto": "segreto"}],
        "gestore": {"testo": "Lo gestisce la cooperativa.", "enti": ["coop"]},
        "moduli": ["domanda"], "modulistica": [{"nome": "Delega", "url": "https://example.org/d.pdf"}],
        "normativa": [{"testo": "L. 1/2000", "url": "https://example.org/legge?a=1&b=2"},
                      {"testo": "R.R. 4/2007, art. 53"}],
        "servizi_collegati": ["sussidio"],
    },
    "content/services/sussidio.yml": {
        "id": "sussidio", "titolo": "Sussidio", "codice": "A2", "aree": ["famiglia"],
        "tipo": "contributo", "livello": "regione",
        "descrizione_breve": "Un aiuto in denaro per chi ne ha poco.",
        "descrizione": "Soldi.", "a_chi_e_rivolto": "A chi ne ha bisogno.", "gruppi": ["famiglie"],
        "come_fare": "non indicato",
        "dove_rivolgersi": {"testo": "Per telefono.", "contatti": ["segreto"]},
        "costo": {"tipo": "contributo", "tariffe": [
            {"voce": "Sussidio", "importo": 100, "unita": "al mese", "valido_dal": "2026-01-01"}]},
        "standard_non_definiti": "La fonte non ne dà.", **DATED},
    "content/contacts/nido.yml": {
        "id": "nido", "nome": "Nido «Arcobaleno»", "tipo": "struttura", "comune": "casarano",
        "indirizzo": {"via": "Via Agnesi", "cap": "73042"}, "sito": "https://nido.example.org/",
        "telefoni": [{"numero": "0833 502428", "tipo": "fax"},
                     {"numero": "0833 502429", "h24": True, "nota": "solo urgenze"}],
        "pec": ["nido@pec.rupar.puglia.it"], "orari": [{"su_appuntamento": True}],
        "orari_nota": "Esclusi i festivi.",
        "chiusure": [{"dal": "2026-08-10", "al": "2026-08-16", "motivo": "ferie"}], **DATED},
    "content/contacts/segreto.yml": {
        "id": "segreto", "nome": "Casa protetta", "tipo": "struttura", "riservata": True,
        "telefoni": [{"numero": "0833 502430"}],
        "email": [{"indirizzo": "aiuto@comune.casarano.le.it"}], **DATED},
    "content/providers/coop.yml": {
        "id": "coop", "nome": "Cooperativa \"Sole\"", "tipo": "cooperativa", **DATED},
    "content/forms/domanda.yml": {
        "id": "domanda", "titolo": "Domanda", "descrizione": "Serve a chiedere.", "anonimo": False,
        "campi": [{"id": "nome", "etichetta": "Nome", "tipo": "testo", "obbligatorio": False}],
        **DATED},
}  # fmt: skip


def drawn(catalog: Catalog, site_url: str = SITE) -> str:
    [(_, turtle)] = files(Source(public(catalog), site_url))
    return turtle


def graph_of(catalog: Catalog, site_url: str = SITE) -> Graph:
    return read(drawn(catalog, site_url))


@pytest.fixture
def everything(body) -> Graph:
    """A small body in which every kind of fact occurs."""
    return graph_of(good_catalog(body(EVERYTHING), TODAY))


def one(graph: Graph, thing: str, key: str) -> Any:
    [value] = graph.objects(URIRef(thing), URIRef(key))
    return value


def all_of(graph: Graph, thing: str, key: str) -> set[str]:
    return {str(value) for value in graph.objects(URIRef(thing), URIRef(key))}


def said(graph: Graph, things: set[str]) -> set[str]:
    return {str(one(graph, thing, str(DCTERMS.description))) for thing in things}


# --- What is said -----------------------------------------------------------------------------


def test_a_service_is_said_twice_and_links_to_the_italian_lists(everything: Graph) -> None:
    types = {str(kind) for kind in everything.objects(URIRef(NIDO), RDF.type)}
    assert types == {f"{CPSV}PublicService", f"{IT}PublicService"}
    assert str(one(everything, NIDO, f"{IT}hasServiceStatus")) == f"{IT}NonActive"
    assert str(one(everything, NIDO, f"{IT}hasAuthenticationMethod")).endswith("type/NONE")
    themes = all_of(everything, NIDO, f"{CV}thematicArea")
    assert themes == {f"{LISTS}public-services-subject-matters/{n}" for n in (1, 2)}
    assert one(everything, NIDO, f"{CV}processingTime") == Literal("P30D", datatype=XSD.duration)
    assert not list(everything.objects(None, URIRef(f"{CV}isGroupedBy")))


def test_every_text_has_its_language(everything: Graph) -> None:
    worded = (DCTERMS.title, DCTERMS.description, SKOS.prefLabel, URIRef(f"{LOCN}thoroughfare"))
    texts = [value for key in worded for value in everything.objects(None, key)]
    assert len(texts) > 40
    assert {value.language for value in texts} == {"it"}


@pytest.mark.parametrize(
    ("change", "level"),
    [
        ({"moduli": None, "modulistica": None}, "LEVEL1"),
        ({"moduli": None, "modulistica": [{"nome": "Sulla carta"}]}, "LEVEL1"),
        ({"moduli": None}, "LEVEL2"),
        ({"modulistica": None}, "LEVEL2"),
    ],
)
def test_the_level_is_that_of_a_page_unless_there_are_forms(body, change, level) -> None:
    catalog = good_catalog(body(EVERYTHING | {SHEET: EVERYTHING[SHEET] | change}), TODAY)
    found = one(graph_of(catalog), NIDO, f"{IT}hasiInteractivityLevel")
    assert str(found) == f"{LISTS}interactivity-level/{level}"


def test_the_form_to_complain_is_no_form_to_ask(body) -> None:
    complaint = {"content/carta.yml": {"reclami": {"modulo": "domanda"}}}
    sheet = EVERYTHING[SHEET] | {"modulistica": None}
    graph = graph_of(good_catalog(body(EVERYTHING | complaint | {SHEET: sheet}), TODAY))
    assert str(one(graph, NIDO, f"{IT}hasiInteractivityLevel")).endswith("LEVEL1")
    assert "moduli/domanda" not in graph.serialize()


def test_amounts_that_one_pays_are_costs_and_no_others(everything: Graph) -> None:
    costs = all_of(everything, NIDO, f"{CV}hasCost")
    assert costs == {f"{NIDO}-costo", f"{NIDO}-costo-1"}
    amount = one(everything, f"{NIDO}-costo-1", f"{CV}hasValue")
    assert amount == Literal("164.61", datatype=XSD.double)
    assert said(everything, {f"{NIDO}-costo-1"}) == {
        "Retta, al mese, dal 1º gennaio 2026, fino al 31 dicembre 2026"
    }
    assert not all_of(everything, f"{SITE}servizi/sussidio/#servizio", f"{CV}hasCost")


def test_what_is_free_costs_nothing(body) -> None:
    graph = graph_of(good_catalog(body(), TODAY))
    assert one(graph, f"{NIDO}-costo", f"{CV}hasValue") == Literal("0.0", datatype=XSD.double)


@pytest.mark.parametrize(
    "term",
    [{"lavorativi": True}, {"decorre_da": None}, {"decorre_da": "fatto"}],
)
def test_a_duration_is_not_guessed(body, term: dict[str, Any]) -> None:
    """A duration knows no working days, and some other moment than the request is no start."""
    [whole] = EVERYTHING[SHEET]["termini"]
    changed = {key: value for key, value in (whole | term).items() if value is not None}
    sheet = EVERYTHING[SHEET] | {"termini": [changed]}
    graph = graph_of(good_catalog(body(EVERYTHING | {SHEET: sheet}), TODAY))
    assert not all_of(graph, NIDO, f"{CV}processingTime")
    [words] = said(graph, {f"{NIDO}-tempi"})
    assert words.startswith("Entro maggio.\n\nRisposta: 30 giorni")


def test_channels_have_the_codes_and_the_hours_that_they_have(everything: Graph) -> None:
    kinds = {
        channel.removeprefix(SITE): str(one(everything, channel, str(DCTERMS.type)))
        for channel in all_of(everything, NIDO, f"{CV}hasChannel")
    }
    assert {name: kind.removeprefix(f"{LISTS}channel/") for name, kind in kinds.items()} == {
        "uffici/segretariato-casarano/#sportello": "0111",
        "uffici/segretariato-casarano/#telefono-1": "031",
        "uffici/segretariato-casarano/#email-1": "042",
        "uffici/nido/#telefono-1": "033",
        "uffici/nido/#telefono-2": "031",
        "uffici/nido/#pec-1": "041",
        "uffici/segreto/#telefono-1": "031",
        "servizi/asilo-nido/#servizio-sede-1": "0111",
    }
    hours, special = f"{CV}openingHours", f"{CV}specialOpeningHoursSpecification"
    own = f"{NIDO}-sede-1"
    assert said(everything, all_of(everything, own, hours)) == {
        "su appuntamento", "il sabato dalle 9.00 alle 12.00"
    }  # fmt: skip
    assert said(everything, all_of(everything, own, special)) == {
        "chiuso dal 10 agosto 2026 al 16 agosto 2026 (ferie)",
        "chiuso dal 24 dicembre 2026 al 26 dicembre 2026 (Natale)",
    }
    day_and_night = all_of(everything, f"{SITE}uffici/nido/#telefono-2", hours)
    assert said(everything, day_and_night) == {"24 ore su 24, tutti i giorni dell'anno"}


def test_a_secret_place_is_a_phone_and_nothing_else(body) -> None:
    """Also if somebody weakened the schema that forbids its address, and what makes it public."""
    catalog = good_catalog(body(EVERYTHING), TODAY)
    told = replace(
        catalog.contacts["segreto"], comune="casarano", indirizzo=Indirizzo(via="Via Segreta")
    )
    contacts = {**catalog.contacts, "segreto": told}
    [(_, words)] = files(
        Source(replace(catalog, records={**catalog.records, "contacts": contacts}))
    )
    assert "Casa protetta" in words
    for secret in ("Via Segreta", "aiuto@comune.casarano.le.it", "segreto/#sportello"):
        assert secret not in words
    assert "segreto/#telefono-1" in words


def test_a_comune_has_its_official_name_or_one_of_ours(body, content) -> None:
    own = graph_of(good_catalog(body(), TODAY))
    assert all_of(own, NIDO, str(DCTERMS.spatial)) == {f"{SITE}comuni/casarano/"}
    assert str(one(own, f"{SITE}comuni/casarano/", str(DCTERMS.identifier))) == "075016"
    official = "https://w3id.org/italia/cities/075016-(1948-01-01)"
    [comune] = content["content/carta.yml"]["comuni"]
    named = body({"content/carta.yml": {"comuni": [comune | {"iri": official}]}})
    graph = graph_of(good_catalog(named, TODAY))
    assert all_of(graph, NIDO, str(DCTERMS.spatial)) == {official}


@pytest.mark.parametrize(
    ("level", "name"),
    [
        ("ambito", "Ambito Territoriale Sociale di Prova"),
        ("comune", "Comune di Casarano"),
        ("asl", "Azienda sanitaria locale"),
        ("inps", "INPS, Istituto nazionale della previdenza sociale"),
        ("provincia", "Provincia"),
        ("regione", "Regione Puglia"),
    ],
)
def test_the_authority_is_whose_service_it_is(body, level: str, name: str) -> None:
    graph = graph_of(good_catalog(body({SHEET: {"livello": level}}), TODAY))
    authority = str(one(graph, NIDO, f"{CV}hasCompetentAuthority"))
    assert str(one(graph, authority, str(SKOS.prefLabel))) == name


def test_the_body_is_known_by_its_code(body) -> None:
    change = {"content/carta.yml": {"ente": {"codice_ipa": "ats_prova"}}}
    graph = graph_of(good_catalog(body(change), TODAY))
    assert str(one(graph, f"{SITE}#ente", str(DCTERMS.identifier))) == "ats_prova"


@pytest.mark.slow
@pytest.mark.parametrize("name", BODIES)
def test_a_site_without_address_claims_no_page(name: str) -> None:
    words = drawn(catalog_of(name), "")
    pages = set(read(words).objects(None, FOAF_PAGE))
    assert not {page for page in pages if ".carta.invalid" in str(page)}
    assert drawn(catalog_of(name), "") == words
    [dataset] = datasets(Source(public(catalog_of(name)), ""))
    assert dataset.distributions


# --- Held to the official shapes ---------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("site_url", [SITE, ""], ids=["address", "no-address"])
@pytest.mark.parametrize("name", BODIES)
def test_the_shapes_take_both_bodies(name: str, site_url: str) -> None:
    graph = graph_of(catalog_of(name), site_url)
    assert refusal(graph, SHAPES) == ""
    assert len(list(graph.subjects(RDF.type, URIRef(f"{CPSV}PublicService")))) == len(
        catalog_of(name).services
    )
    assert isomorphic(graph, read(graph.serialize(format="turtle")))


@pytest.mark.slow
def test_every_damage_that_the_shapes_can_see_is_seen(everything: Graph) -> None:
    """One fault at a time, for each rule: what is missing, doubled, or of another type."""
    assert refusal(everything, SHAPES) == ""
    tried = dict(damages(everything, SHAPES))
    unseen = [name for name, worse in tried.items() if not refusal(worse, SHAPES)]
    assert unseen == []
    assert len(tried) > 100
    assert {"PublicService title minCount", "Cost hasValue datatype", "Channel type class"} <= set(
        tried
    )
    missing = {name.split()[0] for name in tried if name.endswith("minCount")}
    assert missing == {
        "Agent", "Channel", "Cost", "Evidence", "EvidenceType", "Output", "Participation",
        "PublicOrganisation", "PublicService", "Requirement", "Rule",
    }  # fmt: skip


@pytest.mark.slow
def test_what_the_shapes_do_not_see(everything: Graph) -> None:
    """Without language or type, these would pass: only the tests above hold them."""
    assert untagged(everything, SHAPES) == {
        "Concept prefLabel", "ContactPoint title", "LegalResource title", "Location prefLabel",
        "Organization altLabel", "PublicOrganisation altLabel", "PublicService modified",
        "Requirement description",
    }  # fmt: skip
