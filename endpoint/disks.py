"""The disk under a database file: of what kind, how full, how quick to keep what it is given.

It may stand only on one that is still there tomorrow.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from endpoint.settings import SettingsError

# Memory, layers of a container, shares: what is written there may not be there tomorrow.
_VOLATILE = ("tmpfs", "devtmpfs", "ramfs", "overlay", "aufs", "nfs", "cifs", "smb", "fuse", "9p")
FEWEST_FREE = 0.10
_FEWEST_BYTES = 1 << 30
_ROUNDS = 20


def refuse_volatile(path: Path, mounts: str) -> None:
    """Raise SettingsError if the file would stand where data does not last.

    `mounts` is the text of the table of mounts (on Linux /proc/self/mounts); `path` is absolute.
    """
    kind = kind_of_disk(path, mounts)
    if kind.startswith(_VOLATILE):
        raise SettingsError(
            f"CARTA_DB: il file {path} sta su un disco di tipo «{kind}», dove i dati non sono al "
            "sicuro. Usa un disco vero della macchina, oppure PostgreSQL (postgresql://…)."
        )


def kind_of_disk(path: Path, mounts: str) -> str:
    """The type of file system on which an absolute path stands, by a table of mounts."""
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


@dataclass(frozen=True, slots=True)
class Room:
    """What is still free on a disk: bytes for us, and their share of the whole, 0 to 1."""

    bytes: int
    share: float

    @property
    def is_low(self) -> bool:
        """Whether the endpoint has to say that it cannot take anything.

        By both: a tenth of a big disk is room for millions of forms.
        """
        return self.share < FEWEST_FREE and self.bytes < _FEWEST_BYTES


def room(path: Path) -> Room:
    """What is free on the disk at a path. Raises OSError."""
    found = os.statvfs(path)
    share = found.f_bavail / found.f_blocks if found.f_blocks else 1.0
    return Room(found.f_bavail * found.f_frsize, share)


def sync_ms(folder: Path) -> float:
    """How long the disk takes to keep a page, in milliseconds: the median of some tries.

    Raises OSError if nothing can be written in that folder.
    """
    # The server, which is to start at once, does not measure.
    import tempfile

    tries = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(_ROUNDS):
            file.write(bytes(4096))
            file.flush()
            start = perf_counter()
            os.fdatasync(file.fileno())
            tries.append(perf_counter() - start)
    return sorted(tries)[_ROUNDS // 2] * 1000
