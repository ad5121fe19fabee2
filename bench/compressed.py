"""Serve a folder on this machine as a good server would: Brotli at its best, kept once made."""

import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import brotli

_TEXT = {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".map"}


@cache
def _content(path: Path) -> tuple[bytes, bool]:
    """The bytes to send and whether they are Brotli."""
    data = path.read_bytes()
    return (brotli.compress(data), True) if path.suffix in _TEXT else (data, False)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder: Path

    def do_GET(self) -> None:
        path = (self.folder / unquote(urlsplit(self.path).path).lstrip("/")).resolve()
        if path.is_dir():
            path /= "index.html"
        if not path.is_relative_to(self.folder) or not path.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        data, packed = _content(path)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", mimetypes.guess_type(path.name)[0] or "font/woff2")
        self.send_header("Content-Length", str(len(data)))
        if packed:
            if "br" not in self.headers.get("Accept-Encoding", ""):
                raise ValueError("the browser takes no Brotli")
            self.send_header("Content-Encoding", "br")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on the loopback; give the address with its final slash."""
    handler = type("Handler", (_Handler,), {"folder": folder.resolve()})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
