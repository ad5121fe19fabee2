"""The only room that knows the PDF engine: a document as HTML in, the bytes of a PDF out."""

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from site_builder.errors import ContentError
from site_builder.pdf_boxes import Leaf, foreign_signs, prepare_tags, read_leaves, without_text
from site_builder.pdf_fields import add_fields
from site_builder.pdf_messages import in_italian, no_font_has, no_words_for
from site_builder.pdf_tags import mend
from site_builder.resources import resource_dir

try:
    with redirect_stdout(StringIO()):  # where it prints its own advice, in English
        import weasyprint  # type: ignore[import-untyped]  # the engine has no types
        from weasyprint.text.ffi import pango  # type: ignore[import-untyped]
        from weasyprint.urls import URLFetcher  # type: ignore[import-untyped]
except OSError as error:
    raise ContentError(
        "Mancano le librerie con cui si compongono le stampe. Rimedio: chiedi a chi amministra il "
        "sistema di installarle; su Debian: "
        "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    ) from error

# PDF/UA as far as the engine goes; what it leaves undone is mended afterwards.
_VARIANT = "pdf/ua-1"
_THEME = resource_dir("theme").resolve()
# It takes alt="" for a mistake; we look ourselves for pictures that say nothing.
_NO_ALT = "has no required alt description"


def draw_pdf(html: str, fillable: bool = False) -> bytes:
    """Draw a whole document, whose style stands in it, as a tagged PDF.

    The same HTML gives the same bytes. `fillable` makes fields of its form controls. Only files of
    the theme are read: no address outside is ever asked for. Raises ContentError for a font or a
    picture that cannot be read, a sign that no font of the theme has, a jump to nowhere, a
    picture without words.
    """
    with _without_collector():
        drawn, leaves = _draw(html, fillable)
        gc.collect()  # the boxes are done with: what follows needs their room
        mended = mend(drawn, leaves)
        return add_fields(mended, html) if fillable else mended


def engine() -> str:
    """What sets the lines and shapes the letters, with its versions: others may break otherwise."""
    packages = ("weasyprint", "pydyf", "pyphen", "tinycss2", "cssselect2", "tinyhtml5", "fonttools")
    versions = [f"{name} {version(name)}" for name in (*packages, "pillow", "pikepdf")]
    return ", ".join([*versions, f"pango {pango.pango_version()}"])


def _draw(html: str, fillable: bool) -> tuple[bytes, list[Leaf]]:
    """What the engine makes of a document, and the label that stands on each page."""
    with _heard() as heard:
        source = weasyprint.HTML(string=html, base_url=_THEME.as_uri() + "/", url_fetcher=_Theme())
        document = source.render(pdf_variant=_VARIANT, pdf_forms=fillable)
        prepare_tags(document)
        drawn = document.write_pdf(pdf_variant=_VARIANT, pdf_forms=fillable)
    said = [in_italian(message) for message in heard if _NO_ALT not in message]
    said += [no_words_for(picture) for picture in without_text(document)]
    if signs := foreign_signs(document, html):
        said.append(no_font_has(signs))
    if said:
        raise ContentError("Il PDF non si può disegnare: " + "; ".join(dict.fromkeys(said)) + ".")
    return drawn, read_leaves(document)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Leave garbage alone meanwhile: the boxes of a document all live until it is written.

    Looking through them again and again costs a sixth of the time (docs/prestazioni.md).
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Theme(URLFetcher):  # type: ignore[misc]  # the engine has no types
    """Gives the engine the files of the theme and the data that stand in an address."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("file", "data"), allow_redirects=False)

    def fetch(self, url: str, headers: Any = None) -> Any:
        parts = urlsplit(url)
        if parts.scheme == "data":
            return super().fetch(url, headers)
        path = Path(url2pathname(parts.path)).resolve()
        if parts.scheme != "file" or parts.netloc or not path.is_relative_to(_THEME):
            raise ValueError("sta fuori dal tema")
        return super().fetch(url, headers)


@contextmanager
def _heard() -> Iterator[list[str]]:
    """What the engine complains of: it goes on where we would rather stop."""
    heard: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record.getMessage())

    listener, log = Listener(logging.WARNING), logging.getLogger("weasyprint")
    log.addHandler(listener)
    try:
        yield heard
    finally:
        log.removeHandler(listener)
