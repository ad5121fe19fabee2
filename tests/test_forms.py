"""The forms as the endpoint reads them: compiled, versioned, and the same on every run."""

import itertools
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from endpoint.cases.ente import read_body
from endpoint.cases.terms import Suspension
from endpoint.forms.checking import check
from endpoint.forms.definition import read_definition, version_of
from site_builder.catalog import Catalog
from site_builder.cli import main
from site_builder.content import read_content
from site_builder.forms import body_data, compiled_forms, definition, refusals, static_form
from site_builder.openapi import openapi

ROOT = Path(__file__).parents[1]
DAY = date(2026, 11, 21)
CARTA = "content/carta.yml"
CONTACT = "content/contacts/segretariato-casarano.yml"
FORM = "content/forms/reclamo.yml"
SOURCE = {"documento": "carta-prova"}
OPTIONS = [{"valore": "si", "etichetta": "Sì"}, {"valore": "no", "etichetta": "No"}]
# The procedure of the Carta of Napoli Tredici (2.2-2.5), as data.
TERMS = [
    {"fase": "Presentazione", "giorni": 15, "decorrenza": "dalla disfunzione",
     "decorre_da": "fatto", "chi": "Chi presenta il reclamo"},
    {"fase": "Convocazione", "giorni": 5, "decorrenza": "dal ricevimento",
     "decorre_da": "presentazione", "chi": "Coordinatore", "si_chiude_con": "convocato"},
    {"fase": "Incontro", "giorni": 30, "lavorativi": True, "decorre_da": "presentazione",
     "nota": "Alla presenza di tutti.", "si_chiude_con": "chiuso"},
    {"fase": "Autotutela urgente", "giorni": 5, "decorre_da": "fase_precedente"},
    {"fase": "Decisione", "giorni": 40, "decorre_da": "presentazione", "fonte": SOURCE},
]  # fmt: skip

Body = Callable[..., Path]


def form(**changes: Any) -> dict[str, Any]:
    """A form with every type of field, of a body that is not ours."""
    kinds = ("testo", "testo_lungo", "data", "email", "telefono", "numero", "servizio", "comune")
    fields = [
        {"id": kind, "etichetta": f"Campo {kind}", "tipo": kind, "obbligatorio": kind == "testo"}
        for kind in kinds
    ]
    fields[0] |= {"lunghezza_max": 80, "gruppo": "Chi sei", "errori": {"mancante": "Scrivi."}}
    fields += [
        {"id": "come", "etichetta": "Come", "tipo": "scelta", "obbligatorio": True,
         "opzioni": OPTIONS},
        {"id": "quali", "etichetta": "Quali", "tipo": "scelta_multipla", "obbligatorio": False,
         "opzioni": OPTIONS, "se": {"campo": "come", "valore": "si"}},
    ]  # fmt: skip
    return {
        "id": "reclamo", "titolo": "Reclamo", "descrizione": "Serve a dirlo.", "anonimo": False,
        "campi": fields, "destinatario": "segretariato-casarano", "trattamento": "reclami",
        "dichiarazioni": ["i dati sono veri"], "nota": "Grazie.",
        "conservazione": {"giorni_dopo_protocollo": 30, "mesi_al_massimo": 24},
        "esempi": [{"nome": "Tutto a posto", "risposte": {"testo": "Ada", "come": "no"}}],
        "fonte": SOURCE, "aggiornato_il": "2026-01-01", **changes,
    }  # fmt: skip


def procedure(**changes: Any) -> dict[str, Any]:
    """The Carta of a body with terms, suspension, compensation and a second body that decides."""
    organs = [
        {"nome": "Coordinatore", "contatto": "segretariato-casarano"},
        {"nome": "Ufficio Tutela Utenti", "ruolo": "Decide se la risposta non soddisfa."},
    ]
    return {
        "reclami": {
            "modulo": "reclamo", "termini": TERMS, "sabato_lavorativo": False, "organi": organs,
            "sospensione": {"giorni": 30, "lavorativi": True, "fonte": SOURCE},
            "ristoro": "Da 100 a 300 euro.", "altri_mezzi": "Il giudice.",
        },
        "trattamenti": [{"id": "reclami", "titolo": "Reclami", "titolare": "ATS",
                         "testo": "Testo intero."}],
        **changes,
    }  # fmt: skip


def catalog_of(root: Path) -> Catalog:
    catalog, problems = read_content(root)
    assert catalog
    assert problems == []
    return catalog


@pytest.fixture(scope="module")
def own() -> Catalog:
    """The repository's own content."""
    return catalog_of(ROOT)


@pytest.fixture
def made(body: Body) -> Catalog:
    """A body with all that a form and a procedure can have."""
    return catalog_of(body({FORM: form(), CARTA: procedure()}))


# --- Forms ------------------------------------------------------------------------------------


def test_every_form_of_the_carta_is_taken_by_the_endpoint(own: Catalog) -> None:
    compiled = compiled_forms(own)
    assert {"reclamo", "questionario", "contatto"} <= compiled.keys()
    for id, data in compiled.items():
        held = read_definition(json.loads(json.dumps(data)))
        assert (held.id, held.versione) == (id, version_of(data))
        assert [field.id for field in held.campi] == [field.id for field in own.forms[id].campi]
        assert list(refusals(own, own.forms[id])) == []


def test_everything_that_is_written_is_compiled(made: Catalog) -> None:
    held = definition(made, made.forms["reclamo"])
    assert [field.tipo for field in held.campi] == [c["tipo"] for c in form()["campi"]]
    first, last = held.campi[0], held.campi[-1]
    assert (first.gruppo, first.lunghezza_max, first.mancante) == ("Chi sei", 80, "Scrivi.")
    assert last.se
    assert (last.se.campo, last.se.valore) == ("come", "si")
    assert held.by_id["comune"].label_of == {"casarano": "Casarano"}
    assert held.by_id["servizio"].label_of == {"asilo-nido": "Asilo nido"}
    assert (held.dichiarazioni, held.nota) == (("i dati sono veri",), "Grazie.")
    kept = "Fino a 30 giorni dopo che l'ufficio ha protocollato il modulo, e mai più di 24 mesi."
    assert held.informativa == (("Titolare", "ATS"), ("Per quanto si conservano", kept))


def test_a_notice_without_data_is_told_whole(body: Body) -> None:
    notice = [{"id": "reclami", "titolo": "Reclami", "testo": "Testo intero."}]
    changes = {FORM: form(conservazione=None), CARTA: procedure(trattamenti=notice)}
    catalog = catalog_of(body({**changes, FORM: _without(form(), "conservazione")}))
    assert definition(catalog, catalog.forms["reclamo"]).informativa == (
        ("Reclami", "Testo intero."),
    )


def test_every_service_can_be_chosen_by_its_name(own: Catalog) -> None:
    options = definition(own, own.forms["reclamo"]).by_id["servizio"].label_of
    assert options == {sheet.id: sheet.nome for sheet in own.services.values()}


@pytest.mark.parametrize("id", ["reclamo", "questionario", "contatto"])
def test_examples_get_the_verdict_that_they_say(own: Catalog, id: str) -> None:
    form = own.forms[id]
    held = definition(own, form)
    verdicts = set()
    for example in form.esempi:
        answers = {
            name: (value,) if isinstance(value, str) else value
            for name, value in example.risposte.items()
        }
        _, errors = check(held, answers, DAY)
        assert {error.campo: error.frase for error in errors} == (example.errori or {})
        verdicts.add(bool(errors))
    assert verdicts == {True, False}


def test_examples_try_every_sentence_that_can_be_tried(own: Catalog) -> None:
    """Each sentence for what is missing or badly written is said by some example."""
    for form in own.forms.values():
        said = {s for example in form.esempi for s in (example.errori or {}).values()}
        for field in form.campi:
            assert not field.errori.mancante or field.errori.mancante in said, field.id
            assert not field.errori.formato or field.errori.formato in said, field.id


def test_the_request_for_a_contact_is_no_application(own: Catalog) -> None:
    """Art. 65 CAD: without identification a web form is no «istanza»."""
    form = own.forms["contatto"]
    text = " ".join([form.titolo, form.descrizione, form.nota, *(c.etichetta for c in form.campi)])
    assert text.lower().count("istanza") == 2
    assert "non è un'istanza" in text
    assert "L'istanza si presenta allo sportello, firmata; oppure per PEC" in text
    assert form.descrizione.count("112") == form.nota.count("112") == 1
    assert form.dubbi("fonte")


def test_the_form_of_the_site_goes_to_the_endpoint(made: Catalog) -> None:
    html = static_form(made, made.forms["reclamo"], "https://moduli.example.it/")
    assert 'action="https://moduli.example.it/moduli/reclamo"' in html
    assert '<h2 id="gruppo-1">Chi sei</h2>' in html
    deeper = static_form(made, made.forms["reclamo"], "https://moduli.example.it/", level=3)
    assert '<h3 id="gruppo-1">Chi sei</h3>' in deeper


# --- The body ---------------------------------------------------------------------------------


def test_the_body_of_the_carta_is_taken_by_the_endpoint(own: Catalog) -> None:
    data = json.loads(json.dumps(body_data(own, "https://carta.example.it/", 2026)))
    held = read_body(data)
    assert (held.prefix, held.site) == ("CAS", "https://carta.example.it/")
    assert held.procedures.keys() == own.forms.keys()
    complaint = held.procedures["reclamo"]
    assert complaint.termini == ()
    assert complaint.senza_termini == "La Carta non dice entro quanti giorni arriva la risposta."
    assert [way for way, _ in complaint.vie] == ["Telefono", "E-mail", "PEC", "Allo sportello"]
    desks = dict(complaint.vie)["Allo sportello"].splitlines()
    assert len(desks) == len(own.contacts_by_network["segretariato"])
    assert [name for name, _ in complaint.ricevuta] == ["Ufficio", "Responsabile"]
    assert held.procedures["questionario"].senza_termini == ""


def test_a_body_with_every_term(made: Catalog) -> None:
    held = read_body(json.loads(json.dumps(body_data(made, "", 2026))))
    told = held.procedures["reclamo"]
    assert [(t.fase, t.giorni, t.lavorativi) for t in told.termini] == [
        (t["fase"], t["giorni"], t.get("lavorativi", False)) for t in TERMS
    ]
    assert [t.si_chiude_con for t in told.termini] == ["", "convocato", "chiuso", "", ""]
    assert [t.decorre_da for t in told.termini] == [t["decorre_da"] for t in TERMS]
    assert (told.termini[1].chi, told.termini[2].nota) == (
        "Coordinatore", "Alla presenza di tutti.",
    )  # fmt: skip
    assert told.sospensione == Suspension(30, lavorativi=True)
    assert told.conservazione
    assert (told.conservazione.giorni_dopo_protocollo, told.conservazione.mesi_al_massimo) == (
        30, 24,
    )  # fmt: skip
    assert told.senza_termini == ""
    assert [tuple(row) for row in told.rimedi] == [
        ("Ufficio Tutela Utenti", "Decide se la risposta non soddisfa."),
        ("Risarcimento", "Da 100 a 300 euro."), ("Altri modi di difendersi", "Il giudice."),
    ]  # fmt: skip
    assert [tuple(row) for row in told.ricevuta] == [
        ("Ufficio", "Segretariato sociale di Casarano"), ("Responsabile", "Coordinatore"),
    ]  # fmt: skip
    assert held.calendar.sabato_lavorativo is False


def test_only_complaints_have_the_terms_of_complaints(body: Body) -> None:
    other = form(id="altro")
    catalog = catalog_of(body({FORM: form(), "content/forms/altro.yml": other, CARTA: procedure()}))
    told = body_data(catalog, "", 2026)["moduli"]["altro"]
    assert (told["termini"], told["rimedi"], told["sospensione"]) == ([], [], None)
    assert told["senza_termini"]


def test_the_ways_are_those_of_who_receives_the_form(made: Catalog) -> None:
    assert body_data(made, "", 2026)["moduli"]["reclamo"]["vie"] == [
        ["Telefono", "0833 502428"], ["E-mail", "sportello@comune.casarano.le.it"],
        ["Allo sportello", "Segretariato sociale di Casarano, Piazza San Domenico 1, Casarano, "
         "tel. 0833 502428"],
    ]  # fmt: skip


def test_without_a_recipient_the_seat_answers(body: Body) -> None:
    catalog = catalog_of(body({FORM: _without(form(), "destinatario"), CARTA: procedure()}))
    told = body_data(catalog, "", 2026)["moduli"]["reclamo"]
    assert told["vie"][0] == ["Telefono", "0833 502428"]
    assert told["ricevuta"] == [["Ufficio", "Ambito Territoriale Sociale di Prova"]]


def test_a_reserved_place_is_never_told(body: Body) -> None:
    hidden = dict.fromkeys(("comune", "indirizzo", "rete")) | {"riservata": True}
    catalog = catalog_of(body({FORM: form(), CARTA: procedure(), CONTACT: hidden}))
    ways = body_data(catalog, "", 2026)["moduli"]["reclamo"]["vie"]
    assert [way for way, _ in ways] == ["Telefono", "E-mail"]


def test_places_about_violence_have_no_address(body: Body) -> None:
    catalog = catalog_of(body({FORM: form(), CARTA: procedure(), CONTACT: {"violenza": "vittime"}}))
    text = json.dumps(body_data(catalog, "", 2026), ensure_ascii=False)
    assert "Piazza San Domenico" not in text


def test_faxes_and_mailboxes_of_persons_are_no_way(body: Body) -> None:
    change = {
        "telefoni": [{"numero": "0833 502429", "tipo": "fax"}, {"numero": "0833 502428"}],
        "email": [{"indirizzo": "ada@comune.casarano.le.it", "nominativa": True}],
    }
    catalog = catalog_of(body({FORM: form(), CARTA: procedure(), CONTACT: change}))
    text = json.dumps(body_data(catalog, "", 2026), ensure_ascii=False)
    assert "502428" in text
    assert "502429" not in text
    assert "ada@" not in text


def test_the_letters_of_the_receipts(body: Body) -> None:
    assert body_data(catalog_of(body()), "", 2026)["prefisso"] == "CAS"
    own = body({CARTA: {"ente": {"prefisso_ricevute": "PRVA"}}})
    assert body_data(catalog_of(own), "", 2026)["prefisso"] == "PRVA"


def test_the_patron_is_that_of_the_seat(body: Body) -> None:
    there = {"id": "matino", "nome": "Matino", "cap": ["73046"], "istat": "075042",
             "provincia": "LE", "patrono": {"nome": "Patrono", "giorno": "05-20"}}  # fmt: skip
    here = there | {"id": "casarano", "nome": "Casarano",
                    "patrono": {"nome": "Patrono", "giorno": "05-18"}}  # fmt: skip
    change = {"comuni": [there, here], "ente": {"capofila": "matino"}}
    days = body_data(catalog_of(body({CARTA: change})), "", 2026)["calendario"]["festivi"]
    assert "2026-05-18" in days
    assert "2026-05-20" not in days


# --- OpenAPI ----------------------------------------------------------------------------------


def media_of(document: dict[str, Any], path: str) -> dict[str, Any]:
    [(kind, media)] = document["paths"][path]["post"]["requestBody"]["content"].items()
    assert kind == "application/x-www-form-urlencoded"
    Draft202012Validator.check_schema(media["schema"])
    assert media["schema"]["additionalProperties"] is False
    return dict(media)


def judge(media: dict[str, Any]) -> Callable[[Any], bool]:
    return Draft202012Validator(media["schema"], format_checker=FormatChecker(["email"])).is_valid


@pytest.mark.parametrize("id", ["reclamo", "questionario", "contatto"])
def test_the_document_judges_the_examples_as_the_endpoint_does(own: Catalog, id: str) -> None:
    forms = compiled_forms(own)
    document = openapi(forms, body_data(own, "", 2026))
    examples = forms[id]["esempi"]
    right = {example["nome"] for example in examples if not example["errori"]}
    for path, action in (
        (f"/moduli/{id}", {}),
        (f"/moduli/{id}/conferma", {"azione": "invia"}),
    ):
        media = media_of(document, path)
        verdict = judge(media)
        said = {e["nome"] for e in examples if verdict({**e["risposte"], **action})}
        assert said == right
        assert {example["summary"] for example in media["examples"].values()} == right
        assert not verdict({"campo_che_non_c_e": "x"})
    # What is only to be changed may be as wrong as it likes.
    assert all(verdict({**example["risposte"], "azione": "modifica"}) for example in examples)


def test_a_field_says_in_the_document_what_it_takes(made: Catalog) -> None:
    document = openapi(compiled_forms(made), body_data(made, "", 2026))
    media = media_of(document, "/moduli/reclamo")
    assert media["encoding"] == {"quali": {"style": "form", "explode": True}}
    verdict = judge(media)
    good = {"testo": "Ada", "come": "no"}
    assert verdict(good)
    for name, right, wrong in (
        ("testo", "x" * 80, "x" * 81), ("testo", "x", ""), ("come", "si", ""),
        ("comune", "casarano", "lecce"), ("comune", "", "x"), ("email", "ada@example.it", "ada"),
        ("telefono", "+39 333 0000000", "casa"), ("telefono", "", "123"),
        ("numero", "-12,5", "dodici"), ("numero", "", "1,"), ("data", "27/3/2026", "x" * 5001),
        ("_v", "", "altra"),
    ):  # fmt: skip
        assert verdict({**good, name: right}), (name, right)
        assert not verdict({**good, name: wrong}), (name, wrong)
    # Only who is asked has to answer well.
    assert verdict({**good, "quali": ["altro"]})
    assert not verdict({**good, "come": "si", "quali": ["altro"]})
    assert verdict({**good, "come": "si", "quali": ["si", "no"]})


def test_a_question_that_hangs_on_two_answers(body: Body) -> None:
    base = {"obbligatorio": True, "tipo": "scelta", "opzioni": OPTIONS}
    fields = [
        {"id": "uno", "etichetta": "Uno", **base},
        {"id": "due", "etichetta": "Due", **base, "se": {"campo": "uno", "valore": "si"}},
        {"id": "tre", "etichetta": "Tre", "tipo": "testo", "obbligatorio": True,
         "se": {"campo": "due", "valore": "si"}},
    ]  # fmt: skip
    record = _without(form(campi=fields), "esempi")
    catalog = catalog_of(body({FORM: record, CARTA: procedure()}))
    document = openapi(compiled_forms(catalog), body_data(catalog, "", 2026))
    held = definition(catalog, catalog.forms["reclamo"])
    verdict = judge(media_of(document, "/moduli/reclamo"))
    for uno, due, tre in itertools.product(("si", "no"), ("si", "no", None), ("Ada", None)):
        given = {"uno": uno, "due": due, "tre": tre}
        answers = {name: value for name, value in given.items() if value}
        errors = check(held, {name: (value,) for name, value in answers.items()}, DAY)[1]
        assert verdict(answers) == (not errors), answers


def test_the_document_has_every_address_and_every_answer_is_described(own: Catalog) -> None:
    document = openapi(compiled_forms(own), body_data(own, "", 2026))
    assert document["openapi"] == "3.1.0"
    assert {"/stato", "/valutazione", "/salute", "/stile.css", "/ricevuta/{collegamento}"} <= set(
        document["paths"]
    )
    known = document["components"]["responses"].keys()
    named = {
        answer["$ref"].rpartition("/")[2]
        for path in document["paths"].values()
        for operation in path.values()
        for answer in operation["responses"].values()
        if "$ref" in answer
    }
    assert named == known


# --- The files --------------------------------------------------------------------------------


def _export(root: Path, *words: str) -> dict[str, bytes]:
    assert main(["export", "forms", *words, str(root)]) == 0
    folder = root / "build" / "forms"
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_content_gives_the_same_bytes(
    body: Body, capsys: pytest.CaptureFixture[str]
) -> None:
    root = body({FORM: form(), CARTA: procedure()})
    first = _export(root)
    assert first == _export(root)
    assert set(first) == {"reclamo.json", "ente.json", "openapi.json"}
    for data in first.values():
        text = json.dumps(json.loads(data), ensure_ascii=False, sort_keys=True, indent=1)
        assert data == f"{text}\n".encode()
    out, err = capsys.readouterr()
    assert "«Reclamo», versione " in out
    assert "Nel calendario manca la festa patronale di Casarano" in err
    assert "Manca l'indirizzo del sito" in err


def test_a_word_more_gives_another_version(body: Body) -> None:
    before = json.loads(_export(body({FORM: form(), CARTA: procedure()}))["reclamo.json"])
    after = json.loads(
        _export(body({FORM: form(nota="Grazie!"), CARTA: procedure()}))["reclamo.json"]
    )
    assert before["versione"] != after["versione"]


def test_an_export_takes_nothing_away(body: Body, capsys: pytest.CaptureFixture[str]) -> None:
    root = body({FORM: form(), CARTA: procedure()})
    old = root / "build" / "forms" / "vecchio.json"
    old.parent.mkdir(parents=True)
    old.write_text("{}")
    (old.parent / "note.txt").write_text("mie")
    files = _export(root, "--indirizzo", "https://carta.example.it")
    assert files["vecchio.json"] == b"{}"
    assert files["note.txt"] == b"mie"
    assert json.loads(files["ente.json"])["sito"] == "https://carta.example.it/"
    err = capsys.readouterr().err
    assert f"«{old}» è di un modulo che la Carta non ha più: toglilo" in err
    assert "Manca l'indirizzo" not in err


def test_content_with_errors_is_not_exported(
    body: Body, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = form(campi=[{"id": "a", "etichetta": "Aa", "tipo": "scelta", "obbligatorio": True}])
    root = body({FORM: _without(wrong, "esempi"), CARTA: procedure()})
    assert main(["export", "forms", str(root)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "[modulo-non-valido] Il campo «a» non ha risposte fra cui scegliere." in err
    assert not (root / "build").exists()


def _without(data: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != name}
