"""What the office opens: with its key, into files that are no trap, and nowhere else."""

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office import IDENTITY, KEY_FILE, NOW, OTHERS, PHRASE, Sent, exported, number
from spreadsheet import FORMULAS, read_csv, read_ods, without_apostrophe

from endpoint import cli
from endpoint.context import Context
from endpoint.office.exporting import BadExport, Sealed, read_export
from endpoint.office.keyfiles import open_key
from endpoint.office.opening import as_text, open_all, table
from endpoint.office.sheets import to_csv, to_ods
from endpoint.sealing import BadKey, seal
from endpoint.tokens import check_character

ADA = Sent(number(1), {"Nome": "Ada", "Telefono": "+39 0000 000000", "Fatti": "Prima\n\nseconda"})
BEA = Sent(
    number(2), {"Nome": "Bea", "Nome dell'altro": "Cia"}, "contatto", "chiuso", NOW + 60, True,
    "0000123/2027", "accolto",
)  # fmt: skip
# What citizens may write: no surrogates, no control characters but these two.
written = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"))
anything = st.text(st.characters())


# --- The key -----------------------------------------------------------------------------------


def test_a_locked_key_opens_with_its_phrase() -> None:
    assert str(open_key(KEY_FILE, lambda: PHRASE)) == str(IDENTITY)


def test_a_plain_key_needs_no_phrase() -> None:
    def ask() -> str:
        raise AssertionError("nobody has to be asked")

    assert str(open_key(f"# carta\r\n{IDENTITY}\r\n".encode(), ask)) == str(IDENTITY)


@pytest.mark.parametrize("phrase", ["", "Quattro parole messe a caso", PHRASE + " ", "x" * 9000])
def test_a_wrong_phrase_is_said_and_not_told(phrase: str) -> None:
    with pytest.raises(BadKey, match="La frase segreta non apre questa chiave") as caught:
        open_key(KEY_FILE, lambda: phrase)
    assert not phrase or phrase not in str(caught.value)


@pytest.mark.parametrize("data", [KEY_FILE[:80], KEY_FILE[:-3], KEY_FILE + b"x"])
def test_a_spoilt_key_file_is_said(data: bytes) -> None:
    with pytest.raises(BadKey, match="rovinato"):
        open_key(data, lambda: PHRASE)


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"AGE-SECRET-KEY-1", b"ssh-ed25519 AAAA"])
def test_another_file_is_no_key(data: bytes) -> None:
    with pytest.raises(BadKey, match="non c'è una chiave privata age"):
        open_key(data, lambda: PHRASE)


# --- The export --------------------------------------------------------------------------------


def _changed(**changes: Any) -> bytes:
    data = json.loads(exported(ADA))
    data["invii"][0] |= changes
    return json.dumps(data).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xff", b"[]", b"null", b'"carta-invii-1"', b'{"formato": "carta-invii-1"}',
        b'{"formato": "carta-invii-2", "invii": []}', b'{"formato": "carta-invii-1", "invii": {}}',
        b'{"formato": "carta-invii-1", "invii": [3]}', _changed(cifrato="à"), _changed(cifrato=3),
        _changed(ricevuto="ieri"), _changed(numero=None), exported(ADA)[:-9],
    ],
)  # fmt: skip
def test_what_is_no_export_is_said(data: bytes) -> None:
    with pytest.raises(BadExport, match="fattelo rifare"):
        read_export(data)


def test_a_key_opens_what_was_sealed_for_it() -> None:
    opened, closed = open_all(read_export(exported(BEA, ADA)), IDENTITY)
    assert closed == []
    assert [item.known["numero"] for item in opened] == [ADA.number, BEA.number]
    for item, sent in zip(opened, (ADA, BEA), strict=True):
        assert {a.question: a.text for a in item.answers} == sent.answers
    assert opened[1].known == {
        "numero": BEA.number, "modulo": "contatto", "ricevuto": "2027-01-15 09:01",
        "stato": "chiuso", "canale": "web", "protocollo": "0000123/2027", "esito": "accolto",
        "sospetto": "sì",
    }  # fmt: skip


def test_what_stays_closed_is_named_and_the_rest_is_opened() -> None:
    """Of another pair of keys, spoilt, or put by somebody in another's place."""
    data = json.loads(exported(ADA, *(Sent(number(n), {"Nome": "Zoe"}) for n in (3, 4, 5))))
    entries = {entry["numero"]: entry for entry in data["invii"]}
    other = json.loads(exported(Sent(number(3), {}), recipients=(OTHERS.to_public(),)))
    entries[number(3)]["cifrato"] = other["invii"][0]["cifrato"]
    entries[number(4)]["cifrato"] = entries[number(4)]["cifrato"][:400]
    entries[number(5)]["cifrato"] = entries[ADA.number]["cifrato"]
    opened, closed = open_all(read_export(json.dumps(data).encode()), IDENTITY)
    assert [item.known["numero"] for item in opened] == [ADA.number]
    assert closed == [number(3), number(4), number(5)]


def test_each_question_has_its_column() -> None:
    empty = Sent(number(3), {}, received=NOW + 99)
    opened, _ = open_all(read_export(exported(ADA, BEA, empty)), IDENTITY)
    rows = table(opened)
    assert rows[0][8:] == ["Nome", "Telefono", "Fatti", "Nome dell'altro"]
    assert [row[8:] for row in rows[1:]] == [
        ["Ada", "+39 0000 000000", "Prima\n\nseconda", ""], ["Bea", "", "", "Cia"], [""] * 4,
    ]  # fmt: skip
    assert {len(row) for row in rows} == {12}


def test_two_questions_with_the_same_words_are_told_apart() -> None:
    data = ADA.content() | {"risposte": [
        {"campo": field, "domanda": "Nome", "valore": text, "risposta": text}
        for field, text in (("nome", "Ada"), ("altro_nome", "Bea"))
    ]}  # fmt: skip
    [entry] = read_export(exported(ADA))
    sealed = Sealed(entry.known, seal(data, [IDENTITY.to_public()]))
    opened, _ = open_all([sealed], IDENTITY)
    assert [row[8:] for row in table(opened)] == [
        ["Nome (nome)", "Nome (altro_nome)"],
        ["Ada", "Bea"],
    ]


def test_the_screen_gets_no_orders() -> None:
    """Escape sequences change a terminal, marks of direction what is read."""
    sent = Sent(number(1), {"Nome": "A\x1b]0;x\x07\x9bd\u202ea\ta", "Fatti": "uno\n  due"})
    [item], _ = open_all(read_export(exported(sent)), IDENTITY)
    text = as_text(item)
    assert "    A]0;xda\ta\n" in text
    assert "    uno\n      due\n" in text
    assert text.translate({10: "", 9: ""}).isprintable()


# --- Tables ------------------------------------------------------------------------------------


def _starts_formula(cell: str) -> bool:
    """Said apart from the code: whatever blanks come first, no sign of a formula."""
    bare = cell.lstrip(" \u00a0\u200b\u2009\ufeff\u3000")
    return bare[:1] in tuple("=+-@＝＋－＠") or cell[:1] in tuple("\t\r\n")


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_arrive_as_text(text: str) -> None:
    [[csv]] = read_csv(to_csv([[text]])) or [[""]]
    assert not _starts_formula(csv)
    assert without_apostrophe(csv) == text
    assert read_ods(to_ods([[text]])) == [[text.replace("\r", "\n")]]


@given(st.lists(st.lists(anything, min_size=2, max_size=2), min_size=1, max_size=4))
def test_no_cell_of_a_csv_starts_a_formula(rows: list[list[str]]) -> None:
    """Nor does any text break out of its cell."""
    cells = read_csv(to_csv(rows))
    assert [[without_apostrophe(cell) for cell in row] for row in cells] == [
        [text.encode("utf-8", "replace").decode() for text in row] for row in rows
    ]
    assert not [cell for row in cells for cell in row if _starts_formula(cell)]


@given(st.lists(st.lists(written, min_size=2, max_size=2), min_size=1, max_size=4))
def test_any_text_survives_an_ods(rows: list[list[str]]) -> None:
    """But two code points that XML has no way to write."""
    expected = [
        [t.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd") for t in r] for r in rows
    ]
    assert read_ods(to_ods(rows)) == expected


@given(anything)
def test_any_text_at_all_makes_a_whole_ods(text: str) -> None:
    [[cell]] = read_ods(to_ods([[text]]))
    assert len(cell) == len(text.replace("\r\n", "\n"))


def test_equal_rows_give_equal_files() -> None:
    rows = [["Nome"], ["Ada"]]
    assert to_ods(rows) == to_ods(rows)
    assert to_csv([["Nome", "Età"], ["Ada", "5"]]) == '\ufeff"Nome";"Età"\r\n"Ada";"5"\r\n'.encode()


# --- The command ---------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "chiave.age").write_bytes(KEY_FILE)
    (tmp_path / "frase").write_text(f"{PHRASE}\n", "utf-8")
    (tmp_path / "invii.json").write_bytes(exported(ADA, BEA))
    return tmp_path


def _run(folder: Path, *words: str) -> int:
    given = [str(folder / word) if (folder / word).exists() else word for word in words]
    return cli.main(["apri", *given], Context({}))


KEY = ("--chiave", "chiave.age", "--frase-da", "frase")


@pytest.mark.parametrize(("name", "read"), [("t.ods", read_ods), ("t.CSV", read_csv)])
def test_a_table_is_written_for_its_owner_alone(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, read: Any
) -> None:
    before = set(folder.iterdir())
    previous = os.umask(0)
    try:
        assert _run(folder, "invii.json", *KEY, "--output", str(folder / name)) == 0
    finally:
        os.umask(previous)
    assert set(folder.iterdir()) - before == {folder / name}
    assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    rows = read((folder / name).read_bytes())
    assert [row[0] for row in rows] == ["Numero", ADA.number, BEA.number]
    assert rows[1][9] in ("+39 0000 000000", "'+39 0000 000000")
    said = capsys.readouterr()
    assert said.out == f"Invii scritti in {folder / name}: 2.\n"
    assert "è in chiaro" in said.err
    assert "Ada" not in said.out + said.err


def test_one_is_shown_and_no_file_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    letters = "00020000"
    right = f"LOI-0002-0000-{check_character(letters)}"
    (folder / "invii.json").write_bytes(exported(ADA, Sent(right, {"Nome": "Bea"})))
    before = set(folder.iterdir())
    typed = right.replace("-", " ").lower().replace("0", "o")
    assert _run(folder, "invii.json", *KEY, "--numero", typed) == 0
    assert set(folder.iterdir()) == before
    said = capsys.readouterr()
    assert said.out.startswith(f"Numero: {right}\nModulo: reclamo\nRicevuto: 2027-01-15 09:00\n")
    assert said.out.endswith("\nNome\n    Bea\n")
    assert said.err == ""


def test_what_stays_closed_is_no_success(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = json.loads(exported(BEA, recipients=(OTHERS.to_public(),)))["invii"]
    data = json.loads(exported(ADA))
    data["invii"] += other
    (folder / "invii.json").write_text(json.dumps(data), "utf-8")
    assert _run(folder, "invii.json", *KEY, "--output", str(folder / "t.ods")) == 1
    assert f"o sono rovinati: {BEA.number}." in capsys.readouterr().err
    assert len(read_ods((folder / "t.ods").read_bytes())) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("invii.json", *KEY, "--output", "t.xlsx"), "deve finire con .ods o .csv"),
        (("invii.json", *KEY, "--output", "chiave.age"), "deve finire con .ods o .csv"),
        (("invii.json", *KEY, "--numero", "LOI-9"), "Fra gli invii che si aprono non c'è «LOI-9»"),
        (("frase", *KEY, "--numero", "1"), "non è come lo scrive «carta-endpoint esporta»"),
        (("manca.json", *KEY, "--numero", "1"), "Non riesco a usare «manca.json»"),
        (("invii.json", "--chiave", "frase", "--numero", "1"), "non c'è una chiave privata age"),
        (("invii.json", *KEY[:3], "invii.json", "--numero", "1"), "La frase segreta non apre"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert _run(folder, *words) == 1
    shown = capsys.readouterr()
    assert (said in shown.err, shown.err.count("\n"), shown.out) == (True, 1, "")


def test_it_never_writes_over_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "t.ods").write_text("vecchio", "utf-8")
    assert _run(folder, "invii.json", *KEY, "--output", "t.ods") == 1
    assert "c'è già" in capsys.readouterr().err
    assert (folder / "t.ods").read_text("utf-8") == "vecchio"


def test_an_empty_export_makes_no_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "invii.json").write_bytes(exported())
    assert _run(folder, "invii.json", *KEY, "--output", str(folder / "t.ods")) == 1
    assert "Non c'è nessun invio" in capsys.readouterr().err
    assert not (folder / "t.ods").exists()


def test_a_disk_that_is_full_leaves_no_half_table(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device", "t.ods")

    monkeypatch.setattr(os, "fsync", full)
    assert _run(folder, "invii.json", *KEY, "--output", str(folder / "t.ods")) == 1
    assert "il disco è pieno" in capsys.readouterr().err
    assert not (folder / "t.ods").exists()
