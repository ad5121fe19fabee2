"""`carta-endpoint scadenze`, with its own words and a real store."""

import json
from datetime import date
from pathlib import Path

import pytest
from clerk import Clerk, number
from endpoint_body import CONTACT, compiled_body
from hypothesis import given
from hypothesis import strategies as st

from endpoint.commands.scadenze import _distance

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def clerk(tmp_path: Path) -> Clerk:
    return Clerk(tmp_path)


@pytest.fixture
def busy(clerk: Clerk, capsys: Capture) -> Clerk:
    """An office on 1 December 2026 with a case of every kind."""
    clerk.receives(1, "2026-11-23 09:00")  # nobody was convened
    clerk.receives(2, "2026-11-30 09:00", suspect=True)
    convened = clerk.receives(3, "2026-11-05 09:00")
    still = clerk.receives(4, "2026-11-06 09:00")
    closed = clerk.receives(5, "2026-11-02 09:00")
    clerk.receives(6, "2026-11-20 09:00", form="contatto")
    clerk.receives(7, "2026-11-20 09:00", form="questionario")
    clerk.receives(8, "2026-11-20 09:00", form="valutazione")  # nobody waits for an answer
    clerk.now = "2026-12-01 08:00"
    for place, name in enumerate((convened, still, closed), start=11):
        clerk("registra", name, "protocollato", "--protocollo", f"{place}/2026",
              "--giorno", "2026-11-06")  # fmt: skip
    clerk("registra", convened, "convocato", "--giorno", "2026-11-09")
    clerk("registra", still, "convocato", "--giorno", "2026-11-10")
    clerk("registra", still, "sospeso", "--giorno", "2026-11-12")
    clerk("registra", closed, "chiuso", "--esito", "accolto", "--giorno", "2026-11-06")
    capsys.readouterr()
    return clerk


# Read by us word for word.
def test_the_list_of_the_morning(busy: Clerk, capsys: Capture) -> None:
    assert busy("scadenze") == 0
    assert capsys.readouterr().out == (
        "Oggi, 1º dicembre 2026: 1 termine passato, 5 da rispettare.\n"
        "\n"
        "scade il    quanto               numero           stato      termine       note\n"
        "28/11/2026  scaduto da 3 giorni  LOI-0000-0001-Y  ricevuto   Convocazione\n"
        "05/12/2026  fra 4 giorni         LOI-0000-0002-W  ricevuto   Convocazione  sospetto\n"
        "18/12/2026  fra 17 giorni        LOI-0000-0003-T  convocato  Incontro\n"
        "08/01/2027  fra 38 giorni        LOI-0000-0001-Y  ricevuto   Incontro\n"
        "12/01/2027  fra 42 giorni        LOI-0000-0004-R  sospeso    Incontro\n"
        "15/01/2027  fra 45 giorni        LOI-0000-0002-W  ricevuto   Incontro      sospetto\n"
        "\n"
        "Invii aperti senza un termine da controllare: 1.\n"
    )


def test_only_the_next_days(busy: Clerk, capsys: Capture) -> None:
    busy("scadenze", "--entro", "4")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == (
        "Oggi, 1º dicembre 2026: 1 termine passato, 1 da rispettare entro 4 giorni."
    )
    assert [line.split()[0] for line in lines[3:5]] == ["28/11/2026", "05/12/2026"]
    busy("scadenze", "--entro", "0")
    assert "28/11/2026" in capsys.readouterr().out


def test_it_is_an_alarm_only_if_asked_and_if_something_has_passed(busy: Clerk) -> None:
    assert busy("scadenze") == 0
    assert busy("scadenze", "--allarme") == 1
    busy("registra", number(1), "protocollato", "--protocollo", "1")
    busy("registra", number(1), "convocato")
    assert busy("scadenze", "--allarme", "--formato", "json") == 0


def test_as_data(busy: Clerk, capsys: Capture) -> None:
    busy("scadenze", "--formato", "json", "--entro", "20")
    data = json.loads(capsys.readouterr().out)
    assert data["oggi"] == "2026-12-01"
    assert data["aperti_senza_termini"] == 1
    assert data["lettere_in_attesa_dal"] is None
    first, second, third = data["scadenze"]
    assert first == {
        "scade": "2026-11-28", "giorni": -3, "numero": number(1), "modulo": "Reclamo",
        "stato": "ricevuto", "protocollo": "", "termine": "Convocazione", "verdetto": "scaduto",
        "a_chi": "Coordinatore dell'Ufficio di Piano", "sospetto": False,
    }  # fmt: skip
    assert (second["sospetto"], second["verdetto"]) == (True, "in corso")
    assert (third["protocollo"], third["termine"]) == ("11/2026", "Incontro")


def test_as_a_table_for_a_spreadsheet(busy: Clerk, capsys: Capture) -> None:
    busy("scadenze", "--formato", "csv", "--entro", "4")
    lines = capsys.readouterr().out.removeprefix("\ufeff").splitlines()
    assert lines == [
        '"scade";"giorni";"numero";"modulo";"stato";"protocollo";"termine";"verdetto";"a_chi";'
        '"sospetto"',
        '"2026-11-28";"scaduto da 3 giorni";"LOI-0000-0001-Y";"Reclamo";"ricevuto";"";'
        '"Convocazione";"scaduto";"Coordinatore dell\'Ufficio di Piano";""',
        '"2026-12-05";"fra 4 giorni";"LOI-0000-0002-W";"Reclamo";"ricevuto";"";'
        '"Convocazione";"in corso";"Coordinatore dell\'Ufficio di Piano";"sì"',
    ]


def test_what_is_not_known_is_empty_in_a_spreadsheet(clerk: Clerk, capsys: Capture) -> None:
    clerk.receives(1, "2030-12-20 09:00")
    clerk.now = "2031-02-01 10:00"
    clerk("scadenze", "--formato", "csv")
    first, second = capsys.readouterr().out.splitlines()[1:]
    assert first.startswith('"2030-12-27";"scaduto da 36 giorni"')
    assert second.startswith('"";"oltre il calendario"')


def test_nothing_to_do(clerk: Clerk, capsys: Capture) -> None:
    assert clerk("scadenze", "--allarme", "--entro", "1") == 0
    assert capsys.readouterr().out == (
        "Oggi, 23 novembre 2026: 0 termini passati, 0 da rispettare entro 1 giorno.\n"
    )


def test_a_body_without_terms_has_only_open_cases(tmp_path: Path, capsys: Capture) -> None:
    clerk = Clerk(tmp_path, body=compiled_body(moduli={"reclamo": CONTACT}))
    clerk.receives(1, "2026-11-20 09:00")
    assert clerk("scadenze", "--allarme") == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "Invii aperti senza un termine da controllare: 1.",
    ]


def test_the_oldest_mail_that_waits_is_told(clerk: Clerk, capsys: Capture) -> None:
    clerk.receives(1, "2026-11-20 09:00", mails=1)
    clerk("scadenze")
    assert capsys.readouterr().out.splitlines()[-1] == (
        "La lettera più vecchia da spedire aspetta da 3 giorni: lancia «carta-endpoint spedisci»."
    )
    clerk("scadenze", "--formato", "json")
    assert json.loads(capsys.readouterr().out)["lettere_in_attesa_dal"] == "2026-11-20T08:00:00Z"


def test_beyond_the_calendar_stands_at_the_end(clerk: Clerk, capsys: Capture) -> None:
    clerk.receives(1, "2030-12-20 09:00")
    clerk.now = "2030-12-20 10:00"
    clerk("scadenze", "--entro", "7")
    assert capsys.readouterr().out.splitlines()[2:] == [
        "scade il    quanto               numero           stato     termine       note",
        "27/12/2030  fra 7 giorni         LOI-0000-0001-Y  ricevuto  Convocazione",
        "?           oltre il calendario  LOI-0000-0001-Y  ricevuto  Incontro",
        "",
        "Il calendario delle feste non arriva a ogni termine: rifai «carta export forms».",
    ]


def test_on_the_last_day_it_is_today_until_midnight_in_italy(clerk: Clerk, capsys: Capture) -> None:
    clerk.receives(1, "2026-12-26 23:59")
    for clerk.now, said in (
        ("2026-12-31 23:59", "31/12/2026  oggi"),
        ("2027-01-01 00:00", "31/12/2026  scaduto da 1 giorno"),
        ("2026-12-30 23:59", "31/12/2026  fra 1 giorno"),
    ):
        clerk("scadenze")
        assert said in capsys.readouterr().out


def test_a_clock_that_was_put_back_does_no_harm(clerk: Clerk, capsys: Capture) -> None:
    clerk.receives(1, "2026-11-20 09:00", mails=1)
    clerk.now = "2026-01-01 09:00"
    assert clerk("scadenze", "--allarme") == 0
    output = capsys.readouterr().out
    assert "fra 328 giorni" in output
    assert "aspetta da meno di un minuto" in output


@pytest.mark.parametrize("days", ["-1", "tre", "1.5", "٣", ""])
def test_a_wrong_number_of_days_is_told_in_italian(
    clerk: Clerk, capsys: Capture, days: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        clerk("scadenze", f"--entro={days}")
    assert stopped.value.code == 2
    assert "non va bene" in capsys.readouterr().err


def test_no_word_of_what_was_sent(busy: Clerk, capsys: Capture) -> None:
    for form in ("testo", "json", "csv"):
        busy("scadenze", "--formato", form)
        output = capsys.readouterr().out
        assert "cifrat" not in output
        assert number(7) not in output  # anonymous
        assert number(5) not in output  # closed


@given(st.dates(), st.dates())
def test_the_distance_is_told_both_ways(due: date, today: date) -> None:
    said, days = _distance(due, today), (due - today).days
    assert (said == "oggi") is (days == 0)
    assert said.startswith("scaduto") is (days < 0)
    assert str(abs(days)) in said or days == 0
