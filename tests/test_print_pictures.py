"""Six pages as pictures, beside the ones that a person has looked at (tests/golden/print/).

They are drawn from a body of the tests, so that no change of the content changes them. A page
that differs is left where the failure says: look at it, and if it is right copy it over the old.
"""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from site_builder.catalog import Catalog
from site_builder.content import read_content
from site_builder.pdf import draw_pdf
from site_builder.printing.documents import carta_document, form_document, sheet_document
from site_builder.printing.formats import A4, A5, LARGE
from tests.conftest import Body, Content

pytestmark = [pytest.mark.slow, pytest.mark.tools]

GOLDEN = Path(__file__).parent / "golden" / "print"
SITE = "https://carta.example.it/"
DPI = 60
# Of 255: how far a page may be from its picture in all, and in its worst patch of 8 × 8 dots.
# Another version of the font renderer moves less; a line that moves by its height moves more.
MEAN, PATCH = 0.6, 60.0

# What is drawn, and which of its pages.
PAGES = {
    "copertina-a4": ("a4", 1),
    "sommario-a4": ("a4", 3),
    "scheda-a5": ("a5", 5),
    "scheda-a4": ("scheda", 1),
    "area-grande": ("grande", 8),
    "modulo-a4": ("modulo", 1),
}


@pytest.fixture(scope="module")
def drawn() -> dict[str, bytes]:
    """Each document once."""
    return {}


@pytest.mark.parametrize("name", PAGES)
def test_the_page_looks_as_it_did(
    name: str, body: Body, content: Content, drawn: dict[str, bytes], tmp_path: Path
) -> None:
    document, page = PAGES[name]
    if document not in drawn:
        catalog, problems = read_content(body(changes(content)))
        assert catalog, problems
        drawn[document] = draw_pdf(html_of(document, catalog))
    new = picture(drawn[document], page, tmp_path / f"{name}.png")
    said = f"guarda {new} e, se va bene, copialo in {GOLDEN}"
    old = GOLDEN / f"{name}.png"
    assert old.exists(), said
    mean, patch = difference(Image.open(old), Image.open(new))
    assert mean < MEAN, said
    assert patch < PATCH, said


def test_a_line_more_is_seen(tmp_path: Path) -> None:
    """The measure is neither blind nor afraid of a dot."""
    page = Image.open(GOLDEN / "scheda-a4.png")
    width, height = page.size
    moved = ImageChops.offset(page, 0, 12)
    assert max(difference(page, moved)) > PATCH
    dotted = page.copy()
    dotted.putpixel((width // 2, height // 2), 128)
    assert difference(page, dotted)[1] < PATCH


def html_of(name: str, catalog: Catalog) -> str:
    formats = {"a4": A4, "a5": A5, "grande": LARGE}
    if name in formats:
        return carta_document(catalog, formats[name], SITE)
    if name == "scheda":
        return sheet_document(catalog, catalog.services["asilo-nido"], SITE)
    return form_document(catalog, catalog.forms["reclamo"], SITE)


def picture(pdf: bytes, page: int, path: Path) -> Path:
    """One page in grey, as it comes out of most printers."""
    command = ["pdftoppm", "-r", str(DPI), "-f", str(page), "-l", str(page), "-gray", "-singlefile"]
    done = subprocess.run([*command, "-png", "-"], input=pdf, capture_output=True, check=True)
    path.write_bytes(done.stdout)
    return path


def difference(old: Image.Image, new: Image.Image) -> tuple[float, float]:
    """How far two pages are from each other: the mean, and the worst patch of 8 × 8 dots."""
    if old.size != new.size:
        return 255.0, 255.0
    apart = ImageChops.difference(old.convert("L"), new.convert("L"))
    patches = apart.filter(ImageFilter.BoxBlur(4))
    return ImageStat.Stat(apart).mean[0], float(patches.getextrema()[1])  # type: ignore[arg-type]


def changes(content: Content) -> dict[str, Any]:
    """A body with two areas, a long sheet, a form."""
    sheet = content["content/services/asilo-nido.yml"]
    area = content["content/areas.yml"]["aree"][0]
    source = area["fonte"]
    second = area | {"id": "casa", "lettera": "B", "titolo": "Casa e lavoro", "colore": "#8a4b00"}
    question = {"tipo": "testo", "obbligatorio": True, "lunghezza_max": 80}
    form = {
        "id": "reclamo",
        "titolo": "Modulo di reclamo",
        "descrizione": "Serve a dire che cosa non va.",
        "anonimo": False,
        "campi": [
            question | {"id": "nome", "etichetta": "Nome e cognome"},
            {"id": "nato_il", "etichetta": "Nato il", "tipo": "data", "obbligatorio": True},
            question | {"id": "motivo", "etichetta": "Che cosa non va", "tipo": "testo_lungo"},
        ],
        "firma": True,
        "fonte": source,
        "aggiornato_il": "2026-01-01",
    }
    return {
        "content/areas.yml": {
            "aree": [area | {"citazione": {"testo": "Nessuno si salva da solo."}}, second]
        },
        "content/carta.yml": {"capitoli": [{"area": "famiglia"}, {"area": "casa"}]},
        "content/services/asilo-nido.yml": {
            "requisiti": [{"testo": "Avere da 3 a 36 mesi", "eta_min": 3, "eta_max": 36,
                           "unita_eta": "mesi"}],
            "costo": {"tipo": "tariffa", "testo": "Si paga una retta.", "tariffe": [
                {"voce": "Tempo pieno", "importo": 260, "unita": "al mese"},
                {"voce": "Mezza giornata", "importo": 180.5, "unita": "al mese"}]},
            "da_verificare": [{"campo": "costo", "motivo": "La retta è di tre anni fa."}],
        },
        "content/services/alloggio.yml": sheet | {
            "id": "alloggio", "titolo": "Alloggio temporaneo", "codice": "B1", "aree": ["casa"],
            "descrizione_breve": "Un tetto per chi lo ha perso.",
        },
        "content/forms/reclamo.yml": form,
    }  # fmt: skip
