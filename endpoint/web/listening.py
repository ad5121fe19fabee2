"""The server under the endpoint: waitress, set up against slow, long and careless clients.

It can be exchanged for another: nothing else knows of it but the command `servi`.
"""

import logging
import resource
import signal
from contextlib import suppress
from time import monotonic, time
from typing import Any

from waitress import create_server, wasyncore  # type: ignore[import-untyped]  # it has no types
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]  # as above
from waitress.server import BaseWSGIServer  # type: ignore[import-untyped]  # as above
from waitress.task import ErrorTask  # type: ignore[import-untyped]  # as above

from endpoint import log
from endpoint.forms.body import MAX_BYTES
from endpoint.web.wsgi import Wsgi

_PATIENCE = 8.0  # seconds in which what has begun may end
_LONGEST = 60.0  # seconds in which a request has to arrive: 64 KiB on the slowest phone
_OPEN_FILES = 4096
_SETTINGS = {
    "threads": 8,
    "max_request_body_size": MAX_BYTES,
    "max_request_header_size": 16_384,
    # Whoever keeps connections open without sending must not keep the others out.
    "connection_limit": 1000, "channel_timeout": 15, "cleanup_interval": 5,
    "asyncore_use_poll": True,  # select() cannot look at more than 1024 files
    # What citizens write stays in memory: a buffer that overflows would go to the disk.
    "inbuf_overflow": 1 << 20, "outbuf_overflow": 1 << 24,
    "ident": None,
}  # fmt: skip
# What never reaches the form: the server refuses it by itself.
_REFUSALS = {
    413: "Il modulo è troppo lungo. Torna indietro e accorcia i testi.",
    431: "La richiesta è troppo lunga. Torna alla pagina del modulo e riprova.",
}
_BAD = "I dati non sono arrivati interi. Torna indietro e riprova."


class Server:
    """A WSGI callable on an address. Raises OSError or ValueError if that cannot be had."""

    def __init__(self, app: Wsgi, host: str, port: int) -> None:
        _speak_little()
        _allow_many_files()
        _leave_no_core()
        self._sockets: dict[int, Any] = {}
        create_server(app, map=self._sockets, host=host, port=port, **_SETTINGS)
        found = self._sockets.values()
        self._listeners = [item for item in found if isinstance(item, BaseWSGIServer)]
        for listener in self._listeners:
            listener.channel_class = _Channel

    @property
    def addresses(self) -> list[str]:
        """Where it listens."""
        return [f"http://{item.effective_host}:{item.effective_port}" for item in self._listeners]

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT, then finish what had begun: less than ten seconds."""
        told = self._when_told()
        while not told:
            wasyncore.loop(1.0, True, self._sockets, count=1)
        self._drain()

    def _when_told(self) -> list[int]:
        """A list that is empty until a signal says to stop."""
        told: list[int] = []

        def stop(number: int, frame: object) -> None:
            told.append(number)
            for listener in self._listeners:
                listener.pull_trigger()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        return told

    def _drain(self) -> None:
        """Answer whoever was connected; nobody else gets in."""
        wasyncore.loop(0.0, True, self._sockets, count=16)  # those who knocked before
        for listener in self._listeners:
            listener.accepting = False
            wasyncore.dispatcher.close(listener)  # its own close() would cut the wire that wakes us
        until = monotonic() + _PATIENCE
        while monotonic() < until and any(map(_is_busy, list(self._sockets.values()))):
            wasyncore.loop(0.1, True, self._sockets, count=1)
        for listener in self._listeners:
            listener.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._sockets, ignore_all=True)


def _is_busy(channel: Any) -> bool:
    """Whether a request is being received or worked on, or its answer is not yet sent."""
    if not isinstance(channel, HTTPChannel):
        return False
    return bool(channel.requests or channel.request is not None or channel.total_outbufs_len)


def _leave_no_core() -> None:
    """What citizens write is in memory for a while: a crash must not put it on the disk."""
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))


def _allow_many_files() -> None:
    """Room for every connection and the database: many systems give a process 1024 files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):  # where that is forbidden fewer will do
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class _Refusal(ErrorTask):  # type: ignore[misc]  # it has no types
    """What the server refuses by itself, said in Italian and kept by nobody."""

    def execute(self) -> None:
        code = self.request.error.code
        body = _REFUSALS.get(code, _BAD).encode()
        self.status = f"{code} {self.request.error.reason}"
        self.response_headers += [
            ("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
        ]  # fmt: skip
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)
        log.write(log.Entry(outcome="rifiutato", status=code, bytes=len(body)), time())


class _Channel(HTTPChannel):  # type: ignore[misc]  # it has no types
    """A connection whose requests have to arrive in a time: who drips for ever is idle too."""

    error_task_class = _Refusal
    last_activity: float  # as there
    began = 0.0

    def handle_read(self) -> None:
        before = self.request
        super().handle_read()
        if self.request is None:
            return
        if self.request is not before:
            self.began = time()
        latest = self.began + _LONGEST - self.adj.channel_timeout
        self.last_activity = min(self.last_activity, latest)


class _Discreet(logging.Handler):
    """What the server has to say, without addresses, paths and values: only where it arose."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        outcome = log.place(error) if error else f"server {record.module}:{record.lineno}"
        log.write(log.Entry(outcome=outcome), time())


def _speak_little() -> None:
    logger = logging.getLogger("waitress")
    logger.handlers, logger.propagate = [_Discreet(logging.WARNING)], False
    # Under load it would say so at every request.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
