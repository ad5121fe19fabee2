"""The archive of editions: what may lie there, what the page says of it, how one is put there."""

import hashlib
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from bs4 import BeautifulSoup

from site_builder import views, views_news
from site_builder.archive import archive
from site_builder.beside import Beside
from site_builder.check import check_content
from site_builder.cli import main
from site_builder.documents import iter_strays
from site_builder.errors import ContentError
from site_builder.prints import Print
from site_builder.rules.texts import _contact
from site_builder.site import compose
from site_builder.templating import render
from tests.bodies import BODIES, DAY, catalog_of, good_catalog
from tests.conftest import Body, Content

FILE = "content/editions/2024.yml"
PDF = "content/editions/2024.pdf"
CARTA = "content/carta.yml"


def a_pdf(pages: int = 1, **options: object) -> bytes:
    out = BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page()
        made.save(out, deterministic_id="encryption" not in options, **options)  # type: ignore[arg-type]
    return out.getvalue()


DRAWN = a_pdf(3)
EDITION = {
    "id": "2024",
    "titolo": "Carta dei Servizi",
    "versione": "seconda edizione",
    "atto_approvazione": {
        "tipo": "Deliberazione", "numero": 12, "data": "2022-01-10",
        "url": "https://atti.example.it/12",
    },
    "valida_dal": "2022-02-01",
    "valida_al": "2024-12-31",
    "sha256": hashlib.sha256(DRAWN).hexdigest(),
    "archiviata_il": "2025-01-02",
}  # fmt: skip


def kept(**change: object) -> Content:
    told = {key: value for key, value in {**EDITION, **change}.items() if value is not None}
    return {FILE: told, PDF: DRAWN}


def rules(folder: Path, today: date) -> list[tuple[str, int, str, str]]:
    return [(p.path, p.line, p.level, p.rule) for p in check_content(folder, today)[1]]


def test_an_edition_with_its_pdf_is_right(body: Body, today: date) -> None:
    folder = body(kept())
    assert rules(folder, today) == []
    (old,) = good_catalog(folder, today).editions.values()
    assert (old.pdf, old.valida_al) == ("archivio/2024.pdf", date(2024, 12, 31))


def test_a_sum_with_the_digits_of_a_phone_is_no_phone(body: Body, today: date) -> None:
    files = (DRAWN + f"%{number}\n".encode() for number in range(1000))
    pdf = next(data for data in files if _contact(hashlib.sha256(data).hexdigest()))
    folder = body({**kept(sha256=hashlib.sha256(pdf).hexdigest()), PDF: pdf})
    assert rules(folder, today) == []


@pytest.mark.parametrize(
    ("pdf", "line", "rule", "said"),
    [
        (None, 1, "pdf-mancante", "git checkout HEAD -- content/editions/2024.pdf"),
        (a_pdf(4), 11, "pdf-cambiato", "Rimetti quello di prima"),
        (DRAWN + b"\n", 11, "pdf-cambiato", hashlib.sha256(DRAWN + b"\n").hexdigest()),
        (b"version https://git-lfs\n", 1, "pdf-illeggibile", "intero e senza parola d'ordine"),
        (DRAWN[:100], 1, "pdf-illeggibile", "Rimetti il PDF"),
        (a_pdf(encryption=pikepdf.Encryption(user="x", owner="y")), 1, "pdf-illeggibile", "senza"),
        (b"", 1, "pdf-illeggibile", "Rimetti il PDF"),
    ],
)
def test_a_pdf_that_is_not_the_one_kept(
    body: Body, today: date, pdf: bytes | None, line: int, rule: str, said: str
) -> None:
    _, problems = check_content(body({**kept(), PDF: pdf}), today)
    assert [(p.path, p.line, p.level, p.rule) for p in problems] == [(FILE, line, "errore", rule)]
    assert said in problems[0].hint


def test_a_pdf_that_nobody_describes(body: Body) -> None:
    folder = body({PDF: DRAWN, "content/editions/2020.pdf": DRAWN})
    (folder / "content/editions/2020.yaml").write_text("id: '2020'\n")
    assert [(p.path, p.rule) for p in iter_strays(folder)] == [(PDF, "file-fuori-posto")]


def page(folder: Path, today: date, files: Beside) -> BeautifulSoup:
    site = compose(good_catalog(folder, today), today, frozenset(), beside=files)
    (found,) = [page for page in site.pages if page.url == "archivio/"]
    assert not found.listed  # search engines would take an old promise for one that holds
    return BeautifulSoup(found.body, "html.parser")


def test_the_page_tells_each_edition(body: Body, today: date) -> None:
    edition = {"versione": "terza", "valida_dal": "2025-01-01"}
    older = {**EDITION, "id": "2019", "valida_dal": None, "valida_al": "2019-12-31",
             "atto_approvazione": None, "versione": None}  # fmt: skip
    older["da_verificare"] = [{"campo": "valida_al", "motivo": "Sulla copia non si legge bene."}]
    older = {key: value for key, value in older.items() if value is not None}
    more = {"content/editions/2019.yml": older, "content/editions/2019.pdf": DRAWN}
    folder = body({CARTA: {"edizione": edition}} | kept() | more)
    sizes = {"archivio/2024.pdf": Print(1_400_000, 3), "archivio/2019.pdf": Print(700, 1)}
    shown = page(folder, today, Beside(editions=sizes))
    assert [heading["id"] for heading in shown.find_all("h3")] == ["e-2024", "e-2019"]
    newer, old = (" ".join(s.get_text(" ").split()) for s in shown.select("section section"))
    assert "dal 1º febbraio 2022 al 31 dicembre 2024" in newer
    assert "Deliberazione n. 12 del 10 gennaio 2022" in newer
    assert "non più in vigore, valida fino al 31 dicembre 2024 (PDF, 3 pagine, 1,4 MB)" in newer
    assert "Approvata con La Carta non lo indica." in old
    assert "Sulla copia non si legge bene." in old
    assert "fino al 31 dicembre 2019 (PDF, 1 pagina, 1 kB)" in old
    assert [a["href"] for a in shown.select("a[type]")] == [f"/{name}" for name in sizes]
    standing = shown.find(id="in-vigore").parent.get_text(" ")  # type: ignore[union-attr]
    assert "terza" in standing
    assert "dal 1º gennaio 2025" in standing


def test_what_holds_is_not_called_past(body: Body, today: date) -> None:
    folder = body({CARTA: {"edizione": {"versione": "seconda edizione"}}} | kept())
    shown = page(folder, today, Beside(editions={"archivio/2024.pdf": Print(700, 1)})).get_text()
    assert "La stessa edizione di questo sito, come era il 2 gennaio 2025" in shown
    assert "Edizione non più in vigore" not in shown


@pytest.mark.parametrize(
    ("edition", "holds", "expired"),
    [
        ({"valida_dal": "2025-01-01"}, True, False),
        ({"valida_dal": "2025-01-01", "valida_al": "2026-11-21"}, True, False),
        ({"valida_dal": "2025-01-01", "valida_al": "2026-11-20"}, False, True),
        ({"valida_dal": "2025-01-01", "avviso": "Documento storico."}, False, False),
        ({}, False, False),  # nobody says from when
    ],
)
def test_an_edition_is_said_to_hold_only_where_that_is_known(
    body: Body, today: date, edition: Content, holds: bool, expired: bool
) -> None:
    shown = page(body({CARTA: {"edizione": edition}}), today, Beside()).get_text()
    assert ("L'edizione in vigore" in shown) == holds
    assert ("chiedi all'ufficio se vale ancora" in shown) == expired


@pytest.mark.parametrize("name", BODIES)
def test_nothing_in_the_archive_is_said(name: str) -> None:
    catalog = catalog_of(name)
    assert catalog.editions == {}
    view = views.common(catalog, DAY) | views_news.archive(catalog, Beside(), DAY)
    body = render("pages/archive.html", **view)
    assert "non c'è ancora nessuna edizione passata" in body
    assert f'href="/uffici/{catalog.carta.ente.sede}/"' in body
    assert "pdf" not in body


@pytest.fixture
def put_away(body: Body, today: date) -> Callable[..., Path]:
    def put(edition: Content | None = None, id: str = "") -> Path:
        folder = body({CARTA: {"edizione": edition or {}}})
        return archive(good_catalog(folder, today), folder, id, "", today)

    return put


def test_an_id_that_is_none(put_away: Callable[..., Path], tmp_path: Path) -> None:
    for id in ("Perché no", "../x", "a" * 61):
        with pytest.raises(ContentError, match="non può essere un id"):
            put_away(id=id)
    assert not (tmp_path / "content" / "editions").exists()


@pytest.mark.parametrize("there", ["prova.pdf", "prova.yml", "prova.yaml"])
def test_nothing_is_written_over(put_away: Callable[..., Path], body: Body, there: str) -> None:
    path = body({f"content/editions/{there}": "x"}) / "content/editions" / there
    path.unlink()  # the body is whole while it is read
    folder = body()
    catalog = good_catalog(folder, date(2026, 11, 21))
    path.write_text("x")
    with pytest.raises(ContentError, match="non si riscrive"):
        archive(catalog, folder, "prova", "", date(2026, 11, 21))
    assert [p.name for p in path.parent.iterdir()] == [there]
    assert path.read_text() == "x"


@pytest.mark.slow
def test_what_is_put_away_is_right_and_published(
    body: Body, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the command to the site: the same bytes, with what the Carta says of itself."""
    edition = {
        "titolo": 'Carta "di prova": 2ª', "versione": "2ª (2025)", "valida_dal": "2025-01-01",
        "valida_al": "2026-12-31",
        "atto_approvazione": {"tipo": "Delibera: C.C.", "numero": "7/2025", "data": "2024-12-20"},
    }  # fmt: skip
    # The day is that of the clock, for the command and for the site.
    config = {"mkdocs.yml": {"plugins": [{"carta": {"prints": False}}]}}
    house = {
        "id": "casa", "nome": "Casa protetta", "tipo": "struttura", "riservata": True,
        "fonte": {"documento": "carta-prova", "riga": 1}, "aggiornato_il": "2026-01-01",
    }  # fmt: skip
    folder = body({CARTA: {"edizione": edition}, "content/contacts/casa.yml": house} | config)
    assert main(["archive", str(folder)]) == 0
    said = capsys.readouterr().out
    path = folder / "content" / "editions" / "2a-2025.pdf"
    assert f"Scritti {path} e 2a-2025.yml: da ora non si cambiano." in said
    drawn = path.read_bytes()
    (old,) = good_catalog(folder, date.today()).editions.values()
    assert (old.titolo, old.versione, old.valida_al) == (
        'Carta "di prova": 2ª', "2ª (2025)", date(2026, 12, 31)
    )  # fmt: skip
    assert old.sedi_riservate_controllate == ("casa",)  # no print can say where it is
    assert old.atto_approvazione
    assert (old.atto_approvazione.tipo, old.atto_approvazione.numero) == (
        "Delibera: C.C.",
        "7/2025",
    )
    assert old.sha256 == hashlib.sha256(drawn).hexdigest()
    assert main(["archive", str(folder)]) == 1
    assert "non si riscrive" in capsys.readouterr().err
    output = folder / "build" / "site"
    assert main(["build", str(folder), "--output", str(output)]) == 0
    assert (output / "archivio" / "2a-2025.pdf").read_bytes() == drawn
    html = (output / "archivio" / "index.html").read_text("utf-8")
    assert '<meta name="robots" content="noindex">' in html
    (link,) = BeautifulSoup(html, "html.parser").select('a[type="application/pdf"]')
    assert (output / "archivio" / str(link["href"])).resolve() == output / "archivio/2a-2025.pdf"
    assert "pagine" in link.get_text()
    # And every page says that there is a feed.
    (feed,) = BeautifulSoup(html, "html.parser").select('link[type="application/atom+xml"]')
    assert (output / "archivio" / str(feed["href"])).resolve() == output / "novita.xml"
    assert "messa in archivio" in (output / "novita.xml").read_text("utf-8")
