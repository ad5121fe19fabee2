"""The fields of a form filled in on the screen: the engine draws them, here they are made usable.

The controls of the HTML say what each field is. A dot in a name makes a family: `nato_il.giorno`
and `nato_il.mese` are kids of `nato_il`. Nothing is ever filled in beforehand, nothing is a script.
"""

import re
from collections import defaultdict
from html.parser import HTMLParser
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from site_builder.pdf_looks import MARKING, WRITING, cross, disc, look, resources, upright

# Bits of /Ff in PDF 1.7, tables 221, 226 and 228.
_REQUIRED = 1 << 1
_MULTILINE = 1 << 12
_NO_TOGGLE_TO_OFF = 1 << 14
_RADIO = 1 << 15
# Nothing is typed that would not be printed.
_DO_NOT_SCROLL = 1 << 23
_COMB = 1 << 24
_PRINT = 4

Control = dict[str, str]


def add_fields(drawn: bytes, html: str) -> bytes:
    """The same pages with a field for every control of the HTML they were drawn from.

    Each has its name, what a screen reader says, its flags and an empty look; the order of the
    tab key is that of reading. The same bytes in, the same out. Raises ValueError if a control has
    not been drawn.
    """
    controls = _Controls(html).found
    with Pdf.open(BytesIO(drawn)) as pdf:
        widgets = _widgets(pdf)
        drawing = resources(pdf, _engines_font(widgets))
        tops: dict[str, Object] = {}
        for control in controls:
            if not widgets[control["name"]]:
                raise ValueError(f"«{control['name']}» is not in the PDF")
            widget = widgets[control["name"]].pop(0)
            _build(pdf, widget, control)
            _hang(pdf, widget, control, tops)
        pdf.Root.AcroForm = Dictionary(Fields=Array(tops.values()), DA=WRITING, DR=drawing)
        _order(pdf)
        out = BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


class _Controls(HTMLParser):
    """The controls of a document in their order, each with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Control] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("input", "textarea"):
            self.found.append({"tag": tag} | {name: value or "" for name, value in attrs})


def _widgets(pdf: Pdf) -> dict[str, list[Object]]:
    """What the engine drew of the controls, by their name, in the order of reading."""
    found: dict[str, list[Object]] = defaultdict(list)
    for page in pdf.pages:
        for annotation in page.get(Name.Annots, Array()):
            if annotation.Subtype == Name.Widget:
                found[str(annotation.T)].append(annotation)
    return found


def _engines_font(widgets: dict[str, list[Object]]) -> str:
    """What the engine calls the font of its fields; empty where there are only boxes to tick."""
    looks = (str(w.get("/DA", "")) for several in widgets.values() for w in several)
    return next((found[1] for look in looks if (found := re.search(r"/(\S+) \S+ Tf", look))), "")


def _build(pdf: Pdf, widget: Object, control: Control) -> None:
    """Make a widget the field of its control, or one of the alternatives of its field."""
    for key in set(widget.keys()) - {"/Type", "/Subtype", "/Rect", "/P", "/StructParent"}:
        del widget[key]
    widget.Rect = upright(widget.Rect)
    widget.F = _PRINT
    widget.TU = String(control["title"])
    if control.get("type") != "radio":
        widget.T = String(control["name"].rpartition(".")[2])
    if control.get("type") in ("radio", "checkbox"):
        _tick(pdf, widget, control)
    else:
        _text(pdf, widget, control)


def _hang(pdf: Pdf, widget: Object, control: Control, tops: dict[str, Object]) -> None:
    """Put a widget among the fields or, where it has one, into its family."""
    before = control["name"].rpartition(".")[0]
    family = control["name"] if control.get("type") == "radio" else before
    if not family:
        tops[control["name"]] = widget
        return
    if family not in tops:
        tops[family] = _family(pdf, family, control)
    widget.Parent = tops[family]
    tops[family].Kids.append(widget)


def _family(pdf: Pdf, name: str, control: Control) -> Object:
    """The parent of several widgets: the alternatives of a question, the parts of a date."""
    family = Dictionary(T=String(name), TU=String(control["data-family"]), Kids=Array())
    if control.get("type") == "radio":
        family.FT = Name.Btn
        family.Ff = _RADIO | (_REQUIRED | _NO_TOGGLE_TO_OFF if "required" in control else 0)
        family.V = Name.Off
    return pdf.make_indirect(family)


def _tick(pdf: Pdf, widget: Object, control: Control) -> None:
    """A box that is crossed or a circle that is filled; what it says when it is on is its value."""
    alternative = control["type"] == "radio"
    if not alternative:
        widget.FT, widget.V = Name.Btn, Name.Off
    looks = Dictionary(Off=look(pdf, widget, b""))
    looks[Name(f"/{control['value']}")] = look(
        pdf, widget, (disc if alternative else cross)(widget)
    )
    widget.AS, widget.AP = Name.Off, Dictionary(N=looks)
    widget.MK = Dictionary(CA=String("l" if alternative else "8"))
    widget.DA = MARKING


def _text(pdf: Pdf, widget: Object, control: Control) -> None:
    """A line, some lines or the boxes of a number."""
    flags = _DO_NOT_SCROLL
    if control["tag"] == "textarea":
        flags |= _MULTILINE
        # Where something is typed the ruled lines are covered; an empty field leaves them to pens.
        widget.MK = Dictionary(BG=Array([1, 1, 1]))
    if "p-digits" in control.get("class", ""):
        flags |= _COMB
    if "required" in control:
        flags |= _REQUIRED
    if control.get("maxlength"):
        widget.MaxLen = int(control["maxlength"])
    widget.FT, widget.Ff, widget.Q = Name.Tx, flags, 0
    widget.DA = WRITING
    widget.AP = Dictionary(N=look(pdf, widget, b"/Tx BMC EMC"))


def _order(pdf: Pdf) -> None:
    """Let the tab key go from field to field, and from link to link, as the page is read."""
    for page in pdf.pages:
        if Name.Annots in page:
            page.Tabs = Name.S
            page.Annots = Array(sorted(page.Annots, key=lambda a: int(a.get("/StructParent", 0))))
