"""The loose leaves: which ones, what the note says, what has a bar."""

import re
import subprocess
from html import unescape
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.catalog import Catalog
from site_builder.content import read_content
from site_builder.pdf import draw_pdf
from site_builder.printing.changes import leaves_document, nothing_changed
from site_builder.printing.marks import mark_changes
from site_builder.printing.parts import iter_parts
from tests.conftest import Body, Content

pytestmark = pytest.mark.tools

ROOT = Path(__file__).parents[1]
SHEET = "content/services/asilo-nido.yml"
OTHER = "content/services/centri-estivi.yml"
DESK = "content/contacts/segretariato-casarano.yml"
SITE = "https://carta.example.it/"
SIGN = re.compile(r'<img class="p-changed__sign"[^>]*>')


@pytest.fixture
def read(body: Body, content: Content) -> object:
    """A catalog of the minimal body, with a second sheet, after some changes."""
    other = content[SHEET] | {"id": "centri-estivi", "titolo": "Centri estivi", "codice": "A2"}

    def read(changes: Content | None = None) -> Catalog:
        changes = changes or {}
        second = None if changes.get(OTHER, {}) is None else other | changes.get(OTHER, {})
        folder = body(changes | {OTHER: second})
        for path, change in changes.items():
            if change is None:
                (folder / path).unlink(missing_ok=True)
        catalog, problems = read_content(folder)
        assert catalog, problems
        assert not problems
        return catalog

    return read


def note(html: str) -> list[str]:
    """The lines of the note, with their second lines; the number of pages is drawn later."""
    items = re.search(r'<ul class="p-note__list">(.*?)</ul>', html, re.S)
    assert items
    lines = re.findall(r"<li>(.*?)</li>", items[1], re.S)
    return [unescape(re.sub(r"<[^>]+>", "", line)).strip() for line in lines]


def leaves(html: str) -> list[str]:
    return re.findall(r'<section class="p-part[^"]*" id="foglio-([^"]+)"', html)


def test_nothing_has_changed(read) -> None:
    assert leaves_document(read(), read(), "dal 01/03/2026", SITE, mark=True) == ("", [])
    assert nothing_changed("dal 01/03/2026") == (
        "Nessun foglio è cambiato dal 01/03/2026: non c'è niente da stampare."
    )


def test_a_date_that_stands_in_no_text_exchanges_nothing(read) -> None:
    new = read({DESK: {"aggiornato_il": "2026-11-21"}})
    assert leaves_document(new, read(), "dal 01/03/2026", SITE) == ("", [])


def test_a_phone_changes_every_leaf_that_shows_it(read) -> None:
    change = {"telefoni": [{"numero": "0833 502429"}], "aggiornato_il": "2026-11-21"}
    html, warnings = leaves_document(read({DESK: change}), read(), "dal 01/03/2026", SITE)
    lines = note(html)
    for code, title in (("A1", "Asilo nido"), ("A2", "Centri estivi")):
        line = (
            f"Togli il foglio {code} del 01/01/2026, metti il foglio {code} del 21/11/2026 "
            f"(pagine: ). {title}"
        )
        assert line in lines
    assert {"a1", "a2"} < set(leaves(html))
    assert any("Uffici e contatti" in line for line in lines)
    assert "Togli la copertina, metti quella nuova." in lines  # it says when
    assert "Togli il sommario, metti quello nuovo." not in lines
    assert not any("Glossario" in line for line in lines)
    assert warnings == []
    assert "0833 502429" in html
    assert "0833 502428" not in html


def test_another_code_moves_the_leaf(read) -> None:
    change = {"codice": "A3", "aggiornato_il": "2026-11-21"}
    html, warnings = leaves_document(read({OTHER: change}), read(), "dal 01/03/2026", SITE)
    moved = "Togli il foglio A2 del 01/01/2026, metti il foglio A3 del 21/11/2026 (pagine: )."
    assert f"{moved} Centri estivi" in note(html)
    assert "Togli il sommario, metti quello nuovo." in note(html)
    assert "a1" not in leaves(html)
    assert "a3" in leaves(html)
    assert not [line for line in warnings if "services" in line]


def test_a_sheet_that_is_gone_comes_first(read) -> None:
    html, _ = leaves_document(read({OTHER: None}), read(), "dall'edizione I", SITE)
    assert note(html)[0] == "Togli il foglio A2 del 01/01/2026: non serve più. Centri estivi"
    assert "a2" not in leaves(html)
    assert "cambiati dall&#39;edizione I" in html


def test_a_new_sheet(read) -> None:
    html, _ = leaves_document(read(), read({OTHER: None}), "dal 01/03/2026", SITE, mark=True)
    assert "Aggiungi il foglio A2 del 01/01/2026 (pagine: ). Centri estivi" in note(html)
    leaf = re.search(
        r'<section[^>]* id="foglio-a2".*?\n</section>\n\n?(?=<section|</body)', html, re.S
    )
    assert leaf
    assert "p-changed" not in leaf[0]  # it is all new


def test_the_same_day(read) -> None:
    html, warnings = leaves_document(
        read({SHEET: {"come_fare": "Telefona."}}), read(), "dal 01/03/2026"
    )
    line = "Togli il foglio A1 del 01/01/2026, metti il foglio A1 dello stesso giorno (pagine: )."
    assert f"{line} Asilo nido" in note(html)
    assert warnings == [
        f"{SHEET}: quello che si stampa è cambiato, ma «aggiornato_il» è rimasto 2026-01-01: il "
        "foglio A1 ha la data di prima. "
        "Rimedio: scrivi in «aggiornato_il» il giorno della modifica."
    ]


def test_the_file_that_kept_its_date_is_named_once_with_all_its_leaves(read) -> None:
    change = {"telefoni": [{"numero": "0833 502429"}]}
    _, warnings = leaves_document(read({DESK: change}), read(), "dal 01/03/2026")
    assert len(warnings) == 1
    assert warnings[0].startswith(f"{DESK}: ")
    assert re.search(r"i fogli .*A1.*A2.* hanno la data di prima", warnings[0])


def test_the_same_day_with_dates_that_are_right(read) -> None:
    desk = {DESK: {"aggiornato_il": "2026-05-01"}}
    change = {SHEET: {"come_fare": "Telefona.", "aggiornato_il": "2026-02-01"}}
    html, warnings = leaves_document(read(desk | change), read(desk), "dal 15/01/2026")
    assert any("metti il foglio A1 dello stesso giorno" in line for line in note(html))
    assert warnings == []


def test_a_change_of_what_all_share_asks_for_the_date_of_the_sheet(read) -> None:
    change = {"gruppi": [{"id": "famiglie", "nome": "Tutte le famiglie"}]}
    _, warnings = leaves_document(
        read({"content/carta.yml": change | {"aggiornato_il": "2026-11-21"}}), read(), "dal …"
    )
    assert [line.split(":")[0] for line in warnings] == [SHEET, OTHER]


def test_a_list_whose_only_file_is_gone(read) -> None:
    voice = {"id": "isee", "termine": "ISEE", "definizione": "Indicatore."}
    old = read({"content/glossary.yml": {"voci": [voice]}})
    (old_file,) = (document.path for document in old.documents["glossary"].values())
    new = read({"content/glossary.yml": None})
    assert old_file == "content/glossary.yml"
    html, warnings = leaves_document(new, old, "dal 01/03/2026")
    assert any(line.endswith("Glossario") for line in note(html))
    assert warnings == []


def test_a_leaf_without_a_date(read, content: Content) -> None:
    area = content["content/areas.yml"]["aree"][0] | {"titolo": "Famiglie"}
    html, warnings = leaves_document(
        read({"content/areas.yml": {"aree": [area]}}), read(), "dal 01/03/2026"
    )
    assert "Togli il foglio A, metti il foglio A nuovo (pagine: ). Famiglie" in note(html)
    assert any("content/areas.yml" in line and "manca «aggiornato_il»" in line for line in warnings)


def test_the_colour_on_the_edge_is_part_of_a_leaf(read, content: Content) -> None:
    area = content["content/areas.yml"]["aree"][0] | {"colore": "#7a1f5c"}
    html, _ = leaves_document(read({"content/areas.yml": {"aree": [area]}}), read(), "dal …")
    assert {"a", "a1", "a2"} <= set(leaves(html))


def test_the_last_page_has_the_emergency_numbers(read) -> None:
    numbers = [{"contatto": "segretariato-casarano", "quando": "Di giorno."}]
    new = read({"content/carta.yml": {"emergenze": numbers, "aggiornato_il": "2026-11-21"}})
    html, _ = leaves_document(new, read(), "dal 01/03/2026")
    assert note(html)[-1] == "Togli l'ultima pagina, metti quella nuova."


@pytest.mark.parametrize("site_url", ["", SITE])
def test_the_contents_name_leaves_that_stay_in_the_binder(
    read, site_url: str, tmp_path: Path
) -> None:
    change = {"titolo": "Centri per l'estate", "aggiornato_il": "2026-11-21"}
    html, _ = leaves_document(read({OTHER: change}), read(), "dal 01/03/2026", site_url)
    contents = re.search(r'<nav class="p-contents.*?</nav>', html, re.S)
    assert contents
    assert '<a class="p-to" href="#foglio-a2" data-code="A2"' in contents[0]
    kept = re.search(r'<a class="p-to"( href="[^"]*")? data-code="A1"', contents[0])
    assert kept
    assert kept[1] == (f' href="{SITE}servizi/asilo-nido/"' if site_url else None)
    # So does the first page of an area.
    area = re.search(r'id="foglio-a".*?</section>', html, re.S)
    assert area
    assert 'data-code="A1" href="#' not in area[0]
    assert 'data-code="A2" href="#foglio-a2"' in area[0]
    words = pages_of(draw_pdf(html), tmp_path)  # a jump without a target would be an error
    named = [page for page in words if re.search(r"Centri per l'estate[ .]+A2-1", page)]
    assert len(named) == 2
    assert all(re.search(r"Asilo nido[ .]+A1-1", page) for page in named)


def test_one_first_title_and_no_level_left_out(read) -> None:
    change = {"titolo": "Centri per l'estate", "aggiornato_il": "2026-11-21"}
    html, _ = leaves_document(read({OTHER: change}), read(), "dal 01/03/2026", SITE, mark=True)
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", html)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))


@pytest.mark.slow
def test_on_paper(read, tmp_path: Path) -> None:
    change = {"come_fare": "Poi aspetta. " * 600, "a_chi_e_rivolto": "Ai bambini. " * 300}
    new = read({SHEET: change | {"aggiornato_il": "2026-11-21"}})
    html, _ = leaves_document(new, read(), "dal 01/03/2026", SITE, mark=True)
    drawn = draw_pdf(html)
    assert drawn == draw_pdf(html)
    pages = pages_of(drawn, tmp_path)
    own = [number for number, page in enumerate(pages) if re.search(r"\bA1-\d", page)]
    # The note counts the pages that there are; each leaf begins on the front of a sheet of paper.
    assert f"(pagine: {len(own)})" in " ".join(pages[0].split())
    assert len(own) > 2
    assert own[0] % 2 == 0
    assert re.search(r"A1-1\b.*21/11/2026", pages[own[0]])
    assert alternatives(drawn).count("Modificato:") == len(SIGN.findall(html)) > 1


def pages_of(drawn: bytes, folder: Path) -> list[str]:
    """The text of each page."""
    (folder / "fogli.pdf").write_bytes(drawn)
    words = ["pdftotext", "-layout", str(folder / "fogli.pdf"), "-"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.split("\f")


def alternatives(drawn: bytes) -> list[str]:
    """The texts that stand for the figures in a tagged PDF."""
    with pikepdf.open(BytesIO(drawn)) as pdf:
        return [
            str(item.Alt)
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"
            if "/Alt" in item
        ]


# Blocks as our templates make them: a text goes in.
KINDS = (
    "<p>{}</p>", '<p class="p-lead">{}</p>', "<h3>{}</h3>", "<ul><li>{}</li></ul>",
    "<table><caption>{}</caption><tbody></tbody></table>",
    '<table><tr><th scope="row">{}</th><td><p>a</p><ul><li>b</li></ul></td></tr></table>',
    "<table><tbody><tr><td>a</td><td><p>{}</p></td></tr></tbody></table>",
    "<dl><div><dt>{}</dt></div></dl>", "<dl><dd>{}</dd></dl>", "<address>{}<br>x</address>",
    "<figure><blockquote><p>{}</p></blockquote></figure>",
    '<section><div role="note"><p><strong>Da verificare.</strong> {}</p></div></section>',
    '<dd><ul class="c-plain"><li class="c-phone"><a href="tel:1">{}</a></li></ul></dd>',
    '<p><img src="data:,{}" alt="QR"></p>', "<div>{}</div>",
    "<details><summary>{}</summary></details>",
)  # fmt: skip
TEXTS = ("a", "b", "La Carta non lo indica.", "&amp; «è»")
BLOCKS = st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(TEXTS)), max_size=12)


def written(blocks: list[tuple[str, str]]) -> str:
    return "\n".join(kind.format(text) for kind, text in blocks)


def bare(html: str) -> str:
    """Marked text without its marks."""
    html = SIGN.sub("", html)
    return html.replace('class="p-changed ', 'class="').replace(' class="p-changed"', "")


def count(html: str) -> int:
    return len(re.findall(r'class="p-changed["\s]', html))


@given(BLOCKS)
def test_what_is_as_it_was_has_no_mark(blocks: list[tuple[str, str]]) -> None:
    assert mark_changes(written(blocks), written(blocks)) == (written(blocks), False)


@given(BLOCKS, st.data())
def test_the_one_block_that_changed_is_marked(
    blocks: list[tuple[str, str]], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(blocks)))
    kind = data.draw(st.sampled_from(KINDS))
    old, new = blocks.copy(), blocks.copy()
    was, now = data.draw(st.sampled_from([("prima", "dopo"), ("prima", "a"), ("a", "b")]))
    old.insert(place, (kind, was))
    new.insert(place, (kind, now))
    marked, gone = mark_changes(written(new), written(old))
    assert bare(marked) == written(new)
    assert count(marked) == len(SIGN.findall(marked)) == 1
    assert not gone
    # Each of these blocks is a line.
    own = marked.split("\n")[place]
    assert count(own) == 1
    assert now in own


@given(BLOCKS, st.data())
def test_one_block_more_or_less(blocks: list[tuple[str, str]], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(blocks)))
    kind = data.draw(st.sampled_from(KINDS[:6]))
    more = [*blocks[:place], (kind, "solo qui"), *blocks[place:]]
    marked, gone = mark_changes(written(more), written(blocks))
    assert bare(marked) == written(more)
    assert count(marked) == 1
    assert not gone
    assert mark_changes(written(blocks), written(more)) == (written(blocks), True)


@given(BLOCKS, BLOCKS)
def test_whatever_changes_the_text_stays(
    old: list[tuple[str, str]], new: list[tuple[str, str]]
) -> None:
    marked, _ = mark_changes(written(new), written(old))
    assert bare(marked) == written(new)


@given(st.text(alphabet="<>/pliat=\"' \n&;!-é", max_size=60), st.text(max_size=20))
def test_no_text_is_too_odd(new: str, old: str) -> None:
    mark_changes(new, old)
    mark_changes(old, new)
    assert mark_changes(new, new) == (new, False)


@pytest.mark.slow
def test_the_carta_of_this_repository() -> None:
    catalog, _ = read_content(ROOT)
    assert catalog
    parts = list(iter_parts(catalog, SITE))
    assert len(parts) > 40
    for part in parts:
        assert mark_changes(part.html, part.html) == (part.html, False)
        title = re.sub(r"(<h2\b|<h3\b)", r"<p>Una riga in più.</p>\1", part.html, count=1)
        marked, gone = mark_changes(title, part.html)
        assert bare(marked) == title
        assert count(marked) == 1
        assert not gone
