"""From a fresh clone: make, the set-up script, the continuous check."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
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
    text = (ROOT / "scripts" / "setup.sh").read_text("utf-8")
    assert "-r requirements.lock" in text
    assert (ROOT / "requirements.lock").is_file()


def test_the_lock_pins_every_package_with_its_hash() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    blocks = re.split(r"\n(?=[a-z])", lock)
    packages = [block for block in blocks if re.match(r"[a-z][\w.-]*(\[\w+\])?==", block)]
    assert len(packages) > 20
    assert [block.split("\n")[0] for block in packages if "--hash=sha256:" not in block] == []


def test_continuous_check_runs_what_the_readme_names() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    [command] = re.findall(r"^exec (.*)", script, re.M)
    assert command == "make test"
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
    assert command in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("command", ["make site", "make test", "make serve", "make check"])
def test_the_readme_names_the_commands_of_make(command: str) -> None:
    assert command in (ROOT / "README.md").read_text("utf-8")
