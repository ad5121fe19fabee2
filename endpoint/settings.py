"""How the endpoint is set up: environment variables, checked before anything starts.

A wrong one stops the start with an Italian sentence that says what to do.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from pyrage.x25519 import Recipient  # type: ignore[import-untyped]  # it has no types

from endpoint.sealing import BadKey, read_recipient

_FEWEST_BYTES = 32
# Memory, layers of a container, shares: what is written there may not be there tomorrow.
_VOLATILE = ("tmpfs", "ramfs", "overlay", "aufs", "nfs", "cifs", "smb", "fuse", "9p")


class SettingsError(ValueError):
    """A setting that is missing or wrong; the message is Italian."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings. Secrets are kept out of `repr`."""

    secrets: tuple[bytes, ...] = field(repr=False)
    recipients: tuple[Recipient, ...] = field(repr=False)
    database: str = field(repr=False)
    forms: Path
    site: str = ""
    smtp: str = field(default="", repr=False)
    mail_from: str = ""
    mail_to: str = ""
    port: int = 8080


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings in the environment. Raises SettingsError."""
    refuse_private_key(environ)
    return Settings(
        secrets=_secrets(environ),
        recipients=_recipients(environ.get("CARTA_RECIPIENTS", "")),
        database=_needed(environ, "CARTA_DB", "il file della base di dati o postgresql://…"),
        forms=_folder(_needed(environ, "CARTA_FORMS", "la cartella di «carta export forms»")),
        site=_site(environ.get("CARTA_SITE", "")),
        smtp=_smtp(environ.get("CARTA_SMTP", "")),
        mail_from=_address(environ, "CARTA_MAIL_FROM"),
        mail_to=_address(environ, "CARTA_MAIL_TO"),
        port=_port(environ.get("PORT", "8080")),
    )


def refuse_private_key(environ: Mapping[str, str]) -> None:
    """Raise SettingsError if a private key is anywhere in the environment."""
    for name, value in environ.items():
        if "AGE-SECRET-KEY-" in value.upper() or "AGE-SECRET-KEY-" in name.upper():
            known = name if re.fullmatch(r"[A-Z_]{1,40}", name) else "una variabile"
            raise SettingsError(
                f"{known} contiene una chiave privata (AGE-SECRET-KEY-…): sul server non deve "
                "esserci. Toglila, e considera quella chiave come conosciuta da altri."
            )


def is_postgres(database: str) -> bool:
    """Whether the database is a PostgreSQL server, and not a file."""
    return database.startswith(("postgresql://", "postgres://"))


def refuse_volatile(path: Path, mounts: str) -> None:
    """Raise SettingsError if the file would stand where data does not last.

    `mounts` is the text of the table of mounts (on Linux /proc/self/mounts); `path` is absolute.
    """
    kind = _kind_of_disk(path, mounts)
    if kind.startswith(_VOLATILE):
        raise SettingsError(
            f"CARTA_DB: il file {path} sta su un disco di tipo «{kind}», dove i dati non sono al "
            "sicuro. Usa un disco vero della macchina, oppure PostgreSQL (postgresql://…)."
        )


def _kind_of_disk(path: Path, mounts: str) -> str:
    found, longest = "", -1
    for line in mounts.splitlines():
        parts = line.split()
        if len(parts) < 3:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), parts[1]))
        depth = len(point.parts)
        # The last line for a point is the one that covers the others.
        if path.is_relative_to(point) and depth >= longest:
            found, longest = parts[2], depth
    return found


def _secrets(environ: Mapping[str, str]) -> tuple[bytes, ...]:
    newest = _needed(environ, "CARTA_SECRET", "un testo casuale di almeno 32 caratteri")
    given = {"CARTA_SECRET": newest, "CARTA_SECRET_OLD": environ.get("CARTA_SECRET_OLD", "")}
    for name, text in given.items():
        raw = text.encode()
        if text and (len(raw) < _FEWEST_BYTES or len(set(raw)) < 8):
            raise SettingsError(
                f"{name} è troppo corto o troppo semplice: servono almeno {_FEWEST_BYTES} "
                "caratteri casuali. Fanne uno con «carta-endpoint chiavi»."
            )
    return tuple(dict.fromkeys(text.encode() for text in given.values() if text))


def _recipients(text: str) -> tuple[Recipient, ...]:
    words = list(dict.fromkeys(re.split(r"[\s,]+", text.strip()))) if text.strip() else []
    if len(words) < 2:
        raise SettingsError(
            "CARTA_RECIPIENTS deve contenere due chiavi pubbliche diverse (age1…), separate da una "
            "virgola: quella dell'ufficio e quella di recupero."
        )
    try:
        return tuple(read_recipient(word) for word in words)
    except BadKey as error:
        raise SettingsError(f"CARTA_RECIPIENTS: {error}") from None


def _needed(environ: Mapping[str, str], name: str, what: str) -> str:
    value = environ.get(name, "").strip()
    if not value:
        raise SettingsError(f"Manca {name}: scrivi {what}.")
    return value


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise SettingsError(
            f"CARTA_FORMS: la cartella {text} non c'è. Falla con «carta export forms»."
        )
    return Path(text)


def _site(text: str) -> str:
    if text and not _is_url(text, ("http", "https")):
        raise SettingsError("CARTA_SITE non è un indirizzo: scrivilo intero, con https://.")
    return text


def _smtp(text: str) -> str:
    if text and not _is_url(text, ("smtp", "smtps")):
        raise SettingsError("CARTA_SMTP va scritto così: smtps://utente:password@server:porta.")
    return text


def _is_url(text: str, schemes: Iterable[str]) -> bool:
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises if it is no number
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.hostname)


def _address(environ: Mapping[str, str], name: str) -> str:
    text = environ.get(name, "").strip()
    if text and not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", text):
        raise SettingsError(f"{name} non è un indirizzo e-mail: scrivine uno solo, senza il nome.")
    return text


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise SettingsError("PORT deve essere un numero fra 1 e 65535.")
    return int(text)
