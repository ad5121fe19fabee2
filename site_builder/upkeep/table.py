"""Tables of the staff for a spreadsheet, in which no text is ever a formula.

As those of the office that receives forms: semicolons, UTF-8 with its mark, lines end in CRLF.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

# What a spreadsheet reads as the beginning of a formula, also behind blanks that nobody sees.
_FORMULA = re.compile(r"'*(?:[\t\r\n]|[ \xa0\u2000-\u200f\u2060\u3000\ufeff]*[=+\-@＝＋－＠])")


def to_csv(head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    """The rows under their heads; a text that began a formula gets an apostrophe in front."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([head, *(map(_safe, map(str, row)) for row in rows)])
    return f"\ufeff{file.getvalue()}"


def _safe(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text
