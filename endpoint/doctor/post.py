"""The letters: to whom, by which server, and those that wait."""

from collections.abc import Iterator

from endpoint.context import Context
from endpoint.doctor.finding import ERROR, FINE, WARNING, Finding
from endpoint.post.delivery import Courier
from endpoint.post.network import Down
from endpoint.servers import read_server

_HOUR = 3600
_PATIENCE = 10.0  # seconds for the mail server


def office(context: Context) -> Iterator[Finding]:
    """Whether the office is told of what arrives."""
    if context.settings.mail_to:
        yield Finding("avvisi", FINE, f"L'ufficio riceve gli avvisi a {context.settings.mail_to}.")
    else:
        yield Finding(
            "avvisi", WARNING, "L'ufficio non riceve nessun avviso quando arriva un modulo.",
            "Scrivi in CARTA_MAIL_TO l'indirizzo dell'ufficio.",
        )  # fmt: skip


def outgoing(context: Context) -> Iterator[Finding]:
    """Whether the mail server lets us in."""
    name, found = "posta in uscita", context.settings
    if not found.smtp:
        cure = "Scrivi CARTA_SMTP e CARTA_MAIL_FROM."
        yield Finding(name, WARNING, "Non c'è un server di posta: nessuna lettera parte.", cure)
        return
    server = read_server(found.smtp, ("smtp", "smtps"))
    try:
        Courier(server, found.mail_from, timeout=_PATIENCE, longest=_PATIENCE).reach()
    except Down as error:
        cure = "Controlla CARTA_SMTP, la password e che il server sia raggiungibile da qui."
        yield Finding(name, ERROR, f"{server.host} non prende lettere ({error.reason}).", cure)
    else:
        yield Finding(name, FINE, f"{server.host} risponde e prende le lettere.")


def waiting(context: Context) -> Iterator[Finding]:
    """How long the oldest letter has waited."""
    oldest = context.store.oldest_unsent()
    hours = 0 if oldest is None else (context.now - oldest) // _HOUR
    if oldest is None:
        yield Finding("lettere", FINE, "Nessuna lettera in attesa.")
    elif not hours:
        yield Finding("lettere", FINE, "Le lettere in attesa hanno meno di un'ora.")
    else:
        yield Finding(
            "lettere", ERROR if hours >= 24 else WARNING,
            f"La lettera più vecchia aspetta da {hours} {'ora' if hours == 1 else 'ore'}.",
            "Esegui «carta-endpoint spedisci» e leggi che cosa dice; controlla che parta da solo.",
        )  # fmt: skip
