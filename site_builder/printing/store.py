"""Drawn prints kept until something that they are drawn from changes."""

import re
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

from site_builder import pdf
from site_builder.resources import resource_dir
from site_builder.writing import write_whole

# Pictures and fonts of the theme, by their address in the style or in the page.
_REFERENCE = re.compile(r"""url\(\s*["']?([^"')]+)|\b(?:src|data)=["']([^"']+)""")


class Store:
    """A folder of drawings by key. What is damaged or cannot be read counts as missing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> bytes | None:
        """The drawing as it was put, or None."""
        try:
            kept = (self._folder / key).read_bytes()
        except OSError:
            return None
        digest, drawing = kept[:32], kept[32:]
        return drawing if sha256(drawing).digest() == digest else None

    def put(self, key: str, drawing: bytes) -> None:
        """Keep a drawing, with the sum that tells whether it is still whole."""
        with suppress(OSError):  # a full or closed disk only costs time: the next draws it again
            write_whole(self._folder / key, sha256(drawing).digest() + drawing)

    def keep_only(self, keys: Iterable[str]) -> None:
        """Forget all other drawings."""
        wanted = set(keys)
        for path in self._folder.iterdir() if self._folder.is_dir() else ():
            if path.name not in wanted:
                with suppress(OSError):
                    path.unlink()


def key_of(html: str, fillable: bool) -> str:
    """A name for all that a drawing is made of: text, style, fonts, pictures, engine, our code."""
    parts = [html.encode(), b"fillable" if fillable else b"", _tools()]
    parts += [_bytes(name) for name in sorted(_references(html))]
    return sha256(b"".join(sha256(part).digest() for part in parts)).hexdigest()


def _references(html: str) -> set[str]:
    found = {address.strip() for pair in _REFERENCE.findall(html) for address in pair}
    return {address for address in found if address and not address.startswith(("data:", "#"))}


@cache
def _tools() -> bytes:
    files = sorted(Path(pdf.__file__).parent.glob("pdf*.py"))
    return b"".join([pdf.engine().encode(), *(file.read_bytes() for file in files)])


def _bytes(name: str) -> bytes:
    """A file of the theme; nothing if it is not there, which is for the engine to say."""
    path = resource_dir("theme") / name
    return path.read_bytes() if path.is_file() else b""
