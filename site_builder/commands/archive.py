"""`carta archive`: the editions that are kept."""

import argparse
from datetime import date

from site_builder.arguments import address
from site_builder.commands.shared import Commands, runs, site_url


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    kept = commands.add_parser("archive", help="mette in archivio l'edizione che sta per finire")
    kept.add_argument("--id", default="", metavar="ID", help="nome nell'archivio (dalla versione)")
    kept.add_argument("--indirizzo", type=address, metavar="URL", help="del sito, per i codici QR")
    runs(kept, _archive)


def _archive(arguments: argparse.Namespace) -> int:
    from site_builder.archive import archive
    from site_builder.check import load_checked

    catalog, _ = load_checked(arguments.dir, date.today())
    path = archive(catalog, arguments.dir, arguments.id, site_url(arguments), date.today())
    print(f"Scritti {path} e {path.with_suffix('.yml').name}: da ora non si cambiano.")
    if not catalog.carta.edizione.valida_al:
        print(f"Quando l'edizione finisce, aggiungi «valida_al» in {path.with_suffix('.yml')}.")
    print("Quando esce la nuova, scrivi versione, atto e date in content/carta.yml, «edizione».")
    return 0
