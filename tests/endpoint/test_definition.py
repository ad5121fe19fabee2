"""A compiled form: read back whole, and refused when it was changed or cannot work."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endpoint.forms.body import MAX_FIELDS
from endpoint.forms.definition import (
    LONGEST,
    OWN_FIELDS,
    BadDefinition,
    Condition,
    read_definition,
    version_of,
)  # fmt: skip

YES_NO = [{"valore": "si", "etichetta": "Sì"}, {"valore": "no", "etichetta": "No"}]


def _field(id: str, tipo: str = "testo", **more: Any) -> dict[str, Any]:
    return {"id": id, "etichetta": id.title(), "tipo": tipo, "obbligatorio": False, **more}


def _form(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    data = {"id": "prova", "titolo": "Prova", "descrizione": "Una prova.", "anonimo": False}
    data |= {"campi": list(fields)} | more
    return data | {"versione": version_of(data)}


def test_a_form_comes_back_whole_from_its_file() -> None:
    data = _form(
        _field("chi", "scelta", opzioni=YES_NO, errori={"mancante": "Di' chi sei."}),
        _field("nome", se={"campo": "chi", "valore": "si"}, lunghezza_max=40),
        informativa=[{"titolo": "Chi tratta i dati", "testo": "L'ente."}],
        dichiarazioni=["Dico il vero."], nota="In fondo.",
    )  # fmt: skip
    form = read_definition(json.loads(json.dumps(data)))
    who, name = form.campi
    assert (form.id, form.anonimo, form.nota) == ("prova", False, "In fondo.")
    assert form.informativa == (("Chi tratta i dati", "L'ente."),)
    assert form.dichiarazioni == ("Dico il vero.",)
    assert who.label_of == {"si": "Sì", "no": "No"}
    assert (who.mancante, who.formato, who.lunghezza_max) == ("Di' chi sei.", "", LONGEST)
    assert (name.se, name.lunghezza_max) == (Condition("chi", "si"), 40)
    assert form.by_id == {"chi": who, "nome": name}


def test_what_the_endpoint_does_not_know_is_left_out() -> None:
    data = _form(_field("nome", fonte={"riga": 1}, gruppo=None), firma=True)
    assert read_definition(data).campi[0].gruppo == ""


@pytest.mark.parametrize("data", [[], None, "x", {}, {"versione": None}])
def test_what_is_no_form_is_refused(data) -> None:
    with pytest.raises(BadDefinition, match="rifai l'export"):
        read_definition(data)


def test_a_form_changed_by_hand_is_refused() -> None:
    data = _form(_field("nome"))
    data["campi"][0]["obbligatorio"] = True
    with pytest.raises(BadDefinition, match="cambiato"):
        read_definition(data)


BROKEN = [
    {"campi": None},
    {"campi": ["nome"]},
    {"campi": [{"id": "nome"}]},
    {"campi": [_field("a", "scelta", opzioni=["si"])]},
    {"campi": [_field("a", se={"campo": "b"})]},
    {"campi": [_field("a", errori={"strano": "x"})]},
    {"informativa": ["x"]},
]


@pytest.mark.parametrize("change", BROKEN)
def test_a_form_that_is_not_whole_is_refused_in_italian(change) -> None:
    with pytest.raises(BadDefinition, match="non è intero: rifai l'export"):
        read_definition(_form(**({"campi": [_field("a")]} | change)))


def test_a_form_without_a_title_is_refused() -> None:
    data = _form(_field("a"))
    del data["titolo"]
    with pytest.raises(BadDefinition, match="non è intero"):
        read_definition(data | {"versione": version_of(data)})


FAULTS = {
    "stesso nome": [_field("a"), _field("a")],
    "«azione» serve alla pagina": [_field("azione")],
    "«_t» serve alla pagina": [_field("_t")],
    "tipo sconosciuto: firma": [_field("a", "firma")],
    "non ha risposte": [_field("a", "comune")],
    "stesso valore": [_field("a", "scelta", opzioni=[*YES_NO, YES_NO[0]])],
    "«b» dipende da uno che non lo precede": [
        _field("b", se={"campo": "c", "valore": "si"}), _field("c"),
    ],
    "«a» dipende da uno che non lo precede": [_field("a", se={"campo": "a", "valore": "si"})],
    "una risposta che «a» non ha: «forse»": [
        _field("a", "scelta", opzioni=YES_NO), _field("b", se={"campo": "a", "valore": "forse"}),
    ],
    "una risposta che «a» non ha: «»": [_field("a"), _field("b", se={"campo": "a", "valore": ""})],
}  # fmt: skip


@pytest.mark.parametrize("sentence", FAULTS)
def test_a_form_that_cannot_work_is_refused(sentence) -> None:
    with pytest.raises(BadDefinition, match=sentence):
        read_definition(_form(*FAULTS[sentence]))


def test_a_form_that_could_send_too_many_answers_is_refused() -> None:
    room = MAX_FIELDS - OWN_FIELDS
    options = [{"valore": f"v{n}", "etichetta": "V"} for n in range(room - 1)]
    many = _field("quali", "scelta_multipla", opzioni=options)
    assert len(read_definition(_form(many, _field("a"))).campi) == 2
    with pytest.raises(BadDefinition, match=f"{room + 1} risposte: al massimo sono {room}"):
        read_definition(_form(many, _field("a"), _field("b")))


@given(st.text(), st.text())
def test_the_version_changes_with_any_word(one: str, other: str) -> None:
    first, second = _form(_field("a"), nota=one), _form(_field("a"), nota=other)
    assert (first["versione"] == second["versione"]) == (one == other)
    assert len(first["versione"]) == 16


def test_the_version_does_not_depend_on_the_order_of_the_keys() -> None:
    data = _form(_field("a"), nota="x")
    assert version_of(dict(reversed(data.items()))) == data["versione"]
