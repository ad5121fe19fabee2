"""A mail server for the demo: it takes every letter on this machine, and hands it over at once."""

import socketserver
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread
from typing import cast

Reader = Callable[[EmailMessage], None]


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    reader: Reader


class _Session(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as one polite client needs."""

    def handle(self) -> None:
        self._say("220 prova")
        while line := self.rfile.readline(4096):
            word = line[:4].upper().strip()
            if word == b"QUIT":
                return self._say("221 ciao")
            if word == b"DATA":
                self._say("354 scrivi")
                self._take()
            self._say("250 va bene")
        return None

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline(4096)) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        letter = message_from_bytes(b"".join(lines), policy=policy.default)
        cast(_Server, self.server).reader(cast(EmailMessage, letter))

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def postbox(reader: Reader) -> Iterator[int]:
    """Take letters until the end of the block, on the port that is given."""
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.reader = reader
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
