"""A mailbox that speaks as much IMAP (RFC 3501) as is needed to read receipts, on this machine."""

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import compat32

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass
class Message:
    raw: bytes
    arrived: float
    flags: set[str] = field(default_factory=set)


@dataclass
class Mailbox:
    """The messages by UID, and every command that was given, without its password."""

    port: int = 0
    messages: dict[int, Message] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    def add(self, raw: bytes, arrived: float, *flags: str) -> int:
        uid = max(self.messages, default=10) + 1
        self.messages[uid] = Message(raw, arrived, set(flags))
        return uid

    @property
    def seen(self) -> list[int]:
        return [uid for uid, item in self.messages.items() if "\\Seen" in item.flags]

    def answer(self, command: str, rest: str) -> tuple[list[bytes], str]:
        """The untagged answers to a command, and how it ended."""
        name, _, words = rest.partition(" ")
        if command == "CAPABILITY":
            return [b"CAPABILITY IMAP4rev1"], "OK done"
        if command == "LOGIN":
            good = rest == 'moduli@pec.example.it "pass/word"'
            return [], "OK in" if good else "NO [AUTHENTICATIONFAILED] no"
        if command == "SELECT":
            is_there = rest == '"INBOX"'
            return [
                b"%d EXISTS" % len(self.messages)
            ], "OK done" if is_there else "NO no such mailbox"
        if command == "LOGOUT":
            return [b"BYE bye"], "OK done"
        if (command, name) == ("UID", "SEARCH"):
            return [b"SEARCH" + b"".join(b" %d" % uid for uid in self._since(words))], "OK done"
        if (command, name) == ("UID", "FETCH"):
            return [self._fetched(uid, words) for uid in self._named(words)], "OK done"
        if (command, name) == ("UID", "STORE"):
            for uid in self._named(words):
                self.messages[uid].flags |= set(re.findall(r"\\\w+", words))
            return [], "OK done"
        return [], "BAD what?"

    def _since(self, words: str) -> list[int]:
        day, month, year = words.removeprefix("SINCE ").split("-")
        first = datetime(int(year), _MONTHS.index(month) + 1, int(day), tzinfo=UTC).timestamp()
        return [uid for uid, item in self.messages.items() if item.arrived >= first]

    def _named(self, words: str) -> list[int]:
        return [int(uid) for uid in words.split(" ")[0].split(",") if int(uid) in self.messages]

    def _fetched(self, uid: int, words: str) -> bytes:
        item = self.messages[uid]
        start = f"1 FETCH (UID {uid} FLAGS ({' '.join(item.flags)})"
        if "BODY.PEEK[]" in words:
            return f"{start} BODY[] {{{len(item.raw)}}}\r\n".encode() + item.raw + b")"
        names = re.findall(r"FIELDS \(([^)]*)\)", words)[0]
        head = message_from_bytes(item.raw, policy=compat32)
        kept = "".join(f"{n}: {v}\r\n" for n, v in head.items() if n.upper() in names.split())
        when = f"{datetime.fromtimestamp(item.arrived, UTC):%d-%b-%Y %H:%M:%S +0000}"
        kept = (kept + "\r\n")[: int(re.findall(r"<0\.(\d+)>", words)[0])]
        literal = f"BODY[HEADER.FIELDS ({names})]<0> {{{len(kept)}}}\r\n{kept}"
        # Some of what was asked for comes after the literal: any order is allowed.
        return f'{start} {literal} INTERNALDATE "{when}" RFC822.SIZE {len(item.raw)})'.encode()


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        mailbox: Mailbox = self.server.mailbox  # type: ignore[attr-defined]
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, command, *rest = line.decode().rstrip("\r\n").split(" ", 2)
            mailbox.said.append(" ".join([command, *rest]).split(' "pass')[0])
            untagged, end = mailbox.answer(command.upper(), rest[0] if rest else "")
            answers = b"".join(b"* " + said + b"\r\n" for said in untagged)
            self.wfile.write(answers + f"{tag} {end}\r\n".encode())
            if command == "LOGOUT":
                break


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = False
    tls: ssl.SSLContext | None = None

    def finish_request(self, request: object, client_address: object) -> None:
        if self.tls:
            try:
                request = self.tls.wrap_socket(request, server_side=True)  # type: ignore[arg-type]
            except ssl.SSLError:
                return
        super().finish_request(request, client_address)  # type: ignore[arg-type]
        if self.tls:
            request.close()  # type: ignore[attr-defined]


@contextmanager
def imap_server(tls: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    """Run a server with an empty mailbox, of moduli@pec.example.it with password pass/word."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        mailbox = Mailbox(server.server_address[1])
        server.mailbox, server.tls = mailbox, tls  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield mailbox
        finally:
            server.shutdown()
            thread.join()
