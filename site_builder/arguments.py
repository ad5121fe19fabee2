"""The words of the command line: in Italian, and read as what they stand for."""

import argparse
import re
from pathlib import Path

_WEB = re.compile(r"https?://[\w.-]+(:\d+)?(/[^\s?#]*)?")


def address(written: str) -> str:
    """The address of a site, with a slash at its end."""
    if not _WEB.fullmatch(written.strip()):
        raise argparse.ArgumentTypeError(
            f"«{written}» non è l'indirizzo di un sito: scrivilo intero, come https://carta.example.it/"
        )
    return written.strip().rstrip("/") + "/"


def signature(written: str) -> int:
    """The most pages of a signature: four on each sheet."""
    if not written.isdecimal() or int(written) < 4 or int(written) % 4:
        raise argparse.ArgumentTypeError(
            f"«{written}» non va bene: ogni foglio porta quattro pagine, scegli 4, 8, 12, 16 …"
        )
    return int(written)


def thickness(written: str) -> float:
    """The thickness of a sheet in millimetres, with a decimal comma or point."""
    try:
        value = float(written.replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(
            f"«{written}» non va bene: lo spessore di un foglio è in millimetri, come 0,1"
        )
    return value


def add_print_options(parser: argparse.ArgumentParser) -> None:
    """The options of `carta pdf`: which print, how, and where to."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--formato", choices=("a4", "a5"), help="solo la Carta, in questo formato")
    which.add_argument("--caratteri-grandi", action="store_true", help="solo la Carta a 18 punti")
    which.add_argument("--libretto", action="store_true", help="solo il libretto: A5 su fogli A4")
    which.add_argument("--scheda", metavar="ID", help="solo una scheda")
    which.add_argument("--modulo", metavar="ID", help="solo un modulo da compilare")
    which.add_argument(
        "--fogli-modificati", metavar="DAL",
        help="solo i fogli cambiati da una data, un'edizione o una revisione",
    )  # fmt: skip
    parser.add_argument(
        "--segna-modifiche", action="store_true",
        help="con --fogli-modificati: una riga a margine di ciò che è cambiato",
    )  # fmt: skip
    parser.add_argument(
        "--segnatura", type=signature, metavar="PAGINE", help="con --libretto: pagine a fascicolo"
    )
    parser.add_argument(
        "--spessore", type=thickness, metavar="MM", help="con --libretto: del foglio, in mm (0,1)"
    )
    parser.add_argument(
        "--indirizzo", type=address, metavar="URL", help="del sito, per codici QR e collegamenti"
    )
    parser.add_argument(
        "--output", type=Path, metavar="DOVE", help="cartella, o il file di una stampa sola (build)"
    )


def add_export_options(parser: argparse.ArgumentParser, usual: str) -> None:
    """The options of `carta export`: where to (`usual` if not said), the address of the site."""
    parser.add_argument("--output", type=Path, metavar="CARTELLA", help=f"dove scrivere ({usual})")
    parser.add_argument("--indirizzo", type=address, metavar="URL", help="del sito")


def year(written: str) -> int:
    """A year in four figures."""
    if not re.fullmatch("[12][0-9]{3}", written.strip()):
        raise argparse.ArgumentTypeError(f"«{written}» non è un anno: scrivilo come 2025")
    return int(written)


def days(written: str) -> int:
    """A number of days, from none to ten years."""
    if not re.fullmatch("[0-9]{1,4}", written.strip()) or int(written) > 3660:
        raise argparse.ArgumentTypeError(
            f"«{written}» non è un numero di giorni: scrivilo in cifre, come 30"
        )
    return int(written)


def add_report_options(parser: argparse.ArgumentParser) -> None:
    """The options of `carta report annuale`: of which year, where to, the address of the site."""
    parser.add_argument("--anno", type=year, required=True, metavar="ANNO", help="di quale anno")
    parser.add_argument(
        "--indirizzo", type=address, metavar="URL", help="del sito, per codice QR e collegamenti"
    )
    parser.add_argument(
        "--output", type=Path, metavar="DOVE", help="cartella, o il file PDF (build)"
    )


def add_init_options(parser: argparse.ArgumentParser) -> None:
    """The options of `carta init`: what it would ask."""
    for option, metavar, said in (
        ("--nome", "NOME", "dell'ente"),
        ("--nome-breve", "NOME", "dell'ente, in breve (lo stesso)"),
        ("--appartenenza", "ENTE", "la Regione o l'ente di cui fa parte"),
        ("--comune", "COMUNE", "«Nome, ISTAT, CAP, PROVINCIA», il capofila per primo (si ripete)"),
        ("--area", "TITOLO", "un'area della Carta (si ripete)"),
        ("--sportello", "NOME", "il primo sportello o ufficio, sede dell'ente"),
    ):
        parser.add_argument(option, action="append", default=[], metavar=metavar, help=said)


def wants_one(arguments: argparse.Namespace) -> bool:
    """Whether the options of `carta pdf` choose one print; otherwise all are meant."""
    named = (arguments.formato, arguments.scheda, arguments.modulo, arguments.fogli_modificati)
    return (
        arguments.caratteri_grandi
        or arguments.libretto
        or any(option is not None for option in named)
    )


def contradiction(arguments: argparse.Namespace) -> str:
    """What in the options of `carta pdf` has no sense; empty if all has."""
    if arguments.segna_modifiche and arguments.fogli_modificati is None:
        return "--segna-modifiche: ci vuole anche --fogli-modificati"
    for option in ("segnatura", "spessore"):
        if getattr(arguments, option) is not None and not arguments.libretto:
            return f"--{option}: ci vuole anche --libretto"
    if arguments.output and arguments.output.suffix.lower() == ".pdf" and not wants_one(arguments):
        return "--output: per tutte le stampe ci vuole una cartella, non un file"
    return ""
