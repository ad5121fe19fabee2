"""`carta init`: a new body that checks, builds, invents nothing and is whole or not there."""

import io
import re
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder import new_body
from site_builder.check import check_content
from site_builder.cli import main
from site_builder.errors import ContentError
from site_builder.interview import body_from
from site_builder.new_body import (
    NewBody,
    NewComune,
    comune_from,
    id_for,
    name_from,
    named,
    write_body,
)
from site_builder.placeholders import MARK
from site_builder.words import slug

Capture = pytest.CaptureFixture[str]

TODAY = date(2026, 11, 22)
FULL = [
    "--nome", "Ambito dell'Alta Valle", "--nome-breve", "Alta Valle", "--appartenenza", "Regione",
    "--comune", "Valle di Sopra, 099998, 99998, ZZ", "--comune", "Valle di Sotto",
    "--area", "Famiglia", "--area", "Anziani", "--sportello", "Sportello sociale",
]  # fmt: skip
RULES = {"segnaposto", "segnaposto-comune", "nessuna-scheda", "da-verificare"}
TRAPS = [
    "No", "true", "null", "~~a", "1.5", "073042", "10:30", "2024-01-01", "- a", "a: b", "a #b",
    "*a", "&a", "!a", "%a", "@a", "`a`", "[a]", "{a: b}", "'a'", '"a"', "a\\n", "Sant'Agata",
    "Forlì", "Città «bella»", "a | b", "> a", "{{ a }}", "{% a %}", "<b>a</b>", "a & b", "---a",
]  # fmt: skip


def _body(name: str, *, comune: str = "Valle", area: str = "Area", desk: str = "Desk") -> NewBody:
    return NewBody(name, name, "", (NewComune(comune),), (area,), desk)


def _answers(*texts: str) -> tuple[Callable[[str], str], list[str]]:
    told: list[str] = []
    left: Iterator[str] = iter(texts)

    def ask(question: str) -> str:
        told.append(question)
        try:
            return next(left)
        except StopIteration:
            raise EOFError from None

    return ask, told


def _given(**values: list[str]) -> dict[str, list[str]]:
    names = ("nome", "nome_breve", "appartenenza", "comune", "area", "sportello")
    return {name: values.get(name, []) for name in names}


# --- What is written ----------------------------------------------------------------------------


def test_a_new_body_has_no_error_and_says_what_to_fill_in(tmp_path: Path, capsys: Capture) -> None:
    where = tmp_path / "ente nuovo"
    assert main(["init", str(where), *FULL]) == 0
    assert f"carta check '{where}'" in capsys.readouterr().out
    catalog, problems = check_content(where, date.today())
    assert catalog
    assert {problem.level for problem in problems} == {"avvertenza"}
    assert {problem.rule for problem in problems} == RULES
    assert len(problems) == 11
    assert [c.nome for c in catalog.carta.comuni] == ["Valle di Sopra", "Valle di Sotto"]
    assert catalog.carta.comuni[0].istat == "099998"
    assert {p.line for p in problems if p.rule == "segnaposto-comune"} == {24, 25, 26}
    assert sorted(path.name for path in where.rglob("*") if path.is_file()) == [
        "README.md", "areas.yml", "carta.yml", "mkdocs.yml", "premessa.md", "sportello-sociale.yml",
    ]  # fmt: skip
    assert list(tmp_path.iterdir()) == [where]


def test_every_file_ends_with_a_line_and_the_yaml_knows_its_schema(tmp_path: Path) -> None:
    write_body(tmp_path / "a", _body("Ambito di prova"), TODAY)
    for path in (p for p in (tmp_path / "a").rglob("*") if p.is_file()):
        text = path.read_text("utf-8")
        assert text.endswith("\n")
        assert not re.search("&(#39|quot|lt|amp);", text)
        if path.parent.name in ("content", "contacts"):
            schema = text.split("\n", 1)[0].partition("$schema=file://")[2]
            assert Path(schema).is_file()


def test_a_first_sheet_can_be_added_at_once(tmp_path: Path) -> None:
    where = str(tmp_path / "a")
    assert main(["init", where, *FULL]) == 0
    assert main(["new", "servizio", "asilo-nido", where]) == 0
    assert main(["check", where]) == 0


def test_numbers_in_its_codes_are_never_invented(tmp_path: Path) -> None:
    write_body(tmp_path / "a", _body("Ambito"), TODAY)
    text = (tmp_path / "a/content/carta.yml").read_text("utf-8")
    assert set(re.findall(r"\d{5,}", text)) == {"00000", "000000"}
    assert text.count(MARK) == 5  # one in the heading


@pytest.mark.parametrize("name", TRAPS)
def test_names_that_yaml_reads_otherwise(tmp_path: Path, name: str) -> None:
    _comes_back(tmp_path / "a", name_from(name))


@settings(max_examples=25)
@given(st.text(min_size=2, max_size=60))
def test_any_name_comes_back_or_is_refused(text: str) -> None:
    try:
        name = name_from(text)
    except ContentError:
        return
    with TemporaryDirectory() as folder:
        _comes_back(Path(folder, "a"), name)


def _comes_back(where: Path, name: str) -> None:
    own = name if slug(name) else "Valle"
    write_body(where, _body(name, comune=own, area=own, desk=own), TODAY)
    catalog, problems = check_content(where, TODAY)
    assert catalog, problems
    assert [p for p in problems if p.level == "errore"] == []
    assert catalog.carta.ente.nome == name
    assert catalog.carta.comuni[0].nome == own
    assert [area.titolo for area in catalog.areas.values()] == [own]
    assert [contact.nome for contact in catalog.contacts.values()] == [own]


# --- What is refused ----------------------------------------------------------------------------


def test_a_folder_that_is_not_empty_stays_as_it_is(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/mio.txt").write_text("mio", "utf-8")
    assert main(["init", str(tmp_path / "a"), *FULL]) == 1
    assert "non è vuota" in capsys.readouterr().err
    assert main(["init", str(tmp_path / "a/mio.txt"), *FULL]) == 1
    assert "è un file" in capsys.readouterr().err
    assert [path.name for path in tmp_path.rglob("*")] == ["a", "mio.txt"]


def test_an_empty_folder_is_filled_but_not_the_one_we_are_in(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").mkdir()
    monkeypatch.chdir(tmp_path / "a")
    assert main(["init", ".", *FULL]) == 1
    assert "Sei dentro" in capsys.readouterr().err
    monkeypatch.chdir(tmp_path)
    assert main(["init", "a", *FULL]) == 0
    assert (tmp_path / "a/mkdocs.yml").is_file()


def test_nothing_is_left_of_what_fails_halfway(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = new_body.render

    def failing(template: str, **context: object) -> str:
        if template.endswith("contacts.yml"):
            raise OSError("disk")
        return whole(template, **context)

    monkeypatch.setattr(new_body, "render", failing)
    with pytest.raises(OSError, match="disk"):
        write_body(tmp_path / "a", _body("Ambito"), TODAY)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--nome", "a", "usa da 2 a 200 caratteri"),
        ("--nome", "a\x00b", "usa da 2 a 200 caratteri"),
        ("--nome", "a" * 201, "usa da 2 a 200 caratteri"),
        ("--comune", "Valle, 12", "Non capisco «Valle, 12»"),
        ("--comune", "Valle, 099998, 099999", "Non capisco"),
        ("--comune", "Valle, ٠٩٩٩٩٨", "Non capisco"),
        ("--comune", "Valle di  sopra", "hanno lo stesso id"),
        ("--area", "Famiglià", "hanno lo stesso id"),
        ("--sportello", "日本", "almeno una lettera"),
    ],
)
def test_wrong_values_are_refused(
    tmp_path: Path, capsys: Capture, option: str, value: str, said: str
) -> None:
    assert main(["init", str(tmp_path / "a"), *FULL, option, value]) == 1
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_without_a_terminal_what_is_missing_is_named(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Ambito\n"))
    with pytest.raises(SystemExit) as exit:
        main(["init", str(tmp_path / "a"), "--nome", "Ambito"])
    assert exit.value.code == 2
    assert "manca --comune, --area, --sportello" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


# --- What is asked ------------------------------------------------------------------------------


def test_what_is_missing_is_asked_and_asked_again() -> None:
    ask, told = _answers(
        "x", "Ambito di prova", "", "", "", "Valle, 12", "Valle, 99998", "valle", "Monte", "",
        "Famiglia", "", "日本", "Sportello",
    )  # fmt: skip
    found = body_from(_given(), ask)
    assert found == NewBody(
        "Ambito di prova", "Ambito di prova", "",
        (NewComune("Valle", caps=("99998",)), NewComune("Monte")), ("Famiglia",), "Sportello",
    )  # fmt: skip
    assert [text.split("\n")[0] for text in told] == [
        "Come si chiama l'ente? ",
        "«x» non va bene come nome: usa da 2 a 200 caratteri.",
        "E in breve? (Invio: lo stesso nome) ",
        "Di quale Regione o ente fa parte? (Invio: non lo so) ",
        "Quali Comuni ne fanno parte? Uno alla volta, il capofila per primo; Invio per finire.",
        "Ce ne vuole almeno uno.",
        told[6].split("\n")[0],
        "Comune: ",
        "«Valle» e «valle» hanno lo stesso id: tienine uno solo.",
        "Comune: ",
        "Quali sono le aree della Carta? Una alla volta; Invio per finire.",
        "Area: ",
        "Come si chiama il primo sportello o ufficio? ",
        "«日本» non va bene: ci vuole almeno una lettera da A a Z.",
    ]
    assert told[6].startswith("Non capisco «Valle, 12»")


def test_at_a_terminal_the_command_asks(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    typed = "Ambito di prova\n\nRegione\nValle\n\nFamiglia\n\nSportello\n"
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    assert main(["init", str(tmp_path / "a")]) == 0
    assert "Quali Comuni ne fanno parte?" in capsys.readouterr().out
    assert main(["check", str(tmp_path / "a")]) == 0
    monkeypatch.setattr(sys, "stdin", Terminal("Ambito di prova\n"))
    assert main(["init", str(tmp_path / "b")]) == 1
    assert "non è stato scritto niente" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_what_was_told_is_not_asked() -> None:
    ask, told = _answers()
    given = _given(nome=["Ambito"], comune=["Valle"], area=["Famiglia"], sportello=["Sportello"])
    assert body_from(given, ask).short_name == "Ambito"
    assert told == []


def test_who_stops_answering_leaves_nothing() -> None:
    ask, _ = _answers("Ambito")
    with pytest.raises(ContentError, match="non è stato scritto niente"):
        body_from(_given(), ask)


def test_codes_of_a_comune_come_in_any_order() -> None:
    wanted = NewComune("Valle", "099998", ("99998", "99997"), "ZZ")
    assert comune_from("Valle, zz, 99998, 099998, 99997") == wanted
    assert comune_from("  Valle  ") == NewComune("Valle")


def test_ids_are_short_and_names_plain() -> None:
    assert id_for("Sant'Agata d'Èlba") == "sant-agata-d-elba"
    assert len(id_for("parola " * 28)) <= 60
    assert named("  Uno \n due ") == "Uno due"


# --- The whole ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_new_body_builds_with_its_prints(tmp_path: Path) -> None:
    from site_builder.plugin import build_site

    where = tmp_path / "a"
    write_body(where, _body("Ambito dell'Alta Valle: «prova» <b>"), TODAY)
    build_site(where, where / "build/site")
    home = (where / "build/site/index.html").read_text("utf-8")
    assert "Alta Valle: «prova» &lt;b&gt;" in home
    assert (where / "build/site/carta.pdf").is_file()
    # A code that nobody gave is on no page, not even in the data inside it.
    pages = list((where / "build/site").rglob("*.html"))
    assert len(pages) > 20
    assert [page for page in pages if re.search(r"\b0{5,6}\b", page.read_text("utf-8"))] == []
