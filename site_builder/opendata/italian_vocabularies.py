"""The code lists that the linked data point to: Italian ones first, those of the Union after.

Only what the exports use, each looked up in the list itself.
"""

import re
from urllib.parse import urlsplit

_ITALY = "https://w3id.org/italia/controlled-vocabulary/"
_SERVICES = f"{_ITALY}classifications-for-public-services/"
_UNION = "http://publications.europa.eu/resource/authority/"

ITALIAN = f"{_UNION}language/ITA"
EURO = f"{_UNION}currency/EUR"
# «Popolazione e società»; «Protezione sociale»; nobody knows when a sheet changes next.
THEMES = f"{_UNION}data-theme"
THEME = f"{THEMES}/SOCI"
SOCIAL_PROTECTION = f"{_ITALY}classifications-for-organizations/cofog-2009/10"
IRREGULAR = f"{_UNION}frequency/IRREG"

# Who may come without being known: no sheet asks for an identity online.
NO_AUTHENTICATION = f"{_SERVICES}authentication-type/NONE"
# A page that informs, and one that also gives forms to print.
INFORMATION, FORMS_TO_PRINT = (f"{_SERVICES}interactivity-level/LEVEL{n}" for n in (1, 2))

DESK, PHONE, FAX, PEC, EMAIL = (
    f"{_SERVICES}channel/{code}" for code in ("0111", "031", "033", "041", "042")
)
REQUEST, OTHER_DOCUMENT = (f"{_SERVICES}service-input-output/{code}" for code in ("REQ", "OTHDOC"))

_SUBJECTS = f"{_SERVICES}public-services-subject-matters/"
_WELFARE, _LEARNING, _WORK = "2", "1", "3"
_SUBJECT_OF_TOPIC = {
    "Istruzione": _LEARNING,
    "Formazione professionale": _LEARNING,
    "Lavoro": _WORK,
}

# Of the ontology, not of a list.
_CPSV = "https://w3id.org/italia/onto/CPSV/"
PROVIDER = f"{_CPSV}Provider"
STATUS = {
    "attivo": f"{_CPSV}Active",
    "in_avvio": f"{_CPSV}UnderDev",
    "sospeso": f"{_CPSV}NonActive",
    "cessato": f"{_CPSV}NonActive",
}

_FILE_TYPES = {
    "text/csv": "CSV",
    "application/json": "JSON",
    "application/csvm+json": "JSON",
    "application/schema+json": "JSON",
    "text/turtle": "RDF_TURTLE",
    "text/calendar": "ICS",
    "text/vcard": "TXT",  # the list has no word for it
}

# By the address of the licence itself, without its translations.
_LICENCES = {
    "creativecommons.org/publicdomain/zero/1.0": "A11_CCO10",
    "creativecommons.org/licenses/by/4.0": "A21_CCBY40",
    "creativecommons.org/licenses/by/3.0": "A22_CCBY30",
    "creativecommons.org/licenses/by/3.0/it": "A23_CCBY30IT",
    "www.dati.gov.it/content/italian-open-data-license-v20": "A29_IODL20",
    "creativecommons.org/licenses/by-sa/4.0": "A31_CCBYSA40",
    "creativecommons.org/licenses/by-nc/4.0": "B11_CCBYNC40",
    "creativecommons.org/licenses/by-nc-sa/4.0": "B19_CCBYNCSA40",
}
_UNKNOWN_LICENCE = "C1_Unknown"
# What each branch of the list allows, by how its codes begin.
_LICENCE_TYPES = {
    "A1": "PublicDomain",
    "A2": "Attribution",
    "A3": "ViralEffect-ShareAlike",
    "B1": "NonCommercialUseOnly",
    "C1": "UnknownIPR",
}


def subject_matters(topics: tuple[str, ...]) -> list[str]:
    """The themes of a service: always assistance, and what its topics add."""
    codes = {_WELFARE, *(_SUBJECT_OF_TOPIC.get(topic, _WELFARE) for topic in topics)}
    return [f"{_SUBJECTS}{code}" for code in sorted(codes)]


def file_type(media_type: str) -> str:
    """The European name of a format."""
    return f"{_UNION}file-type/{_FILE_TYPES.get(media_type, 'OCTET')}"


def licence(address: str) -> tuple[str, str]:
    """A licence in the Italian list, by its own address, and its type; unknown if not listed."""
    parts = urlsplit(address)
    path = re.sub(r"/?(deed|legalcode)?(\.[a-z]+)?$", "", f"{parts.netloc}{parts.path}")
    code = _LICENCES.get(path, _UNKNOWN_LICENCE)
    kind = f"http://purl.org/adms/licencetype/{_LICENCE_TYPES[code[:2]]}"
    return f"{_ITALY}licences/{code}", kind
