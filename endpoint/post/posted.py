"""How the letters stand, in words: what waits, what came back, and why."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from endpoint.cases.days import ZONE
from endpoint.post.outbox import GIVEN_UP, NOT_DELIVERED, is_troubled
from endpoint.stores.store import Sending

TOO_LONG = 3600  # seconds that a letter may wait before somebody has to look
# What a code means and what to do. Numbers are those with which servers answer.
_REASONS = {
    "accesso": "utente o password non accettati: controlla CARTA_SMTP o CARTA_IMAP",
    "cartella": "la cartella scritta in CARTA_IMAP non c'è",
    "certificato": "il certificato del server non è valido per il suo nome",
    "chiuso": "il server non accetta collegamenti su quella porta",
    "indirizzo": "l'indirizzo non si può usare",
    "interrotta": "il server ha chiuso il collegamento",
    "nome": "il nome del server non esiste, o la rete non funziona",
    "rete": "la rete non funziona",
    "risposta": "a quell'indirizzo non risponde un server di posta",
    "segreto": "l'indirizzo è chiuso con un segreto che non c'è più (CARTA_SECRET_OLD)",
    "senza-tls": "il server non offre un collegamento cifrato: usa smtps:// o un altro server",
    "tempo": "il server non risponde in tempo",
    "tls": "il collegamento cifrato non riesce",
    "no-dest": "il destinatario non esiste",
    "no-dominio": "il dominio del destinatario non esiste",
}


def troubles(sendings: Iterable[Sending], now: int) -> Iterator[str]:
    """A sentence for each letter that came back, is refused for good, or has waited too long."""
    for item in sendings:
        waited = now - item.queued
        about = f"{item.number} ({item.kind})"
        if item.receipt == NOT_DELIVERED and is_troubled(item):
            yield f"La lettera {about} non è stata consegnata: {why(item.reason)}."
        elif item.sent is None and (waited > TOO_LONG or item.reason.startswith("5")):
            because = f": {why(item.reason)}" if item.reason else ""
            yield f"La lettera {about} aspetta da {lasting(waited)}{because}."


def line(item: Sending) -> str:
    """A letter in the list: number, to whom, since when, its state and what is wrong."""
    when = datetime.fromtimestamp(item.queued, ZONE)
    text = f"{item.number}  {item.kind:9}  {when:%d/%m/%Y %H:%M}  {state(item)}"
    if is_troubled(item) and item.reason:
        text += f" ({why(item.reason)}; tentativi: {item.tries})"
    return text


def state(item: Sending) -> str:
    """«in coda», «consegnata al server», what the post said since, or «abbandonata»."""
    if item.reason == GIVEN_UP:
        return GIVEN_UP
    return "in coda" if item.sent is None else item.receipt or "consegnata al server"


def why(reason: str) -> str:
    """The words for a code."""
    known = [_REASONS[word] for word in reason.split() if word in _REASONS]
    if known:
        return ", ".join(known)
    return f"codice {reason}" if reason else "motivo non noto"


def lasting(seconds: int) -> str:
    """«3 ore»: the whole units of the greatest that fits."""
    units = ((86_400, "giorno", "giorni"), (3600, "ora", "ore"), (60, "minuto", "minuti"))
    for length, one, many in units:
        if seconds >= length:
            count = seconds // length
            return f"{count} {one if count == 1 else many}"
    return "meno di un minuto"
