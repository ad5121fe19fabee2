"""`carta diff` in real git repositories, in its three forms, and its page in a real browser."""

import os
import re
from datetime import date
from pathlib import Path

import pytest

from site_builder.cli import main
from site_builder.errors import ContentError
from site_builder.history import base_of
from tests.conftest import Body
from tests.test_history import commit, git

pytestmark = [pytest.mark.slow, pytest.mark.tools]

SHEET = "content/services/asilo-nido.yml"
DESK = "content/contacts/segretariato-casarano.yml"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def repo(body: Body, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The first commit, where we are."""
    folder = body()
    commit(folder, "2026-03-01T10:00:00+0100")
    monkeypatch.chdir(folder)
    return folder


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["diff", *words]) == 0
    return capsys.readouterr().out


def _phone(number: str) -> dict[str, object]:
    return {DESK: {"telefoni": [{"numero": number}]}}


def test_without_a_server_it_tells_what_is_not_committed_yet(
    repo: Path, body: Body, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Nel contenuto non cambia niente" in said(capsys)
    body(_phone("0833 502429"))
    shown = said(capsys)
    base = git(repo, "rev-parse", "HEAD")
    assert f"Che cosa cambia dalla revisione {base[:7]} del 01/03/2026" in shown
    assert "Telefoni: prima 0833 502428, ora 0833 502429" in shown
    assert f"carta pdf --fogli-modificati {base[:12]}\n" in shown


def test_with_a_server_it_tells_all_that_left_the_main_line(
    repo: Path, body: Body, tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    server = tmp_path_factory.mktemp("server")
    git(server, "init", "-q", "--bare")
    start = git(repo, "rev-parse", "HEAD")
    git(repo, "remote", "add", "origin", str(server))
    git(repo, "push", "-q", "origin", "HEAD:main")
    body({SHEET: {"posti": 30}})
    commit(repo, "2026-03-02T10:00:00+0100")
    body({SHEET: {"posti": 30}} | _phone("0833 502429"))
    assert base_of(repo) == start
    shown = said(capsys)
    assert "Posti: aggiunto 30" in shown
    assert "ora 0833 502429" in shown
    only_last = said(capsys, "HEAD")
    assert "Posti" not in only_last
    assert "ora 0833 502429" in only_last


def test_two_lines_that_never_met(repo: Path) -> None:
    git(repo, "checkout", "-q", "--orphan", "altra")
    other = commit(repo, "2026-03-02T10:00:00+0100")
    git(repo, "update-ref", "refs/remotes/origin/main", other)
    git(repo, "checkout", "-q", "main")
    with pytest.raises(ContentError, match=r"non s'incontrano\. Scrivi tu da quando: Scrivi una"):
        base_of(repo)


def test_the_folder_of_a_body_alone_is_no_revision(
    repo: Path, body: Body, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    body(_phone("0833 502429"))
    monkeypatch.chdir("/")
    assert "ora 0833 502429" in said(capsys, str(repo))
    assert f"--fogli-modificati 01/03/2026 {repo}" in said(capsys, "01/03/2026", str(repo))


def test_the_three_forms_say_the_same(
    repo: Path, body: Body, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body(_phone("0833 502429"))
    text, comment = said(capsys), said(capsys, "--format", "markdown")
    assert "ora 0833 502429" in text
    assert comment.startswith("<!-- carta diff -->\n## Che cosa cambia")
    assert "ora **0833 502429**" in comment
    page = tmp_path / "rapporti" / "diff.html"
    assert said(capsys, "--format", "html", "--output", str(page)) == f"Scritto {page}\n"
    assert "ora <ins>0833 502429</ins>" in page.read_text("utf-8")


def test_what_cannot_be_compared_has_a_remedy(
    repo: Path, body: Body, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", "01/01/2020"]) == 1
    assert "La storia del contenuto comincia il 01/03/2026." in capsys.readouterr().err
    assert main(["diff", "ramo-inventato"]) == 1
    assert "Scrivi una data (01/03/2026), un'edizione o una revisione" in capsys.readouterr().err
    body({"content/carta.yml": "ente: {"})
    assert main(["diff"]) == 1
    assert "Il contenuto di adesso non si può leggere" in capsys.readouterr().err


def test_a_past_that_todays_rules_refuse(
    repo: Path, body: Body, capsys: pytest.CaptureFixture[str]
) -> None:
    body({SHEET: {"tipo": "bottega"}})
    broken = commit(repo, "2026-03-02T10:00:00+0100")
    body(_phone("0833 502429"))
    shown = said(capsys, broken)
    assert "Il contenuto di partenza non segue le regole di oggi (errori: " in shown
    assert "asilo-nido: non si può leggere" in shown or "Asilo nido: non si può leggere" in shown
    assert "ora 0833 502429" in shown
    body({"content/areas.yml": "aree: ["})
    unreadable = commit(repo, "2026-03-03T10:00:00+0100")
    body()
    assert main(["diff", unreadable]) == 1
    assert "non si può leggere con le regole di oggi" in capsys.readouterr().err


def test_out_of_a_repository(
    body: Body, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", "/")
    monkeypatch.chdir(body())
    assert main(["diff"]) == 1
    assert "non è in un deposito git" in capsys.readouterr().err


@pytest.mark.browser
def test_the_page_is_for_everybody(repo: Path, body: Body, today: date) -> None:
    """Narrow and wide, light and dark, by axe; and no request leaves it."""
    from axe_runner import look
    from in_browser import chromium

    body(
        _phone("0833 502429")
        | {SHEET: {"descrizione": "Il nido accoglie e cura ogni giorno i bambini. " * 6}}
    )
    page = repo / "diff.html"
    assert main(["diff", "--format", "html", "--output", str(page)]) == 0
    asked: list[str] = []
    with chromium() as browser:
        tab = browser.new_context(reduced_motion="reduce").new_page()
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(page.as_uri())
        reports = look(tab, "diff.html")
        tab.set_viewport_size({"width": 320, "height": 700})
        assert tab.evaluate("document.documentElement.scrollWidth") <= 320
    assert [report.violations for report in reports] == [()] * len(reports)
    assert {url for url in asked if not url.startswith("data:")} == {page.as_uri()}
    assert not re.search("<script", page.read_text("utf-8"))
