"""The body of a request, parsed strictly: what is not a plain form is refused before it is read.

Only `application/x-www-form-urlencoded` in UTF-8. Bounds are explicit: bytes and number of fields.
"""

import re
from collections.abc import Mapping
from typing import BinaryIO
from urllib.parse import parse_qsl

MAX_BYTES = 64 * 1024
MAX_FIELDS = 40
CONTENT_TYPE = "application/x-www-form-urlencoded"
_CHARSET = re.compile(r"\bcharset\s*=\s*\"?([^\";\s]*)")
# No browser leaves a «%» alone; who reads it otherwise than we do would see another value.
_BAD_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")

Answers = dict[str, tuple[str, ...]]


class Refused(Exception):
    """A request that is no form of ours: its HTTP status and why, for the log."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def read_form(environ: Mapping[str, object]) -> Answers:
    """The values of each field of a request, in the order in which they came.

    Raises Refused: 415 for another type, 413 for too many bytes, 400 for what is not UTF-8, has
    too many fields or is not encoded as a form.
    """
    kind, _, rest = str(environ.get("CONTENT_TYPE", "")).lower().partition(";")
    is_utf8 = all(charset == "utf-8" for charset in _CHARSET.findall(rest))
    if kind.strip() != CONTENT_TYPE or not is_utf8:
        raise Refused(415, "tipo")
    raw = _read(environ)
    return parse(raw)


def parse(raw: bytes) -> Answers:
    """The values of each field of an encoded form. Raises Refused."""
    if _BAD_PERCENT.search(raw):
        raise Refused(400, "codifica")
    try:
        pairs = parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, strict_parsing=bool(raw),
            encoding="utf-8", errors="strict", max_num_fields=MAX_FIELDS,
        )  # fmt: skip
    except ValueError:  # also UnicodeDecodeError, too many fields and a field without «=»
        raise Refused(400, "codifica") from None
    answers: dict[str, list[str]] = {}
    for name, value in pairs:
        answers.setdefault(name, []).append(value)
    return {name: tuple(values) for name, values in answers.items()}


def _read(environ: Mapping[str, object]) -> bytes:
    stream: BinaryIO = environ["wsgi.input"]  # type: ignore[assignment]  # PEP 3333
    length = str(environ.get("CONTENT_LENGTH") or "")
    if length and not (length.isascii() and length.isdigit()):
        raise Refused(400, "lunghezza")
    # By its digits first: a number of thousands of them is an error to int(), not a number.
    if len(length) > 9 or (length and int(length) > MAX_BYTES):
        raise Refused(413, "troppo lungo")
    # A server that joined the chunks itself gives no length; one byte more tells too much.
    raw = stream.read(int(length)) if length else stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise Refused(413, "troppo lungo")
    if length and len(raw) != int(length):
        raise Refused(400, "interrotto")
    return raw
