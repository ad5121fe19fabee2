"""Files that only their owner reads: keys, exports, what was opened."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

_OWNER = 0o600
_BINARY = getattr(os, "O_BINARY", 0)  # on Windows only


def write_new(path: Path, data: bytes) -> None:
    """Write a file that must not be there yet. Raises OSError (FileExistsError if it is).

    Straight into its place, without a copy elsewhere: it may be in clear, or on a memory stick,
    which knows no links.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY
    descriptor = os.open(path, flags, _OWNER)
    try:
        _fill(descriptor, data)
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def write_over(path: Path, data: bytes) -> None:
    """Write a file all at once: whoever reads meanwhile finds the old one or the new one, whole.

    Raises OSError. Only for ciphertext: a copy is left behind if the machine stops halfway.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # 0600
    try:
        _fill(descriptor, data)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _fill(descriptor: int, data: bytes) -> None:
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
