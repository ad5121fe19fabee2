"""How long a person waits under `carta serve` between saving a file and seeing the change."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from statistics import median

_TIMEOUT = 60.0


def delays(body: Path, edits: int) -> list[float]:
    """Serve a body, edit a sheet so many times; return the seconds until each edit is visible."""
    sheet = sorted((body / "content" / "services").glob("*.yml"))[0]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    configuration = body / "mkdocs.yml"
    text = re.sub(r"^dev_addr: .*\n", "", configuration.read_text("utf-8"), flags=re.M)
    configuration.write_text(f"{text}dev_addr: {address}\n", "utf-8")
    url = f"http://{address}/servizi/{sheet.stem}/"
    server = subprocess.Popen(
        [sys.executable, "-m", "site_builder", "serve", str(body)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"NO_COLOR": "1"},
    )  # fmt: skip
    try:
        _wait_for(url, "<h1")
        return [_edit(sheet, url, number) for number in range(edits)]
    finally:
        server.terminate()
        server.wait(_TIMEOUT)


def say(waits: list[float]) -> str:
    """The waits in a sentence."""
    return (
        f"serve: da un file salvato alla pagina cambiata, mediana {median(waits):.2f} s "
        f"(da {min(waits):.2f} a {max(waits):.2f}, {len(waits)} modifiche)"
    )


def _edit(sheet: Path, url: str, number: int) -> float:
    time.sleep(1.5 + 0.13 * number)  # not always at the same point of the server's own round
    title = f"Titolo cambiato {number}"
    text = re.sub(r"^titolo: .*$", f"titolo: {title}", sheet.read_text("utf-8"), flags=re.M)
    start = time.monotonic()
    sheet.write_text(text, "utf-8")
    _wait_for(url, title)
    return time.monotonic() - start


def _wait_for(url: str, words: str) -> None:
    start = time.monotonic()
    while time.monotonic() - start < _TIMEOUT:
        try:
            with urllib.request.urlopen(url, timeout=_TIMEOUT) as answer:
                if words in answer.read().decode("utf-8"):
                    return
        except OSError:
            pass  # not up yet
        time.sleep(0.02)
    raise SystemExit(f"«{words}» non è comparso in {url} entro {_TIMEOUT:.0f} secondi.")
