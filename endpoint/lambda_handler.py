"""AWS Lambda: `handler` answers the web (HTTP API, REST API, ALB), `scheduled` runs a command.

Needs `apig-wsgi` beside the endpoint, and PostgreSQL: what Lambda writes on its disk is lost.
"""

import os
from typing import Any

from apig_wsgi import make_lambda_handler

from endpoint.cli import main
from endpoint.context import Context
from endpoint.web.serving import application

# What a clock may start; all the others need a person.
_SCHEDULED = ("spedisci", "scadenze", "cancella")

context = Context(os.environ)
handler = make_lambda_handler(application(context))


def scheduled(event: dict[str, Any], _: object) -> None:
    """Run the command in an event `{"comando": …}`; one that fails is an error of the function."""
    command = event.get("comando")
    if command not in _SCHEDULED:
        raise ValueError(f"Il comando deve essere fra questi: {', '.join(_SCHEDULED)}.")
    if status := main([command], context):
        raise RuntimeError(f"«{command}» è finito con {status}: leggi le righe qui sopra.")
