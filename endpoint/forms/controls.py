"""The control of one question: buttons, boxes, a menu or a line to write on."""

from html import escape

from endpoint.forms.definition import Field

_MOST_RADIOS = 10  # longer lists are drawn as a menu
_COMPLETE = {
    "nome": "given-name", "cognome": "family-name", "nome_cognome": "name", "nato_il": "bday",
    "data_nascita": "bday", "via": "street-address", "indirizzo": "street-address",
    "cap": "postal-code", "residente_in": "address-level2",
}  # fmt: skip
_COMPLETE_TYPE = {"email": "email", "telefono": "tel"}
_INPUT = {"email": "email", "telefono": "tel"}


def anchor(field: Field) -> str:
    """The id of the control that a link to the field leads to: of choices, the first one."""
    return f"campo-{field.id}-1" if is_radios(field) else f"campo-{field.id}"


def is_radios(field: Field) -> bool:
    """Whether its answers stand one under the other, to be ticked."""
    return field.tipo == "scelta_multipla" or 0 < len(field.opzioni) <= _MOST_RADIOS


def choices(field: Field, given: tuple[str, ...], invalid: str) -> str:
    """Its buttons or boxes; `invalid` is an attribute that each of them gets."""
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


def control(field: Field, text: str, described: str) -> str:
    """Its menu or the line to write on; `described` are attributes."""
    common = f'id="{anchor(field)}" name="{escape(field.id)}"{_required(field)}{described}'
    if field.opzioni:
        chosen = [(option, option.valore == text) for option in field.opzioni]
        items = "".join(
            f'<option value="{escape(o.valore)}"{" selected" if on else ""}>{escape(o.etichetta)}'
            "</option>" for o, on in chosen
        )  # fmt: skip
        return f'<select {common}><option value="">Scegli</option>{items}</select>'
    common += f' maxlength="{field.lunghezza_max}"'
    if field.tipo == "testo_lungo":
        # No browser suggests long texts; with «off» they would be lost to who goes back a page.
        # The parser drops a line feed right after the tag: this one, not the citizen's.
        return f'<textarea {common} rows="8">\n{escape(text)}</textarea>'
    common += f' autocomplete="{_autocomplete(field)}"'
    mode = ' inputmode="decimal"' if field.tipo == "numero" else ""
    return f'<input type="{_INPUT.get(field.tipo, "text")}" {common}{mode} value="{escape(text)}">'


def _required(field: Field) -> str:
    return " required" if field.obbligatorio and not field.se else ""


def _autocomplete(field: Field) -> str:
    """What browsers may fill in (WCAG 1.3.5): the writer's own data.

    What is asked under a condition may be another person's name or birthday; nobody but the writer
    is asked for a telephone or a mailbox.
    """
    if field.tipo in _COMPLETE_TYPE:
        return _COMPLETE_TYPE[field.tipo]
    return "off" if field.se else _COMPLETE.get(field.id, "off")
