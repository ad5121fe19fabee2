"""The preview's door to the content: for this machine and this page alone."""

import json
from collections.abc import Callable, Iterable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from bodies import DAY, ROOT, catalog_of
from editing import CONTACT, trial_body

from site_builder.plugin.editing import MAX_BYTES, Editing

Ask = Callable[..., tuple[int, dict[str, str], bytes]]


def preview(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "text/html")])
    return [b"anteprima"]


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trial_body(tmp_path_factory.mktemp("editing") / "ente")


@pytest.fixture
def ask(body: Path) -> Ask:
    return asking(Editing(body, lambda: catalog_of("casarano"), lambda: DAY, preview))


def asking(app: Editing) -> Ask:
    def ask(path: str, sent: Any = None, **more: str) -> tuple[int, dict[str, str], bytes]:
        data = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
        environ: dict[str, Any] = {
            "PATH_INFO": path, "REQUEST_METHOD": "GET" if sent is None else "POST",
            "HTTP_HOST": "127.0.0.1:8000", "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(data)),
            "wsgi.input": BytesIO(data), **more,
        }  # fmt: skip
        found: list[Any] = []
        answer = b"".join(app(environ, lambda *start: found.extend(start)))  # type: ignore[arg-type]
        return int(found[0][:3]), dict(found[1]), answer

    return ask


INFO = {"action": "info"}


def test_all_other_pages_are_those_of_the_preview(ask: Ask) -> None:
    for path in ("/", "/servizi/", "/api/v1/altro", "/amministrazione/"):
        assert ask(path)[2] == b"anteprima"


def test_the_page_and_its_files_are_served_without_a_trace(ask: Ask) -> None:
    status, headers, page = ask("/admin/")
    assert status == 200
    assert page == (ROOT / "theme" / "admin" / "index.html").read_bytes()
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["X-Frame-Options"] == "DENY"
    assert ask("/admin/patch.js")[1]["Content-Type"] == "text/javascript; charset=utf-8"
    assert ask("/admin")[1]["Location"] == "/admin/"
    for path in (
        "/admin/../mkdocs.yml",
        "/admin/README.md",
        "/admin/altro.js",
        "/admin//etc/passwd",
    ):
        assert ask(path)[0] == 404


def test_a_site_below_an_address_has_its_page_there(body: Path) -> None:
    ask = asking(Editing(body, lambda: catalog_of("casarano"), lambda: DAY, preview, "/carta/"))
    assert ask("/carta/admin/")[0] == ask("/admin/")[0] == 200
    assert ask("/carta/admin")[1]["Location"] == ask("/admin")[1]["Location"] == "/carta/admin/"
    assert ask("/carta/servizi/")[2] == b"anteprima"


def test_the_configuration_is_that_of_this_machine(ask: Ask) -> None:
    found = json.loads(ask("/admin/config.json")[2])
    assert found["locale"] is True
    assert found["cms"]["backend"]["name"] == "proxy"
    assert found["cms"]["backend"]["proxy_url"] == "/api/v1"


def test_the_check_is_told_with_errors_first(ask: Ask, body: Path) -> None:
    path = body / CONTACT
    text = path.read_text("utf-8")
    path.write_text(text.replace("aggiornato_il: 2026", "aggiornato_il: 2027"), "utf-8")
    found = json.loads(ask("/admin/controllo.json")[2])
    path.write_text(text, "utf-8")
    assert found["esito"].startswith("1 errore, ")
    assert found["problemi"][0]["level"] == "errore"
    assert found["problemi"][0]["path"] == CONTACT.as_posix()


def test_the_protocol_is_spoken(ask: Ask) -> None:
    status, headers, answer = ask("/api/v1", INFO)
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert json.loads(answer) == {"repo": "ente", "publish_modes": ["simple"], "type": "local_fs"}
    told = ask("/api/v1", {"action": "getEntry", "params": {"path": CONTACT.as_posix()}})
    assert "0800 000000" in json.loads(told[2])["data"]


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"HTTP_ORIGIN": "https://altrove.esempio.it"}, 403),
        ({"HTTP_ORIGIN": "http://127.0.0.1:9999"}, 403),
        ({"HTTP_ORIGIN": "null"}, 403),
        ({"HTTP_HOST": "altrove.esempio.it:8000"}, 403),  # a name that was led here
        ({"HTTP_HOST": ""}, 403),
        ({"HTTP_HOST": "127.0.0.1.esempio.it"}, 403),
        ({"REMOTE_ADDR": "192.168.1.7"}, 403),
        ({"REMOTE_ADDR": ""}, 403),
        ({"CONTENT_TYPE": "text/plain"}, 415),
        ({"CONTENT_TYPE": "application/x-www-form-urlencoded"}, 415),
        ({"CONTENT_LENGTH": ""}, 411),
        ({"CONTENT_LENGTH": "-1"}, 411),
        ({"CONTENT_LENGTH": "²"}, 411),
        ({"CONTENT_LENGTH": str(MAX_BYTES + 1)}, 413),
        ({"REQUEST_METHOD": "GET"}, 405),
        ({"REQUEST_METHOD": "OPTIONS"}, 405),
    ],
)
def test_whoever_is_not_this_page_on_this_machine_is_refused(
    ask: Ask, more: dict[str, str], status: int
) -> None:
    found, headers, answer = ask("/api/v1", INFO, **more)
    assert found == status
    assert json.loads(answer)["error"].endswith(".")
    assert not [name for name in headers if name.startswith("Access-Control")]


@pytest.mark.parametrize(
    "origin", ["http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000"]
)
def test_this_machine_has_three_names(ask: Ask, origin: str) -> None:
    more = {"HTTP_ORIGIN": origin, "HTTP_HOST": origin.removeprefix("http://")}
    assert ask("/api/v1", INFO, **more, REMOTE_ADDR="::1")[0] == 200


@pytest.mark.parametrize(
    "sent",
    [b"", b"{", b"[]", b'"info"', b"{}", b'{"action": 7}', b"\xff", b"[" * 100_000,
     b'{"action": "info", "params": 7}', b'{"action": "altro"}'],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused_in_italian(ask: Ask, sent: bytes) -> None:
    status, _, answer = ask("/api/v1", sent)
    assert 400 <= status < 500
    assert json.loads(answer)["error"].endswith(".")


def test_other_machines_do_not_read_either(ask: Ask) -> None:
    for path in ("/admin/", "/admin/config.json", "/admin/controllo.json"):
        assert ask(path, REMOTE_ADDR="10.0.0.9")[0] == 403
        assert ask(path, HTTP_HOST="altrove.esempio.it")[0] == 403
    assert ask("/admin/config.json", INFO)[0] == 405


def test_a_saved_file_is_on_the_disk(ask: Ask, body: Path) -> None:
    text = (body / CONTACT).read_text("utf-8")
    saved = text.replace("0800 000000", "0800 999999")
    file = {"path": CONTACT.as_posix(), "slug": "x", "raw": saved}
    params = {"branch": "locale", "dataFiles": [file], "assets": [], "options": {}}
    assert ask("/api/v1", {"action": "persistEntry", "params": params})[0] == 200
    assert (body / CONTACT).read_text("utf-8") == saved
    (body / CONTACT).write_text(text, "utf-8")


def test_the_day_is_that_of_the_preview(body: Path) -> None:
    late = Editing(body, lambda: catalog_of("casarano"), lambda: date(2020, 1, 1), preview)
    found = json.loads(asking(late)("/admin/controllo.json")[2])
    assert found["problemi"][0]["message"].endswith("data futura.")
