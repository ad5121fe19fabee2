"""The editing page: where it may write, and a form for every field of every schema."""

import hashlib
import json
import re
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from bodies import BODIES, ROOT, catalog_of, names_of

from site_builder.admin.config import configuration
from site_builder.admin.files import page_configuration, page_files
from site_builder.admin.settings import Repository, repository
from site_builder.admin.store import Refusal, Store
from site_builder.admin.widgets import fields
from site_builder.content import RECORDS
from site_builder.documents import iter_files
from site_builder.errors import ContentError
from site_builder.loader import parse
from site_builder.validation import load_schema

FORGEJO = {
    "backend": "forgejo", "repo": "ufficio/carta", "app_id": "abc-123",
    "base_url": "https://codice.esempio.it/",
}  # fmt: skip


def settings(**changed: object) -> Repository | None:
    return repository({**FORGEJO, **changed})


# --- where it writes ---


def test_without_a_word_in_the_settings_there_is_no_page() -> None:
    assert repository(None) is None
    assert repository({}) is None


def test_the_repository_is_read_from_the_settings() -> None:
    found = settings(cartella="/enti/prova/")
    assert found
    assert (found.backend, found.repo, found.branch) == ("forgejo", "ufficio/carta", "main")
    assert found.api_root == "https://codice.esempio.it/api/v1"
    assert found.folder == "enti/prova/"
    assert found.hosts == ("https://codice.esempio.it",)


def test_gitlab_and_github_have_addresses_of_their_own() -> None:
    gitlab = settings(backend="gitlab")
    github = repository(
        {"backend": "github", "repo": "ufficio/carta", "base_url": "https://entra.esempio.it"}
    )
    assert gitlab
    assert github
    assert gitlab.api_root == "https://codice.esempio.it/api/v4"
    assert github.hosts == ("https://api.github.com", "https://entra.esempio.it")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("forgejo", "campo: valore"),
        ({**FORGEJO, "ramo": "main"}, "«ramo» qui non esiste"),
        ({**FORGEJO, "branc": "main"}, "Forse intendevi «branch»?"),
        ({**FORGEJO, "backend": "gitea"}, "serve Forgejo o GitLab"),
        ({**FORGEJO, "backend": None}, "«backend» può essere forgejo, gitlab, github"),
        ({**FORGEJO, "repo": "carta"}, "«ufficio/carta»"),
        ({**FORGEJO, "app_id": ""}, "manca «app_id»"),
        ({**FORGEJO, "base_url": "http://codice.esempio.it"}, "comincia con https://"),
        ({**FORGEJO, "base_url": "https://a.it; script-src *"}, "comincia con https://"),
        ({**FORGEJO, "api_root": "ftp://codice.esempio.it"}, "«api_root»"),
        ({**FORGEJO, "cartella": "../altro"}, "senza «..»"),
    ],
)
def test_wrong_settings_are_explained_in_italian(written: object, said: str) -> None:
    with pytest.raises(ContentError) as caught:
        repository(written)
    assert said in str(caught.value)
    assert str(caught.value).startswith("mkdocs.yml, voce «extra: redazione»: ")


# --- the forms ---


def schema_paths(schema: dict[str, Any], path: str = "") -> Iterator[str]:
    for name, part in schema.get("properties", {}).items():
        here = f"{path}{name}"
        yield here
        inner = part
        while inner.get("type") == "array":
            inner = inner["items"]
        yield from schema_paths(inner, f"{here}.")


def field_paths(found: list[dict[str, Any]], path: str = "") -> Iterator[str]:
    for field in found:
        here = f"{path}{field['name']}"
        yield here
        yield from field_paths(field.get("fields", []), f"{here}.")


def every_field(found: Any) -> Iterator[dict[str, Any]]:
    for field in found:
        yield field
        yield from every_field(field.get("fields", []))
        if "field" in field:
            yield from every_field([field["field"]])


@cache
def collections(body: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = configuration(catalog_of(body))["collections"]
    return found


def form_of(collection: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        collection["files"][0]["fields"] if "files" in collection else collection["fields"]
    )
    return found


@pytest.mark.parametrize("kind", RECORDS)
def test_every_property_of_every_schema_can_be_reached(kind: str) -> None:
    wanted = set(schema_paths(load_schema(kind)))
    forms = {found["name"]: form_of(found) for found in collections("casarano")}
    assert wanted
    assert wanted - set(field_paths(forms[kind])) == set()


@pytest.mark.parametrize("body", BODIES)
def test_every_file_of_the_content_is_in_one_collection(body: str) -> None:
    found = [path.relative_to(BODIES[body]).as_posix() for _, path in iter_files(BODIES[body])]
    singles = {file["file"] for c in collections(body) for file in c.get("files", [])}
    folders = {(c["folder"], c["extension"]) for c in collections(body) if "folder" in c}
    for path in found:
        folder, _, name = path.rpartition("/")
        assert (path in singles) != ((folder, name.rpartition(".")[2]) in folders), path


@pytest.mark.parametrize("body", BODIES)
def test_the_configuration_is_the_same_each_time_and_speaks_of_one_body(body: str) -> None:
    text = json.dumps(configuration(catalog_of(body)), ensure_ascii=False)
    assert text == json.dumps(configuration(catalog_of(body)), ensure_ascii=False)
    others = {name for other in BODIES if other != body for name in names_of(other)}
    assert {name for name in others if f'"{name}"' in text} == set()


def test_labels_and_hints_are_for_people() -> None:
    for found in collections("casarano"):
        for field in every_field(form_of(found)):
            assert field["label"].strip(), field
            assert "_" not in field["label"]
            assert not re.search(r"\btrue\b|virgolette", field.get("hint", "")), field


def test_patterns_are_read_alike_and_say_what_to_write() -> None:
    found = [f for c in collections("casarano") for f in every_field(form_of(c)) if "pattern" in f]
    assert found
    for field in found:
        expression, said = field["pattern"]
        re.compile(expression)
        assert said[0].isupper()
        assert said.endswith((".", "»", '"')) or "Per esempio: " in said, said


def test_what_names_something_else_is_chosen_by_its_name() -> None:
    contacts = {field["name"]: field for field in fields("contacts", choices_of("casarano"))}
    comuni = catalog_of("casarano").comuni
    assert contacts["comune"]["widget"] == "select"
    assert [choice["value"] for choice in contacts["comune"]["options"]] == list(comuni)
    assert contacts["comuni_serviti"]["multiple"] is True
    sheet = {field["name"]: field for field in fields("services", choices_of("casarano"))}
    seats = {field["name"]: field for field in sheet["sedi"]["fields"]}
    values = {choice["value"] for choice in seats["contatto"]["options"]}
    assert values == set(catalog_of("casarano").contacts)


def choices_of(body: str) -> Any:
    from site_builder.admin.choices import choices

    return choices(catalog_of(body))


def test_nothing_inside_an_optional_part_is_required_by_the_cms() -> None:
    """It would ask for a street in every contact without an address; patch.js asks instead."""
    contacts = {field["name"]: field for field in fields("contacts", choices_of("casarano"))}
    street = contacts["indirizzo"]["fields"][0]
    assert (street["name"], street["required"], street["obbligatorio"]) == ("via", False, True)
    assert contacts["nome"]["required"] is True


def test_nothing_is_deleted_and_nothing_is_published_without_a_colleague() -> None:
    found = json.loads(page_configuration(catalog_of("casarano"), settings(), ""))  # type: ignore[arg-type]
    assert found["locale"] is False
    assert found["cms"]["publish_mode"] == "editorial_workflow"
    assert found["cms"]["backend"]["auth_type"] == "pkce"
    assert [c["name"] for c in found["cms"]["collections"] if c["delete"]] == []


def test_files_are_looked_for_in_the_folder_of_the_body() -> None:
    found = configuration(catalog_of("casarano"), settings(cartella="enti/prova"))
    for collection in found["collections"]:
        path = collection.get("folder") or collection["files"][0]["file"]
        assert path.startswith("enti/prova/content/")


# --- the files of the page ---


def test_the_note_beside_foreign_files_is_true() -> None:
    note = (ROOT / "theme" / "admin" / "README.md").read_text("utf-8")
    for name in ("decap-cms.js", "yaml.js"):
        data = page_files()[name].read_bytes()
        assert hashlib.sha256(data).hexdigest() in note, name
    assert {"decap-cms.LICENSE.txt", "yaml.LICENSE.txt"} <= set(page_files())


def test_the_page_has_no_script_of_its_own_and_asks_for_its_own_files_only() -> None:
    page = page_files()["index.html"].read_text("utf-8")
    linked = set(re.findall(r'(?:src|href)="([^"]+)"', page))
    assert {name for name in linked if not name.startswith("../assets/")} <= set(page_files())
    assert "<script>" not in page
    assert "style=" not in page
    assert "noindex" in page


# --- what is read and written on this machine ---


@pytest.fixture
def body(tmp_path: Path) -> Path:
    for folder in ("contacts", "pages/lingue"):
        (tmp_path / "content" / folder).mkdir(parents=True)
    (tmp_path / "content" / "contacts" / "prova.yml").write_text("id: prova\nnome: Prova\n")
    (tmp_path / "content" / "pages" / "prova.md").write_text("---\ntitle: Prova\n---\n\nTesto\n")
    (tmp_path / "mkdocs.yml").write_text("site_name: Prova\n")
    return tmp_path


def persist(path: object, raw: object = "id: prova\n", **more: object) -> dict[str, Any]:
    return {"dataFiles": [{"path": path, "slug": "prova", "raw": raw, **more}], "assets": []}


def test_entries_are_told_with_their_texts(body: Path) -> None:
    store = Store(body)
    (body / "content" / "contacts" / ".prova.yml.12").write_text("mezzo")
    found = store.act("entriesByFolder", {"folder": "content/contacts", "extension": "yml"})
    assert [entry["file"]["path"] for entry in found] == ["content/contacts/prova.yml"]
    assert found[0]["data"] == "id: prova\nnome: Prova\n"
    one = store.act("getEntry", {"path": "content/contacts/prova.yml"})
    assert one["file"]["id"] == hashlib.sha256(one["data"].encode()).hexdigest()
    none = store.act("entriesByFiles", {"files": [{"path": "content/carta.yml", "label": "x"}]})
    assert none == [{"data": None, "file": {"path": "content/carta.yml", "label": "x", "id": None}}]
    assert store.act("entriesByFolder", {"folder": "content/notices", "extension": "yml"}) == []


def test_a_file_is_written_as_it_was_sent(body: Path) -> None:
    text = 'id: nuovo\nnome: "È: 😀"\r\n'
    Store(body).act("persistEntry", persist("content/contacts/nuovo.yml", text))
    path = body / "content" / "contacts" / "nuovo.yml"
    assert path.read_bytes() == text.encode()
    assert sorted(p.name for p in path.parent.iterdir()) == ["nuovo.yml", "prova.yml"]


@pytest.mark.parametrize(
    "path",
    [
        "mkdocs.yml", "content/../mkdocs.yml", "content/contacts/../../mkdocs.yml",
        "/etc/hosts.yml", "content/contacts/.nascosto.yml", "content/contacts/prova.py",
        "content/contacts/a/b.yml", "content/altro/prova.yml", "content/prova.yml", "",
        "content/contacts/a\0.yml", "contacts/prova.yml", 7, None, "content/pages/lingue/x/y.md",
        "./content/../../prova.yml", "content\\contacts\\prova.yml",
    ],
)  # fmt: skip
def test_nothing_is_written_outside_of_the_content(body: Path, path: object) -> None:
    before = {p: p.read_bytes() for p in body.rglob("*") if p.is_file()}
    with pytest.raises(Refusal):
        Store(body).act("persistEntry", persist(path))
    assert {p: p.read_bytes() for p in body.rglob("*") if p.is_file()} == before


def test_a_link_out_of_the_content_is_not_followed(body: Path, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-fuori.yml"
    outside.write_text("id: segreto\n")
    (body / "content" / "contacts" / "via.yml").symlink_to(outside)
    for action, params in (
        ("getEntry", {"path": "content/contacts/via.yml"}),
        ("persistEntry", persist("content/contacts/via.yml")),
    ):
        with pytest.raises(Refusal, match="fuori dal contenuto"):
            Store(body).act(action, params)
    assert outside.read_text() == "id: segreto\n"


@pytest.mark.parametrize(
    ("path", "raw", "said"),
    [
        ("content/contacts/prova.yml", "id: [", "Non salvato. Riga 1"),
        ("content/contacts/prova.yml", "id: a\nid: b\n", "c'è due volte"),
        ("content/contacts/prova.yml", "solo testo", "campo: valore"),
        ("content/contacts/prova.yml", "x: " + "a" * 1_000_001, "un milione di byte"),
        ("content/pages/prova.md", "Senza intestazione", "intestazione"),
        ("content/contacts/prova.yml", "", "manca «raw»"),
    ],
)
def test_what_could_not_be_read_again_is_not_written(
    body: Path, path: str, raw: str, said: str
) -> None:
    before = (body / path).read_bytes()
    with pytest.raises(Refusal, match=re.escape(said)) as caught:
        Store(body).act("persistEntry", persist(path, raw))
    assert caught.value.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert (body / path).read_bytes() == before


@pytest.mark.parametrize(
    ("action", "params"),
    [
        ("deleteFile", {"path": "content/contacts/prova.yml"}),
        ("deleteFiles", {"paths": ["content/contacts/prova.yml"]}),
        ("persistMedia", {"asset": {"path": "content/contacts/prova.yml"}}),
        ("persistEntry", persist("content/contacts/prova.yml", newPath="content/contacts/b.yml")),
        ("persistEntry", {**persist("content/contacts/prova.yml"), "assets": [{"path": "a"}]}),
        ("persistEntry", {}),
        ("persistEntry", {"dataFiles": "prova"}),
        ("entriesByFiles", {"files": "prova"}),
        ("entriesByFolder", {"folder": "content", "extension": "yml"}),
        ("publishUnpublishedEntry", {}),
    ],
)
def test_other_actions_are_refused_in_italian(
    body: Path, action: str, params: dict[str, Any]
) -> None:
    with pytest.raises(Refusal) as caught:
        Store(body).act(action, params)
    assert re.search(r"\.$", str(caught.value))
    assert parse((body / "content" / "contacts" / "prova.yml").read_text())[0]["nome"] == "Prova"
