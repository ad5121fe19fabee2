"""Azure Functions: the web on one route, and the commands that a clock starts.

Needs `azure-functions` beside the endpoint, and PostgreSQL. Azure's own WsgiMiddleware is not used:
it turns our 503, where the citizen finds the answers again, into an exception that carries that
page, and so those answers, into the logs.
"""

import os
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import azure.functions as func

from endpoint.cli import main
from endpoint.context import Context
from endpoint.web.serving import application
from endpoint.web.wsgi import Wsgi

context = Context(os.environ)
_wsgi = application(context)
app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.function_name("moduli")
@app.route(route="{*path}")
def web(req: func.HttpRequest) -> func.HttpResponse:
    """Every page. Needs `routePrefix` empty in host.json."""
    return answer(_wsgi, req)


@app.function_name("spedisci")
@app.timer_trigger(arg_name="timer", schedule="0 */5 * * * *")
def post(timer: func.TimerRequest) -> None:
    """Send the letters that wait, every five minutes."""
    _run("spedisci")


@app.function_name("cancella")
@app.timer_trigger(arg_name="timer", schedule="0 30 2 * * *")
def erase(timer: func.TimerRequest) -> None:
    """Erase what has been kept long enough, every night."""
    _run("cancella")


def answer(wsgi: Wsgi, req: func.HttpRequest) -> func.HttpResponse:
    """The answer of a WSGI callable to a request of Azure."""
    started: list[Any] = []
    body = b"".join(wsgi(_environ(req), lambda *given: started.extend(given)))
    status, headers = int(started[0].split()[0]), dict(started[1])
    kind = headers.pop("Content-Type", None)
    return func.HttpResponse(body, status_code=status, headers=headers, mimetype=kind)


def _environ(req: func.HttpRequest) -> dict[str, Any]:
    url, body = urlsplit(req.url), req.get_body() or b""
    headers = {f"HTTP_{k.upper().replace('-', '_')}": v for k, v in req.headers.items()}
    return headers | {
        "REQUEST_METHOD": str(req.method), "SCRIPT_NAME": "", "QUERY_STRING": url.query,
        "PATH_INFO": unquote_to_bytes(url.path).decode("latin-1"),
        "CONTENT_TYPE": headers.get("HTTP_CONTENT_TYPE", ""), "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": url.hostname or "", "SERVER_PORT": str(url.port or 443),
        "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": url.scheme,
        "wsgi.input": BytesIO(body),
    }  # fmt: skip


def _run(command: str) -> None:
    if status := main([command], context):
        raise RuntimeError(f"«{command}» è finito con {status}: leggi le righe qui sopra.")
