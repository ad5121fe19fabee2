"""What tests of the editing page and the script of its pictures share: a body, a preview."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Locator, Page

from site_builder.cli import main

CONTACT = Path("content/contacts/sportello-sociale-di-valle-chiara.yml")
# Fictitious; with comments and several ways of writing, which must all stay.
_WRITTEN = """\
# Lo sportello del Comune capofila.
id: sportello-sociale-di-valle-chiara
nome: Sportello sociale di Valle Chiara
tipo: sportello
comune: valle-chiara
indirizzo: {via: Via delle Prove, civico: 3, cap: "10001"}  # accanto al municipio
telefoni:
  - {numero: "0800 000000", tipo: fisso}  # centralino
email:
  - indirizzo: sportello@comune.esempio.it
orari:
  - {giorni: lun-ven, dalle: "09:00", alle: "12:00"}
fonte: {documento: carta-dei-servizi, riga: 1}
aggiornato_il: 2026-01-10
verifica_ogni_mesi: 6
"""
_STEP = re.compile(
    r"premi (?:\*\*(?P<press>.+?)\*\*|(?P<enter>Invio))"
    r"|[Nn]el campo \*\*(?P<field>.+?)\*\* scrivi `(?P<value>.+?)`"
    r"|compa(?:re|ia) \*\*(?P<seen>.+?)\*\*",
    re.I | re.S,
)


def trial_body(folder: Path) -> Path:
    """A small body with a desk whose telephone is wrong; nothing in it is real."""
    options = {
        "nome": "Ambito di Esempio", "nome-breve": "Esempio", "appartenenza": "Regione Esempio",
        "comune": "Valle Chiara, 000001, 10001, ES", "area": "Famiglie",
        "sportello": "Sportello sociale di Valle Chiara",
    }  # fmt: skip
    said = [word for name, value in options.items() for word in (f"--{name}", value)]
    assert main(["init", str(folder), *said]) == 0
    (folder / CONTACT).write_text(_WRITTEN, "utf-8")
    for path in folder.rglob("content/**/*.*"):  # the day on which they were made
        text = path.read_text("utf-8").replace(date.today().isoformat(), "2026-01-10")
        path.write_text(text, "utf-8")
    return folder


@contextmanager
def preview(body: Path) -> Iterator[str]:
    """`carta serve` on a body; gives the address with its final slash."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = body / "mkdocs.yml"
    settings.write_text(f"{settings.read_text('utf-8')}\ndev_addr: 127.0.0.1:{port}\n", "utf-8")
    command = [sys.executable, "-m", "site_builder", "serve", str(body)]
    log = (body.parent / "serve.log").open("wb")
    with log, subprocess.Popen(command, stdout=log, stderr=log, env=os.environ) as process:
        try:
            _wait(address := f"http://127.0.0.1:{port}/", process)
            yield address
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """As the technician does; by force where whoever started the tests has had Ctrl+C ignored."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            with urlopen(address) as answer:
                answer.read()
            return
        except URLError:
            assert process.poll() is None, "the preview has stopped"
            time.sleep(0.1)
    raise AssertionError("the preview does not start")


def steps(guide: str, heading: str) -> list[str]:
    """The numbered steps below a heading of a guide, each with all its lines."""
    section = guide.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    found = re.split(r"^\d+\. ", section, flags=re.M)[1:]
    return [re.split(r"\n\n(?=\S)", step)[0] for step in found]


def follow(page: Page, step: str) -> int:
    """Do in the page what a step of the guide says; how many things that was."""
    done = 0
    for match in _STEP.finditer(re.sub(r"\s+", " ", step)):
        done += 1
        if match["enter"]:
            page.keyboard.press("Enter")
        elif match["press"]:
            _named(page, match["press"]).click()
        elif match["field"]:
            _field(page, match["field"]).fill(match["value"])
        else:
            whole = not match["seen"].endswith(":")
            page.get_by_text(match["seen"], exact=whole).first.wait_for()
    return done


def no_error(page: Page) -> bool:
    """Whether the check that the page shows has found no error."""
    return "error" not in page.locator("#controllo-esito").inner_text()


def _named(page: Page, name: str) -> Locator:
    found = page.get_by_role("button", name=name, exact=True)
    for role in ("menuitem", "link"):
        # Playwright names every role as a literal; these are strings of a tuple above.
        found = found.or_(page.get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]
    return found.first


def _field(page: Page, name: str) -> Locator:
    by_label = page.get_by_label(name, exact=True)
    return by_label.or_(page.get_by_placeholder(name, exact=True)).first
