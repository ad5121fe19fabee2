"""The wheel is enough: another body keeps only its content/ and mkdocs.yml."""

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
OFFLINE = re.compile(
    "NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError"
    "|Temporary failure|Network is unreachable"
)


def _run(*words: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    own = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    kept = {k: v for k, v in os.environ.items() if k.upper().startswith(("PIP_", "HTTP", "SSL_"))}
    return subprocess.run(
        [str(word) for word in words],
        cwd=cwd, env=own | kept, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done = _run(
        sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
        "--wheel-dir", folder, ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    [path] = folder.iterdir()
    return path


@pytest.fixture(scope="module")
def carta(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, installed from the wheel into an empty environment."""
    folder = tmp_path_factory.mktemp("env")
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    pins = re.findall(r"^[a-z][\w.-]*==[^\s;\\]+(?: ?;[^\\\n]*)?", lock, re.M)
    (folder / "pins.txt").write_text("\n".join(pins), "utf-8")
    assert _run(sys.executable, "-m", "venv", folder / "env").returncode == 0
    pip = folder / "env" / "bin" / "pip"
    done = _run(
        pip, "install", "--quiet", "--no-input", "--disable-pip-version-check",
        "--constraint", folder / "pins.txt", wheel,
    )  # fmt: skip
    if done.returncode and OFFLINE.search(done.stderr):
        pytest.skip("La rete non risponde: le dipendenze del pacchetto non si possono installare.")
    assert done.returncode == 0, done.stderr
    return folder / "env" / "bin" / "carta"


def _packed(wheel: Path, folder: str) -> set[str]:
    prefix = f"site_builder/{folder}/"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    return {name.removeprefix(prefix) for name in names if name.startswith(prefix)}


@pytest.mark.parametrize("folder", ["theme", "schemas"])
def test_the_wheel_carries_theme_and_schemas(wheel: Path, folder: str) -> None:
    files = (path for path in (ROOT / folder).rglob("*") if path.is_file())
    assert _packed(wheel, folder) == {path.relative_to(ROOT / folder).as_posix() for path in files}


def test_the_wheel_carries_code_and_licence_only(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    rooms = {name.partition("/")[0].partition("-")[0] for name in names}
    assert rooms == {"site_builder", "endpoint", "carta"}
    # What deploys the endpoint is in its own wheel or in the repository: tests/endpoint.
    kinds = {name.rpartition(".")[2] for name in names if name.startswith("endpoint/")}
    assert kinds == {"py", "sql", "css", "html"}
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_a_body_with_only_its_content_builds(carta: Path, body: Callable[..., Path]) -> None:
    folder = body()
    assert sorted(path.name for path in folder.iterdir()) == ["content", "mkdocs.yml"]
    done = _run(carta, "build", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    site = folder / "build" / "site"
    assert (site / "servizi/asilo-nido/index.html").is_file()
    tokens = (ROOT / "theme/style/10-tokens.css").read_bytes()
    assert tokens in (site / "assets/carta.css").read_bytes()
    font = "assets/fonts/titillium-web-400.woff2"
    assert (site / font).read_bytes() == (ROOT / "theme/site" / font).read_bytes()
    assert (site / "pagefind/pagefind.js").is_file()


def test_a_body_with_only_its_content_checks(carta: Path, body: Callable[..., Path]) -> None:
    done = _run(carta, "check", cwd=body())
    assert (done.returncode, done.stdout, done.stderr) == (0, "Nessun problema.\n", "")


def test_a_body_with_only_its_content_prints(carta: Path, body: Callable[..., Path]) -> None:
    """Templates, style and fonts of the prints are in the wheel."""
    folder = body()
    command = ("pdf", "--scheda", "asilo-nido", "--indirizzo", "https://carta.example.it/")
    done = _run(carta, *command, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    with pikepdf.open(folder / "build" / "schede" / "asilo-nido.pdf") as pdf:
        fonts = {str(font.BaseFont) for page in pdf.pages for font in page.Resources.Font.values()}
    assert fonts
    assert {"Titillium" in name for name in fonts} == {True}


def test_a_new_body_needs_only_the_wheel(carta: Path, tmp_path: Path) -> None:
    told = ("--nome", "Ambito", "--comune", "Valle", "--area", "Casa", "--sportello", "Sportello")
    done = _run(carta, "init", "ente", *told, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    checked = _run(carta, "check", "--livello", "errore", "ente", cwd=tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")
    schema = (tmp_path / "ente/content/carta.yml").read_text("utf-8").split("\n", 1)[0]
    assert str(carta.parents[1]) in schema


def test_a_new_file_points_to_the_schema_of_the_wheel(
    carta: Path, body: Callable[..., Path]
) -> None:
    folder = body()
    assert _run(carta, "new", "avviso", "prova", cwd=folder).returncode == 0
    first = (folder / "content/notices/prova.yml").read_text("utf-8").split("\n", 1)[0]
    schema = first.partition("$schema=")[2]
    assert schema.startswith("file://")
    assert Path(schema.removeprefix("file://")).is_file()
    assert _run(carta, "check", cwd=folder).returncode == 0
