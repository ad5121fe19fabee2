"""The security headers: what they allow, how each server is told."""

import base64
import hashlib
import re

import pytest

from site_builder.headers import (
    editing_policy,
    headers,
    inline_scripts,
    policy,
    server_files,
)


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
    text = server_files(headers([]), editing_policy(["https://git.esempio.it"]))[name]
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


# A header that only some paths get, in the words of each server: path, name, value.
_RULED = {
    "nginx.conf": r'if \(\$uri ~ "\^(?P<path>.*?)"\) \{ set \$(?P<name>\w+) "(?P<value>.*?)"; \}',
    "Caddyfile": r'\theader (?P<path>/.*?)\* (?P<name>[\w-]+) "(?P<value>.*?)"',
    "apache.conf": r'Header (?:always )?set (?P<name>[\w-]+) "(?P<value>.*?)" '
    r'"expr=.*? =~ m#\^(?P<path>.*?)#"',
    "_headers": r"(?m)^(?P<path>/.+)\*\n(?:  ! .*\n)?(?:  X-Robots-Tag: noindex\n  ! .*\n)?"
    r"  (?P<name>[\w-]+): (?P<value>.*)$",
}
# What nginx calls them: a variable each.
_VARIABLES = {
    "carta_robots": "X-Robots-Tag",
    "carta_dati": "Access-Control-Allow-Origin",
    "carta_regole": "Content-Security-Policy",
}


def _only_for(name: str, header: str, text: str) -> set[tuple[str, str]]:
    found = (match.groupdict() for match in re.finditer(_RULED[name], text))
    known = _VARIABLES if name == "nginx.conf" else {}
    return {
        (rule["path"], rule["value"])
        for rule in found
        if known.get(rule["name"], rule["name"]) == header
    }


@pytest.mark.parametrize("name", _RULED)
def test_sheets_in_pdf_and_pages_for_the_staff_stay_out_of_search_engines(name: str) -> None:
    text = server_files(headers([]))[name]
    paths = {(path, "noindex") for path in ("/schede/", "/archivio/", "/stato/", "/admin/")}
    assert _only_for(name, "X-Robots-Tag", text) == paths
    assert text.count("noindex") == len(paths)


@pytest.mark.parametrize("name", _RULED)
def test_pages_of_other_sites_may_read_the_open_data_and_nothing_else(name: str) -> None:
    text = server_files(headers([]))[name]
    assert _only_for(name, "Access-Control-Allow-Origin", text) == {("/dati/", "*")}
    assert text.count("Access-Control-Allow-Origin") == 1


def test_a_header_without_a_value_is_not_sent_by_nginx() -> None:
    text = server_files(headers([]))["nginx.conf"]
    assert 'set $carta_robots "";\n' in text
    assert 'set $carta_dati "";\n' in text
    assert "add_header Access-Control-Allow-Origin $carta_dati always;\n" in text


def test_the_editing_page_asks_nobody_but_the_git_host() -> None:
    found = rules(editing_policy(["https://git.esempio.it"]))
    assert found["connect-src"] == ["'self'", "https://git.esempio.it"]
    # The CMS checks its configuration with a function that it compiles: only there.
    assert found["script-src"] == ["'self'", "'unsafe-eval'"]
    assert " 'unsafe-eval'" not in policy([])
    assert found["frame-ancestors"] == found["object-src"] == found["base-uri"] == ["'none'"]
    assert "https:" not in {word for words in found.values() for word in words}


@pytest.mark.parametrize("name", _RULED)
def test_the_policy_of_the_editing_page_holds_there_alone(name: str) -> None:
    own = editing_policy(["https://git.esempio.it"])
    common = policy([])
    text = server_files(headers([]), own)[name]
    assert text.count(own) == 1
    assert text.count(common) == 1
    if name == "_headers":
        header = "Content-Security-Policy"
        assert f"/admin/*\n  X-Robots-Tag: noindex\n  ! {header}\n  {header}: {own}\n" in text
    else:
        assert _only_for(name, "Content-Security-Policy", text) == {("/admin/", own)}
        assert text.index(common) < text.index(own)
    assert own not in server_files(headers([]))[name]


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
