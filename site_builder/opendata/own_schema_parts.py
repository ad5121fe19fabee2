"""What the published schemas have beyond those of the content: see `plain.py` and `own.py`."""

from typing import Any

Schema = dict[str, Any]

_WORDS = {"title": "In parole", "description": "La stessa cosa in italiano.", "type": "string"}
# Into each item of a list.
ADDED: dict[str, Schema] = {
    "orari": {"in_parole": _WORDS},
    "chiusure": {"in_parole": _WORDS},
    "telefoni": {
        "e164": {
            "title": "Numero internazionale",
            "description": "Nella forma E.164. I numeri brevi, come 112 o 1522, non ce l'hanno.",
            "type": "string",
            "pattern": "^\\+[1-9][0-9]{4,14}$",
            "examples": ["+390612345678"],
        }
    },
}
# What points to something else.
NAMED: Schema = {
    "title": "Nome di un'altra cosa",
    "type": "object",
    "required": ["id", "nome"],
    "additionalProperties": False,
    "properties": {
        "id": {"$ref": "#/$defs/slug"},
        "nome": {"title": "Nome", "type": "string", "minLength": 1},
        "istat": {"title": "Codice ISTAT", "description": "Solo per i Comuni.", "type": "string"},
    },
}
# Into every record.
WHERE: Schema = {
    "uuid": {
        "title": "Identificativo universale",
        "description": "UUID versione 5 dell'indirizzo: non cambia quando cambiano i testi.",
        "type": "string",
        "format": "uuid",
    },
    "percorso": {
        "title": "Percorso",
        "description": "La pagina del sito, dalla sua radice.",
        "type": "string",
        "examples": ["servizi/asilo-nido/"],
    },
    "url": {"$ref": "#/$defs/url", "title": "Pagina", "description": "Se il sito ha un indirizzo."},
}
# Into every standard.
OF_STANDARDS: Schema = {
    "origine": {
        "title": "Origine",
        "description": "ente: per tutti i servizi o per più d'uno; scheda: per quel servizio.",
        "type": "string",
        "enum": ["ente", "scheda"],
    },
    "soglia": {"title": "Soglia in parole", "type": "string"},
    "risultati": {
        "title": "Risultati",
        "description": "Che cosa si è misurato, dall'anno più recente.",
        "type": "array",
        "items": {"$ref": "#/$defs/risultato"},
    },
}
