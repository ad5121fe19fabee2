"""Files of every sort on disk: each is a document or the one problem that says why not."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.check import check_content
from site_builder.content import RECORDS, read_content
from site_builder.documents import KINDS, Document, id_of, iter_files, iter_strays, load_document
from site_builder.errors import Problem
from tests.conftest import Body


def load(tmp_path: Path, raw: bytes, name: str = "x.yml", kind: str = "services") -> object:
    path = tmp_path / name
    path.write_bytes(raw)
    return load_document(kind, path, tmp_path)


def place(problem: object) -> tuple[int, int, str]:
    assert isinstance(problem, Problem)
    assert problem.level == "errore"
    assert problem.message
    return problem.line, problem.column, problem.rule


@pytest.mark.parametrize(
    "raw",
    ["è: perché\n", "è: perché\r\n", "\ufeffè: perché\n", "è: perché"],
    ids=["lf", "crlf", "bom", "unclosed"],
)
def test_utf8_is_read(tmp_path: Path, raw: str) -> None:
    document = load(tmp_path, raw.encode())
    assert isinstance(document, Document)
    assert document.data == {"è": "perché"}
    assert document.position(("è",)) == (1, 1)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a: 1\nb: perché\n".encode("cp1252"), (2, 9, "codifica")),
        ("a: 1\n".encode("utf-16"), (1, 1, "codifica")),
        ("a: 1\n".encode("utf-16-le"), (1, 1, "carattere-vietato")),
        (b"a: 1\nb: \xff", (2, 4, "codifica")),
        (b"", (1, 1, "file-vuoto")),
        (b"\xef\xbb\xbf", (1, 1, "file-vuoto")),
        (b"\n\n# niente\n", (1, 1, "file-vuoto")),
        (b"\x00" * 100, (1, 1, "carattere-vietato")),
        (b"\x89PNG\r\n\x1a\n", (1, 1, "codifica")),
        (b"PK\x03\x04", (1, 1, "carattere-vietato")),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, raw: bytes, expected: tuple[int, int, str]) -> None:
    assert place(load(tmp_path, raw)) == expected


def test_a_file_of_5_mb_is_not_even_read(tmp_path: Path) -> None:
    start = time.perf_counter()
    assert place(load(tmp_path, b"a: 1\n" * 1_000_000)) == (1, 1, "file-troppo-grande")
    assert time.perf_counter() - start < 1


def test_a_folder_with_the_name_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "x.yml").mkdir()
    found = load_document("services", tmp_path / "x.yml", tmp_path)
    assert place(found) == (1, 1, "file-illeggibile")


def test_a_link_that_turns_round(tmp_path: Path) -> None:
    (tmp_path / "x.yml").symlink_to("y.yml")
    (tmp_path / "y.yml").symlink_to("x.yml")
    found = load_document("services", tmp_path / "x.yml", tmp_path)
    assert place(found) == (1, 1, "file-illeggibile")
    assert isinstance(found, Problem)
    assert "gira su se stesso" in found.message


def test_a_link_to_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.yml").symlink_to("niente.yml")
    found = load_document("services", tmp_path / "x.yml", tmp_path)
    assert place(found) == (1, 1, "file-illeggibile")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text("a: 1")
    path.chmod(0)
    assert place(load_document("services", path, tmp_path)) == (1, 1, "file-illeggibile")


@pytest.mark.parametrize("name", ["due parole.yml", "perché.yml", "日本.yaml", "a,b:c%.yml"])
def test_names_of_any_sort(tmp_path: Path, name: str) -> None:
    document = load(tmp_path, b"a: 1", name)
    assert isinstance(document, Document)
    assert (document.path, document.stem) == (name, Path(name).stem)


def test_strange_files_in_a_body_do_not_stop_the_others(body, today) -> None:
    root = body({"content/services/due parole.yml": b"\xff", "content/services/vuoto.yml": b""})
    (root / "content/contacts/cartella.yml").mkdir()
    (root / "content/contacts/giro.yml").symlink_to("giro.yml")
    catalog, problems = check_content(root, today)
    assert catalog is not None
    assert list(catalog.services) == ["asilo-nido"]
    assert [(p.path, p.rule) for p in problems] == [
        ("content/contacts/cartella.yml", "file-illeggibile"),
        ("content/contacts/giro.yml", "file-illeggibile"),
        ("content/services/due parole.yml", "codifica"),
        ("content/services/vuoto.yml", "file-vuoto"),
    ]


@pytest.mark.parametrize("name", ["content/carta.yml", "content/areas.yml"])
def test_without_the_two_files_there_is_no_catalog(body, name: str) -> None:
    catalog, problems = read_content(body({name: None}))
    assert catalog is None
    assert [(p.path, p.rule) for p in problems] == [(name, "file-mancante")]


def test_two_files_with_one_name_are_not_lost_in_silence(body, content) -> None:
    twin = content["content/services/asilo-nido.yml"]
    _, problems = read_content(body({"content/services/asilo-nido.yaml": twin}))
    assert [(p.path, p.rule) for p in problems] == [
        ("content/services/asilo-nido.yml", "file-doppio")
    ]


def test_an_id_that_is_not_the_name_of_the_file(body, today) -> None:
    catalog, problems = check_content(body({"content/services/asilo-nido.yml": {"id": "x"}}), today)
    assert catalog is not None
    assert catalog.services["asilo-nido"].id == "asilo-nido"
    assert [(p.line, p.rule) for p in problems] == [(1, "nome-file")]


def test_every_kind_of_file_is_found_in_a_fixed_order(body) -> None:
    names = [f"content/{kind}/{name}.yml" for kind in KINDS for name in "ba"]
    names += [f"content/results/{name}.yml" for name in ("2025", "2025-reclami", "2026")]
    names += ["content/glossary.yml", "content/without-sheet.yml", "content/pages/x.md"]
    root = body(dict.fromkeys(names, "a: 1"))
    found = list(iter_files(root))
    assert {kind for kind, _ in found} == set(RECORDS)
    kinds = [kind for kind, _ in found]
    assert kinds == sorted(kinds, key=list(dict.fromkeys(kinds)).index)
    contacts = [path.stem for kind, path in found if kind == "contacts"]
    assert contacts == ["a", "b", "segretariato-casarano"]


def test_progress_is_told_file_by_file(body) -> None:
    told: list[tuple[int, int]] = []
    read_content(body(), lambda done, total: told.append((done, total)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_value_without_a_place_has_that_of_its_parent(tmp_path: Path) -> None:
    document = load(tmp_path, b"a: 1\nb:\n  c: 2\n")
    assert isinstance(document, Document)
    assert document.position(("b", "c", "niente", 0)) == (3, 3)
    assert document.position(("niente",)) == (1, 1)


class TestPages:
    def test_the_lines_are_those_of_the_file(self, tmp_path: Path) -> None:
        raw = b"---\ntitle: T\nfonte: 1\n---\n# Titolo\n"
        document = load(tmp_path, raw, "x.md", "pages")
        assert isinstance(document, Document)
        assert document.data == {"title": "T", "fonte": 1}
        assert document.position(("fonte",)) == (3, 1)
        assert document.text == "# Titolo\n"

    @pytest.mark.parametrize(
        ("raw", "expected"),
        [
            (b"# Titolo\n", (1, 1, "intestazione-mancante")),
            (b"", (1, 1, "intestazione-mancante")),
            (b"---\ntitle: T\n", (1, 1, "intestazione-mancante")),
            (b"---\n---\ntesto", (1, 1, "file-vuoto")),
            (b"---\r\ntitle: T\r\ntitle: U\r\n---\r\n", (3, 1, "chiave-doppia")),
        ],
    )
    def test_front_matter(self, tmp_path: Path, raw: bytes, expected: tuple[int, int, str]) -> None:
        assert place(load(tmp_path, raw, "x.md", "pages")) == expected


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any")


@given(
    raw=st.binary(max_size=200) | st.text(max_size=100).map(str.encode),
    kind=st.sampled_from(["services", "pages"]),
    front=st.booleans(),
)
def test_any_bytes_are_a_document_or_a_problem_in_the_file(
    folder: Path, raw: bytes, kind: str, front: bool
) -> None:
    raw = b"---\n" + raw + b"\n---\n" if front else raw
    found = load(folder, raw, "x", kind)
    if isinstance(found, Document):
        return
    line, column, _ = place(found)
    lines = raw.decode("latin-1").replace("\u0085", " ").splitlines() or [""]
    assert 1 <= line <= max(len(lines), raw.decode("utf-8", "ignore").count("\n") + 1, len(raw))
    assert 1 <= column <= max(map(len, lines)) + 1


@pytest.mark.parametrize(
    "stray",
    [
        "service/x.yml",
        "services/vecchi/x.yml",
        "pages/guide/x.md",  # only the named folders of pages are read,
        "pages/lingue/vecchie/x.md",  # and nothing below them
        "pages/lingue/x.yml",
        "altro.yml",
    ],
)
def test_a_file_that_nobody_reads_is_reported(body: Body, stray: str) -> None:
    root = body({f"content/{stray}": "id: x\n"})
    assert [(p.path, p.rule) for p in iter_strays(root)] == [
        (f"content/{stray}", "file-fuori-posto")
    ]


def test_a_page_in_the_folder_of_the_languages_is_read(body: Body) -> None:
    root = body({"content/pages/lingue/en.md": "---\ntitle: x\n---\n", "content/pages/en.md": "x"})
    assert list(iter_strays(root)) == []
    found = [
        path.relative_to(root).as_posix() for kind, path in iter_files(root) if kind == "pages"
    ]
    assert found == ["content/pages/en.md", "content/pages/lingue/en.md"]


@pytest.mark.parametrize(
    ("kind", "shown", "id"),
    [
        ("pages", "content/pages/premessa.md", "premessa"),
        ("pages", "content/pages/lingue/en.md", "lingue/en"),
        ("pages", "content/pages/lingue/zh.hant.md", "lingue/zh.hant"),
        ("services", "content/services/asilo-nido.yml", "asilo-nido"),
        ("carta", "content/carta.yml", "carta"),
    ],
)
def test_the_id_is_the_name_of_the_file_and_of_the_folder_of_a_page(
    kind: str, shown: str, id: str
) -> None:
    assert id_of(kind, shown) == id
    assert Document(kind, shown, {}, {}).stem == id


@pytest.mark.parametrize("tolerated", ["LEGGIMI.md", "services/.#x.yml", "pages/foto.png"])
def test_notes_hidden_files_and_pictures_are_left_alone(body: Body, tolerated: str) -> None:
    assert list(iter_strays(body({f"content/{tolerated}": "x"}))) == []
