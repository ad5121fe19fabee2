"""The endpoint as a process of its own: a compiled export, its environment, HTTP to it."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from endpoint_client import GOOD, compiled
from pyrage.x25519 import Identity

from endpoint.forms.definition import version_of

ROOT = Path(__file__).parents[2]
SECRET = "x9Kq2mWe7Rt4Yu1Io8Pa5Sd3Fg6Hj0Lz"
FORM = "/moduli/prova"
URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}


def body_data(**changes: Any) -> dict[str, Any]:
    """A compiled body, as `carta export forms` writes it."""
    data: dict[str, Any] = {
        "formato": 1, "nome": "Ente di prova", "prefisso": "PRO", "sito": "",
        "calendario": {"dal": "2020-01-01", "al": "2099-12-31", "sabato_lavorativo": None,
                       "festivi": []},
        "moduli": {"prova": {
            "vie": [["Telefono", "0000 000000"]], "ricevuta": [["Ufficio", "Ufficio di prova"]],
            "rimedi": [], "termini": [], "sospensione": None,
            "conservazione": {"giorni_dopo_protocollo": 30, "mesi_al_massimo": 24},
            "senza_termini": "La Carta non dice entro quanti giorni arriva la risposta.",
        }},
        **changes,
    }  # fmt: skip
    return {**data, "versione": version_of(data)}


def write_export(folder: Path, **changes: Any) -> Path:
    """An export with one form, «prova», and the body."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in (("prova", compiled()), ("ente", body_data(**changes))):
        text = json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1)
        (folder / f"{name}.json").write_text(text, "utf-8")
    return folder


def environment(folder: Path, *identities: Identity, **changes: str) -> dict[str, str]:
    """The settings of an endpoint whose files are in a folder; any disk will do."""
    keys = [str(key.to_public()) for key in (*identities, Identity.generate(), Identity.generate())]
    return {
        "CARTA_SECRET": SECRET, "CARTA_RECIPIENTS": ",".join(keys[:2]), "CARTA_PROVA": "si",
        "CARTA_DB": str(folder / "moduli.db"), "CARTA_FORMS": str(write_export(folder / "forms")),
        **changes,
    }  # fmt: skip


def command(
    *words: str, env: Mapping[str, str], cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command of the endpoint to its end."""
    return subprocess.run(
        [sys.executable, "-X", "dev", "-m", "endpoint", *words], env=_own(env), cwd=cwd or ROOT,
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def _own(env: Mapping[str, str]) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **env}


def free_port() -> int:
    """A port on which nobody listens just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class Process:
    """A running endpoint."""

    port: int
    process: subprocess.Popen[str]

    def ask(
        self, method: str, path: str, data: Mapping[str, Any] | None = None
    ) -> tuple[int, dict[str, str], str]:
        """Status, headers and text of one request on a connection of its own."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        text = urlencode(data, doseq=True) if data is not None else None
        try:
            link.request(method, path, text, URLENCODED if text is not None else {})
            answer = link.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()
        finally:
            link.close()

    def submit(self) -> str:
        """File the form through both steps; the address of the receipt."""
        status, _, page = self.ask("POST", FORM, GOOD)
        assert status == 200, page
        status, headers, page = self.ask("POST", f"{FORM}/conferma", confirmation(page))
        assert status == 303, page
        return headers["Location"]

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """Its exit status, and the seconds that it took to stop."""
        start = time.monotonic()
        self.process.send_signal(number)
        status = self.process.wait(20)
        return status, time.monotonic() - start


def confirmation(page: str) -> dict[str, list[str]]:
    """What the check page sends."""
    found: dict[str, list[str]] = {"azione": ["invia"]}
    for name, value in re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page):
        found.setdefault(name, []).append(unescape(value))
    return found


@contextmanager
def running(
    env: Mapping[str, str],
    *words: str,
    log: Path | None = None,
    program: tuple[str, ...] = (),
    cwd: Path = ROOT,
) -> Iterator[Process]:
    """The endpoint, from when it listens until the end of the block."""
    port = free_port()
    start = program or (sys.executable, "-X", "dev", "-m", "endpoint")
    with (log or Path(os.devnull)).open("w", encoding="utf-8") as said:
        process = subprocess.Popen(
            [*start, "servi", "--host", "127.0.0.1", *words], env=_own({**env, "PORT": str(port)}),
            cwd=cwd, stderr=said, text=True,
        )  # fmt: skip
    try:
        _wait_until_open(port, process)
        yield Process(port, process)
    finally:
        process.kill()
        process.wait()


def _wait_until_open(port: int, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if process.poll() is not None:
            raise AssertionError(f"it stopped with {process.returncode}: give a log to see why")
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.01)
    raise AssertionError("it does not listen")
