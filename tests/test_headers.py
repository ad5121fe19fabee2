"""The security headers: what they allow, how each server is told."""

import base64
import hashlib
import re

import pytest

from site_builder.headers import headers, inline_scripts, policy, server_files


def rules(text: str) -> dict[str, list[str]]:
    """The policy as source lists by directive."""
    return {words[0]: words[1:] for words in map(str.split, text.split(";"))}


def test_nothing_inline_and_nothing_foreign_is_allowed() -> None:
    found = rules(policy([]))
    assert found["default-src"] == found["style-src"] == found["form-action"] == ["'self'"]
    assert found["script-src"] == ["'self'", "'wasm-unsafe-eval'"]
    assert found["base-uri"] == found["frame-ancestors"] == found["object-src"] == ["'none'"]
    assert "unsafe-inline" not in policy([])
    assert "http" not in policy([])


def test_an_inline_script_is_allowed_by_its_hash_alone() -> None:
    text = "document.title = 'è'"
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in rules(policy([text]))["script-src"]
    assert policy([text, text]) == policy([text])
    assert policy(["b", "a"]) == policy(["a", "b"])


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<script>a()</script>", ["a()"]),
        ("<SCRIPT type='module'>a()</SCRIPT>", ["a()"]),
        ('<script type="module">\na()\n</script>', ["\na()\n"]),
        ('<script type="text/javascript">a()</script><script>b()</script>', ["a()", "b()"]),
        ('<script defer src="/x.js"></script>', []),
        ('<script type="application/ld+json" data-element="metatag">{}</script>', []),
        ("<p>nessuno script</p>", []),
    ],
)
def test_inline_scripts_are_found_and_data_are_not_scripts(html: str, found: list[str]) -> None:
    assert list(inline_scripts(html)) == found


def test_forms_may_go_to_the_endpoint_only_where_there_is_one() -> None:
    found = rules(policy([], "https://moduli.esempio.it/v1/"))
    assert found["form-action"] == ["'self'", "https://moduli.esempio.it"]


def test_every_server_is_told_every_header() -> None:
    values = headers(["a()"], "https://moduli.esempio.it/")
    files = server_files(values)
    assert set(files) == {"nginx.conf", "Caddyfile", "apache.conf", "_headers"}
    for name, text in files.items():
        for header, value in values:
            assert text.count(f"{header}") == 1, (name, header)
            assert value in text
        assert text.endswith("\n")
    assert {name for name, _ in values} >= {
        "Content-Security-Policy", "Referrer-Policy", "Permissions-Policy",
        "X-Content-Type-Options", "Strict-Transport-Security", "Cross-Origin-Opener-Policy",
    }  # fmt: skip
    assert not any('"' in value or "\n" in value for _, value in values)


def test_each_file_is_written_as_its_server_reads_it() -> None:
    files = server_files((("X-Prova", "uno"),))
    assert 'add_header X-Prova "uno" always;\n' in files["nginx.conf"]
    assert 'header {\n\tX-Prova "uno"\n}\n' in files["Caddyfile"]
    assert '  Header always set X-Prova "uno"\n' in files["apache.conf"]
    assert files["_headers"].startswith("/*\n  X-Prova: uno\n/")


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile", "apache.conf"])
def test_blocks_are_closed_and_lines_are_of_a_known_form(name: str) -> None:
    """What the servers read when this was tried in them; they are not there in every run."""
    directive = {
        "nginx.conf": r'add_header [\w-]+ (\$\w+|"[^"]*") always;|set \$\w+ "[^"]*";'
        r'|gzip(_\w+)? [\w/+ -]+;|if \(\$uri ~ "\^[^"]*"\) \{ set \$\w+ "[^"]*"; \}',
        "Caddyfile": r'(header|route) \{|\}|\t[\w-]+ "[^"]*"|\theader /\S* [\w-]+ "[^"]*"'
        r"|encode zstd gzip",
        "apache.conf": r" *</?IfModule( mod_\w+\.c)?>"
        r'| *Header (always )?set [\w-]+ "[^"]*"( "[^"]*")?'
        r"| *AddOutputFilterByType DEFLATE [\w/+ -]+| *FileETag None",
    }[name]
    text = server_files(headers([]))[name]
    first, *lines = text.splitlines()
    assert first.startswith("# ")
    for line in lines:
        assert re.fullmatch(directive, line), line
    opened, closed = ("<IfModule", "</IfModule") if name == "apache.conf" else ("{", "}")
    assert text.count(opened) == text.count(closed) > 0


# The path of the rule and how long the file may be kept, in the words of each server.
_KEPT = {
    "nginx.conf": r'if \(\$uri ~ "\^(.*?)"\) \{ set \$carta_cache "(.*?)"; \}',
    "Caddyfile": r'\theader (.*?)\* Cache-Control "(.*?)"',
    "apache.conf": r'Header set Cache-Control "(?P<age>.*?)" "expr=.*? =~ m#\^(?P<path>.*?)#"',
    "_headers": r"(?m)^(/.*)\*\n  Cache-Control: (.*)$",
}


def _rules(name: str) -> list[tuple[str, str]]:
    found = re.finditer(_KEPT[name], server_files(headers([]))[name])
    return [
        (match["path"], match["age"]) if match.groupdict() else (match[1], match[2])
        for match in found
    ]


def _kept(name: str, path: str) -> str:
    """The last rule holds; hosts that read `_headers` would join all those that fit."""
    ages = [age for start, age in _rules(name) if path.startswith(start)]
    assert name != "_headers" or len(ages) <= 1
    return ages[-1] if ages else "no-cache"


@pytest.mark.parametrize("name", list(_KEPT))
def test_only_names_made_from_the_content_are_kept_for_ever(name: str) -> None:
    year = "max-age=31536000, immutable"
    for part in ("fragment/it_1.pf_fragment", "index/it_1.pf_index", "filter/it_1.pf_filter"):
        assert _kept(name, f"/pagefind/{part}") == year
    assert _kept(name, "/assets/fonts/titillium-web-400.woff2") == "max-age=2592000"
    for path in ("/", "/servizi/asilo-nido/", "/404.html", "/pagefind/pagefind.js",
                 "/pagefind/pagefind-entry.json", "/pagefind/wasm.it.pagefind",
                 "/carta.pdf", "/schede/asilo-nido.pdf", "/moduli/reclamo.pdf"):  # fmt: skip
        assert _kept(name, path) == "no-cache", path
    # To hosts with `_headers` nothing is said of these: they have a rule of their own.
    assert _kept(name, "/assets/carta.css") in {"max-age=3600", "no-cache"}


_UNLISTED = {
    "nginx.conf": 'set $carta_robots "";\n'
    'if ($uri ~ "^/schede/") { set $carta_robots "noindex"; }\n'
    "add_header X-Robots-Tag $carta_robots always;\n",
    "Caddyfile": '\theader /schede/* X-Robots-Tag "noindex"\n',
    "apache.conf": '  Header set X-Robots-Tag "noindex" "expr=%{REQUEST_URI} =~ m#^/schede/#"\n',
    "_headers": "/schede/*\n  X-Robots-Tag: noindex\n",
}


@pytest.mark.parametrize("name", _UNLISTED)
def test_only_single_sheets_in_pdf_stay_out_of_search_engines(name: str) -> None:
    text = server_files(headers([]))[name]
    assert _UNLISTED[name] in text
    assert text.count("noindex") == 1


def test_compressed_files_are_not_compressed_again() -> None:
    files = server_files(headers([]))
    types = re.findall(
        r"(?:gzip_types|DEFLATE) ([^;\n]+)", files["nginx.conf"] + files["apache.conf"]
    )
    assert len(types) == 2
    for kinds in types:
        assert {"text/css", "application/json", "image/svg+xml"} <= set(kinds.split())
        assert not {"font/woff2", "text/plain", "application/octet-stream"} & set(kinds.split())
    assert "gzip on;" in files["nginx.conf"]
    assert "\nencode zstd gzip\n" in files["Caddyfile"]
