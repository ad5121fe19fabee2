"""Forms on paper and on the screen: room to write, and fields that everybody can use."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pdfua import validate
from PIL import Image

from site_builder.catalog import Catalog
from site_builder.content import read_content
from site_builder.model import Campo, Form
from site_builder.pdf import draw_pdf
from site_builder.printing.documents import draw_frame, form_document, frame_view
from site_builder.printing.formats import A5, LARGE, Format
from site_builder.printing.parts import form_part
from tests.conftest import Body

pytestmark = pytest.mark.tools

ROOT = Path(__file__).parent.parent
OWN = sorted(path.stem for path in (ROOT / "content/forms").glob("*.yml"))
EVERY = "domanda"  # a form with every type of field, of a body that is not ours
SITE = "https://carta.example.it/"
MM = 72 / 25.4
REQUIRED, MULTILINE, TOGGLE, RADIO, SCROLL, COMB = (1 << n for n in (1, 12, 14, 15, 23, 24))

_SOURCE = {"documento": "carta-prova", "riga": 1}
_CHOICES = [
    {"valore": "nido", "etichetta": "Il nido"},
    {"valore": "sezione-primavera", "etichetta": "La sezione primavera, se c'è"},
]
_FIELDS: list[dict[str, Any]] = [
    {"id": "nome", "etichetta": "Nome e cognome", "tipo": "testo", "obbligatorio": True},
    {"id": "cap", "etichetta": "CAP", "tipo": "testo", "obbligatorio": True, "lunghezza_max": 5},
    {"id": "paese", "etichetta": "Dove abiti", "tipo": "comune", "obbligatorio": True},
    {"id": "figli", "etichetta": "Quanti figli hai", "tipo": "numero", "obbligatorio": False},
    {"id": "nascita", "etichetta": "Quando è nato", "tipo": "data", "obbligatorio": True},
    {"id": "cellulare", "etichetta": "Cellulare", "tipo": "telefono", "obbligatorio": False},
    {"id": "posta", "etichetta": "Posta elettronica", "tipo": "email", "obbligatorio": False},
    {"id": "quale", "etichetta": "Quale servizio", "tipo": "servizio", "obbligatorio": True},
    {"id": "dove", "etichetta": "Che cosa chiedi", "tipo": "scelta", "obbligatorio": True,
     "opzioni": _CHOICES},
    {"id": "quando", "etichetta": "Quando ti serve", "tipo": "scelta_multipla",
     "obbligatorio": False, "suggerimento": "Anche solo per qualche ora.",
     "opzioni": [{"valore": "mattina", "etichetta": "Di mattina"},
                 {"valore": "pomeriggio", "etichetta": "Di pomeriggio"}]},
    {"id": "perche", "etichetta": "Perché proprio lì?", "tipo": "testo_lungo",
     "obbligatorio": True, "lunghezza_max": 800,
     "se": {"campo": "dove", "valore": "sezione-primavera"}},
]  # fmt: skip
_FORM = {
    "id": EVERY,
    "titolo": "Domanda di iscrizione",
    "descrizione": "Serve a chiedere un posto.",
    "anonimo": False,
    "intestazione": "- Al Sindaco\n- Per conoscenza: all'ufficio scuola",
    "consegna": {"testo": "Allo sportello.", "rete": "segretariato"},
    "campi": [item | {"gruppo": "Chi chiede" if n < 7 else "La domanda"}
              for n, item in enumerate(_FIELDS)],
    "dichiarazioni": ["di sapere che i posti sono limitati;"],
    "allegati": [{"nome": "Copia del documento", "obbligatorio": True},
                 {"nome": "Attestazione ISEE", "nota": "in corso di validità"}],
    "punteggi": [
        {"titolo": "Situazione della famiglia", "servizi": ["asilo-nido"], "nota": "Poi l'età.",
         "criteri": [{"testo": "Ogni altro figlio minore", "punti": 2},
                     {"testo": "Lavoro dei genitori", "punti": 1, "punti_max": 6.5},
                     {"testo": "ISEE", "livelli": [{"testo": "fino a 10.000 euro", "punti": 5},
                                                   {"testo": "oltre", "punti": 0}]}]},
    ],
    "firma": True,
    "trattamento": "iscrizioni",
    "nota": "La domanda vale un anno.",
    "fonte": _SOURCE,
    "aggiornato_il": "2026-01-01",
    "da_verificare": [{"campo": "campi", "motivo": "Manca il codice fiscale."}],
}  # fmt: skip
_PROCESSING = {
    "id": "iscrizioni",
    "titolo": "Iscrizioni al nido",
    "titolare": "Comune di Prova",
    "conferimento": "Senza i dati la domanda non si esamina.",
}


@dataclass
class Field:
    """A field with what it has from its parents, and its widgets."""

    name: str
    keys: dict[str, Any]
    widgets: list[Any] = field(default_factory=list)

    @property
    def flags(self) -> int:
        return int(self.keys.get("/Ff", 0))


@dataclass
class Drawn:
    """A form drawn to be filled in."""

    form: Form
    catalog: Catalog
    html: str
    data: bytes

    def open(self) -> pikepdf.Pdf:
        return pikepdf.open(BytesIO(self.data))


@pytest.fixture(scope="module")
def own() -> Catalog:
    catalog, _ = read_content(ROOT)
    assert catalog
    return catalog


@pytest.fixture(params=[*OWN, EVERY])
def drawn(
    request: pytest.FixtureRequest, own: Catalog, body: Body, cache: dict[str, Drawn]
) -> Drawn:
    """Every form of the repository, and one of another body with every type of field."""
    id = request.param
    if id not in cache:
        catalog = own if id in own.forms else _generated(body)
        html = form_document(catalog, catalog.forms[id], SITE)
        cache[id] = Drawn(catalog.forms[id], catalog, html, draw_pdf(html, fillable=True))
    return cache[id]


@pytest.fixture(scope="module")
def cache() -> dict[str, Drawn]:
    return {}


def _generated(body: Body, **changes: Any) -> Catalog:
    folder = body(
        {
            f"content/forms/{EVERY}.yml": _FORM | changes,
            "content/carta.yml": {"trattamenti": [_PROCESSING]},
        }
    )
    catalog, problems = read_content(folder)
    assert catalog, problems
    return catalog


def _fields(pdf: pikepdf.Pdf) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for top in pdf.Root.AcroForm.Fields:
        for item in _below(top, "", {}):
            found[item.name] = item
    return found


def _below(node: Any, prefix: str, inherited: dict[str, Any]) -> Iterator[Field]:
    own = {key: value for key, value in node.items() if key not in ("/Kids", "/Parent")}
    name = f"{prefix}.{node.T}".strip(".")
    keys = inherited | own
    kids = list(node.get("/Kids", []))
    if kids and "/T" in kids[0]:
        for kid in kids:
            yield from _below(kid, name, {})
    else:
        yield Field(name, keys, kids or [node])


def _names(campo: Campo) -> list[str]:
    if campo.tipo == "data":
        return [f"{campo.id}.{part}" for part in ("giorno", "mese", "anno")]
    if campo.tipo == "scelta_multipla":
        return [f"{campo.id}.{option.valore}" for option in campo.opzioni]
    return [campo.id]


def _text(data: bytes, folder: Path) -> str:
    """What can be read in a PDF, without the spaces and hyphens at which lines are broken."""
    path = folder / "text.pdf"
    path.write_bytes(data)
    done = subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True, text=True)
    return _bare(done.stdout)


def _bare(text: str) -> str:
    return re.sub(r"[\s‐-]+", "", text)


def _picture(data: bytes, page: int, folder: Path, dpi: int = 200) -> Image.Image:
    (folder / "picture.pdf").write_bytes(data)
    run = ["pdftoppm", "-r", str(dpi), "-f", str(page), "-l", str(page), "-gray", "-singlefile"]
    subprocess.run([*run, folder / "picture.pdf", folder / "picture"], check=True)
    return Image.open(folder / "picture.pgm").copy()


def _cut(
    picture: Image.Image, rect: Any, dpi: int = 200, above: float = 0, below: float = 0
) -> Any:
    """The part of a page inside a rectangle, with some millimetres above and below it."""
    x1, y1, x2, y2 = (float(value) * dpi / 72 for value in rect)
    up, down = above * MM * dpi / 72, below * MM * dpi / 72
    top, bottom = picture.height - y2 - up, picture.height - y1 + down
    return picture.crop((int(x1) + 2, int(top), int(x2) - 2, int(bottom)))


def _page_of(pdf: pikepdf.Pdf, widget: Any) -> int:
    return next(n for n, page in enumerate(pdf.pages, 1) if page.obj.objgen == widget.P.objgen)


def test_every_question_has_its_fields(drawn: Drawn) -> None:
    wanted = [name for campo in drawn.form.campi for name in _names(campo)]
    wanted += [f"da-allegare.{n}" for n in range(1, len(drawn.form.allegati) + 1)]
    with drawn.open() as pdf:
        assert list(_fields(pdf)) == wanted


def test_every_field_says_what_it_is(drawn: Drawn) -> None:
    with drawn.open() as pdf:
        fields = _fields(pdf)
        for campo in drawn.form.campi:
            kind = "/Btn" if campo.opzioni else "/Tx"
            must = campo.obbligatorio and not campo.se and campo.tipo != "scelta_multipla"
            for name in _names(campo):
                found = fields[name]
                said = str(found.keys["/TU"])
                assert found.keys["/FT"] == kind
                assert campo.etichetta in said
                assert ".." not in said
                assert "&#" not in said
                assert bool(found.flags & REQUIRED) == must, name
                if campo.tipo not in ("scelta", "scelta_multipla"):
                    assert said.startswith(f"{campo.gruppo}: " if campo.gruppo else campo.etichetta)
                    assert ("obbligatorio" in said) == campo.obbligatorio
                    assert not campo.se or "Solo se al punto" in said


def test_fields_take_what_is_asked(drawn: Drawn) -> None:
    with drawn.open() as pdf:
        fields = _fields(pdf)
        for campo in drawn.form.campi:
            for name in _names(campo):
                found = fields[name]
                if campo.opzioni:
                    continue
                long, date = campo.tipo == "testo_lungo", campo.tipo == "data"
                assert bool(found.flags & MULTILINE) == long
                assert bool(found.flags & COMB) == date
                assert found.flags & SCROLL, "what is typed would not be printed"
                limit = (4 if name.endswith("anno") else 2) if date else campo.lunghezza_max
                assert found.keys.get("/MaxLen") == limit
                assert "/Carta 11 Tf" in str(found.keys["/DA"])


def test_alternatives_are_one_field(drawn: Drawn) -> None:
    with drawn.open() as pdf:
        fields = _fields(pdf)
        for campo in drawn.form.campi:
            if campo.tipo != "scelta":
                continue
            found = fields[campo.id]
            assert found.flags & RADIO
            assert bool(found.flags & TOGGLE) == campo.obbligatorio, "an answer can be taken back"
            states = [set(widget.AP.N.keys()) - {"/Off"} for widget in found.widgets]
            assert states == [{f"/{option.valore}"} for option in campo.opzioni]
            said = [str(widget.TU) for widget in found.widgets]
            assert said == [f"{campo.etichetta}: {option.etichetta}" for option in campo.opzioni]


def test_nothing_is_filled_in_and_nothing_runs(drawn: Drawn) -> None:
    with drawn.open() as pdf:
        for found in _fields(pdf).values():
            for keys in (found.keys, *found.widgets):
                assert keys.get("/V", "/Off") == "/Off"
                assert keys.get("/AS", "/Off") == "/Off"
                assert not {"/A", "/AA"} & set(keys.keys())
        assert not {"/AA", "/OpenAction"} & set(pdf.Root.keys())
        assert "/NeedAppearances" not in pdf.Root.AcroForm
        kinds = {
            str(obj.get("/S", "")) for obj in pdf.objects if isinstance(obj, pikepdf.Dictionary)
        }
        assert not kinds & {"/JavaScript", "/SubmitForm", "/Launch"}


def test_the_tab_key_follows_the_text(drawn: Drawn) -> None:
    with drawn.open() as pdf:
        read = [w.objgen for w in _in_structure(pdf.Root.StructTreeRoot.K)]
        shown = []
        for page in pdf.pages:
            assert page.get("/Tabs", "/S") == "/S"
            for annotation in page.get("/Annots", []):
                if annotation.Subtype == "/Widget":
                    assert page.Tabs == "/S"
                    assert int(annotation.F) & 4, "not printed"
                    shown.append(annotation.objgen)
        written = [w.objgen for found in _fields(pdf).values() for w in found.widgets]
        assert read == shown == written


def _in_structure(node: Any, parent: Any = None) -> Iterator[Any]:
    """The widgets in the order of reading; each must stand in a /Form."""
    if isinstance(node, pikepdf.Array):
        for kid in node:
            yield from _in_structure(kid, parent)
    elif isinstance(node, pikepdf.Dictionary):
        if node.get("/Type") == "/OBJR" and node.Obj.get("/Subtype") == "/Widget":
            assert parent.S == "/Form"
            yield node.Obj
        elif "/K" in node:
            yield from _in_structure(node.K, node)


def test_what_is_typed_can_be_seen(drawn: Drawn, tmp_path: Path) -> None:
    with drawn.open() as pdf:
        fields = _fields(pdf)
        for found in fields.values():
            if found.keys["/FT"] == "/Tx":
                widget = found.widgets[0]
                widget.V = pikepdf.String("perché là €, Zoè"[: found.keys.get("/MaxLen", 99)])
                del widget.AP
            else:
                widget = found.widgets[-1]
                state = next(key for key in dict(widget.AP.N.items()) if key != "/Off")
                (widget.get("/Parent", widget) if found.flags & RADIO else widget).V = pikepdf.Name(
                    state
                )
                widget.AS = pikepdf.Name(state)
        pdf.Root.AcroForm.NeedAppearances = True
        out = BytesIO()
        pdf.save(out)
        pictures: dict[int, tuple[Image.Image, Image.Image]] = {}
        for found in fields.values():
            widget = found.widgets[-1] if found.flags & RADIO else found.widgets[0]
            page = _page_of(pdf, widget)
            if page not in pictures:
                pictures[page] = (
                    _picture(drawn.data, page, tmp_path, 100),
                    _picture(out.getvalue(), page, tmp_path, 100),
                )
            before, after = (_cut(p, widget.Rect, 100) for p in pictures[page])
            assert before.tobytes() != after.tobytes(), found.name
    typed = _text(out.getvalue(), tmp_path)
    longer = [c for c in drawn.form.campi if c.tipo == "testo_lungo"]
    assert not longer or "perchélà€,Zoè" in typed


def test_the_font_of_the_fields_has_their_letters(drawn: Drawn) -> None:
    with drawn.open() as pdf:
        font = pdf.Root.AcroForm.DR.Font.Carta
        assert font.Encoding == "/WinAnsiEncoding"
        assert "/FontFile2" in font.FontDescriptor
        widths = {bytes([32 + n]).decode("cp1252", "replace"): float(w)
                  for n, w in enumerate(font.Widths)}  # fmt: skip
        assert all(widths[letter] > 100 for letter in "aZ0 àèéìòùÀÈÉç€«»ñß@")
        assert widths["i"] < widths["m"]


def test_every_word_of_the_form_is_on_paper(drawn: Drawn, tmp_path: Path) -> None:
    form, read = drawn.form, _text(drawn.data, tmp_path)
    words = [form.titolo, form.nota, *form.dichiarazioni, *(d.motivo for d in form.da_verificare)]
    words += [line.removeprefix("- ") for line in form.intestazione.splitlines()]
    words += form.descrizione.splitlines()
    for number, campo in enumerate(form.campi, start=1):
        words += [f"{number}. {campo.etichetta}", campo.gruppo, campo.suggerimento]
        words += [option.etichetta for option in campo.opzioni]
    words += [word for item in form.allegati for word in (item.nome, item.nota)]
    for group in form.punteggi:
        words += [group.titolo, group.nota, *(c.testo for c in group.criteri)]
        words += [level.testo for c in group.criteri for level in c.livelli]
    for item in drawn.catalog.carta.trattamenti:
        if item.id == form.trattamento:
            words += [item.titolo, item.titolare, item.conferimento, item.destinatari]
            words += item.testo.splitlines()
    missing = [word for word in words if _bare(word) not in read]
    assert not missing


def test_anonymous_forms_ask_for_no_name(drawn: Drawn, tmp_path: Path) -> None:
    read = _text(drawn.data, tmp_path)
    assert ("Ilmoduloèanonimo" in read) == drawn.form.anonimo
    assert ("Ricevutaperchiconsegna" in read) == (not drawn.form.anonimo)
    assert ("Firma(apenna" in read) == drawn.form.firma
    desks = (
        drawn.catalog.contacts_by_network.get(drawn.form.consegna.rete, [])
        if drawn.form.consegna
        else []
    )
    assert all(_bare(desk.indirizzo.via) in read for desk in desks if desk.indirizzo)


def test_there_is_room_to_write(drawn: Drawn, tmp_path: Path) -> None:
    pictures = {page: _picture(drawn.data, page, tmp_path) for page in _pages(drawn.data)}
    with drawn.open() as pdf:
        for found in _fields(pdf).values():
            for widget in found.widgets:
                x1, y1, x2, y2 = (float(value) / MM for value in widget.Rect)
                assert x1 < x2
                assert y1 < y2
                if found.keys["/FT"] == "/Btn":
                    assert min(x2 - x1, y2 - y1) >= 4, found.name
                elif found.flags & COMB:
                    assert (x2 - x1) / found.keys["/MaxLen"] >= 6
                    assert y2 - y1 >= 8
                elif not found.flags & MULTILINE:
                    picture = pictures[_page_of(pdf, widget)]
                    assert _white_above_line(_cut(picture, widget.Rect, above=3, below=1)) >= 8.5


def _white_above_line(strip: Image.Image, dpi: int = 200) -> float:
    """How many millimetres above the line of a strip nothing is printed; fails without a line."""
    rows = [min(strip.crop((0, y, strip.width, y + 1)).tobytes()) for y in range(strip.height)]
    line = max(y for y, dark in enumerate(rows) if dark < 128)
    dark = [y for y, value in enumerate(rows[: line - 4]) if value < 128]
    return (line - 3 - (max(dark) if dark else 0)) / dpi * 25.4


@pytest.mark.slow
@pytest.mark.parametrize("format", [None, A5, LARGE], ids=["a4", "a5", "grande"])
def test_long_answers_have_ruled_lines(format: Format | None, own: Catalog, tmp_path: Path) -> None:
    for form in own.forms.values():
        for number, _ in enumerate(c for c in form.campi if c.tipo == "testo_lungo"):
            data = draw_pdf(_in_format(own, form, format) if format else form_document(own, form))
            lines = max((_ruled(data, page, tmp_path) for page in _pages(data)), key=len)
            gaps = [after - before for before, after in pairwise(lines)]
            assert number == 0
            assert len(lines) >= 12
            assert min(gaps) >= 8.5
            assert max(gaps) <= 10.5


def _in_format(catalog: Catalog, form: Form, format: Format) -> str:
    part = form_part(catalog, form, SITE, level=1)
    view = frame_view(catalog, [part], format, part.title, part.day, SITE)
    return draw_frame("sciolto", view)


def _pages(data: bytes) -> range:
    with pikepdf.open(BytesIO(data)) as pdf:
        return range(1, len(pdf.pages) + 1)


def _ruled(data: bytes, page: int, folder: Path, dpi: int = 200) -> list[float]:
    """How high, in millimetres, the longest run of evenly spaced lines over a whole page stands."""
    picture = _picture(data, page, folder, dpi)
    left, right = picture.width // 5, picture.width * 4 // 5
    rows = [
        max(picture.crop((left, y, right, y + 1)).tobytes()) < 200 for y in range(picture.height)
    ]
    tops = [y / dpi * 25.4 for y, dark in enumerate(rows) if dark and not rows[y - 1]]
    runs: list[list[float]] = [[]]
    for top in tops:
        if runs[-1] and not 8 < top - runs[-1][-1] < 11:
            runs.append([])
        runs[-1].append(top)
    return max(runs, key=len)


def test_on_paper_there_are_lines_and_no_fields(body: Body) -> None:
    catalog = _generated(body)
    data = draw_pdf(_in_format(catalog, catalog.forms[EVERY], A5))
    with pikepdf.open(BytesIO(data)) as pdf:
        assert "/AcroForm" not in pdf.Root
        assert all("/Annots" not in page or all(a.Subtype == "/Link" for a in page.Annots)
                   for page in pdf.pages)  # fmt: skip


def test_conditions_stand_over_their_fields(body: Body) -> None:
    catalog = _generated(body)
    html = form_document(catalog, catalog.forms[EVERY])
    condition = (
        "Solo se al punto 9, «Che cosa chiedi», hai scelto «La sezione primavera, se c&#39;è»."
    )
    assert f'<p class="p-condition">{condition}</p>' in html


def test_the_same_form_gives_the_same_bytes(drawn: Drawn) -> None:
    assert draw_pdf(drawn.html, fillable=True) == drawn.data


def test_a_control_that_is_not_drawn_is_told(body: Body) -> None:
    catalog = _generated(body)
    html = form_document(catalog, catalog.forms[EVERY])
    hidden = '<p style="display: none"><input name="altro" title="Altro"></p>'
    with pytest.raises(ValueError, match="altro"):
        draw_pdf(html.replace("</body>", f"{hidden}</body>"), fillable=True)


def test_pdfua_finds_nothing(drawn: Drawn, tmp_path: Path) -> None:
    path = tmp_path / "form.pdf"
    path.write_bytes(drawn.data)
    assert [f"{f.rule_id} {f.message}" for f in validate(path).findings] == []


@pytest.mark.slow
def test_outloud_finds_no_error(drawn: Drawn, tmp_path: Path) -> None:
    path = tmp_path / "form.pdf"
    path.write_bytes(drawn.data)
    tool = Path(sys.prefix) / "outloud/bin/outloud"
    run = [tool, "--skip", "TBL-010", path]  # takes every table of desks for one line shredded
    done = subprocess.run(run, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert " 0 error(s)" in done.stdout
