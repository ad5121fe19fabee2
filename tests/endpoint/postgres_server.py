"""A real PostgreSQL for the tests: in a folder of its own, asked through a socket in it."""

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import psycopg

# The order of an Italian dictionary, as on a server made by hand: our keys must not follow it.
_INITDB = (
    "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8",
    "--locale-provider=icu", "--icu-locale=it", "--no-sync",
)  # fmt: skip


class Server:
    """A PostgreSQL server; `stop` takes what pg_ctl takes: smart, fast, immediate."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="carta-"))
        self.data = self.folder / "data"
        self._schemas = 0
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres")
        self._run("initdb", f"--pgdata={self.data}", *_INITDB)
        # The first program that asks for a setting twice gets the last one.
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\n")
        self.start()
        with self.connect() as db:
            db.execute("CREATE ROLE carta LOGIN")  # may no more than the owner of its tables

    def _run(self, program: str, *words: str) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=_version)
        command = [str(found[-1] if found else program), *words]
        if os.getuid() == 0:  # it refuses to be run by root
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *command]
        with (self.folder / "output").open("w") as output:
            done = subprocess.run(
                command, check=False, cwd=self.folder, stdout=output, stderr=subprocess.STDOUT
            )
        assert done.returncode == 0, (self.folder / "output").read_text("utf-8")

    def start(self) -> None:
        self._run("pg_ctl", "start", "--wait", f"--pgdata={self.data}", f"--log={self.log}")

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "stop", "--wait", f"--mode={mode}", f"--pgdata={self.data}")

    def close(self) -> None:
        """Stop it and leave nothing behind."""
        if (self.data / "postmaster.pid").exists():
            self.stop("immediate")
        shutil.rmtree(self.folder)

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def address(self, schema: str = "public", user: str = "carta") -> str:
        """The address of a schema of the database, as CARTA_DB has it."""
        options = f"-csearch_path%3D{schema}"
        return f"postgresql:///postgres?host={self.folder}&user={user}&options={options}"

    def new(self) -> str:
        """The address of a new, empty schema."""
        self._schemas += 1
        with self.connect() as db:
            db.execute(f"CREATE SCHEMA s{self._schemas} AUTHORIZATION carta".encode())
        return self.address(f"s{self._schemas}")

    def connect(self, address: str = "") -> psycopg.Connection[tuple[object, ...]]:
        """A connection of who administers, each statement its own transaction."""
        return psycopg.connect(address or self.address(user="postgres"), autocommit=True)

    def raw(self, folder: str = "base") -> bytes:
        """All that is in the files of the tables, once everything is written to them."""
        with self.connect() as db:
            db.execute("CHECKPOINT")
        content = []
        for path in (self.data / folder).rglob("*"):
            # A running server takes files away.
            with suppress(FileNotFoundError, IsADirectoryError):
                content.append(path.read_bytes())
        return b"".join(content)


def _version(program: Path) -> int:
    return int(program.parts[-3])
