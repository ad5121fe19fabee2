"""How many submissions a store of the form endpoint keeps in a second, each durable.

A figure of this kind says as much of the disk as of the program: a probe of the same disk, taken in
the same go, stands beside it.

    python bench/endpoint_store.py carta.db postgresql:///carta
"""

import hashlib
import secrets
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from endpoint.context import open_store
from endpoint.disks import sync_ms
from endpoint.settings import is_postgres
from endpoint.stores.store import Letter, Store, Submission

_CLIENTS, _SECONDS = 8, 3.0
_SEALED, _ADDRESS = 1_500, 250  # bytes: a complaint of 700 characters, an address
# Of as many services as a real Carta has: submissions for the same one count in turn.
_SERVICES = 40


@dataclass(frozen=True, slots=True)
class Figures:
    """Submissions a second; the milliseconds that half, and 99 of 100, took at most."""

    rate: float
    half: float
    most: float


def measure(store: Store, clients: int = _CLIENTS, seconds: float = _SECONDS) -> Figures:
    """Add submissions, each with two mails and a counter, as fast as the store takes them."""
    took: list[list[float]] = [[] for _ in range(clients)]
    begin = threading.Barrier(clients + 1)
    over = threading.Event()

    def client(mine: list[float]) -> None:
        begin.wait()
        while not over.is_set():
            start = time.perf_counter()
            _submit(store)
            mine.append(time.perf_counter() - start)

    threads = [threading.Thread(target=client, args=(mine,)) for mine in took]
    for thread in threads:
        thread.start()
    begin.wait()
    start = time.perf_counter()
    time.sleep(seconds)
    over.set()
    for thread in threads:
        thread.join()
    spent, every = time.perf_counter() - start, [one for mine in took for one in mine]
    cuts = [1000 * cut for cut in quantiles(every, n=100)]
    return Figures(len(every) / spent, cuts[49], cuts[98])


def _submit(store: Store) -> None:
    nonce = secrets.token_bytes(32)
    number, service = f"CAS-{nonce.hex()[:12]}", nonce[0] % _SERVICES
    item = Submission(
        nonce, number, hashlib.sha256(nonce).digest(), "reclamo", "v", int(time.time()), "web",
        secrets.token_bytes(_SEALED),
    )  # fmt: skip
    letters = [Letter(kind, secrets.token_bytes(_ADDRESS)) for kind in ("ufficio", "cittadino")]
    assert store.add(item, letters, [f"2026-11|reclamo|comune|s{service}|tempi|web"])


def main() -> None:
    """Print the figures of each database, by its path or address; each is used, not emptied."""
    for database in sys.argv[1:]:
        folder = Path() if is_postgres(database) else Path(database).absolute().parent
        store = open_store(database)
        kind = "PostgreSQL" if is_postgres(database) else "SQLite"
        before, figures, after = sync_ms(folder), measure(store), sync_ms(folder)
        print(
            f"{kind:10} {figures.rate:6.0f} invii/s, metà entro {figures.half:.1f} ms, 99 su 100 "
            f"entro {figures.most:.1f} ms (fdatasync: {before:.2f} ms prima, {after:.2f} ms dopo)"
        )
        store.close()


if __name__ == "__main__":
    main()
