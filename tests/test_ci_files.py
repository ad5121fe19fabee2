"""The files for the hosts of the repository: their form, and their steps really run.

Only the host is played, by a small server at the border: it keeps the comments it is sent.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner, Result

from tests.conftest import _CONTENT, _text
from tests.test_history import commit, git

pytestmark = [pytest.mark.slow, pytest.mark.tools]

ROOT = Path(__file__).parents[1]
CI = ROOT / "deploy" / "ci"
CARTA = Path(sys.executable).parent / "carta"
FILES = {
    "github": (CI / "github" / "carta.yml", "vendor.github-workflows"),
    "gitlab": (CI / "gitlab" / ".gitlab-ci.yml", "vendor.gitlab-ci"),
    # Gitea and Forgejo have no schema of their own: they run the workflows of the first.
    "forgejo": (CI / "forgejo" / "carta.yml", "vendor.github-workflows"),
}
DESK = "content/contacts/segretariato-casarano.yml"
TOKEN, MARK = "gettone-di-prova", "<!-- carta diff -->"
MUTANTS = {
    "github": ("runs-on:", "runs_on:"),
    "gitlab": ("stage: commenta", "stage: [commenta, 3]"),
    "forgejo": ("timeout-minutes: 30", "timeout-minutes: {tanti: 30}"),
}
OWN = {"actions/checkout", "actions/upload-artifact", "actions/download-artifact"}


@pytest.mark.parametrize("schema", ["vendor.github-workflows", "vendor.gitlab-ci"])
def test_the_host_would_take_the_file(schema: str, tmp_path: Path) -> None:
    right = {host: path for host, (path, own) in FILES.items() if own == schema}
    wrong = {host: tmp_path / f"{host}{path.name}" for host, path in right.items()}
    for host, path in right.items():
        old, new = MUTANTS[host]
        assert old in path.read_text("utf-8")
        wrong[host].write_text(path.read_text("utf-8").replace(old, new, 1))
    assert judged(schema, *right.values()).exit_code == 0
    refused = judged(schema, *wrong.values())
    assert refused.exit_code == 1
    assert all(f"{path}::" in refused.output for path in wrong.values())


def judged(schema: str, *paths: Path) -> Result:
    """What check-jsonschema says, with the schemas that it carries: nothing is fetched."""
    transform = ["--data-transform", "gitlab-ci"] if "gitlab" in schema else []
    words = ["--builtin-schema", schema, *transform, *map(str, paths)]
    return CliRunner().invoke(check_jsonschema, words)


def workflow(host: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILES[host][0].read_text("utf-8"))
    return loaded


@pytest.mark.parametrize("host", ["github", "forgejo"])
def test_actions_are_those_of_the_host_and_code_gets_no_token(host: str) -> None:
    jobs = workflow(host)["jobs"]
    steps = [step for job in jobs.values() for step in job["steps"]]
    used = {step["uses"] for step in steps if "uses" in step}
    own = OWN if host == "github" else {"actions/checkout", "forgejo/upload-artifact"}
    assert {name.partition("@")[0] for name in used} <= own
    assert all(re.fullmatch(r"[^@]+@v\d+", name) for name in used)
    copies = [step["with"] for step in steps if step.get("uses", "").startswith("actions/checkout")]
    assert all(copy["persist-credentials"] is False for copy in copies)
    # What the request says is never part of a command, where it could be one.
    assert not [step["run"] for step in steps if "${{" in step.get("run", "")]
    assert "pull_request_target" not in workflow(host)[True]  # «on», as YAML reads it


def test_what_one_host_shows_has_a_name_that_it_takes() -> None:
    """Its schema does not say so: letters, digits, hyphens and blanks."""
    assert re.fullmatch(r"\w[-\w ]*", workflow("gitlab")["prepara"]["artifacts"]["expose_as"])


def test_who_may_write_runs_nothing_of_the_request() -> None:
    """On the host that can tell jobs apart."""
    data = workflow("github")
    assert data["permissions"] == {}
    writers = {name for name, job in data["jobs"].items() if "write" in job["permissions"].values()}
    assert writers == {"commenta"}
    job = data["jobs"]["commenta"]
    assert job["steps"][0]["with"]["ref"] == "${{ github.event.pull_request.base.sha }}"
    assert "head.repo.full_name == github.repository" in job["if"]
    with_history = [data["jobs"][name]["steps"][0]["with"] for name in ("prepara", "settimana")]
    assert all(copy["fetch-depth"] == 0 for copy in with_history)


# --- The steps, run -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone with a request in it: a phone is another, and the main line has gone on."""
    folder = tmp_path_factory.mktemp("deposito")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        work, server, clone = (folder / name for name in ("lavoro", "server", "clone"))
        (work / "content" / "pages").mkdir(parents=True)
        for name, data in _CONTENT.items():
            path = work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_text(data))
        (work / "deploy" / "ci").mkdir(parents=True)
        shutil.copy(CI / "report.sh", work / "deploy" / "ci")
        (work / "content" / "pages" / ".gitkeep").touch()
        commit(work, "2026-03-01T10:00:00+0100")
        git(work, "checkout", "-q", "-b", "modifica")
        desk = work / DESK
        desk.write_text(desk.read_text().replace("0833 502428", "0833 502429"))
        commit(work, "2026-03-02T10:00:00+0100")
        git(work, "checkout", "-q", "main")
        (work / "content" / "services" / "asilo-nido.yml").write_text(
            _text(_CONTENT["content/services/asilo-nido.yml"] | {"posti": 30})
        )
        commit(work, "2026-03-03T10:00:00+0100")
        git(folder, "clone", "-q", "--bare", str(work), str(server))
        git(folder, "clone", "-q", "--branch", "modifica", f"file://{server}", str(clone))
    return folder


def run_step(host: str, place: Path, words: str, **values: str) -> subprocess.CompletedProcess[str]:
    """Run the step of the host's file that calls the script so, with its own environment."""
    script, declared = _step(host, words)
    around = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    around |= {"HOME": str(place), "CI": "true", "CARTA": str(CARTA), "PYTHONWARNINGS": "ignore"}
    around |= {name: _filled(str(value), values) for name, value in declared.items()}
    # GitLab gives its own as variables; what the script lets change goes the same way.
    around |= {name: value for name, value in values.items() if name.isupper()}
    return subprocess.run(
        ["sh", "-e", "-c", script], cwd=place / "clone", env=around, capture_output=True, text=True
    )


def _step(host: str, words: str) -> tuple[str, dict[str, str]]:
    data = workflow(host)
    if host == "gitlab":
        jobs = (job for name, job in data.items() if name not in ("default", "variables", "stages"))
        found = next(job["script"] for job in jobs if words in " ".join(job.get("script", [])))
        return "\n".join(found), data["variables"]
    steps = (step for job in data["jobs"].values() for step in job["steps"])
    step = next(step for step in steps if words in step.get("run", ""))
    return step["run"], {**data["env"], **step.get("env", {})}


def _filled(value: str, values: dict[str, str]) -> str:
    """What the host writes in place of «${{ … }}»."""
    return re.sub(r"\$\{\{ (.*?) \}\}", lambda match: values[match[1].rpartition(".")[2]], value)


@pytest.fixture(scope="module")
def prepared(place: Path) -> subprocess.CompletedProcess[str]:
    return run_step("github", place, "prepara", base_ref="main")


def test_the_request_is_checked_told_and_built(
    prepared: subprocess.CompletedProcess[str], place: Path
) -> None:
    assert prepared.returncode == 0, prepared.stderr
    built = place / "clone" / "build"
    said = (built / "rapporto" / "diff.md").read_text("utf-8")
    assert said.startswith(MARK)
    assert "ora **0833 502429**" in said
    assert "Posti" not in said  # the main line's own
    assert "ora <ins>0833 502429</ins>" in (built / "rapporto" / "diff.html").read_text("utf-8")
    assert (built / "rapporto" / "fogli.pdf").read_bytes().startswith(b"%PDF")
    assert "0833 502429" in (built / "anteprima/uffici/segretariato-casarano/index.html").read_text(
        "utf-8"
    )


@pytest.mark.parametrize("host", ["gitlab", "forgejo"])
def test_the_other_hosts_call_it_in_the_same_way(host: str) -> None:
    script, _ = _step(host, "report.sh prepara")
    base = '"$CI_MERGE_REQUEST_DIFF_BASE_SHA"' if host == "gitlab" else '"$BASE"'
    assert script == f"sh deploy/ci/report.sh prepara {base}"


def test_errors_stop_the_request_and_are_told_in_it(place: Path) -> None:
    carta = place / "clone" / "content" / "carta.yml"
    right = carta.read_bytes()
    try:
        carta.write_text("ente: {")
        done = run_step("github", place, "prepara", base_ref="main", RAPPORTO="build/errori")
    finally:
        carta.write_bytes(right)
    assert done.returncode == 1
    assert "::error file=content/carta.yml" in done.stdout
    assert not (place / "clone" / "build" / "errori" / "fogli.pdf").exists()
    left = (place / "clone" / "build" / "errori" / "diff.md").read_text("utf-8")
    assert left.startswith(f"{MARK}\n## Il contenuto non si può leggere")


def test_a_copy_without_history_says_what_to_do(place: Path, tmp_path: Path) -> None:
    shallow = tmp_path / "clone"
    call = ("clone", "-q", "--depth", "1", "--branch", "modifica")
    git(tmp_path, *call, f"file://{place / 'server'}", str(shallow))
    done = run_step("github", tmp_path, "prepara", base_ref="main")
    assert done.returncode == 2
    assert "serve tutta la storia (fetch-depth: 0)" in done.stderr


# --- The comment ----------------------------------------------------------------------------------


class Host(ThreadingHTTPServer):
    """Keeps the comments of one request, as the three hosts do."""

    def __init__(self, me: str, header: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.me, self.header = me, header
        self.comments: list[dict[str, Any]] = []
        self.asked: list[str] = []

    def add(self, body: str, who: str) -> None:
        user = {"login": who, "username": who}
        number = len(self.comments) + 100
        self.comments.append({"id": number, "body": body, "user": user, "author": user})


class _Handler(BaseHTTPRequestHandler):
    server: Host

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _answer(self, status: int, data: Any) -> None:
        told = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def _body(self) -> str:
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        text: str = given["body"]
        return text

    def _is_let_in(self) -> bool:
        self.server.asked.append(f"{self.command} {self.path.partition('?')[0]}")
        name, _, value = self.server.header.partition(": ")
        if self.headers[name] == value:
            return True
        self._answer(401, {})
        return False

    def do_GET(self) -> None:
        if not self._is_let_in():
            return
        if self.path.endswith("/user"):
            self._answer(200, {"username": self.server.me})
            return
        page = int(re.findall(r"[?&]page=(\d+)", self.path)[0])
        self._answer(200, self.server.comments[50 * (page - 1) : 50 * page])

    def do_POST(self) -> None:
        if self._is_let_in():
            self.server.add(self._body(), self.server.me)
            self._answer(201, self.server.comments[-1])

    def do_PATCH(self) -> None:
        if self._is_let_in():
            number = int(self.path.rpartition("/")[2])
            found = next(item for item in self.server.comments if item["id"] == number)
            found["body"] = self._body()
            self._answer(200, found)

    do_PUT = do_PATCH  # noqa: N815 (the name is the library's)


HOSTS = {
    "github": ("github-actions[bot]", f"Authorization: Bearer {TOKEN}", "PATCH",
               "/repos/ente/carta/issues/7/comments", "/repos/ente/carta/issues/comments"),
    "gitlab": ("carta-bot", f"PRIVATE-TOKEN: {TOKEN}", "PUT",
               "/projects/42/merge_requests/7/notes", "/projects/42/merge_requests/7/notes"),
    "forgejo": ("forgejo-actions", f"Authorization: token {TOKEN}", "PATCH",
                "/repos/ente/carta/issues/7/comments", "/repos/ente/carta/issues/comments"),
}  # fmt: skip


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[Host]:
    me, header, *_ = HOSTS[request.param]
    with Host(me, header) as host:
        thread = Thread(target=host.serve_forever, daemon=True)
        thread.start()
        yield host
        host.shutdown()
        thread.join()


def comment(host: str, place: Path, server: Host, token: str = TOKEN) -> int:
    api = f"http://127.0.0.1:{server.server_port}"
    base = git(place / "clone", "rev-parse", "origin/main")
    done = run_step(
        host, place, "commenta",
        # What GitHub and Forgejo write in the file, then what GitLab gives as variables.
        api_url=api, repository="ente/carta", number="7", token=token, sha=base,
        server_url="https://host.example", run_id="9",
        CI_API_V4_URL=api, CI_PROJECT_ID="42", CI_MERGE_REQUEST_IID="7", CARTA_TOKEN=token,
        CI_PIPELINE_URL="https://host.example/9",
    )  # fmt: skip
    assert token not in done.stdout + done.stderr
    return done.returncode


@pytest.mark.usefixtures("prepared")
@pytest.mark.parametrize(("host", "server"), [(name, name) for name in HOSTS], indirect=["server"])
def test_the_comment_is_written_once_and_then_in_its_place(
    host: str, server: Host, place: Path
) -> None:
    for number in range(120):  # more than one page of them
        server.add(f"Commento {number}", "una-persona")
    server.add(f"{MARK}\nNon è il nostro", "una-persona")
    _, _, verb, several, one = HOSTS[host]
    assert comment(host, place, server) == 0
    ours = server.comments[-1]
    assert ours["body"].startswith(MARK)
    assert "ora **0833 502429**" in ours["body"]
    assert "](https://host.example" in ours["body"]
    assert server.asked[-1] == f"POST {several}"
    ours["body"] = f"{MARK}\nQuello di prima"
    assert comment(host, place, server) == 0
    assert len(server.comments) == 122
    assert "ora **0833 502429**" in ours["body"]
    assert server.asked[-1] == f"{verb} {one}/{ours['id']}"
    assert server.comments[120]["body"] == f"{MARK}\nNon è il nostro"


@pytest.mark.usefixtures("prepared")
@pytest.mark.parametrize("server", ["github"], indirect=True)
def test_a_host_that_refuses_makes_the_job_fail(server: Host, place: Path) -> None:
    assert comment("github", place, server, token="un-altro") != 0
    assert server.comments == []


# --- Every week -----------------------------------------------------------------------------------


def test_every_week_what_is_due_and_which_links_are_dead(place: Path) -> None:
    """The small content has no link to others: nobody is asked."""
    done = run_step("github", place, "settimana")
    assert done.returncode == 0, done.stderr
    told = place / "clone" / "build" / "rapporto"
    assert (told / "scadenze.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert (told / "scadenze.txt").read_text("utf-8").strip() in done.stdout
    assert (told / "collegamenti.txt").exists()


@pytest.mark.parametrize("host", FILES)
def test_every_host_calls_it_every_week(host: str) -> None:
    assert _step(host, "settimana")[0] == "sh deploy/ci/report.sh settimana"
    data = workflow(host)
    if host == "gitlab":
        assert data["settimana"]["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "schedule"'}]
    else:
        assert data[True]["schedule"] == [{"cron": "17 5 * * 1"}]
        assert data["jobs"]["settimana"]["if"] == "github.event_name != 'pull_request'"
