"""What a form may send, as JSON Schema: the verdict of the endpoint as far as a schema can say it.

It cannot say that a day may not be in the future, and counts some rare signs as one, not as two.
"""

from typing import Any

from site_builder.words import slug

Data = dict[str, Any]

_PHONE = "^[+(]{0,2}[0-9][0-9 ./()\u2010-\u2013-]{4,}$"
_NUMBER = "^-?[0-9]{1,12}([.,][0-9]{1,4})?$"
_LONGEST, _LONGEST_EMAIL = 5000, 254  # as the endpoint has them
_TRAP = {"type": "string", "description": "Da lasciare vuoto."}
_TOKEN = {"type": "string", "description": "Firmato dalla pagina di controllo; vale 24 ore."}
_CHANGE = {"properties": {"azione": {"const": "modifica"}}, "required": ["azione"]}


def to_check(form: Data) -> Data:
    """What the form sends, to be read again."""
    version = {"type": "string", "enum": [form["versione"], ""]}
    strict = _strict(form)
    loose = {name: part for name, part in _loose(form).items() if name not in strict["properties"]}
    schema = _closed({**loose, **strict["properties"], "_v": version, "_n": _TRAP})
    return _media(form, strict | schema)


def to_confirm(form: Data) -> Data:
    """What the check page sends: all is right, unless it is to be changed."""
    action = {"type": "string", "enum": ["invia", "modifica"]}
    schema = _closed({**_loose(form), "_t": _TOKEN, "_n": _TRAP, "azione": action})
    return _media(form, schema | {"if": _CHANGE, "else": _strict(form)})


def _media(form: Data, schema: Data) -> Data:
    """The schema, how lists are sent, and the examples that hold."""
    many = [name for name, part in schema["properties"].items() if part["type"] == "array"]
    encoding = {name: {"style": "form", "explode": True} for name in many}
    examples = {
        slug(example["nome"]): {"summary": example["nome"], "value": example["risposte"]}
        for example in form["esempi"]
        if not example["errori"]
    }
    media = {"schema": schema, "encoding": encoding, "examples": examples}
    return {name: part for name, part in media.items() if part}


def _closed(properties: Data) -> Data:
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _loose(form: Data) -> Data:
    """Every field, whatever is written in it."""
    return {field["id"]: {"title": field["etichetta"], **_type(field)} for field in form["campi"]}


def _strict(form: Data) -> Data:
    """The fields as the endpoint checks them, each where it is asked."""
    whole = _answers([field for field in form["campi"] if not field.get("se")])
    cases = []
    for condition in dict.fromkeys(_conditions(form, field) for field in form["campi"]):
        if condition:
            same = [field for field in form["campi"] if _conditions(form, field) == condition]
            cases.append({"if": _holds(form, condition), "then": _answers(same)})
    return {**whole, "allOf": cases} if cases else whole


def _answers(fields: list[Data]) -> Data:
    needed = [field["id"] for field in fields if field["obbligatorio"]]
    properties = {"properties": {field["id"]: _field(field) for field in fields}}
    return {**properties, "required": needed} if needed else properties


def _conditions(form: Data, field: Data) -> tuple[tuple[str, str], ...]:
    """The answers on which a field depends: its own, and those on which that question depends."""
    if not (own := field.get("se")):
        return ()
    parent = next(item for item in form["campi"] if item["id"] == own["campo"])
    return (*_conditions(form, parent), (own["campo"], own["valore"]))


def _holds(form: Data, conditions: tuple[tuple[str, str], ...]) -> Data:
    kinds = {field["id"]: field["tipo"] for field in form["campi"]}
    properties = {
        name: {"contains": {"const": value}}
        if kinds[name] == "scelta_multipla"
        else {"const": value}
        for name, value in conditions
    }
    return {"properties": properties, "required": list(properties)}


def _type(field: Data) -> Data:
    text = {"type": "string"}
    return {"type": "array", "items": text} if field["tipo"] == "scelta_multipla" else text


def _field(field: Data) -> Data:
    title = {"title": field["etichetta"]}
    choices = [option["valore"] for option in field.get("opzioni", ())]
    is_needed = field["obbligatorio"]
    if field["tipo"] == "scelta_multipla":
        items = {"type": "string", "enum": choices}
        return {**title, "type": "array", "items": items, "minItems": int(is_needed)}
    if choices:
        return {**title, "type": "string", "enum": choices if is_needed else [*choices, ""]}
    longest = field.get("lunghezza_max", _LONGEST)
    text: Data = {**title, "type": "string", "maxLength": longest}
    shape: Data = {
        "email": {"format": "email", "maxLength": min(longest, _LONGEST_EMAIL)},
        "telefono": {"pattern": _PHONE},
        "numero": {"pattern": _NUMBER},
        "data": {"description": "Come 2026-03-27 o 27/3/2026."},
    }.get(field["tipo"], {})
    if is_needed:
        return {**text, "minLength": 1, **shape}
    return {**text, "anyOf": [{"const": ""}, shape]} if shape else text
