"""The monthly list of a provider: read strictly, counted once, whole or not at all."""

from datetime import date
from pathlib import Path

import pytest
from clerk import Clerk
from endpoint_client import compiled
from hypothesis import given
from hypothesis import strategies as st

from endpoint.context import read_forms
from endpoint.figures.importing import BadList, example, marks, read_list
from endpoint.forms.definition import Definition, read_definition

Capture = pytest.CaptureFixture[str]
TODAY = date(2026, 11, 23)
HEAD = "mese;servizio;comune;categoria;esito;entro_i_termini;numero"
GOOD = f"{HEAD}\n2026-10;si;c3;personale;accolto;sì;2\n2026-10;no;;;;;1\n"
FORM = read_definition(compiled(id="reclamo"))
KEYS = {
    "2026-10|reclamo|c3|si|personale|gestore": 2,
    "2026-10|chiuso|reclamo|si|personale|accolto|entro": 2,
    "2026-10|reclamo||no||gestore": 1,
}


@pytest.fixture
def clerk(tmp_path: Path) -> Clerk:
    return Clerk(tmp_path)


@pytest.fixture
def form(clerk: Clerk) -> Definition:
    return read_forms(clerk.folder)["reclamo"]


def counts(raw: bytes, form: Definition) -> dict[str, int]:
    keys = [key for row in read_list(raw, form, TODAY) for key in row.counts("reclamo")]
    return {key: keys.count(key) for key in keys}


@pytest.mark.parametrize(
    "raw",
    [
        GOOD.encode(),
        GOOD.encode("utf-8-sig"),
        GOOD.encode("cp1252"),
        GOOD.replace(";", ",").encode(),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("2026-10", "10/2026").encode(),
        GOOD.replace(";si;", ";  SÌ ;").replace("c3", "comune 3").encode(),
        GOOD.replace("personale", "Il Personale").replace("accolto", "ACCOLTO").encode(),
        GOOD.replace(";sì;", ';"S";').encode(),
        (GOOD + ";;;;;;\n\n").encode(),
        "".join(f"{line};;\n" for line in GOOD.splitlines()).encode(),  # columns once filled
        GOOD.rstrip("\n").encode(),
        GOOD.replace("entro_i_termini", "Entro i termini").replace("mese", "Mese").encode(),
    ],
)
def test_lists_as_they_come(form: Definition, raw: bytes) -> None:
    assert counts(raw, form) == KEYS


def test_the_columns_may_come_in_any_order(form: Definition) -> None:
    lines = [";".join(reversed(line.split(";"))) for line in GOOD.splitlines()]
    assert counts("\n".join(lines).encode(), form) == KEYS


def test_the_example_is_a_good_list(form: Definition) -> None:
    rows = read_list(example(form, TODAY).encode(), form, TODAY)
    assert [(row.number, row.outcome, row.in_time) for row in rows] == [
        (2, "accolto", "entro"),
        (1, "", ""),
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("nov-26;si;c3;;;;1", "il mese «nov-26» non si capisce. Scrivi per esempio 2026-11"),
        ("2026-13;si;c3;;;;1", "il mese «2026-13» non si capisce"),
        ("2026-12;si;c3;;;;1", "deve ancora venire"),
        ("2024-12;si;c3;;;;1", "troppo vecchio"),
        (";si;c3;;;;1", "il mese «» non si capisce"),
        ("2026-1٣;si;c3;;;;1", "non si capisce"),
        ("2026-10;;c3;;;;1", "servizio «» non è fra quelli del modulo. Scegli fra: Sì, No."),
        ("2026-10;asilo;c3;;;;1", "servizio «asilo» non è fra quelli del modulo"),
        ("2026-10;si;Roma;;;;1", "comune «Roma» non è fra quelli del modulo"),
        ("2026-10;si;c3;altro;;;1", "Scegli fra: Il personale, Rumore e pulizia."),
        ("2026-10;si;c3;;risolto;;1", "l'esito «risolto» non c'è. Scegli fra: accolto"),
        ("2026-10;si;c3;;accolto;forse;1", "scrivi «sì», «no», o lascia vuoto"),
        ("2026-10;si;c3;;;sì;1", "scrivi anche l'esito"),
        ("2026-10;si;c3;;;;0", "il numero «0» dev'essere intero, da 1 a 1000."),
        ("2026-10;si;c3;;;;-1", "dev'essere intero"),
        ("2026-10;si;c3;;;;1,5", "dev'essere intero"),
        ("2026-10;si;c3;;;;1001", "dev'essere intero"),
        ("2026-10;si;c3;;;;²", "dev'essere intero"),
        ("2026-10;si;c3;;;;" + "9" * 5000, "dev'essere intero"),
        ("2026-10;si;c3", "ha meno colonne dell'intestazione"),
        ("2026-10;si;c3;;;;1;altro", "ha più colonne dell'intestazione"),
        ("2026-10;si;c3;;;;1\n2026-10;SI;Comune 3;;;;4", "dice lo stesso della riga 2"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(form: Definition, row: str, said: str) -> None:
    with pytest.raises(BadList) as error:
        read_list(f"{HEAD}\n{row}\n".encode(), form, TODAY)
    (sentence,) = error.value.args
    assert said in sentence
    assert sentence.startswith(f"Riga {3 if 'stesso' in said else 2}: ")


def test_all_that_is_wrong_is_said_at_once(form: Definition) -> None:
    text = f"{HEAD}\nx;y;z;w;v;u;t\n\n2026-10;si;c3;;;;1\n2026-10;si;c3;;;;a\n"
    with pytest.raises(BadList) as error:
        read_list(text.encode(), form, TODAY)
    assert [sentence.split(":")[0] for sentence in error.value.args] == ["Riga 2"] * 7 + ["Riga 5"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "Il file è vuoto"),
        (b" \n;;\n", "Il file è vuoto"),
        (HEAD.encode(), "solo l'intestazione"),
        (b"PK\x03\x04\x00\x00", "non è un CSV"),
        (b"x" * 1_000_001, "non è un CSV"),
        (GOOD.replace("mese", "data").encode(), "Riga 1: manca la colonna «mese»"),
        (b"\n" + GOOD.replace("mese", "data").encode(), "Riga 2: manca la colonna «mese»"),
        (GOOD.replace("mese", "data").encode(), "non c'è nessuna colonna «data»"),
        (GOOD.replace("comune", "mese").encode(), "la colonna «mese» c'è due volte"),
        (GOOD.replace("c3", 'c"3').replace(";si;", ';"si"x;').encode(), "le virgolette"),
        (GOOD.replace("c3", '"c3').encode(), "le virgolette"),
    ],
)
def test_what_is_no_list(form: Definition, raw: bytes, said: str) -> None:
    with pytest.raises(BadList) as error:
        read_list(raw, form, TODAY)
    assert said in "\n".join(error.value.args)


ROWS = st.text(max_size=80).map(lambda text: f"{HEAD}\n{text}".encode("utf-8", "replace"))


@given(st.one_of(st.binary(max_size=200), ROWS))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        found: list[object] = list(read_list(raw, FORM, TODAY))
    except BadList as error:
        found = list(error.args)
    assert found


def test_a_form_without_a_category_takes_none(clerk: Clerk) -> None:
    contact = read_forms(clerk.folder)["contatto"]
    raw = f"{HEAD}\n2026-10;;;x;;;1\n".encode()
    with pytest.raises(BadList, match="Lascia vuota la colonna"):
        read_list(raw, contact, TODAY)


def test_a_list_is_known_again_however_it_is_saved(form: Definition) -> None:
    first, again = (read_list(raw, form, TODAY) for raw in (
        GOOD.encode(), "\r\n".join([HEAD, *reversed(GOOD.splitlines()[1:])]).encode("utf-8-sig"),
    ))  # fmt: skip
    assert marks(first, "") == marks(again, "")
    assert marks(first, "Coop") == marks(again, "coop") != marks(first, "")
    assert marks(first, "")[0].startswith("2026-10|importato|")


# The command.


@pytest.fixture
def list_file(tmp_path: Path) -> Path:
    file = tmp_path / "elenco.csv"
    file.write_text(GOOD, "utf-8")
    return file


def figures(clerk: Clerk) -> dict[str, int]:
    counters = clerk.store.counters(2026)
    return {key: n for key, n in counters.items() if "|importato|" not in key}


def test_a_list_is_counted_once(clerk: Clerk, list_file: Path, capsys: Capture) -> None:
    assert clerk("importa", str(list_file)) == 0
    assert capsys.readouterr().out == "Contati: 3 reclami, di cui 2 chiusi. Mesi: 2026-10.\n"
    assert figures(clerk) == KEYS
    for later in ("2026-11-23 10:31", "2026-12-30 10:00", "2027-02-10 10:00"):
        clerk.now = later
        clerk.store.add_counts(later.encode().ljust(32), [], int(later[:4]) * 10**7)
        assert clerk("importa", str(list_file)) == 1
        assert "già stato contato" in capsys.readouterr().err
    assert figures(clerk) == KEYS


def test_equal_lists_of_two_providers(clerk: Clerk, list_file: Path) -> None:
    assert clerk("importa", str(list_file), "--gestore", "Cooperativa di prova") == 0
    assert clerk("importa", str(list_file)) == 0
    assert clerk("importa", str(list_file), "--gestore", "COOPERATIVA di prova") == 1
    assert figures(clerk) == {key: 2 * n for key, n in KEYS.items()}


def test_a_wrong_list_counts_nothing(clerk: Clerk, list_file: Path, capsys: Capture) -> None:
    list_file.write_text(f"{GOOD}2026-10;si;;;;;x\n", "utf-8")
    assert clerk("importa", str(list_file)) == 1
    assert capsys.readouterr().err == (
        "Riga 4: il numero «x» dev'essere intero, da 1 a 1000.\nNon ho contato niente.\n"
    )
    assert clerk.store.counters(2026) == {}


def test_a_trial_counts_nothing(clerk: Clerk, list_file: Path, capsys: Capture) -> None:
    assert clerk("importa", str(list_file), "--prova") == 0
    assert "va bene, ma non l'ho contato" in capsys.readouterr().out
    assert clerk.store.counters(2026) == {}


def test_the_example_is_printed(clerk: Clerk, tmp_path: Path, capsys: Capture) -> None:
    assert clerk("importa", "--esempio") == 0
    printed = capsys.readouterr().out
    assert printed.splitlines()[0] == HEAD
    (tmp_path / "elenco.csv").write_text(printed, "utf-8")
    assert clerk("importa", str(tmp_path / "elenco.csv")) == 0


def test_what_the_command_needs(clerk: Clerk, list_file: Path, capsys: Capture) -> None:
    assert clerk("importa") == 1
    assert "--esempio" in capsys.readouterr().err
    for form in ("questionario", "contatto", "x"):
        assert clerk("importa", str(list_file), "--modulo", form) == 1
        assert "scegli fra reclamo" in capsys.readouterr().err
    assert clerk("importa", str(list_file.with_name("manca.csv"))) == 1
    assert "manca.csv" in capsys.readouterr().err


def test_imported_complaints_are_in_the_figures_of_the_year(
    clerk: Clerk, list_file: Path, tmp_path: Path
) -> None:
    list_file.write_text(GOOD.replace(";2\n", ";7\n").replace(";1\n", ";5\n"), "utf-8")
    assert clerk("importa", str(list_file)) == 0
    clerk.now = "2027-01-20 10:00"
    assert clerk("statistiche", "--anno", "2026", "--output", str(tmp_path)) == 0
    text = (tmp_path / "2026-reclami.yml").read_text("utf-8")
    assert '{voce: "Dall\'elenco mensile dei gestori", numero: 12}' in text
    assert '{voce: "Entro i termini", numero: 7}' in text
