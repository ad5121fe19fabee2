"""The engine behind its door: the same bytes each time, nothing from outside, plain sentences."""

import hashlib
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.request import OpenerDirector

import pikepdf
import pytest
from tagged_pdf import TaggedPdf

from site_builder.errors import ContentError
from site_builder.pdf import draw_pdf
from site_builder.pdf_messages import in_italian

FONT = "site/assets/fonts/titillium-web-400.woff2"


def page(body: str, style: str = "", font: str = FONT) -> str:
    """A document with one font of the theme."""
    face = f'@font-face {{ font-family: "Prova"; src: url({font}); }}'
    own = f"html {{ font-family: Prova; hyphens: manual; }} {style}"
    head = f"<meta charset=utf-8><title>Prova</title><style>{face} {own}</style>"
    return f'<!doctype html><html lang="it"><head>{head}</head><body><h1>Titolo</h1>{body}</body>'


def refusal(html: str) -> str:
    """What is said of a document that cannot be drawn."""
    with pytest.raises(ContentError) as caught:
        draw_pdf(html)
    message = str(caught.value)
    assert message.startswith("Il PDF non si può disegnare: ")
    assert "Rimedio:" in message
    return message


def test_a_document_is_drawn_without_a_word() -> None:
    assert draw_pdf(page("<p>Testo.</p>")).startswith(b"%PDF-1.7")


@pytest.mark.slow
def test_the_same_text_gives_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    source = tmp_path / "prova.html"
    rows = "".join(
        f"<tr><th scope=row>{n}</th><td><a href='#x{n}'>{n}</a></td></tr>" for n in range(9)
    )
    marks = "".join(f"<p id=x{n}>Qui {n}</p>" for n in range(9))
    source.write_text(page(f"<table><tbody>{rows}</tbody></table>{marks}"), "utf-8")
    program = (
        "import sys; from pathlib import Path; from site_builder.pdf import draw_pdf;"
        "sys.stdout.buffer.write(draw_pdf(Path(sys.argv[1]).read_text('utf-8')))"
    )
    prints = {
        hashlib.sha256(
            subprocess.run(
                [sys.executable, "-c", program, str(source)],
                env=os.environ | {"PYTHONHASHSEED": seed},
                check=True,
                capture_output=True,
            ).stdout
        ).hexdigest()
        for seed in ("1", "2")
    }
    assert prints == {hashlib.sha256(draw_pdf(source.read_text("utf-8"))).hexdigest()}


@pytest.mark.parametrize(
    "body",
    [
        '<img src="https://example.org/foto.png" alt="Foto">',
        '<img src="http://127.0.0.1:9/foto.png" alt="Foto">',
        '<img src="ftp://example.org/foto.png" alt="Foto">',
        '<img src="file:///etc/hostname" alt="Foto">',
        '<img src="file://example.org/foto.png" alt="Foto">',
        '<img src="../README.md" alt="Foto">',
        '<img src="site/../../README.md" alt="Foto">',
        '<img src="%2e%2e/README.md" alt="Foto">',
        "<link rel=stylesheet href=https://example.org/stile.css>",
        "<style>@import url(https://example.org/stile.css);</style>",
    ],
)
def test_nothing_outside_the_theme_is_asked_for(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(OpenerDirector, "open", lambda self, request, **_: asked.append(request))
    html = page(body).replace(FONT, "no.woff2")
    assert "sta fuori dal tema" in refusal(html)
    assert [request.full_url.rpartition("/")[2] for request in asked] == ["no.woff2"]


def test_a_font_of_another_place_is_not_read() -> None:
    assert "«Prova»" in refusal(page("", font="https://example.org/f.woff2"))


def test_a_missing_font_is_named() -> None:
    assert "il carattere tipografico «Prova» non si può leggere" in refusal(
        page("", font="no.woff2")
    )


def test_a_broken_font_is_named() -> None:
    broken = "data:font/woff2;base64,d09GMnRoaXMgaXMgbm90IGEgZm9udA=="
    assert "«Prova»" in refusal(page("", font=broken))


def test_a_broken_picture_is_told() -> None:
    broken = '<img alt=x src="data:image/png;base64,AAAA">'
    assert "non si può leggere «data:" in refusal(page(broken))


def test_a_sign_that_no_font_of_the_theme_has_is_named() -> None:
    # A font of the machine might have the first one; nothing has the second.
    message = refusal(page("<p>Ecco: \u2603 e \U000e1234.</p>"))
    assert "U+2603" in message
    assert "U+E1234" in message


def test_a_hyphen_at_the_end_of_a_line_is_of_the_font_of_the_theme() -> None:
    word = "<p style='width: 3em; hyphens: auto'>assistenza</p>"
    assert "«‐» (U+2010)" in refusal(page(word))
    assert draw_pdf(page(word, style="html { hyphenate-character: '-' }"))


def test_a_picture_without_words_is_told_and_an_ornament_is_none() -> None:
    dot = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/%3E"
    assert "manca il testo per chi non la vede" in refusal(page(f'<img src="{dot}">'))
    drawn = draw_pdf(page(f'<p>Uno <img alt="" src="{dot}"> due</p>'))
    assert not TaggedPdf(drawn).of("Figure")


def test_a_jump_to_nowhere_is_told() -> None:
    assert "porta a «#mai»" in refusal(page('<a href="#mai">là</a>'))


def test_a_style_that_the_engine_does_not_know_is_told() -> None:
    assert "non capisce il foglio di stile" in refusal(page("", style="p { float: sopra }"))


def test_a_document_without_a_language_is_told() -> None:
    assert "in che lingua è" in refusal(page("").replace(' lang="it"', ""))


def test_a_message_that_nobody_knows_yet_is_quoted() -> None:
    assert in_italian("Whatever\n next").startswith("il motore di stampa dice «Whatever next».")


def test_pages_are_called_what_they_print() -> None:
    style = """
      @page a { counter-increment: leaf; @bottom-left { content: "B2-" counter(leaf) " · 3/2026" } }
      @page :nth(1 of a) { counter-reset: leaf }
      @page b { @bottom-right { content: "pagina " counter(page) " di " counter(pages) } }
      section { break-before: right }
    """
    body = (
        "<section style='page: a'><p>Uno</p><p style='break-before: page'>Due</p></section>"
        "<section style='page: b'><p>Tre</p></section>"
    )
    with pikepdf.open(BytesIO(draw_pdf(page(body, style)))) as drawn:
        labels = [str(label.P) for label in list(drawn.Root.PageLabels.Nums)[1::2]]
    assert labels == ["", "", "B2-1", "B2-2", "5"]
