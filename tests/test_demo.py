"""The demo really run: site and endpoint on this machine, a complaint filed, opened, all gone."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
_PATIENCE = 900.0  # seconds: the first time all the prints are drawn


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    folder, said = tmp_path / "demo", tmp_path / "said"
    with said.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            [sys.executable, "-X", "dev", "scripts/demo.py", "--output", str(folder)],
            cwd=ROOT, stdout=stream, stderr=subprocess.STDOUT, text=True, start_new_session=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()  # it stops what it started
        process.wait(30)


def _wait_for(process: subprocess.Popen[str], said: Path, words: str) -> str:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        text = said.read_text("utf-8")
        if words in text:
            return text
        assert process.poll() is None, text
        time.sleep(0.1)
    raise AssertionError(said.read_text("utf-8"))


def _ask(url: str, data: Mapping[str, Any] | None = None) -> tuple[str, str]:
    """The page, and where it was in the end."""
    body = urlencode(data, doseq=True).encode() if data is not None else None
    with urllib.request.urlopen(url, body, timeout=20) as answer:
        return answer.read().decode(), answer.url


def _example(folder: Path) -> dict[str, Any]:
    """Answers that the compiled form itself gives as a good example."""
    form = json.loads((folder / "moduli" / "reclamo.json").read_text("utf-8"))
    good = [item["risposte"] for item in form["esempi"] if not item.get("errori")]
    return dict(good[0])


def test_a_complaint_is_filed_opened_and_gone(demo: subprocess.Popen[str], tmp_path: Path) -> None:
    folder, said = tmp_path / "demo", tmp_path / "said"
    text = _wait_for(demo, said, "Per finire premi Ctrl-C.")
    [form] = re.findall(r"apri (http://\S+/moduli/reclamo/)", text)
    [state] = re.findall(r"(http://\S+/stato)$", text, re.M)
    static, _ = _ask(form)
    own = state.removesuffix("stato")
    assert f'action="{own}moduli/reclamo"' in static

    page, _ = _ask(f"{own}moduli/reclamo", _example(folder))
    assert "Controlla le risposte" in page
    fields: dict[str, list[str]] = {"azione": ["invia"]}
    for name, value in re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page):
        fields.setdefault(name, []).append(unescape(value))
    receipt, _ = _ask(f"{own}moduli/reclamo/conferma", fields)
    number = re.findall(r"[A-Z]{2,4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]", receipt)[0]

    text = _wait_for(demo, said, f"ricevuta {number}")
    assert "A: ufficio@example.it" in text
    _wait_for(demo, said, "1 invio")
    [phrase] = re.findall(r"^ +frase +(.*)$", text, re.M)
    (tmp_path / "frase").write_text(phrase, "utf-8")
    command = [
        sys.executable, "-m", "endpoint", "apri", str(folder / "invii.json"), "--chiave",
        str(folder / "chiave-ufficio.age"), "--frase-da", str(tmp_path / "frase"),
        "--numero", number,
    ]  # fmt: skip
    opened = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (opened.returncode, opened.stderr) == (0, "")
    assert number in opened.stdout
    assert (folder / "apri-reclami.html").is_file()

    demo.send_signal(signal.SIGINT)
    assert demo.wait(20) == 0
    assert not folder.exists()
    assert "Traceback" not in said.read_text("utf-8")
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(state, timeout=5)


def test_a_demo_that_runs_is_not_run_over(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    command = [sys.executable, "scripts/demo.py", "--output", str(tmp_path / "demo")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "c'è già" in done.stderr
    assert (tmp_path / "demo").is_dir()
