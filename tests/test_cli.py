"""The command `carta`: what it answers, with which exit status, in which language."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from site_builder.check import check_content
from site_builder.cli import main

ROOT = Path(__file__).parents[1]
SHEET = "content/services/asilo-nido.yml"
COMMANDS = ("check", "build", "serve", "pdf", "export", "report", "new")

Body = Callable[..., Path]
Capture = pytest.CaptureFixture[str]


def _carta(*words: str, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "site_builder", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


# --- check ------------------------------------------------------------------------------------


def test_check_of_a_good_body_exits_with_0(body: Body, capsys: Capture) -> None:
    assert main(["check", str(body())]) == 0
    assert capsys.readouterr() == ("Nessun problema.\n", "")


def test_check_exits_with_1_on_an_error(body: Body, capsys: Capture) -> None:
    assert main(["check", str(body({SHEET: {"gruppi": ["marziani"]}}))]) == 1
    out, err = capsys.readouterr()
    assert re.match(rf"{SHEET}:\d+:\d+ errore \[riferimento-inesistente\] .*«marziani»", out)
    assert out.endswith("1 errore.\n")
    assert err == ""


def test_warnings_do_not_stop(body: Body, capsys: Capture) -> None:
    doubts = [{"campo": "costo", "motivo": "La fonte dice due cose."}]
    assert main(["check", str(body({SHEET: {"da_verificare": doubts}}))]) == 0
    assert capsys.readouterr().out.endswith("1 avvertenza.\n")


def test_check_takes_the_folder_it_is_in(
    body: Body, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(body())
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "Nessun problema.\n"


@pytest.mark.parametrize(
    ("level", "levels"),
    [
        ("errore", {"errore"}),
        ("avvertenza", {"errore", "avvertenza"}),
        ("consiglio", {"errore", "avvertenza", "consiglio"}),
    ],
)
def test_levels_choose_what_is_shown(
    body: Body, capsys: Capture, level: str, levels: set[str]
) -> None:
    change = {
        "gruppi": ["marziani"],
        "da_verificare": [{"campo": "costo", "motivo": "La fonte dice due cose."}],
        "descrizione": "Il nido accoglie i bambini diversamente abili.",
    }
    words = ["check", "--format", "json", "--livello", level, str(body({SHEET: change}))]
    assert main(words) == 1
    assert {problem["level"] for problem in json.loads(capsys.readouterr().out)} == levels


def test_json_items_have_the_promised_keys(body: Body, capsys: Capture) -> None:
    main(["check", "--format", "json", str(body({SHEET: {"gruppi": ["marziani"]}}))])
    [problem] = json.loads(capsys.readouterr().out)
    assert list(problem) == ["path", "line", "column", "level", "rule", "message", "hint"]
    assert problem["path"] == SHEET
    assert isinstance(problem["line"], int)


def test_json_of_a_good_body_is_an_empty_list(body: Body, capsys: Capture) -> None:
    assert main(["check", "--format", "json", str(body())]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_github_lines_are_annotations(body: Body, capsys: Capture) -> None:
    assert main(["check", "--format", "github", str(body({SHEET: {"gruppi": ["100%"]}}))]) == 1
    [line] = capsys.readouterr().out.splitlines()
    assert re.match(rf"::error file={SHEET},line=\d+,col=\d+,title=[a-z-]+::", line)
    assert "100%25" in line


# --- new --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "folder"),
    [("servizio", "services"), ("contatto", "contacts"), ("avviso", "notices")],
)
def test_new_writes_what_is_valid_at_once(
    body: Body, capsys: Capture, kind: str, folder: str
) -> None:
    where = body()
    assert main(["new", kind, "prova-2026", str(where)]) == 0
    path = where / "content" / folder / "prova-2026.yml"
    text = path.read_text("utf-8")
    assert str(path) in capsys.readouterr().out
    assert text.startswith("# yaml-language-server: $schema=")
    assert "#" in text.split("\n", 1)[1]
    assert main(["check", str(where)]) == 0
    # «new» writes the real day, which is later than the day of the other tests.
    _, problems = check_content(where, date.today())
    assert {problem.rule for problem in problems} <= {"contatto-inutilizzato"}


def test_new_sheets_get_the_next_code(body: Body) -> None:
    where = body()
    for id in ("uno", "due"):
        main(["new", "servizio", id, str(where)])
    codes = [
        re.findall(r"^codice: (\w+)", (where / f"content/services/{id}.yml").read_text(), re.M)
        for id in ("uno", "due")
    ]
    assert codes == [["A2"], ["A3"]]


def test_new_never_writes_over(body: Body, capsys: Capture) -> None:
    where = body()
    before = (where / SHEET).read_bytes()
    assert main(["new", "servizio", "asilo-nido", str(where)]) == 1
    assert "c'è già" in capsys.readouterr().err
    assert (where / SHEET).read_bytes() == before


@pytest.mark.parametrize(
    "id",
    [
        "Asilo", "asilo nido", "città", "../fuori", "/tmp/fuori", "a/b", "asilo_nido", "-a", "a--b",
        "a-", "", ".", "x.yml", "a\n", "x" * 61, "ａ", "${HOME}", "con\x00zero",
    ],
)  # fmt: skip
def test_new_refuses_what_is_no_id(body: Body, capsys: Capture, id: str) -> None:
    where = body()
    before = sorted(where.rglob("*"))
    assert main(["new", "servizio", "--", id, str(where)]) == 1
    assert "non può essere un id" in capsys.readouterr().err
    assert sorted(where.rglob("*")) == before


def test_new_needs_a_carta(body: Body, capsys: Capture) -> None:
    where = body({"content/carta.yml": "ente: [\n"})
    assert main(["new", "servizio", "prova", str(where)]) == 1
    assert "content/carta.yml:" in capsys.readouterr().err


# --- Wrong calls ------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("folder", ["non-esiste", "."])
def test_a_folder_that_is_no_body(
    tmp_path: Path, capsys: Capture, command: str, folder: str
) -> None:
    whole = {
        "new": ["new", "servizio", "prova"],
        "export": ["export", "forms"],
        "report": ["report", "--anno", "2025"],
    }
    words = whole.get(command, [command])
    assert main([*words, str(tmp_path / folder)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(
        r"Nella cartella «.*» non c'è (una cartella «content»|un file «mkdocs.yml»)\.\n", err
    )


def test_an_empty_content_lacks_its_two_files(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "content").mkdir()
    assert main(["check", str(tmp_path)]) == 1
    assert capsys.readouterr().out.count("[file-mancante]") == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "manca COMANDO"),
        (
            ["boh"],
            "'boh' non va bene: scegli fra 'check', 'new', 'init', 'diff', 'build', 'serve',"
            " 'pdf', 'archive', 'export', 'report'",
        ),
        (["export"], "manca DATI"),
        (["export", "tutto"], "'tutto' non va bene: scegli fra 'forms', 'data'"),
        (["export", "forms", "--indirizzo", "casa"], "non è l'indirizzo di un sito"),
        (["check", "--format", "xml"], "'xml' non va bene: scegli fra 'text', 'json', 'github'"),
        (["check", "--livello"], "--livello: ci vuole un valore"),
        (["check", ".", "altro"], "non capisco altro"),
        (["new", "servizio"], "manca ID"),
        (["new", "scheda", "x"], "scegli fra 'servizio', 'contatto', 'avviso'"),
        (["build", "--output"], "--output: ci vuole un valore"),
    ],
)
def test_wrong_calls_are_answered_in_italian(capsys: Capture, words: list[str], said: str) -> None:
    with pytest.raises(SystemExit) as exit:
        main(words)
    assert exit.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("uso: carta")
    assert said in err


@pytest.mark.parametrize(
    "words", [[], *([c] for c in COMMANDS), ["export", "forms"], ["export", "data"], ["init"]]
)
def test_help_is_in_italian(capsys: Capture, words: list[str]) -> None:
    with pytest.raises(SystemExit) as exit:
        main([*words, "--help"])
    assert exit.value.code == 0
    text = capsys.readouterr().out
    assert text.startswith("uso: carta")
    english = r"\b(usage|options|positional|arguments?|show|this|help message|optional|error)\b"
    assert re.findall(english, text) == []


def test_help_names_every_command(capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = re.findall(r"^    (\w+)  ", capsys.readouterr().out, re.M)
    assert set(listed) >= set(COMMANDS)


def test_a_file_in_the_way_is_said_without_traceback(body: Body, capsys: Capture) -> None:
    where = body({"content/notices": "una cartella, non un file"})
    assert main(["new", "avviso", "prova", str(where)]) == 1
    assert capsys.readouterr().err.startswith("Non riesco a usare «")


# --- The process ------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_package_runs_as_a_module(body: Body) -> None:
    done = _carta("check", str(body()), cwd=ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "Nessun problema.\n", "")


@pytest.mark.slow
def test_a_pipe_that_closes_early_is_no_accident(body: Body) -> None:
    """`carta check | head -1`: no traceback, neither with much to say nor with little."""
    buffered = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    many = [{"campo": "costo", "motivo": f"Dubbio numero {n}, detto a lungo."} for n in range(3000)]
    for doubts in (many, []):
        where = body({SHEET: {"da_verificare": doubts}})
        read, write = os.pipe()
        os.close(read)
        done = subprocess.run(
            [sys.executable, "-m", "site_builder", "check", str(where)],
            cwd=ROOT, env=buffered, stdout=write, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        os.close(write)
        assert done.stderr == ""
        assert done.returncode == 1


@pytest.mark.slow
def test_output_is_silent_and_plain_in_a_pipe(body: Body) -> None:
    doubts = [{"campo": "costo", "motivo": "La fonte dice due cose."}]
    done = _carta("check", str(body({SHEET: {"da_verificare": doubts}})), cwd=ROOT)
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    assert "\r" not in done.stdout


# --- What is told to people -------------------------------------------------------------------


@pytest.mark.parametrize("command", ["check", "build", "serve", "new", "export forms"])
def test_the_readme_names_every_command(command: str) -> None:
    assert f"carta {command}" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    "word",
    ["carta check", *(f"carta new {k}" for k in ("servizio", "contatto", "avviso")), "make serve"],
)
def test_the_guide_names_what_editors_need(word: str) -> None:
    assert word in (ROOT / "CONTRIBUTING.md").read_text("utf-8")
