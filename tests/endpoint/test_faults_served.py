"""What goes wrong under the real server: disk, database, secret, clock, citizens in a hurry."""

import os
import re
import resource
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from endpoint_client import GOOD, Client
from endpoint_process import FORM, Process, command, confirmation, environment, running
from persistent import receipt
from test_faults import durable
from test_faults_kill import check_whole

from endpoint.cases.days import ZONE
from endpoint.settings import Settings
from endpoint.stores.sqlite import SqliteStore
from endpoint.tokens import code_digest

CONFIRM = f"{FORM}/conferma"
ROOM = 300_000  # bytes: some submissions with their log
_NORMAL = """
import sys
from endpoint import cli
from endpoint.stores import sqlite
sqlite.SqliteStore.__init__.__defaults__ = ("NORMAL",)
sys.exit(cli.main())
"""


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path, CARTA_MAIL_TO="ufficio@example.it")


@pytest.fixture
def served(env: dict[str, str]) -> Iterator[Process]:
    with running(env) as server:
        yield server


def checked(server: Process) -> dict[str, list[str]]:
    """What the check page sends."""
    status, _, page = server.ask("POST", FORM, GOOD)
    assert status == 200, page
    return confirmation(page)


def confirmed(server: Process, data: dict[str, list[str]]) -> tuple[str, str]:
    """Number and code of what is acknowledged."""
    status, headers, page = server.ask("POST", CONFIRM, data)
    assert status == 303, page
    return receipt(server.ask("GET", headers["Location"])[2])


# --- The disk ----------------------------------------------------------------------------------


def traced(env: dict[str, str], trace: Path, *start: str) -> list[bool]:
    """For each of twenty receipts: was its data on the disk before it was sent?"""
    calls = "trace=pwrite64,fdatasync,sendto"
    strace = ("strace", "-f", "-y", "-s", "16", "-e", calls, "-o", str(trace))
    with running(env, program=(*strace, sys.executable, *start)) as server:
        for _ in range(20):
            server.submit()
        [child] = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text(
            "utf-8"
        ).split()  # fmt: skip
        os.kill(int(child), signal.SIGTERM)
        server.process.wait(20)
    answers = durable(trace.read_text("utf-8"), '"HTTP/1.1 303')
    assert len(answers) == 20
    return answers


@pytest.mark.slow
@pytest.mark.tools
def test_every_receipt_is_sent_after_its_data_is_on_the_disk(
    env: dict[str, str], tmp_path: Path
) -> None:
    assert all(traced(env, tmp_path / "trace", "-m", "endpoint"))


@pytest.mark.slow
@pytest.mark.tools
def test_the_same_proof_fails_when_commits_are_not_synchronous(
    env: dict[str, str], tmp_path: Path
) -> None:
    assert traced(env, tmp_path / "trace", "-c", _NORMAL).count(True) <= 2


@pytest.mark.slow
def test_a_full_disk_gives_the_answers_back_and_a_bigger_one_goes_on(
    served: Process, tmp_path: Path
) -> None:
    """No file of the server may grow beyond a limit, which is then lifted: nobody restarts it."""
    soft, hard = resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (ROOM, hard))
    receipts, refused = [], []
    for _ in range(200):
        data = checked(served)
        status, headers, page = served.ask("POST", CONFIRM, data)
        if status == 303:
            receipts.append(receipt(served.ask("GET", headers["Location"])[2]))
            continue
        assert (status, headers["Retry-After"]) == (503, "60")
        assert confirmation(page) == data
        refused.append(data)
        if len(refused) == 10:
            break
    assert len(receipts) > 5
    assert len(refused) == 10
    assert "le tue risposte non sono state inviate" in page
    resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (soft, hard))
    receipts += [confirmed(served, data) for data in refused]
    check_whole(tmp_path, receipts)


@pytest.mark.slow
def test_a_database_in_use_gives_the_answers_back_within_five_seconds(
    served: Process, tmp_path: Path
) -> None:
    data = checked(served)
    with closing(sqlite3.connect(tmp_path / "moduli.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        start = time.monotonic()
        status, headers, page = served.ask("POST", CONFIRM, data)
        assert 4.5 < time.monotonic() - start < 6
        assert (status, headers["Retry-After"]) == (503, "60")
        assert "0000 000000" in page  # another way to be heard
        kept = confirmation(page)
        assert kept == data
    check_whole(tmp_path, [confirmed(served, kept)])


# --- Citizens ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_twenty_confirms_at_once_have_one_receipt(served: Process, tmp_path: Path) -> None:
    data = checked(served)
    with ThreadPoolExecutor(20) as pool:
        receipts = list(pool.map(lambda _: confirmed(served, data), range(20)))
    assert len(set(receipts)) == 1
    check_whole(tmp_path, receipts[:1])


@pytest.mark.slow
def test_who_hung_up_before_the_answer_gets_the_receipt_on_asking_again(
    served: Process, tmp_path: Path
) -> None:
    data = checked(served)
    body = urlencode(data, doseq=True)
    with socket.create_connection(("127.0.0.1", served.port)) as link:
        link.sendall(
            f"POST {CONFIRM} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}".encode()
        )
    until = time.monotonic() + 10
    while not kept(tmp_path) and time.monotonic() < until:
        time.sleep(0.02)
    assert kept(tmp_path) == 1
    check_whole(tmp_path, [confirmed(served, data)])


def kept(folder: Path) -> int:
    """How many submissions are stored."""
    with closing(sqlite3.connect(folder / "moduli.db")) as look:
        count: int = look.execute("SELECT count(*) FROM submission").fetchone()[0]
    return count


@pytest.mark.slow
def test_what_is_erased_on_request_is_in_no_file_while_the_server_runs(
    env: dict[str, str], served: Process, tmp_path: Path
) -> None:
    erased, other = (confirmed(served, checked(served)) for _ in range(2))
    with closing(SqliteStore(tmp_path / "moduli.db")) as store:
        sealed = {case.number: content for case, content in store.sealed()}
    assert all(content in on_disk(tmp_path) for content in sealed.values())
    done = command("cancella", "--numero", erased[0], env=env)
    assert "contenuto e messaggi di 1 invio" in done.stdout
    assert erased[0] not in done.stdout
    assert sealed[erased[0]] not in on_disk(tmp_path)
    assert sealed[other[0]] in on_disk(tmp_path)
    assert (
        served.ask("POST", "/stato", dict(zip(("numero", "codice"), other, strict=True)))[0] == 200
    )


def on_disk(folder: Path) -> bytes:
    """All that is in the files of the database."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("moduli.db*")))


# --- Secret and clock --------------------------------------------------------------------------

Make = Callable[..., Client]


def test_a_secret_that_changes_in_the_middle_of_a_journey_loses_nobody(
    make_client: Make, settings: Settings, store: SqliteStore
) -> None:
    before = make_client()
    open_page, sent = before.checked(), before.checked()
    first = receipt(before.get(before.confirm(sent).headers["Location"]).text)
    old, new = settings.secrets[0], b"un altro segreto di prova, lungo abbastanza 0123"
    both = make_client(settings=replace(settings, secrets=(new, old)))
    both.now = before.now
    # Who had the check page open goes on; who asks again has the same receipt as before.
    second = receipt(both.get(both.confirm(open_page).headers["Location"]).text)
    assert receipt(both.get(both.confirm(sent).headers["Location"]).text) == first
    after = make_client(settings=replace(settings, secrets=(new,)))
    after.now = both.now
    late = after.confirm(before.checked())
    assert late.status == 409
    after.now += 5
    third = receipt(after.get(after.confirm(late.hidden()).headers["Location"]).text)
    for number, code in (first, second, third):
        assert after.post("/stato", {"numero": number, "codice": code}).status == 200
    assert len(list(store.cases())) == 3


@pytest.mark.parametrize("jump", [-86_400, -3600, -200, 200, 3600, 86_400, 40 * 86_400])
@pytest.mark.parametrize("is_kept", [False, True])
def test_a_clock_that_jumps_keeps_one_submission_and_its_receipt(
    jump: int, is_kept: bool, client: Client, store: SqliteStore
) -> None:
    data = client.checked()
    first = receipt(client.get(client.confirm(data).headers["Location"]).text) if is_kept else None
    client.now += jump
    answer = client.confirm(data)
    if answer.status == 409:  # to be read again
        assert not is_kept
        client.now += 5
        answer = client.confirm(answer.hidden())
    assert answer.status == 303
    [case] = store.cases()
    page = client.get(answer.headers["Location"]).text
    number, code = receipt(page)
    assert case.number == number
    assert first in (None, (number, code))
    assert store.find(number, code_digest(code)) is not None
    assert sum(store.counters(2026).values()) + sum(store.counters(2027).values()) == 1


@pytest.mark.parametrize(
    ("moment", "day", "hour", "month"),
    [
        ("2026-12-31 23:59:59", "31 dicembre 2026", "23:59", "2026-12"),
        ("2027-01-01 00:00:00", "1º gennaio 2027", "00:00", "2027-01"),
        ("2028-02-29 12:00:00", "29 febbraio 2028", "12:00", "2028-02"),
        ("2026-03-29 01:59:59", "29 marzo 2026", "01:59", "2026-03"),
        ("2026-03-29 03:00:00", "29 marzo 2026", "03:00", "2026-03"),
        ("2026-10-25 02:30:00", "25 ottobre 2026", "02:30", "2026-10"),
    ],
)
def test_the_receipt_has_the_day_and_the_hour_of_italy(
    moment: str, day: str, hour: str, month: str, client: Client, store: SqliteStore
) -> None:
    client.now = datetime.fromisoformat(moment).replace(tzinfo=ZONE).timestamp() - 5
    data = client.checked()
    link = client.confirm(data).headers["Location"]
    page = client.get(link).text
    assert day in page
    assert re.search(rf"\b{hour}\b", page)
    client.now += 1  # perhaps another day, another year
    assert client.confirm(data).status == 303
    assert [key[:7] for key in store.counters(int(month[:4]))] == [month]
    assert list(store.counters(int(month[:4])).values()) == [1]
