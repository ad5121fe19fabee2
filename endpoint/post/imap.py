"""A connection to a mailbox by IMAP, encrypted and never for longer than a limit."""

import imaplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from endpoint.post.network import TIMEOUT, Down, context_of, limited, reason_of
from endpoint.servers import Server

_IN_ALL = 120.0  # seconds


@contextmanager
def opened(server: Server) -> Iterator[imaplib.IMAP4]:
    """The folder of a server, its messages selected. Raises Down, also if it breaks meanwhile."""
    sockets: list[socket.socket] = []
    mailbox: imaplib.IMAP4 | None = None
    # Its greeting counts too: that is read before there is a mailbox.
    with limited(_IN_ALL, lambda: next(iter(sockets), None)):
        try:
            kind = _Encrypted if server.scheme == "imaps" else _Plain
            mailbox = kind(sockets, server.host, server.port)
            try:
                mailbox.login(server.user, server.password)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error:
                raise Down("accesso") from None
            if mailbox.select(f'"{server.folder or "INBOX"}"')[0] != "OK":
                raise Down("cartella")
            yield mailbox
        except (imaplib.IMAP4.error, OSError, UnicodeError) as error:
            raise Down(reason_of(error)) from None
        finally:
            if mailbox:
                _leave(mailbox)


def fetch(mailbox: imaplib.IMAP4, uids: str, what: str) -> Iterator[tuple[bytes, bytes]]:
    """What stands around each literal of an answer, and the literal."""
    _, data = mailbox.uid("FETCH", uids, what)
    for here, after in zip(data, [*data[1:], b""], strict=True):
        if isinstance(here, tuple):
            yield here[0] + (after if isinstance(after, bytes) else b""), here[1]


def _leave(mailbox: imaplib.IMAP4) -> None:
    with suppress(imaplib.IMAP4.error, OSError):
        mailbox.logout()
    with suppress(OSError):
        mailbox.shutdown()


class _Plain(imaplib.IMAP4):
    """Tells its socket as soon as there is one."""

    def __init__(self, sockets: list[socket.socket], host: str, port: int, **more: Any) -> None:
        self._sockets = sockets
        super().__init__(host, port, timeout=TIMEOUT, **more)

    def open(self, *where: Any, **more: Any) -> None:
        super().open(*where, **more)
        self._sockets.append(self.socket())


class _Encrypted(_Plain, imaplib.IMAP4_SSL):
    def __init__(self, sockets: list[socket.socket], host: str, port: int) -> None:
        super().__init__(sockets, host, port, ssl_context=context_of())
