"""What fields look like: the font that viewers write with, the marks in boxes and circles."""

import re
from itertools import pairwise

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

# What viewers write with: 11 points of the font that is embedded whole; and what they mark with,
# where all looks are drawn anew by a program that fills the form in.
WRITING, MARKING = String("/Carta 11 Tf 0 g"), String("/ZaDb 0 Tf 0 g")
_NONSYMBOLIC = 32
_CIRCLE = 0.552  # the handles of four curves that make a circle


def resources(pdf: Pdf, engines: str) -> Object:
    """What the fields write and mark with; `engines` is the engine's name of its font, or empty."""
    marks = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.ZapfDingbats)
    fonts = Dictionary(ZaDb=pdf.make_indirect(marks))
    if engines:
        fonts.Carta = _font(pdf, engines)
    return Dictionary(Font=fonts)


def look(pdf: Pdf, widget: Object, content: bytes) -> Object:
    """One look of a widget, drawn from its lower left corner."""
    box = Array([0, 0, *_size(widget)])
    return pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=box)


def upright(corners: Object) -> Array:
    """From the lower left to the upper right, as not every viewer takes other corners."""
    x1, y1, x2, y2 = (float(value) for value in corners)
    ends = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
    return Array([round(end, 3) for end in ends])


def _size(widget: Object) -> tuple[float, float]:
    x1, y1, x2, y2 = (float(value) for value in widget.Rect)
    return round(x2 - x1, 3), round(y2 - y1, 3)


def cross(widget: Object) -> bytes:
    """The mark in a box, as with a pen."""
    width, height = _size(widget)
    left, right, low, high = width * 0.2, width * 0.8, height * 0.2, height * 0.8
    ends = (left, low, right, high, left, high, right, low)
    return b"1.4 w 1 J %.2f %.2f m %.2f %.2f l %.2f %.2f m %.2f %.2f l S" % ends


def disc(widget: Object) -> bytes:
    """The mark in a circle."""
    width, height = _size(widget)
    x, y, r = width / 2, height / 2, min(width, height) * 0.3
    k = r * _CIRCLE
    around = ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 0))
    curves = [b"%.2f %.2f m" % (x + r, y)]
    for (a, b), (c, d) in pairwise(around):
        points = (x + r * a + k * c, y + r * b + k * d, x + r * c + k * a, y + r * d + k * b)
        curves.append(b"%.2f %.2f %.2f %.2f %.2f %.2f c" % (*points, x + r * c, y + r * d))
    return b" ".join((*curves, b"f"))


def _font(pdf: Pdf, name: str) -> Object:
    """The font that the engine embedded whole for its fields, with one byte a letter.

    Viewers write what is typed in codes of one byte; those of the engine's font have two.
    """
    engines = pdf.Root.AcroForm.DR.Font[Name(f"/{name}")]
    inner = engines.DescendantFonts[0]
    glyphs = _glyphs(engines.ToUnicode.read_bytes())
    first, widths = int(inner.W[0]), list(inner.W[1])
    letters = [bytes([code]).decode("cp1252", "replace") for code in range(32, 256)]
    places = [glyphs.get(letter, -1) - first for letter in letters]
    descriptor = pdf.make_indirect(Dictionary(dict(inner.FontDescriptor.items())))
    descriptor.Flags = _NONSYMBOLIC
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=inner.BaseFont,
            Encoding=Name.WinAnsiEncoding,
            FirstChar=32,
            LastChar=255,
            Widths=Array(widths[place] if place >= 0 else 0 for place in places),
            FontDescriptor=descriptor,
        )
    )


def _glyphs(to_unicode: bytes) -> dict[str, int]:
    """The number of the glyph of each letter, out of the table that says what glyphs mean."""
    pairs = re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]{4})>", to_unicode)
    return {chr(int(letter, 16)): int(glyph, 16) for glyph, letter in pairs}
