"""The pages on the way to the confirm: the form, «Controlla le risposte», and the desk's list.

`own` is what a page sends back unseen: token, trap, key of the desk. Titles of pages stand in the
history of a shared telephone: none of them tells an answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from endpoint.cases.telling import Body
from endpoint.forms.checking import Error, Values, is_asked
from endpoint.forms.controls import anchor
from endpoint.forms.definition import Definition
from endpoint.forms.render import form_html, hiddens, shown
from endpoint.web.pages import box, frame, listed, paragraphs

Own = Mapping[str, str]


def form_page(
    body: Body,
    form: Definition,
    values: Values | None = None,
    errors: Sequence[Error] = (),
    note: str = "",
    own: Own | None = None,
) -> str:
    """The form: empty, or with the answers kept and the box that says what to mend."""
    title = f"Errore: {form.titolo}" if errors else form.titolo
    said = f'<p class="c-note">{escape(note)}</p>\n' if note else ""
    markup = form_html(form, f"/moduli/{form.id}", values, errors, own=own)
    inside = (
        f"{_problems(form, errors)}<h1>{escape(form.titolo)}</h1>\n{said}"
        f"{paragraphs(form.descrizione)}{_paper(body, form)}{markup}\n{_after(form)}"
    )
    return frame(body, title, inside)


def check_page(body: Body, form: Definition, values: Values, own: Own, note: str = "") -> str:
    """«Controlla le risposte»: what will be sent, which can still be changed."""
    said = f'<p class="c-note" role="status">{escape(note)}</p>\n' if note else ""
    inside = (
        f"<h1>Controlla le risposte</h1>\n{said}"
        f"<p>{escape(form.titolo)}. Non hai ancora inviato niente: rileggi, "
        "poi scegli «Invia».</p>\n"
        f"{_answers(form, values)}\n{_privacy(form)}{_send(form, values, own, 'Invia')}"
    )
    return frame(body, "Controlla le risposte", inside)


def busy_page(body: Body, form: Definition, values: Values, own: Own, sentence: str) -> str:
    """Nothing was kept, for now: the answers, to try again, and the other ways to the office."""
    inside = (
        f'<h1>Invio non riuscito</h1>\n<div role="alert"><p>{escape(sentence)}</p></div>\n'
        "<p>Le tue risposte sono ancora qui sotto: non chiudere questa pagina. "
        "Fra un minuto scegli «Riprova».</p>\n"
        f"{_send(form, values, own, 'Riprova')}{_ways(body, form.id)}"
        f"<h2>Le tue risposte</h2>\n{_answers(form, values)}"
    )
    return frame(body, "Invio non riuscito", inside)


def desk_page(body: Body, forms: Iterable[Definition], key: str) -> str:
    """The forms that the desk may fill in for who does not write from home."""
    links = "".join(
        f'<li><a href="/sportello/{escape(key)}/{escape(form.id)}">{escape(form.titolo)}</a></li>\n'
        for form in forms
    )
    inside = (
        "<h1>Sportello</h1>\n<p>Da qui entrano i moduli che arrivano di persona, per telefono, per "
        "posta o per e-mail: così hanno una ricevuta e i loro termini, come quelli del sito.</p>\n"
        '<p class="c-note">L\'indirizzo di questa pagina è una chiave: tienilo fra i preferiti '
        "dello sportello e non darlo a nessuno.</p>\n"
        f"<h2>Che cosa è arrivato?</h2>\n<ul>\n{links}</ul>\n"
        "<p>Alla fine stampa la ricevuta e dalla a chi ha presentato il modulo.</p>"
    )
    return frame(body, "Sportello", inside)


def _problems(form: Definition, errors: Iterable[Error]) -> str:
    fields = {field.id: field for field in form.campi}
    items = [(anchor(fields[error.campo]), error.frase) for error in errors]
    return box(items) if items else ""


def _answers(form: Definition, values: Values) -> str:
    asked = [field for field in form.campi if is_asked(field, values)]
    return listed(
        [(f.etichetta, shown(f, values.get(f.id, "")) or "Nessuna risposta") for f in asked]
    )


def _send(form: Definition, values: Values, own: Own, send: str) -> str:
    return (
        f'<form method="post" action="/moduli/{escape(form.id)}/conferma" accept-charset="utf-8">\n'
        f"{hiddens({**own, **values})}\n"
        f'<p><button class="c-button" type="submit" name="azione" value="invia">{send}</button>'
        ' <button class="c-button c-button--plain" type="submit" name="azione" value="modifica">'
        "Modifica</button></p>\n</form>\n"
    )


def _privacy(form: Definition) -> str:
    if not form.informativa:
        return ""
    return f"<h2>Come usiamo i tuoi dati</h2>\n{listed(form.informativa)}\n"


def _after(form: Definition) -> str:
    return paragraphs(form.nota)


def _ways(body: Body, form: str) -> str:
    rows = body.ways(form)
    return f"<h2>Altri modi per rivolgerti all'ufficio</h2>\n{listed(rows)}\n" if rows else ""


def _paper(body: Body, form: Definition) -> str:
    if not body.site:
        return ""
    address = f"{body.site.rstrip('/')}/moduli/{form.id}/"
    link = f'<a href="{escape(address)}">modulo da stampare</a>'
    return f"<p>Preferisci la carta? Sul sito c'è il {link}.</p>\n"
