"""`carta-endpoint servi`: takes the forms, until it is told to stop.

On SIGTERM it takes no more connections, finishes the requests that have begun and exits with 0.
"""

import argparse
import sys
from collections.abc import Iterable

from endpoint.context import CommandError, Context
from endpoint.settings import is_postgres
from endpoint.web.listening import Server
from endpoint.web.serving import application, is_trial

HELP = "riceve i moduli, finché non lo si ferma"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The address on which it listens; the port is PORT."""
    parser.add_argument(
        "--host", default="0.0.0.0", metavar="INDIRIZZO",
        help="su quale indirizzo ascolta (0.0.0.0: tutti); la porta è PORT (8080)",
    )  # fmt: skip


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Serve until SIGTERM or Ctrl-C; 0 when all that had begun was answered."""
    app, port = application(context), context.settings.port
    try:
        server = Server(app, arguments.host, port)
    except (OSError, ValueError) as error:
        raise CommandError(
            f"Non posso ascoltare su {arguments.host}, porta {port}: {error}. "
            "Scegli un altro indirizzo con --host o un'altra porta con PORT."
        ) from None
    _say_ready(server.addresses, context)
    server.run()
    context.store.close()
    return 0


def _say_ready(addresses: Iterable[str], context: Context) -> None:
    kept = "PostgreSQL" if is_postgres(context.settings.database) else "SQLite"
    trial = " PROVA: i dati possono andare persi." if is_trial(context.environ) else ""
    print(
        f"In ascolto su {', '.join(addresses)}. Moduli: {', '.join(context.forms)}. "
        f"Base di dati: {kept}.{trial}",
        file=sys.stderr, flush=True,
    )  # fmt: skip
