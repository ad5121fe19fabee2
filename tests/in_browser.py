"""What browser tests share: a built site, a server on this machine, Chromium, the addresses."""

import functools
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
# Without these Chromium itself calls home, which is not what is tested here.
_FLAGS = ("no-sandbox", "disable-gpu", "disable-background-networking", "disable-sync",
          "disable-component-update", "no-first-run")  # fmt: skip


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


def build(output: Path, body: Path = ROOT) -> None:
    """Build the real site of a body into a folder."""
    command = [sys.executable, "-m", "site_builder", "build", str(body), "--output", str(output)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{done.stdout}\n{done.stderr}")


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on the loopback; give the address with its final slash."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=[f"--{flag}" for flag in _FLAGS]
        )
        yield browser
        browser.close()


def urls(folder: Path) -> list[str]:
    """The addresses of all pages of a built site, from its root: the home is empty.

    Without the short links, which have no frame and forward at once: a browser would only see
    the pages behind them once more. They are tested in test_shortlinks.py.
    """
    pages = sorted(page.relative_to(folder).as_posix() for page in folder.rglob("*.html"))
    return [page.removesuffix("index.html") for page in pages if not page.startswith("s/")]
