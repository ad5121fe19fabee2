"""WSGI, as little of it as is needed: requests, replies, routes, the headers of every answer."""

import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TextIO
from urllib.parse import urlsplit

from endpoint import log
from endpoint.forms.body import Answers, Refused, read_form

_HEADERS = (
    ("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; "
     "base-uri 'none'; frame-ancestors 'none'"),
    ("Strict-Transport-Security", "max-age=31536000"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Robots-Tag", "noindex"),
    # Not «no-referrer»: with that one, browsers send «Origin: null» also from our own pages.
    ("Referrer-Policy", "same-origin"),
)  # fmt: skip
HTML = "text/html; charset=utf-8"


@dataclass(slots=True)
class Request:
    """A request, the part of its path that varies, and the line of the log that it fills."""

    environ: Mapping[str, Any]
    argument: str
    now: float
    entry: log.Entry
    answers: Answers | None = None

    def form(self) -> Answers:
        """Its fields. Raises Refused."""
        if self.answers is None:
            self.answers = read_form(self.environ)
        return self.answers

    def is_ours(self) -> bool:
        """Whether it comes from a page of ours, as far as the browser tells.

        Fetch Metadata if there is any; else the origin, where «null» says nothing; else nothing is
        known, and the signed token decides.
        """
        if site := self.environ.get("HTTP_SEC_FETCH_SITE"):
            return bool(site == "same-origin")
        origin = self.environ.get("HTTP_ORIGIN") or "null"
        try:
            # Behind a proxy we do not know our own scheme: the host decides.
            return bool(origin == "null" or urlsplit(origin).netloc == self.host())
        except ValueError:
            return False

    def host(self) -> str:
        """The host that was asked, as the browser gives it; empty if it does not."""
        return str(self.environ.get("HTTP_HOST", ""))


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status, its text, and headers beside those of every answer."""

    text: str
    status: int = 200
    outcome: str = ""
    kind: str = HTML
    headers: tuple[tuple[str, str], ...] = ()


Handler = Callable[[Request], Reply]
Routes = Mapping[str, Mapping[str, Handler]]
Start = Callable[..., object]
Wsgi = Callable[[dict[str, Any], Start], Iterable[bytes]]


def callable_of(
    routes: Routes,
    refuse: Callable[[int], Reply],
    clock: Callable[[], float],
    stream: TextIO | None = None,
) -> Wsgi:
    """The WSGI callable that serves the routes; `refuse` draws the page of an error status."""

    def serve(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        began = time.perf_counter()
        request = Request(environ, "", clock(), log.Entry())
        reply = _answer(routes, refuse, request)
        body = reply.text.encode()
        head = [("Content-Type", reply.kind), ("Content-Length", str(len(body))), *_HEADERS]
        phrase = HTTPStatus(reply.status).phrase
        start(f"{reply.status} {phrase}", [*head, *reply.headers])
        entry = request.entry
        entry.status, entry.bytes = reply.status, len(body)
        entry.outcome = entry.outcome or reply.outcome
        entry.ms = (time.perf_counter() - began) * 1000
        log.write(entry, request.now, stream or sys.stderr)
        return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]

    return serve


def _answer(routes: Routes, refuse: Callable[[int], Reply], request: Request) -> Reply:
    route, request.argument = _route(str(request.environ.get("PATH_INFO", "")))
    methods = routes.get(route)
    if methods is None:
        return refuse(404)
    request.entry.route = route
    method = str(request.environ.get("REQUEST_METHOD", ""))
    handler = methods.get("GET" if method == "HEAD" else method)
    if handler is None:
        allowed = ", ".join([*methods, *(["HEAD"] if "GET" in methods else [])])
        reply = refuse(405)
        return Reply(reply.text, 405, reply.outcome, headers=(("Allow", allowed),))
    try:
        return handler(request)
    except Refused as refused:
        request.entry.outcome = str(refused)
        return refuse(refused.status)
    except Exception as error:  # the server's own handler would write the values into its log
        request.entry.outcome = log.place(error)
        return refuse(500)


def _route(path: str) -> tuple[str, str]:
    """The route of a path and its part that varies: «/stato», or «/moduli/*» and the form."""
    parts = path.split("/")
    if len(parts) > 2 and parts[1] == "sportello":
        return "/sportello/*", "/".join(parts[2:])
    if len(parts) > 2 and parts[1] in ("moduli", "ricevuta"):
        return "/".join([*parts[:2], "*", *parts[3:]]), parts[2]
    return path, ""
