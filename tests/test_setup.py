"""From a fresh clone: make, the set-up script, the continuous check."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
SETUP = (ROOT / "scripts" / "setup.sh").read_text("utf-8")
TARGETS = re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.M)


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    # The tests may themselves be run by make, with words of its own.
    env = {k: v for k, v in os.environ.items() if k not in ("BODY", "MAKEFLAGS", "MFLAGS")}
    return subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.mark.skipif(not shutil.which("make"), reason="make non c'è")
@pytest.mark.parametrize("words", [[], ["help"]])
def test_make_alone_prints_its_commands(words: list[str]) -> None:
    done = _run("make", "--no-print-directory", *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Uso: make COMANDO")
    listed = re.findall(r"^  ([a-z-]+) +\S", done.stdout, re.M)
    assert listed == TARGETS


@pytest.mark.parametrize(
    "target",
    ["site", "pdf", "serve", "check", "demo", "test", "test-faults", "bench", "clean"],
)
def test_the_promised_targets_exist(target: str) -> None:
    assert target in TARGETS


def test_every_target_is_phony() -> None:
    """A folder called `site` or `test` must not stop a command."""
    phony = re.findall(r"^\.PHONY: (.*)", MAKEFILE, re.M)[0].split()
    assert set(TARGETS) <= set(phony)


@pytest.mark.skipif(not shutil.which("make"), reason="make non c'è")
@pytest.mark.parametrize(
    ("words", "body", "output"),
    [
        ([], ".", "build/site"),
        (["BODY=examples/napoli-tredici"], "examples/napoli-tredici", "build/napoli-tredici/site"),
        (["BODY=examples/napoli-tredici/"], "examples/napoli-tredici", "build/napoli-tredici/site"),
    ],
)
def test_each_body_has_its_own_output(words: list[str], body: str, output: str) -> None:
    done = _run("make", "--dry-run", "--no-print-directory", "site", *words)
    assert f'carta build "{body}" --output "{output}"' in done.stdout


@pytest.mark.parametrize("script", sorted((ROOT / "scripts").glob("*.sh")), ids=lambda p: p.name)
def test_scripts_are_plain_shell(script: Path) -> None:
    assert script.read_text("utf-8").startswith("#!/bin/sh\n")
    assert script.stat().st_mode & 0o111
    done = _run("sh", "-n", str(script))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("words", [[], ["boh"]])
def test_setup_says_how_it_is_called(words: list[str]) -> None:
    done = _run("scripts/setup.sh", *words)
    assert done.returncode == 1
    assert done.stderr == "Uso: scripts/setup.sh site|test\n"


def test_setup_uses_files_that_exist() -> None:
    assert "-r requirements.lock" in SETUP
    assert (ROOT / "requirements.lock").is_file()


def test_the_lock_pins_every_package_with_its_hash() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    blocks = re.split(r"\n(?=[a-z])", lock)
    packages = [block for block in blocks if re.match(r"[a-z][\w.-]*(\[\w+\])?==", block)]
    assert len(packages) > 20
    assert [block.split("\n")[0] for block in packages if "--hash=sha256:" not in block] == []


def test_the_lock_of_lighthouse_pins_every_package_with_its_hash() -> None:
    """No download address: npm asks the registry of whoever runs it."""
    text = (ROOT / "tests" / "web" / "package-lock.json").read_text("utf-8")
    lock = json.loads(text)["packages"]
    wanted = json.loads((ROOT / "tests" / "web" / "package.json").read_text("utf-8"))
    assert lock[""]["dependencies"] == wanted["dependencies"]
    packages = {name: entry for name, entry in lock.items() if name}
    assert len(packages) > 50
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert '"latest"' not in text  # npm ci refuses it when a newer one comes out


_NODE_IS_OLD = "#!/bin/sh\nexit 1\n"
_LIBRARY = re.split(r"^LOG=\$\(mktemp\)$", SETUP, flags=re.M)[0]


def _ensure_lighthouse(folder: Path, **programs: str) -> subprocess.CompletedProcess[str]:
    """Run that step of the script in a folder, with programs in place of the real ones."""
    for name in ("package.json", "package-lock.json"):
        target = folder / "tests" / "web" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "tests" / "web" / name, target)
    (folder / "scripts").mkdir(exist_ok=True)
    (folder / "bin").mkdir(exist_ok=True)
    (folder / "scripts" / "part.sh").write_text(
        f"{_LIBRARY}LOG=$PWD/log\nensure_lighthouse\n", "utf-8"
    )
    for name, text in programs.items():
        program = folder / "bin" / name
        program.write_text(text, "utf-8")
        program.chmod(0o755)
    env = os.environ | {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    command = ["sh", str(folder / "scripts" / "part.sh")]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


_NODE = "#!/bin/sh\nexit 0\n"
_NPM = """#!/bin/sh
[ "$PUPPETEER_SKIP_DOWNLOAD $1 $2" = "true ci --ignore-scripts" ] || exit 1
touch "once-$(ls | wc -l)"
"""


def test_lighthouse_is_installed_once_and_again_when_its_lock_changes(tmp_path: Path) -> None:
    first = _ensure_lighthouse(tmp_path, node=_NODE, npm=_NPM)
    assert (first.returncode, first.stderr.count("\n")) == (0, 1)
    second = _ensure_lighthouse(tmp_path, node=_NODE, npm=_NPM)
    assert (second.returncode, second.stderr) == (0, "")
    (tmp_path / ".venv" / "web" / ".carta-lock").write_text("altro\n", "utf-8")
    third = _ensure_lighthouse(tmp_path, node=_NODE, npm=_NPM)
    assert (third.returncode, third.stderr) == (0, first.stderr)


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("npm ERR! code ENOTFOUND", "la rete non risponde"),
        ("npm ERR! code ENOSPC", "Il disco è pieno"),
        ("npm ERR! code EINTEGRITY", "non è quello previsto da tests/web/package-lock.json"),
        ("npm ERR! boh", "Non riesco a installare Lighthouse."),
    ],
)
def test_a_failed_npm_is_explained_and_tried_again(tmp_path: Path, printed: str, said: str) -> None:
    failing = f"#!/bin/sh\necho '{printed}' >&2\nexit 1\n"
    done = _ensure_lighthouse(tmp_path, node=_NODE, npm=failing)
    assert done.returncode == 1
    assert said in done.stderr
    assert f"    {printed}" in done.stderr
    assert _ensure_lighthouse(tmp_path, node=_NODE, npm=_NPM).returncode == 0


def test_what_builds_the_opening_page_is_installed_apart(tmp_path: Path) -> None:
    """From its own lock, into its own folder."""
    room = tmp_path / "endpoint" / "apri"
    room.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "endpoint" / "apri" / name, room / name)
    programs = {
        name: f'#!/bin/sh\nexec {shutil.which(name)} "$@"\n' for name in ("cp", "touch", "wc")
    }
    for _ in range(2):
        done = _part(tmp_path, "ensure_opening", node=_NODE, npm=_NPM, **programs)
        assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert [path.name for path in (tmp_path / ".venv").iterdir()] == ["apri"]
    assert (tmp_path / ".venv" / "apri" / "package-lock.json").is_file()


def test_an_old_node_is_explained(tmp_path: Path) -> None:
    """Who is not root is told what to ask for: nothing is installed."""
    user = "#!/bin/sh\necho 1000\n"
    done = _ensure_lighthouse(tmp_path, node=_NODE_IS_OLD, npm=_NPM, id=user)
    assert done.returncode == 1
    assert "Node.js 18.20 o più recente" in done.stderr


def _part(folder: Path, step: str, **programs: str) -> subprocess.CompletedProcess[str]:
    """Run one step of the script in a folder where only these programs can be found."""
    (folder / "scripts").mkdir(exist_ok=True)
    (folder / "scripts" / "part.sh").write_text(f"{_LIBRARY}LOG=$PWD/log\n{step}\n", "utf-8")
    (folder / "bin").mkdir(exist_ok=True)
    for name, text in programs.items():
        (folder / "bin" / name).write_text(text, "utf-8")
        (folder / "bin" / name).chmod(0o755)
    for name in ("dirname", "cat", "cksum", "mv", "rm", "ls", "grep", "tail", "sed", "mkdir"):
        link = folder / "bin" / name
        if not link.exists():
            link.symlink_to(str(shutil.which(name)))
    command = [str(shutil.which("sh")), str(folder / "scripts" / "part.sh")]
    env = {"PATH": str(folder / "bin")}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


_USER = "#!/bin/sh\necho 1000\n"  # who is not root is told what to ask for
_HERE = "#!/bin/sh\nexit 0\n"


def _python(folder: Path, text: str) -> None:
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True, exist_ok=True)
    python.write_text(text, "utf-8")
    python.chmod(0o755)


def test_the_libraries_of_the_pdf_are_asked_for_by_name(tmp_path: Path) -> None:
    """The test is the import itself, with warnings as errors, and its cure names the packages."""
    _python(tmp_path, '#!/bin/sh\n[ "$*" = "-W error -c import weasyprint" ] || exit 0\nexit 1\n')
    done = _part(tmp_path, "ensure_pdf_libraries", id=_USER)
    assert done.returncode == 1
    assert "Manca: le librerie Pango e HarfBuzz" in done.stderr
    for package in ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"):
        assert package in done.stderr


@pytest.mark.skipif(not Path("/etc/ld.so.cache").exists(), reason="ld.so.cache non c'è")
def test_the_libraries_of_the_pdf_are_tried_once(tmp_path: Path) -> None:
    _python(tmp_path, "#!/bin/sh\necho x >> tries\n")
    for _ in range(2):
        done = _part(tmp_path, "ensure_pdf_libraries")
        assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "tries").read_text("utf-8") == "x\n"
    (tmp_path / ".venv" / ".carta-libraries").write_text("altre\n", "utf-8")
    assert _part(tmp_path, "ensure_pdf_libraries").returncode == 0
    assert (tmp_path / "tries").read_text("utf-8") == "x\nx\n"


def test_readers_of_the_prints_that_are_missing_are_asked_for(tmp_path: Path) -> None:
    """All but one are not enough."""
    programs = dict.fromkeys(("pdftotext", "pdfinfo", "git", "age", "strace"), _HERE)
    done = _part(tmp_path, "ensure_readers", id=_USER, **programs)
    assert done.returncode == 1
    assert "poppler-utils git age strace" in done.stderr
    done = _part(tmp_path, "ensure_readers", pdftoppm=_HERE)
    assert (done.returncode, done.stderr) == (0, "")


# In place of Debian: what is asked for is written down, and the database is made unless refused.
_APT_GET = """#!/bin/sh
case "$*" in
    *" install "*--no-install-recommends" postgresql-common") echo "ssl = on" > clusters ;;
    *" install "*--no-install-recommends" postgresql")
        cp clusters seen
        [ ! -e offline ] || { echo "Failed to fetch"; exit 100; }
        mkdir -p pg/15/bin; cp "$0" pg/15/bin/initdb ;;
esac
"""
_ROOT_USER = "#!/bin/sh\necho 0\n"
_WITH_POSTGRESQL = "POSTGRESQL=pg; CLUSTERS=clusters; ensure_postgresql"


@pytest.mark.skipif(not Path("/etc/debian_version").exists(), reason="non è Debian")
def test_postgresql_comes_without_a_database_of_its_own(tmp_path: Path) -> None:
    """The setting of the machine is put back, also when the network fails half way."""
    programs = {"id": _ROOT_USER, "apt-get": _APT_GET}
    programs |= {name: f'#!/bin/sh\nexec {shutil.which(name)} "$@"\n' for name in ("cp",)}
    (tmp_path / "offline").touch()
    failed = _part(tmp_path, _WITH_POSTGRESQL, **programs)
    assert (failed.returncode, "la rete non risponde" in failed.stderr) == (1, True)
    assert (tmp_path / "clusters").read_text("utf-8") == "ssl = on\n"
    (tmp_path / "offline").unlink()
    done = _part(tmp_path, _WITH_POSTGRESQL, **programs)
    assert (done.returncode, done.stderr.count("Installo da Debian")) == (0, 2)
    assert (tmp_path / "seen").read_text("utf-8") == "ssl = on\ncreate_main_cluster = false\n"
    assert (tmp_path / "clusters").read_text("utf-8") == "ssl = on\n"
    again = _part(tmp_path, _WITH_POSTGRESQL, **programs)
    assert (again.returncode, again.stderr) == (0, "")


def test_postgresql_that_is_missing_is_asked_for(tmp_path: Path) -> None:
    done = _part(tmp_path, _WITH_POSTGRESQL, id=_USER)
    assert done.returncode == 1
    assert "Manca: PostgreSQL" in done.stderr
    assert done.stderr.endswith("postgresql\n")


@pytest.mark.slow
def test_without_the_libraries_a_print_says_what_to_install(
    tmp_path: Path, body: Callable[..., Path]
) -> None:
    """Who has only the wheel has not run our set-up."""
    lacking = 'print("Long advice"); raise OSError("cannot load library \'libpango-1.0-0\'")\n'
    (tmp_path / "weasyprint.py").write_text(lacking, "utf-8")
    words = (sys.executable, "-m", "site_builder", "pdf", "--scheda", "asilo-nido")
    env = os.environ | {"PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT)))}
    folder = body()
    done = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (folder / "build").exists()


# In place of Python: makes the environment, and there says what pip was asked for.
_MAKES_VENV = """#!/bin/sh
case "$*" in
    "-m venv .venv/outloud") mkdir -p .venv/outloud/bin; cp "$0" .venv/outloud/bin/python ;;
    "-m pip install "*)
        [ ! -e offline ] || { echo NewConnectionError; exit 1; }
        echo "$@" >> pip ;;
    *) exit 1 ;;
esac
"""


def test_outloud_has_an_environment_of_its_own(tmp_path: Path) -> None:
    """Interrupted or changed, it is made anew; else it stays."""
    lock = tmp_path / "tests" / "outloud" / "requirements.lock"
    lock.parent.mkdir(parents=True)
    lock.write_text("outloud==1\n", "utf-8")
    _python(tmp_path, _MAKES_VENV)
    programs = {"cp": f'#!/bin/sh\nexec {shutil.which("cp")} "$@"\n'}
    (tmp_path / "offline").touch()
    failed = _part(tmp_path, "ensure_outloud", **programs)
    assert (failed.returncode, "la rete non risponde" in failed.stderr) == (1, True)
    (tmp_path / "offline").unlink()
    first = _part(tmp_path, "ensure_outloud", **programs)
    assert (first.returncode, first.stderr.count("\n")) == (0, 1)
    again = _part(tmp_path, "ensure_outloud", **programs)
    assert (again.returncode, again.stderr) == (0, "")
    asked = (tmp_path / "pip").read_text("utf-8").splitlines()
    assert len(asked) == 1
    assert "--require-hashes --only-binary :all: -r tests/outloud/requirements.lock" in asked[0]
    lock.write_text("outloud==2\n", "utf-8")
    assert _part(tmp_path, "ensure_outloud", **programs).stderr == first.stderr


def test_the_licence_of_outloud_stays_out_of_the_project() -> None:
    """It brings PyMuPDF, which is AGPL: only its own lock may name them."""
    for name in ("requirements.lock", "pyproject.toml"):
        text = (ROOT / name).read_text("utf-8").casefold()
        assert "outloud" not in text
        assert "pymupdf" not in text
    lock = (ROOT / "tests" / "outloud" / "requirements.lock").read_text("utf-8")
    assert re.search(r"^outloud==", lock, re.M)
    blocks = re.split(r"\n(?=[a-z])", lock)
    packages = [block for block in blocks if re.match(r"[a-z][\w.-]*(\[\w+\])?==", block)]
    assert [block.split("\n")[0] for block in packages if "--hash=sha256:" not in block] == []


def test_continuous_check_runs_what_the_readme_names() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    [command] = re.findall(r"^exec (.*)", script, re.M)
    assert command == "make test"
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
    assert command in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    "command", ["make site", "make pdf", "make test", "make serve", "make check"]
)
def test_the_readme_names_the_commands_of_make(command: str) -> None:
    assert command in (ROOT / "README.md").read_text("utf-8")
