"""Index a built site for search with Pagefind: runs in the browser, sends nothing anywhere."""

import subprocess
import sys
from pathlib import Path

from site_builder.errors import ContentError

# Pagefind's own forms, which our pages do not use, and its part for other languages.
_UNUSED = ("pagefind-*ui.*", "pagefind-highlight.js", "wasm.unknown.pagefind")


def build_index(site: Path) -> None:
    """Write the search index into `site/pagefind/`. Raises ContentError with Pagefind's words."""
    command = [sys.executable, "-m", "pagefind", "--site", str(site), "--force-language", "it"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ContentError(f"L'indice della ricerca non si è potuto scrivere:\n{done.stderr}")
    for pattern in _UNUSED:
        for path in (site / "pagefind").glob(pattern):
            path.unlink()
