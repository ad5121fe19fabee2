"""From a fresh clone: make, the set-up script, the continuous check."""

import json
import os
import re
import shutil
import subprocess
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


@pytest.mark.parametrize("target", ["site", "serve", "check", "test", "bench", "clean"])
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


def test_an_old_node_is_explained(tmp_path: Path) -> None:
    """Who is not root is told what to ask for: nothing is installed."""
    user = "#!/bin/sh\necho 1000\n"
    done = _ensure_lighthouse(tmp_path, node=_NODE_IS_OLD, npm=_NPM, id=user)
    assert done.returncode == 1
    assert "Node.js 18.20 o più recente" in done.stderr


def test_continuous_check_runs_what_the_readme_names() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    [command] = re.findall(r"^exec (.*)", script, re.M)
    assert command == "make test"
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
    assert command in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("command", ["make site", "make test", "make serve", "make check"])
def test_the_readme_names_the_commands_of_make(command: str) -> None:
    assert command in (ROOT / "README.md").read_text("utf-8")
