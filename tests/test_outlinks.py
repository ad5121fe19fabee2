"""Links that leave the site: where they stand, what is remembered of them, when one is dead."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from bodies import BODIES, catalog_of, good_catalog
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.cli import main
from site_builder.network.memory import FILE, keep, recall
from site_builder.outlinks import Known, addresses_in, outlinks, remembered, state_of
from site_builder.upkeep.links import LINK_HEAD, count_words, link_rows, link_text
from site_builder.upkeep.table import to_csv

Body = Callable[..., Path]
TODAY = date(2026, 11, 21)
SHEET = "content/services/asilo-nido.yml"
DESK = "content/contacts/segretariato-casarano.yml"
HERE = "https://carta.example.it/"
CARTA = "content/carta.yml"
_PAGE = f"""---
title: Note
description: Note scritte a mano per questa prova.
fonte: {{documento: carta-prova, riga: 1}}
aggiornato_il: 2026-01-01
---
Vedi [la legge]({HERE}legge).
"""
WAY_OUT = "https://www.ilmeteo.it/"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Vedi https://a.example/x, poi http://b.example.", ["https://a.example/x",
                                                             "http://b.example"]),
        ("(su https://a.example/x)", ["https://a.example/x"]),
        ("https://a.example/voce_(diritto) e altro", ["https://a.example/voce_(diritto)"]),
        ("[qui](https://a.example/x).", ["https://a.example/x"]),
        ("[qui](https://a.example/x)[lì](https://b.example/)", ["https://a.example/x"]),
        ("«https://a.example/» <https://b.example/>", ["https://a.example/", "https://b.example/"]),
        ("ftp://a.example mailto:x@a.example www.a.example", []),
    ],
)  # fmt: skip
def test_addresses_end_where_the_sentence_goes_on(text: str, found: list[str]) -> None:
    assert list(addresses_in(text))[: len(found) or 1] == found


def test_every_place_of_an_address_is_named(body: Body) -> None:
    catalog = good_catalog(body({
        SHEET: {"normativa": [{"testo": "Legge", "url": f"{HERE}legge#art1"}],
                "come_fare": f"Vai su {HERE}legge#art2 e chiedi."},
        DESK: {"sito": f"{HERE}", "da_verificare": [
            {"campo": "sito", "motivo": "Prima era http://vecchio.example/."}]},
        "content/pages/note.md": _PAGE,
        CARTA: {"capitoli": [{"area": "famiglia"}, {"pagina": "note"}]},
    }), TODAY)  # fmt: skip
    links = {link.url: [place.file for place, _ in link.used] for link in outlinks(catalog)}
    assert links == {
        HERE: [DESK],
        f"{HERE}legge": [SHEET, SHEET, "content/pages/note.md"],
        WAY_OUT: [CARTA],
    }


@pytest.mark.parametrize("name", BODIES)
def test_the_addresses_of_a_body_are_those_of_its_files(name: str) -> None:
    links = outlinks(catalog_of(name))
    assert len({link.url for link in links}) == len(links) >= 2
    for link in links:
        for place, line in link.used:
            text = (BODIES[name] / place.file).read_text("utf-8")
            assert link.url in text or link.url == WAY_OUT
            assert line <= text.count("\n") + 1


def bad(day: date) -> Known:
    return Known(day, "guasto", "la pagina non c'è (risposta 404)")


def test_only_failures_on_different_days_make_a_dead_link() -> None:
    once = remembered(None, bad(TODAY))
    assert once.state == "da riprovare"
    assert remembered(once, bad(TODAY)).state == "da riprovare"
    twice = remembered(once, bad(TODAY + timedelta(7)))
    assert twice.state == "morto"
    assert twice.failures == (TODAY, TODAY + timedelta(7))


def test_one_good_answer_forgets_the_failures() -> None:
    dead = remembered(remembered(None, bad(TODAY)), bad(TODAY + timedelta(1)))
    alive = remembered(dead, Known(TODAY + timedelta(2), "buono", "risponde"))
    assert alive.state == "buono"
    assert remembered(alive, bad(TODAY + timedelta(3))).state == "da riprovare"


@pytest.mark.parametrize(("outcome", "days"), [("buono", 7), ("spostato", 7), ("guasto", 1)])
def test_how_long_an_answer_holds(outcome: str, days: int) -> None:
    known = Known(TODAY, outcome, "")  # type: ignore[arg-type]
    assert known.is_fresh(TODAY)
    assert known.is_fresh(TODAY + timedelta(days - 1))
    assert not known.is_fresh(TODAY + timedelta(days))
    assert not known.is_fresh(TODAY - timedelta(1))  # a clock that was wrong


KNOWN = st.builds(
    Known,
    asked=st.dates(),
    outcome=st.sampled_from(["buono", "spostato", "guasto", "bloccato"]),
    said=st.text(st.characters(exclude_categories=["Cs"])),
    moved_to=st.just("") | st.just(HERE),
    failures=st.lists(st.dates(), max_size=3).map(tuple),
)


@settings(max_examples=20)
@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), KNOWN, max_size=4))
def test_what_is_kept_comes_back(known: dict[str, Known]) -> None:
    with TemporaryDirectory() as folder:
        keep(Path(folder), known)
        assert recall(Path(folder)) == known


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"x": 3}', '{"x": {"esito": "boh"}}', "null", "\udcff",
             '{"x": {"esito": "buono", "controllato_il": "ieri", "detto": "", "spostato_in": "",'
             ' "guasti": []}}']
)  # fmt: skip
def test_a_damaged_memory_is_no_memory(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).parent.mkdir(parents=True)
    (tmp_path / FILE).write_bytes(text.encode("utf-8", "surrogateescape"))
    assert recall(tmp_path) == {}


def remember(folder: Path, **states: Known) -> None:
    keep(folder, {f"{HERE}{name}": known for name, known in states.items()})


def told(body: Body) -> Path:
    """A body with a link of each state."""
    names = ("morto", "incerto", "via", "chiuso", "nuovo", "bello")
    folder = body({SHEET: {"normativa": [{"testo": n, "url": f"{HERE}{n}"} for n in names]}})
    remember(
        folder,
        morto=Known(TODAY, "guasto", "la pagina non c'è (risposta 404)", "",
                    (TODAY - timedelta(7), TODAY)),
        incerto=Known(TODAY, "guasto", "il sito ha un guasto (risposta 500)", "", (TODAY,)),
        via=Known(TODAY, "spostato", f"si è spostato in modo definitivo: {HERE}la", f"{HERE}la"),
        chiuso=Known(TODAY, "bloccato", "non lascia entrare i programmi (risposta 403)"),
        bello=Known(TODAY, "buono", "risponde"),
    )  # fmt: skip
    return folder


def test_the_text_tells_the_worst_first_and_leaves_out_the_good(body: Body) -> None:
    folder = told(body)
    links, known = outlinks(good_catalog(folder, TODAY)), recall(folder)
    assert count_words(links, known) == (
        "1 morto, 1 da riprovare, 1 spostato, 1 bloccato, 2 mai controllati, 1 buono"
    )
    text = link_text(links, known)
    marks = ["[morto]", "[da riprovare]", "[spostato]", "[bloccato]", "[mai controllato]"]
    assert [text.index(mark) for mark in marks] == sorted(text.index(mark) for mark in marks)
    assert "non va dal 14 novembre 2026 (2 giorni diversi)" in text
    assert f"{HERE}bello" not in text
    assert f"{SHEET}:" in text


def test_the_table_has_them_all(body: Body) -> None:
    folder = told(body)
    links, known = outlinks(good_catalog(folder, TODAY)), recall(folder)
    table = to_csv(LINK_HEAD, link_rows(links, known)).removeprefix("\ufeff")
    head, *rows = csv.reader(io.StringIO(table, ""), delimiter=";")
    assert head == list(LINK_HEAD)
    assert len(rows) == len(links) == 7
    assert rows[2][4] == f"{HERE}la"
    assert state_of(f"{HERE}mai", known) == "mai controllato"


def test_without_the_network_the_command_tells_what_it_knows(
    body: Body, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = told(body)
    before = (folder / FILE).read_bytes()
    assert main(["report", "collegamenti", "--senza-rete", str(folder)]) == 1  # one is dead
    assert "[morto]" in capsys.readouterr().out
    remember(folder, incerto=Known(TODAY, "guasto", "x", "", (TODAY,)))
    assert main(["report", "collegamenti", "--senza-rete", "--format", "csv", str(folder)]) == 0
    assert '"da riprovare"' in capsys.readouterr().out
    assert before != (folder / FILE).read_bytes()
    assert json.loads((folder / FILE).read_text("utf-8"))


def test_the_command_remembers_what_it_was_told(
    body: Body, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    inside = "http://127.0.0.1:9/"  # never asked: it is a machine of the house
    folder = body({DESK: {"sito": f"{inside}x"}, CARTA: {"uscita_rapida": inside}})
    assert main(["report", "collegamenti", str(folder)]) == 0
    assert "(2 bloccati)" in capsys.readouterr().out
    assert {known.state for known in recall(folder).values()} == {"bloccato"}
    target = tmp_path / "collegamenti.csv"
    assert main(["report", "collegamenti", "--output", str(target), str(folder)]) == 0
    assert "rete interna" not in capsys.readouterr().out
