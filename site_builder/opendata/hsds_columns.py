"""The tables of HSDS 3.0 that we fill, and their description as a Tabular Data Package.

Names, files, types and keys are those of the standard; of its columns there are those that a Carta
can fill. A test holds each of them against the official schemas.
"""

from typing import Any

from site_builder.opendata.source import Source

# File, what people are told of it, columns in the order of the standard; «!» marks the required.
_TABLES = {
    "organization": ("organizations.csv", "L'ente.",
        "id! name! alternate_name description! email website"),
    "service": ("services.csv", "I servizi, uno per riga.",
        "id! organization_id! name! alternate_name description url status! application_process "
        "fees_description eligibility_description minimum_age maximum_age assured_date alert "
        "last_modified"),
    "attribute": ("attributes.csv", "Aree, persone, accesso e altri dati di ogni servizio.",
        "id! link_id! taxonomy_term_id! link_type link_entity! value"),
    "service_at_location": ("service_at_location.csv", "Quale servizio in quale luogo.",
        "id! service_id! location_id! description"),
    "location": ("locations.csv", "I luoghi.",
        "id! location_type! name description latitude longitude"),
    "phone": ("phones.csv", "I telefoni.",
        "id! location_id service_id contact_id number! extension type description"),
    "contact": ("contacts.csv", "Uffici da chiamare, caselle di posta, PEC, enti gestori.",
        "id! organization_id service_id location_id name title department email"),
    "address": ("addresses.csv", "Gli indirizzi.",
        "id! location_id attention address_1! address_2 city! state_province! postal_code! "
        "country! address_type!"),
    "schedule": ("schedules.csv", "Gli orari.",
        "id! service_id location_id service_at_location_id valid_from valid_to freq byday "
        "description opens_at closes_at notes"),
    "funding": ("funding.csv", "I fondi.", "id! service_id source"),
    "service_area": ("service_areas.csv", "I Comuni in cui vale ogni servizio.",
        "id! service_id name description uri"),
    "required_document": ("required_documents.csv", "Documenti e moduli.",
        "id! service_id document uri"),
    "language": ("languages.csv", "Le lingue parlate.", "id! service_id location_id name code"),
    "accessibility": ("accessibility.csv", "L'accessibilità dei luoghi.",
        "id! location_id description"),
    "taxonomy_term": ("taxonomy_terms.csv", "Le voci di aree, persone e tipi di accesso.",
        "id! code name! description! taxonomy language taxonomy_id term_uri"),
    "cost_option": ("cost_options.csv", "Gli importi.",
        "id! service_id! valid_from valid_to option currency amount amount_description"),
    "organization_identifier": ("organization_identifiers.csv", "I codici dell'ente.",
        "id! organization_id! identifier_scheme identifier_type! identifier!"),
    "taxonomy": ("taxonomies.csv", "Gli elenchi da cui vengono le voci.",
        "id! name! description!"),
}  # fmt: skip
COLUMNS = {
    kind: tuple(columns.replace("!", "").split()) for kind, (_, _, columns) in _TABLES.items()
}
FILES = {kind: (file, about) for kind, (file, about, _) in _TABLES.items()}
# What is not text. The standard wants a number for amounts and ages.
_NUMBERS = {"minimum_age", "maximum_age", "latitude", "longitude", "extension", "amount"}
_TYPES = {
    **{name: {"type": "number"} for name in _NUMBERS},
    **{name: {"type": "date"} for name in ("valid_from", "valid_to", "assured_date")},
    **{name: {"type": "time", "format": "%H:%M"} for name in ("opens_at", "closes_at")},
    "last_modified": {"type": "datetime"},
    "email": {"type": "string", "format": "email"},
}


def package(source: Source) -> dict[str, Any]:
    """The description of all tables: `datapackage.json`."""
    carta = source.catalog.carta
    licence = carta.licenza
    told = {
        "profile": "tabular-data-package",
        "name": "hsds",
        "title": carta.edizione.titolo,
        "description": "I servizi della Carta nelle tabelle di HSDS 3.0 (Open Referral). Un testo "
        "che comincia come una formula ha un apostrofo davanti.",
        "homepage": source.url("dati/"),
        "licenses": [{"title": licence.nome, "path": licence.url}] if licence else [],
    }
    resources = [_resource(kind) for kind in _TABLES]
    return {key: value for key, value in told.items() if value} | {"resources": resources}


def _resource(kind: str) -> dict[str, Any]:
    file, about, columns = _TABLES[kind]
    return {
        "profile": "tabular-data-resource",
        "name": kind,
        "path": file,
        "description": about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(name) for name in columns.split()],
            "primaryKey": "id",
            "foreignKeys": [_key(name) for name in COLUMNS[kind] if _target(name) in _TABLES],
        },
    }


def _field(marked: str) -> dict[str, Any]:
    name = marked.removesuffix("!")
    kind: dict[str, str] = _TYPES.get(name, {"type": "string"})
    if name == "id" or name.endswith("_id"):
        kind = {"type": "string", "format": "uuid"}
    return {"name": name, **kind} | ({"constraints": {"required": True}} if "!" in marked else {})


def _target(name: str) -> str:
    return name.removesuffix("_id") if name.endswith("_id") else ""


def _key(name: str) -> dict[str, Any]:
    return {"fields": name, "reference": {"resource": _target(name), "fields": "id"}}
