"""Who may import whom: the flow of the content goes one way."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import site_builder

ROOM = Path(site_builder.__file__).parent
FILES = sorted(ROOM.rglob("*.py"))
NAMES = {path: path.relative_to(ROOM).as_posix() for path in FILES}

# What only one file may know, or one folder.
OWNERS = {
    "yaml": "loader.py",
    "jsonschema": "validation.py",
    "mkdocs": "plugin/",
    "jinja2": "templating.py",
    "weasyprint": "pdf.py",
    "phonenumbers": "phones.py",
    # Only who is told to may ask the network.
    "socket": "network/",
    "ssl": "network/",
    "holidays": "working_days.py",
}
# Who may ask whether the content is right; all others read, draw or write it, and ask nobody.
CHECKING = ("commands/", "check.py", "plugin/", "rules/", "history.py")


@cache
def imports(path: Path) -> frozenset[str]:
    """Every module that a file imports, also inside functions, with its full name."""
    return frozenset(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            assert node.module
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _is_in(name: str, owner: str) -> bool:
    return name.startswith(owner) if owner.endswith("/") else name == owner


def test_the_files_are_found() -> None:
    assert {"loader.py", "plugin/events.py", "rules/registry.py"} <= set(NAMES.values())


@pytest.mark.parametrize("package", OWNERS)
def test_one_file_knows_it(package: str) -> None:
    users = {NAMES[path] for path in FILES if package in {n.split(".")[0] for n in imports(path)}}
    assert {name for name in users if not _is_in(name, OWNERS[package])} == set()
    assert users or not (ROOM / OWNERS[package]).exists()


@pytest.mark.parametrize("path", FILES, ids=NAMES.values())
def test_the_command_and_the_plugin_stand_at_the_end(path: Path) -> None:
    found = set(imports(path))
    if NAMES[path] != "__main__.py":
        assert "site_builder.cli" not in found
    if not NAMES[path].startswith(("commands/", "plugin/")):
        assert not {name for name in found if name.startswith("site_builder.plugin")}
    if not NAMES[path].startswith(CHECKING):
        assert not found & {"site_builder.check", "site_builder.rules", "site_builder.scaffold"}


@pytest.mark.parametrize("path", FILES, ids=NAMES.values())
def test_the_builder_knows_little_of_the_endpoint(path: Path) -> None:
    """The form, which both draw and check; and how a command speaks Italian."""
    allowed = {"forms.py": "endpoint.", "cli.py": "endpoint.arguments."}.get(NAMES[path], "-")
    found = {name for name in imports(path) if name.split(".")[0] == "endpoint"}
    assert {name for name in found if not f"{name}.".startswith(allowed)} == set()


def test_imports_go_round_in_no_circle() -> None:
    modules = {f"site_builder.{name[:-3].replace('/', '.')}": path for path, name in NAMES.items()}
    modules = {name.removesuffix(".__init__"): path for name, path in modules.items()}
    needs = {name: set(imports(path)) & set(modules) for name, path in modules.items()}
    needs["site_builder.rules"] -= {"site_builder.rules"}
    while ready := {name for name, needed in needs.items() if not needed}:
        needs = {name: needed - ready for name, needed in needs.items() if name not in ready}
    assert not needs, f"these import each other: {sorted(needs)}"
