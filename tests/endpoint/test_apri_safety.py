"""The page that opens what arrives lets nothing out, and is what its sources say."""

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
ROOM = ROOT / "endpoint" / "apri"
PAGE = ROOM / "apri-reclami.html"


# --- No way out --------------------------------------------------------------------------------


class _Ear(BaseHTTPRequestHandler):
    heard: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.heard.append(self.path)
        self.send_response(204)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()

    do_POST = do_GET  # noqa: N815 - as the standard library calls it

    def log_message(self, format: str, *args: object) -> None:
        pass


_WAYS_OUT = {
    "fetch": "fetch(to).then(() => 'out', () => 'no')",
    "xhr": "new Promise(d => { const x = new XMLHttpRequest(); x.onload = () => d('out');"
    " x.onerror = () => d('no'); x.open('GET', to); x.send(); })",
    "beacon": "Promise.resolve(navigator.sendBeacon(to) ? 'sent' : 'no')",
    "socket": "new Promise(d => { try { const s = new WebSocket(to.replace('http', 'ws'));"
    " s.onopen = () => d('out'); s.onerror = () => d('no'); } catch { d('no'); } })",
    "image": "new Promise(d => { const i = new Image(); i.onload = () => d('out');"
    " i.onerror = () => d('no'); i.src = to; })",
    "script": "new Promise(d => { const s = document.createElement('script');"
    " s.onload = () => d('out'); s.onerror = () => d('no'); s.src = to;"
    " document.head.append(s); })",
    "style": "new Promise(d => { const s = document.createElement('link'); s.rel = 'stylesheet';"
    " s.onload = () => d('out'); s.onerror = () => d('no'); s.href = to;"
    " document.head.append(s); })",
    "frame": "new Promise(d => { const f = document.createElement('iframe'); f.src = to;"
    " f.onload = () => d('no'); document.body.append(f); setTimeout(() => d('no'), 500); })",
    "form": "new Promise(d => { const f = document.createElement('form'); f.action = to;"
    " f.method = 'post'; document.body.append(f); f.submit(); setTimeout(() => d('no'), 500); })",
    "inline": "new Promise(d => { const s = document.createElement('script');"
    " s.textContent = `window.out = 1`; document.head.append(s); d(window.out ? 'out' : 'no'); })",
    "worker": "new Promise(d => { try { const w = new Worker(URL.createObjectURL(new Blob(['1'])));"
    " w.onerror = () => d('no'); setTimeout(() => d('out'), 500); } catch { d('no'); } })",
}


@pytest.fixture
def ear() -> Iterator[str]:
    _Ear.heard.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Ear) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/via"
        server.shutdown()


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("way", _WAYS_OUT)
def test_no_way_leads_out(browser: Browser, ear: str, way: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(PAGE.as_uri())
    assert page.evaluate(f"(to) => {_WAYS_OUT[way]}", ear) != "out"
    page.wait_for_timeout(100)
    assert _Ear.heard == []
    context.close()


@pytest.mark.slow
@pytest.mark.browser
def test_the_ear_would_hear(browser: Browser, ear: str) -> None:
    """The same fetch from a page without a policy: so the test above can fail."""
    context = browser.new_context()
    page = context.new_page()
    assert page.evaluate(f"(to) => {_WAYS_OUT['fetch']}", ear) == "out"
    assert _Ear.heard == ["/via"]
    context.close()


# --- The file ------------------------------------------------------------------------------------


def test_its_policy_allows_nothing_but_itself() -> None:
    text = PAGE.read_text("utf-8")
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert set(rules) == {"default-src", "script-src", "style-src", "form-action", "base-uri"}
    assert {rules[name] for name in ("default-src", "form-action", "base-uri")} == {"'none'"}
    assert all(re.fullmatch(r"'sha256-[\w+/=]{44}'", rules[n]) for n in ("script-src", "style-src"))
    assert text.index("Content-Security-Policy") < text.index("<style>") < text.index("<script>")


def test_the_licences_of_what_is_in_it_are_in_it() -> None:
    text = PAGE.read_text("utf-8")
    wanted = json.loads((ROOM / "package-lock.json").read_text("utf-8"))["packages"]
    inside = {name.removeprefix("node_modules/"): entry for name, entry in wanted.items()
              if name and not entry.get("dev")}  # fmt: skip
    assert len(inside) == 6
    for name, entry in inside.items():
        assert entry["license"] in ("MIT", "BSD-3-Clause")
        assert f"{name} {entry['version']} ({entry['license']})\n" in text
    assert text.count("Permission is hereby granted") == 5
    assert text.count("Redistribution and use in source and binary forms") == 1


def test_its_packages_are_pinned_with_their_hashes() -> None:
    lock = json.loads((ROOM / "package-lock.json").read_text("utf-8"))["packages"]
    wanted = json.loads((ROOM / "package.json").read_text("utf-8"))
    assert lock[""]["dependencies"] == wanted["dependencies"] == {"age-encryption": "0.3.1"}
    packages = {name: entry for name, entry in lock.items() if name}
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []
    assert [name for name, entry in packages.items() if "resolved" in entry] == []


@pytest.mark.tools
def test_it_is_built_from_its_sources_byte_by_byte(tmp_path: Path) -> None:
    packages = ROOT / ".venv" / "apri"
    if not (node := shutil.which("node")) or not (packages / "node_modules").is_dir():
        pytest.skip("scripts/setup.sh test has not installed the packages")
    built = tmp_path / "pagina.html"
    command = [node, str(ROOM / "build.mjs"), "--packages", str(packages), "--output", str(built)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert built.read_bytes() == PAGE.read_bytes()
    assert done.stdout.startswith(hashlib.sha256(PAGE.read_bytes()).hexdigest())
