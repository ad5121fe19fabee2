"""`carta-endpoint copia`: a copy of the database while it is in use, for a SQLite file.

What PostgreSQL needs for it (`pg_dump`) comes with PostgreSQL. The copy holds ciphertext, and is as
much to be kept as the file itself.
"""

import argparse
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from endpoint.context import CommandError, Context
from endpoint.settings import is_postgres

HELP = "fa una copia di sicurezza della base di dati, anche mentre il servizio riceve"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where the copy goes."""
    parser.add_argument("file", metavar="FILE", type=Path, help="il file della copia")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Write the copy, look whether it is sound, say how many submissions are in it."""
    database, target = context.settings.database, arguments.file.absolute()
    if is_postgres(database):
        raise CommandError("La base di dati è PostgreSQL: la copia si fa con «pg_dump».")
    if target == Path(database).absolute():
        raise CommandError(f"{target} è la base di dati stessa: scegli un altro nome.")
    kept = copy(Path(database), target)
    print(f"Copiati {kept} invii in {target}.")
    return 0


def copy(source: Path, target: Path) -> int:
    """Copy a SQLite database, durably; a copy of the same name stays until the new one is whole.

    Returns how many submissions are in it. Raises CommandError, OSError.
    """
    new = target.with_name(f"{target.name}.nuova")
    new.unlink(missing_ok=True)
    os.close(os.open(new, os.O_CREAT | os.O_EXCL, 0o600))
    try:
        address = f"{source.absolute().as_uri()}?mode=rw"
        with (
            closing(sqlite3.connect(address, uri=True)) as old,
            closing(sqlite3.connect(new)) as db,
        ):
            old.backup(db)
            sound = db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            kept: int = db.execute("SELECT count(*) FROM submission").fetchone()[0]
        if not sound:
            raise CommandError(f"{source} è danneggiata: riprendi una copia precedente.")
        new.replace(target)
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", type(error).__name__)
        raise CommandError(f"Non riesco a copiare {source} ({name}).") from None
    finally:
        new.unlink(missing_ok=True)
    _keep_name(target.parent)
    return kept


def _keep_name(folder: Path) -> None:
    """The name of a file is in its folder, which has to be written too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
