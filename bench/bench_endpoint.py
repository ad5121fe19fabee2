"""`make bench-endpoint`: what the form endpoint costs and bears, beside what the machine can do.

Nothing here passes or fails. A figure of a disk says as much of the disk as of the program: the
time of an fdatasync, taken in the same go, stands beside it.
"""

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import endpoint_opening
import endpoint_store
from endpoint_load import Town, answered, connected, load, posted, serving, started, town

from endpoint.disks import sync_ms
from endpoint.stores.sqlite import SqliteStore

_ROOT = Path(__file__).resolve().parent.parent
_STARTS, _CLIENTS, _REQUESTS, _COPIES, _SLOW, _GOOD = 20, 8, 6000, 60, 200, 60


def main() -> None:
    """Measure and print one line for each figure."""
    (_ROOT / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_ROOT / "build") as name:  # not in memory
        work = Path(name)
        export = work / "export"
        _run("-m", "site_builder", "export", "forms", "--output", str(export))
        _say("carico della macchina", f"{os.getloadavg()[0]:.1f}")
        for part in (_cold, _loaded, _slow, _postgres):
            try:
                part(export, work)
            except (OSError, AssertionError, ImportError) as error:
                _say(part.__name__.strip("_"), f"non misurato: {error}")
        endpoint_opening.measure(work, _say)


def _say(what: str, figure: str) -> None:
    print(f"{what:<50} {figure}", flush=True)


def _run(*words: str) -> None:
    done = subprocess.run([sys.executable, *words], cwd=_ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} è fallito:\n{done.stdout}{done.stderr}")


def _cold(export: Path, work: Path) -> None:
    """From exec to the first receipt, on an empty database."""
    times = [_start_ms(town(export, work / f"cold-{n}", 1)) for n in range(_STARTS)]
    _say("avvio -> prima ricevuta (ms)", _spread(times))
    for name, words in (
        ("  di fianco: python -c 'import sqlite3'", ("-c", "import sqlite3")),
        ("  di fianco: python -c 'import http.server'", ("-c", "import http.server")),
    ):
        _say(name, _spread([_timed(lambda words=words: _run(*words)) for _ in range(_STARTS)]))
    _say("  di fianco: fdatasync", f"{sync_ms(work):.2f} ms")


def _start_ms(place: Town) -> float:
    [request] = place.confirms(1)
    start = time.perf_counter()
    process, port = started(place.env)
    try:
        with connected(port) as link:
            status = answered(link, request)
        took = (time.perf_counter() - start) * 1000
    finally:
        process.kill()
        process.wait()
    assert status == 303, status
    return took


def _timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def _spread(times: list[float]) -> str:
    return f"mediana {median(times):.0f} ({min(times):.0f}-{max(times):.0f})"


def _loaded(export: Path, work: Path) -> None:
    """Confirms from clients on the other core; each is sealed, stored and synchronised."""
    place = town(export, work / "load", _COPIES)
    requests, before = place.confirms(_REQUESTS), sync_ms(work)
    with serving(place.env, core=0) as (pid, port):
        os.sched_setaffinity(0, {1})
        found = load(pid, port, requests, _CLIENTS)
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    after = sync_ms(work)
    _say("invii/s, un processore, 8 client", f"{found.rate:.0f}")
    _say("  metà entro, 99 su 100 entro (ms)", f"{found.share(0.5):.1f}, {found.share(0.99):.1f}")
    _say("  fdatasync prima e dopo (ms)", f"{before:.2f}, {after:.2f}")
    _say("  0,15 / fdatasync (invii/s)", f"{150 / max(before, after):.0f}")
    _say("  memoria sotto carico, PSS (MiB)", f"{found.memory:.1f}")
    store = SqliteStore(work / "bare.db")
    os.sched_setaffinity(0, {0})
    bare = endpoint_store.measure(store, _CLIENTS)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    store.close()
    _say("  di fianco: solo la base di dati (invii/s)", f"{bare.rate:.0f}, 99% {bare.most:.1f} ms")


def _slow(export: Path, work: Path) -> None:
    """Good requests while many others send a byte at a time, half of them in the headers."""
    place = town(export, work / "slow", 1)
    name, form = next(iter(place.forms.items()))
    good = next(one for one in form["esempi"] if not one["errori"])["risposte"]
    whole = posted(f"/moduli/{name}", good)
    with serving(place.env) as (_, port):
        links = [connected(port) for _ in range(_SLOW)]
        for number, link in enumerate(links):
            link.sendall(whole[:40] if number % 2 else whole[: whole.index(b"\r\n\r\n") + 8])
        over = threading.Event()
        dripping = threading.Thread(target=_drip, args=(links, over))
        dripping.start()
        times = [_timed(lambda: _ask(port, whole)) for _ in range(_GOOD)]
        over.set()
        dripping.join()
        for link in links:
            link.close()
    quick = sum(took < 100 for took in times)
    _say(
        f"durante {_SLOW} client lenti, buone entro 100 ms",
        f"{quick} su {_GOOD}, mediana {median(times):.1f}, massimo {max(times):.1f} ms",
    )


def _drip(links: Sequence[socket.socket], over: threading.Event) -> None:
    while not over.wait(0.05):
        for link in links:
            try:
                link.send(b"a")
            except OSError:
                continue


def _ask(port: int, request: bytes) -> None:
    with connected(port) as link:
        assert answered(link, request) == 200


def _postgres(export: Path, work: Path) -> None:
    """The same load with PostgreSQL on the same machine, through a socket; it has both cores."""
    sys.path.append(str(_ROOT / "tests" / "endpoint"))
    from postgres_server import Server

    server = Server()
    try:
        place = town(export, work / "postgres", _COPIES, server.new())
        requests = place.confirms(_REQUESTS)
        with serving(place.env, core=0) as (pid, port):
            found = load(pid, port, requests, _CLIENTS)
    finally:
        server.close()
    _say("invii/s con PostgreSQL", f"{found.rate:.0f}, 99 su 100 entro {found.share(0.99):.1f} ms")
    _say("  memoria, PSS (MiB)", f"{found.memory:.1f}")
    _say("  di fianco: fdatasync", f"{sync_ms(work):.2f} ms")


if __name__ == "__main__":
    main()
