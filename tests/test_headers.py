"""The security headers: what they allow, how each server is told."""

import base64
import hashlib

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
    assert files["_headers"] == "/*\n  X-Prova: uno\n"
