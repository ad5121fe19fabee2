"""The editing page of a preview: its files, and the files of the content that it reads and writes.

It speaks the protocol of Decap's own local server, to this machine alone: whoever can write here
can change the content, so no other page that is open in the same browser may.
"""

import json
from collections.abc import Callable, Iterable
from datetime import date
from http import HTTPStatus
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from site_builder.admin.config import configuration
from site_builder.admin.files import page_files
from site_builder.admin.store import Refusal, Store
from site_builder.catalog import Catalog
from site_builder.check import check_content, report

API = "/api/v1"
PAGE = "/admin/"
MAX_BYTES = 2_000_000
_HEADERS = [
    ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"), ("X-Robots-Tag", "noindex"),
]  # fmt: skip
_HERE = ("localhost", "127.0.0.1", "::1")


class Editing:
    """The preview with the editing page before it; all other requests go on to the preview."""

    def __init__(
        self,
        body: Path,
        catalog: Callable[[], Catalog],
        today: Callable[[], date],
        preview: WSGIApplication,
        mount: str = "/",
    ) -> None:
        self._store = Store(body)
        self._body, self._catalog, self._today = body, catalog, today
        self._preview, self._mount = preview, mount

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith(self._mount):
            path = f"/{path.removeprefix(self._mount)}"
        if path == PAGE.rstrip("/"):
            start("302 Found", [("Location", f"{self._mount}{PAGE.lstrip('/')}")])
            return []
        if path != API and not path.startswith(PAGE):
            return self._preview(environ, start)
        try:
            _only_from_here(environ)
            kind, data = self._answer(path, environ)
            status = HTTPStatus.OK
        except Refusal as refusal:
            kind, data = "application/json", _json({"error": str(refusal)})
            status = refusal.status
        length = str(len(data))
        start(
            f"{status} {status.phrase}",
            [("Content-Type", kind), ("Content-Length", length), *_HEADERS],
        )
        return [data]

    def _answer(self, path: str, environ: WSGIEnvironment) -> tuple[str, bytes]:
        if path == API:
            return "application/json", _json(self._store.act(*_asked(environ)))
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED, "Questa pagina si può solo leggere.")
        match path.removeprefix(PAGE):
            case "config.json":
                found = {"cms": configuration(self._catalog()), "locale": True}
                return "application/json", _json(found)
            case "controllo.json":
                return "application/json", _json(self._checked())
            case name:
                return _file(name or "index.html")

    def _checked(self) -> dict[str, Any]:
        """What `carta check` would say now, without the lighter advice."""
        _, problems = check_content(self._body, self._today())
        shown = [problem for problem in problems if problem.level != "consiglio"]
        shown.sort(key=lambda problem: problem.level != "errore")
        return {
            "esito": report(shown, "text", "avvertenza").splitlines()[-1],
            "problemi": [problem.as_dict() for problem in shown],
        }


def _file(name: str) -> tuple[str, bytes]:
    path = page_files().get(name)
    if not path:
        raise Refusal(HTTPStatus.NOT_FOUND, "Questo file non c'è.")
    kind = guess_type(name)[0] or "application/octet-stream"
    text = kind.startswith("text/") or kind.endswith("javascript")
    return f"{kind}; charset=utf-8" if text else kind, path.read_bytes()


def _only_from_here(environ: WSGIEnvironment) -> None:
    """Refuse other machines, other names for this one, and pages of other sites."""
    host = environ.get("HTTP_HOST", "")
    origin = environ.get("HTTP_ORIGIN", "")
    here = environ.get("REMOTE_ADDR", "")
    if not (here.startswith("127.") or here == "::1"):
        raise Refusal(HTTPStatus.FORBIDDEN, "Da un altro computer non si può scrivere.")
    if urlsplit(f"//{host}").hostname not in _HERE:
        raise Refusal(HTTPStatus.FORBIDDEN, "Apri la pagina con l'indirizzo http://127.0.0.1.")
    if origin and origin != f"http://{host}":
        raise Refusal(HTTPStatus.FORBIDDEN, "Un'altra pagina ha provato a scrivere: rifiutato.")


def _asked(environ: WSGIEnvironment) -> tuple[str, dict[str, Any]]:
    """The action that a request names, and its parameters."""
    if environ["REQUEST_METHOD"] != "POST":
        raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED, "Qui si può solo inviare.")
    # A page of another site could send any other type without being asked for leave first.
    if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != "application/json":
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "La richiesta deve essere JSON.")
    length = environ.get("CONTENT_LENGTH") or ""
    if not length.isascii() or not length.isdigit():
        raise Refusal(HTTPStatus.LENGTH_REQUIRED, "La richiesta non dice quanto è lunga.")
    if int(length) > MAX_BYTES:
        raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "La richiesta è troppo grande.")
    try:
        found = json.loads(environ["wsgi.input"].read(int(length)))
        action, params = found["action"], found.get("params") or {}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise Refusal(HTTPStatus.BAD_REQUEST, "La richiesta non si capisce.") from None
    if not isinstance(action, str) or not isinstance(params, dict):
        raise Refusal(HTTPStatus.BAD_REQUEST, "La richiesta non si capisce.")
    return action, params


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
