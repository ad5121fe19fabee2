"""What every connection of the mail shares: a limit of time, encryption, and errors as codes."""

import imaplib
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

TIMEOUT = 20.0  # seconds that a server may be silent
_ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}\b")


class Down(Exception):
    """A server that cannot be used at all now; `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@contextmanager
def limited(seconds: float, its_socket: Callable[[], socket.socket | None]) -> Iterator[None]:
    """After some seconds cut the connection off: whoever waits for it gets an error."""

    def cut() -> None:
        if found := its_socket():
            with suppress(OSError):
                # Of the bare socket: TLS would first take leave of the server.
                socket.socket.shutdown(found, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def reason_of(error: Exception) -> str:
    """The code of what went wrong with a server: its own number, or a word of ours."""
    if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(
        error.__context__, TimeoutError
    ):
        return "tempo"
    match error:
        case smtplib.SMTPAuthenticationError():
            return f"accesso {error.smtp_code}"
        case smtplib.SMTPResponseException():
            return reply_code(error.smtp_code, error.smtp_error)
        case smtplib.SMTPNotSupportedError():
            return "accesso"
        case ssl.SSLCertVerificationError():
            return "certificato"
        case TimeoutError():
            return "tempo"
        case socket.gaierror() | UnicodeError():
            return "nome"
        case ConnectionRefusedError():
            return "chiuso"
        case ssl.SSLError():
            return "tls"
        case smtplib.SMTPServerDisconnected() | imaplib.IMAP4.abort() | ConnectionError():
            return "interrotta"
    return "rete"


def context_of(is_verified: bool = True) -> ssl.SSLContext:
    """How connections are encrypted; certificates are those that the system trusts."""
    context = ssl.create_default_context()
    if not is_verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def reply_code(code: int, text: bytes | str) -> str:
    """What a server answered, without its words: «550 5.1.1»."""
    if not 200 <= code < 600:  # also a line that was cut off
        return "risposta"
    words = text.decode("ascii", "replace") if isinstance(text, bytes) else text
    found = _ENHANCED.match(words)
    return f"{code} {found[0]}" if found else str(code)
