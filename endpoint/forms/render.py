"""The fields of a form as HTML: the same markup on the static site and in the endpoint's pages.

Everything that comes from outside goes through `html.escape`. No script: a field that is asked only
in some cases is always there, under its condition in words.
"""

from collections.abc import Iterable, Mapping
from html import escape
from itertools import groupby

from endpoint.forms.checking import Error, Values
from endpoint.forms.controls import anchor, choices, control, is_radios
from endpoint.forms.definition import Condition, Definition, Field

# Names of our own begin with a mark that no field's name has.
TOKEN, VERSION, HONEYPOT = "_t", "_v", "_n"
_DATE_HINT = "Scrivi giorno, mese e anno: per esempio 27/3/1980."


def form_html(
    form: Definition,
    action: str,
    values: Values | None = None,
    errors: Iterable[Error] = (),
    level: int = 2,
    own: Mapping[str, str] | None = None,
) -> str:
    """The whole `<form>`, that leads to the page where the answers are checked.

    `level` is the level of the headings of its groups; `own` is what is sent unseen besides. The
    browser's own checks are off: its sentences are not ours, and may be in another language.
    """
    return (
        f'<form class="c-form" method="post" action="{escape(action)}" accept-charset="utf-8"'
        f" novalidate>\n{hiddens({VERSION: form.versione, **(own or {})})}\n"
        f"{fields_html(form, values or {}, errors, level)}\n"
        f"{_honeypot()}\n"
        f"{_declarations(form)}{_privacy(form)}"
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


def hiddens(values: Values | Mapping[str, str]) -> str:
    """Inputs that are not seen, one for each value; their line breaks are kept."""
    return "\n".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(item)}">'
        for name, value in values.items()
        for item in (value if isinstance(value, tuple) else (value,))
    )


def condition_text(form: Definition, condition: Condition) -> str:
    """When a field is asked, in words."""
    parent = next(field for field in form.campi if field.id == condition.campo)
    choice = parent.label_of.get(condition.valore, condition.valore)
    return f"Rispondi solo se alla voce «{parent.etichetta}» hai scelto «{choice}»."


def shown(field: Field, value: str | tuple[str, ...]) -> str:
    """A value as the citizen reads it: the words of a choice, not its name."""
    given = value if isinstance(value, tuple) else (value,)
    return ", ".join(field.label_of.get(item, item) for item in given if item)


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
            # What the site's script needs to know when it is asked; here there are no scripts.
            on = f'data-campo="{escape(condition.campo)}" data-valore="{escape(condition.valore)}"'
            inside = f'<div class="c-if" {on}>\n{said}\n{inside}\n</div>'
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
    if is_radios(field):
        given = value if isinstance(value, tuple) else (value,)
        # Only a group of radio buttons may itself be called wrong; of boxes, each one is.
        many = field.tipo == "scelta_multipla"
        role, of_each = ("", invalid) if many else (f' role="radiogroup"{invalid}', "")
        return (
            f'<fieldset class="{kind}"{role}{described}><legend>{label}</legend>\n{below}'
            f"{choices(field, given, of_each)}\n</fieldset>"
        )
    text = value if isinstance(value, str) else next(iter(value), "")
    drawn = control(field, text, described + invalid)
    return f'<div class="{kind}"><label for="{anchor(field)}">{label}</label>\n{below}{drawn}</div>'


def _hint(field: Field) -> str:
    return field.suggerimento or (_DATE_HINT if field.tipo == "data" else "")


def _honeypot() -> str:
    return (
        f'<p class="c-away"><label for="campo{HONEYPOT}">Lascia vuoto</label>'
        f' <input type="text" id="campo{HONEYPOT}" name="{HONEYPOT}" autocomplete="off"'
        ' tabindex="-1"></p>'
    )


def _declarations(form: Definition) -> str:
    items = "".join(f"<li>{escape(item)}</li>" for item in form.dichiarazioni)
    return f"<p>Inviando il modulo dichiari che:</p>\n<ul>{items}</ul>\n" if items else ""


def _privacy(form: Definition) -> str:
    """The notice, folded, right before the button: who sends has it at hand."""
    rows = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>\n"
        for name, text in form.informativa
    )
    if not rows:
        return ""
    return (
        '<details class="c-privacy"><summary>Come usiamo i tuoi dati</summary>\n'
        f'<dl class="c-rows">\n{rows}</dl></details>\n'
    )
