"""Receipts read from a mailbox by IMAP: a real conversation with a small server on this machine."""

import base64
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from endpoint_client import NOW
from endpoint_process import environment, free_port
from imap_server import Mailbox, imap_server
from post_office import certificate, endless, post_office
from store_suite import letters, submission

from endpoint.cli import main
from endpoint.context import Context
from endpoint.post.mail import letter_mark
from endpoint.post.mailbox import poll
from endpoint.post.network import Down
from endpoint.servers import Server
from endpoint.stores.sqlite import SqliteStore

EXAMPLES = {file.stem: file.read_bytes() for file in (Path(__file__).parent / "pec").glob("*.eml")}
ID = "carta.0123456789abcdef0123456789abcdef"
SECRET = b"un segreto di prova lungo abbastanza 0123456789"
DAY = 86_400


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with imap_server() as running:
        yield running


@pytest.fixture
def server(mailbox: Mailbox) -> Server:
    return Server("imap", "127.0.0.1", mailbox.port, "moduli@pec.example.it", "pass/word")


def keep(store: SqliteStore, n: int) -> tuple[int, int]:
    """A submission whose two letters were handed over at NOW: their ids."""
    assert store.add(submission(n, received=int(NOW) - 5), letters(n), ())
    office, citizen = store.take(int(NOW), 60, 2)
    for mail in (office, citizen):
        store.sent(mail.id, int(NOW))
    return office.id, citizen.id


def about(name: str, id: int, domain: str = "example.it") -> bytes:
    """An example that is about a letter of ours."""
    raw = EXAMPLES[name]
    mark = letter_mark(SECRET, id, int(NOW) - 5)
    ours, example_id = f"{mark}@{domain}".encode(), f"{ID}@example.it".encode()
    xml = raw.partition(b"base64\n\n")[2].partition(b"\n\n")[0]
    if xml:
        new = base64.encodebytes(base64.b64decode(xml).replace(example_id, ours)).strip()
        raw = raw.replace(xml, new)
    return raw.replace(example_id, ours)


def receipts(store: SqliteStore) -> list[tuple[str, str]]:
    return [(item.receipt, item.reason) for item in store.sendings()]


def test_receipts_reach_their_letters_and_a_second_reading_changes_nothing(
    store: SqliteStore, mailbox: Mailbox, server: Server
) -> None:
    office, citizen = keep(store, 1)
    human = mailbox.add(EXAMPLES["lettera-qualsiasi"], NOW + 1)
    first = mailbox.add(about("accettazione", office), NOW + 2)
    assert poll(server, store, [SECRET], int(NOW) + 60) == 1
    assert receipts(store) == [("accettata", ""), ("", "")]
    mailbox.add(about("avvenuta-consegna", office), NOW + 70)
    mailbox.add(about("posta-respinta-in-busta", citizen), NOW + 71)
    foreign = mailbox.add(EXAMPLES["avvenuta-consegna"], NOW + 72)
    assert poll(server, store, [SECRET], int(NOW) + 120) == 2
    assert receipts(store) == [("consegnata", ""), ("non consegnata", "5.1.1")]
    assert set(mailbox.seen) == set(mailbox.messages) - {human, foreign}
    assert first in mailbox.seen
    assert poll(server, store, [SECRET], int(NOW) + 180) == 0
    assert not [words for words in mailbox.said if "EXPUNGE" in words or "Deleted" in words]


def test_whoever_opens_a_receipt_first_hides_nothing(
    store: SqliteStore, mailbox: Mailbox, server: Server
) -> None:
    office, _ = keep(store, 1)
    mailbox.add(about("errore-consegna", office), NOW + 10, "\\Seen")
    assert poll(server, store, [SECRET], int(NOW) + 60) == 1
    assert receipts(store)[0] == ("non consegnata", "errore-consegna no-dest")


@pytest.mark.parametrize(
    ("order", "last"),
    [
        (["avvenuta-consegna", "accettazione"], "consegnata"),
        (["accettazione", "preavviso-errore-consegna", "avvenuta-consegna"], "consegnata"),
        (["accettazione", "avvenuta-consegna", "errore-consegna"], "non consegnata"),
        (["non-accettazione", "accettazione"], "non consegnata"),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_the_last_word_counts_whenever_it_is_read(
    store: SqliteStore, mailbox: Mailbox, server: Server, order: list[str], last: str, at_once: bool
) -> None:
    office, _ = keep(store, 1)
    for place, name in enumerate(order):
        mailbox.add(about(name, office), NOW + place)
        if not at_once:
            poll(server, store, [SECRET], int(NOW) + 60)
    poll(server, store, [SECRET], int(NOW) + 120)
    assert receipts(store)[0][0] == last


def test_what_was_said_of_an_earlier_sending_is_over(
    store: SqliteStore, mailbox: Mailbox, server: Server
) -> None:
    office, _ = keep(store, 1)
    mailbox.add(about("errore-consegna", office), NOW + 10)
    poll(server, store, [SECRET], int(NOW) + 60)
    assert store.again(submission(1).number, int(NOW) + 100) == 1
    assert poll(server, store, [SECRET], int(NOW) + 101) == 0  # it waits: nothing is said of it
    store.sent(office, int(NOW) + 110)
    assert poll(server, store, [SECRET], int(NOW) + 120) == 0
    assert receipts(store)[0] == ("", "")
    mailbox.add(about("avvenuta-consegna", office), NOW + 130)
    assert poll(server, store, [SECRET], int(NOW) + 140) == 1


def test_a_letter_is_known_after_the_secret_and_the_sender_have_changed(
    store: SqliteStore, mailbox: Mailbox, server: Server
) -> None:
    office, _ = keep(store, 1)
    mailbox.add(about("avvenuta-consegna", office, "altro.example.it"), NOW + 10)
    assert poll(server, store, [SECRET[::-1]], int(NOW) + 60) == 0
    assert poll(server, store, [SECRET[::-1], SECRET], int(NOW) + 60) == 1


def test_a_huge_receipt_is_judged_by_its_headers(
    store: SqliteStore, mailbox: Mailbox, server: Server
) -> None:
    office, _ = keep(store, 1)
    mailbox.add(about("avvenuta-consegna", office) + b"x" * (1 << 20), NOW + 10)
    assert poll(server, store, [SECRET], int(NOW) + 60) == 1
    assert receipts(store)[0] == ("consegnata", "")
    assert not [words for words in mailbox.said if "PEEK[]" in words]


def test_without_letters_to_hear_of_nobody_is_asked(
    store: SqliteStore, mailbox: Mailbox, server: Server
) -> None:
    keep(store, 1)
    assert poll(server, store, [SECRET], int(NOW) + 11 * DAY) == 0
    assert mailbox.said == []


def test_three_hundred_messages_are_read_in_a_few_commands(
    store: SqliteStore, mailbox: Mailbox, server: Server
) -> None:
    office, _ = keep(store, 1)
    for n in range(300):
        mailbox.add(EXAMPLES["avvenuta-consegna"], NOW + n)
    mailbox.add(about("avvenuta-consegna", office), NOW + 400)
    assert poll(server, store, [SECRET], int(NOW) + 600) == 1
    assert len(mailbox.said) < 10


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"password": "sbagliata"}, "accesso"), ({"folder": "Altra"}, "cartella")],
)
def test_a_mailbox_that_does_not_open_says_why(
    store: SqliteStore, server: Server, changes: dict[str, str], reason: str
) -> None:
    keep(store, 1)
    with pytest.raises(Down, match=reason):
        poll(replace(server, **changes), store, [SECRET], int(NOW))


@pytest.mark.parametrize("said", [b"", b"* OK [", b"* OK\r\n", b"\xff\r\n"])
def test_a_mailbox_that_never_comes_to_the_point_is_left(
    store: SqliteStore, server: Server, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr("endpoint.post.imap.TIMEOUT", 0.2)
    monkeypatch.setattr("endpoint.post.imap._IN_ALL", 0.3)
    keep(store, 1)
    with endless(said) as port, pytest.raises(Down):
        poll(replace(server, port=port), store, [SECRET], int(NOW))
    with pytest.raises(Down, match="chiuso"):
        poll(replace(server, port=free_port()), store, [SECRET], int(NOW))


@pytest.mark.tools  # openssl makes the certificate
def test_the_certificate_of_the_mailbox_is_verified(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, _ = keep(store, 1)
    file, context = certificate(tmp_path, "localhost")
    with imap_server(context) as mailbox:
        server = Server("imaps", "localhost", mailbox.port, "moduli@pec.example.it", "pass/word")
        mailbox.add(about("avvenuta-consegna", office), NOW + 10)
        with pytest.raises(Down, match="certificato"):
            poll(server, store, [SECRET], int(NOW) + 60)
        assert mailbox.said == []
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert poll(server, store, [SECRET], int(NOW) + 60) == 1


def test_the_command_sends_then_reads_and_warns_of_what_came_back(
    tmp_path: Path, mailbox: Mailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    with post_office() as post:
        env = environment(
            tmp_path, CARTA_SMTP=f"smtp://127.0.0.1:{post.port}",
            CARTA_MAIL_FROM="moduli@pec.example.it", CARTA_MAIL_TO="ufficio@pec.example.it",
            CARTA_IMAP=f"imap://moduli@pec.example.it:pass%2Fword@127.0.0.1:{mailbox.port}",
        )  # fmt: skip
        with closing(SqliteStore(tmp_path / "moduli.db")) as store:
            keep_unsent(store)

        def call(after: float) -> tuple[int, str, str]:
            context = Context(env, lambda: NOW + after)
            status = main(["spedisci"], context)
            context.store.close()
            return status, *capsys.readouterr()

        assert call(1) == (0, "Lettere spedite: 1. In attesa: 0.\nRicevute nuove: 0.\n", "")
        ours = post.ids[0].strip("<>").encode()
        raw = EXAMPLES["errore-consegna"].split(b"\n\n")[0]
        mailbox.add(raw.replace(f"{ID}@example.it".encode(), ours) + b"\n\n", NOW + 2)
        status, output, errors = call(60)
        assert (status, output.splitlines()[-1]) == (1, "Ricevute nuove: 1.")
        assert "(ufficio) non è stata consegnata" in errors
        env["CARTA_IMAP"] = env["CARTA_IMAP"].replace("word", "sbagliata")
        status, _, errors = call(61)
        assert status == 1
        assert "Non riesco a leggere le ricevute" in errors
        assert "sbagliata" not in errors


def keep_unsent(store: SqliteStore) -> None:
    """A submission whose letter to the office waits."""
    item = submission(1, received=int(NOW), form="prova")
    assert store.add(item, letters()[:1], ())
