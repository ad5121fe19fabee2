"""The export: what the office takes from the server to open on its own computer, still sealed."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from endpoint.stores.store import Case

FORMAT = "carta-invii-1"
_WORDS = ("numero", "modulo", "ricevuto", "stato", "canale", "protocollo", "esito")


class BadExport(ValueError):
    """A file that is no export; the message is Italian."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """One submission of an export: what the server knows of it, and its ciphertext.

    `known` has the keys numero, modulo, ricevuto, stato, canale, protocollo, esito, and `sospetto`
    («sì» or empty).
    """

    known: dict[str, str]
    sealed: bytes


def write_export(body: str, found: Iterable[tuple[Case, bytes]], now: int) -> bytes:
    """The text of an export (JSON, UTF-8), by time of arrival and number; `now` in Unix seconds."""
    ordered = sorted(found, key=lambda pair: (pair[0].received, pair[0].number))
    data = {
        "formato": FORMAT, "ente": body, "fatto_il": _moment(now),
        "invii": [_entry(case, sealed) for case, sealed in ordered],
    }  # fmt: skip
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def read_export(data: bytes) -> list[Sealed]:
    """The submissions of an export, in its order. Raises BadExport."""
    try:
        found = json.loads(data)
        entries = found["invii"] if found["formato"] == FORMAT else None
        if isinstance(entries, list):
            return [_read(entry) for entry in entries]
    except (ValueError, TypeError, KeyError):
        pass
    raise BadExport(
        "Il file degli invii non è come lo scrive «carta-endpoint esporta», o è rovinato: "
        "fattelo rifare."
    )


def _entry(case: Case, sealed: bytes) -> dict[str, Any]:
    return {
        "numero": case.number, "modulo": case.form, "ricevuto": _moment(case.received),
        "stato": case.state, "canale": case.channel, "sospetto": case.suspect,
        "protocollo": case.protocol, "esito": case.outcome, "cifrato": b64encode(sealed).decode(),
    }  # fmt: skip


def _read(entry: dict[str, Any]) -> Sealed:
    known = {word: entry[word] for word in _WORDS}
    if not all(isinstance(value, str) for value in known.values()):
        raise TypeError("not a text")
    datetime.fromisoformat(known["ricevuto"])
    known["sospetto"] = "sì" if entry["sospetto"] else ""
    return Sealed(known, b64decode(entry["cifrato"], validate=True))


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
