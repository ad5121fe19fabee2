"""The only room that knows git: it reads what has been committed, and changes nothing.

Only objects are read from the store: no work tree, index or branch is touched, and what the
body's own git settings would run (hooks, filters, pagers) is never run.
"""

import os
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from site_builder.errors import ContentError

_SHALLOW = (
    "La copia del deposito è senza la sua storia. Lancia «git fetch --unshallow» e riprova; "
    "in un'azione automatica chiedi tutta la storia (fetch-depth: 0)."
)
_PARTIAL = (
    "La copia del deposito è senza alcuni file del passato. Scarica tutto il deposito («git clone» "
    "senza «--filter») e riprova."
)
# Whatever the user has set.
_AS_GIT_DOES = ("-c", "log.showRoot=true", "-c", "log.diffMerges=first-parent")
# Set inside a hook, where they would stand for another repository than the body's.
_FOREIGN = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")


class Touched(NamedTuple):
    """What a commit did to a file, with the day that it says; no blob where there was no file.

    `first` is a commit with nothing before it.
    """

    day: date
    path: str
    before: str
    after: str
    first: bool


class Place(NamedTuple):
    """Where a body lies in its repository, the commit that holds, whether all history is there."""

    prefix: str
    head: str
    is_shallow: bool


def place_of(body: Path) -> Place | None:
    """Where the body lies; None if it is in no repository with a commit, or git is not trusted."""
    done = run_git(body, "rev-parse", "--show-prefix", "--is-shallow-repository", "HEAD^{commit}")
    said = done.stdout.decode().split("\n")
    return None if done.returncode else Place(said[0], said[2], said[1] == "true")


def touched(body: Path, place: Place, folder: str) -> list[Touched]:
    """What the commits on the main line did to the files below a folder, the newest first."""
    log = (
        "log", "-z", "-m", "--first-parent", "--raw", "--no-abbrev", "--no-renames",
        "--format=%x01%cd %P", "--date=short", place.head, "--",
        f":(top,literal){place.prefix}{folder}",
    )  # fmt: skip
    words = iter(os.fsdecode(run_git(body, *_AS_GIT_DOES, *log).stdout).split("\0"))
    found, day, first = [], date.min, False
    for word in words:
        if word.startswith("\x01"):
            day, first = date.fromisoformat(word[1:11]), not word[12:].strip()
        elif word.startswith((":", "\n:")):
            old_mode, mode, before, after, _ = word.strip("\n:").split()
            path = next(words).removeprefix(place.prefix)
            was, now = (old_mode.startswith("100"), mode.startswith("100"))
            found.append(Touched(day, path, before * was, after * now, first))
    return found


def prefix_of(body: Path) -> str:
    """Where the body lies in its repository: empty, or «examples/uno/»."""
    done = run_git(body, "rev-parse", "--show-prefix")
    if b"dubious ownership" in done.stderr:
        raise ContentError(
            f"Git non si fida della cartella «{body}», che è di un altro utente. Se è la tua: "
            f"git config --global --add safe.directory «la cartella del deposito»."
        )
    if done.returncode:
        raise ContentError(
            f"La cartella «{body}» non è in un deposito git: senza storia non si può dire che "
            "cosa è cambiato. Stampa la Carta intera con «carta pdf»."
        )
    if not commit_of(body, "HEAD"):
        raise ContentError("Il deposito git non ha ancora nessun commit: non c'è un prima.")
    return done.stdout.decode().removesuffix("\n")


def commit_of(body: Path, name: str) -> str | None:
    """The full name of the commit that `name` stands for, if any."""
    done = run_git(
        body, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
    )
    return done.stdout.decode().strip() if not done.returncode else None


def days_of(body: Path, tip: str) -> list[tuple[str, date]]:
    """The commits on the main line of `tip`, newest first, with the day that each says."""
    shown = lines_of(body, "log", "--first-parent", "--format=%H %cd", "--date=short", tip, "--")
    return [(line[:-11], date.fromisoformat(line[-10:])) for line in shown]


def files_of(body: Path, tree: str) -> Iterator[tuple[str, bytes]] | None:
    """(path, bytes) of the files under a folder of the past; None if there was no such folder.

    Symbolic links and modules are left out: what they lead to is not in the store.
    """
    listed = run_git(body, "ls-tree", "-r", "-z", "--full-tree", "--end-of-options", tree)
    if listed.returncode:
        return None
    entries = [entry.partition("\t") for entry in os.fsdecode(listed.stdout).split("\0") if entry]
    files = {name: meta.split()[2] for meta, _, name in entries if meta.startswith("100")}
    return zip(files, blobs(body, list(files.values())), strict=True)


def blobs(body: Path, names: list[str]) -> Iterator[bytes]:
    """The bytes of each object: one process for them all. Raises ContentError if one lacks."""
    if not names:
        return
    out = run_git(body, "cat-file", "--batch", given="".join(f"{n}\n" for n in names)).stdout
    start = 0
    for _ in names:
        head = out.find(b"\n", start)
        if not out[start:head].split()[2:]:  # «… missing»
            raise ContentError(_PARTIAL)
        end = head + 1 + int(out[start:head].split()[2])
        yield out[head + 1 : end]
        start = end + 1


def with_shallow(body: Path, message: str) -> str:
    """The message, with the remedy if the clone lacks its history."""
    shallow = lines_of(body, "rev-parse", "--is-shallow-repository") == ["true"]
    return f"{message} {_SHALLOW}" if shallow else message


def lines_of(body: Path, *words: str) -> list[str]:
    """What git says, line by line; nothing if it could not."""
    return run_git(body, *words).stdout.decode().splitlines()


def run_git(body: Path, *words: str, given: str = "") -> subprocess.CompletedProcess[bytes]:
    """Run git in the body's folder, reading only; its status says whether it could."""
    quiet = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    # What a partial copy lacks is not fetched: nothing is asked of another machine.
    quiet |= {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
    around = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    call = ["git", "--no-pager", "--no-replace-objects", "-c", "log.showSignature=false", *words]
    try:
        return subprocess.run(
            call, cwd=body, env=around | quiet, input=given.encode(), capture_output=True
        )
    except FileNotFoundError:
        if not body.is_dir():
            raise ContentError(f"La cartella «{body}» non c'è.") from None
        raise ContentError(
            "Per sapere che cosa è cambiato serve git, che qui non è installato. "
            "Installalo (su Debian: apt install git)."
        ) from None
