"""The fields of a form as HTML: the same markup on the static site and in the endpoint's pages.

Everything that comes from outside goes through `html.escape`. No script: a field that is asked only
in some cases is always there, under its condition in words.
"""

from collections.abc import Iterable, Mapping
from html import escape
from itertools import groupby

from endpoint.checking import Error, Values
from endpoint.definition import Condition, Definition, Field

# Names of our own begin with a mark that no field's name has.
TOKEN, VERSION, HONEYPOT = "_t", "_v", "_n"
_MOST_RADIOS = 10  # longer lists are drawn as a menu
_COMPLETE = {
    "nome": "given-name", "cognome": "family-name", "nome_cognome": "name", "nato_il": "bday",
    "data_nascita": "bday", "via": "street-address", "indirizzo": "street-address",
    "cap": "postal-code", "residente_in": "address-level2",
}  # fmt: skip
_COMPLETE_TYPE = {"email": "email", "telefono": "tel"}
_INPUT = {"email": "email", "telefono": "tel"}
_DATE_HINT = "Scrivi giorno, mese e anno: per esempio 27/3/1980."


def form_html(
    form: Definition,
    action: str,
    values: Values | None = None,
    errors: Iterable[Error] = (),
    level: int = 2,
) -> str:
    """The whole `<form>`, that leads to the page where the answers are checked.

    `level` is the level of the headings of its groups. The browser's own checks are off: its
    sentences are not ours, and may be in another language.
    """
    return (
        f'<form class="c-form" method="post" action="{escape(action)}" accept-charset="utf-8"'
        f" novalidate>\n{hidden(VERSION, form.versione)}\n"
        f"{fields_html(form, values or {}, errors, level)}\n{_honeypot()}\n{_declarations(form)}"
        '<p><button class="c-button" type="submit">Continua</button></p>\n'
        "<p>Prima di inviare potrai rileggere le risposte.</p>\n</form>"
    )


def fields_html(form: Definition, values: Values, errors: Iterable[Error], level: int = 2) -> str:
    """Every field, group by group; a group with a name is a region with its heading."""
    wrong = {error.campo: error.frase for error in errors}
    parts: list[str] = []
    for number, (name, group) in enumerate(groupby(form.campi, lambda field: field.gruppo), 1):
        inside = _group(form, list(group), values, wrong)
        if name:
            title = f'<h{level} id="gruppo-{number}">{escape(name)}</h{level}>'
            inside = (
                f'<div role="group" aria-labelledby="gruppo-{number}">\n{title}\n{inside}\n</div>'
            )
        parts.append(inside)
    return "\n".join(parts)


def hidden(name: str, value: str) -> str:
    """An input that is not seen; its line breaks are kept."""
    return f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'


def anchor(field: Field) -> str:
    """The id of the control that a link to the field leads to: of choices, the first one."""
    return f"campo-{field.id}-1" if _is_radios(field) else f"campo-{field.id}"


def condition_text(form: Definition, condition: Condition) -> str:
    """When a field is asked, in words."""
    parent = next(field for field in form.campi if field.id == condition.campo)
    choice = parent.label_of.get(condition.valore, condition.valore)
    return f"Rispondi solo se alla voce «{parent.etichetta}» hai scelto «{choice}»."


def _group(form: Definition, fields: list[Field], values: Values, wrong: Mapping[str, str]) -> str:
    parts: list[str] = []
    # A condition is said once for the fields in a row that share it; each of them points to it.
    for condition, run in groupby(fields, lambda field: field.se):
        asked = list(run)
        notes = [f"se-{asked[0].id}"] if condition else []
        inside = "\n".join(
            _field(field, values.get(field.id, ""), wrong.get(field.id, ""), [*notes])
            for field in asked
        )
        if condition:
            text = escape(condition_text(form, condition))
            said = f'<p class="c-condition" id="{notes[0]}">{text}</p>'
            inside = f'<div class="c-if">\n{said}\n{inside}\n</div>'
        parts.append(inside)
    return "\n".join(parts)


def _field(field: Field, value: str | tuple[str, ...], sentence: str, notes: list[str]) -> str:
    below = ""
    for name, text in (("aiuto", _hint(field)), ("errore", sentence)):
        if text:
            notes.append(f"{name}-{field.id}")
            start = '<span class="c-hidden">Errore: </span>' if name == "errore" else ""
            kind = "c-error" if name == "errore" else "c-hint"
            below += f'<p class="{kind}" id="{name}-{field.id}">{start}{escape(text)}</p>\n'
    described = f' aria-describedby="{" ".join(notes)}"' if notes else ""
    invalid = ' aria-invalid="true"' if sentence else ""
    label = escape(field.etichetta) + ("" if field.obbligatorio else " (facoltativo)")
    kind = "c-field c-field--wrong" if sentence else "c-field"
    if _is_radios(field):
        given = value if isinstance(value, tuple) else (value,)
        # Only a group of radio buttons may itself be called wrong; of boxes, each one is.
        many = field.tipo == "scelta_multipla"
        role, of_each = ("", invalid) if many else (f' role="radiogroup"{invalid}', "")
        return (
            f'<fieldset class="{kind}"{role}{described}><legend>{label}</legend>\n{below}'
            f"{_choices(field, given, of_each)}\n</fieldset>"
        )
    text = value if isinstance(value, str) else next(iter(value), "")
    control = _control(field, text, described + invalid)
    return (
        f'<div class="{kind}"><label for="{anchor(field)}">{label}</label>\n{below}{control}</div>'
    )


def _hint(field: Field) -> str:
    return field.suggerimento or (_DATE_HINT if field.tipo == "data" else "")


def _is_radios(field: Field) -> bool:
    return field.tipo == "scelta_multipla" or 0 < len(field.opzioni) <= _MOST_RADIOS


def _choices(field: Field, given: tuple[str, ...], invalid: str) -> str:
    many = field.tipo == "scelta_multipla"
    kind, required = ("checkbox", "") if many else ("radio", _required(field))
    lines = []
    for place, option in enumerate(field.opzioni, 1):
        checked = " checked" if option.valore in given else ""
        lines.append(
            f'<div class="c-choice"><input type="{kind}" id="campo-{field.id}-{place}"'
            f' name="{escape(field.id)}" value="{escape(option.valore)}"'
            f"{checked}{required}{invalid}>"
            f' <label for="campo-{field.id}-{place}">{escape(option.etichetta)}</label></div>'
        )
    return "\n".join(lines)


def _control(field: Field, text: str, described: str) -> str:
    common = f'id="{anchor(field)}" name="{escape(field.id)}"{_required(field)}{described}'
    if field.opzioni:
        chosen = [(option, option.valore == text) for option in field.opzioni]
        items = "".join(
            f'<option value="{escape(o.valore)}"{" selected" if on else ""}>{escape(o.etichetta)}'
            "</option>" for o, on in chosen
        )  # fmt: skip
        return f'<select {common}><option value="">Scegli</option>{items}</select>'
    common += f' maxlength="{field.lunghezza_max}" autocomplete="{_autocomplete(field)}"'
    if field.tipo == "testo_lungo":
        # The parser drops a line feed right after the tag: this one, not the citizen's.
        return f'<textarea {common} rows="8">\n{escape(text)}</textarea>'
    mode = ' inputmode="decimal"' if field.tipo == "numero" else ""
    return f'<input type="{_INPUT.get(field.tipo, "text")}" {common}{mode} value="{escape(text)}">'


def _required(field: Field) -> str:
    return " required" if field.obbligatorio and not field.se else ""


def _autocomplete(field: Field) -> str:
    """What browsers may fill in: the writer's own data, so nothing that is asked of another."""
    own = _COMPLETE_TYPE.get(field.tipo) or _COMPLETE.get(field.id, "off")
    return "off" if field.se else own


def _honeypot() -> str:
    return (
        f'<p class="c-away"><label for="campo{HONEYPOT}">Lascia vuoto</label>'
        f' <input type="text" id="campo{HONEYPOT}" name="{HONEYPOT}" autocomplete="off"'
        ' tabindex="-1"></p>'
    )


def _declarations(form: Definition) -> str:
    items = "".join(f"<li>{escape(item)}</li>" for item in form.dichiarazioni)
    return f"<p>Inviando il modulo dichiari che:</p>\n<ul>{items}</ul>\n" if items else ""
