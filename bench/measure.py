"""Run a command and say what it cost: CPU seconds, seconds on the clock and peak memory."""

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
_QUIET = {"NO_MKDOCS_2_WARNING": "1", "NO_COLOR": "1", "PYTHONHASHSEED": "0"}


@dataclass(frozen=True, slots=True)
class Cost:
    """`cpu`: user and system seconds of the process and its children. `peak`: memory in KiB.

    `wall`: seconds on the clock, which say little on a machine that others use.
    """

    cpu: float
    peak: float
    wall: float = 0.0


def run(command: Sequence[str], folder: Path, *, children: bool = False) -> Cost:
    """Run a command in a folder and wait for it. Stops the benchmark if it fails.

    The peak is that of the process or, with `children`, of the largest among it and its children.
    """
    start = time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            command, cwd=folder, stdout=said, stderr=said, env=os.environ | _QUIET
        )
        own = 0
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            own = max(own, _peak(process.pid))
            time.sleep(0.02)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"{' '.join(command)} è fallito:\n{said.read()[-3000:]}")
    peak = usage.ru_maxrss if children else own
    return Cost(usage.ru_utime + usage.ru_stime, peak, time.monotonic() - start)


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each figure over several runs."""
    names = ("cpu", "peak", "wall")
    return Cost(*(median(getattr(cost, name) for cost in costs) for name in names))


def size(folder: Path) -> int:
    """The bytes of all the files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _peak(pid: int) -> int:
    """The peak resident memory of a running process so far, in KiB (0 if it has just ended)."""
    try:
        found = _PEAK.search(Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) if found else 0
