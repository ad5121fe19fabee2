"""What the demo runs beside itself: the site on a port, the endpoint as a process."""

import functools
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

HERE = "127.0.0.1"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving(folder: Path, site: str) -> Iterator[None]:
    """The folder at the address of the site, until the end of the block."""
    handler = functools.partial(_Quiet, directory=str(folder))
    port = int(site.rstrip("/").rpartition(":")[2])
    with ThreadingHTTPServer((HERE, port), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()


@contextmanager
def receiving(environ: dict[str, str], log: Path) -> Iterator[None]:
    """The endpoint as it is run on a server: a process of its own, here with a session of its own.

    So Ctrl-C reaches the demo alone, which then stops it as a server would be stopped.
    """
    with log.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "endpoint", "servi", "--host", HERE],
            env=os.environ | environ, stderr=stream, start_new_session=True,
        )  # fmt: skip
    try:
        _wait(process, int(environ["PORT"]), log)
        yield
    finally:
        process.terminate()
        process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    while process.poll() is None:
        with socket.socket() as probe:
            if not probe.connect_ex((HERE, port)):
                return
        time.sleep(0.05)
    raise RuntimeError(log.read_text("utf-8"))


def free_port(wanted: int) -> int:
    """That port of this computer or, if it is taken, another."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HERE, wanted))
        except OSError:
            probe.bind((HERE, 0))
        port: int = probe.getsockname()[1]
    return port
