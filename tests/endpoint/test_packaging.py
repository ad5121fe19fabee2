"""What is deployed: the package alone, the image, the units, the files of each platform."""

import ast
import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from endpoint_process import ROOT, environment, running

from endpoint.cli import COMMANDS

ROOM = ROOT / "endpoint"
DEPLOY = ROOM / "deploy"
UNITS = DEPLOY / "systemd"
OFFLINE = re.compile(
    "NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError"
    "|Temporary failure|Network is unreachable"
)
_PROGRAM = "/opt/carta-endpoint/bin/carta-endpoint"
_USER = 10001


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's own tags as plain values."""


_Loader.add_multi_constructor("!", lambda loader, tag, node: f"{tag} {node.value}")


def _documents(name: str) -> list[Any]:
    return list(yaml.load_all((DEPLOY / name).read_text("utf-8"), _Loader))


def _find(data: Any, key: str) -> Iterator[Any]:
    """Every value of a key, however deep."""
    if isinstance(data, dict):
        for name, value in data.items():
            if name == key:
                yield value
            yield from _find(value, key)
    elif isinstance(data, list):
        for value in data:
            yield from _find(value, key)


# Which modules may know what is not in the standard library.
_KNOWN_TO = {
    "apig_wsgi": {"lambda_handler.py"},
    "azure": {"function_app.py"},
    "psycopg": {"postgres.py", "postgres_session.py"},
    "waitress": {"listening.py"},
}


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module).partition(".")[0]


def test_the_endpoint_needs_two_packages_and_nothing_of_the_site() -> None:
    files = sorted(ROOM.rglob("*.py"))
    assert len(files) > 20
    for path in files:
        others = set(_imports(path)) - sys.stdlib_module_names - {"endpoint", "pyrage"}
        assert {name for name in others if path.name not in _KNOWN_TO.get(name, ())} == set(), path


def _project(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))["project"]


def test_both_packages_are_of_one_version_and_need_the_same() -> None:
    whole, alone = _project(ROOT / "pyproject.toml"), _project(ROOM / "pyproject.toml")
    for key in ("version", "license", "requires-python"):
        assert whole[key] == alone[key]
    extras = whole["optional-dependencies"]
    assert extras["endpoint"] == alone["dependencies"]
    assert extras["postgresql"] == alone["optional-dependencies"]["postgresql"]
    assert whole["scripts"]["carta-endpoint"] == alone["scripts"]["carta-endpoint"]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("requirements.lock", {"pyrage", "waitress"}),
        (
            "requirements-postgresql.lock",
            {"pyrage", "waitress", "psycopg", "psycopg-binary", "typing-extensions", "tzdata"},
        ),
    ],
)
def test_the_image_gets_few_packages_each_with_its_hash(name: str, wanted: set[str]) -> None:
    lock = (ROOM / name).read_text("utf-8")
    blocks = re.split(r"\n(?=[a-z])", lock)
    packages = [block for block in blocks if re.match(r"[a-z][\w.-]*==", block)]
    assert {block.partition("==")[0] for block in packages} == wanted
    assert [block.split("\n")[0] for block in packages if "--hash=sha256:" not in block] == []
    whole = (ROOT / "requirements.lock").read_text("utf-8")
    pins = [block.split("\n")[0].split(" ")[0] for block in packages]
    assert [pin for pin in pins if f"\n{pin} " not in whole and "psycopg" not in pin] == []


@pytest.mark.parametrize("name", ["knative.yaml", "cloud-run.yaml"])
def test_containers_run_commands_that_exist(name: str) -> None:
    documents = _documents(name)
    containers = [one for many in _find(documents, "containers") for one in many]
    assert len(containers) > 1
    assert {c["args"][0] for c in containers} <= set(COMMANDS)
    assert len({c["image"] for c in containers}) == 1
    probes = [*_find(documents, "readinessProbe"), *_find(documents, "startupProbe")]
    assert [probe["httpGet"]["path"] for probe in probes] == ["/salute"]
    if name == "knative.yaml":
        assert all(c["securityContext"]["readOnlyRootFilesystem"] for c in containers)


def _names(path: Path) -> set[str]:
    body = ast.parse(path.read_text("utf-8")).body
    functions = {node.name for node in body if isinstance(node, ast.FunctionDef)}
    targets = [node.targets[0] for node in body if isinstance(node, ast.Assign)]
    return functions | {target.id for target in targets if isinstance(target, ast.Name)}


def test_lambda_calls_what_is_there() -> None:
    documents = _documents("lambda-sam.yaml")
    handlers = list(_find(documents, "Handler"))
    assert len(handlers) == 2
    for handler in handlers:
        module, _, name = handler.rpartition(".")
        assert name in _names(ROOT / f"{module.replace('.', '/')}.py")
    inputs = [json.loads(text)["comando"] for text in _find(documents, "Input")]
    assert inputs == ["spedisci", "cancella"]


def test_azure_serves_from_the_root_of_the_address() -> None:
    host = json.loads((DEPLOY / "azure-host.json").read_text("utf-8"))
    assert host["extensions"]["http"]["routePrefix"] == ""
    assert "app" in _names(ROOM / "function_app.py")


def _settings_that_are_read() -> set[str]:
    found = set()
    for path in (ROOM / "settings.py", ROOM / "context.py"):
        found |= set(re.findall(r'"(CARTA_[A-Z_]+|PORT)"', path.read_text("utf-8")))
    return found


def test_the_example_names_every_setting_and_no_other() -> None:
    text = (DEPLOY / "env.example").read_text("utf-8")
    named = set(re.findall(r"^(?:# )?([A-Z_]+)='", text, re.M))
    assert named | {"CARTA_SECRET_OLD"} == _settings_that_are_read()
    assert "CARTA_SECRET_OLD=" in text


def test_the_example_is_read_alike_by_a_shell_and_by_systemd(tmp_path: Path) -> None:
    """One pair of single quotes a value: both take them off."""
    text = (DEPLOY / "env.example").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[A-Z_]+='[^']*'", line)] == []
    script = f'set -eu; . {DEPLOY / "env.example"}; printf %s "$CARTA_DB"'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "/var/lib/carta-endpoint/moduli.db"


def _unit(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters="=")
    parser.optionxform = str  # type: ignore[method-assign,assignment]  # as its manual says
    parser.read(path, "utf-8")
    return parser


def test_timers_start_commands_that_exist() -> None:
    timers = sorted(UNITS.glob("*.timer"))
    assert len(timers) == 3
    for timer in timers:
        unit = _unit(timer)["Timer"]["Unit"]
        [command] = re.findall(r"^carta-endpoint@(\w+)\.service$", unit)
        assert command in COMMANDS
        assert timer.name == f"carta-endpoint-{command}.timer"


def test_the_template_is_as_locked_up_as_the_service() -> None:
    service, template = (
        dict(_unit(UNITS / f"carta-endpoint{at}.service")["Service"]) for at in ("", "@")
    )
    own = {"ExecStart", "Type", "Restart", "RestartSec", "LimitNOFILE"}
    own |= {"TimeoutStopSec", "TimeoutStartSec"}
    kept = {key: value for key, value in service.items() if key not in own}
    assert kept == {key: value for key, value in template.items() if key not in own}
    assert service["ExecStart"] == f"{_PROGRAM} servi --host 127.0.0.1"


@pytest.mark.tools
@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze non c'è")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    shutil.copytree(UNITS, tmp_path / "units")
    units = sorted(path for path in (tmp_path / "units").glob("*.*") if path.is_file())
    for path in (tmp_path / "units").rglob("*.*"):
        if path.is_file():  # the program is not installed here
            path.write_text(path.read_text("utf-8").replace(_PROGRAM, "/bin/true"), "utf-8")
    command = ["systemd-analyze", "verify", "--man=no", *map(str, units)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert len(units) == 5
    assert (done.returncode, done.stderr) == (0, "")


def test_the_wrapper_for_the_staff_is_plain_shell() -> None:
    script = UNITS / "carta-moduli"
    assert script.read_text("utf-8").startswith("#!/bin/sh\n")
    assert script.stat().st_mode & 0o111
    done = subprocess.run(["sh", "-n", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_proxy_keeps_nothing_of_what_is_written() -> None:
    """Left alone it writes long requests and answers to the disk, and calls us by another name."""
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    said = dict(re.findall(r"^ *([a-z_]+) (.*);$", text, re.M))
    assert said["access_log"] == "off"
    assert said["proxy_max_temp_file_size"] == "0"
    assert said["client_max_body_size"] == "64k"
    assert int(said["client_body_buffer_size"].removesuffix("k")) > 64
    assert re.search(r"proxy_set_header Host \$http_host;", text)


# --- The package and the image, really built ---------------------------------------------------


def _run(*words: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if k.upper().startswith(("PIP_", "HTTP", "SSL_"))}
    own = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    command = [str(word) for word in words]
    return subprocess.run(
        command, cwd=cwd, env=own | kept, capture_output=True, text=True, check=False
    )


def _or_skip(done: subprocess.CompletedProcess[str]) -> None:
    if done.returncode and OFFLINE.search(done.stderr):
        pytest.skip("La rete non risponde: le dipendenze dell'endpoint non si possono installare.")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done = _run(
        sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
        "--wheel-dir", folder, ROOM,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    [path] = folder.iterdir()
    return path


@pytest.mark.slow
def test_the_wheel_carries_the_package_alone_and_whole(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert {name.partition("/")[0] for name in names} == {"endpoint"}
    kinds = ("*.py", "*.sql", "*.css")
    code = [path for kind in kinds for path in ROOM.rglob(kind) if "apri" not in path.parts]
    wanted = {path.relative_to(ROOT).as_posix() for path in code}
    assert names == wanted | {"endpoint/apri/apri-reclami.html", "endpoint/LICENSE"}


@pytest.mark.slow
def test_the_wheel_alone_takes_a_form(wheel: Path, tmp_path: Path) -> None:
    """In an empty environment with its two dependencies."""
    python = tmp_path / "env" / "bin" / "python"
    assert _run(sys.executable, "-m", "venv", tmp_path / "env").returncode == 0
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    _or_skip(_run(*pip, "--require-hashes", "-r", ROOM / "requirements.lock"))
    _or_skip(_run(*pip, "--no-deps", wheel))
    found = json.loads(_run(python, "-m", "pip", "list", "--format", "json").stdout)
    names = {item["name"] for item in found} - {"pip", "setuptools"}
    assert names == {"carta-endpoint", "pyrage", "waitress"}
    env = environment(tmp_path)
    with running(env, program=(str(python), "-I", "-m", "endpoint")) as server:
        assert server.submit().startswith("/ricevuta/")
        assert server.stop()[0] == 0
    done = _run(tmp_path / "env" / "bin" / "carta-endpoint", "--help")
    assert (done.returncode, done.stderr) == (0, "")


def _steps(word: str) -> list[str]:
    text = (ROOM / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    return re.findall(rf"^{word} +(.*)$", text, re.M)


def test_the_image_is_pinned_without_root_and_answers_for_its_health() -> None:
    bases = {base.split()[0] for base in _steps("FROM")}
    assert bases == {"python:3.11-slim-bookworm"}
    assert _steps("USER") == [f"{_USER}:{_USER}"]
    assert json.loads(_steps("ENTRYPOINT")[0]) + json.loads(_steps("CMD")[0]) == [
        "python", "-m", "endpoint", "servi",
    ]  # fmt: skip
    env = dict(pair.split("=", 1) for pair in _steps("ENV")[0].split())
    assert env["CARTA_DB"] == "/dati/moduli.db"
    compile(_health_check()[2], "HEALTHCHECK", "exec")


def _health_check() -> list[str]:
    [check] = [step for step in _steps("HEALTHCHECK") if "CMD" in step]
    words: list[str] = json.loads(check.partition("CMD")[2])
    return words


@pytest.fixture(scope="module")
def image() -> Iterator[Path]:
    """What is in the image, made by the very steps of the Containerfile in a folder."""
    # Not in the folder of the tests, which only their own user may enter.
    with tempfile.TemporaryDirectory(prefix="carta-") as name:
        Path(name).chmod(0o755)
        _build(Path(name))
        yield Path(name)


def _build(folder: Path) -> None:
    (folder / "src").mkdir()
    shutil.copy(ROOT / "LICENSE", folder / "src")
    ignored = shutil.ignore_patterns("__pycache__", "node_modules")
    shutil.copytree(ROOM, folder / "src" / "endpoint", ignore=ignored)
    bin = folder / "bin"
    bin.mkdir()
    for name, words in {"pip": "-m pip --disable-pip-version-check", "python": ""}.items():
        (bin / name).write_text(f'#!/bin/sh\nexec {sys.executable} {words} "$@"\n', "utf-8")
        (bin / name).chmod(0o755)
    for step in [step for step in _steps("RUN") if "/dati" not in step]:
        local = re.sub(r"(?<![\w.])/(app|wheels)\b", lambda m: str(folder / m[1]), step)
        script = f'PATH="{bin}:$PATH" LOCK=requirements.lock; export PATH; {local}'
        _or_skip(_run("sh", "-ec", script, cwd=folder / "src"))


# Nobody may write anywhere but in the database's folder, as where the root is read-only.
_READ_ONLY = """set -e
mount --make-rprivate / && mount --bind "$DATA" "$DATA" && mount -o remount,bind,ro / || exit 77
! touch "$APP/x" 2>/dev/null
exec setpriv --reuid=10001 --regid=10001 --clear-groups --no-new-privs "$@"
"""


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="solo root può provare con un altro utente")
@pytest.mark.skipif(not shutil.which("setpriv"), reason="setpriv non c'è")
def test_the_image_takes_a_form_as_nobody_on_a_read_only_root(image: Path) -> None:
    data = image / "dati"
    data.mkdir()
    os.chown(data, _USER, _USER)
    interpreter = os.path.realpath(sys.executable)
    probe = ["setpriv", f"--reuid={_USER}", "--clear-groups", interpreter, "-I", "-c", ""]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("L'utente 10001 non può usare questo Python.")
    given = {"CARTA_DB": str(data / "moduli.db"), "PYTHONDONTWRITEBYTECODE": "1"}
    env = environment(image, **given) | {"PYTHONPATH": str(image / "app")}
    env |= {"DATA": str(data), "APP": str(image / "app")}
    before = _tree(image / "app")
    shell = ["sh", "-c", _READ_ONLY, "sh"]
    alone = ["unshare", "--mount", *shell]
    if subprocess.run([*alone, "true"], env=env, capture_output=True, check=False).returncode:
        alone = ["setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--clear-groups"]
    program = (*alone, interpreter, "-s", "-m", "endpoint")
    with running(env, program=program, log=image / "log", cwd=data) as server:
        assert server.submit().startswith("/ricevuta/")
        health = [sys.executable, *_health_check()[1:]]
        port = {"PORT": str(server.port)}
        assert subprocess.run(health, env=port, check=False).returncode == 0
        assert server.stop()[0] == 0
        assert subprocess.run(health, env=port, capture_output=True, check=False).returncode == 1
    assert _tree(image / "app") == before
    assert {path.stat().st_uid for path in data.iterdir()} == {_USER}


def _tree(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*")}
