"""Real mail servers on this machine: SMTP that fails as it is told, and one that never ends."""

import asyncio
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from time import sleep
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from endpoint_process import free_port

TAKEN = "250 OK"


@dataclass
class Post:
    """What a server took, and what it answers: by recipient, and to each letter in its turn.

    An answer «cade» ends the connection after the letter was taken, «tace» never comes.
    """

    port: int = 0
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    connections: int = 0
    users: list[str] = field(default_factory=list)
    recipients: dict[str, str] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    seconds: float = 0

    @property
    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for _, message in self.taken]

    @property
    def to(self) -> list[str]:
        return [recipient for recipient, _ in self.taken]

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, host: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = host
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.recipients.get(address, TAKEN)
        if answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        await asyncio.sleep(self.seconds)
        answer = self.answers.pop(0) if self.answers else TAKEN
        if answer in (TAKEN, "cade", "tace"):
            message = message_from_bytes(cast(bytes, envelope.content), policy=default)
            self.taken += [(to, cast(EmailMessage, message)) for to in envelope.rcpt_tos]
        if answer == "cade":
            assert server.transport
            server.transport.abort()
        if answer == "tace":
            await asyncio.sleep(60)
        return answer

    def check(self, *given: Any) -> AuthResult:
        """Accept the user «ufficio» with its password alone."""
        login = given[-1]
        self.users.append(login.login.decode())
        is_good = (login.login, login.password) == (b"ufficio", b"pass/word")
        return AuthResult(success=is_good, handled=False)  # the server says so itself


@contextmanager
def post_office(post: Post | None = None, **options: Any) -> Iterator[Post]:
    """Run a server; `options` are those of aiosmtpd."""
    post = post or Post()
    post.port = post.port or free_port()
    controller = Controller(post, hostname="127.0.0.1", port=post.port, **options)
    controller.start()
    try:
        yield post
    finally:
        with suppress(AssertionError):
            controller.stop(no_assert=True)


@contextmanager
def endless(text: bytes = b"", pause: float = 0.02) -> Iterator[int]:
    """A server that takes connections and says a byte of a text at a time, over and over."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        stopped = threading.Event()

        def talk(client: socket.socket) -> None:
            with client, suppress(OSError):
                while not stopped.is_set():
                    for byte in text:
                        client.sendall(bytes([byte]))
                        sleep(pause)
                    sleep(pause)

        def listen() -> None:
            with suppress(OSError):
                while True:
                    client, _ = server.accept()
                    talkers.append(threading.Thread(target=talk, args=(client,)))
                    talkers[-1].start()

        talkers: list[threading.Thread] = []
        listener = threading.Thread(target=listen)
        listener.start()
        try:
            yield server.getsockname()[1]
        finally:
            stopped.set()
            server.shutdown(socket.SHUT_RDWR)
            for thread in (listener, *talkers):
                thread.join()


def certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate of our own for a name: the file to trust, the context of a server."""
    key, file = folder / f"{name}.key", folder / f"{name}.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-keyout", str(key), "-out", str(file), "-days", "2", "-subj", f"/CN={name}",
         "-addext", f"subjectAltName=DNS:{name}"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key)
    return file, context
