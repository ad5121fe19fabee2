"""How long an office waits for five hundred complaints: the page from the disk, the command, age.

Each in its own way, all from one export and one key that a passphrase locks.
"""

import subprocess
import sys
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from json import loads
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from pyrage.x25519 import Identity
from slow_phone import phone

from endpoint.office.exporting import write_export
from endpoint.office.keyfiles import lock_key
from endpoint.sealing import seal
from endpoint.stores.store import Case

_ROOT = Path(__file__).resolve().parent.parent
_HOW_MANY = 500
_PHRASE = "quattro parole messe a caso"
_NOW = 1_800_000_000
Say = Callable[[str, str], None]


def measure(work: Path, say: Say) -> None:
    """Open them in each way and say the seconds."""
    office, other = Identity.generate(), Identity.generate()
    export, key, phrase = work / "invii.json", work / "chiave.age", work / "frase.txt"
    export.write_bytes(_export((office.to_public(), other.to_public())))
    key.write_bytes(lock_key(office, _PHRASE))
    phrase.write_text(_PHRASE, "utf-8")
    work_factor = key.read_bytes().split(b"\n")[1].split()[-1].decode()
    say("lavoro della frase (scrypt)", f"2^{work_factor}")
    words = [
        sys.executable, "-m", "endpoint", "apri", str(export), "--chiave", str(key),
        "--output", str(work / "invii.ods"), "--frase-da", str(phrase),
    ]  # fmt: skip
    start = time.perf_counter()
    subprocess.run(words, check=True, capture_output=True, cwd=_ROOT)
    say(f"{_HOW_MANY} reclami aperti dal comando", f"{time.perf_counter() - start:.1f} s")
    for part in (_by_age, _by_page):
        try:
            part(work, office, say)
        except (OSError, ImportError) as error:
            say(part.__name__, f"non misurato: {error}")


def _export(recipients: tuple[Any, ...]) -> bytes:
    found = []
    for place in range(_HOW_MANY):
        number = f"LOI-{place:04}-0000-0"
        case = Case(place, number, "reclamo", _NOW, "ricevuto", "web", False, "", "")
        said = [("Nome", f"Ada {place}"), ("Che cosa è successo", "Parole. " * 80)]
        content = {
            "numero": number, "modulo": "reclamo", "titolo": "Reclamo", "versione": "0" * 16,
            "ricevuto": "2027-01-15T08:00:00+00:00", "canale": "web",
            "risposte": [
                {"campo": f"c{n}", "domanda": asked, "valore": text, "risposta": text}
                for n, (asked, text) in enumerate(said)
            ],
        }  # fmt: skip
        found.append((case, seal(content, recipients)))
    return write_export("Ente di prova", found, _NOW)


def _by_age(work: Path, office: Identity, say: Say) -> None:
    """The independent program, once for each file and without a passphrase."""
    key = work / "plain.key"
    key.write_text(f"{office}\n", "ascii")
    sealed = [
        b64decode(item["cifrato"]) for item in loads((work / "invii.json").read_bytes())["invii"]
    ]
    start = time.perf_counter()
    for content in sealed:
        command = ["age", "--decrypt", "--identity", str(key)]
        subprocess.run(command, input=content, check=True, capture_output=True)
    spent = time.perf_counter() - start
    say("  di fianco: age, un file alla volta, senza frase", f"{spent:.1f} s")


def _by_page(work: Path, office: Identity, say: Say) -> None:
    """The page in Chromium, from the choice of the files to the list."""
    with _tab() as page:
        page.set_default_timeout(120_000)
        page.goto((_ROOT / "endpoint" / "apri" / "apri-reclami.html").as_uri())
        for field, name in (("#chiave", "chiave.age"), ("#invii", "invii.json")):
            page.set_input_files(field, work / name)
        page.fill("#frase", _PHRASE)
        start = time.perf_counter()
        page.get_by_role("button", name="Apri", exact=True).click()
        page.get_by_role("heading", name=f"{_HOW_MANY} invii").wait_for()
        say(f"{_HOW_MANY} reclami aperti dalla pagina", f"{time.perf_counter() - start:.1f} s")


@contextmanager
def _tab() -> Iterator[Page]:
    with phone() as browser:
        yield browser.new_page()
