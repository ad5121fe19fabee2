"""Security and cache headers of the published site, as ready files for the common web servers.

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

# How long a browser may keep what is under each path; of two that fit, the later one holds.
_CACHE = (
    # Opening hours and telephones change: a page is always asked for again (often just a 304);
    # and so are the PDF files, so that whoever prints today prints today's edition.
    ("/", "no-cache"),
    # One hour: these names stay the same when their content changes.
    ("/assets/", "max-age=3600"),
    # Thirty days: an old font shows the same text.
    ("/assets/fonts/", "max-age=2592000"),
    # Pagefind makes these names from the content. Its other files keep their names.
    *(
        (f"/pagefind/{part}/", f"max-age={_YEAR}, immutable")
        for part in ("filter", "fragment", "index")
    ),
)
# Single sheets as PDF stay out of search engines, which would offer them beside the pages: a saved
# file grows old, and those about violence would have no quick exit. The whole Carta may be found.
# So do the page for the staff, the one where the content is edited, and past editions: an old
# promise must not be found as if it held.
_UNLISTED = ("/schede/", "/archivio/", "/stato/", "/admin/")
# Pages of other sites may read the open data.
_SHARED = ("/dati/",)
_EDITED = "/admin/"
_POLICY = "Content-Security-Policy"
# Not text/plain: some servers say it of Pagefind's files, which are already compressed.
_TEXTS = (
    "text/css text/javascript application/javascript application/json"
    " image/svg+xml text/xml application/xml application/atom+xml"
    " text/csv text/calendar text/vcard text/turtle"
)


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


def editing_policy(hosts: Iterable[str]) -> str:
    """The Content-Security-Policy of the editing page alone, which asks only these hosts.

    The CMS writes its styles by script, and compiles the check of its configuration. No script of
    another place runs, and no picture of a person is asked for anywhere.
    """
    return "; ".join((
        "default-src 'self'", "script-src 'self' 'unsafe-eval'", "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:", "font-src 'self' data:",
        " ".join(("connect-src 'self'", *hosts)), "form-action 'self'", "base-uri 'none'",
        "frame-ancestors 'none'", "object-src 'none'",
    ))  # fmt: skip


def server_files(values: Headers, editing: str = "") -> dict[str, str]:
    """The headers as files by name: nginx, Caddy, Apache and hosts that read `_headers`.

    The first three also tell the server to compress and how long a browser may keep a file.
    `editing` is the policy of the editing page, if the site has one.
    """
    return {
        "nginx.conf": _said("#", "include in un blocco server")
        + _lines(((n, v) for n, v in values if not _differs(n, editing)), _NGINX)
        + _nginx_cache()
        + _nginx("robots", "X-Robots-Tag", "", [(path, "noindex") for path in _UNLISTED])
        + _nginx("dati", "Access-Control-Allow-Origin", "", [(path, "*") for path in _SHARED])
        + "".join(
            _nginx("regole", name, value, [(_EDITED, editing)])
            for name, value in values
            if _differs(name, editing)
        )
        + f"gzip on;\ngzip_vary on;\ngzip_types {_TEXTS};\n",
        "Caddyfile": _said("#", "da importare nel sito")
        + "header {\n"
        + _lines(values, '\t{} "{}"')
        + "}\n"
        + "route {\n"  # keeps the order
        + _lines(_CACHE, '\theader {}* Cache-Control "{}"')
        + _ruled(editing, '\theader {path}* {name} "{value}"\n')
        + "}\n"
        + "encode zstd gzip\n",
        "apache.conf": _said("#", "serve mod_headers")
        + "<IfModule mod_headers.c>\n"
        + _lines(values, '  Header always set {} "{}"')
        + _apache_cache()
        + _ruled(editing, '  Header {always}set {name} "{value}" {apache}\n')
        + "</IfModule>\n"
        + "<IfModule mod_deflate.c>\n  <IfModule mod_filter.c>\n"
        + f"    AddOutputFilterByType DEFLATE text/html {_TEXTS}\n"
        # Apache does not know again its own ETag of a compressed file; the date is enough.
        + "  </IfModule>\n  FileETag None\n</IfModule>\n",
        "_headers": "/*\n" + _lines(values, "  {}: {}") + _host_cache() + _host_rules(editing),
    }


_NGINX = 'add_header {} "{}" always;'


def _differs(name: str, editing: str) -> bool:
    return bool(editing) and name == _POLICY


def _ruled(editing: str, form: str) -> str:
    return "".join(
        form.format(
            path=path, name=name, value=value, apache=_apache_path(path),
            # Both must be the same, or both would be sent.
            always="always " if name == _POLICY else "",
        )
        for path, name, value in _rules(editing)
    )  # fmt: skip


def _host_rules(editing: str) -> str:
    """The same for hosts that send both values of two rules: the first is taken back."""
    sections: dict[str, str] = {}
    for path, name, value in _rules(editing):
        drop = f"  ! {name}\n" if name == _POLICY else ""
        sections[path] = f"{sections.get(path, '')}{drop}  {name}: {value}\n"
    return "".join(f"{path}*\n{lines}" for path, lines in sections.items())


def _rules(editing: str) -> list[tuple[str, str, str]]:
    """Path, header and value of what holds for some paths only, and comes after the rest."""
    return [
        *((path, "X-Robots-Tag", "noindex") for path in _UNLISTED),
        *((path, "Access-Control-Allow-Origin", "*") for path in _SHARED),
        *([(_EDITED, _POLICY, editing)] if editing else []),
    ]


def _nginx_cache() -> str:
    (_, first), *others = _CACHE
    return _nginx("cache", "Cache-Control", first, others)


def _nginx(name: str, header: str, first: str, cases: Iterable[tuple[str, str]]) -> str:
    """A header whose value is that of the last path that fits; without a value it is not sent."""
    # Not a `location`: an `add_header` in one would drop all those of the server.
    name = f"$carta_{name}"
    rules = (f'if ($uri ~ "^{path}") {{ set {name} "{text}"; }}\n' for path, text in cases)
    return f'set {name} "{first}";\n{"".join(rules)}add_header {header} {name} always;\n'


def _apache_cache() -> str:
    # Without `always`: only for what is found.
    return "".join(
        f'  Header set Cache-Control "{text}" {_apache_path(path)}\n' for path, text in _CACHE
    )


def _apache_path(path: str) -> str:
    return f'"expr=%{{REQUEST_URI}} =~ m#^{path}#"'


def _host_cache() -> str:
    # These hosts join the values of all paths that fit: only paths without another inside.
    paths = [path for path, _ in _CACHE]
    return "".join(
        f"{path}*\n  Cache-Control: {text}\n"
        for path, text in _CACHE
        if not any(other.startswith(path) for other in paths if other != path)
    )


def _lines(values: Iterable[tuple[str, str]], form: str) -> str:
    return "".join(f"{form.format(name, text)}\n" for name, text in values)


def _said(mark: str, how: str) -> str:
    return f"{mark} Scritto da «carta build» ({how}): non cambiarlo a mano.\n"


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
