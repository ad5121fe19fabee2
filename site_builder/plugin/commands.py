"""The generator as our command calls it: build a site, serve a preview, say where it stands."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mkdocs.commands import build as builder
from mkdocs.commands import serve as server
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError

from site_builder.console import listen
from site_builder.errors import ContentError
from site_builder.plugin.events import CartaPlugin


def build_site(body: Path, output: Path) -> None:
    """Build the site of a body into a folder, which is replaced only by a whole new site.

    Raises ContentError if the site cannot be built; then the folder is as it was.
    """
    listen(logging.WARNING)
    output = output.resolve()
    if not _is_replaceable(output):
        raise ContentError(
            f"«{output}» c'è già e non è un sito fatto da qui: non lo cancello. "
            "Scegli un'altra cartella con --output."
        )
    with _replacing(output) as new:
        config = _configuration(body, site_dir=str(new), strict=True)
        with _italian_errors():
            config.plugins.on_startup(command="build", dirty=False)
            builder.build(config)
    _write_server_files(config, output.parent / "deploy")


def serve_site(body: Path) -> None:
    """Serve a preview that follows every edit, until interrupted. It draws no PDF."""
    listen(logging.INFO)
    with _italian_errors():
        server.serve(str(_configuration_file(body)), strict=False)


def site_url(body: Path) -> str:
    """The address where the site of a body stands, with a slash at the end; empty if not decided.

    Raises ContentError if mkdocs.yml is missing or wrong.
    """
    listen(logging.WARNING)
    return _configuration(body).site_url or ""


@contextmanager
def _replacing(output: Path) -> Iterator[Path]:
    """A new folder, which takes the place of `output` if all goes well and vanishes if not."""
    output.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=output.parent, prefix=f".{output.name}-") as scratch:
        new = Path(scratch, "new")
        yield new
        if output.exists():
            output.rename(f"{scratch}/old")
        new.rename(output)


def _is_replaceable(output: Path) -> bool:
    """Whether nothing is lost if the folder goes: it is not there, is empty or is a built site."""
    if not output.exists():
        return True
    return output.is_dir() and ((output / "pagefind").is_dir() or not any(output.iterdir()))


def _write_server_files(config: MkDocsConfig, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    carta = next(p for p in config.plugins.values() if isinstance(p, CartaPlugin))
    for name, text in carta.server_files.items():
        (folder / name).write_text(text, "utf-8")


def _configuration(body: Path, **overrides: Any) -> MkDocsConfig:
    with _italian_errors("mkdocs.yml va corretto."), _configuration_file(body).open("rb") as file:
        return load_config(file, **overrides)


def _configuration_file(body: Path) -> Path:
    path = body / "mkdocs.yml"
    if not path.is_file():
        raise ContentError(f"Nella cartella «{body}» non c'è un file «mkdocs.yml».")
    return path


@contextmanager
def _italian_errors(aborted: str = "Il sito non è stato costruito.") -> Iterator[None]:
    """Turn what the generator raises into our exception."""
    try:
        yield
    except Abort:
        # What went wrong has been said already; an Abort only counts it, in English.
        raise ContentError(aborted) from None
    except ConfigurationError as error:
        raise ContentError(f"mkdocs.yml: {error}") from None
