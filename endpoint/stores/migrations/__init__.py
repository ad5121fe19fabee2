"""The tables, as numbered SQL files for each dialect."""

from collections.abc import Iterator
from importlib.resources import files


def statements(dialect: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (version, statements) of every migration, the oldest first."""
    folder = files(__package__) / dialect
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".sql"):
            script = [part.strip() for part in file.read_text("utf-8").split(";\n")]
            yield int(file.name.removesuffix(".sql")), [part for part in script if part]
