"""The ceremony of the keys: what is made opens what is sealed, and says what to do with it."""

import getpass
import hashlib
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from endpoint_process import SECRET, environment
from office import IDENTITY, KEY_FILE, OTHERS, PHRASE
from pyrage.x25519 import Identity

from endpoint import cli
from endpoint.context import CommandError, Context
from endpoint.office import ceremony, keyfiles
from endpoint.office.asking import choose_phrase
from endpoint.office.keyfiles import lock_key, open_key, phrase_defect
from endpoint.sealing import BadKey, open_sealed, read_identity, read_recipient, seal
from endpoint.settings import read_settings
from endpoint.tokens import Keys

PAGE = Path(ceremony.__file__).parents[1] / "apri" / "apri-reclami.html"


def _run(*words: str, env: dict[str, str] | None = None) -> int:
    return cli.main(["chiavi", *words], Context(env or {}))


@pytest.fixture
def phrase(tmp_path: Path) -> Path:
    path = tmp_path / "frase"
    path.write_text(f"{PHRASE}\n", "utf-8")
    return path


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys locked without the second that age takes for it: only where that is not what counts."""
    monkeypatch.setattr(ceremony, "lock_key", lambda identity, phrase: f"{identity}\n".encode())


# --- All of it, once, as it is -----------------------------------------------------------------


@pytest.mark.slow
def test_the_ceremony(tmp_path: Path, phrase: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both keys open what is sealed for what it prints, and the paper holds the recovery key."""
    folder = tmp_path / "nuova" / "chiavi"
    assert _run("--output", str(folder), "--frase-da", str(phrase)) == 0
    said = capsys.readouterr()
    printed = dict(line.split("=", 1) for line in said.out.splitlines())
    assert list(printed) == ["CARTA_RECIPIENTS", "CARTA_SECRET"]
    recipients = [read_recipient(text) for text in printed["CARTA_RECIPIENTS"].split(",")]
    assert len(recipients) == 2
    sealed = seal({"nome": "Ada"}, recipients)
    keys = [open_key((folder / name).read_bytes(), lambda: PHRASE)
            for name in ("chiave-ufficio.age", "chiave-recupero.age")]  # fmt: skip
    assert [str(key.to_public()) for key in keys] == [str(one) for one in recipients]
    paper = (folder / "busta-recupero.txt").read_text("utf-8-sig")
    for identity in (*keys, read_identity(paper)):
        assert open_sealed(sealed, identity) == {"nome": "Ada"}
    for name in ("chiave-ufficio.age", "chiave-recupero.age"):
        with pytest.raises(BadKey, match="La frase segreta non apre"):
            open_key((folder / name).read_bytes(), lambda: "un'altra frase qualsiasi")
        assert b"AGE-SECRET-KEY-" not in (folder / name).read_bytes()
    assert {path.name for path in folder.iterdir()} == set(ceremony.FILES)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert str(keys[1]) not in said.out + said.err
    assert PHRASE not in said.out + said.err + paper
    # What it prints is good for the server.
    env = environment(tmp_path) | printed
    assert [str(one) for one in read_settings(env).recipients] == [str(one) for one in recipients]
    assert (
        _run("--prova", str(folder / "chiave-recupero.age"), "--frase-da", str(phrase), env=env)
        == 0
    )
    assert capsys.readouterr().out.startswith("La chiave di recupero funziona")


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.skipif(not shutil.which("age"), reason="age non c'è")
def test_the_age_program_opens_a_key_file(tmp_path: Path) -> None:
    """With its own eyes on a terminal, which `script` gives it."""
    (tmp_path / "chiave.age").write_bytes(lock_key(IDENTITY, PHRASE))
    command = ["script", "-qec", "age -d -o chiave.txt chiave.age", "/dev/null"]
    done = subprocess.run(
        command, cwd=tmp_path, input=f"{PHRASE}\n".encode(), capture_output=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert str(read_identity((tmp_path / "chiave.txt").read_text("utf-8"))) == str(IDENTITY)


# --- Files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ceremony.FILES)
def test_it_never_writes_over_a_file(
    tmp_path: Path, phrase: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    folder = tmp_path / "chiavi"
    folder.mkdir()
    (folder / name).write_text("vecchio", "utf-8")
    assert _run("--output", str(folder), "--frase-da", str(phrase)) == 1
    said = capsys.readouterr()
    assert said.err == f"{folder / name} c'è già: non scrivo sopra. Scegli un'altra cartella.\n"
    assert said.out == ""
    assert [path.read_text("utf-8") for path in folder.iterdir()] == ["vecchio"]


def test_what_fails_halfway_leaves_nothing(
    tmp_path: Path, phrase: Path, quick: None, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    written: list[Path] = []

    def full(path: Path, data: bytes) -> None:
        if len(written) == 3:
            raise OSError(28, "No space left on device", str(path))
        path.write_bytes(data)
        written.append(path)

    monkeypatch.setattr(ceremony, "write_new", full)
    assert _run("--output", str(tmp_path / "chiavi"), "--frase-da", str(phrase)) == 1
    said = capsys.readouterr()
    assert ("il disco è pieno" in said.err, said.out) == (True, "")
    assert len(written) == 3
    assert list((tmp_path / "chiavi").iterdir()) == []


def test_the_sheets_for_the_envelopes(tmp_path: Path, quick: None) -> None:
    office, recovery = ceremony.make_keys(tmp_path / "a", PHRASE)
    page = hashlib.sha256(PAGE.read_bytes()).hexdigest()
    sheets = {}
    for name, public in (("busta-ufficio.txt", office), ("busta-recupero.txt", recovery)):
        sheets[name] = text = (tmp_path / "a" / name).read_text("utf-8")
        assert text.startswith("\ufeffBUSTA")
        assert page in text.split("\n")
        assert public in text.split("\n")
        assert "certutil -hashfile apri-reclami.html SHA256" in text
        assert max(map(len, text.split("\n"))) <= 80
    assert "AGE-SECRET-KEY-" not in sheets["busta-ufficio.txt"]
    assert sheets["busta-recupero.txt"].count("AGE-SECRET-KEY-") == 1
    assert str(read_identity(sheets["busta-recupero.txt"]).to_public()) == recovery
    assert (tmp_path / "a" / "apri-reclami.html").read_bytes() == PAGE.read_bytes()
    assert office != recovery


def test_the_picture_on_the_sheet_is_the_key() -> None:
    """Module by module what segno draws, with the white border that readers need."""
    segno = pytest.importorskip("segno")
    lines = ceremony.qr_text(str(IDENTITY)).split("\n")
    halves = {" ": (0, 0), "▄": (0, 1), "▀": (1, 0), "█": (1, 1)}
    rows = [[halves[mark][half] for mark in line] for line in lines for half in (0, 1)]
    drawn = [list(row) for row in segno.make(str(IDENTITY), error="m").matrix_iter(1, 4)]
    assert rows[: len(drawn)] == drawn
    assert not any(any(row) for row in rows[:4] + rows[len(drawn) - 4 :])


def test_without_segno_the_sheet_is_text_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "segno", None)
    monkeypatch.setattr(ceremony, "find_spec", lambda name: None)
    assert ceremony.qr_text("x") == ""


# --- The passphrase ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("corta", "almeno 16 caratteri"), ("aaaaaaaabbbbbbbb", "si ripete troppo"),
        ("", "La prima riga di"), ("\nseconda riga buona e lunga", "La prima riga di"),
    ],
)  # fmt: skip
def test_a_weak_phrase_is_refused(
    tmp_path: Path, phrase: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    phrase.write_text(text, "utf-8")
    assert _run("--output", str(tmp_path / "chiavi"), "--frase-da", str(phrase)) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "chiavi").exists()


def test_a_good_phrase_has_no_defect() -> None:
    assert phrase_defect(PHRASE) == phrase_defect("però è così, perché no") == ""


def _typing(monkeypatch: pytest.MonkeyPatch, *typed: str) -> list[str]:
    asked: list[str] = []
    left = iter(typed)

    def read(prompt: str) -> str:
        asked.append(prompt)
        return next(left)

    monkeypatch.setattr("endpoint.office.asking.getpass", read)
    return asked


def test_it_is_typed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _typing(monkeypatch, PHRASE, "altra cosa diversa", PHRASE, PHRASE)
    assert choose_phrase(None) == PHRASE
    assert asked == ["Scegli la frase segreta: ", "Scrivila di nuovo: "] * 2


def test_after_three_times_it_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    _typing(monkeypatch, *(PHRASE, "altra cosa diversa") * 3)
    with pytest.raises(CommandError, match="sono sempre diverse"):
        choose_phrase(None)


def test_the_keyboard_is_read_without_an_echo() -> None:
    from endpoint.office import asking

    assert asking.getpass is getpass.getpass


@pytest.mark.slow
def test_an_accent_is_the_same_on_every_keyboard() -> None:
    locked = lock_key(IDENTITY, "perche\u0301 così lunga")
    assert str(open_key(locked, lambda: "perch\u00e9 così lunga")) == str(IDENTITY)


def test_no_key_takes_more_work_than_a_browser_can_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """age measures the machine, and the fastest would lock out the office's browser."""
    works = iter([22, 21, 20])

    def encrypt(text: bytes, phrase: str) -> bytes:
        return b"age-encryption.org/v1\n-> scrypt c2FsZQ %d\nxxx" % next(works)

    monkeypatch.setattr(keyfiles.pyrage.passphrase, "encrypt", encrypt)
    assert b" 20\n" in lock_key(IDENTITY, PHRASE)
    works = iter([21] * 99)
    with pytest.raises(BadKey, match="riprova"):
        lock_key(IDENTITY, PHRASE)


# --- The yearly test, the secret, the desk -------------------------------------------------------


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ((IDENTITY, OTHERS), "La chiave dell'ufficio funziona"),
        ((OTHERS, IDENTITY), "La chiave di recupero funziona"),
    ],
)
def test_the_yearly_test_opens_a_canary(
    tmp_path: Path, phrase: Path, capsys: pytest.CaptureFixture[str],
    others: tuple[Identity, ...], said: str,
) -> None:  # fmt: skip
    (tmp_path / "chiave.age").write_bytes(KEY_FILE)
    env = {"CARTA_RECIPIENTS": ",".join(str(one.to_public()) for one in others)}
    words = ("--prova", str(tmp_path / "chiave.age"), "--frase-da", str(phrase))
    assert _run(*words, env=env) == 0
    assert capsys.readouterr().out.startswith(said)


def test_the_yearly_test_of_another_key_fails(
    tmp_path: Path, phrase: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "chiave.age").write_bytes(KEY_FILE)
    env = environment(tmp_path)
    assert _run("--prova", str(tmp_path / "chiave.age"), "--frase-da", str(phrase), env=env) == 1
    said = capsys.readouterr()
    assert ("NON apre ciò che si chiude oggi" in said.err, said.out) == (True, "")


def test_the_yearly_test_needs_the_public_keys(
    tmp_path: Path, phrase: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "chiave.age").write_bytes(KEY_FILE)
    assert _run("--prova", str(tmp_path / "chiave.age"), "--frase-da", str(phrase)) == 1
    assert "CARTA_RECIPIENTS deve contenere due chiavi" in capsys.readouterr().err


def test_a_new_secret_each_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--segreto") == _run("--segreto") == 0
    first, second = capsys.readouterr().out.splitlines()
    for line in (first, second):
        assert re.fullmatch(r"CARTA_SECRET=[\w-]{64}", line)
    assert first != second


@pytest.mark.parametrize(
    ("url", "before"),
    [("", "/sportello/"), ("https://moduli.example.it/", "https://moduli.example.it/sportello/")],
)
def test_the_address_of_the_desk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str, before: str
) -> None:
    assert _run("--sportello", env=environment(tmp_path) | {"CARTA_URL": url}) == 0
    assert capsys.readouterr().out == f"{before}{Keys(SECRET.encode()).desk_key()}\n"


@pytest.mark.parametrize("words", [(), ("--segreto", "--sportello"), ("--prova",)])
def test_one_thing_at_a_time(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        _run(*words)
    assert "Traceback" not in capsys.readouterr().err
