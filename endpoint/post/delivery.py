"""Handing a letter over by SMTP: one connection for many, encrypted, never for longer than a limit.

What went wrong is told by a code alone: what a server answers may hold addresses.
"""

import smtplib
from contextlib import suppress
from typing import Any

from endpoint.post.network import TIMEOUT, Down, context_of, limited, reason_of, reply_code
from endpoint.servers import Server

LONGEST = 60.0  # seconds for one letter in all: a server may also drip


class Refused(Exception):
    """A letter that was not taken. `reason` is a code, `is_final` says that it will not be."""

    def __init__(self, reason: str, is_final: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.is_final = reason, is_final


class Broken(Refused):
    """The connection ended in the middle of a letter: it may have been taken."""


class Courier:
    """Sends letters from one address; connects when there is the first one."""

    def __init__(
        self, server: Server, sender: str, timeout: float = TIMEOUT, longest: float = LONGEST
    ) -> None:
        self._server, self._sender = server, sender
        self._timeout, self._longest = timeout, longest
        self._smtp: smtplib.SMTP | None = None

    def send(self, recipient: str, message: bytes) -> None:
        """Return when the server has taken the letter. Raises Refused, Broken, Down."""
        smtp = self._alive()
        try:
            with limited(self._longest, lambda: smtp.sock):
                smtp.sendmail(self._sender, [recipient], message)
        except smtplib.SMTPRecipientsRefused as error:
            self._refused(*error.recipients[recipient])
        except smtplib.SMTPDataError as error:
            self._refused(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            # A sender that is refused now is so for every letter.
            if isinstance(error, smtplib.SMTPSenderRefused):
                raise Down(reason_of(error)) from None
            raise Broken(reason_of(error)) from None

    def reach(self) -> None:
        """Return when the server has greeted us, and would take a letter. Raises Down."""
        self._alive()
        self.close()

    def close(self) -> None:
        """Take leave, if there is a connection; whatever the server says."""
        smtp, self._smtp = self._smtp, None
        if smtp:
            with suppress(smtplib.SMTPException, OSError), limited(2, lambda: smtp.sock):
                smtp.quit()
            smtp.close()

    def _refused(self, code: int, text: bytes | str) -> None:
        if code == 421:  # «closing transmission channel»
            self.close()
            raise Down("421")
        raise Refused(reply_code(code, text), code >= 500)

    def _alive(self) -> smtplib.SMTP:
        if smtp := self._smtp:
            # Servers leave after some letters, or after a while.
            with suppress(smtplib.SMTPException, OSError), limited(5, lambda: smtp.sock):
                if smtp.rset()[0] == 250:
                    return smtp
            self.close()
        try:
            self._smtp = self._connected()
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise Down(reason_of(error)) from None
        return self._smtp

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        # With a name of its own smtplib does not ask the network for that of this machine.
        name = self._sender.rpartition("@")[2]
        smtp = (
            _Smtps(server.host, server.port, name, timeout=self._timeout, context=context_of())
            if server.scheme == "smtps"
            else _Smtp(server.host, server.port, name, timeout=self._timeout)
        )
        try:
            with limited(self._longest, lambda: smtp.sock):
                self._greet(smtp)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _greet(self, smtp: smtplib.SMTP) -> None:
        server = self._server
        smtp.ehlo_or_helo_if_needed()
        if server.scheme == "smtp" and smtp.has_extn("starttls"):
            # On this machine nobody stands between, and certificates are those of a fresh system.
            smtp.starttls(context=context_of(not server.is_local))
            smtp.ehlo_or_helo_if_needed()
        elif server.scheme == "smtp" and not server.is_local:
            raise Down("senza-tls")
        if server.user:
            smtp.login(server.user, server.password)


class _Smtp(smtplib.SMTP):
    """A connection whose greeting takes no longer than the rest."""

    def connect(self, *where: Any, **more: Any) -> tuple[int, bytes]:
        with limited(LONGEST, lambda: self.sock):
            return super().connect(*where, **more)


class _Smtps(_Smtp, smtplib.SMTP_SSL):
    pass
