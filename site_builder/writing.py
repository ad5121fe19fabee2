"""Files that others read while they are written."""

import os
from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Write a text in UTF-8; see `write_whole`."""
    write_whole(path, text.encode())


def write_whole(path: Path, data: bytes) -> None:
    """Write a file, and its folder, so that under its name there is never half a one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        new.write_bytes(data)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
