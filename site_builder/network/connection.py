"""A connection that has an end and goes only where it may."""

import ipaddress
import socket
import ssl
from contextlib import suppress
from http.client import HTTPConnection, HTTPSConnection
from threading import Timer
from urllib.parse import SplitResult


class Forbidden(Exception):
    """The name stands for a machine that is not on the public network."""


class Patience:
    """Closes a socket after some seconds, however slowly the other side goes on talking."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.is_over = False
        self._socket: socket.socket | None = None
        self._timer = Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def watch(self, watched: socket.socket) -> None:
        self._socket = watched

    def stop(self) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        self.is_over = True
        if self._socket:
            with suppress(OSError):  # it may have gone by itself
                self._socket.shutdown(socket.SHUT_RDWR)


def open_connection(
    parts: SplitResult, patience: Patience, private: bool, trusted: ssl.SSLContext
) -> HTTPConnection:
    """Connect to the host of an address. Raises Forbidden, or OSError if nobody is there.

    The name is looked up once: who is asked is who has been judged.
    """
    host = (parts.hostname or "").encode("idna").decode()
    secure = parts.scheme.lower() == "https"
    port = parts.port or (443 if secure else 80)
    raw = _connect(host, port, patience, private)
    patience.watch(raw)
    try:
        link: HTTPConnection
        if secure:
            link = HTTPSConnection(host, port, context=trusted)
            link.sock = trusted.wrap_socket(raw, server_hostname=host)
            patience.watch(link.sock)
        else:
            link = HTTPConnection(host, port)
            link.sock = raw
    except BaseException:
        raw.close()
        raise
    return link


def _connect(host: str, port: int, patience: Patience, private: bool) -> socket.socket:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not private and not all(map(_is_public, addresses)):
        raise Forbidden(host)
    refused: OSError = OSError(f"nobody at {host}")
    for address in addresses[:3]:
        try:
            return socket.create_connection((address, port), timeout=patience.seconds / 2)
        except OSError as error:
            refused = error
    raise refused


def _is_public(address: str) -> bool:
    known = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(known, "ipv4_mapped", None)
    return (mapped or known).is_global and not known.is_multicast
