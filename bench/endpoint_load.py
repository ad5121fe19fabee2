"""The form endpoint as a process of its own, with many forms to file: what the benchmarks load.

It is the command `servi`, with its own settings. A form is let through only so often, so the load
is spread over copies of one form, each with its own name.
"""

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from pyrage.x25519 import Identity

from endpoint.forms.definition import version_of
from endpoint.tokens import Keys

SECRET = "x9Kq2mWe7Rt4Yu1Io8Pa5Sd3Fg6Hj0Lz"
_FORM = "reclamo"
_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.M)


@dataclass(frozen=True, slots=True)
class Town:
    """The settings of an endpoint, and the requests that confirm a submission to its forms."""

    env: dict[str, str]
    forms: dict[str, dict[str, Any]]

    def confirms(self, how_many: int) -> list[bytes]:
        """As many confirms, each of another visit, as a browser sends them."""
        keys, now = Keys(SECRET.encode()), int(time.time()) - 5
        names = cycle(self.forms)
        return [self._confirm(keys, now, next(names)) for _ in range(how_many)]

    def _confirm(self, keys: Keys, now: int, name: str) -> bytes:
        form = self.forms[name]
        token = keys.issue(now, name, form["versione"])
        good = next(one for one in form["esempi"] if not one["errori"])
        return posted(
            f"/moduli/{name}/conferma", good["risposte"] | {"_t": token, "azione": "invia"}
        )


def posted(path: str, answers: dict[str, Any]) -> bytes:
    """A POST of a form, on a connection that stays open."""
    body = urlencode(answers, doseq=True)
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}"
    ).encode()


def town(export: Path, folder: Path, copies: int, database: str = "") -> Town:
    """An endpoint in a folder, for the complaint form of an export, as often as it is wanted."""
    folder.mkdir()
    (folder / "ente.json").write_bytes((export / "ente.json").read_bytes())
    first = json.loads((export / f"{_FORM}.json").read_text("utf-8"))
    forms = {}
    for place in range(copies):
        data = {key: value for key, value in first.items() if key != "versione"}
        data["id"] = f"{_FORM}-{place}"
        forms[data["id"]] = {**data, "versione": version_of(data)}
        text = json.dumps(forms[data["id"]], ensure_ascii=False)
        (folder / f"{data['id']}.json").write_text(text, "utf-8")
    keys = [str(Identity.generate().to_public()) for _ in range(2)]
    env = {
        "CARTA_SECRET": SECRET, "CARTA_RECIPIENTS": ",".join(keys), "CARTA_PROVA": "si",
        "CARTA_DB": database or str(folder / "moduli.db"), "CARTA_FORMS": str(folder),
        "CARTA_MAIL_TO": "ufficio@example.it", "PATH": os.environ["PATH"],
    }  # fmt: skip
    return Town(env, forms)


def started(env: dict[str, str]) -> tuple[subprocess.Popen[bytes], int]:
    """The process that serves, as soon as it is executed, and the port it will listen on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "endpoint", "servi", "--host", "127.0.0.1"]
    process = subprocess.Popen(
        command, env={**env, "PORT": str(port)}, stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[1],
    )  # fmt: skip
    return process, port


def connected(port: int) -> socket.socket:
    """A connection, as soon as somebody listens."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            return socket.create_connection(("127.0.0.1", port), 20)
        except ConnectionRefusedError:
            time.sleep(0.001)
    raise SystemExit("L'endpoint non risponde.")


def answered(link: socket.socket, request: bytes) -> int:
    """Send a request and read its whole answer; the status."""
    link.sendall(request)
    said = b""
    while b"\r\n\r\n" not in said:
        piece = link.recv(65_536)
        if not piece:
            raise SystemExit("L'endpoint ha chiuso il collegamento.")
        said += piece
    head, _, body = said.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    missing = (int(length[1]) if length else 0) - len(body)
    while missing > 0:
        missing -= len(link.recv(65_536))
    return int(head[9:12])


@contextmanager
def serving(env: dict[str, str], core: int | None = None) -> Iterator[tuple[int, int]]:
    """Process id and port of an endpoint, on one core if it is named."""
    process, port = started(env)
    try:
        connected(port).close()
        if core is not None:
            for task in Path(f"/proc/{process.pid}/task").iterdir():
                os.sched_setaffinity(int(task.name), {core})
        yield process.pid, port
    finally:
        process.kill()
        process.wait()


@dataclass(frozen=True, slots=True)
class Load:
    """Requests a second, the milliseconds of each, sorted, and the most memory (PSS) in MiB."""

    rate: float
    times: Sequence[float]
    memory: float

    def share(self, part: float) -> float:
        """The milliseconds within which that part of the requests was answered."""
        return self.times[min(int(part * len(self.times)), len(self.times) - 1)]


def load(pid: int, port: int, requests: Sequence[bytes], clients: int) -> Load:
    """Send the requests from so many clients at once, each on one connection; all must be taken."""
    took: list[list[float]] = [[] for _ in range(clients)]

    def client(place: int) -> None:
        with connected(port) as link:
            for request in requests[place::clients]:
                begin = time.perf_counter()
                status = answered(link, request)
                took[place].append((time.perf_counter() - begin) * 1000)
                if status != 303:
                    raise SystemExit(f"L'endpoint ha risposto {status}.")

    threads = [threading.Thread(target=client, args=(place,)) for place in range(clients)]
    start, most = time.perf_counter(), 0.0
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        most = max(most, memory(pid))
        time.sleep(0.1)
    spent, times = time.perf_counter() - start, sorted(one for mine in took for one in mine)
    if len(times) != len(requests):
        raise SystemExit("Non tutti gli invii sono stati accettati.")
    return Load(len(times) / spent, times, most)


def memory(pid: int) -> float:
    """The memory of a process in MiB, what it shares with others counted in part (PSS)."""
    found = _PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8"))
    return int(found[1]) / 1024 if found else 0.0
