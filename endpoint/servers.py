"""A mail server as a setting writes it: smtps://utente:password@server:porta."""

import ipaddress
from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

_PORTS = {"smtp": 587, "smtps": 465, "imap": 143, "imaps": 993}


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over or read. `folder` is for reading alone; no user: no log-in."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    folder: str = ""

    @property
    def is_local(self) -> bool:
        """Whether it is this same machine, where nobody stands between."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def read_server(text: str, schemes: Collection[str]) -> Server:
    """The server in an address with one of these schemes. Raises ValueError.

    Mail is read in clear (`imap://`) on this same machine alone.
    """
    parts = urlsplit(text)
    user, password, folder = (
        unquote(part or "", errors="strict")
        for part in (parts.username, parts.password, parts.path.strip("/"))
    )
    server = Server(
        parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0), user,
        password, folder,
    )  # fmt: skip
    # A «#», «?» or «/» in a password that is not written %23, %3F, %2F ends the address there.
    is_cut = parts.query or parts.fragment or (folder and server.scheme.startswith("smtp"))
    # Protocols of mail have no way to say a password in other letters.
    is_plain = (user + password + folder).isascii() and (user + password + folder).isprintable()
    is_clear = server.scheme == "imap" and not server.is_local
    if (
        server.scheme not in schemes or not server.host or is_cut or is_clear or not is_plain
        or bool(user) != bool(password)
    ):  # fmt: skip
        raise ValueError(server.scheme)
    return server
