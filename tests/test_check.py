"""The list of problems: order, levels, and the three forms in which it is told."""

import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from site_builder.check import FORMATS, check_content, load_checked, report
from site_builder.cli import main
from site_builder.errors import LEVELS, ContentError, Problem

SERVICE = "content/services/asilo-nido.yml"
CONTACT = "content/contacts/segretariato-casarano.yml"

PROBLEMS = [
    Problem("content/a,b.yml", 2, 1, "errore", "telefono", "Cento % sbagliato.", "Correggi.\nOra."),
    Problem("content/c.yml", 10, 3, "avvertenza", "ordine", "Prima «dal»."),
    Problem("content/c.yml", 12, 1, "consiglio", "leggibilita", "Difficile.", "Accorcia."),
]


def test_text() -> None:
    assert report(PROBLEMS, "text", "consiglio") == (
        "content/a,b.yml:2:1 errore [telefono] Cento % sbagliato.\n"
        "    Rimedio: Correggi.\nOra.\n"
        "content/c.yml:10:3 avvertenza [ordine] Prima «dal».\n"
        "content/c.yml:12:1 consiglio [leggibilita] Difficile.\n"
        "    Rimedio: Accorcia.\n"
        "1 errore, 1 avvertenza, 1 consiglio."
    )


def test_what_is_not_shown_is_counted() -> None:
    last = report(PROBLEMS, "text", "errore").splitlines()[-1]
    assert last == "1 errore. Altri 2 più lievi: carta check --livello consiglio"


def test_nothing_wrong() -> None:
    assert report([], "text", "consiglio") == "Nessun problema."
    assert json.loads(report([], "json", "consiglio")) == []
    assert report([], "github", "consiglio") == ""


def test_plurals() -> None:
    twice = [problem for problem in PROBLEMS for _ in range(2)]
    assert report(twice, "text", "consiglio").splitlines()[-1] == (
        "2 errori, 2 avvertenze, 2 consigli."
    )


def test_colour_paints_only_the_level() -> None:
    painted = report(PROBLEMS, "text", "consiglio", colour=True)
    assert "content/c.yml:10:3 \x1b[33mavvertenza\x1b[0m [ordine]" in painted
    plain = re.sub(r"\x1b\[\d*m", "", painted)
    assert plain == report(PROBLEMS, "text", "consiglio")


def test_json() -> None:
    assert json.loads(report(PROBLEMS, "json", "avvertenza")) == [
        {
            "path": "content/a,b.yml", "line": 2, "column": 1, "level": "errore",
            "rule": "telefono", "message": "Cento % sbagliato.", "hint": "Correggi.\nOra.",
        },
        {
            "path": "content/c.yml", "line": 10, "column": 3, "level": "avvertenza",
            "rule": "ordine", "message": "Prima «dal».", "hint": "",
        },
    ]  # fmt: skip


def test_github() -> None:
    assert report(PROBLEMS, "github", "consiglio").splitlines() == [
        "::error file=content/a%2Cb.yml,line=2,col=1,title=telefono::"
        "Cento %25 sbagliato. Correggi.%0AOra.",
        "::warning file=content/c.yml,line=10,col=3,title=ordine::Prima «dal».",
        "::notice file=content/c.yml,line=12,col=1,title=leggibilita::Difficile. Accorcia.",
    ]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("level", LEVELS)
def test_a_level_shows_itself_and_what_is_worse(form: str, level: Any) -> None:
    said = report(PROBLEMS, form, level)
    shown = [rule for rule in ("telefono", "ordine", "leggibilita") if rule in said]
    assert len(shown) == LEVELS.index(level) + 1


BROKEN = {
    SERVICE: {"sigla": 1, "posti": "x"},
    CONTACT: {"telefoni": [{"numero": "0833 5024281234"}], "indirizzo": {"civico": None}},
    "content/areas.yml": {"aree": [{"id": "x"}]},
}


def test_problems_are_in_the_order_of_files_and_lines(body, today) -> None:
    many = {f"campo{n}": "x" for n in range(12)}
    _, problems = check_content(body({SERVICE: many | {"sigla": 1}}), today)
    places = [(p.path, p.line, p.column) for p in problems]
    assert places == sorted(places)
    assert {len(str(line)) for _, line, _ in places} == {2}
    assert len(problems) == 13


def test_everything_is_told_at_once(body, today) -> None:
    changes = BROKEN | {"content/areas.yml": {}}
    _, problems = check_content(body(changes), today)
    assert {p.rule for p in problems} == {"tipo-sbagliato", "telefono", "civico-mancante"}


def test_load_checked_refuses_errors_and_tells_only_them(body, today) -> None:
    with pytest.raises(ContentError, match="1 errore: finché non è a posto") as caught:
        load_checked(body({CONTACT: BROKEN[CONTACT]}), today)
    assert [p.rule for p in caught.value.problems] == ["telefono"]


def test_load_checked_lets_warnings_pass(body, today) -> None:
    catalog, problems = load_checked(body({CONTACT: {"indirizzo": {"civico": None}}}), today)
    assert [p.rule for p in problems] == ["civico-mancante"]
    assert catalog.contacts


def test_no_catalog_is_an_error(body, today) -> None:
    with pytest.raises(ContentError):
        load_checked(body({"content/areas.yml": "rotto"}), today)


def test_a_folder_without_content(tmp_path: Path, today: date) -> None:
    with pytest.raises(ContentError, match="content"):
        check_content(tmp_path, today)


@pytest.mark.parametrize(("variable", "painted"), [("", True), ("1", False)])
def test_colour_on_a_terminal_unless_no_color(
    body, monkeypatch, capsys, variable: str, painted: bool
) -> None:

    monkeypatch.setenv("NO_COLOR", variable)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main(["check", str(body(BROKEN))]) == 1
    assert ("\x1b[31m" in capsys.readouterr().out) is painted


def test_no_colour_in_a_pipe(body, monkeypatch, capsys) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert main(["check", str(body(BROKEN))]) == 1
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "status"),
    [({}, 0), ({CONTACT: {"indirizzo": {"civico": None}}}, 0), ({SERVICE: {"sigla": 1}}, 1)],
)
def test_the_exit_status_tells_errors(body, capsys, change: dict[str, Any], status: int) -> None:
    assert main(["check", "--format", "json", str(body(change))]) == status
    told = json.loads(capsys.readouterr().out)
    assert any(problem["level"] == "errore" for problem in told) is bool(status)
