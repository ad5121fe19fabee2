"""Asking other sites: a real server that answers well, badly, never, and without end."""

import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from site_builder.errors import ContentError
from site_builder.network.connection import Patience
from site_builder.network.probe import Manners, probe
from site_builder.network.rounds import ask_all
from site_builder.outlinks import Known

TODAY = date(2026, 11, 21)
MANNERS = Manners(patience=1.0, private=True)


class _Site(BaseHTTPRequestHandler):
    """Answers as the path says: `/404`, `/301/<where>`, or one of the named tricks."""

    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, str, str]] = []  # noqa: RUF012 (emptied by every test)
    busy: dict[str, int] = {"now": 0, "most": 0}  # noqa: RUF012 (the same)

    def do_HEAD(self) -> None:
        self.busy["now"] += 1
        self.busy["most"] = max(self.busy.values())
        try:
            self._answer()
        finally:
            self.busy["now"] -= 1
            self.close_connection = True

    do_GET = do_HEAD  # noqa: N815 (the name that the library calls)

    def _answer(self) -> None:
        self.seen.append((self.command, self.path, self.headers["User-Agent"]))
        _, first, *rest = self.path.split("/", 2)
        first = first.partition("?")[0]
        trick = getattr(self, f"_{first}", None)
        if trick:
            trick()
        else:
            self._send(int(first or 200), *rest)

    def _send(self, status: int, where: str = "") -> None:
        self.send_response(status)
        if status in (301, 302, 307, 308):
            self.send_header("Location", where or "/200")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _solo_get(self) -> None:
        self._send(200 if self.command == "GET" else 405)

    def _solo_get_muto(self) -> None:
        if self.command == "GET":
            self._send(200)

    def _chiude(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)

    def _giro(self) -> None:
        self._send(302, f"/giro/{int(self.path.split('/')[2]) + 1}")

    def _specchio(self) -> None:
        self._send(302, self.path)

    def _enorme(self) -> None:
        self.send_response(200)
        self.end_headers()
        if self.command == "GET":
            self._pour(b"x" * 100_000)

    def _goccia(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self._pour(b"X-Goccia: 1\r", 0.05)

    def _teste(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self._pour(b"X-Testa: 1\r\n")

    def _rumore(self) -> None:
        self.wfile.write(b"\x00\xff\x80 non sono un sito\r\n\r\n")

    def _accento(self) -> None:
        self.wfile.write("HTTP/1.1 301 X\r\nLocation: /200/è\r\n\r\n".encode())

    def _pour(self, drop: bytes, pause: float = 0) -> None:
        """Go on until the other side has had enough."""
        until = time.monotonic() + 10
        try:
            while time.monotonic() < until:
                self.wfile.write(drop)
                self.wfile.flush()
                time.sleep(pause)
        except OSError:
            pass

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """What the client breaks off is no error of ours."""


@pytest.fixture(scope="module")
def server() -> Iterator[_Server]:
    with _Server(("127.0.0.1", 0), _Site) as running:
        thread = Thread(target=running.serve_forever, args=(0.02,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def at(server: _Server) -> str:
    _Site.seen.clear()
    return f"http://127.0.0.1:{server.server_port}"


@pytest.mark.parametrize(
    ("path", "outcome", "said"),
    [
        ("/200", "buono", "risponde"),
        ("/204", "buono", "risponde"),
        ("/404", "guasto", "la pagina non c'è (risposta 404)"),
        ("/410", "guasto", "la pagina è stata tolta (risposta 410)"),
        ("/500", "guasto", "il sito ha un guasto (risposta 500)"),
        ("/400", "guasto", "la pagina non risponde (risposta 400)"),
        ("/403", "bloccato", "non lascia entrare i programmi (risposta 403)"),
        ("/429", "bloccato", "dice che chiediamo troppo spesso (risposta 429)"),
        ("/solo_get", "buono", "risponde"),
        ("/solo_get_muto", "buono", "risponde"),
        ("/chiude", "guasto", "il sito chiude la connessione senza rispondere"),
        ("/rumore", "guasto", "il sito chiude la connessione senza rispondere"),
        ("/enorme", "buono", "risponde"),
        ("/teste", "guasto", "la risposta non è quella di un sito"),
        ("/301//404", "guasto", "la pagina non c'è (risposta 404)"),
        ("/giro/1", "guasto", "rinvia più di 5 volte da una pagina all'altra"),
        ("/specchio", "bloccato", "rinvia a se stesso: va provato a mano"),
        ("/301/ftp://x.example/", "guasto",
         "porta a un indirizzo che non è una pagina: ftp://x.example/"),
        ("/301/http://[/", "guasto", "rinvia a un indirizzo scritto male"),
        ("/301/http://x:y/", "guasto", "l'indirizzo è scritto male"),
        ("/200?q=però&x=%20", "buono", "risponde"),
    ],
)  # fmt: skip
def test_what_an_answer_means(at: str, path: str, outcome: str, said: str) -> None:
    answer = probe(f"{at}{path}", MANNERS)
    assert (answer.outcome, answer.said) == (outcome, said)


def test_a_page_that_has_gone_for_good_tells_where(at: str) -> None:
    answer = probe(f"{at}/301//308//200", MANNERS)
    assert answer.outcome == "spostato"
    assert answer.moved_to == f"{at}/200"
    assert answer.moved_to in answer.said
    assert probe(f"{at}/accento", MANNERS).moved_to == f"{at}/200/è"


def test_a_page_that_is_elsewhere_for_now_stays_where_it_is(at: str) -> None:
    answer = probe(f"{at}/301//302//200", MANNERS)
    assert (answer.outcome, answer.moved_to) == ("buono", "")


def test_slow_drops_are_not_waited_for(at: str) -> None:
    start = time.monotonic()
    answer = probe(f"{at}/goccia", Manners(patience=0.3, private=True))
    assert time.monotonic() - start < 3
    assert answer.said == "non risponde entro 0.3 secondi"


def test_who_says_nothing_at_all_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        answer = probe(f"http://127.0.0.1:{port}/", Manners(patience=0.2, private=True))
    assert answer.said == "non risponde entro 0.2 secondi"


def test_nobody_is_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert probe(f"http://127.0.0.1:{port}/", MANNERS).said == "il sito rifiuta la connessione"


@pytest.mark.parametrize(
    "url", ["http://localhost/", "http://10.1.2.3/", "http://[::1]/", "http://169.254.169.254/x",
            "http://[::ffff:127.0.0.1]/", "https://192.168.1.1/", "http://0.0.0.0/",
            "http://224.0.0.1/", "http://127.1/"]
)  # fmt: skip
def test_nobody_leads_us_into_the_house(url: str) -> None:
    answer = probe(url, Manners(patience=1.0))
    assert (answer.outcome, answer.said) == (
        "bloccato", "porta a una rete interna: va provato a mano"
    )  # fmt: skip


@pytest.mark.parametrize("url", ["http://x:99999/", "http://[::1/", "http:///x", "gopher://x/"])
def test_an_address_that_is_none(url: str) -> None:
    assert probe(url, MANNERS).outcome == "guasto"


def test_we_say_who_we_are_and_no_more(at: str) -> None:
    probe(f"{at}/solo_get", MANNERS)
    assert [method for method, *_ in _Site.seen] == ["HEAD", "GET"]
    agents = {agent for *_, agent in _Site.seen}
    assert agents == {"carta-dei-servizi/1 (controllo dei collegamenti di una Carta dei Servizi)"}


def test_one_site_is_asked_one_question_at_a_time(at: str) -> None:
    _Site.busy.update(now=0, most=0)
    urls = [f"{at}/200/{n}" for n in range(8)]
    known = ask_all(urls, {}, TODAY, MANNERS, pause=0.01)
    assert {known[url].outcome for url in urls} == {"buono"}
    assert _Site.busy["most"] == 1
    assert len(_Site.seen) == 8


def test_what_is_known_is_not_asked_again(at: str) -> None:
    urls = [f"{at}/200", f"{at}/404"]
    first = ask_all(urls, {}, TODAY, MANNERS, pause=0)
    _Site.seen.clear()
    assert ask_all(urls, first, TODAY, MANNERS, pause=0) == first
    assert _Site.seen == []
    next_day = ask_all(urls, first, TODAY + timedelta(1), MANNERS, pause=0)
    assert {path for _, path, _ in _Site.seen} == {"/404"}
    assert next_day[f"{at}/404"].state == "morto"
    assert next_day[f"{at}/200"] == first[f"{at}/200"]


def test_links_that_nobody_writes_any_more_are_forgotten(at: str) -> None:
    known = {"http://gone.example/": Known(TODAY, "buono", "risponde")}
    told: list[tuple[int, int]] = []
    kept = ask_all([f"{at}/200"], known, TODAY, MANNERS, progress=lambda *n: told.append(n))
    assert list(kept) == [f"{at}/200"]
    assert told == [(1, 1)]


def test_when_no_site_answers_the_fault_is_ours() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        urls = [f"http://{host}:{port}/" for host in ("127.0.0.1", "localhost")]
        hasty = Manners(patience=0.2, private=True)
        with pytest.raises(ContentError, match="qui manca la rete"):
            ask_all(urls, {}, TODAY, hasty)
        assert ask_all(urls[:1], {}, TODAY, hasty)[urls[0]].state == "da riprovare"


def test_patience_that_was_not_needed_ends_nothing() -> None:
    patience = Patience(0.05)
    patience.stop()
    time.sleep(0.1)
    assert not patience.is_over


def certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate of our own making for a name, and a server that shows it."""
    key, file = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-keyout", key, "-out", file, "-days", "2", "-subj", f"/CN={name}",
         "-addext", f"subjectAltName=DNS:{name}"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key)
    return file, context


@pytest.mark.slow
@pytest.mark.tools  # openssl makes the certificate
@pytest.mark.parametrize(
    ("name", "trust", "outcome", "said"),
    [
        ("localhost", True, "buono", "risponde"),
        ("localhost", False, "guasto",
         "connessione non sicura: il certificato se l'è fatto da solo"),
        ("altro.example", True, "guasto",
         "connessione non sicura: il certificato è di un altro sito"),
    ],
)  # fmt: skip
def test_a_certificate_is_judged(
    tmp_path: Path, name: str, trust: bool, outcome: str, said: str
) -> None:
    file, context = certificate(tmp_path, name)
    trusted = ssl.create_default_context(cafile=str(file) if trust else None)
    with _Server(("127.0.0.1", 0), _Site) as running:
        running.socket = context.wrap_socket(running.socket, server_side=True)
        thread = Thread(target=running.serve_forever, args=(0.02,))
        thread.start()
        answer = probe(
            f"https://localhost:{running.server_port}/200",
            Manners(patience=2.0, private=True, trusted=trusted),
        )
        running.shutdown()
        thread.join()
    assert (answer.outcome, answer.said) == (outcome, said)


def test_a_site_that_speaks_no_tls(at: str) -> None:
    answer = probe(at.replace("http:", "https:"), MANNERS)
    assert answer.said == "connessione non sicura: i due programmi non si capiscono"
