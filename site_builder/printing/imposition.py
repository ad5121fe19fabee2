"""Pages put two by two on sheets, so that the printed stack folds into a booklet."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pikepdf

# Office paper of 80 g/m2, in millimetres.
PAPER = 0.1
# More sheets than these cannot be folded together, nor stapled through the fold.
_FOLDABLE = 20
# What a thick book is parted into where nobody says: pages of a signature.
_SIGNATURE = 32
# A4 lying on its long side, in points.
_WIDTH, _HEIGHT = 297 * 72 / 25.4, 210 * 72 / 25.4
_NOTE = (
    "Pagine disposte per la stampa: fronte e retro, lato corto, dimensioni effettive. "
    "Chi legge sullo schermo o con un lettore vocale usi carta-a5.pdf, con le pagine in ordine."
)

# Left and right page of a side, counted from 1; None is blank.
Side = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of paper. `depth` counts the sheets around it in its signature, from 0."""

    front: Side
    back: Side
    depth: int


def signature_sizes(count: int, signature: int = 0) -> list[int]:
    """The pages of each signature for a document of `count` pages: multiples of four.

    `signature` is the most that one may have; 0 puts all in one as long as it can be folded. They
    are as even as can be, because a last signature of one sheet would tear.
    """
    sheets = -(-count // 4)
    most = (signature or (_SIGNATURE if sheets > _FOLDABLE else sheets * 4)) // 4
    if most < 1:
        raise ValueError("a signature has at least four pages")
    parts = -(-sheets // most)
    return [4 * (sheets // parts + (part < sheets % parts)) for part in range(parts)]


def sheets(count: int, signature: int = 0) -> list[Sheet]:
    """The sheets for `count` pages in the order of the stack, front side up.

    Where pages lack, the blanks stand before the last one: the back cover stays outside.
    """
    if count < 1:
        raise ValueError("a document has at least one page")
    sizes = signature_sizes(count, signature)
    inner = max(count - 1, 1)
    pages: list[int | None] = [*range(1, inner + 1)]
    pages += [None] * (sum(sizes) - count) + [*range(inner + 1, count + 1)]
    ends = [sum(sizes[: part + 1]) for part in range(len(sizes))]
    return [
        sheet
        for end, size in zip(ends, sizes, strict=True)
        for sheet in _signature(pages[end - size : end])
    ]


def impose(drawn: bytes, signature: int = 0, thickness: float = PAPER) -> bytes:
    """A PDF of pages up to A5 as one of A4 sides, in their true size.

    To be printed on both sides, turned over the short edge. `thickness` of the paper in
    millimetres: by so much the pages of each inner sheet stand nearer to the fold, because
    folding pushes them out. The sides are in the order of the printer, not of the reader: tags,
    links and bookmarks are left out rather than wrong. The same bytes in, the same out.
    """
    with pikepdf.open(BytesIO(drawn)) as source, pikepdf.new() as target:
        forms = [target.copy_foreign(_picture(page)) for page in source.pages]
        for sheet in sheets(len(forms), signature):
            creep = sheet.depth * thickness * 72 / 25.4
            for side in (sheet.front, sheet.back):
                _add_side(target, [forms[page - 1] if page else None for page in side], creep)
        _describe(target, source)
        out = BytesIO()
        target.save(
            out,
            min_version=source.pdf_version,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return out.getvalue()


def page_count(pdf: bytes) -> int:
    """How many pages, or sides, a PDF has."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        return len(opened.pages)


def _signature(pages: list[int | None]) -> Iterator[Sheet]:
    last = len(pages) - 1
    for depth in range(len(pages) // 4):
        one = 2 * depth
        front = (pages[last - one], pages[one])
        back = (pages[one + 1], pages[last - one - 1])
        yield Sheet(front, back, depth)


def _picture(page: pikepdf.Page) -> pikepdf.Object:
    """A page as a picture, which shares fonts and patterns with the others."""
    picture = page.as_form_xobject()
    if "/Resources" in page.obj:
        picture.Resources = page.obj.Resources  # not the copy, which the file would hold each time
    return picture


def _add_side(target: pikepdf.Pdf, forms: list[pikepdf.Object | None], creep: float) -> None:
    """Add a side with a page on each half, cut at the fold."""
    page = target.add_blank_page(page_size=(_WIDTH, _HEIGHT))
    half = _WIDTH / 2
    content = []
    for place, form in enumerate(forms):
        if form is None:
            continue
        left, bottom, right, top = (float(edge) for edge in form.BBox.as_list())
        if right - left > half or top - bottom > _HEIGHT + 0.01:
            raise ValueError("a page is larger than half a sheet")
        x = half - creep if place else half - (right - left) + creep
        y = (_HEIGHT - (top - bottom)) / 2
        name = page.add_resource(form, pikepdf.Name.XObject, pikepdf.Name(f"/Page{place}"))
        content.append(
            f"q {half * place:.3f} 0 {half:.3f} {_HEIGHT:.3f} re W n "
            f"1 0 0 1 {x - left:.3f} {y - bottom:.3f} cm {name} Do Q"
        )
    page.Contents = target.make_stream("\n".join(content).encode())


def _describe(target: pikepdf.Pdf, source: pikepdf.Pdf) -> None:
    """Keep language and title; say what the file is for, also to the dialogue that prints it."""
    for name, value in source.docinfo.items():
        target.docinfo[name] = str(value)
    target.docinfo["/Subject"] = _NOTE
    if "/Lang" in source.Root:
        target.Root.Lang = str(source.Root.Lang)
    target.Root.ViewerPreferences = pikepdf.Dictionary(
        DisplayDocTitle=True,
        Duplex=pikepdf.Name.DuplexFlipShortEdge,
        PrintScaling=pikepdf.Name("/None"),
    )
