"""The files of the prints: drawn when something changed, and only then; whole, or not at all."""

import os
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from signal import SIGKILL

import pikepdf
import pytest

from site_builder.content import read_content
from site_builder.errors import ContentError
from site_builder.pdf import draw_pdf
from site_builder.printing import files, store
from site_builder.printing.files import Printout, as_booklet, draw_all, draw_one, iter_printouts
from site_builder.printing.store import Store, key_of
from site_builder.writing import write_whole

# Every test draws: together they take as long as a fifth of all the fast ones.
pytestmark = pytest.mark.slow

Body = Callable[..., Path]

STYLE = """
@font-face { font-family: "Titillium Web"; src: url(site/assets/fonts/titillium-web-400.woff2) }
html { font-family: "Titillium Web" }
@page { size: A5 }
"""


def page(text: str, style: str = STYLE) -> str:
    return (
        f'<!DOCTYPE html><html lang="it"><head><title>{text}</title><style>{style}</style></head>'
        f"<body><h1>{text}</h1></body></html>"
    )


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The title of each document as it is drawn, in this process."""
    titles: list[str] = []

    def draw(html: str, fillable: bool = False) -> bytes:
        titles.append(html.partition("<title>")[2].partition("</title>")[0])
        return draw_pdf(html, fillable)

    monkeypatch.setattr(files, "draw_pdf", draw)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    return titles


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def bytes_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


# --- What is printed --------------------------------------------------------------------------


@pytest.fixture
def printouts(body: Body) -> Iterator[list[Printout]]:
    catalog, _ = read_content(body())
    assert catalog
    return list(iter_printouts(catalog, "https://carta.example.it/"))


def test_the_site_offers_the_carta_and_each_sheet(printouts: list[Printout]) -> None:
    assert [printout.uri for printout in printouts] == [
        "carta.pdf",
        "carta-a5.pdf",
        "carta-libretto.pdf",
        "carta-caratteri-grandi.pdf",
        "schede/asilo-nido.pdf",
    ]


def test_the_booklet_is_made_of_the_a5_pages(printouts: list[Printout]) -> None:
    a5, booklet = printouts[1:3]
    assert booklet.html == a5.html
    assert [printout.booklet for printout in printouts] == [False, False, True, False, False]


def test_every_print_of_a_small_body_is_drawn(
    printouts: list[Printout], out: Path, cache: Path
) -> None:
    told: list[str] = []
    draw_all(printouts, out, cache, told.append)
    written = bytes_in(out)
    assert set(written) == {printout.uri for printout in printouts}
    # The booklet is not drawn by itself.
    assert sorted(told) == sorted(set(written) - {"carta-libretto.pdf"})
    for pdf in written.values():
        with pikepdf.open(BytesIO(pdf)) as opened:
            assert opened.Root.Lang == "it"


# --- Drawn once -------------------------------------------------------------------------------


def test_what_is_unchanged_is_not_drawn_again(drawn: list[str], out: Path, cache: Path) -> None:
    prints = [Printout("a.pdf", page("a")), Printout("b/c.pdf", page("c"))]
    draw_all(prints, out, cache)
    first = bytes_in(out)
    assert sorted(drawn) == ["a", "c"]
    (out / "a.pdf").unlink()
    draw_all(prints, out, cache)
    assert sorted(drawn) == ["a", "c"]
    assert bytes_in(out) == first


def test_one_change_draws_one_print(drawn: list[str], out: Path, cache: Path) -> None:
    draw_all([Printout(f"{n}.pdf", page(n)) for n in "abc"], out, cache)
    drawn.clear()
    draw_all([Printout(f"{n}.pdf", page(n + n if n == "b" else n)) for n in "abc"], out, cache)
    assert drawn == ["bb"]


@pytest.mark.slow
def test_an_edited_service_draws_its_sheet_and_the_cartas(
    body: Body, drawn: list[str], out: Path, cache: Path
) -> None:
    sheet = (body() / "content/services/asilo-nido.yml").read_text("utf-8")
    for word, new in (("asilo-nido", "altro"), ("Asilo nido", "Altro"), ("A1", "A2")):
        sheet = sheet.replace(word, new)
    where = body({"content/services/altro.yml": sheet})

    def draw() -> list[str]:
        catalog, _ = read_content(where)
        assert catalog
        told: list[str] = []
        draw_all(iter_printouts(catalog), out, cache, told.append)
        return sorted(told)

    cartas = ["carta-a5.pdf", "carta-caratteri-grandi.pdf", "carta.pdf"]
    assert draw() == [*cartas, "schede/altro.pdf", "schede/asilo-nido.pdf"]
    assert draw() == []
    sheet = sheet.replace("Il nido accoglie i bambini.", "Il nido accoglie tutti i bambini.")
    (where / "content/services/altro.yml").write_text(sheet, "utf-8")
    assert draw() == [*cartas, "schede/altro.pdf"]


def test_pages_and_booklet_are_drawn_once(drawn: list[str], out: Path, cache: Path) -> None:
    pages = Printout("carta-a5.pdf", page("a"))
    draw_all([pages, as_booklet(pages)], out, cache)
    assert drawn == ["a"]
    sizes = []
    for name in ("carta-a5", "carta-libretto"):
        with pikepdf.open(out / f"{name}.pdf") as opened:
            sizes.append((len(opened.pages), float(opened.pages[0].MediaBox[2])))
    assert sizes == [(1, pytest.approx(419.53, abs=0.1)), (2, pytest.approx(841.89, abs=0.1))]


def test_fields_make_another_drawing() -> None:
    assert key_of(page("a"), False) != key_of(page("a"), True)


@pytest.mark.parametrize(
    "style",
    [
        "@font-face { src: url(logo.svg) }", "body { background: url('logo.svg') }",
        'body { background: url( "logo.svg" ) }', '</style><img src="logo.svg" alt=""><style>',
    ],
)  # fmt: skip
def test_the_bytes_of_a_picture_or_font_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, style: str
) -> None:
    monkeypatch.setattr(store, "resource_dir", lambda _: tmp_path)
    keys = [key_of(page("a", style), False)]
    for content in (b"one", b"two"):
        (tmp_path / "logo.svg").write_bytes(content)
        keys.append(key_of(page("a", style), False))
    assert len(set(keys)) == 3


def test_engine_and_code_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [key_of(page("a"), False)]

    def changed(where: object, name: str, value: object) -> None:
        monkeypatch.setattr(where, name, value)
        store._tools.cache_clear()
        keys.append(key_of(page("a"), False))

    try:
        changed(store.pdf, "engine", lambda: "weasyprint 71")
        for n in (1, 2):
            (tmp_path / "pdf_tags.py").write_text(f"x = {n}")
            changed(store.pdf, "__file__", str(tmp_path / "pdf.py"))
    finally:
        monkeypatch.undo()
        store._tools.cache_clear()
    assert len(set(keys)) == 4
    assert key_of(page("a"), False) == keys[0]


# --- The cache --------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", [b"", b"%PDF-1.7", None])
def test_a_damaged_drawing_is_drawn_again(
    drawn: list[str], out: Path, cache: Path, damage: bytes | None
) -> None:
    prints = [Printout("a.pdf", page("a"))]
    draw_all(prints, out, cache)
    first = bytes_in(out)
    [kept] = cache.iterdir()
    kept.write_bytes(kept.read_bytes()[:-1] if damage is None else damage)
    draw_all(prints, out, cache)
    assert drawn == ["a", "a"]
    assert bytes_in(out) == first


def test_old_drawings_are_forgotten(out: Path, cache: Path) -> None:
    draw_all([Printout("a.pdf", page("a")), Printout("b.pdf", page("b"))], out, cache)
    draw_all([Printout("a.pdf", page("a"))], out, cache)
    assert [path.name for path in cache.iterdir()] == [key_of(page("a"), False)]


def test_one_print_leaves_the_other_drawings(drawn: list[str], out: Path, cache: Path) -> None:
    draw_all([Printout("a.pdf", page("a"))], out, cache)
    pdf = draw_one(Printout("b.pdf", page("b")), out / "altro.pdf", cache)
    assert (out / "altro.pdf").read_bytes() == pdf
    draw_one(Printout("a.pdf", page("a")), out / "a.pdf", cache)
    assert drawn == ["a", "b"]


def test_a_cache_that_cannot_be_written_only_costs_time(out: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    draw_all([Printout("a.pdf", page("a"))], out, tmp_path / "file" / "cache")
    assert set(bytes_in(out)) == {"a.pdf"}


def test_the_store_gives_back_what_it_got(cache: Path) -> None:
    kept = Store(cache)
    assert kept.get("chiave") is None
    kept.put("chiave", b"disegno")
    assert kept.get("chiave") == b"disegno"
    kept.keep_only(["altra"])
    assert kept.get("chiave") is None


# --- Whole, or not at all ---------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_a_failure_names_the_print_and_touches_nothing(out: Path, cache: Path, count: int) -> None:
    """In this process and on two: a font that is not there."""
    before = [Printout("a.pdf", page("vecchio"))]
    draw_all(before, out, cache)
    files_before = bytes_in(out)
    wrong = page("rotto", STYLE.replace("titillium", "manca"))
    prints = [Printout(f"{n}.pdf", page(str(n))) for n in range(count - 1)]
    with pytest.raises(ContentError, match=r"^schede/rotta\.pdf: "):
        draw_all([*prints, Printout("schede/rotta.pdf", wrong)], out, cache)
    assert bytes_in(out) == files_before


def test_one_process_or_two_give_the_same_bytes(
    drawn: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    prints = [Printout(f"{n}.pdf", page(n)) for n in "abc"]
    draw_all(prints, tmp_path / "one", tmp_path / "cache-one")
    assert sorted(drawn) == ["a", "b", "c"]
    monkeypatch.undo()
    draw_all(prints, tmp_path / "two", tmp_path / "cache-two")
    assert bytes_in(tmp_path / "one") == bytes_in(tmp_path / "two")


def die(html: str, fillable: bool) -> bytes:
    """What the system does to a process that takes too much memory."""
    os.kill(os.getpid(), SIGKILL)
    return b""


def test_a_process_that_dies_is_told(
    out: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    monkeypatch.setattr(files, "draw_pdf", die)
    prints = [Printout("a.pdf", page("a")), Printout("b.pdf", page("b"))]
    with pytest.raises(ContentError, match="forse perché manca memoria"):
        draw_all(prints, out, cache)
    assert not out.exists()


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "carta.pdf"
    path.write_bytes(b"vecchio")

    def half(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[:3])
        raise OSError("disco pieno")

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(OSError, match="disco pieno"):
        write_whole(path, b"nuovo")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"carta.pdf": b"vecchio"}


# --- The Carta of this repository -------------------------------------------------------------


@pytest.mark.slow
def test_the_printed_carta_is_whole(prints: Path) -> None:
    root = Path(__file__).parents[1]
    catalog, _ = read_content(root)
    assert catalog
    wanted = {printout.uri for printout in iter_printouts(catalog, "https://carta.example.it/")}
    assert wanted == set(bytes_in(prints))
    assert {f"schede/{id}.pdf" for id in catalog.services} <= wanted
    assert {f"moduli/{id}.pdf" for id in catalog.forms} <= wanted
