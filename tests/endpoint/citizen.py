"""A whole body for browser tests: its site on one port of this machine, its endpoint on another."""

import functools
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml
from in_browser import ROOT
from playwright.sync_api import Page
from pyrage.x25519 import Identity
from waitress import create_server

from endpoint.cases.ente import read_body
from endpoint.forms.definition import Definition, Field, read_definition
from endpoint.settings import Settings
from endpoint.stores.sqlite import SqliteStore
from endpoint.tokens import Keys
from endpoint.web.app import make_app
from site_builder.content import read_content
from site_builder.forms import body_data, compiled_forms
from site_builder.headers import headers, inline_scripts

_SECRET = b"un segreto di prova lungo abbastanza 0123456789"
_TODAY = "2026-11-22"
_SAYS = {
    "testo": "Ada", "testo_lungo": "Prima riga\n\nseconda <b>", "data": "27/3/1980",
    "email": "ada@example.it", "telefono": "+39 0833 000000", "numero": "3",
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """Addresses without a final slash, the forms, what the endpoint has stored."""

    site: str
    endpoint: str
    forms: dict[str, Definition]
    store: SqliteStore
    desk: str
    folder: Path


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Build the site of the repository's own body, without prints, and serve it with its forms."""
    catalog, _ = read_content(ROOT)
    assert catalog
    forms = {id: read_definition(data) for id, data in compiled_forms(catalog).items()}
    with ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as pages:
        site = f"http://127.0.0.1:{pages.server_port}"
        store = SqliteStore(folder / "moduli.db")
        recipients = tuple(Identity.generate().to_public() for _ in range(2))
        settings = Settings((_SECRET,), recipients, "", folder, mail_to="ufficio@example.it")
        body = read_body(body_data(catalog, "", int(_TODAY[:4])), site)
        with (folder / "log").open("w", encoding="utf-8") as log:
            app = make_app(settings, store, forms, body, stream=log)
            server = create_server(app, host="127.0.0.1", port=0, ident=None)
            threading.Thread(target=server.run, daemon=True).start()
            endpoint = f"http://127.0.0.1:{server.effective_port}"
            output = _built(folder, endpoint)
            pages.RequestHandlerClass = _pages(output, endpoint)
            threading.Thread(target=pages.serve_forever, daemon=True).start()
            try:
                yield World(site, endpoint, forms, store, Keys(_SECRET).desk_key(), output)
            finally:
                pages.shutdown()
                server.close()
                store.close()


def _built(folder: Path, endpoint: str) -> Path:
    body, output = folder / "body", folder / "site"
    body.mkdir()
    (body / "content").symlink_to(ROOT / "content")
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    plugin = yaml.safe_dump({"plugins": [{"carta": {"prints": False, "today": _TODAY}}]})
    start, end = text.index("plugins:"), text.index("markdown_extensions:")
    (body / "mkdocs.yml").write_text(text[:start] + plugin + text[end:], "utf-8")
    command = [sys.executable, "-m", "site_builder", "build", str(body), "--output", str(output)]
    env = {**os.environ, "CARTA_ENDPOINT": endpoint}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=env)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return output


def _pages(folder: Path, endpoint: str) -> Any:
    scripts = {
        s for page in folder.rglob("*.html") for s in inline_scripts(page.read_text("utf-8"))
    }
    # Without the one that a server on this machine cannot keep: https.
    sent = [pair for pair in headers(scripts, endpoint) if pair[0] != "Strict-Transport-Security"]

    class Handler(SimpleHTTPRequestHandler):
        """The files with the headers of the published site."""

        def end_headers(self) -> None:
            for name, value in sent:
                self.send_header(name, value)
            super().end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return functools.partial(Handler, directory=str(folder))


def fill(page: Page, form: Definition) -> dict[str, str]:
    """Answer every question that is asked, of choices the first one; the answers in words."""
    told: dict[str, str] = {}
    chosen: dict[str, str] = {}
    for field in form.campi:
        if field.se and chosen.get(field.se.campo) != field.se.valore:
            continue
        if field.opzioni:
            first = field.opzioni[0]
            chosen[field.id], told[field.etichetta] = first.valore, first.etichetta
        else:
            told[field.etichetta] = _SAYS[field.tipo]
        put(page, field)
    return told


def put(page: Page, field: Field) -> None:
    """Answer one question."""
    if not field.opzioni:
        page.fill(f"#campo-{field.id}", _SAYS[field.tipo])
    elif page.locator(f"select#campo-{field.id}").count():
        page.select_option(f"#campo-{field.id}", field.opzioni[0].valore)
    else:
        page.check(f"#campo-{field.id}-1")
