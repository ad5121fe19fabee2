"""The body: read strictly, and what it tells on receipts and of cases."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from endpoint_body import CONTACT, SILENT, TERMS, compiled_body
from endpoint_client import compiled
from hypothesis import given
from hypothesis import strategies as st
from pyrage.x25519 import Identity

from endpoint.cases.ente import BODY_FILE, BadBody, Ente, read_body
from endpoint.cases.procedure import Procedure, Retention
from endpoint.cases.telling import Body
from endpoint.cases.terms import Suspension
from endpoint.context import Context
from endpoint.forms.definition import version_of
from endpoint.stores.store import Case

FILED = date(2026, 11, 23)


def case(*steps: tuple[str, str], form: str = "reclamo") -> Case:
    """A case filed at noon of FILED, with steps on some days."""
    received = int(datetime(2026, 11, 23, 11, tzinfo=UTC).timestamp())
    taken = tuple((state, date.fromisoformat(day)) for state, day in steps)
    state = steps[-1][0] if steps else "ricevuto"
    return Case(1, "LOI-0000-0000-0", form, received, state, "web", False, steps=taken)


def test_a_body_is_read_whole() -> None:
    body: Body = read_body(compiled_body())
    assert isinstance(body, Ente)
    assert (body.name, body.prefix) == ("Ente di prova", "LOI")
    told = body.procedure("reclamo")
    assert told.sospensione == Suspension(30, True)
    assert told.conservazione == Retention(30, 24)
    assert [term.fase for term in told.termini] == [term["fase"] for term in TERMS]
    assert told.termini[2].lavorativi
    assert body.calendar.sabato_lavorativo is False
    assert date(2026, 12, 8) in body.calendar.festivi
    assert (body.calendar.dal, body.calendar.al) == (date(2026, 1, 1), date(2030, 12, 31))
    assert body.ways("reclamo") == (("Telefono", "0000 000000"), ("PEC", "ufficio@pec.example.it"))


def test_a_form_that_it_does_not_name_has_nothing() -> None:
    body = read_body(compiled_body())
    assert body.procedure("altro") == Procedure()
    assert body.receipt("altro", FILED) == body.progress(case(form="altro"), FILED) == ()


def test_the_site_of_the_settings_wins() -> None:
    assert read_body(compiled_body()).site == "https://carta.example.it/"
    assert read_body(compiled_body(), "https://altro.example.it").site == "https://altro.example.it"
    assert read_body(compiled_body(sito="")).site == ""


def test_the_context_reads_it_from_the_export(tmp_path: Path) -> None:
    (tmp_path / BODY_FILE).write_text(json.dumps(compiled_body(), indent=1), "utf-8")
    (tmp_path / "prova.json").write_text(json.dumps(compiled()), "utf-8")
    keys = ",".join(str(Identity.generate().to_public()) for _ in range(2))
    environ = {"CARTA_SECRET": "un segreto di prova lungo abbastanza 0123", "CARTA_DB": "x.db",
               "CARTA_FORMS": str(tmp_path), "CARTA_RECIPIENTS": keys}  # fmt: skip
    assert Context(environ).body.site == "https://carta.example.it/"
    assert Context(environ | {"CARTA_SITE": "https://altro.example.it"}).body.site == (
        "https://altro.example.it"
    )
    (tmp_path / BODY_FILE).unlink()
    with pytest.raises(BadBody, match="carta export forms"):
        _ = Context(environ).body


def _set(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """A change of the value at a path like «moduli.reclamo.termini.1.giorni»."""

    def change(data: dict[str, Any]) -> None:
        *way, last = path.split(".")
        place: Any = data
        for key in way:
            place = place[int(key) if key.isdigit() else key]
        if value is ...:
            del place[last]
        else:
            place[int(last) if last.isdigit() else last] = value

    return change


def changed(path: str, value: Any) -> dict[str, Any]:
    """A body with one value changed, and a version that fits."""
    data: dict[str, Any] = json.loads(json.dumps(compiled_body()))
    _set(path, value)(data)
    return {**data, "versione": version_of(data)}


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("formato", 2, "altra versione"),
        ("formato", "1", "altra versione"),
        ("formato", True, "«formato» deve essere un numero"),
        ("formato", ..., "«formato» deve essere presente"),
        ("nome", " ", "«nome» deve essere un testo non vuoto"),
        ("nome", None, "«nome» deve essere un testo"),
        ("prefisso", "ca", "«prefisso» deve essere di due, tre o quattro lettere"),
        ("prefisso", "CASAR", "«prefisso»"),
        ("sito", "javascript:alert(1)", "«sito» deve essere un indirizzo"),
        ("sito", "https://", "«sito»"),
        ("altro", 1, "«altro» deve essere tolto"),
        ("calendario", [], "«calendario» deve essere un oggetto"),
        ("calendario.dal", "2026-1-1", "«calendario.dal» deve essere una data"),
        ("calendario.dal", "2026-02-30", "«calendario.dal» deve essere una data"),
        ("calendario.dal", 20260101, "«calendario.dal» deve essere una data"),
        ("calendario.al", "2026-01-01", "finisce prima di cominciare"),
        ("calendario.sabato_lavorativo", "no", "true o false"),
        ("calendario.sabato_lavorativo", 0, "true o false"),
        ("calendario.sabato_lavorativo", None, "scrivi reclami.sabato_lavorativo in carta.yml"),
        ("calendario.festivi", "2026-01-01", "«calendario.festivi» deve essere un elenco"),
        ("calendario.festivi.3", "Natale", "«calendario.festivi[3]» deve essere una data"),
        ("moduli", [], "«moduli» deve essere un oggetto"),
        ("moduli.reclamo", None, "«moduli.reclamo» deve essere un oggetto"),
        ("moduli.reclamo.vie", {}, "«moduli.reclamo.vie» deve essere un elenco"),
        ("moduli.reclamo.vie.0", ["uno"], "«moduli.reclamo.vie[0]» deve essere una coppia"),
        ("moduli.reclamo.rimedi", [["uno", 2]], "«moduli.reclamo.rimedi[0][1]»"),
        ("moduli.reclamo.termini", ..., "«moduli.reclamo.termini» deve essere presente"),
        ("moduli.reclamo.termini.1.giorni", "5", "termini[1].giorni» deve essere un numero"),
        ("moduli.reclamo.termini.1.giorni", True, "termini[1].giorni» deve essere un numero"),
        ("moduli.reclamo.termini.1.giorni", -1, "termini[1].giorni» deve essere un numero"),
        ("moduli.reclamo.termini.1.giorni", 10**12, "termini[1].giorni» deve essere un numero"),
        ("moduli.reclamo.termini.1.giorni", 5.0, "termini[1].giorni» deve essere un numero"),
        ("moduli.reclamo.termini.1.fase", "", "termini[1].fase» deve essere un testo non vuoto"),
        ("moduli.reclamo.termini.1.fase", ..., "termini[1].fase» deve essere presente"),
        ("moduli.reclamo.termini.1.lavorativi", 1, "termini[1].lavorativi» deve essere true"),
        ("moduli.reclamo.termini.1.decorre_da", "ieri", "uno di questi: fatto, presentazione, "),
        ("moduli.reclamo.termini.1.si_chiude_con", "sospeso", "protocollato, convocato, chiuso"),
        ("moduli.reclamo.sospensione", {"giorni": 30}, "sospensione.lavorativi» deve essere pres"),
        ("moduli.reclamo.conservazione", 30, "conservazione» deve essere un oggetto"),
        ("moduli.reclamo.senza_termini", None, "senza_termini» deve essere un testo"),
    ],
)
def test_every_wrong_shape_is_refused_with_a_remedy(path: str, value: Any, said: str) -> None:
    with pytest.raises(BadBody) as error:
        read_body(changed(path, value))
    assert said in str(error.value)
    assert "carta export forms" in str(error.value)


def test_working_days_of_a_suspension_need_saturday_too() -> None:
    procedure = {"termini": TERMS[:2]}
    data = compiled_body(procedure=procedure)
    data["calendario"] = data["calendario"] | {"sabato_lavorativo": None}
    with pytest.raises(BadBody, match="sabato_lavorativo"):
        read_body({**data, "versione": version_of(data)})
    data["moduli"]["reclamo"]["sospensione"] = {"giorni": 30, "lavorativi": False}
    assert read_body({**data, "versione": version_of(data)}).calendar.sabato_lavorativo is None


@pytest.mark.parametrize("data", [[], None, "", {}, {"formato": 1}, {"versione": ""}])
def test_what_is_no_body_is_refused(data: Any) -> None:
    with pytest.raises(BadBody, match="carta export forms"):
        read_body(data)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(BadBody, match="non è un testo intero"):
        read_body(compiled_body() | {"nome": "\ud800"})


def test_a_change_by_hand_is_refused() -> None:
    with pytest.raises(BadBody, match="cambiato dopo"):
        read_body(compiled_body() | {"nome": "Altro"})


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_PATHS = [
    "nome", "prefisso", "sito", "calendario", "calendario.dal", "calendario.al",
    "calendario.festivi", "calendario.sabato_lavorativo", "moduli", "moduli.reclamo",
    "moduli.reclamo.vie", "moduli.reclamo.termini", "moduli.reclamo.termini.2",
    "moduli.reclamo.termini.2.giorni", "moduli.reclamo.sospensione",
    "moduli.reclamo.conservazione", "moduli.reclamo.sospensione.giorni", "inatteso",
]  # fmt: skip


@given(st.sampled_from(_PATHS), _JSON)
def test_anything_anywhere_is_read_or_refused(path: str, value: Any) -> None:
    try:
        body = read_body(changed(path, value))
    except BadBody:
        return
    # Whatever is read can be worked with.
    still = case(("protocollato", "2026-11-24"), ("sospeso", "2026-11-25"))
    assert len(body.receipt("reclamo", FILED)) >= len(body.progress(still, FILED))


def test_a_receipt_names_every_term_with_its_last_day() -> None:
    assert read_body(compiled_body()).receipt("reclamo", FILED) == (
        ("Ufficio", "Ufficio di prova"),
        ("Responsabile", "Coordinatore"),
        ("Presentazione", "15 giorni dalla data dell'avvenuta disfunzione. Tocca a: Chi presenta"
         " il reclamo."),
        ("Convocazione", "5 giorni dal ricevimento del reclamo: entro il 28 novembre 2026. "
         "Tocca a: Coordinatore dell'Ufficio di Piano."),
        ("Incontro", "30 giorni lavorativi dalla segnalazione del disservizio: entro "
         "l'8 gennaio 2027."),
        ("Autotutela urgente", "5 giorni dall'incontro: entro il 13 gennaio 2027. Solo se serve "
         "intervenire subito."),
        ("Decisione dell'Ufficio Tutela Utenti", "40 giorni dalla presentazione del reclamo: "
         "entro il 2 gennaio 2027."),
        ("Altri modi di difendersi", "Difensore civico"),
    )  # fmt: skip


def test_without_terms_a_receipt_says_so_and_invents_none() -> None:
    body = read_body(compiled_body())
    assert body.receipt("contatto", FILED) == (("Risposta", SILENT),)
    assert body.progress(case(form="contatto"), FILED) == (("Risposta", SILENT),)
    mute = compiled_body(moduli={"contatto": CONTACT | {"senza_termini": ""}})
    assert read_body(mute).receipt("contatto", FILED) == ()


def test_beyond_the_calendar_a_receipt_tells_only_the_lengths() -> None:
    rows = dict(read_body(compiled_body()).receipt("reclamo", date(2031, 5, 5)))
    assert rows["Convocazione"].startswith("5 giorni dal ricevimento del reclamo. Tocca a:")


MEET, ACT, DECIDE = (term["fase"] for term in TERMS[2:])


def test_the_citizen_reads_what_comes_next() -> None:
    body = read_body(compiled_body())
    assert body.progress(case(), FILED) == (
        ("Convocazione", "entro il 28 novembre 2026"),
        (MEET, "entro l'8 gennaio 2027"),
        (ACT, "entro il 13 gennaio 2027"),
        (DECIDE, "entro il 2 gennaio 2027"),
    )
    convened = case(("protocollato", "2026-11-23"), ("convocato", "2026-11-25"))
    assert [name for name, _ in body.progress(convened, FILED)] == [MEET, ACT, DECIDE]


def test_the_citizen_reads_what_is_late_and_how_to_defend_themselves() -> None:
    rows = read_body(compiled_body()).progress(case(), date(2026, 11, 30))
    assert rows[0] == (
        "Convocazione",
        "andava fatto entro il 28 novembre 2026: il termine è passato",
    )
    assert rows[-1] == ("Altri modi di difendersi", "Difensore civico")


def test_the_citizen_reads_that_a_case_stands_still() -> None:
    still = case(("protocollato", "2026-11-23"), ("convocato", "2026-11-26"),
                 ("sospeso", "2026-12-01"))  # fmt: skip
    rows = dict(read_body(compiled_body()).progress(still, date(2026, 12, 9)))
    assert rows[MEET] == (
        "la pratica è sospesa e i giorni non si contano; al più tardi entro il 19 febbraio 2027"
    )


def test_of_a_closed_case_only_the_remedies_are_left() -> None:
    closed = case(("protocollato", "2026-11-23"), ("chiuso", "2026-11-26"))
    remedies = (("Altri modi di difendersi", "Difensore civico"),)
    assert read_body(compiled_body()).progress(closed, date(2027, 5, 5)) == remedies
