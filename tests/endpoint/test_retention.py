"""What is erased, when, and what is said of it: with an office's store and a clock that stands."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from clerk import Clerk, moment
from endpoint_body import PROCEDURE, compiled_body
from hypothesis import given
from hypothesis import strategies as st

from endpoint.cases.days import day_of
from endpoint.cases.procedure import Retention
from endpoint.cases.retention import (
    first_year_kept,
    is_genuine,
    is_near,
    limits,
    sealed_report,
    start,
)
from endpoint.stores.store import Case, Letter, Submission

Capture = pytest.CaptureFixture[str]
RULE = Retention(30, 24)
SECRET = b"un segreto di prova"


def case(received: str, filed: date | None = None) -> Case:
    steps = (("protocollato", filed),) if filed else ()
    return Case(1, "X", "reclamo", moment(received), "ricevuto", "web", False, steps=steps)


@pytest.mark.parametrize(
    ("today", "kept"),
    [(date(2026, 3, 30), True), (date(2026, 3, 31), False), (date(2026, 4, 1), False)],
)
def test_thirty_days_after_the_protocol(today: date, kept: bool) -> None:
    assert limits(RULE, today).holds(case("2026-02-20 10:00", date(2026, 3, 1))) is kept


@pytest.mark.parametrize(
    ("months", "received", "last_day"),
    [
        (24, "2026-03-10 23:59", date(2028, 3, 9)),
        (24, "2024-02-29 00:00", date(2026, 2, 27)),
        (1, "2026-01-31 12:00", date(2026, 2, 27)),
        (1, "2026-12-31 12:00", date(2027, 1, 30)),
        (6, "2026-08-31 12:00", date(2027, 2, 27)),
    ],
)
def test_months_from_the_arrival_at_most(months: int, received: str, last_day: date) -> None:
    rule = Retention(30, months)
    assert limits(rule, last_day).holds(case(received))
    assert not limits(rule, last_day + timedelta(1)).holds(case(received))


DAYS = st.dates(date(2020, 1, 1), date(2034, 12, 31))


@given(DAYS, st.integers(0, 3000), st.integers(1, 60))
def test_what_was_to_be_erased_is_so_the_day_after_too(day: date, later: int, months: int) -> None:
    rule, filed = Retention(30, months), case(f"{day} 12:00")
    today = day + timedelta(later)
    if not limits(rule, today).holds(filed):
        assert not limits(rule, today + timedelta(1)).holds(filed)
        assert is_near(filed, rule, today)
    assert limits(rule, day).holds(filed)


@given(DAYS)
def test_a_day_begins_at_midnight_in_italy(day: date) -> None:
    assert day_of(start(day)) == day
    assert day_of(start(day) - 1) == day - timedelta(1)


def test_four_fifths_of_the_time_without_a_protocol() -> None:
    # 24 months from 1 January 2026 are 730 days: four fifths are 584.
    first = date(2026, 1, 1) + timedelta(584)
    assert is_near(case("2026-01-01 12:00"), RULE, first)
    assert not is_near(case("2026-01-01 12:00"), RULE, first - timedelta(1))
    assert not is_near(case("2026-01-01 12:00", date(2026, 1, 2)), RULE, first)


def test_a_year_is_needed_until_15_february() -> None:
    assert first_year_kept(date(2027, 2, 15)) == 2026
    assert first_year_kept(date(2027, 2, 16)) == 2027
    assert first_year_kept(date(2027, 12, 31)) == 2027
    assert first_year_kept(date(2028, 1, 1)) == 2027


@pytest.mark.parametrize(
    ("change", "genuine"),
    [
        (lambda text: text, True),
        (lambda text: text.replace("\n", "\r\n"), True),  # as a mail may bring it
        (lambda text: text.replace("3", "4", 1), False),
        (lambda text: text + "Altro.\n", False),
        (lambda text: "Altro.\n" + text, False),
        (lambda text: text[: text.index("Sigillo")], False),
        (lambda text: text.replace("Sigillo: ", "Sigillo: à"), False),
        (lambda text: "", False),
    ],
)
def test_a_report_that_was_changed_is_recognised(change, genuine: bool) -> None:
    report = change(sealed_report(["Cancellati 3.", "Ne restano 2."], SECRET))
    assert is_genuine(report, [b"nuovo", SECRET]) is genuine
    assert not is_genuine(report, [b"un altro"])


# The command.

BODY = compiled_body(
    moduli={
        "reclamo": PROCEDURE,
        "questionario": PROCEDURE
        | {"conservazione": {"giorni_dopo_protocollo": 30, "mesi_al_massimo": 12}},
    }
)


@pytest.fixture
def clerk(tmp_path: Path) -> Clerk:
    return Clerk(tmp_path, body=BODY)


def kept(clerk: Clerk) -> list[str]:
    return [case.number for case, _ in clerk.store.sealed()]


def known(clerk: Clerk) -> list[str]:
    return [case.number for case in clerk.store.cases()]


def said(capsys: Capture) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_what_was_kept_long_enough_goes_and_is_told(clerk: Clerk, capsys: Capture) -> None:
    filed, recent, forgotten = (clerk.receives(n, f"2026-09-0{n} 09:00") for n in (1, 2, 3))
    clerk.store.step(filed, "protocollato", date(2026, 10, 24), "1")
    clerk.store.step(recent, "protocollato", date(2026, 10, 25), "2")
    clerk.receives(4, "2026-09-04 09:00", "contatto")
    clerk.receives(5, "2026-09-05 09:00", "valutazione")
    clerk.receives(6, "2025-11-23 09:00", "questionario")
    clerk.receives(7, "2025-11-24 09:00", "questionario")
    assert clerk("cancella") == 0
    assert said(capsys) == [
        "Verbale di cancellazione. Ente di prova, 23 novembre 2026.",
        "«Chiedi un contatto»: non è detto per quanto si conserva, quindi niente si cancella. "
        "Contenuti conservati: 1.",
        "«Questionario»: contenuti 1. Si cancellano dopo 12 mesi. Ne restano 1.",
        "«Reclamo»: contenuti 1, di cui mai protocollati: 0. Si cancellano 30 giorni dopo il "
        "protocollo, e comunque dopo 24 mesi. Ne restano 2.",
        "Testi delle valutazioni: contenuti 0. Si cancellano dopo 12 mesi. Ne restano 1.",
        "Numeri, date e passi di invii arrivati prima del 1º gennaio 2026: 1.",
        "Per quanto si conserva si scrive alla voce «conservazione» di: contatto (in "
        "content/forms/). Poi si rifà «carta export forms».",
    ]
    assert filed not in kept(clerk)
    assert {recent, forgotten} <= set(kept(clerk))
    assert filed in known(clerk)
    assert len(kept(clerk)) == 5


def test_a_second_run_does_nothing(clerk: Clerk, capsys: Capture) -> None:
    clerk.store.step(clerk.receives(1, "2026-09-01 09:00"), "protocollato", date(2026, 9, 2), "1")
    assert clerk("cancella") == 0
    before = known(clerk)
    said(capsys)
    assert clerk("cancella") == 0
    assert "«Reclamo»: contenuti 0, di cui mai protocollati: 0." in "\n".join(said(capsys))
    assert known(clerk) == before


def test_a_trial_counts_the_same_and_erases_nothing(clerk: Clerk, capsys: Capture) -> None:
    for place, when in enumerate(("2024-11-01 09:00", "2024-11-22 09:00", "2026-01-01 09:00")):
        number = clerk.receives(place, when)
        clerk.store.step(number, "chiuso", date(2026, 1, 2), "ritirato")
    clerk.store.step(number, "protocollato", date(2026, 1, 2), "3")
    clerk("cancella", "--prova")
    trial = said(capsys)
    assert len(kept(clerk)) == len(known(clerk)) == 3
    clerk("cancella")
    assert trial[0] == "Prova: niente è stato cancellato. Ente di prova, 23 novembre 2026."
    assert trial[1:] == said(capsys)[1:]
    assert kept(clerk) == []
    assert known(clerk) == [number]
    assert "arrivati prima del 1º gennaio 2026: 2." in trial[-2]


def test_a_year_is_forgotten_after_15_february(clerk: Clerk, capsys: Capture) -> None:
    number = clerk.receives(1, "2026-09-01 09:00")
    clerk.store.step(number, "protocollato", date(2026, 9, 2), "1")
    clerk.store.step(number, "chiuso", date(2026, 10, 2), "accolto")
    clerk.now = "2027-02-15 23:59"
    assert clerk("cancella") == 0
    assert known(clerk) == [number]
    clerk.now = "2027-02-16 00:00"
    assert clerk("cancella") == 0
    assert known(clerk) == []
    assert said(capsys)[-2] == (
        "Numeri, date e passi di invii arrivati prima del 1º gennaio 2027: 1."
    )


def test_an_open_case_is_not_forgotten_before_its_limit(clerk: Clerk, capsys: Capture) -> None:
    number = clerk.receives(1, "2026-12-20 09:00")
    clerk.store.step(number, "protocollato", date(2026, 12, 21), "1")
    clerk.now = "2027-02-16 10:00"
    assert clerk("cancella", "--prova") == 0
    assert clerk("cancella") == 0
    assert (kept(clerk), known(clerk)) == ([], [number])
    assert said(capsys)[-2].endswith(": 0. Ne restano 1 di pratiche non chiuse.")
    clerk.now = "2028-12-20 10:00"
    assert clerk("cancella") == 0
    assert known(clerk) == []


def test_what_nobody_filed_is_told_in_time(clerk: Clerk, capsys: Capture) -> None:
    number = clerk.receives(1, "2026-01-01 12:00")
    clerk.receives(2, "2026-01-01 12:00", "questionario")
    clerk.now = "2027-08-07 12:00"
    assert clerk("cancella", "--prova") == 0
    said(capsys)
    clerk.now = "2027-08-08 12:00"
    assert clerk("cancella") == 1
    assert said(capsys)[-2:] == [
        "Fra poco saranno cancellati senza essere stati protocollati: protocollali.",
        f"  {number}",
    ]
    clerk.store.step(number, "chiuso", date(2027, 8, 8), "archiviato")
    assert clerk("cancella") == 0
    clerk.now = "2028-01-01 00:00"
    assert clerk("cancella") == 0
    assert "«Reclamo»: contenuti 1, di cui mai protocollati: 1." in "\n".join(said(capsys))
    assert (kept(clerk), known(clerk)) == ([], [])


def test_nothing_erased_is_left_in_the_files(clerk: Clerk) -> None:
    def mark(place: int) -> bytes:
        return b"<segreto %d>" % place * 50

    for place in range(30):
        form = ("reclamo", "questionario")[place % 2]
        nonce, when = place.to_bytes(32, "big"), moment(f"202{4 + place % 3}-01-01 10:00")
        item = Submission(nonce, f"LOI-{place}", bytes(32), form, "v", when, "web", mark(place))
        assert clerk.store.add(item, [Letter("cittadino", b"<posta %d>" % place)], [])
    files = [path for path in clerk.folder.iterdir() if path.name.startswith("moduli.db")]
    before = b"".join(path.read_bytes() for path in files)
    assert all(mark(place) in before for place in range(30))
    assert clerk("cancella") == 1  # those of 2025 are near their limit
    after = b"".join(path.read_bytes() for path in files)
    for place in range(30):
        is_kept = 2024 + place % 3 == 2026 or (place % 3 == 1 and place % 2 == 0)
        assert (b"<segreto %d>" % place in after) == is_kept
        assert (b"<posta %d>" % place in after) == is_kept


def test_a_report_is_kept_and_verified(clerk: Clerk, tmp_path: Path, capsys: Capture) -> None:
    clerk.receives(1, "2024-09-01 09:00")
    file = tmp_path / "verbale.txt"
    assert clerk("cancella", "--verbale", str(file)) == 0
    printed = said(capsys)
    assert file.read_text("utf-8").splitlines()[:-1] == printed[:-2]
    assert "LOI-" not in file.read_text("utf-8")
    assert clerk("cancella", "--verifica", str(file)) == 0
    clerk.environ |= {
        "CARTA_SECRET": "un altro segreto di prova lungo abbastanza 987",
        "CARTA_SECRET_OLD": clerk.environ["CARTA_SECRET"],
    }
    assert clerk("cancella", "--verifica", str(file)) == 0
    file.write_text(file.read_text("utf-8").replace("contenuti 1", "contenuti 0"), "utf-8")
    said(capsys)
    assert clerk("cancella", "--verifica", str(file)) == 1
    assert "è stato cambiato" in capsys.readouterr().err
    file.write_bytes(b"\xff")
    assert clerk("cancella", "--verifica", str(file)) == 1


def test_no_report_is_overwritten_and_then_nothing_is_erased(
    clerk: Clerk, tmp_path: Path, capsys: Capture
) -> None:
    number = clerk.receives(1, "2024-09-01 09:00")
    (tmp_path / "verbale.txt").write_text("vecchio", "utf-8")
    assert clerk("cancella", "--verbale", str(tmp_path / "verbale.txt")) == 1
    assert "c'è già" in capsys.readouterr().err
    assert kept(clerk) == [number]


def test_one_submission_on_request(clerk: Clerk, capsys: Capture) -> None:
    number, other = (clerk.receives(n, "2026-11-01 09:00", mails=1) for n in (1, 2))
    assert clerk("cancella", "--numero", number.lower(), "--prova") == 0
    assert kept(clerk) == [number, other]
    assert clerk("cancella", "--numero", number.lower()) == 0
    assert kept(clerk) == [other]
    assert known(clerk) == [number, other]
    assert {mail.number for mail in clerk.store.sendings()} == {other}
    assert said(capsys)[-2] == (
        "Su richiesta, «Reclamo»: contenuto e messaggi di 1 invio. Numero, date e passi restano "
        "per la relazione dell'anno."
    )
    assert clerk("cancella", "--numero", number) == 0
    assert said(capsys)[-2].endswith("non c'era già più.")


def test_a_number_that_is_nobodys(clerk: Clerk, capsys: Capture) -> None:
    number = clerk.receives(1, "2026-11-01 09:00")
    assert clerk("cancella", "--numero", "LOI-0000-0002-A") == 1
    assert clerk("cancella", "--numero", "x") == 1
    assert "Traceback" not in capsys.readouterr().err
    assert kept(clerk) == [number]
