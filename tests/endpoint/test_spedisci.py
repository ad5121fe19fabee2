"""`carta-endpoint spedisci` as it is called: what it says, and its exit status."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from endpoint_client import NOW
from endpoint_process import SECRET, command, environment, free_port
from post_office import Post, post_office
from store_suite import submission

from endpoint.cli import main
from endpoint.context import Context
from endpoint.sealing import own_identity, seal
from endpoint.stores.sqlite import SqliteStore
from endpoint.stores.store import Letter

OFFICE, ADA = "ufficio@example.it", "ada@example.it"
HOUR = 3600
Call = Callable[..., tuple[int, str, str]]
NUMBER = "PRO-0000-0001-Y"


@pytest.fixture
def post() -> Iterator[Post]:
    with post_office() as running:
        yield running


@pytest.fixture
def call(tmp_path: Path, post: Post, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call the command some seconds after NOW: status, output, errors."""
    env = environment(
        tmp_path, CARTA_SMTP=f"smtp://127.0.0.1:{post.port}", CARTA_MAIL_FROM="moduli@example.it",
        CARTA_MAIL_TO=OFFICE,
    )  # fmt: skip

    def called(*words: str, after: float = 60, **changes: str) -> tuple[int, str, str]:
        context = Context(env | changes, lambda: NOW + after)
        status = main(["spedisci", *words], context)
        said = capsys.readouterr()
        if "store" in context.__dict__:
            context.store.close()
        return status, said.out, said.err

    return called


@pytest.fixture
def queued(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "moduli.db")
    own = own_identity(SECRET.encode()).to_public()
    to = [("ufficio", OFFICE), ("cittadino", ADA)]
    letters = [Letter(kind, seal({"indirizzo": address}, [own])) for kind, address in to]
    item = submission(1, received=int(NOW), form="prova", number=NUMBER)
    assert store.add(item, letters, ())
    yield store
    store.close()


def test_it_sends_and_says_how_many(call: Call, queued: SqliteStore, post: Post) -> None:
    assert call() == (0, "Lettere spedite: 2. In attesa: 0.\n", "")
    assert sorted(post.to) == [ADA, OFFICE]
    assert call() == (0, "Lettere spedite: 0. In attesa: 0.\n", "")


def test_after_an_hour_it_raises_the_alarm(call: Call, queued: SqliteStore) -> None:
    nobody = f"smtp://127.0.0.1:{free_port()}"
    status, output, errors = call(after=HOUR, CARTA_SMTP=nobody)
    assert (status, errors) == (0, "")
    assert "In attesa: 2, la più vecchia da 1 ora." in output
    assert "il server non accetta collegamenti" in output
    status, _, errors = call(after=HOUR + 61, CARTA_SMTP=nobody)
    assert status == 1
    assert errors.count("ATTENZIONE. La lettera PRO-0000-0001-Y") == 2
    assert "«La posta»" in errors
    assert call(after=3 * HOUR)[0] == 0


def test_the_list_shows_every_letter_and_sends_none(
    call: Call, queued: SqliteStore, post: Post
) -> None:
    post.recipients[ADA] = "550 5.1.1 <ada@example.it> unknown"
    assert call()[0] == 1
    status, output, errors = call("--elenco")
    assert status == 1
    assert output.splitlines() == [
        f"{NUMBER}  ufficio    15/01/2027 09:00  consegnata al server",
        f"{NUMBER}  cittadino  15/01/2027 09:00  in coda (codice 550 5.1.1; tentativi: 1)",
    ]
    assert ADA not in output + errors
    assert len(post.taken) == 1


def test_one_is_tried_again_at_once_when_asked(call: Call, queued: SqliteStore, post: Post) -> None:
    post.recipients[ADA] = "550 5.1.1 no"
    call()
    post.recipients.clear()
    assert call()[1].startswith("Lettere spedite: 0.")
    status, output, _ = call("--ripeti", "pro 0000 ooo1 y")  # as people type
    assert (status, output) == (0, "Lettere spedite: 1. In attesa: 0.\n")
    status, _, errors = call("--ripeti", NUMBER)
    assert (status, "niente da rispedire" in errors) == (1, True)
    status, _, errors = call("--ripeti", "PRO-0000-0001-Z")
    assert (status, "non è un numero di ricevuta" in errors) == (1, True)


def test_a_citizen_who_cannot_be_reached_is_left_and_the_alarm_ends(
    call: Call, queued: SqliteStore, post: Post
) -> None:
    post.recipients[ADA] = "550 5.1.1 no"
    assert call()[0] == 1
    status, output, _ = call("--abbandona", NUMBER)
    assert (status, output) == (0, "Lettere al cittadino abbandonate: 1.\n")
    assert "cittadino  15/01/2027 09:00  abbandonata\n" in call("--elenco")[1]
    assert call(after=24 * HOUR) == (0, "Lettere spedite: 0. In attesa: 0.\n", "")


def test_an_empty_outbox_has_an_empty_list(call: Call) -> None:
    assert call("--elenco") == (0, "Nessuna lettera.\n", "")


def test_without_a_server_it_says_what_to_write(tmp_path: Path) -> None:
    done = command("spedisci", env=environment(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert "CARTA_SMTP" in done.stderr
    assert "Traceback" not in done.stderr
