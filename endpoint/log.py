"""One JSON line for each request: what happened, never who asked nor what was written.

No address, query, header or value is ever passed in here; of an error only its kind and the place
in the code are told.
"""

import json
import secrets
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO


@dataclass(slots=True)
class Entry:
    """What is told of one request. `route` and `form` are names of ours, not what was asked."""

    route: str = ""
    form: str = ""
    outcome: str = ""
    status: int = 0
    ms: float = 0
    bytes: int = 0


def write(entry: Entry, now: float, stream: TextIO | None = None) -> None:
    """Write the line, to standard error unless told otherwise."""
    line = {
        "time": datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds"),
        "id": secrets.token_hex(6), "route": entry.route, "form": entry.form,
        "outcome": entry.outcome, "status": entry.status, "ms": round(entry.ms, 1),
        "bytes": entry.bytes,
    }  # fmt: skip
    # A disk that is full or a reader that has gone must not cost a citizen the answer.
    with suppress(OSError):
        print(json.dumps(line), file=stream or sys.stderr, flush=True)


def place(error: BaseException) -> str:
    """The kind of an error and the line where it arose: no message, which may hold values."""
    frames = traceback.extract_tb(error.__traceback__)
    last = f" {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return type(error).__name__ + last
