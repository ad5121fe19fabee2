"""The figures of a year: what is counted, what is hidden, and the file that the site reads."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from attacker import BOUNDS, propagated
from clerk import Clerk
from endpoint_client import compiled
from hypothesis import given
from hypothesis import strategies as st

from endpoint.cases.counting import counts, rating
from endpoint.cases.steps import closing_key
from endpoint.figures.statistics import TOO_SMALL, figures, left_out
from endpoint.figures.suppression import HIDDEN, SMALL
from endpoint.figures.yaml import dump
from endpoint.forms.checking import Values
from endpoint.forms.definition import read_definition
from endpoint.stores.store import Store
from site_builder.check import check_content
from site_builder.loader import parse
from site_builder.model_figures import Cella, Tabella

Capture = pytest.CaptureFixture[str]
GOLDEN = Path(__file__).parent / "golden" / "2026-reclami.yml"
DAY = date(2026, 11, 23)


def choice(id: str, *values: str, tipo: str = "scelta", **more: Any) -> dict[str, Any]:
    options = [{"valore": value, "etichetta": value.title()} for value in values]
    return {"id": id, "etichetta": f"{id.title()}?", "tipo": tipo, "obbligatorio": False,
            "opzioni": options, **more}  # fmt: skip


RAW = {
    "reclamo": compiled(
        id="reclamo",
        titolo="Reclamo",
        campi=[
            choice("dove", "alfa", "beta", "gamma", tipo="comune"),
            choice("quale", "nido", "mensa", "casa", "tutela", tipo="servizio"),
            choice("categoria", "personale", "ambiente"),
        ],
    ),
    "questionario": compiled(
        id="questionario",
        titolo="Questionario",
        anonimo=True,
        campi=[
            choice("usato", "si", "no"),
            choice("voto", "buono", "scarso", se={"campo": "usato", "valore": "si"}),
            choice("canali", "web", "telefono", tipo="scelta_multipla"),
            {"id": "altro", "etichetta": "Altro?", "tipo": "testo_lungo", "obbligatorio": False},
        ],
    ),
}
FORMS = {id: read_definition(data) for id, data in RAW.items()}
COMPLAINT, SURVEY = FORMS.values()


def tally(*keys: str) -> dict[str, int]:
    """Counters, as the store adds them up."""
    found: dict[str, int] = {}
    for key in keys:
        found[key] = found.get(key, 0) + 1
    return found


def complaint(comune: str = "", servizio: str = "", categoria: str = "", day: date = DAY) -> str:
    values: Values = {"dove": comune, "quale": servizio, "categoria": categoria}
    (key,) = counts(COMPLAINT, values, day, "web")
    return key


def told(counters: Mapping[str, int], form: str = "reclamo") -> dict[str, Any]:
    data = figures(counters, FORMS, 2026, date(2027, 1, 20))
    return next(item for item in data["moduli"] if item["modulo"] == form)


def table(data: dict[str, Any], title: str) -> dict[str, Any]:
    found = next(item for item in data["tabelle"] if item["titolo"] == title)
    return {row["voce"]: row["numero"] for row in found["voci"]}


def test_every_complaint_is_counted_once_in_each_table() -> None:
    keys = [complaint("alfa", "nido", "personale", date(2026, month, 1)) for month in range(1, 13)]
    data = told(tally(*keys, *[complaint("beta", "casa")] * 8))
    assert data["totale"] == 20
    assert table(data, "Per Comune") == {"Alfa": 12, "Beta": 8, "Gamma": 0}
    assert table(data, "Per servizio") == {"Nido": 12, "Mensa": 0, "Casa": 8, "Tutela": 0}
    assert table(data, "Per categoria") == {"Personale": 12, "Ambiente": 0, "Non indicato": 8}
    assert table(data, "Come sono arrivati")["Dal sito"] == 20
    assert [item["totale"] for item in data["tabelle"]] == [20] * 4


def test_what_was_not_said_is_hidden_first_then_the_last_of_the_form() -> None:
    keys = [complaint("alfa")] * 3 + [complaint("beta")] * 9 + [complaint("gamma")] * 9
    assert table(told(tally(*keys)), "Per Comune") == {"Alfa": SMALL, "Beta": 9, "Gamma": HIDDEN}
    data = told(tally(*keys, *[complaint()] * 9))
    assert table(data, "Per Comune") == {
        "Alfa": SMALL, "Beta": 9, "Gamma": 9, "Non indicato": HIDDEN,
    }  # fmt: skip


@pytest.mark.parametrize("number", [1, 4])
def test_few_complaints_are_not_divided_at_all(number: int) -> None:
    data = told(tally(*[complaint("alfa", "nido")] * number))
    assert (data["totale"], data["tabelle"]) == (SMALL, [])


def test_a_table_that_cannot_be_published_says_so() -> None:
    data = told(tally(*[complaint("alfa")] * 4, *[complaint("beta")] * 2))
    found = data["tabelle"][0]
    assert found == {"titolo": "Per Comune", "totale": 6, "nota": TOO_SMALL, "voci": []}


def test_closings_are_told_by_outcome_and_by_term() -> None:
    keys = [closing_key(DAY, "reclamo", "nido", "", "accolto", "entro")] * 6
    keys += [closing_key(DAY, "reclamo", "", "", "non accolto", "oltre")] * 5
    data = told(tally(*keys))
    assert data["totale"] == 0
    assert table(data, "Come si sono chiusi") == {
        "Accolto": 6, "Accolto in parte": 0, "Non accolto": 5, "Ritirato": 0, "Archiviato": 0,
    }  # fmt: skip
    assert table(data, "In quanto tempo si sono chiusi") == {
        "Entro i termini": 6, "Oltre i termini": 5, "Senza termini": 0,
    }  # fmt: skip
    silent = tally(*[closing_key(DAY, "reclamo", "", "", "accolto", "")] * 6)
    assert [item["titolo"] for item in told(silent)["tabelle"]] == ["Come si sono chiusi"]


# Two indicators of the Carta of Napoli Tredici: complaints about the staff, and about the rooms.
def test_the_category_of_who_read_it_counts_where_the_form_does_not_ask() -> None:
    keys = [closing_key(DAY, "reclamo", "", "personale", "accolto", "entro")] * 6
    keys += [closing_key(DAY, "reclamo", "", "ambiente", "accolto", "entro")] * 54
    data = told(tally(*keys, *[complaint("alfa")] * 70))
    assert table(data, "Per categoria, fra quelli chiusi") == {"Personale": 6, "Ambiente": 54}
    data = told(tally(*keys, *[complaint("alfa", "", "personale")] * 70))
    assert table(data, "Per categoria") == {"Personale": 70, "Ambiente": 0}
    assert "Per categoria, fra quelli chiusi" not in [item["titolo"] for item in data["tabelle"]]


def answer(**values: Any) -> list[str]:
    return counts(SURVEY, values, DAY, "web")


def test_an_anonymous_form_has_a_table_for_each_question() -> None:
    keys = [key for _ in range(8) for key in answer(usato="si", voto="buono", canali=("web",))]
    keys += [key for _ in range(7) for key in answer(usato="no", canali=("web", "telefono"))]
    keys += [key for _ in range(6) for key in answer()]
    data = told(tally(*keys), "questionario")
    assert data["totale"] == 21
    assert table(data, "Usato?") == {"Si": 8, "No": 7, "Non indicato": 6}
    assert table(data, "Voto?") == {"Buono": 8, "Scarso": 0}
    assert [item.get("totale") for item in data["tabelle"]] == [21, 8, None]
    assert table(data, "Canali?") == {"Web": 15, "Telefono": 7}


def test_a_question_that_follows_a_hidden_answer_is_not_told() -> None:
    keys = [key for _ in range(3) for key in answer(usato="si", voto="buono")]
    keys += [key for _ in range(30) for key in answer(usato="no")]
    keys += [key for _ in range(9) for key in answer()]
    data = told(tally(*keys), "questionario")
    assert table(data, "Usato?") == {"Si": SMALL, "No": 30, "Non indicato": HIDDEN}
    assert [item["titolo"] for item in data["tabelle"]] == ["Usato?", "Canali?"]


def test_pages_have_a_mean_from_five_votes_on() -> None:
    keys = [key for vote in "45545" for key in rating("servizi/nido", vote, ["pregio-1"], DAY)]
    keys += [key for vote in "1111" for key in rating("servizi/mensa", vote, [], DAY)]
    data = figures(tally(*keys), FORMS, 2026, DAY)
    assert data["pagine"] == [{"pagina": "servizi/nido", "voti": 5, "media": 4.6}]


def test_what_was_counted_of_a_form_that_is_gone_is_named() -> None:
    keys = ["2026-01|vecchio|a|b|c|web", "2026-01|importato|abc", "2026-01/x", complaint("alfa")]
    counters = tally(*keys, *rating("x", "5", [], DAY))
    assert left_out(counters, FORMS) == ["vecchio"]
    assert told(counters)["totale"] == SMALL


PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(["", "alfa", "beta", "gamma"]),
        st.sampled_from(["", "nido", "nido", "mensa", "casa", "tutela"]),
        st.sampled_from(["", "personale", "ambiente"]),
    ),
    max_size=60,
)
SURVEYED = st.lists(
    st.tuples(st.sampled_from(["", "si", "no"]), st.sampled_from(["", "buono", "scarso"])),
    max_size=50,
)


@given(PEOPLE, SURVEYED, st.integers(1, 8))
def test_all_tables_together_tell_no_hidden_number(
    people: list[tuple[str, str, str]], surveyed: list[tuple[str, str]], times: int
) -> None:
    keys = [complaint(*person) for person in people] * times
    for used, vote in surveyed * times:
        keys += answer(usato=used, voto=vote if used == "si" else "")
    bounds: dict[str, tuple[float, float]] = {}
    sums: list[tuple[set[str], float]] = []
    for module in figures(tally(*keys), FORMS, 2026, DAY)["moduli"]:
        for place, data in enumerate(module["tabelle"]):
            names = {f"{module['modulo']} {place} {r['voce']}": r["numero"] for r in data["voci"]}
            bounds |= {n: BOUNDS.get(number, (number, number)) for n, number in names.items()}
            if names and "totale" in data:
                sums.append((set(names), data["totale"]))
    known = propagated(bounds, sums)
    for name, limits in bounds.items():
        if limits == BOUNDS[SMALL]:
            assert known[name] == (1, 4)
        assert limits[0] == limits[1] >= 5 or limits in ((0, 0), *BOUNDS.values())


@given(PEOPLE)
def test_the_site_would_refuse_what_tells_too_much(people: list[tuple[str, str, str]]) -> None:
    for data in told(tally(*[complaint(*person) for person in people]))["tabelle"]:
        cells = tuple(Cella(**row) for row in data["voci"])
        read = Tabella(titolo="x", voci=cells, totale=data["totale"])
        assert not read.tells_too_much


# The writing of the file.


@given(st.text(max_size=40))
def test_any_text_is_read_back_as_it_was(text: str) -> None:
    data = {"a": text, "b": [{"c": text, "d": -3}, {"e": [{"f": text}], "g": 4.5}], "h": True}
    try:
        written = dump(data).encode()
    except UnicodeEncodeError:
        return  # half of a character cannot be written at all
    assert parse(written.decode())[0] == data


def test_empty_lists_are_read_back() -> None:
    assert parse(dump({"a": [], "b": [{"c": [], "d": "x"}]}))[0] == {
        "a": [], "b": [{"c": [], "d": "x"}],
    }  # fmt: skip


# The command, with the store of an office.


@pytest.fixture
def clerk(tmp_path: Path) -> Clerk:
    clerk = Clerk(tmp_path)
    clerk.now = "2027-01-20 10:00"
    (tmp_path / "contatto.json").unlink()
    for form, data in RAW.items():
        (tmp_path / f"{form}.json").write_text(json.dumps(data), "utf-8")
    return clerk


def fill(store: Store) -> None:
    """A year: 60 complaints, 50 closed, 21 questionnaires, some ratings."""
    keys = [complaint("alfa", "nido", "personale")] * 6 + [complaint("beta", "mensa")] * 3
    keys += [complaint("gamma", "casa", "ambiente")] * 51
    keys += [closing_key(DAY, "reclamo", "casa", "", "accolto", "entro")] * 44
    keys += [closing_key(DAY, "reclamo", "nido", "", "non accolto", "oltre")] * 6
    for used in ("si",) * 14 + ("no",) * 7:
        keys += answer(usato=used, canali=("web",))
    for vote in "44555":
        keys += rating("servizi/nido", vote, [], DAY)
    store.add_counts(b"n" * 32, keys, 0)


def test_the_file_is_as_we_read_it_word_for_word(clerk: Clerk, tmp_path: Path) -> None:
    fill(clerk.store)
    assert clerk("statistiche", "--anno", "2026", "--output", str(tmp_path / "results")) == 0
    written = (tmp_path / "results" / "2026-reclami.yml").read_text("utf-8")
    assert written == GOLDEN.read_text("utf-8")


def test_the_site_takes_the_file(clerk: Clerk, body, capsys: Capture) -> None:
    fill(clerk.store)
    root = body()
    folder = root / "content" / "results"
    assert clerk("statistiche", "--anno", "2026", "--output", str(folder)) == 0
    assert capsys.readouterr().out == (
        f"Scritto {folder}/2026-reclami.yml. Ora «carta check», poi si pubblica il sito.\n"
        "Questionario: 21 (0 numeri nascosti).\n"
        "Reclamo: 60 (6 numeri nascosti).\n"
    )
    catalog, problems = check_content(root, date(2027, 1, 21))
    assert problems == []
    assert catalog
    assert catalog.figures[0].moduli[1].totale == 60


def test_a_year_that_is_not_over_is_only_shown(
    clerk: Clerk, tmp_path: Path, capsys: Capture
) -> None:
    fill(clerk.store)
    clerk.now = "2026-12-31 23:59"
    assert clerk("statistiche", "--anno", "2026", "--output", str(tmp_path / "results")) == 1
    assert not (tmp_path / "results").exists()
    out = capsys.readouterr().out
    assert 'titolo: "Reclamo"' in out
    assert "dal 1º gennaio 2027" in out


@pytest.mark.parametrize("year", ["2025", "2030", "1", "99999"])
def test_a_year_without_numbers(clerk: Clerk, tmp_path: Path, capsys: Capture, year: str) -> None:
    fill(clerk.store)
    assert clerk("statistiche", "--anno", year, "--output", str(tmp_path / "results")) == 1
    assert f"Nel {year} non è stato contato niente" in capsys.readouterr().err
    assert not (tmp_path / "results").exists()


def test_a_second_edition_is_not_written_by_mistake(
    clerk: Clerk, tmp_path: Path, capsys: Capture
) -> None:
    fill(clerk.store)
    words = ("statistiche", "--anno", "2026", "--output", str(tmp_path / "results"))
    assert clerk(*words) == 0
    first = (tmp_path / "results" / "2026-reclami.yml").read_bytes()
    clerk.now = "2027-02-01 10:00"
    assert clerk(*words) == 0
    assert "dice già questo" in capsys.readouterr().out
    clerk.store.add_counts(b"m" * 32, [complaint("alfa")] * 9, 0)
    assert clerk(*words) == 1
    assert "--sostituisci" in capsys.readouterr().err
    assert (tmp_path / "results" / "2026-reclami.yml").read_bytes() == first
    assert clerk(*words, "--sostituisci") == 0
    assert b"totale: 69" in (tmp_path / "results" / "2026-reclami.yml").read_bytes()
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["2026-reclami.yml"]


def test_what_is_left_out_is_said_and_a_trial_is_marked(
    clerk: Clerk, tmp_path: Path, capsys: Capture
) -> None:
    clerk.store.add_counts(b"n" * 32, ["2026-01|vecchio|a|b|c|web"] * 9, 0)
    clerk.environ["CARTA_PROVA"] = "si"
    assert clerk("statistiche", "--anno", "2026", "--output", str(tmp_path / "results")) == 0
    assert "Il modulo «vecchio» non c'è più" in capsys.readouterr().out
    written = parse((tmp_path / "results" / "2026-reclami.yml").read_text("utf-8"))[0]
    assert written["di_prova"] is True
