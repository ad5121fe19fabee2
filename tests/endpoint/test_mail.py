"""The letters: what they say word for word, and that nothing of a citizen is in them."""

import re
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from endpoint_client import FakeBody, compiled
from hypothesis import given, settings
from hypothesis import strategies as st

from endpoint.cases.telling import Rows
from endpoint.forms.definition import read_definition
from endpoint.post.mail import CITIZEN, OFFICE, Writer, letter_mark
from endpoint.stores.store import Case, Queued

LETTERS = Path(__file__).parent / "letters"
SECRET = b"un segreto di prova lungo abbastanza 0123456789"
NOW = 1_800_000_000.0
CASE = Case(1, "LOI-7F3K-9QX2-M", "prova", int(NOW) - 60, "ricevuto", "web", False)


def writer(title: str = "Modulo di prova", name: str = "Ente di prova", url: str = "") -> Writer:
    form = read_definition(compiled(titolo=title))
    return Writer(FakeBody(name=name), {"prova": form}, "moduli@example.it", url)


def queued(kind: str, id: int = 7, case: Case = CASE) -> Queued:
    return Queued(id, case, kind, b"", 1, case.received)


def written(kind: str, maker: Writer | None = None, to: str = "ada@example.it") -> bytes:
    mark = letter_mark(SECRET, 7, CASE.received)
    return (maker or writer()).write(queued(kind), to, mark, NOW).as_bytes()


def shown(raw: bytes) -> str:
    """A letter as its reader sees it, headers first."""
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    head = "".join(f"{name}: {value}\n" for name, value in message.items())
    return f"{head}\n{message.get_content()}".replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("kind", "url"), [(OFFICE, ""), (CITIZEN, ""), (CITIZEN, "https://moduli.example.it/")]
)
def test_a_letter_is_as_somebody_has_read_it(kind: str, url: str) -> None:
    """The files are read by a person whenever they change: `git diff` shows the letter."""
    name = f"{kind}{'-con-indirizzo' if url else ''}.txt"
    assert shown(written(kind, writer(url=url))) == (LETTERS / name).read_text("utf-8")


def test_the_mark_is_the_same_at_every_try_and_of_one_letter_alone() -> None:
    assert letter_mark(SECRET, 7, 1) == letter_mark(SECRET, 7, 1)
    secrets, ids, times = (SECRET, SECRET[::-1]), range(99), (1, 2)
    marks = {letter_mark(secret, id, at) for secret in secrets for id in ids for at in times}
    assert len(marks) == 396
    assert all(re.fullmatch("carta\\.[0-9a-f]{32}", mark) for mark in marks)


def test_a_form_that_is_no_longer_there_still_has_its_letter() -> None:
    maker = Writer(FakeBody(), {}, "moduli@example.it")
    message = message_from_bytes(written(OFFICE, maker), policy=default)
    assert message["Subject"] == "[prova] ricevuta LOI-7F3K-9QX2-M"


_WORDS = st.text(min_size=1, max_size=60)


@settings(max_examples=40)
@given(title=_WORDS, name=_WORDS, kind=st.sampled_from([OFFICE, CITIZEN]))
def test_no_title_or_name_makes_a_header_of_its_own(title: str, name: str, kind: str) -> None:
    raw = written(kind, writer(title, name))
    message = message_from_bytes(raw, policy=default)
    assert list(message) == [
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type",
        "Content-Transfer-Encoding", "MIME-Version",
    ]  # fmt: skip
    assert message["To"].addresses[0].addr_spec == "ada@example.it"
    assert message["From"].addresses[0].addr_spec == "moduli@example.it"
    assert b"\0" not in raw
    assert all(len(line) < 999 for line in raw.split(b"\r\n"))
    assert not re.search(rb"[^\r]\n|\r[^\n]", raw)


class ManyDesks(FakeBody):
    def ways(self, form: str) -> Rows:
        return [("Telefono", "0000 000000"), ("Allo sportello", "Via Uno, 1\nVia Due,\t2")]


def test_a_text_of_several_lines_stands_below_its_name() -> None:
    text = shown(written(CITIZEN, replace(writer(), body=ManyDesks())))
    assert "Telefono: 0000 000000\nAllo sportello:\n   Via Uno, 1\n   Via Due, 2\n\n" in text


def test_the_day_of_arrival_is_that_of_italy() -> None:
    # 23:30 of 14 January in Greenwich.
    late = Case(1, CASE.number, "prova", int(NOW) - 8 * 3600 - 1800, "ricevuto", "web", False)
    message = writer().write(queued(CITIZEN, 7, late), "ada@example.it", "x", NOW)
    assert "Arrivato il: 15 gennaio 2027, ore 00:30" in message.get_content()
    assert f"Risposta entro: {date(2027, 1, 15):%d/%m/%Y}" in message.get_content()
