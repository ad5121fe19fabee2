"""`dati/catalogo.ttl`: what is published here, for the catalogues of open data (DCAT-AP_IT)."""

from collections.abc import Iterator

from site_builder.opendata import italian_vocabularies as lists
from site_builder.opendata.datasets import Dataset, Distribution, OpenData
from site_builder.opendata.dcat_graph import FOLDER, Entry
from site_builder.opendata.source import Source
from site_builder.opendata.turtle import Properties, literal, text
from site_builder.words import slug

ADDRESS = f"{FOLDER}catalogo.ttl"
_PROFILE = "https://docs.italia.it/italia/daf/linee-guida-cataloghi-dati-dcat-ap-it/"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


def datasets(source: Source) -> Iterator[Dataset]:
    """The catalogue itself, as it is told to people."""
    about = "L'elenco di tutti i dati, per il portale nazionale dei dati aperti."
    yield Dataset(
        "catalogo",
        "Catalogo dei dati",
        "Che cosa si pubblica qui, con licenza, formati e date: i portali dei dati aperti lo"
        " leggono da soli, e così chi cerca là trova anche questi dati.",
        (Distribution(ADDRESS, "text/turtle", about, _PROFILE),),
    )


def files(source: Source, told: OpenData) -> Iterator[tuple[str, str]]:
    """The catalogue of all that is `told`."""
    entry = Entry(source)
    _catalogue(entry, told)
    yield ADDRESS, str(entry)


def _catalogue(entry: Entry, told: OpenData) -> None:
    carta = entry.source.catalog.carta
    said: Properties = {
        **entry.of_all(),
        "dct:title": text(f"Dati aperti: {carta.edizione.titolo}"),
        "dct:description": text(
            "I servizi sociali, gli uffici e gli standard di qualità della Carta, come dati."
            f" Li pubblica: {carta.ente.nome}."
        ),
        "dct:license": entry.licence(),
        "foaf:homepage": entry.page(),
        "dcat:themeTaxonomy": entry.describe(
            lists.THEMES, "skos:ConceptScheme", {"dct:title": text("Temi dei dati")}
        ),
        "dcat:dataset": [_dataset(entry, told, dataset) for dataset in told.datasets],
    }
    iri = entry.source.iri(f"{FOLDER}#catalogo")
    entry.describe(iri, "dcat:Catalog dcatapit:Catalog", said)


def _dataset(entry: Entry, told: OpenData, dataset: Dataset) -> str:
    path = f"{FOLDER}#{dataset.id}"
    common = entry.of_all()
    said: Properties = {
        **common,
        "dct:identifier": literal(entry.source.uuid(path)),
        "dct:title": text(dataset.title),
        "dct:description": text(dataset.about),
        "dct:rightsHolder": common["dct:publisher"],
        "dct:accrualPeriodicity": entry.describe(lists.IRREGULAR, "dct:Frequency"),
        "dcat:theme": entry.describe(
            lists.THEME, "skos:Concept", {"skos:prefLabel": text("Popolazione e società")}
        ),
        "dcat:contactPoint": entry.contact(),
        "dcat:landingPage": entry.page(),
        "dcat:distribution": [_distribution(entry, told, item) for item in dataset.distributions],
    }
    return entry.describe(entry.source.iri(path), "dcat:Dataset dcatapit:Dataset", said)


def _distribution(entry: Entry, told: OpenData, item: Distribution) -> str:
    """A file, or a folder of files: that is no download."""
    name = item.address.removeprefix(FOLDER)
    media_type = f"{_MEDIA_TYPES}{item.media_type}"
    is_file = item.address in told.sizes
    said: Properties = {
        "dct:title": text(name),
        "dct:description": text(item.about),
        "dct:format": entry.describe(lists.file_type(item.media_type), "dct:MediaTypeOrExtent"),
        "dcat:mediaType": entry.describe(media_type, "dct:MediaType dct:MediaTypeOrExtent"),
        "dct:license": entry.licence(),
        "dct:conformsTo": entry.standard(item.conforms_to),
        "dct:modified": entry.modified,
        "dcat:accessURL": entry.page(),
        "dcat:downloadURL": entry.resource(entry.found(item.address)) if is_file else "",
    }
    iri = entry.source.iri(f"{FOLDER}#file-{slug(name)}")
    return entry.describe(iri, "dcat:Distribution dcatapit:Distribution", said)
