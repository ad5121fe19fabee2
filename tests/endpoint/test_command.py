"""The command: it loads only what it runs, speaks Italian, and never ends in a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest
from endpoint_process import ROOT, command, environment

import endpoint
from endpoint import cli

ROOM = Path(endpoint.__file__).parent
# What only other commands need.
DEAR = ("psycopg", "smtplib", "imaplib", "ssl", "csv", "asyncio", "multiprocessing")


def test_every_command_has_its_module() -> None:
    found = {path.stem for path in (ROOM / "commands").glob("*.py")} - {"__init__"}
    assert set(cli.COMMANDS) == found


def test_help_lists_every_command() -> None:
    done = command("--help", env={})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("uso: carta-endpoint")
    listed = [line.split()[0] for line in done.stdout.splitlines() if line[:5].strip(" ") != ""]
    assert [name for name in cli.COMMANDS if name not in listed] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "manca COMANDO"),
        (("vola",), "'vola' non va bene: scegli fra 'servi'"),
        (("servi", "--porta"), "non capisco --porta"),
        (("servi", "--host"), "ci vuole un valore"),
    ],
)
def test_a_wrong_call_is_explained(words: tuple[str, ...], said: str) -> None:
    done = command(*words, env={})
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_without_settings_it_says_which_one_is_missing() -> None:
    done = command("servi", env={})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Manca CARTA_SECRET")
    assert done.stderr.count("\n") == 1


def test_the_server_loads_itself_alone() -> None:
    """Where it sleeps until somebody comes, the time to load is the time that a citizen waits."""
    program = (
        "import sys; from endpoint.cli import _parser; _parser(['servi']);"
        "import endpoint.web.serving; print(*sorted(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = done.stdout.split()
    commands = [name for name in loaded if name.startswith("endpoint.commands.")]
    assert commands == ["endpoint.commands.servi"]
    assert [name for name in DEAR if name in loaded] == []


def test_a_database_that_cannot_be_opened_is_explained(tmp_path: Path) -> None:
    env = environment(tmp_path, CARTA_DB=str(tmp_path / "non" / "c'è" / "moduli.db"))
    done = command("controlla", "--senza-rete", env=env)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout
