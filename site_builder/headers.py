"""Security headers of the published site, as ready files for the common web servers.

Pure: what the built pages hold goes in, names and texts of files come out. The policy allows no
inline script but those whose hash is listed, and no inline style at all.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

Headers = tuple[tuple[str, str], ...]

# A script element without a source.
_INLINE = re.compile(r"<script\b(?![^>]*\ssrc=)([^>]*)>(.*?)</script>", re.S | re.I)
_TYPE = re.compile(r""" type=["']?([^"' >]*)""", re.I)
_EXECUTED = {"", "module", "text/javascript", "application/javascript", "importmap"}
_YEAR = 31_536_000  # seconds


def inline_scripts(html: str) -> Iterator[str]:
    """The text of every inline script that a browser would run; data blocks are not run."""
    for attributes, text in _INLINE.findall(html):
        kind = _TYPE.search(attributes)
        if (kind[1].lower() if kind else "") in _EXECUTED:
            yield text


def policy(scripts: Iterable[str], endpoint: str = "") -> str:
    """The Content-Security-Policy for pages with these inline scripts.

    `endpoint` is the address to which forms are sent, if the body has one.
    """
    # Pagefind searches with WebAssembly, which needs a word of its own.
    sources = ["'self'", "'wasm-unsafe-eval'", *sorted({_hash(text) for text in scripts})]
    url = urlsplit(endpoint)
    targets = ["'self'", *([f"{url.scheme}://{url.netloc}"] if url.netloc else [])]
    rules = {
        "default-src": ["'self'"],
        "script-src": sources,
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "form-action": targets,
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in rules.items())


def headers(scripts: Iterable[str], endpoint: str = "") -> Headers:
    """All the headers, in the order in which they are written."""
    return (
        ("Content-Security-Policy", policy(scripts, endpoint)),
        ("Referrer-Policy", "no-referrer"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        ("X-Content-Type-Options", "nosniff"),
        # For browsers too old to know frame-ancestors.
        ("X-Frame-Options", "DENY"),
        ("Strict-Transport-Security", f"max-age={_YEAR}"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    )


def server_files(values: Headers) -> dict[str, str]:
    """The headers as files by name: nginx, Caddy, Apache and hosts that read `_headers`."""
    return {
        "nginx.conf": _said("#", "include in un blocco server")
        + _lines(values, 'add_header {} "{}" always;'),
        "Caddyfile": _said("#", "da importare nel sito")
        + "header {\n"
        + _lines(values, '\t{} "{}"')
        + "}\n",
        "apache.conf": _said("#", "serve mod_headers")
        + "<IfModule mod_headers.c>\n"
        + _lines(values, '  Header always set {} "{}"')
        + "</IfModule>\n",
        "_headers": "/*\n" + _lines(values, "  {}: {}"),
    }


def _lines(values: Headers, form: str) -> str:
    return "".join(f"{form.format(name, text)}\n" for name, text in values)


def _said(mark: str, how: str) -> str:
    return f"{mark} Scritto da «carta build» ({how}): non cambiarlo a mano.\n"


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
