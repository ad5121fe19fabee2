"""The monthly list of a provider: the complaints it received, as counters.

A CSV as Excel saves it («;» or «,», with or without BOM, UTF-8 or the Western code page), read
strictly: all that is wrong is said at once, and then nothing is counted.
"""

import csv
import hashlib
import io
from collections.abc import Sequence
from datetime import date

from endpoint.cases.counting import counted
from endpoint.cases.steps import OUTCOMES
from endpoint.figures.importing_rows import COLUMNS, Row, RowReader
from endpoint.figures.statistics import IMPORTED
from endpoint.forms.definition import Definition

_BIGGEST = 1_000_000  # bytes


class BadList(ValueError):
    """A list that cannot be read; `args` are Italian sentences, each with its line."""


def read_list(raw: bytes, form: Definition, today: date) -> list[Row]:
    """The rows of a list. Raises BadList with all that is wrong."""
    lines = _lines(raw)
    header, problems = _header(*lines[0])
    if problems:
        raise BadList(*problems)
    fields = counted(form)
    known = {name: field.label_of if field else {} for name, field in fields.items()}
    rows: list[Row] = []
    seen: dict[tuple[object, ...], int] = {}
    for number, cells in lines[1:]:
        while len(cells) > len(header) and not cells[-1]:  # Excel keeps what was emptied
            cells.pop()
        reader = RowReader(number, dict(zip(header, cells, strict=False)), known, today)
        row = reader.row(len(cells) - len(header))
        problems += reader.problems
        if row and seen.setdefault(row.kind, number) != number:
            problems.append(
                f"Riga {number}: dice lo stesso della riga {seen[row.kind]}. Tienine una sola, con"
                " la somma dei numeri."
            )
        rows += [row] if row else []
    if problems:
        raise BadList(*problems)
    if not rows:
        raise BadList("Il file ha solo l'intestazione: sotto, una riga per ogni gruppo di reclami.")
    return rows


def marks(rows: Sequence[Row], provider: str) -> list[str]:
    """The counters that say, in each month, that this list of this provider was read."""
    text = repr((provider.casefold(), sorted(map(repr, rows))))
    digest = hashlib.sha256(text.encode()).hexdigest()[:32]
    return [f"{month:%Y-%m}|{IMPORTED}|{digest}" for month in sorted({row.month for row in rows})]


def example(form: Definition, today: date) -> str:
    """A list to be filled in, with words that the form knows, as Excel opens it."""
    known = [field.label_of if field else {} for field in counted(form).values()]
    comune, service, category = (next(iter(words.values()), "") for words in known)
    month = f"{today:%Y-%m}"
    rows = [COLUMNS, (month, service, comune, category, OUTCOMES[0], "sì", "2"),
            (month, service, comune, category, "", "", "1")]  # fmt: skip
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _lines(raw: bytes) -> list[tuple[int, list[str]]]:
    """The rows that are not empty, with their line in the file. Raises BadList."""
    if len(raw) > _BIGGEST or b"\0" in raw:
        raise BadList("Il file non è un CSV: da Excel, «Salva con nome» e «CSV UTF-8».")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")  # Excel's plain «CSV»
    first = text.lstrip().split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",",
                        strict=True)  # fmt: skip
    found = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((reader.line_num, [" ".join(cell.split()) for cell in cells]))
    except csv.Error:
        raise BadList(
            f"Riga {reader.line_num}: le virgolette non tornano. Togli le virgolette dal testo."
        ) from None
    if not found:
        raise BadList("Il file è vuoto. «carta-endpoint importa --esempio» ne stampa uno.")
    return found


def _header(line: int, cells: Sequence[str]) -> tuple[list[str], list[str]]:
    """The names of the columns, and what is wrong with them."""
    names = [cell.lower().replace(" ", "_") for cell in cells]
    while names and not names[-1]:
        names.pop()
    wanted = ", ".join(COLUMNS)
    problems = [f"Riga {line}: manca la colonna «{name}»." for name in COLUMNS if name not in names]
    problems += [
        f"Riga {line}: non c'è nessuna colonna «{name}»: toglila. Le colonne sono {wanted}."
        for name in dict.fromkeys(names) if name not in COLUMNS
    ]  # fmt: skip
    problems += [
        f"Riga {line}: la colonna «{name}» c'è due volte: tienine una."
        for name in COLUMNS if names.count(name) > 1
    ]  # fmt: skip
    return names, problems
