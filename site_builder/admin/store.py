"""The content of a body as the editing page reads and writes it on this machine.

The actions are those of Decap's local server. Only files of content are touched, and nothing is
written that could not be read again.
"""

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import Any

from site_builder.documents import KINDS, PAGE_FOLDERS, PAGES, SINGLE_KINDS, split_front_matter
from site_builder.loader import Refused, parse
from site_builder.writing import write_whole

MAX_FILE = 1_000_000
_FOLDERS = {*KINDS, PAGES, *(f"{PAGES}/{name}" for name in PAGE_FOLDERS)}
_PARTS = (".yml", ".yaml", ".md")


class Refusal(Exception):
    """What was asked is not done; the text is for a person."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


class Store:
    """The files below `content/` of one body."""

    def __init__(self, body: Path) -> None:
        self._root = body.resolve()

    def act(self, action: str, params: dict[str, Any]) -> Any:
        """Do what the page asks for. Raises Refusal with the reason if that may not be."""
        actions: dict[str, Callable[[dict[str, Any]], Any]] = {
            "info": self._info,
            "entriesByFolder": self._by_folder,
            "entriesByFiles": self._by_files,
            "getEntry": lambda asked: self._entry(_text(asked, "path")),
            "persistEntry": self._persist,
            "getMedia": lambda _: [],
            "getDeployPreview": lambda _: None,
            "unpublishedEntries": lambda _: [],
        }
        if action in actions:
            return actions[action](params)
        if action in ("deleteFile", "deleteFiles"):
            raise _refused("Da qui non si cancellano file: chiedi al tecnico.")
        if action in ("persistMedia", "getMediaFile"):
            raise _refused("Nella Carta non ci sono immagini da caricare.")
        raise _refused(f"Richiesta sconosciuta: «{action}».")

    def _info(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"repo": self._root.name, "publish_modes": ["simple"], "type": "local_fs"}

    def _by_folder(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        folder = self._folder(_text(asked, "folder"))
        end = "." + _text(asked, "extension").lstrip(".")
        files = sorted(path for path in folder.glob("[!.]*") if path.name.endswith(end))
        return [self._entry(path.relative_to(self._root).as_posix()) for path in files]

    def _by_files(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        files = asked.get("files")
        if not isinstance(files, list) or not all(isinstance(file, dict) for file in files):
            raise _refused("La richiesta non dice quali file.")
        return [self._entry(_text(file, "path"), file.get("label")) for file in files]

    def _entry(self, shown: str, label: object = None) -> dict[str, Any]:
        path = self._path(shown)
        data = path.read_bytes() if path.is_file() else None
        return {
            "data": data.decode("utf-8", "replace") if data is not None else None,
            "file": {
                "path": shown,
                "label": label,
                "id": hashlib.sha256(data).hexdigest() if data is not None else None,
            },
        }

    def _persist(self, asked: dict[str, Any]) -> dict[str, str]:
        files = asked.get("dataFiles") or [asked.get("entry")]
        if asked.get("assets"):
            raise _refused("Nella Carta non ci sono immagini da caricare.")
        if not isinstance(files, list) or not all(isinstance(file, dict) for file in files):
            raise _refused("La richiesta non dice che cosa salvare.")
        if any(file.get("newPath", file.get("path")) != file.get("path") for file in files):
            raise _refused("Il nome di un file non si cambia da qui: chiedi al tecnico.")
        ready = [(self._path(_text(file, "path")), _text(file, "raw")) for file in files]
        for path, text in ready:
            _readable(path, text)
        for path, text in ready:
            write_whole(path, text.encode())
        return {"message": "salvato"}

    def _folder(self, shown: str) -> Path:
        parts = PurePosixPath(shown)
        inside = parts.relative_to("content") if parts.parts[:1] == ("content",) else None
        if not inside or inside.as_posix() not in _FOLDERS:
            raise _refused("Da qui si legge e si scrive solo nelle cartelle del contenuto.")
        return self._inside(self._root / parts)

    def _path(self, shown: str) -> Path:
        """The file of content at an address from the body's folder, which need not exist yet."""
        path = PurePosixPath(shown)
        if path.suffix not in _PARTS or path.name.startswith(".") or "\0" in shown:
            raise _refused("Da qui si legge e si scrive solo il contenuto: file .yml e .md.")
        if path.as_posix() in {f"content/{kind}.yml" for kind in SINGLE_KINDS}:
            return self._inside(self._root / path)
        folder = self._folder(path.parent.as_posix())
        return self._inside(folder / path.name)

    def _inside(self, path: Path) -> Path:
        """The same path, if following links it is still in the content."""
        if not path.resolve().is_relative_to(self._root / "content"):
            raise _refused("Questo file sta fuori dal contenuto.")
        return path


def _readable(path: Path, text: str) -> None:
    if len(text.encode()) > MAX_FILE:
        raise _refused("Il file supera un milione di byte.")
    try:
        parse(split_front_matter(text)[0] if path.suffix == ".md" else text)
    except Refused as refused:
        line, _, _, message, hint = refused.args
        raise _refused(f"Non salvato. Riga {line}: {message} {hint}".strip()) from None


def _text(asked: dict[str, Any], name: str) -> str:
    found = asked.get(name)
    if not isinstance(found, str) or not found:
        raise _refused(f"Nella richiesta manca «{name}».")
    return found


def _refused(message: str) -> Refusal:
    return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, message)
