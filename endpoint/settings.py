"""How the endpoint is set up: environment variables, checked before anything starts.

A wrong one stops the start with an Italian sentence that says what to do.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from pyrage.x25519 import Recipient  # type: ignore[import-untyped]  # it has no types

from endpoint.forms.checking import is_email
from endpoint.sealing import BadKey, read_recipient
from endpoint.servers import read_server

_FEWEST_BYTES = 32


class SettingsError(ValueError):
    """A setting that is missing or wrong; the message is Italian."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings. Secrets are kept out of `repr`.

    `smtp` and `imap` are as `servers.read_server` reads them; `site` is the address of the Carta,
    `url` the endpoint's own, where citizens see it; each may be empty.
    """

    secrets: tuple[bytes, ...] = field(repr=False)
    recipients: tuple[Recipient, ...] = field(repr=False)
    database: str = field(repr=False)
    forms: Path
    site: str = ""
    smtp: str = field(default="", repr=False)
    mail_from: str = ""
    mail_to: str = ""
    imap: str = field(default="", repr=False)
    url: str = ""
    port: int = 8080


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings in the environment. Raises SettingsError."""
    refuse_private_key(environ)
    return Settings(
        secrets=_secrets(environ),
        recipients=read_recipients(environ.get("CARTA_RECIPIENTS", "")),
        database=_needed(environ, "CARTA_DB", "il file della base di dati o postgresql://…"),
        forms=_folder(_needed(environ, "CARTA_FORMS", "la cartella di «carta export forms»")),
        site=_url(environ, "CARTA_SITE"),
        smtp=_server(environ, "CARTA_SMTP", ("smtp", "smtps")),
        mail_from=_sender(environ),
        mail_to=_address(environ, "CARTA_MAIL_TO"),
        imap=_server(environ, "CARTA_IMAP", ("imap", "imaps")),
        url=_url(environ, "CARTA_URL"),
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


def _secrets(environ: Mapping[str, str]) -> tuple[bytes, ...]:
    newest = _needed(environ, "CARTA_SECRET", "un testo casuale di almeno 32 caratteri")
    given = {"CARTA_SECRET": newest, "CARTA_SECRET_OLD": environ.get("CARTA_SECRET_OLD", "")}
    for name, text in given.items():
        raw = text.encode()
        if text and (len(raw) < _FEWEST_BYTES or len(set(raw)) < 8):
            raise SettingsError(
                f"{name} è troppo corto o troppo semplice: servono almeno {_FEWEST_BYTES} "
                "caratteri casuali. Fanne uno con «carta-endpoint chiavi --segreto»."
            )
    return tuple(dict.fromkeys(text.encode() for text in given.values() if text))


def read_recipients(text: str) -> tuple[Recipient, ...]:
    """The public keys in CARTA_RECIPIENTS: two at least. Raises SettingsError."""
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


def _url(environ: Mapping[str, str], name: str) -> str:
    text = environ.get(name, "").strip()
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises if it is no number
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_good = False
    if text and not (is_good and text.isprintable() and " " not in text):
        raise SettingsError(f"{name} non è un indirizzo: scrivilo intero, con https://.")
    return text


def _server(environ: Mapping[str, str], name: str, schemes: tuple[str, str]) -> str:
    text = environ.get(name, "").strip()
    try:
        _ = text and read_server(text, schemes)
    except ValueError:
        raise SettingsError(
            f"{name} va scritto così: {schemes[1]}://utente:password@server:porta. Nella password "
            "i segni : / ? # [ ] @ % si scrivono %3A %2F %3F %23 %5B %5D %40 %25; le lettere "
            "accentate non si possono usare."
        ) from None
    return text


def _sender(environ: Mapping[str, str]) -> str:
    text = _address(environ, "CARTA_MAIL_FROM")
    if environ.get("CARTA_SMTP", "").strip() and not text:
        raise SettingsError(
            "Manca CARTA_MAIL_FROM: con CARTA_SMTP scrivi anche l'indirizzo da cui parte la posta."
        )
    return text


def _address(environ: Mapping[str, str], name: str) -> str:
    text = environ.get(name, "").strip()
    if text and not is_email(text):
        raise SettingsError(
            f"{name} non è un indirizzo e-mail: scrivine uno solo, senza il nome, come "
            "ufficio@example.it."
        )
    return text


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise SettingsError("PORT deve essere un numero fra 1 e 65535.")
    return int(text)
