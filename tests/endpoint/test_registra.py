"""`carta-endpoint registra`, with its own words and a real store."""

from pathlib import Path

import pytest
from clerk import Clerk, number
from endpoint_body import compiled_body

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def clerk(tmp_path: Path) -> Clerk:
    return Clerk(tmp_path)


def counted(clerk: Clerk) -> dict[str, int]:
    return clerk.store.counters(2026) | clerk.store.counters(2027)


# What the office reads from the arrival to the closing, read by us word for word.
def test_a_whole_case(clerk: Clerk, capsys: Capture) -> None:
    name = clerk.receives(1, "2026-11-23 09:00")
    clerk.now = "2026-12-01 10:00"
    assert clerk("registra", name, "protocollato", "--giorno", "2026-11-23",
                 "--protocollo", "0001234/2026") == 0  # fmt: skip
    assert clerk("registra", name, "convocato", "--giorno", "26/11/2026") == 0
    assert clerk("registra", name, "sospeso") == 0
    clerk.now = "2026-12-10 10:00"
    assert clerk("registra", name, "ripreso") == 0
    clerk.now = "2027-01-11 10:00"
    assert clerk("registra", name, "chiuso", "--esito", "accolto in parte", "--servizio", "si",
                 "--categoria", "personale") == 0  # fmt: skip
    assert capsys.readouterr().out == (
        "LOI-0000-0001-Y: registrato «protocollato», il 23 novembre 2026, protocollo "
        "0001234/2026.\n"
        "Prossimo termine: Convocazione, entro il 28 novembre 2026 (già passato).\n"
        "LOI-0000-0001-Y: registrato «convocato», il 26 novembre 2026.\n"
        "Prossimo termine: Incontro, entro l'8 gennaio 2027.\n"
        "LOI-0000-0001-Y: registrato «sospeso», il 1º dicembre 2026.\n"
        "I giorni non si contano fino a «ripreso», ma non oltre il 18 gennaio 2027.\n"
        "LOI-0000-0001-Y: registrato «ripreso», il 10 dicembre 2026.\n"
        "Prossimo termine: Incontro, entro il 18 gennaio 2027.\n"
        "LOI-0000-0001-Y: registrato «chiuso», l'11 gennaio 2027, esito «accolto in parte».\n"
        "Chiuso entro i termini.\n"
    )
    case = clerk.case(name)
    assert (case.state, case.protocol, case.outcome) == (
        "chiuso", "0001234/2026", "accolto in parte",
    )  # fmt: skip
    assert [f"{state} {day}" for state, day in case.steps] == [
        "protocollato 2026-11-23", "convocato 2026-11-26", "sospeso 2026-12-01",
        "ripreso 2026-12-10", "chiuso 2027-01-11",
    ]  # fmt: skip
    assert counted(clerk) == {"2027-01|chiuso|reclamo|si|personale|accolto in parte|entro": 1}


@pytest.mark.parametrize("typed", ["loi 0000 0001 y", "0000-0001-Y", "L0I0OO00OO1y"])
def test_the_number_is_taken_as_it_is_typed(clerk: Clerk, typed: str) -> None:
    clerk.receives(1, "2026-11-23 09:00")
    assert clerk("registra", typed, "protocollato", "--protocollo", "7") == 0
    assert clerk.case(number(1)).protocol == "7"


def test_a_late_closing_names_what_was_late(clerk: Clerk, capsys: Capture) -> None:
    name = clerk.receives(1, "2026-11-23 09:00")
    clerk.now = "2027-01-20 10:00"
    clerk("registra", name, "protocollato", "--protocollo", "1", "--giorno", "2026-11-23")
    clerk("registra", name, "chiuso", "--esito", "NON-accolto")
    assert capsys.readouterr().out.splitlines()[2:] == [
        f"{name}: registrato «chiuso», il 20 gennaio 2027, esito «non accolto».",
        "Chiuso oltre i termini: Convocazione, Incontro.",
    ]
    assert counted(clerk) == {"2027-01|chiuso|reclamo|||non accolto|oltre": 1}


def test_a_form_without_terms_is_closed_without_a_verdict(clerk: Clerk, capsys: Capture) -> None:
    name = clerk.receives(1, "2026-11-23 09:00", form="contatto")
    clerk("registra", name, "protocollato", "--protocollo", "1")
    clerk("registra", name, "chiuso", "--esito", "accolto")
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert counted(clerk) == {"2026-11|chiuso|contatto|||accolto|": 1}


def test_a_closing_is_corrected_but_counted_once(clerk: Clerk, capsys: Capture) -> None:
    name = clerk.receives(1, "2026-11-23 09:00")
    clerk("registra", name, "protocollato", "--protocollo", "1")
    clerk("registra", name, "chiuso", "--esito", "accolto")
    clerk("registra", name, "chiuso", "--esito", "ritirato")
    assert capsys.readouterr().out.splitlines()[-3:] == [
        f"{name}: corretto «chiuso», il 23 novembre 2026, esito «ritirato».",
        "Nelle statistiche resta la chiusura come fu registrata la prima volta.",
        "Chiuso entro i termini.",
    ]
    assert clerk.case(name).outcome == "ritirato"
    assert counted(clerk) == {"2026-11|chiuso|reclamo|||accolto|entro": 1}


@pytest.mark.parametrize("last", ["convocato", "chiuso"])
def test_an_earlier_step_is_corrected_and_the_state_stays(clerk: Clerk, last: str) -> None:
    name = clerk.receives(1, "2026-11-23 09:00")
    clerk("registra", name, "protocollato", "--protocollo", "1")
    clerk("registra", name, "convocato")
    if last == "chiuso":
        clerk("registra", name, "chiuso", "--esito", "accolto")
    before, told = clerk.case(name), counted(clerk)
    assert clerk("registra", name, "protocollato", "--protocollo", "2") == 0
    after = clerk.case(name)
    assert (after.state, after.protocol, after.outcome) == (last, "2", before.outcome)
    assert after.steps == before.steps
    assert counted(clerk) == told


def test_a_trial_is_filed_away_without_a_protocol(clerk: Clerk) -> None:
    name = clerk.receives(1, "2026-11-23 09:00", suspect=True)
    assert clerk("registra", name, "chiuso", "--esito", "archiviato") == 0
    assert clerk.case(name).state == "chiuso"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("LOI-0000-0001-X", "protocollato"), "non è un numero di ricevuta: è fatto come LOI-"),
        (("CAS-0000-0001-Y", "protocollato"), "non è un numero di ricevuta"),
        (("LOI-0000-0002-W", "protocollato"), "Nessun invio ha il numero LOI-0000-0002-W"),
        (("1", "protocollato"), "«1» non è un numero di ricevuta"),
        (("0000-0001-Y", "protocollato"), "Con «protocollato» scrivi anche --protocollo."),
        (("0000-0001-Y", "chiuso"), "Con «chiuso» scrivi anche --esito."),
        (("0000-0001-Y", "convocato"), "registra prima «protocollato»"),
        (("0000-0001-Y", "chiuso", "--esito", "accolto"), "registra prima «protocollato»"),
        (("0000-0001-Y", "convocato", "--protocollo", "1"), "--protocollo va solo con «protoco"),
        (("0000-0001-Y", "convocato", "--esito", "accolto"), "--esito va solo con «chiuso»"),
        (("0000-0001-Y", "protocollato", "--servizio", "si", "--protocollo", "1"),
         "--servizio va solo con «chiuso»"),
        (("0000-0001-Y", "protocollato", "--protocollo", "=1+1"), "deve contenere una cifra"),
        (("0000-0001-Y", "protocollato", "--protocollo", "senza"), "deve contenere una cifra"),
        (("0000-0001-Y", "protocollato", "--protocollo", "1\n2"), "deve contenere una cifra"),
        (("0000-0001-Y", "protocollato", "--protocollo", "1" * 41), "al massimo 40 caratteri"),
        (("0000-0001-Y", "protocollato", "--protocollo", " "), "deve contenere una cifra"),
        (("0000-0001-Y", "protocollato", "--protocollo", "1", "--giorno", "ieri"),
         "«ieri» non è un giorno"),
        (("0000-0001-Y", "protocollato", "--protocollo", "1", "--giorno", "2026-11-24"),
         "deve ancora venire"),
        (("0000-0001-Y", "protocollato", "--protocollo", "1", "--giorno", "2026-11-22"),
         "è prima di «ricevuto»"),
        (("0000-0001-Y", "chiuso", "--esito", "archiviato", "--servizio", "asilo"),
         "il modulo «reclamo» non ha «asilo»: scegli fra si, no."),
        (("0000-0001-Y", "chiuso", "--esito", "archiviato", "--categoria", "altro"),
         "scegli fra personale, ambiente."),
    ],
)  # fmt: skip
def test_a_wrong_word_is_told_in_italian_and_nothing_is_recorded(
    clerk: Clerk, capsys: Capture, words: tuple[str, ...], said: str
) -> None:
    clerk.receives(1, "2026-11-23 09:00")
    assert clerk("registra", *words) == 1
    output = capsys.readouterr()
    assert said in output.err
    assert output.out == ""
    assert clerk.case(number(1)).steps == ()
    assert counted(clerk) == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("0000-0001-Y", "aperto"), "'aperto' non va bene: scegli fra"),
        (("0000-0001-Y", "ricevuto"), "'ricevuto' non va bene: scegli fra"),
        (("0000-0001-Y", "chiuso", "--esito", "Ada ha torto"), "scegli fra"),
        (("0000-0001-Y",), "manca STATO"),
    ],
)
def test_a_wrong_call_is_told_in_italian(
    clerk: Clerk, capsys: Capture, words: tuple[str, ...], said: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        clerk("registra", *words)
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err


def test_only_what_the_body_lets_be_suspended(tmp_path: Path, capsys: Capture) -> None:
    clerk = Clerk(tmp_path, body=compiled_body(procedure={"sospensione": None}))
    name = clerk.receives(1, "2026-11-23 09:00")
    clerk("registra", name, "protocollato", "--protocollo", "1")
    assert clerk("registra", name, "sospeso") == 1
    assert "La Carta non prevede sospensioni per «reclamo»" in capsys.readouterr().err
    assert clerk.case(name).state == "protocollato"


def test_a_form_that_asks_no_category_takes_none(clerk: Clerk, capsys: Capture) -> None:
    name = clerk.receives(1, "2026-11-23 09:00", form="contatto")
    words = ("chiuso", "--esito", "archiviato", "--categoria", "personale")
    assert clerk("registra", name, *words) == 1
    assert "il modulo «contatto» non ha «personale»: togli --categoria." in (
        capsys.readouterr().err
    )


def test_beyond_the_calendar_is_told(clerk: Clerk, capsys: Capture) -> None:
    name = clerk.receives(1, "2030-12-20 09:00")
    clerk.now = "2030-12-20 10:00"
    clerk("registra", name, "protocollato", "--protocollo", "1")
    assert capsys.readouterr().out.splitlines()[1:] == [
        "Prossimo termine: Convocazione, entro il 27 dicembre 2030.",
        "Incontro: il calendario non ci arriva. Rifai «carta export forms».",
    ]


def test_the_day_of_a_step_is_that_of_italy(clerk: Clerk) -> None:
    name = clerk.receives(1, "2026-12-31 23:59")
    clerk.now = "2027-01-01 00:00"
    clerk("registra", name, "protocollato", "--protocollo", "1")
    assert str(clerk.case(name).steps[0][1]) == "2027-01-01"
