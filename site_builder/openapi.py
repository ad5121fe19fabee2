"""The endpoint as an OpenAPI 3.1 document: its addresses, and what each form may send.

Made of the compiled forms alone. What only the desk sends is left out: its key is no public matter.
"""

from collections.abc import Mapping
from typing import Any

from site_builder.openapi_forms import to_check, to_confirm

Data = dict[str, Any]

_HTML = {"text/html": {"schema": {"type": "string"}}}
_FORM = "application/x-www-form-urlencoded"
_RETRY = {"Retry-After": {"description": "Secondi.", "schema": {"type": "integer"}}}
_LOCATION = {"Location": {"description": "La ricevuta.", "schema": {"type": "string"}}}
_RESPONSES: dict[int, Data] = {
    200: {"description": "La pagina.", "content": _HTML},
    303: {"description": "Ricevuto: la ricevuta sta all'indirizzo dato.", "headers": _LOCATION},
    400: {"description": "Non è un modulo di questo sito, o non è intero.", "content": _HTML},
    403: {"description": "Non viene dalla pagina di controllo: si rilegge.", "content": _HTML},
    404: {"description": "Questo indirizzo non c'è.", "content": _HTML},
    405: {"description": "La pagina non si può usare così.", "content": _HTML},
    409: {"description": "Modulo cambiato o pagina scaduta: si rilegge.", "content": _HTML},
    413: {"description": "Il modulo è troppo lungo.", "content": _HTML},
    415: {"description": f"I dati vanno inviati come {_FORM}.", "content": _HTML},
    422: {"description": "C'è qualcosa da correggere: le risposte restano.", "content": _HTML},
    429: {"description": "Troppe richieste.", "content": _HTML, "headers": _RETRY},
    503: {"description": "Non si può conservare niente.", "content": _HTML, "headers": _RETRY},
}
_READING, _SENDING = (200, 404, 405), (400, 404, 405, 413, 415)
_MARK = {"type": "string", "enum": ["1", "2", "3", "4", "5"]}


def openapi(forms: Mapping[str, Data], body: Mapping[str, Any]) -> Data:
    """The document for compiled forms, by id, and the compiled body that receives them."""
    paths = _common_paths()
    for id, form in forms.items():
        paths[f"/moduli/{id}"] = {
            "get": _operation(f"{form['titolo']}: il modulo", _READING),
            "post": _operation(
                f"{form['titolo']}: le risposte da controllare", (200, *_SENDING, 409, 422),
                to_check(form),
            ),
        }  # fmt: skip
        paths[f"/moduli/{id}/conferma"] = {
            "post": _operation(
                f"{form['titolo']}: invio", (200, 303, *_SENDING, 403, 409, 422, 429, 503),
                to_confirm(form),
            )
        }  # fmt: skip
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Moduli: {body['nome']}",
            "version": body["versione"],
            "description": "Un modulo si invia in due passi: prima le risposte, che tornano in una "
            "pagina da controllare, poi la conferma. Le pagine sono in italiano e senza script.",
        },
        "servers": [{"url": "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {"responses": {str(n): said for n, said in _RESPONSES.items()}},
    }


def _common_paths() -> Data:
    code = {"type": "string", "maxLength": 40}
    asked = {"numero": code, "codice": code}
    said = {"pagina": {"type": "string", "pattern": "^[a-z0-9/._-]{0,120}$"}, "voto": _MARK}
    reason = {"type": "string", "description": "Da 1 a 5."}
    text = {"type": "string", "maxLength": 200}
    reasons = {"pregio": reason, "difetto": reason, "dettaglio": text}
    health = _operation("Se i moduli si possono ricevere", (405,))
    health["responses"] |= {
        "200": _json("Si può.", {"posta_in_attesa_da": {"type": ["integer", "null"]}}),
        "503": _json("Non si può.", {}),
    }
    style = _operation("Lo stile delle pagine", (405,))
    style["responses"]["200"] = {
        "description": "Il foglio di stile.",
        "content": {"text/css": {"schema": {"type": "string"}}},
    }
    return {
        "/ricevuta/{collegamento}": {
            "get": _operation("La ricevuta di un invio", (*_READING, 503), None, "collegamento")
        },
        "/sportello/{chiave}": {
            "get": _operation("I moduli per chi lavora allo sportello", _READING, None, "chiave")
        },
        "/stato": {
            "get": _operation("Dove si chiede a che punto è la pratica", (200, 405)),
            "post": _operation(
                "A che punto è la pratica", (200, *_SENDING, 422, 429, 503),
                _fields(asked, []),
            ),
        },
        "/valutazione": {
            "post": _operation(
                "Una valutazione di una pagina del sito", (200, *_SENDING, 429, 503),
                _fields(said | reasons, ["voto"]),
            )
        },
        "/salute": {"get": health},
        "/stile.css": {"get": style},
    }  # fmt: skip


def _operation(
    summary: str, statuses: tuple[int, ...], sent: Data | None = None, part: str = ""
) -> Data:
    """An operation; `part` is the piece of the address that varies."""
    answers = {str(n): {"$ref": f"#/components/responses/{n}"} for n in sorted(statuses)}
    operation: Data = {"summary": summary, "responses": answers}
    if sent:
        operation["requestBody"] = {"required": True, "content": {_FORM: sent}}
    if part:
        schema = {"type": "string", "minLength": 1}
        operation["parameters"] = [{"name": part, "in": "path", "required": True, "schema": schema}]
    return operation


def _fields(properties: Data, required: list[str]) -> Data:
    """A page of ours that leaves alone the names that it does not know."""
    return {"schema": {"type": "object", "properties": properties, "required": required}}


def _json(said: str, more: Data) -> Data:
    schema = {
        "type": "object", "additionalProperties": False, "required": ["stato"],
        "properties": {"stato": {"type": "string"}, **more},
    }  # fmt: skip
    return {"description": said, "content": {"application/json": {"schema": schema}}}
