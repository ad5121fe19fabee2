"""The booklet: printed, stacked and folded, its pages must follow one another."""

import re
import subprocess
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.printing.imposition import (
    Sheet,
    impose,
    page_count,
    sheets,
    signature_sizes,
)

pytestmark = pytest.mark.tools

MM = 72 / 25.4
A5 = 148 * MM, 210 * MM

# What binders print on the inside of their folders: (left, right) of the front, of the back.
TABLE = {
    4: [((4, 1), (2, 3))],
    8: [((8, 1), (2, 7)), ((6, 3), (4, 5))],
    16: [
        ((16, 1), (2, 15)), ((14, 3), (4, 13)), ((12, 5), (6, 11)), ((10, 7), (8, 9)),
    ],
    20: [
        ((20, 1), (2, 19)), ((18, 3), (4, 17)), ((16, 5), (6, 15)), ((14, 7), (8, 13)),
        ((12, 9), (10, 11)),
    ],
    52: [
        ((52, 1), (2, 51)), ((50, 3), (4, 49)), ((48, 5), (6, 47)), ((46, 7), (8, 45)),
        ((44, 9), (10, 43)), ((42, 11), (12, 41)), ((40, 13), (14, 39)), ((38, 15), (16, 37)),
        ((36, 17), (18, 35)), ((34, 19), (20, 33)), ((32, 21), (22, 31)), ((30, 23), (24, 29)),
        ((28, 25), (26, 27)),
    ],
}  # fmt: skip

counts = st.integers(1, 400)
signatures = st.integers(1, 30).map(lambda sheets: 4 * sheets) | st.just(0)


def folded(stack: list[Sheet]) -> list[int | None]:
    """The pages in the order in which hands turn them.

    Sheets are folded one into the other; where the depth begins again so does a new signature.
    Each leaf has two sides: the right half of a front has behind it the left half of the back.
    """
    pages: list[int | None] = []
    for start in [i for i, sheet in enumerate(stack) if sheet.depth == 0]:
        first: list[int | None] = []
        last: list[int | None] = []
        for sheet in stack[start:]:
            if sheet.depth != len(first) // 2:
                break
            first += [sheet.front[1], sheet.back[0]]
            last = [sheet.back[1], sheet.front[0], *last]
        pages += first + last
    return pages


# --- The order --------------------------------------------------------------------------------


@pytest.mark.parametrize("count", TABLE)
def test_the_sheets_are_those_of_the_table(count: int) -> None:
    assert [(sheet.front, sheet.back) for sheet in sheets(count)] == TABLE[count]
    assert [sheet.depth for sheet in sheets(count)] == list(range(count // 4))


@pytest.mark.parametrize(
    ("count", "first", "last"),
    [
        (1, ((None, 1), (None, None)), None),
        (5, ((5, 1), (2, None)), ((None, 3), (4, None))),
        (7, ((7, 1), (2, None)), ((6, 3), (4, 5))),
        (50, ((50, 1), (2, None)), ((28, 25), (26, 27))),
    ],
)
def test_blanks_stand_before_the_back_cover(count: int, first: object, last: object | None) -> None:
    stack = sheets(count)
    assert (stack[0].front, stack[0].back) == first
    if last:
        assert (stack[-1].front, stack[-1].back) == last


def test_signatures_are_folded_one_after_the_other() -> None:
    stack = sheets(16, 8)
    assert [(s.front, s.back, s.depth) for s in stack] == [
        ((8, 1), (2, 7), 0),
        ((6, 3), (4, 5), 1),
        ((16, 9), (10, 15), 0),
        ((14, 11), (12, 13), 1),
    ]


@given(counts, signatures)
def test_a_folded_booklet_reads_from_first_to_last(count: int, signature: int) -> None:
    pages = folded(sheets(count, signature))
    assert [page for page in pages if page] == list(range(1, count + 1))
    assert len(pages) % 4 == 0
    assert len(pages) - count < 4
    if count > 1:
        assert (pages[0], pages[-1]) == (1, count)
        assert None not in pages[: count - 1]


@given(counts)
def test_pages_side_by_side_have_one_sum(count: int) -> None:
    for sheet in sheets(4 * count, 4 * count):
        assert sum(page or 0 for page in sheet.front) == 4 * count + 1
        assert sum(page or 0 for page in sheet.back) == 4 * count + 1


@given(counts, signatures)
def test_signatures_are_even_and_no_thicker_than_asked(count: int, signature: int) -> None:
    sizes = signature_sizes(count, signature)
    assert sum(sizes) == len(sheets(count, signature)) * 4
    assert all(size % 4 == 0 for size in sizes)
    assert max(sizes) - min(sizes) in (0, 4)
    assert max(sizes) <= (signature or 80)


@pytest.mark.parametrize(("count", "sizes"), [(80, [80]), (81, [28, 28, 28]), (4, [4])])
def test_what_cannot_be_folded_at_once_is_parted(count: int, sizes: list[int]) -> None:
    assert signature_sizes(count) == sizes


@pytest.mark.parametrize("wrong", [(0, 0), (-4, 0), (8, 3), (8, -4)])
def test_nonsense_is_refused(wrong: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="at least"):
        sheets(*wrong)


# --- The paper --------------------------------------------------------------------------------


def booklet(count: int, size: tuple[float, float] = A5) -> bytes:
    """Pages that say their number, tagged as ours are."""
    with pikepdf.new() as pdf:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        for number in range(1, count + 1):
            page = pdf.add_blank_page(page_size=size)
            page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
            page.obj.StructParents = number
            page.obj.Contents = pdf.make_stream(
                b"/P <</MCID 0>> BDC BT /F 20 Tf 60 300 Td (pagina %d) Tj ET EMC" % number
            )
        pdf.Root.Lang = "it"
        pdf.Root.MarkInfo = pikepdf.Dictionary(Marked=True)
        pdf.Root.StructTreeRoot = pdf.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot)
        )
        pdf.docinfo["/Title"] = "Carta di prova"
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def words(path: Path, side: int, half: int) -> str:
    """What stands on the left (0) or right (1) half of a side, counted from 1."""
    command = ["pdftotext", "-f", str(side), "-l", str(side), "-x", str(half * 421), "-y", "0"]
    done = subprocess.run(
        [*command, "-W", "421", "-H", "596", "-layout", str(path), "-"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.mark.parametrize(("count", "signature"), [(1, 0), (6, 0), (20, 0), (12, 8)])
def test_each_half_carries_its_page(tmp_path: Path, count: int, signature: int) -> None:
    path = tmp_path / "libretto.pdf"
    path.write_bytes(impose(booklet(count), signature))
    stack = sheets(count, signature)
    sides = [side for sheet in stack for side in (sheet.front, sheet.back)]
    assert page_count(path.read_bytes()) == len(sides)
    for number, side in enumerate(sides, start=1):
        shown = [words(path, number, half) for half in (0, 1)]
        assert shown == [f"pagina {page}" if page else "" for page in side]


def placed(pdf: bytes, side: int) -> list[tuple[float, ...]]:
    """The matrix of each page on a side, counted from 0."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        content = opened.pages[side].Contents.read_bytes().decode()
    return [tuple(map(float, m.split())) for m in re.findall(r"n ([\d. -]+) cm", content)]


def test_pages_keep_their_size_and_meet_at_the_fold() -> None:
    pdf = impose(booklet(4))
    with pikepdf.open(BytesIO(pdf)) as opened:
        width, height = (float(edge) for edge in opened.pages[0].MediaBox.as_list()[2:])
    assert (width / MM, height / MM) == pytest.approx((297, 210), abs=0.01)
    left, right = placed(pdf, 0)
    assert left[:4] == right[:4] == (1, 0, 0, 1)
    assert left[4] + A5[0] == pytest.approx(width / 2, abs=0.01)
    assert right[4] == pytest.approx(width / 2, abs=0.01)
    assert left[5] == right[5] == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("thickness", [0, 0.1, 0.2])
def test_inner_pages_creep_towards_the_fold(thickness: float) -> None:
    pdf = impose(booklet(12), thickness=thickness)
    outer = placed(pdf, 0)
    for depth in (0, 1, 2):
        for side in (2 * depth, 2 * depth + 1):
            left, right = placed(pdf, side)
            assert left[4] - outer[0][4] == pytest.approx(depth * thickness * MM, abs=0.01)
            assert outer[1][4] - right[4] == pytest.approx(depth * thickness * MM, abs=0.01)


def test_creep_begins_again_with_each_signature() -> None:
    pdf = impose(booklet(16), 8)
    assert placed(pdf, 0) == placed(pdf, 4)
    assert placed(pdf, 2) == placed(pdf, 6) != placed(pdf, 0)


def test_no_page_reaches_over_the_fold() -> None:
    """What crept is cut where the other page begins."""
    with pikepdf.open(BytesIO(impose(booklet(8), thickness=1))) as opened:
        content = opened.pages[2].Contents.read_bytes().decode()
    clips = re.findall(r"([\d.]+) 0 ([\d.]+) [\d.]+ re W n", content)
    assert clips == [("0.000", "420.945"), ("420.945", "420.945")]


def test_what_is_out_of_order_is_not_called_accessible() -> None:
    with pikepdf.open(BytesIO(impose(booklet(8)))) as opened:
        assert opened.Root.Lang == "it"
        assert opened.docinfo["/Title"] == "Carta di prova"
        assert "carta-a5.pdf" in str(opened.docinfo["/Subject"])
        assert not {"/StructTreeRoot", "/MarkInfo", "/Outlines", "/Metadata"} & set(opened.Root)
        assert not any("/StructParents" in page or "/Annots" in page for page in opened.pages)
        wishes = opened.Root.ViewerPreferences
        assert (wishes.Duplex, wishes.PrintScaling) == ("/DuplexFlipShortEdge", "/None")


def test_the_same_pages_give_the_same_bytes() -> None:
    assert impose(booklet(9)) == impose(booklet(9))


def test_the_file_is_sound() -> None:
    with pikepdf.open(BytesIO(impose(booklet(9)))) as opened:
        assert opened.check_pdf_syntax() == []


def test_pages_larger_than_half_a_sheet_are_refused() -> None:
    with pytest.raises(ValueError, match="larger than half a sheet"):
        impose(booklet(4, (210 * MM, 297 * MM)))
