"""Marks in all that a citizen can write: they are in what is sealed, and nowhere else.

The real server, while its database works, is full, breaks, and while the program itself fails with
what was written in its hands.
"""

import json
import re
import resource
import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from endpoint_client import GOOD
from endpoint_process import FORM, Process, command, confirmation, environment, running
from persistent import receipt
from post_office import post_office
from pyrage.x25519 import Identity

from endpoint.sealing import open_sealed
from endpoint.stores.sqlite import SqliteStore

MARK = "kanarienvogel"
CONFIRM = f"{FORM}/conferma"
# Fails with the answers in its message and in its frame.
_FAILING = f"""
import sys
from endpoint import cli
from endpoint.cases import submitting
right = submitting.Submitter.add
def add(self, form, token, values, *rest):
    if {MARK + "roto"!r} in str(values):
        raise RuntimeError(repr(values))
    return right(self, form, token, values, *rest)
submitting.Submitter.add = add
sys.exit(cli.main())
"""
ADDRESS = f"{MARK}0@example.it"
WRITTEN = GOOD | {
    "nome": f"{MARK}1", "altro_nome": f"{MARK}2", "motivo": f"{MARK}3 " * 300, "email": ADDRESS,
    "telefono": "0833 7418529", "nato_il": "13/7/1913",
}  # fmt: skip
MARKS = (MARK, "7418529", "13/7/1913")


def refused(server: Process) -> list[int]:
    """The statuses of what is not taken: in fields, names, addresses, headers, whole bodies."""
    asked = [
        server.ask("POST", FORM, WRITTEN | changes)
        for changes in (
            {"nato_il": f"{MARK}a"}, {"nome": f"{MARK}b" * 9}, {f"{MARK}c": "x"},
            {"_n": [MARK] * 2},
            {"assistito": f"{MARK}d"}, {"telefono": f"{MARK}e"}, {"_v": f"{MARK}f"},
            {"motivo": f"{MARK}g" * 5000}, {"nome": f"\x00{MARK}h"}, {"_d": f"{MARK}i"},
        )
    ]  # fmt: skip
    asked += [
        server.ask("GET", f"/{MARK}j?{MARK}k={MARK}l"), server.ask("GET", f"/moduli/{MARK}m"),
        server.ask("GET", f"/ricevuta/{MARK}n"), server.ask("GET", f"/sportello/{MARK}o/prova"),
        server.ask(MARK.upper(), FORM), server.ask("POST", CONFIRM, WRITTEN | {"_t": f"{MARK}p"}),
        server.ask("POST", "/stato", {"numero": f"{MARK}q", "codice": f"{MARK}r"}),
        server.ask("POST", "/valutazione", {"pagina": MARK, "voto": f"{MARK}s"}),
    ]  # fmt: skip
    return [status for status, _, _ in asked] + list(raw(server))


def raw(server: Process) -> Iterator[int]:
    """The same in bodies and headers that no browser would send."""
    kinds = ("application/json", "text/plain", f"multipart/form-data; boundary={MARK}", MARK)
    plain = "application/x-www-form-urlencoded"
    headers = {
        "User-Agent": MARK, "Referer": f"https://example.it/{MARK}", "Cookie": f"a={MARK}",
        "X-Forwarded-For": MARK, "Origin": f"https://{MARK}.example.it",
    }  # fmt: skip
    bodies = [(kind, f'{{"nome": "{MARK}"}}') for kind in kinds]
    bodies += [(plain, f"nome={MARK}%FF"), (plain, f"{MARK}"), (plain, MARK * 9000)]
    bodies += [(f"{plain}; charset={MARK}", "nome=x"), (plain, urlencode(WRITTEN, doseq=True))]
    for kind, body in bodies:
        link = HTTPConnection("127.0.0.1", server.port, timeout=20)
        link.request("POST", FORM, body, headers | {"Content-Type": kind})
        yield link.getresponse().status
        link.close()


def filed(server: Process) -> tuple[str, str]:
    """A submission that is taken: its number and code."""
    data = confirmation(server.ask("POST", FORM, WRITTEN)[2])
    status, headers, _ = server.ask("POST", CONFIRM, data)
    assert status == 303
    return receipt(server.ask("GET", headers["Location"])[2])


def broken(server: Process, file: Path, **changes: str) -> None:
    """One that is not: the answers come back on a page, and are kept nowhere."""
    data = confirmation(server.ask("POST", FORM, WRITTEN | changes)[2])
    status, _, page = server.ask("POST", CONFIRM, data)
    assert status == 503
    assert MARK in page


def limited(server: Process, file: Path) -> None:
    """One while no file may grow."""
    soft, hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (1, hard))
    broken(server, file)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (soft, hard))


def spoilt(server: Process, file: Path) -> None:
    """One while the pages of the database are not what they were."""
    with closing(sqlite3.connect(file)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = file.read_bytes()
    file.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
    broken(server, file)
    file.write_bytes(whole)


def open_files(pid: int) -> set[str]:
    """The files on a disk that a process has opened, also those that have no name any more."""
    links = [link for link in Path(f"/proc/{pid}/fd").iterdir() if link.name not in ("0", "1")]
    found = {str(link.readlink()) for link in links}
    return {name for name in found if name.startswith("/") and not name.startswith("/dev/")}


@pytest.mark.slow
def test_a_process_that_dies_of_a_mistake_leaves_no_picture_of_its_memory(tmp_path: Path) -> None:
    allow = ("sh", "-c", 'ulimit -c unlimited; exec "$@"', "sh", sys.executable, "-m", "endpoint")
    with running(environment(tmp_path), program=allow, cwd=tmp_path) as server:
        filed(server)
        assert resource.prlimit(server.process.pid, resource.RLIMIT_CORE)[0] == 0
        server.process.send_signal(signal.SIGABRT)
        server.process.wait(20)
    assert {path.name.partition(".db")[0] for path in tmp_path.iterdir()} == {"forms", "moduli"}


@pytest.mark.slow
def test_what_citizens_write_is_sealed_or_forgotten(tmp_path: Path) -> None:
    office, (log, file) = Identity.generate(), (tmp_path / "log", tmp_path / "moduli.db")
    with post_office() as post:
        env = environment(
            tmp_path, office, CARTA_MAIL_TO="ufficio@example.it", CARTA_MAIL_FROM="a@example.it",
            CARTA_SMTP=f"smtp://127.0.0.1:{post.port}",
        )  # fmt: skip
        start = (sys.executable, "-X", "dev", "-c", _FAILING)
        with running(env, program=start, log=log) as server:
            statuses = refused(server)
            number, code = filed(server)
            limited(server, file)
            broken(server, file, nome=f"{MARK}roto")
            spoilt(server, file)
            again = filed(server)
            pid = server.process.pid
            assert open_files(pid) == {str(log), *map(str, tmp_path.glob("moduli.db*"))}
            around = Path(f"/proc/{pid}/environ").read_bytes()
            around += Path(f"/proc/{pid}/cmdline").read_bytes().replace(_FAILING.encode(), b"")
            on_disk = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        sent = command("spedisci", env=env)
    letters = "".join(letter.as_string() + letter.get_content() for _, letter in post.taken)
    on_disk += b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    # The marks were everywhere: what was refused, and what was sealed.
    assert set(statuses) == {200, 400, 404, 405, 409, 413, 415, 422}
    with closing(SqliteStore(file)) as store:
        content = {case.number: str(open_sealed(sealed, office)) for case, sealed in store.sealed()}
    assert set(content) == {number, again[0]}
    assert all(mark in content[number] for mark in (f"{MARK}3", ADDRESS, *MARKS))
    assert post.to.count(ADDRESS) == post.to.count("ufficio@example.it") == 2
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()[1:]]
    assert [line["status"] for line in lines].count(503) == 3
    assert any("RuntimeError" in line["outcome"] for line in lines)
    # And now they are nowhere.
    said = sent.stdout + sent.stderr + letters.replace(ADDRESS, "")
    for secret in (*MARKS, code, code.replace("-", ""), again[1]):
        for form in (secret, secret.upper(), secret.encode().hex()):
            assert form.encode() not in on_disk + around
            assert form not in said
    assert not re.search(r"\bAda\b|\bBea\b", said)
