"""The outbox against real SMTP servers that fail in every way: each letter goes, and goes once.

Run as a program, this file is a sender that is killed between handing over and marking.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

import pytest
from endpoint_client import GOOD, NOW, Client, FakeBody, compiled
from endpoint_process import SECRET, free_port
from post_office import Post, certificate, endless, post_office
from store_suite import submission

from endpoint.forms.definition import read_definition
from endpoint.post.delivery import Courier
from endpoint.post.mail import Writer
from endpoint.post.network import context_of
from endpoint.post.outbox import Outbox, Run, give_up, pause
from endpoint.post.posted import state, troubles, why
from endpoint.sealing import own_identity, seal
from endpoint.servers import Server, read_server
from endpoint.settings import Settings
from endpoint.stores.sqlite import SqliteStore
from endpoint.stores.store import Letter

OFFICE, ADA = "ufficio@example.it", "ada@example.it"
FROM = "moduli@example.it"
HOUR = 3600


def keep(store: SqliteStore, secret: bytes, n: int, *to: tuple[str, str]) -> None:
    """A submission that came n seconds after NOW, with letters to (kind, address)."""
    own = own_identity(secret).to_public()
    letters = [Letter(kind, seal({"indirizzo": address}, [own])) for kind, address in to]
    assert store.add(submission(n, received=int(NOW) + n, form="prova"), letters, ())


class Sender:
    """An outbox on a store, whose clock is set by hand."""

    def __init__(
        self, store: SqliteStore, settings: Settings, port: int, timeout: float = 5, **changes: str
    ) -> None:
        self.now, self.store = NOW + 60, store
        server = replace(Server("smtp", "127.0.0.1", port), **changes)  # type: ignore[arg-type]
        writer = Writer(FakeBody(), {"prova": read_definition(compiled())}, FROM)
        courier = Courier(server, FROM, timeout, longest=2 * timeout)
        self.outbox = Outbox(settings, store, writer, courier, lambda: self.now)

    def run(self, *, after: float = 0) -> Run:
        self.now += after
        return self.outbox.run()

    @property
    def states(self) -> list[str]:
        return [state(item) for item in self.store.sendings()]

    @property
    def reasons(self) -> list[str]:
        return [item.reason for item in self.store.sendings()]


@pytest.fixture
def secret(settings: Settings) -> bytes:
    return settings.secrets[0]


@pytest.fixture
def sender(store: SqliteStore, settings: Settings) -> Callable[..., Sender]:
    return lambda *given, **changes: Sender(store, settings, *given, **changes)


@pytest.fixture
def post() -> Iterator[Post]:
    with post_office() as running:
        yield running


def test_every_letter_goes_to_its_address_over_one_connection(
    store: SqliteStore, secret: bytes, post: Post, sender: Callable[..., Sender]
) -> None:
    for n in range(10):
        keep(store, secret, n, ("ufficio", OFFICE), ("cittadino", f"ada{n}@example.it"))
    one = sender(post.port)
    assert one.run() == Run(sent=20)
    assert Counter(post.to) == {OFFICE: 10} | {f"ada{n}@example.it": 1 for n in range(10)}
    assert len(set(post.ids)) == 20
    assert post.connections == 1
    assert one.states == ["consegnata al server"] * 20
    assert one.run(after=99 * HOUR) == Run()
    assert all(item.recipient == b"" for item in _letters(store))


def _letters(store: SqliteStore) -> list[Letter]:
    with store._read() as db:
        return [Letter(*row) for row in db.execute("SELECT kind, recipient FROM letter")]


def test_of_twenty_letters_a_bad_one_holds_up_no_other(
    store: SqliteStore, secret: bytes, post: Post, sender: Callable[..., Sender]
) -> None:
    for n in range(20):
        keep(store, secret, n, ("cittadino", f"ada{n}@example.it"))
    post.recipients["ada3@example.it"] = "550 5.1.1 <ada3@example.it>: unknown"
    one = sender(post.port)
    assert one.run() == Run(sent=19, refused=1)
    assert len(post.taken) == 19
    assert one.reasons[3] == "550 5.1.1"  # nothing of what the server said of the address
    assert list(troubles(store.sendings(), int(one.now))) == [
        f"La lettera {submission(3).number} (cittadino) aspetta da meno di un minuto: "
        "codice 550 5.1.1."
    ]
    assert one.run(after=5 * HOUR) == Run()
    assert one.run(after=HOUR) == Run(refused=1)  # slowly, but still
    post.recipients.clear()
    assert one.run(after=6 * HOUR) == Run(sent=1)
    assert list(troubles(store.sendings(), int(one.now))) == []


def test_a_letter_that_is_put_off_waits_twice_as_long_each_time(
    store: SqliteStore, secret: bytes, post: Post, sender: Callable[..., Sender]
) -> None:
    keep(store, secret, 1, ("cittadino", ADA))
    post.recipients[ADA] = "450 4.2.0 greylisted"
    one = sender(post.port)
    waits = []
    for _ in range(11):
        assert one.run() == Run(refused=1)
        waits.append(store.sendings()[0].due - int(one.now))
        one.now += waits[-1] - 1
        assert one.run() == Run()
        one.now += 1
    assert waits == [60, 120, 240, 480, 960, 1920, 3840, 7680, 15360, 21600, 21600]
    assert pause(10**9) == 21600
    post.recipients.clear()
    assert one.run() == Run(sent=1)


@pytest.mark.parametrize("answer", ["451 4.3.0 later", "554 5.7.1 <ada@example.it> is spam"])
def test_a_letter_refused_after_its_text_is_tried_again_and_the_others_go(
    store: SqliteStore, secret: bytes, post: Post, sender: Callable[..., Sender], answer: str
) -> None:
    keep(store, secret, 1, ("ufficio", OFFICE), ("cittadino", ADA))
    post.answers = [answer]
    one = sender(post.port)
    assert one.run() == Run(sent=1, refused=1)
    assert one.reasons[0] == answer[:9]
    assert one.run(after=6 * HOUR) == Run(sent=1)
    assert Counter(post.to) == {OFFICE: 1, ADA: 1}


def test_each_letter_goes_once_after_an_hour_without_a_server(
    store: SqliteStore, secret: bytes, sender: Callable[..., Sender]
) -> None:
    for n in range(5):
        keep(store, secret, n, ("ufficio", OFFICE), ("cittadino", f"ada{n}@example.it"))
    one = sender(free_port())
    for _ in range(12):
        assert one.run(after=300) == Run(down="chiuso")
    said = list(troubles(store.sendings(), int(one.now)))
    assert len(said) == 10
    assert "aspetta da 1 ora" in said[0]
    with post_office(Post(port=one.outbox._courier._server.port)) as post:
        assert one.run(after=60) == Run(sent=10)
        assert one.run(after=HOUR) == Run()
    assert len(post.ids) == len(set(post.ids)) == 10
    assert list(troubles(store.sendings(), int(one.now))) == []


def test_a_server_that_drops_the_letter_it_has_taken_gets_it_with_the_same_id(
    store: SqliteStore, secret: bytes, post: Post, sender: Callable[..., Sender]
) -> None:
    keep(store, secret, 1, ("ufficio", OFFICE), ("cittadino", ADA))
    post.answers = ["cade"]
    one = sender(post.port)
    assert one.run() == Run(sent=1, refused=1)
    assert one.reasons[0] == "interrotta"
    assert one.run(after=60) == Run(sent=1)
    assert post.to == [OFFICE, ADA, OFFICE]
    assert post.ids[0] == post.ids[2] != post.ids[1]


def test_a_server_that_drops_two_letters_running_is_left_alone_until_the_next_run(
    store: SqliteStore, secret: bytes, post: Post, sender: Callable[..., Sender]
) -> None:
    for n in range(9):
        keep(store, secret, n, ("cittadino", f"ada{n}@example.it"))
    post.answers = ["cade", "cade"]
    one = sender(post.port)
    assert one.run() == Run(refused=2, down="interrotta")
    assert one.run(after=120) == Run(sent=9)
    assert max(Counter(post.ids).values()) == 2
    assert len(post.ids) == 11


def test_a_slow_server_is_waited_for(
    store: SqliteStore, secret: bytes, post: Post, sender: Callable[..., Sender]
) -> None:
    keep(store, secret, 1, ("ufficio", OFFICE))
    post.seconds = 0.2
    assert sender(post.port, 2).run() == Run(sent=1)


def test_a_server_that_hangs_after_the_text_holds_nobody_for_longer_than_the_limit(
    store: SqliteStore, secret: bytes, post: Post, sender: Callable[..., Sender]
) -> None:
    keep(store, secret, 1, ("ufficio", OFFICE))
    post.answers = ["tace"]
    start = monotonic()
    one = sender(post.port, 0.2)
    assert one.run() == Run(refused=1)
    assert monotonic() - start < 5
    assert one.reasons == ["tempo"]
    assert sender(post.port).run(after=60) == Run(sent=1)
    assert len(set(post.ids)) == 1


@pytest.mark.slow
def test_a_server_that_hangs_keeps_nobody_from_filing(
    store: SqliteStore, secret: bytes, post: Post, sender: Callable[..., Sender]
) -> None:
    keep(store, secret, 1, ("ufficio", OFFICE))
    post.answers = ["tace"]
    one = sender(post.port, 2)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(one.run)
        while not post.taken:
            sleep(0.01)
        for n in range(2, 7):
            keep(store, secret, n, ("cittadino", f"ada{n}@example.it"))
        assert not running.done()
    assert running.result().refused == 1


@pytest.mark.parametrize("said", [b"", b"220-welcome\r\n", b"\xff"])
def test_a_server_that_never_comes_to_the_point_is_left(
    store: SqliteStore, secret: bytes, sender: Callable[..., Sender],
    monkeypatch: pytest.MonkeyPatch, said: bytes,
) -> None:  # fmt: skip
    monkeypatch.setattr("endpoint.post.delivery.LONGEST", 0.3)
    keep(store, secret, 1, ("ufficio", OFFICE), ("cittadino", ADA))
    with endless(said) as port:
        start = monotonic()
        done = sender(port, 0.2).run()
    # Where a line is cut off, and by which of the two limits, is chance.
    assert done.down in {"tempo", "interrotta", "risposta"}
    assert monotonic() - start < 5
    assert len(store.take(int(NOW) + 999, 1, 9)) == 2


def test_a_handshake_that_never_ends_is_left(
    store: SqliteStore, secret: bytes, sender: Callable[..., Sender]
) -> None:
    keep(store, secret, 1, ("ufficio", OFFICE))
    # The head of a record of 16 KiB, a byte at a time.
    with endless(b"\x16\x03\x03\x40\x00") as port:
        start = monotonic()
        assert sender(port, 0.2, scheme="smtps").run() == Run(down="tempo")
        assert monotonic() - start < 5


def test_two_senders_at_once_never_send_one_letter_twice(
    tmp_path: Path, store: SqliteStore, settings: Settings, secret: bytes, post: Post
) -> None:
    for n in range(30):
        keep(store, secret, n, ("cittadino", f"ada{n}@example.it"))
    with closing(SqliteStore(tmp_path / "moduli.db")) as other, ThreadPoolExecutor(2) as pool:
        both = [Sender(store, settings, post.port), Sender(other, settings, post.port)]
        done = list(pool.map(lambda one: one.run(), both))
    assert sum(run.sent for run in done) == 30
    assert len(set(post.ids)) == len(post.ids) == 30


def test_a_letter_sealed_under_the_old_secret_goes_with_the_id_it_had(
    store: SqliteStore, settings: Settings, secret: bytes, post: Post
) -> None:
    keep(store, secret, 1, ("cittadino", ADA))
    post.answers = ["cade"]
    one = Sender(store, settings, post.port)
    assert one.run() == Run(refused=1)
    rotated = replace(settings, secrets=(SECRET.encode(), secret))
    new = Sender(store, rotated, post.port)
    assert new.run(after=60) == Run(sent=1)
    assert post.to == [ADA, ADA]
    assert len(set(post.ids)) == 1


def test_without_its_secret_a_citizen_is_not_reached_but_the_office_is(
    store: SqliteStore, settings: Settings, secret: bytes, post: Post
) -> None:
    keep(store, secret, 1, ("ufficio", OFFICE), ("cittadino", ADA))
    lost = Sender(store, replace(settings, secrets=(SECRET.encode(),)), post.port)
    assert lost.run() == Run(sent=1, refused=1)
    assert post.to == [OFFICE]
    assert lost.reasons == ["", "segreto"]
    assert "CARTA_SECRET_OLD" in why("segreto")


def test_the_office_is_written_to_at_the_address_of_the_settings(
    store: SqliteStore, settings: Settings, secret: bytes, post: Post
) -> None:
    """Who corrects it means the letters that wait, too."""
    keep(store, secret, 1, ("ufficio", "sbagliato@example.it"), ("cittadino", ADA))
    moved = Sender(store, replace(settings, mail_to="nuovo@example.it"), post.port)
    assert moved.run() == Run(sent=2)
    assert post.to == ["nuovo@example.it", ADA]


@pytest.mark.parametrize("bad", ["ada@example.it\nRCPT TO:<x@y.it>", "ada", "", "a@b.it,c@d.it"])
def test_what_is_no_address_reaches_no_server(
    store: SqliteStore, secret: bytes, post: Post, sender: Callable[..., Sender], bad: str
) -> None:
    keep(store, secret, 1, ("cittadino", bad))
    one = sender(post.port)
    assert one.run() == Run(refused=1)
    assert post.taken == []
    assert one.reasons[0] in ("indirizzo", "segreto")


def test_an_office_letter_that_came_back_is_sent_again_and_a_citizens_may_be_left(
    store: SqliteStore, secret: bytes, post: Post, sender: Callable[..., Sender]
) -> None:
    keep(store, secret, 1, ("ufficio", OFFICE), ("cittadino", ADA))
    one = sender(post.port)
    assert one.run() == Run(sent=2)
    for item in store.sendings():
        store.receipt(item.id, "non consegnata", "errore-consegna no-dest")
    assert len(list(troubles(store.sendings(), int(one.now)))) == 2
    assert store.again(submission(1).number, int(one.now)) == 1
    assert give_up(store, submission(1).number, int(one.now)) == 1
    assert one.states == ["in coda", "abbandonata"]
    assert one.run() == Run(sent=1)
    assert post.to == [OFFICE, ADA, OFFICE]
    assert list(troubles(store.sendings(), int(one.now))) == []
    assert give_up(store, submission(1).number, int(one.now)) == 0


def test_a_citizens_letter_that_is_given_up_is_not_tried_and_forgets_its_address(
    store: SqliteStore, secret: bytes, post: Post, sender: Callable[..., Sender]
) -> None:
    keep(store, secret, 1, ("ufficio", OFFICE), ("cittadino", ADA))
    assert give_up(store, submission(1).number, int(NOW)) == 1
    one = sender(post.port)
    assert one.run() == Run(sent=1)
    assert post.to == [OFFICE]
    assert [item.recipient for item in _letters(store)] == [b"", b""]


class TestEncryption:
    pytestmark = pytest.mark.tools  # openssl makes the certificate

    @pytest.fixture
    def trusted(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
        file, context = certificate(tmp_path, "localhost")
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        return context

    def test_smtps_with_user_and_password(
        self, store: SqliteStore, secret: bytes, sender: Callable[..., Sender], trusted: object
    ) -> None:
        keep(store, secret, 1, ("ufficio", OFFICE), ("cittadino", ADA))
        post = Post()
        options = {"authenticator": post.check, "auth_require_tls": False}
        with post_office(post, ssl_context=trusted, **options):
            login = {"scheme": "smtps", "host": "localhost", "user": "ufficio"}
            bad = sender(post.port, **login, password="sbagliata")
            assert bad.run() == Run(down="accesso 535")
            good = sender(post.port, **login, password="pass/word")
            assert good.run(after=60) == Run(sent=2)
        assert set(post.users) == {"ufficio"}

    def test_starttls_is_used_before_the_password_is_said(
        self, store: SqliteStore, secret: bytes, sender: Callable[..., Sender], trusted: object
    ) -> None:
        keep(store, secret, 1, ("ufficio", OFFICE))
        post = Post()
        options = {"authenticator": post.check, "auth_required": True, "require_starttls": True}
        with post_office(post, tls_context=trusted, **options):
            one = sender(post.port, user="ufficio", password="pass/word")
            assert one.run() == Run(sent=1)

    def test_a_certificate_of_another_name_is_refused(
        self, store: SqliteStore, secret: bytes, sender: Callable[..., Sender], trusted: object
    ) -> None:
        keep(store, secret, 1, ("ufficio", OFFICE))
        with post_office(ssl_context=trusted) as post:
            assert sender(post.port, scheme="smtps").run() == Run(down="certificato")
        assert post.taken == []

    def test_a_certificate_that_nobody_signed_is_refused(
        self, store: SqliteStore, secret: bytes, sender: Callable[..., Sender], tmp_path: Path
    ) -> None:
        keep(store, secret, 1, ("ufficio", OFFICE))
        _, context = certificate(tmp_path, "localhost")
        with post_office(ssl_context=context) as post:
            one = sender(post.port, scheme="smtps", host="localhost")
            assert one.run() == Run(down="certificato")


def test_nothing_is_said_in_clear_to_another_machine(
    store: SqliteStore, secret: bytes, post: Post, sender: Callable[..., Sender]
) -> None:
    keep(store, secret, 1, ("ufficio", OFFICE))
    # The same machine, by a name that does not say so.
    assert sender(post.port, host="127.1").run() == Run(down="senza-tls")
    assert post.taken == []
    assert context_of().check_hostname
    assert not read_server("smtp://posta.example.it", ("smtp",)).is_local


def test_a_sender_killed_between_handing_over_and_marking_makes_one_duplicate(
    tmp_path: Path, store: SqliteStore, settings: Settings, secret: bytes, post: Post
) -> None:
    for n in range(3):
        keep(store, secret, n, ("cittadino", f"ada{n}@example.it"))
    words = [sys.executable, __file__, str(tmp_path / "moduli.db"), str(post.port), secret.hex()]
    done = subprocess.run(words, check=False, timeout=60, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert post.to == ["ada0@example.it"]
    one = Sender(store, settings, post.port)
    assert one.run(after=60) == Run(sent=2)  # the first is still leased
    assert one.run(after=HOUR) == Run(sent=1)
    assert one.run(after=HOUR) == Run()
    assert Counter(Counter(post.ids).values()) == {1: 2, 2: 1}
    assert post.to.count("ada0@example.it") == 2


class KilledStore(SqliteStore):
    """Ends the process where the letter is handed over and not yet marked."""

    def sent(self, id: int, now: int) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def test_no_answer_and_no_code_is_in_any_letter_or_output(
    client: Client, store: SqliteStore, settings: Settings, post: Post,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    canary = "canarino-" + "7f3a9c"
    data = client.checked(nome=canary[:20], altro_nome=canary, motivo=f"{canary} {canary}")
    place = client.confirm(data).headers["Location"]
    code = client.get(place).text.split('class="c-code">')[2].split("<")[0]
    one = Sender(store, settings, post.port)
    post.recipients[OFFICE] = f"550 {canary}"
    one.run(after=99)
    post.recipients.clear()
    assert one.run(after=7 * HOUR) == Run(sent=1)
    said = "".join(message.as_string() + message.get_content() for _, message in post.taken)
    said += str(store.sendings()) + "".join(capfd.readouterr()) + client.log.getvalue()
    said += "".join(troubles(store.sendings(), int(one.now)))
    assert GOOD["email"] in said  # the address of the letter: the test would see the others too
    for secret in (canary, canary[:20], code, code.replace("-", ""), "0000 000001"):
        assert secret not in said


def _kill(file: str, port: str, secret: str) -> None:
    settings = Settings((bytes.fromhex(secret),), (), "", Path(), mail_to=OFFICE)
    Sender(KilledStore(Path(file)), settings, int(port)).run()


if __name__ == "__main__":
    _kill(*sys.argv[1:])
