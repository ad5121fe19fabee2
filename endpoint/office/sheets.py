"""Tables for a spreadsheet, in which nothing that a citizen wrote is ever a formula.

endpoint/apri/src/sheets.js writes the same cells: change both.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

Rows = Iterable[Sequence[str]]

# What a spreadsheet reads as the beginning of a formula, also behind blanks that nobody sees; and
# the apostrophe itself before those, so that it can be taken off again.
_FORMULA = re.compile(r"'*(?:[\t\r\n]|[ \xa0\u2000-\u200f\u2060\u3000\ufeff]*[=+\-@＝＋－＠])")
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLANKS = re.compile(r"^ +| {2,}| +$")
_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_NS = "urn:oasis:names:tc:opendocument:xmlns:"
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<manifest:manifest xmlns:manifest="{_NS}manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_MIME}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>\n"
)
# Cells have the format «text»: touched and left again, a phone is still a phone.
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content'
    + "".join(f' xmlns:{n}="{_NS}{n}:1.0"' for n in ("office", "style", "text", "table"))
    + f' xmlns:number="{_NS}datastyle:1.0" xmlns:fo="{_NS}xsl-fo-compatible:1.0"'
    ' office:version="1.3"><office:automatic-styles>'
    '<number:text-style style:name="N1"><number:text-content/></number:text-style>'
    '<style:style style:name="larga" style:family="table-column">'
    '<style:table-column-properties style:column-width="5cm"/></style:style>'
    '<style:style style:name="testo" style:family="table-cell" style:data-style-name="N1">'
    '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/>'
    "</style:style></office:automatic-styles>"
    '<office:body><office:spreadsheet><table:table table:name="Invii">'
)
_TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>\n"


def csv_cell(text: str) -> str:
    """A text as a cell of a CSV file: quoted, and with an apostrophe if it began a formula."""
    shown = f"'{text}" if _FORMULA.match(text) else text
    return '"' + shown.replace('"', '""') + '"'


def to_csv(rows: Rows) -> bytes:
    """The rows for an Italian spreadsheet: semicolons, UTF-8 with its mark, lines end in CRLF."""
    text = "".join(";".join(map(csv_cell, row)) + "\r\n" for row in rows)
    return ("\ufeff" + text).encode("utf-8", "replace")


def to_ods(rows: Rows) -> bytes:
    """The rows as an OpenDocument spreadsheet in which every cell is a text.

    What XML cannot carry (control characters) becomes U+FFFD.
    """
    given = list(rows)
    columns = '<table:table-column table:style-name="larga"/>' * len(given[0])
    lines = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in given
    )
    parts = {
        "mimetype": _MIME,  # first, and not compressed: that is how the kind of file is told
        "META-INF/manifest.xml": _MANIFEST,
        "content.xml": _HEAD + columns + lines + _TAIL,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name)  # always of 1980: equal rows give equal bytes
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, text, kind)
    return file.getvalue()


def _ods_cell(text: str) -> str:
    if not text:
        return "<table:table-cell/>"
    clean = escape(_NOT_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n")))
    lines = "".join(f"<text:p>{_ods_line(line)}</text:p>" for line in clean.split("\n"))
    return (
        '<table:table-cell table:style-name="testo" office:value-type="string">'
        f"{lines}</table:table-cell>"
    )


def _ods_line(line: str) -> str:
    blanks = _BLANKS.sub(lambda found: "<text:s/>" * len(found[0]), line)
    return blanks.replace("\t", "<text:tab/>")
