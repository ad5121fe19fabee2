"""The machine: settings, disk, database, clock."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from endpoint import disks
from endpoint.cases.days import ZONE
from endpoint.context import Context
from endpoint.doctor.finding import ERROR, FINE, WARNING, Finding
from endpoint.settings import is_postgres
from endpoint.web.serving import MOUNTS, is_trial, refuse_short_lived

_SLOW_MS, _TOO_QUICK_MS = 50, 0.01
_CLOCK_MAY_DIFFER = 300  # seconds


def settings(context: Context) -> Iterator[Finding]:
    """The settings, which could be read."""
    found, name = context.settings, "impostazioni"
    yield Finding(name, FINE, f"Chiavi pubbliche: {len(found.recipients)}. Il segreto è lungo.")
    if len(found.secrets) > 1:
        yield Finding(
            name, WARNING, "Valgono due segreti.",
            "Due giorni dopo il cambio togli CARTA_SECRET_OLD.",
        )  # fmt: skip
    if is_trial(context.environ):
        yield Finding(
            name, WARNING, "È una prova (CARTA_PROVA): i dati possono andare persi.",
            "Prima di ricevere moduli veri togli CARTA_PROVA.",
        )  # fmt: skip


def disk(context: Context) -> Iterator[Finding]:
    """Where the database stands, how quick and how full that disk is."""
    database = context.settings.database
    if is_postgres(database):
        yield Finding("disco", FINE, "I dati stanno in PostgreSQL: il disco lo guarda chi lo cura.")
        return
    path = Path(database).absolute()
    refuse_short_lived(context.environ, database)
    kind = disks.kind_of_disk(path, MOUNTS.read_text("utf-8")) if MOUNTS.exists() else "sconosciuto"
    yield Finding("disco", FINE, f"I dati stanno in {path}, su un disco di tipo «{kind}».")
    yield _speed(disks.sync_ms(path.parent))
    yield _space(disks.room(path.parent))
    if path.exists() and path.stat().st_mode & 0o077:
        yield Finding(
            "disco", WARNING, f"Altri utenti della macchina possono leggere {path}.",
            f"Esegui «chmod 600 {path}».",
        )  # fmt: skip


def _speed(ms: float) -> Finding:
    said = f"Per mettere al sicuro una pagina ci vogliono {ms:.2f} ms."
    if ms > _SLOW_MS:
        return Finding("disco", WARNING, said, "È lento: usa un disco della macchina, non di rete.")
    if ms < _TOO_QUICK_MS:
        cure = "È troppo poco: forse il disco non scrive davvero. Chiedi a chi lo gestisce."
        return Finding("disco", WARNING, said, cure)
    return Finding("disco", FINE, said)


def _space(room: disks.Room) -> Finding:
    said = f"È libero il {room.share:.0%} del disco ({room.bytes / 1e9:.1f} GB)."
    if room.is_low:
        return Finding("disco", ERROR, said, "Libera spazio: /salute risponde già 503.")
    if room.share < disks.FEWEST_FREE:
        return Finding("disco", WARNING, said, "Libera spazio prima che finisca.")
    return Finding("disco", FINE, said)


def database(context: Context) -> Iterator[Finding]:
    """Whether it can be written."""
    context.store.check()
    count = sum(1 for _ in context.store.cases())
    yield Finding("base di dati", FINE, f"Risponde e scrive. Moduli ricevuti: {count}.")


def clock(context: Context) -> Iterator[Finding]:
    """Whether it is behind what is already there."""
    received = [case.received for case in context.store.cases()]
    written = [file.stat().st_mtime for file in context.settings.forms.glob("*.json")]
    newest, now = max([0.0, *received, *written]), context.clock()
    said = f"{datetime.fromtimestamp(now, ZONE):%d/%m/%Y %H:%M:%S} in Italia."
    if newest > now + _CLOCK_MAY_DIFFER:
        later = datetime.fromtimestamp(newest, UTC).astimezone(ZONE)
        yield Finding(
            "orologio", ERROR, f"{said} Ma c'è già qualcosa del {later:%d/%m/%Y %H:%M:%S}.",
            "L'orologio è indietro: accendi la sincronizzazione dell'ora (timedatectl set-ntp on).",
        )  # fmt: skip
    else:
        yield Finding("orologio", FINE, said)
