"""The command `carta pdf`: what it draws, where to, what it says, what it refuses."""

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from site_builder.cli import main
from site_builder.printing import files
from site_builder.printing.files import CACHE

pytestmark = pytest.mark.tools

SHEET = "content/services/asilo-nido.yml"
SITE = ["--indirizzo", "https://carta.example.it/"]

Body = Callable[..., Path]
Capture = pytest.CaptureFixture[str]

FONT = "site/assets/fonts/titillium-web-400.woff2"


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Documents of one word instead of those of the theme, whose looks are tested elsewhere."""
    asked: list[str] = []

    def document(kind: str) -> Callable[..., str]:
        def draw(catalog: object, what: object, site_url: str) -> str:
            title = getattr(what, "id", getattr(what, "name", ""))
            asked.append(f"{kind} {title} {site_url}".rstrip())
            return (
                f'<html lang="it"><title>{title}</title><style>@page {{ size: A5 }}'
                f'@font-face {{ font-family: "T"; src: url({FONT}) }}'
                f'html {{ font-family: "T" }}</style><h1>{kind} {title}</h1></html>'
            )

        return draw

    for kind in ("carta", "sheet", "form"):
        monkeypatch.setattr(files, f"{kind}_document", document(kind))
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    return asked


def prints_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.pdf")}


def text(path: Path) -> str:
    command = ["pdftotext", path, "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())


# --- Everything -------------------------------------------------------------------------------


def test_everything_goes_to_build(body: Body, capsys: Capture) -> None:
    where = body()
    assert main(["pdf", str(where), *SITE]) == 0
    assert prints_in(where / "build") == {
        "carta.pdf", "carta-a5.pdf", "carta-libretto.pdf", "carta-caratteri-grandi.pdf",
        "schede/asilo-nido.pdf",
    }  # fmt: skip
    out, err = capsys.readouterr()
    assert err == ""
    assert out.startswith(f"Le stampe sono in {where / 'build'}\n")
    assert re.search(r"^  carta\.pdf +1 pagina, [\d,]+ kB$", out, re.M)
    assert re.search(r"^  carta-libretto\.pdf +2 facciate, [\d,]+ kB$", out, re.M)
    assert re.search(r"^  schede/ +1 pagina, [\d,]+ kB, 1 file$", out, re.M)


def test_output_is_the_folder_of_all(body: Body, tmp_path: Path) -> None:
    where = body()
    assert main(["pdf", str(where), "--output", str(tmp_path / "qui"), *SITE]) == 0
    assert "carta.pdf" in prints_in(tmp_path / "qui")
    assert {path.name for path in (where / "build").iterdir()} == {CACHE.parent.name}


def test_what_the_carta_no_longer_has_is_told(body: Body, capsys: Capture) -> None:
    where = body()
    old = where / "build" / "schede" / "vecchia.pdf"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"%PDF")
    assert main(["pdf", str(where), *SITE]) == 0
    assert capsys.readouterr().err == f"«{old}» è di una stampa che la Carta non ha più: toglilo.\n"
    assert old.exists()


def test_the_terminal_hears_of_each_print(
    body: Body, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = body()
    for heard in (4, 0):
        # What is already drawn is not drawn again.
        monkeypatch.setattr("sys.stderr.isatty", lambda: True)
        assert main(["pdf", str(where), *SITE]) == 0
        assert capsys.readouterr().err.count("  disegnato ") == heard


# --- One --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "uri", "asked"),
    [
        (["--formato", "a4"], "carta.pdf", "carta a4"),
        (["--formato", "a5"], "carta-a5.pdf", "carta a5"),
        (["--caratteri-grandi"], "carta-caratteri-grandi.pdf", "carta grande"),
        (["--libretto"], "carta-libretto.pdf", "carta a5"),
        (["--scheda", "asilo-nido"], "schede/asilo-nido.pdf", "sheet asilo-nido"),
    ],
)
def test_one_print_is_drawn_alone(
    body: Body, capsys: Capture, fast: list[str], words: list[str], uri: str, asked: str
) -> None:
    where = body()
    assert main(["pdf", str(where), *words, *SITE]) == 0
    assert prints_in(where / "build") == {uri}
    assert fast == [f"{asked} https://carta.example.it/"]
    out, err = capsys.readouterr()
    assert out.startswith(f"Scritto {where / 'build' / uri}: ")
    assert err == ""


@pytest.mark.parametrize(
    ("output", "written"), [("mia.pdf", "mia.pdf"), ("cartella", "cartella/schede/asilo-nido.pdf")]
)
def test_output_of_one_print_is_a_file_or_a_folder(
    body: Body, tmp_path: Path, output: str, written: str
) -> None:
    words = ["pdf", str(body()), "--scheda", "asilo-nido", "--output", str(tmp_path / output)]
    assert main([*words, *SITE]) == 0
    assert prints_in(tmp_path) == {written}
    assert text(tmp_path / written) == "sheet asilo-nido"


def test_the_repositorys_forms_are_drawn_with_fields(capsys: Capture, tmp_path: Path) -> None:
    root = Path(__file__).parents[1]
    path = tmp_path / "modulo.pdf"
    assert main(["pdf", str(root), "--modulo", "reclamo", "--output", str(path), *SITE]) == 0
    assert text(path) == "form reclamo"
    assert not (tmp_path / "build").exists()


def test_a_booklet_has_signatures_and_paper(body: Body, capsys: Capture, tmp_path: Path) -> None:
    path = tmp_path / "libretto.pdf"
    words = ["--libretto", "--segnatura", "8", "--spessore", "0,2", "--output", str(path)]
    assert main(["pdf", str(body()), *words, *SITE]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[1].startswith("1 foglio A4: stampa fronte e retro")
    with pikepdf.open(path) as opened:
        assert len(opened.pages) == 2


def test_signatures_are_counted(
    body: Body, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = (
        "<html lang=it><title>a</title><style>@page { size: A5 } p { break-after: page }</style>"
    )
    monkeypatch.setattr(files, "carta_document", lambda *_: pages + "<p></p>" * 27 + "<h1></h1>")
    path = tmp_path / "libretto.pdf"
    words = ["--libretto", "--segnatura", "12", "--spessore", "0,2", "--output", str(path)]
    assert main(["pdf", str(body()), *words, *SITE]) == 0
    said = capsys.readouterr().out.splitlines()[1]
    assert said.startswith("7 fogli A4 in 3 fascicoli (1 da 3 e 2 da 2): stampa fronte e retro")
    with pikepdf.open(path) as opened:
        inner = opened.pages[2].Contents.read_bytes().decode()
    # Half of A4 less a page of A5, and one sheet's thickness.
    assert f" {(148.5 - 148 + 0.2) * 72 / 25.4:.3f} " in inner


# --- The address ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("https://carta.example.it", "https://carta.example.it/"),
        ("https://carta.example.it/", "https://carta.example.it/"),
        ("http://example.it/carta", "http://example.it/carta/"),
    ],
)
def test_the_address_may_be_given(body: Body, fast: list[str], written: str, used: str) -> None:
    assert main(["pdf", str(body()), "--formato", "a4", "--indirizzo", written]) == 0
    assert fast == [f"carta a4 {used}"]


def test_the_address_is_that_of_the_configuration(body: Body, fast: list[str]) -> None:
    where = body({"mkdocs.yml": {"site_url": "https://altra.example.it/carta/"}})
    assert main(["pdf", str(where), "--formato", "a4"]) == 0
    assert fast == ["carta a4 https://altra.example.it/carta/"]


def test_without_address_the_codes_are_missed_aloud(
    body: Body, capsys: Capture, fast: list[str]
) -> None:
    assert main(["pdf", str(body()), "--formato", "a4"]) == 0
    assert fast == ["carta a4"]
    err = capsys.readouterr().err
    assert "senza codici QR" in err
    assert "site_url" in err
    assert "--indirizzo" in err


# --- Refusals ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--scheda", "asilo"], "La scheda «asilo» non esiste. Forse intendevi «asilo-nido»?"),
        (["--scheda", "xyz"], "La scheda «xyz» non esiste."),
        (["--scheda", ""], "La scheda «» non esiste."),
        (["--scheda", "../../etc/passwd"], "La scheda «../../etc/passwd» non esiste."),
        (["--modulo", "reclamo"], "Il modulo «reclamo» non esiste."),
    ],
)  # fmt: skip
def test_an_unknown_id(body: Body, capsys: Capture, words: list[str], said: str) -> None:
    where = body()
    assert main(["pdf", str(where), *words, *SITE]) == 1
    assert capsys.readouterr() == ("", f"{said}\n")
    assert not (where / "build").exists()


def test_errors_of_content_stop_it(body: Body, capsys: Capture) -> None:
    where = body({SHEET: {"gruppi": ["marziani"]}})
    assert main(["pdf", str(where), *SITE]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"{SHEET}:")
    assert err.endswith("Il contenuto ha 1 errore: finché non è a posto non si va avanti.\n")
    assert not (where / "build").exists()


def test_what_cannot_be_drawn_is_named(
    body: Body, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    font = "<html lang=it><style>@font-face { font-family: M; src: url(manca.woff2) }</style>ciao"
    monkeypatch.setattr(files, "sheet_document", lambda *_: font)
    where = body()
    assert main(["pdf", str(where), *SITE]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("schede/asilo-nido.pdf: ")
    assert "Traceback" not in err
    assert prints_in(where / "build") == set()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--libretto", "--caratteri-grandi"], "--caratteri-grandi: non va insieme a --libretto"),
        (["--formato", "a4", "--libretto"], "--libretto: non va insieme a --formato"),
        (["--scheda", "x", "--modulo", "y"], "--modulo: non va insieme a --scheda"),
        (["--fogli-modificati", "x", "--libretto"], "non va insieme a --fogli-modificati"),
        (["--formato", "a3"], "'a3' non va bene: scegli fra 'a4', 'a5'"),
        (["--segna-modifiche"], "--segna-modifiche: ci vuole anche --fogli-modificati"),
        (["--segnatura", "16"], "--segnatura: ci vuole anche --libretto"),
        (["--formato", "a5", "--spessore", "0,1"], "--spessore: ci vuole anche --libretto"),
        (["--libretto", "--segnatura", "6"], "--segnatura: «6» non va bene: ogni foglio porta"),
        (["--libretto", "--segnatura", "0"], "--segnatura: «0» non va bene"),
        (["--libretto", "--segnatura=-4"], "--segnatura: «-4» non va bene"),
        (["--libretto", "--spessore", "due"], "--spessore: «due» non va bene"),
        (["--libretto", "--spessore", "nan"], "--spessore: «nan» non va bene"),
        (["--libretto", "--spessore", "5"], "--spessore: «5» non va bene"),
        (["--indirizzo", "carta.example.it"], "non è l'indirizzo di un sito"),
        (["--indirizzo", "ftp://example.it/"], "non è l'indirizzo di un sito"),
        (["--indirizzo", "https://example.it/?a=b"], "non è l'indirizzo di un sito"),
        (["--indirizzo", "http://[::1"], "non è l'indirizzo di un sito"),
        (["--output", "tutto.pdf"], "--output: per tutte le stampe ci vuole una cartella"),
    ],
)
def test_contradictions_are_wrong_calls(
    body: Body, capsys: Capture, words: list[str], said: str
) -> None:
    where = body()
    with pytest.raises(SystemExit) as exit:
        main(["pdf", str(where), *words])
    assert exit.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("uso: carta pdf")
    assert said in err
    assert not (where / "build").exists()


# --- Leaves -----------------------------------------------------------------------------------


def git(where: Path, *words: str) -> None:
    name = ["-c", "user.name=Prova", "-c", "user.email=prova@example.it"]
    subprocess.run(["git", *name, *words], cwd=where, check=True, capture_output=True)


def test_without_history_there_are_no_leaves(body: Body, capsys: Capture) -> None:
    where = body()
    assert main(["pdf", str(where), "--fogli-modificati", "non-esiste", *SITE]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err
    assert "Traceback" not in err
    assert not (where / "build").exists()


def test_the_changed_leaves_are_a_file(body: Body, capsys: Capture) -> None:
    where = body()
    git(where, "init", "--quiet")
    git(where, "add", ".")
    git(where, "commit", "--quiet", "-m", "Prima")
    words = ["pdf", str(where), "--fogli-modificati", "HEAD", *SITE]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert said
    assert prints_in(where / "build") == set()
    changed = {"descrizione": "Il nido accoglie tutti i bambini.", "aggiornato_il": "2026-11-01"}
    body({SHEET: changed})
    assert main([*words, "--segna-modifiche"]) == 0
    assert prints_in(where / "build") == {"fogli-modificati.pdf"}
    assert "fogli-modificati.pdf" in capsys.readouterr().out
    assert "tutti i bambini" in text(where / "build" / "fogli-modificati.pdf")
