"""The pages after the confirm: the receipt, made to be printed, and the state of a case."""

from datetime import date
from html import escape

from endpoint.cases.days import long_date
from endpoint.cases.telling import Body
from endpoint.stores.store import Case
from endpoint.web.pages import box, frame, listed

_STATES = {
    "ricevuto": "Ricevuto: l'ufficio non l'ha ancora protocollato",
    "protocollato": "Protocollato: l'ufficio l'ha preso in carico",
    "convocato": "Convocato: l'ufficio ha fissato un incontro",
    "sospeso": "Sospeso: per ora i termini sono fermi",
    "ripreso": "Ripreso: i termini contano di nuovo",
    "chiuso": "Chiuso: l'ufficio ha finito",
}
# What a step is called in the list of days.
_STEPS = {"sospeso": "Termini sospesi il", "ripreso": "Termini ripresi il"}


def receipt_page(
    body: Body, case: Case, received: date, hour: str, title: str, code: str, where: str
) -> str:
    """The receipt; `code` is empty when it is too late to show it again, `hour` if not known.

    `where` is the address at which the state is asked, as one types it from paper.
    """
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
        ("Ricevuto da", body.name),
        ("Ricevuto il", long_date(received) + (f", ore {hour}" if hour else "")),
        *body.receipt(case.form, received),
    ]  # fmt: skip
    inside = (
        f"<h1>Modulo ricevuto</h1>\n<p>Il numero di ricevuta è "
        f'<strong class="c-code">{escape(case.number)}</strong></p>\n{secret}\n'
        f"<h2>Ricevuta</h2>\n{listed(rows)}\n<p>Con il numero e il codice segreto "
        'vedi <a href="/stato">a che punto è la pratica</a>'
        f'<span class="c-on-paper"> all\'indirizzo {escape(where)}</span>. '
        "Lì trovi anche il numero di protocollo, quando l'ufficio lo dà.</p>\n"
        '<p class="c-on-screen">Per stampare usa il comando «Stampa» del tuo programma di '
        "navigazione.</p>"
    )
    return frame(body, "Modulo ricevuto", inside)


def state_form(body: Body, number: str = "", wrong: bool = False) -> str:
    """Where number and code are asked; the code is never written back."""
    sentence = "Numero e codice non corrispondono a nessun invio. Controlla come li hai scritti."
    told_first = box([("campo-numero", sentence)]) if wrong else ""
    bad = ' aria-invalid="true" aria-describedby="errore-numero"' if wrong else ""
    told = f'<p class="c-error" id="errore-numero">{sentence}</p>\n' if wrong else ""
    inside = (
        f'{told_first}<h1>A che punto è la pratica</h1>\n<form class="c-form" method="post"'
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
        ("Numero di ricevuta", case.number), ("Ricevuto il", long_date(received)),
        ("Stato", _STATES.get(case.state, case.state)),
        *((_STEPS.get(name, f"{name.capitalize()} il"), long_date(on)) for name, on in case.steps),
    ]  # fmt: skip
    rows += [("Numero di protocollo", case.protocol)] if case.protocol else []
    rows += [("Esito", case.outcome)] if case.outcome else []
    inside = f"<h1>A che punto è la pratica</h1>\n{listed([*rows, *body.progress(case, today)])}"
    return frame(body, "A che punto è la pratica", inside)
