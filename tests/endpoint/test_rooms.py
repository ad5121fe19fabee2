"""Who may import whom in the endpoint: from the form to the commands, one way."""

import sys
from pathlib import Path

import pytest

import endpoint
from tests.test_layers import imports

ROOM = Path(endpoint.__file__).parent
FILES = sorted(path for path in ROOM.rglob("*.py") if "apri" not in path.parts)
# Each room may use those in the rows above it, and no other in its own row.
ROWS = (("forms",), ("stores",), ("cases",), ("post", "figures", "office", "web"), ("doctor",))
LAST = ("commands",)


def room(name: str) -> str:
    """The room of a module of ours; empty for those that stand in no room, and for others."""
    parts = name.split(".")
    rooms = {name for row in (*ROWS, LAST) for name in row}
    return parts[1] if parts[0] == "endpoint" and parts[1:] and parts[1] in rooms else ""


def rank(name: str) -> int:
    return next(place for place, row in enumerate((*ROWS, LAST)) if name in row)


@pytest.mark.parametrize("path", FILES, ids=[p.relative_to(ROOM).as_posix() for p in FILES])
def test_a_room_uses_only_those_before_it(path: Path) -> None:
    own = path.relative_to(ROOM).parts[0]
    used = {room(name) for name in imports(path)} - {"", own}
    if own.removesuffix(".py") != own:  # a module that stands in no room
        assert "commands" not in used
    else:
        assert {name for name in used if rank(name) >= rank(own)} == set()


def test_the_form_itself_needs_the_standard_library_alone() -> None:
    """The builder of the site draws and checks it with the same lines."""
    for path in (ROOM / "forms").glob("*.py"):
        for name in imports(path):
            top = name.split(".")[0]
            assert room(name) == "forms" or top in sys.stdlib_module_names, (path.name, name)


def test_nothing_of_the_site_is_used() -> None:
    found = {path.name for path in FILES for name in imports(path) if "site_builder" in name}
    assert found == set()
