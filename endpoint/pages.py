"""The endpoint's own pages, in Italian and without scripts.

What the body says (office, terms, remedies, other ways to reach it) comes as rows of data; nothing
of any one body stands here.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Protocol

from endpoint.checking import Error, Values, is_asked
from endpoint.definition import Definition, Field
from endpoint.render import HONEYPOT, TOKEN, anchor, form_html, hidden
from endpoint.store import Case

Rows = Sequence[tuple[str, str]]

_MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto",
    "settembre", "ottobre", "novembre", "dicembre",
)  # fmt: skip
_STATES = {
    "ricevuto": "Ricevuto: l'ufficio non l'ha ancora protocollato",
    "protocollato": "Protocollato",
    "convocato": "Convocato: l'ufficio ha fissato un incontro",
    "chiuso": "Chiuso",
}


class Body(Protocol):
    """What the pages say of the body that receives the forms."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def prefix(self) -> str:
        """The letters before its receipt numbers."""

    @property
    def site(self) -> str:
        """The address of its site; empty if not known."""

    def ways(self, form: str) -> Rows:
        """The other ways to reach the office of a form: what, and number or address."""

    def receipt(self, form: str, received: date) -> Rows:
        """What a receipt attests: office, person in charge, terms with their days, remedies."""

    def progress(self, case: Case, today: date) -> Rows:
        """What comes next in a case, and by when."""


def frame(body: Body, title: str, inside: str) -> str:
    """A whole page; `inside` is HTML."""
    home = f' <a href="{escape(body.site)}">Torna al sito</a>' if body.site else ""
    return (
        '<!DOCTYPE html>\n<html lang="it">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)} – {escape(body.name)}</title>\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="stylesheet" href="/stile.css">\n</head>\n<body>\n'
        f'<header class="c-head"><p>{escape(body.name)}{home}</p></header>\n'
        f"<main>\n{inside}\n</main>\n</body>\n</html>\n"
    )


def form_page(
    body: Body,
    form: Definition,
    values: Values | None = None,
    errors: Sequence[Error] = (),
    note: str = "",
) -> str:
    """The form: empty, or with the answers kept and the box that says what to mend."""
    values = values or {}
    title = f"Errore: {form.titolo}" if errors else form.titolo
    said = f'<p class="c-note">{escape(note)}</p>\n' if note else ""
    inside = (
        f"{_problems(form, errors)}<h1>{escape(form.titolo)}</h1>\n{said}"
        f"<p>{escape(form.descrizione)}</p>\n"
        f"{form_html(form, f'/moduli/{form.id}', values, errors)}\n{_privacy(form)}{_after(form)}"
    )
    return frame(body, title, inside)


def check_page(
    body: Body, form: Definition, values: Values, token: str, trap: str = "", note: str = ""
) -> str:
    """«Controlla le risposte»: what will be sent, which can still be changed."""
    said = f'<p class="c-note" role="status">{escape(note)}</p>\n' if note else ""
    inside = (
        f"<h1>Controlla le risposte</h1>\n{said}"
        f"<p>{escape(form.titolo)}. Non hai ancora inviato niente: rileggi, "
        "poi scegli «Invia».</p>\n"
        f"{_answers(form, values)}\n{_privacy(form)}"
        f"{_send(form, values, token, trap, 'Invia')}"
    )
    return frame(body, f"Controlla le risposte: {form.titolo}", inside)


def busy_page(
    body: Body, form: Definition, values: Values, token: str, trap: str, sentence: str
) -> str:
    """Nothing was kept, for now: the answers, to try again, and the other ways to the office."""
    inside = (
        f'<h1>Invio non riuscito</h1>\n<div role="alert"><p>{escape(sentence)}</p></div>\n'
        "<p>Le tue risposte sono ancora qui sotto: non chiudere questa pagina. "
        "Fra un minuto scegli «Riprova».</p>\n"
        f"{_send(form, values, token, trap, 'Riprova')}{_ways(body, form.id)}"
        f"<h2>Le tue risposte</h2>\n{_answers(form, values)}"
    )
    return frame(body, "Invio non riuscito", inside)


def receipt_page(body: Body, case: Case, received: date, hour: str, title: str, code: str) -> str:
    """The receipt; `code` is empty when it is too late to show it again."""
    if code:
        secret = (
            f'<p>Codice segreto: <strong class="c-code">{escape(code)}</strong></p>\n'
            '<p class="c-note">Conserva il codice: stampa questa pagina o copialo su un foglio. '
            "Serve per sapere a che punto è la pratica. Chi ha il codice può saperlo: non darlo a "
            "nessuno. Questa pagina lo mostra solo per 10 minuti; dopo, nessuno può ridartelo.</p>"
        )
    else:
        secret = (
            "<p>Il codice segreto non si vede più: questa pagina lo mostra solo per 10 minuti.</p>"
        )
    rows = [
        ("Numero di ricevuta", case.number), ("Modulo", title),
        ("Ricevuto il", f"{_day(received)}, ore {hour}"), *body.receipt(case.form, received),
    ]  # fmt: skip
    inside = (
        f"<h1>Modulo ricevuto</h1>\n<p>Il numero di ricevuta è "
        f'<strong class="c-code">{escape(case.number)}</strong></p>\n{secret}\n'
        f"<h2>Ricevuta</h2>\n{_list(rows)}\n<p>Il numero di protocollo lo dà l'ufficio: lo trovi "
        'alla pagina <a href="/stato">A che punto è la pratica</a>.</p>\n'
        "<p>Per stampare usa il comando «Stampa» del tuo programma di navigazione.</p>"
    )
    return frame(body, "Modulo ricevuto", inside)


def state_form(body: Body, number: str = "", wrong: bool = False) -> str:
    """Where number and code are asked; the code is never written back."""
    sentence = "Numero e codice non corrispondono a nessun invio. Controlla come li hai scritti."
    box = _box([("campo-numero", sentence)]) if wrong else ""
    bad = ' aria-invalid="true" aria-describedby="errore-numero"' if wrong else ""
    told = f'<p class="c-error" id="errore-numero">{sentence}</p>\n' if wrong else ""
    inside = (
        f'{box}<h1>A che punto è la pratica</h1>\n<form class="c-form" method="post"'
        ' action="/stato" accept-charset="utf-8" novalidate>\n'
        f'<div class="c-field"><label for="campo-numero">Numero di ricevuta</label>\n{told}'
        f'<input type="text" id="campo-numero" name="numero" maxlength="40" required'
        f' autocomplete="off" value="{escape(number)}"{bad}></div>\n'
        '<div class="c-field"><label for="campo-codice">Codice segreto</label>\n'
        '<p class="c-hint" id="aiuto-codice">Lettere maiuscole o minuscole, con o senza '
        'trattini.</p>\n<input type="text" id="campo-codice" name="codice" maxlength="40" required'
        ' autocomplete="off" aria-describedby="aiuto-codice"></div>\n'
        '<p><button class="c-button" type="submit">Cerca</button></p>\n</form>'
    )
    return frame(body, f"{'Errore: ' if wrong else ''}A che punto è la pratica", inside)


def state_page(body: Body, case: Case, received: date, today: date) -> str:
    """Where a case has got to. The answers are not there: the endpoint cannot read them."""
    rows = [
        ("Numero di ricevuta", case.number), ("Ricevuto il", _day(received)),
        ("Stato", _STATES.get(case.state, case.state)),
        *((state.capitalize(), _day(day)) for state, day in case.steps),
    ]  # fmt: skip
    rows += [("Numero di protocollo", case.protocol)] if case.protocol else []
    rows += [("Esito", case.outcome)] if case.outcome else []
    inside = f"<h1>A che punto è la pratica</h1>\n{_list([*rows, *body.progress(case, today)])}"
    return frame(body, "A che punto è la pratica", inside)


def message_page(body: Body, title: str, sentence: str, form: str = "") -> str:
    """A page that says one thing, and where to turn to if a form is known."""
    ways = _ways(body, form) if form else ""
    return frame(body, title, f"<h1>{escape(title)}</h1>\n<p>{escape(sentence)}</p>\n{ways}")


def shown(field: Field, value: str | tuple[str, ...]) -> str:
    """A value as the citizen reads it: the words of a choice, not its name."""
    given = value if isinstance(value, tuple) else (value,)
    return ", ".join(field.label_of.get(item, item) for item in given if item)


def _problems(form: Definition, errors: Iterable[Error]) -> str:
    fields = {field.id: field for field in form.campi}
    items = [(anchor(fields[error.campo]), error.frase) for error in errors]
    return _box(items) if items else ""


def _box(items: Iterable[tuple[str, str]]) -> str:
    links = "".join(f'<li><a href="#{target}">{escape(text)}</a></li>' for target, text in items)
    # The role is on an inner element, so that the focus and the alert are not read twice.
    return (
        '<div class="c-problem" id="problema" tabindex="-1" autofocus><div role="alert">\n'
        f"<h2>C'è un problema</h2>\n<ul>{links}</ul>\n</div></div>\n"
    )


def _answers(form: Definition, values: Values) -> str:
    asked = [field for field in form.campi if is_asked(field, values)]
    return _list(
        [(f.etichetta, shown(f, values.get(f.id, "")) or "Nessuna risposta") for f in asked]
    )


def _send(form: Definition, values: Values, token: str, trap: str, send: str) -> str:
    return (
        f'<form method="post" action="/moduli/{escape(form.id)}/conferma" accept-charset="utf-8">\n'
        f"{hidden(TOKEN, token)}\n{hidden(HONEYPOT, trap)}\n{_hidden_values(values)}\n"
        f'<p><button class="c-button" type="submit" name="azione" value="invia">{send}</button>'
        ' <button class="c-button c-button--plain" type="submit" name="azione" value="modifica">'
        "Modifica</button></p>\n</form>\n"
    )


def _hidden_values(values: Mapping[str, str | tuple[str, ...]]) -> str:
    pairs = [
        (name, item)
        for name, value in values.items()
        for item in (value if isinstance(value, tuple) else (value,))
    ]
    return "\n".join(hidden(name, item) for name, item in pairs)


def _privacy(form: Definition) -> str:
    if not form.informativa:
        return ""
    return f"<h2>Come usiamo i tuoi dati</h2>\n{_list(form.informativa)}\n"


def _after(form: Definition) -> str:
    return f"<p>{escape(form.nota)}</p>\n" if form.nota else ""


def _ways(body: Body, form: str) -> str:
    rows = body.ways(form)
    return f"<h2>Altri modi per rivolgerti all'ufficio</h2>\n{_list(rows)}\n" if rows else ""


def _list(rows: Iterable[tuple[str, str]]) -> str:
    items = "".join(
        f'<div><dt>{escape(name)}</dt><dd class="c-kept">{escape(text)}</dd></div>\n'
        for name, text in rows
    )
    return f'<dl class="c-rows">\n{items}</dl>'


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
