"""The figures of a year, written where the site reads them."""

import argparse
from pathlib import Path

from endpoint.context import CommandError, Context
from endpoint.figures.statistics import Data, figures, left_out
from endpoint.figures.yaml import dump
from endpoint.web.serving import is_trial

HELP = "scrive i numeri dell'anno, da pubblicare sul sito"
_HEAD = (
    "# yaml-language-server: $schema=../../schemas/figures.json\n"
    "# Scritto da «carta-endpoint statistiche»: non si corregge a mano.\n"
)
_DAY = "aggiornato_il: "


def arguments(parser: argparse.ArgumentParser) -> None:
    """The year, and where the file goes."""
    parser.add_argument("--anno", type=int, required=True, help="di quale anno, per esempio 2026")
    parser.add_argument(
        "--output", type=Path, required=True, metavar="CARTELLA",
        help="dove va il file <anno>-reclami.yml: di solito content/results/",
    )  # fmt: skip
    parser.add_argument(
        "--sostituisci", action="store_true", help="scrivi anche sopra un file che dice altro"
    )


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Write the file; 1 if the year is not over, which is shown and not written."""
    year = arguments.anno
    counters = context.store.counters(year) if 2000 <= year <= context.today.year else {}
    if not counters:
        raise CommandError(f"Nel {year} non è stato contato niente: controlla l'anno.")
    data = figures(counters, context.forms, year, context.today)
    if is_trial(context.environ):
        data["di_prova"] = True
    for form in left_out(counters, context.forms):
        print(f"Il modulo «{form}» non c'è più fra quelli compilati: i suoi numeri restano fuori.")
    text = _HEAD + dump(data)
    if year == context.today.year:
        print(text, end="")
        print(
            f"Il {year} non è finito: ecco i numeri di oggi per l'ufficio, senza scrivere il file."
            " Due edizioni dello stesso anno, sottratte, direbbero i numeri nascosti: il file si"
            f" scrive dal 1º gennaio {year + 1}."
        )
        return 1
    _write(arguments.output, f"{year}-reclami.yml", text, arguments.sostituisci)
    _tell(data)
    return 0


def _write(folder: Path, name: str, text: str, replace: bool) -> None:
    file = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    old = file.read_text("utf-8") if file.exists() else ""
    if _without_day(old) == _without_day(text):
        print(f"{file} dice già questo: non lo tocco.")
        return
    if old and not replace:
        raise CommandError(
            f"{file} c'è già e dice altro. Se è già pubblicato, le due edizioni sottratte possono"
            " dire i numeri nascosti: lascia la prima. Altrimenti aggiungi --sostituisci."
        )
    draft = file.with_suffix(".tmp")
    draft.write_text(text, "utf-8")
    draft.replace(file)
    print(f"Scritto {file}. Ora «carta check», poi si pubblica il sito.")


def _without_day(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith(_DAY)]


def _tell(data: Data) -> None:
    for module in data["moduli"]:
        rows = [row["numero"] for table in module["tabelle"] for row in table["voci"]]
        hidden = sum(isinstance(number, str) for number in rows)
        print(f"{module['titolo']}: {module['totale']} ({hidden} numeri nascosti).")
