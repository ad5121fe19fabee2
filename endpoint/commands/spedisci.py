"""`carta-endpoint spedisci`: sends the mail that is due, reads PEC receipts, says what is stuck.

For cron, a systemd timer or a scheduler: what it did goes to standard output, what somebody has to
look at goes to standard error and into the exit status.
"""

import argparse
import sys

from endpoint.context import CommandError, Context
from endpoint.post.delivery import Courier
from endpoint.post.mail import Writer
from endpoint.post.mailbox import poll
from endpoint.post.network import Down
from endpoint.post.outbox import Outbox, Run, give_up
from endpoint.post.posted import lasting, line, troubles, why
from endpoint.servers import read_server
from endpoint.tokens import read_number

HELP = "spedisce la posta che aspetta e legge le ricevute PEC"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Send what is due, unless told to do something else."""
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument(
        "--ripeti", metavar="NUMERO", help="riprova subito le lettere di questa ricevuta"
    )
    choice.add_argument(
        "--abbandona", metavar="NUMERO",
        help="non provare più a scrivere al cittadino di questa ricevuta",
    )  # fmt: skip
    choice.add_argument("--elenco", action="store_true", help="mostra ogni lettera, senza spedire")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Send and report; 1 if a letter has waited for more than an hour or came back."""
    found: list[str] = []
    if arguments.elenco:
        _list(context)
    elif arguments.abbandona:
        left = give_up(context.store, _number(arguments.abbandona, context), context.now)
        print(f"Lettere al cittadino abbandonate: {left}.")
    else:
        outbox = _outbox(context)
        if arguments.ripeti:
            _repeat(_number(arguments.ripeti, context), context)
        _tell(outbox.run(), context)
        found = _read_receipts(context)
    return _alarm([*found, *troubles(context.store.sendings(), context.now)])


def _outbox(context: Context) -> Outbox:
    settings = context.settings
    if not settings.smtp:
        raise CommandError(
            "La posta non è configurata: scrivi CARTA_SMTP (smtps://utente:password@server:porta) "
            "e CARTA_MAIL_FROM. Le lettere aspettano, non si perde niente."
        )
    writer = Writer(context.body, context.forms, settings.mail_from, settings.url)
    courier = Courier(read_server(settings.smtp, ("smtp", "smtps")), settings.mail_from)
    return Outbox(settings, context.store, writer, courier, context.clock)


def _repeat(number: str, context: Context) -> None:
    if not context.store.again(number, context.now):
        raise CommandError(
            f"Per {number} non c'è niente da rispedire: le lettere sono partite, oppure "
            "l'indirizzo del cittadino non c'è più (si cancella alla consegna)."
        )


def _number(text: str, context: Context) -> str:
    number = read_number(text, context.body.prefix)
    if number is None:
        raise CommandError(f"«{text}» non è un numero di ricevuta: controlla come è scritto.")
    return number


def _tell(done: Run, context: Context) -> None:
    waiting = [item for item in context.store.sendings() if item.sent is None]
    oldest = min((item.queued for item in waiting), default=context.now)
    since = f", la più vecchia da {lasting(context.now - oldest)}" if waiting else ""
    print(f"Lettere spedite: {done.sent}. In attesa: {len(waiting)}{since}.")
    if done.refused:
        print(f"Rifiutate, da riprovare: {done.refused}.")
    if done.down:
        print(f"Il server della posta non prende lettere: {why(done.down)}.")


def _read_receipts(context: Context) -> list[str]:
    """What keeps the receipts from being read, if something does."""
    settings = context.settings
    if not settings.imap:
        return []
    server = read_server(settings.imap, ("imap", "imaps"))
    try:
        changed = poll(server, context.store, settings.secrets, context.now)
    except Down as error:
        return [f"Non riesco a leggere le ricevute della posta: {why(error.reason)}."]
    print(f"Ricevute nuove: {changed}.")
    return []


def _alarm(found: list[str]) -> int:
    for sentence in found:
        print(f"ATTENZIONE. {sentence}", file=sys.stderr)
    if found:
        print(
            "Che cosa fare: docs/endpoint.md, «La posta». Per riprovare subito una lettera: "
            "carta-endpoint spedisci --ripeti NUMERO",
            file=sys.stderr,
        )
    return 1 if found else 0


def _list(context: Context) -> None:
    sendings = context.store.sendings()
    for item in sendings:
        print(line(item))
    if not sendings:
        print("Nessuna lettera.")
