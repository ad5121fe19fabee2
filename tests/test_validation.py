"""What the schemas refuse, in which words; and the schemas and the files that name them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from site_builder.content import RECORDS, read_content
from site_builder.documents import KINDS, SINGLE_KINDS, Document, load_document
from site_builder.errors import Problem
from site_builder.model import to_record
from site_builder.resources import resource_dir
from site_builder.scaffold import KINDS as SCAFFOLDS
from site_builder.scaffold import create
from site_builder.validation import load_schema, validate

EXAMPLES = Path(__file__).parent / "examples"
SCHEMAS = sorted(resource_dir("schemas").glob("*.json"))
ROOT = resource_dir("schemas").parent


def examples(sort: str) -> list[Any]:
    found = sorted(path for path in (EXAMPLES / sort).glob("*/*") if path.suffix != ".expected")
    return [pytest.param(path, id=path.relative_to(EXAMPLES).as_posix()) for path in found]


def problems_of(path: Path) -> list[Problem]:
    document = load_document(path.parent.name, path, EXAMPLES)
    return [document] if isinstance(document, Problem) else sorted(validate(document))


@pytest.mark.parametrize("path", examples("valid"))
def test_valid_examples(path: Path) -> None:
    assert problems_of(path) == []
    document = load_document(path.parent.name, path, EXAMPLES)
    assert isinstance(document, Document)
    assert to_record(document, RECORDS[document.kind])


@pytest.mark.parametrize("path", examples("invalid"))
def test_invalid_examples(path: Path) -> None:
    """`x.yml.expected` holds the exact problems of `x.yml`, as `line:column level [rule]`."""
    problems = problems_of(path)
    found = [f"{p.line}:{p.column} {p.level} [{p.rule}]" for p in problems]
    assert found == path.with_name(f"{path.name}.expected").read_text("utf-8").splitlines()
    assert found
    assert all(problem.message for problem in problems)


@pytest.mark.parametrize("sort", ["valid", "invalid"])
def test_every_kind_has_an_example(sort: str) -> None:
    assert {param.values[0].parent.name for param in examples(sort)} == set(RECORDS)


def test_no_expectation_is_left_without_its_file() -> None:
    left = [path for path in EXAMPLES.rglob("*.expected") if not path.with_suffix("").exists()]
    assert left == []


SERVICE = "content/services/asilo-nido.yml"
CONTACT = "content/contacts/segretariato-casarano.yml"


def the_problem(root: Path) -> Problem:
    (problem,) = read_content(root)[1]
    assert problem.level == "errore"
    return problem


@pytest.mark.parametrize(
    ("path", "change", "rule", "message", "hint"),
    [
        (SERVICE, {"orario": "lun"}, "campo-sconosciuto",
         "Il campo «orario» qui non esiste.", ""),
        (SERVICE, {"requisti": []}, "campo-sconosciuto",
         "Il campo «requisti» qui non esiste.", "Forse intendevi «requisiti»?"),
        (SERVICE, {"costo": {"testi": "x"}}, "campo-sconosciuto",
         "Il campo «testi» qui non esiste.", "Forse intendevi «testo»?"),
        (SERVICE, {"titolo": None}, "campo-mancante",
         "Manca il campo «titolo» (Titolo).",
         'Aggiungi una riga «titolo: …». Per esempio: "Centro antiviolenza".'),
        (SERVICE, {"dove_rivolgersi": {"testo": None}}, "campo-mancante",
         "Manca il campo «testo» (Testo).", "Aggiungi una riga «testo: …»."),
        (SERVICE, {"sigla": 12}, "tipo-sbagliato",
         "Il campo «sigla» deve essere un testo, non 12.", 'Metti le virgolette: "12".'),
        (SERVICE, {"gruppi": [""]}, "forma-sbagliata",
         "Il campo «gruppi» → 1º non è scritto nel modo giusto", "Usa solo minuscole"),
        (SERVICE, {"sigla": True}, "tipo-sbagliato",
         "Il campo «sigla» deve essere un testo, non true.", 'Metti le virgolette: "true".'),
        (SERVICE, "cosa_serve:", "tipo-sbagliato",
         "Il campo «cosa_serve» è vuoto.", "Scrivi il valore, o togli la riga."),
        (SERVICE, {"gruppi": "famiglie"}, "tipo-sbagliato",
         "Il campo «gruppi» deve essere un elenco, con un trattino per riga, non \"famiglie\".",
         'Per esempio: ["anziani"].'),
        (SERVICE, {"posti": "20"}, "tipo-sbagliato",
         'Il campo «posti» deve essere un numero intero, non "20".', ""),
        (SERVICE, {"posti": 20.0}, "tipo-sbagliato",
         "Il campo «posti» deve essere un numero intero, non 20.0.", ""),
        (SERVICE, {"emergenza": "sì"}, "tipo-sbagliato",
         'Il campo «emergenza» deve essere true o false, non "sì".', "true se il servizio"),
        (SERVICE, {"livello": "comuni"}, "valore-non-ammesso",
         'Il campo «livello» non può essere "comuni".',
         "Forse intendevi «comune»? Valori: ambito, comune, asl"),
        (SERVICE, {"livello": "xyz"}, "valore-non-ammesso",
         'Il campo «livello» non può essere "xyz".',
         "Valori: ambito, comune, asl"),
        (SERVICE, {"aggiornato_il": "2026-02-30"}, "data-inesistente",
         'Il campo «aggiornato_il» non è scritto nel modo giusto: "2026-02-30".',
         "Scrivi una data vera come anno-mese-giorno, per esempio 2026-11-21."),
        (SERVICE, {"aggiornato_il": "20260221"}, "data-inesistente", "", "Scrivi una data vera"),
        (SERVICE, {"aggiornato_il": "2026-W08-1"}, "data-inesistente", "", "Scrivi una data vera"),
        (SERVICE, {"codice": "a 1"}, "forma-sbagliata",
         'Il campo «codice» non è scritto nel modo giusto: "a 1".',
         "Scrivi la lettera dell'area e un numero, per esempio «B2»."),
        (SERVICE, {"descrizione_breve": "x" * 161}, "lunghezza",
         "Il campo «descrizione_breve» è lungo 161 caratteri: il massimo è 160.", "Accorcialo."),
        (SERVICE, {"gruppi": ["famiglie", "famiglie"]}, "schema",
         "Il campo «gruppi» ripete due volte la stessa voce.", "Tienine una."),
        (SERVICE, {"posti": -1}, "schema",
         "Il campo «posti» deve essere almeno 0, non -1.", ""),
        (SERVICE, {"verifica_ogni_mesi": 61}, "schema",
         "Il campo «verifica_ogni_mesi» può essere al massimo 60, non 61.", "Ogni quanti mesi"),
        (CONTACT, {"orari": [{"giorni": "lun", "dalle": "9:00", "alle": "12:00"}]},
         "forma-sbagliata",
         'Il campo «orari» → 1º → «dalle» non è scritto nel modo giusto: "9:00".',
         "Scrivi l'ora con due cifre e i due punti, per esempio 09:00."),
        (CONTACT, {"indirizzo": {"cap": 144}}, "schema", "«cap» deve essere almeno 10000", ""),
    ],
)  # fmt: skip
def test_words(
    body, path: str, change: dict[str, Any] | str, rule: str, message: str, hint: str
) -> None:
    root = body({path: change} if isinstance(change, dict) else {})
    if isinstance(change, str):
        with (root / path).open("a") as file:
            file.write(change)
    problem = the_problem(root)
    assert (problem.path, problem.rule) == (path, rule)
    assert message in problem.message
    assert problem.hint.startswith(hint)
    assert bool(problem.hint) >= bool(hint)


SECRETS = {
    "indirizzo": {"via": "Via Segreta"}, "coordinate": {"lat": 40.0, "lon": 18.0},
    "mappa": "https://x.it/mappa", "comune": "casarano", "presso": "Servizi sociali",
}  # fmt: skip


@pytest.mark.parametrize("field", SECRETS)
def test_a_reserved_place_may_not_say_where_it_is(body, field: str) -> None:
    bare = dict.fromkeys(SECRETS)
    root = body({CONTACT: bare | {"riservata": True, field: SECRETS[field]}})
    problem = the_problem(root)
    assert problem.rule == "campo-vietato"
    assert problem.message.startswith("Questa sede è riservata")
    assert problem.hint.startswith(f"Togli «{field}».")
    line = (root / CONTACT).read_text("utf-8").splitlines()[problem.line - 1]
    assert line.startswith(f"{field}:")


@pytest.mark.parametrize("field", SECRETS)
def test_a_place_that_is_not_reserved_may(body, field: str) -> None:
    assert read_content(body({CONTACT: {"riservata": False, field: SECRETS[field]}}))[1] == []


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping inside a schema."""
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, dict | list):
            yield from parts(item)


def test_the_schemas_are_found() -> None:
    assert {path.stem for path in SCHEMAS} == {*RECORDS, "common"}


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_schemas(path: Path) -> None:
    schema = json.loads(path.read_text("utf-8"))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == path.name
    for part in parts(schema):
        # Their errors cannot be told in one plain sentence.
        assert not {"oneOf", "anyOf"} & set(part)
        if part.get("type") == "object":
            # Its keys are known, or they are names of other things and their values have a shape.
            assert (part["additionalProperties"] is False) == ("properties" in part)
            assert part["additionalProperties"] is False or part["additionalProperties"]["type"]
            assert set(part.get("required", [])) <= set(part.get("properties", ()))


@pytest.mark.parametrize("kind", RECORDS)
def test_every_property_says_in_italian_what_it_is(kind: str) -> None:
    for part in parts(load_schema(kind)):
        for name, field in part.get("properties", {}).items():
            if isinstance(field, dict) and "x-messaggio" not in field and "const" not in field:
                assert field.get("title") or field.get("description"), name


@pytest.mark.parametrize("kind", RECORDS)
def test_the_examples_in_a_schema_fit_it(kind: str) -> None:
    schema = load_schema(kind)
    Draft202012Validator.check_schema(schema)
    for part in parts(schema):
        for example in part.get("examples", []) if isinstance(part.get("examples"), list) else []:
            Draft202012Validator(part).validate(example)


CONTENT = [
    (kind, path)
    for kind in (*SINGLE_KINDS, *KINDS)
    for path in sorted(
        [ROOT / f"content/{kind}.yml"]
        if kind in SINGLE_KINDS
        else (ROOT / "content" / kind).glob("*.y*ml")
    )
    if path.exists()
]


def test_some_content_is_found() -> None:
    assert {"carta", "areas", "services", "contacts"} <= {kind for kind, _ in CONTENT}


@pytest.mark.parametrize(("kind", "path"), CONTENT, ids=lambda value: getattr(value, "name", value))
def test_every_file_of_content_tells_editors_its_schema(kind: str, path: Path) -> None:
    first = path.read_text("utf-8").splitlines()[0]
    found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert found
    assert (path.parent / found[1]).resolve() == ROOT / "schemas" / f"{kind}.json"


def test_every_skeleton_is_of_a_kind_that_can_be_made() -> None:
    skeletons = (resource_dir("theme") / "skeletons").glob("*.yml")
    assert {path.stem for path in skeletons} == set(SCAFFOLDS.values())


@pytest.mark.parametrize(("word", "kind"), SCAFFOLDS.items())
@pytest.mark.parametrize("clone", [True, False])
def test_what_is_made_from_a_skeleton_tells_its_schema_and_fits_it(
    body, today, word: str, kind: str, clone: bool
) -> None:
    root = body()
    if clone:
        (root / "schemas").symlink_to(ROOT / "schemas")
    catalog, _ = read_content(root)
    assert catalog
    path = create(word, "nuova-voce", root, catalog, today)
    address = path.read_text("utf-8").splitlines()[0].partition("$schema=")[2]
    target = Path(address.removeprefix("file://")) if not clone else path.parent / address
    assert target.resolve() == ROOT / "schemas" / f"{kind}.json"
    assert read_content(root)[1] == []
