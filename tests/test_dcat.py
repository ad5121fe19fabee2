"""The entry for the catalogues of open data: whole, true, and refused when damaged."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bodies import BODIES, catalog_of, good_catalog, published
from linked import STANDARDS, damages, read, refusal, untagged
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD

from site_builder.catalog import Catalog
from site_builder.opendata import dcat, italian_vocabularies
from site_builder.opendata.datasets import Dataset, Distribution, OpenData
from site_builder.opendata.italian_vocabularies import file_type, licence
from site_builder.opendata.public import public
from site_builder.opendata.source import Source

TODAY = date(2026, 11, 21)
SITE = "https://carta.example.it/"
FOUND_AT = "https://elsewhere.example/carta/dati/catalogo.ttl"
SHAPES = Path(__file__).parent / "standards" / "dcat-ap-it" / "shapes.ttl"
# Those of the Union, where they stand beside the project.
OFFICIAL = sorted(STANDARDS.glob("dcat-ap-*/*.ttl"))
VCARD = "http://www.w3.org/2006/vcard/ns#"
ITALIAN = "https://w3id.org/italia/"
UNION = "http://publications.europa.eu/resource/authority/"
LISTS = f"{ITALIAN}controlled-vocabulary/"
SERVICES = f"{LISTS}classifications-for-public-services/"
CARTA = "content/carta.yml"
DESK = "content/contacts/segretariato-casarano.yml"
CC_BY = {"nome": "CC-BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/deed.it"}
TOLD = OpenData(
    (
        Dataset(
            "servizi", "Servizi", "Le schede dei servizi.",
            (
                Distribution("dati/servizi.json", "application/json", "Per programmi.",
                             "https://json-schema.org/draft/2020-12/schema"),
                Distribution("dati/uffici/", "text/vcard", "Una cartella, non un file."),
            ),
        ),
        Dataset("avvisi", "Avvisi", "I bandi.",
                (Distribution("dati/avvisi.ics", "text/calendar", "Per l'agenda."),)),
    ),
    {"dati/servizi.json": 2, "dati/avvisi.ics": 0},
)  # fmt: skip


def entry(catalog: Catalog, site_url: str = SITE, told: OpenData = TOLD) -> Graph:
    [(address, turtle)] = dcat.files(Source(public(catalog), site_url), told)
    assert address == dcat.ADDRESS
    return read(turtle, FOUND_AT)


@pytest.fixture
def catalog(body) -> Catalog:
    return good_catalog(body({CARTA: {"licenza": CC_BY}}), TODAY)


def values(graph: Graph, key: Any) -> set[str]:
    return {str(value) for value in graph.objects(None, key)}


# --- What is said -----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("site_url", [SITE, ""], ids=["address", "no-address"])
@pytest.mark.parametrize("name", BODIES)
def test_every_dataset_but_the_catalogue_itself_is_in_it(name: str, site_url: str) -> None:
    data, texts = published(catalog_of(name), site_url)
    graph = read(texts[dcat.ADDRESS], FOUND_AT)
    listed = {iri.rpartition("#")[2] for iri in values(graph, DCAT.dataset)}
    assert {dataset.id for dataset in data.datasets} - listed == {"catalogo"}
    assert listed <= {dataset.id for dataset in data.datasets}


@pytest.mark.slow
@pytest.mark.parametrize("name", BODIES)
def test_what_can_be_downloaded_is_there(name: str) -> None:
    data, texts = published(catalog_of(name), SITE)
    graph = read(texts[dcat.ADDRESS], FOUND_AT)
    assert values(graph, DCAT.downloadURL) == {
        f"{SITE}{item.address}"
        for dataset in data.datasets
        for item in dataset.distributions
        if item.address in data.sizes and item.address != dcat.ADDRESS
    }
    assert values(graph, DCAT.accessURL) == values(graph, FOAF.homepage) == {f"{SITE}dati/"}


def test_without_an_address_files_are_found_beside_the_catalogue(catalog: Catalog) -> None:
    """Names that can never be addresses are names only: nothing is said to be found there."""
    graph = entry(catalog, "")
    beside = FOUND_AT.removesuffix("catalogo.ttl")
    assert values(graph, DCAT.downloadURL) == {f"{beside}servizi.json", f"{beside}avvisi.ics"}
    for key in (DCAT.accessURL, DCAT.landingPage, FOAF.homepage):
        assert values(graph, key) == {beside}
    assert all(".carta.invalid/" in iri for iri in values(graph, DCAT.dataset))


def test_a_folder_is_no_download(catalog: Catalog) -> None:
    graph = entry(catalog)
    folder = URIRef(f"{SITE}dati/#file-uffici")
    assert (folder, DCAT.downloadURL, None) not in graph
    assert (folder, DCAT.accessURL, URIRef(f"{SITE}dati/")) in graph


def test_it_says_who_when_and_where(body) -> None:
    change = {
        CARTA: {"ente": {"codice_ipa": "ats_prova"}, "licenza": CC_BY},
        DESK: {"aggiornato_il": "2026-03-02"},
    }
    graph = entry(good_catalog(body(change), TODAY))
    agent = URIRef(f"{SITE}#ente")
    assert (agent, DCTERMS.identifier, Literal("ats_prova")) in graph
    assert values(graph, DCTERMS.rightsHolder) == values(graph, DCTERMS.publisher) == {str(agent)}
    assert set(graph.objects(None, DCTERMS.modified)) == {Literal("2026-03-02", datatype=XSD.date)}
    assert values(graph, DCTERMS.license) == {f"{ITALIAN}controlled-vocabulary/licences/A21_CCBY40"}
    assert values(graph, DCTERMS.spatial) == {f"{SITE}comuni/casarano/"}
    assert values(graph, DCAT.theme) == {f"{UNION}data-theme/SOCI"}
    assert values(graph, DCTERMS.accrualPeriodicity) == {f"{UNION}frequency/IRREG"}


def test_the_code_is_that_of_the_registers_or_one_of_ours(catalog: Catalog) -> None:
    ente = catalog.carta.ente

    def code(**known: str) -> str:
        carta = replace(catalog.carta, ente=replace(ente, **known))
        return Source(replace(catalog, records={**catalog.records, "carta": {"carta": carta}})).code

    assert code(codice_ipa="ats_prova", codice_fiscale="82001030632") == "ats_prova"
    assert code(codice_fiscale="82001030632") == "82001030632"
    assert code() == Source(catalog).uuid("#ente")


@pytest.mark.parametrize(
    ("change", "mailboxes"),
    [
        ({}, {"mailto:sportello@comune.casarano.le.it"}),
        ({"email": [{"indirizzo": "anna.rossi@comune.casarano.le.it", "nominativa": True}]}, set()),
        ({"email": [{"indirizzo": "anna.rossi@comune.casarano.le.it", "nominativa": True}],
          "pec": ["ats@pec.rupar.puglia.it"]}, {"mailto:ats@pec.rupar.puglia.it"}),
        ({"email": None}, set()),
    ],
)  # fmt: skip
def test_the_contact_is_an_office_with_a_mailbox_of_its_own(body, change, mailboxes) -> None:
    graph = entry(good_catalog(body({DESK: change}), TODAY))
    assert values(graph, URIRef(f"{VCARD}hasEmail")) == mailboxes
    assert bool(values(graph, DCAT.contactPoint)) == bool(mailboxes)


@pytest.mark.parametrize(
    ("address", "code", "kind"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "A21_CCBY40", "Attribution"),
        ("https://creativecommons.org/licenses/by/4.0/deed.it", "A21_CCBY40", "Attribution"),
        ("http://creativecommons.org/licenses/by/4.0", "A21_CCBY40", "Attribution"),
        ("https://creativecommons.org/licenses/by/4.0/legalcode.it", "A21_CCBY40", "Attribution"),
        ("https://creativecommons.org/licenses/by/3.0/it/", "A23_CCBY30IT", "Attribution"),
        ("https://creativecommons.org/publicdomain/zero/1.0/deed.it", "A11_CCO10", "PublicDomain"),
        ("https://www.dati.gov.it/content/italian-open-data-license-v20", "A29_IODL20",
         "Attribution"),
        ("https://creativecommons.org/licenses/by-sa/4.0/", "A31_CCBYSA40",
         "ViralEffect-ShareAlike"),
        ("https://creativecommons.org/licenses/by-nd/4.0/", "C1_Unknown", "UnknownIPR"),
        ("", "C1_Unknown", "UnknownIPR"),
    ],
)  # fmt: skip
def test_a_licence_is_known_by_its_address(address: str, code: str, kind: str) -> None:
    assert licence(address) == (
        f"{ITALIAN}controlled-vocabulary/licences/{code}",
        f"http://purl.org/adms/licencetype/{kind}",
    )


# Each was looked up in its list: no shape knows whether a code exists.
CODES = {
    f"{UNION}language/ITA", f"{UNION}currency/EUR", f"{UNION}data-theme", f"{UNION}data-theme/SOCI",
    f"{UNION}frequency/IRREG", f"{UNION}file-type/CSV", f"{UNION}file-type/JSON",
    f"{UNION}file-type/RDF_TURTLE", f"{UNION}file-type/ICS", f"{UNION}file-type/TXT",
    f"{UNION}file-type/OCTET", f"{LISTS}classifications-for-organizations/cofog-2009/10",
    f"{SERVICES}authentication-type/NONE", f"{SERVICES}interactivity-level/LEVEL1",
    f"{SERVICES}interactivity-level/LEVEL2", f"{SERVICES}channel/0111", f"{SERVICES}channel/031",
    f"{SERVICES}channel/033", f"{SERVICES}channel/041", f"{SERVICES}channel/042",
    f"{SERVICES}service-input-output/REQ", f"{SERVICES}service-input-output/OTHDOC",
    f"{SERVICES}public-services-subject-matters/1", f"{SERVICES}public-services-subject-matters/2",
    f"{SERVICES}public-services-subject-matters/3", f"{ITALIAN}onto/CPSV/Provider",
    f"{ITALIAN}onto/CPSV/Active", f"{ITALIAN}onto/CPSV/NonActive",
    f"{ITALIAN}onto/CPSV/UnderDev",
}  # fmt: skip


def test_no_code_is_used_that_was_not_looked_up() -> None:
    named = {
        value for name, value in vars(italian_vocabularies).items()
        if name.isupper() and isinstance(value, str) and not name.startswith("_")
    }  # fmt: skip
    kinds = [*italian_vocabularies._FILE_TYPES, "a/unknown"]
    topics = tuple(italian_vocabularies._SUBJECT_OF_TOPIC)
    used = named | set(italian_vocabularies.STATUS.values()) | set(map(file_type, kinds))
    assert used | set(italian_vocabularies.subject_matters(topics)) == CODES


@pytest.mark.slow
def test_every_format_that_is_told_has_a_name() -> None:
    told = {
        item.media_type
        for name in BODIES
        for dataset in published(catalog_of(name))[0].datasets
        for item in dataset.distributions
    }
    assert [kind for kind in sorted(told) if file_type(kind).endswith("/OCTET")] == []


# --- Held to shapes ---------------------------------------------------------------------------


def entries() -> Iterator[Graph]:
    for name in BODIES:
        for site_url in (SITE, ""):
            yield read(published(catalog_of(name), site_url)[1][dcat.ADDRESS], FOUND_AT)


@pytest.mark.slow
def test_our_shapes_of_the_national_profile_take_both_bodies() -> None:
    for graph in entries():
        assert refusal(graph, SHAPES) == ""
        assert isomorphic(graph, read(graph.serialize(format="turtle")))


@pytest.mark.slow
def test_the_official_shapes_of_the_union_take_both_bodies() -> None:
    if not OFFICIAL:
        pytest.skip(f"mancano gli schemi ufficiali: {STANDARDS}/dcat-ap-*/")
    for graph in entries():
        for path in OFFICIAL:
            assert refusal(graph, path) == "", path


@pytest.mark.slow
def test_every_damage_that_the_shapes_can_see_is_seen(catalog: Catalog) -> None:
    graph = entry(catalog)
    assert refusal(graph, SHAPES) == ""
    tried = dict(damages(graph, SHAPES))
    assert [name for name, worse in tried.items() if not refusal(worse, SHAPES)] == []
    missing = {name for name in tried if name.endswith("minCount")}
    assert {name.removesuffix(" minCount") for name in missing} >= {
        "Catalog title", "Catalog description", "Catalog publisher", "Catalog modified",
        "Catalog dataset", "Dataset identifier", "Dataset title", "Dataset description",
        "Dataset modified", "Dataset theme", "Dataset rightsHolder", "Dataset accrualPeriodicity",
        "Dataset distribution", "Distribution format", "Distribution accessURL",
        "Distribution license", "Agent identifier", "Agent name", "Organization fn",
        "Organization hasEmail",
    }  # fmt: skip


@pytest.mark.slow
def test_both_names_of_a_class_are_needed(catalog: Catalog) -> None:
    """Who reads the profile of the Union looks for one, who reads ours for the other."""
    graph = entry(catalog)
    for kind in ("Catalog", "Dataset", "Distribution"):
        names = (DCAT[kind], URIRef(f"http://dati.gov.it/onto/dcatapit#{kind}"))
        for name in names:
            worse = Graph() + graph
            worse.remove((min(graph.subjects(RDF.type, name)), RDF.type, name))
            assert refusal(worse, SHAPES), name


@pytest.mark.slow
def test_what_our_shapes_do_not_see(catalog: Catalog) -> None:
    assert untagged(entry(catalog), SHAPES) == {
        "Agent name", "Concept prefLabel", "ConceptScheme title", "Kind fn",
        "LicenseDocument name", "Location label", "Organization fn",
    }  # fmt: skip
