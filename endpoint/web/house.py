"""What the handlers share: keys, store, forms, body and limits, and the pages of refusals."""

from collections.abc import Mapping

from endpoint.cases.submitting import Submitter
from endpoint.cases.telling import Body
from endpoint.forms.body import Answers, Refused
from endpoint.forms.definition import Definition
from endpoint.settings import Settings
from endpoint.stores.store import Store
from endpoint.tokens import Keys
from endpoint.web import pages
from endpoint.web.limits import RETRY_AFTER, Limits
from endpoint.web.wsgi import Reply, Request

RETRY = (("Retry-After", str(RETRY_AFTER)),)
AHEAD = 300  # seconds by which the clock may have been put back
_REFUSALS = {
    400: ("Richiesta non valida", "I dati non sono arrivati interi. Torna indietro e riprova."),
    404: ("Pagina non trovata", "Questo indirizzo non c'è. Controlla come è scritto."),
    405: ("Richiesta non valida", "Questa pagina non si può usare così."),
    413: ("Testo troppo lungo", "Il modulo è troppo lungo. Torna indietro e accorcia i testi."),
    415: ("Richiesta non valida", "I dati vanno inviati con il modulo di questo sito."),
    429: ("Troppe richieste", "Aspetta un minuto e riprova."),
    500: ("Errore", "Qualcosa non ha funzionato. Torna indietro e riprova."),
    503: ("Servizio non disponibile", "In questo momento non si può. Riprova fra un minuto."),
}


class House:
    """What stands behind every page of one body."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        forms: Mapping[str, Definition],
        body: Body,
        limits: Limits,
    ) -> None:
        self.keys = Keys(*settings.secrets)
        self.store, self.forms, self.body, self.limits = store, forms, body, limits
        self.submitter = Submitter(settings, store, body.prefix)

    def refuse(self, status: int) -> Reply:
        """The page of an error that is not the citizen's answers."""
        title, sentence = _REFUSALS[status]
        headers = RETRY if status in (429, 503) else ()
        page = pages.message_page(self.body, title, sentence)
        return Reply(page, status, title.lower(), headers=headers)

    def definition(self, request: Request, name: str) -> Definition:
        """The form with this name. Raises Refused if there is none."""
        form = self.forms.get(name)
        if form is None:
            raise Refused(404, "modulo sconosciuto")
        request.entry.form = form.id
        return form


def one(answers: Answers, name: str) -> str:
    """The first value of a name; empty if it was not sent."""
    return next(iter(answers.get(name, ())), "")
