"""The guides in docs/: every command and every option that they name is there."""

import re
import shlex
from pathlib import Path

import pytest

from endpoint import cli as endpoint
from endpoint.office.ceremony import digest, opening_page
from site_builder import cli
from site_builder.arguments import contradiction
from site_builder.commands.reports import whole

ROOT = Path(__file__).parents[1]
GUIDES = {path.name: path.read_text("utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
PRINTING = GUIDES["stampa.md"]
DOOR = GUIDES["endpoint.md"]
DOOR_COMMANDS = sorted(
    set(re.findall(r"\bcarta-(?:endpoint|moduli) ([a-z]+(?: [^`#>|\n(]*)?)", DOOR))
)
COMMANDS = sorted(set(re.findall(r"^\.venv/bin/carta (.+)$", PRINTING, re.M)))
# Those of the other guides, on lines of their own or inside the text.
OTHERS = sorted(
    {
        command
        for text in (*GUIDES.values(), (ROOT / "CONTRIBUTING.md").read_text("utf-8"))
        for command in re.findall(r"(?:^|`)(?:\.venv/bin/)?carta ([a-z]+[^`\n…]*)", text, re.M)
    }
    - set(COMMANDS)
)


def test_the_printing_guide_shows_each_kind_of_print() -> None:
    options = " ".join(COMMANDS)
    kinds = ("formato a4", "formato a5", "libretto", "caratteri-grandi", "scheda", "modulo")
    assert [kind for kind in (*kinds, "fogli-modificati") if f"--{kind}" not in options] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_of_the_printing_guide_are_understood(command: str) -> None:
    arguments = cli._parser().parse_args(shlex.split(command))
    assert contradiction(arguments) == ""
    for kind, id in (("services", arguments.scheda), ("forms", arguments.modulo)):
        assert id is None or (ROOT / "content" / kind / f"{id}.yml").is_file()


@pytest.mark.parametrize("command", OTHERS)
def test_commands_of_all_guides_are_understood(command: str) -> None:
    """A command that is only named, without what it needs, is looked up by its name."""
    words = shlex.split(command, comments=True)
    try:
        cli._parser().parse_args(whole(words))
    except SystemExit:
        assert not [word for word in words if word.startswith("-")], "--help would hide it"
        with pytest.raises(SystemExit) as ended:
            cli.main([*words, "--help"])
        assert ended.value.code == 0


def test_options_in_the_text_of_the_printing_guide_exist(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        cli.main(["pdf", "--help"])
    known = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", PRINTING))
    assert named
    assert named - known == set()


@pytest.mark.parametrize("name", GUIDES)
def test_targets_of_make_in_guides_exist(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.M))
    named = set(re.findall(r"(?:`|^    )make ([a-z-]+)", GUIDES[name], re.M))
    assert named - targets == set()


@pytest.mark.parametrize("name", GUIDES)
def test_links_between_guides_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", GUIDES[name])
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_the_printing_guide_claims_no_more_than_was_checked() -> None:
    """No tool among our tests is a full validator: conformity may only be denied."""
    for match in re.finditer(r"conform\w+", PRINTING):
        before = PRINTING[max(0, match.start() - 40) : match.start()]
        assert re.search(r"\bnon\b", before, re.I), match[0]


@pytest.mark.parametrize("command", DOOR_COMMANDS)
def test_commands_of_the_endpoints_guide_are_understood(command: str) -> None:
    words = shlex.split(command.rstrip(" ;,.:'"))
    if words[0] in endpoint.COMMANDS and len(words) > 1:
        endpoint._parser(words[:1]).parse_args([w for w in words if w not in ("…", "\\")])


def test_the_endpoints_guide_names_every_command() -> None:
    named = {command.split()[0] for command in DOOR_COMMANDS}
    assert set(endpoint.COMMANDS) - named == set()


def test_the_endpoints_guide_tells_the_opening_page_from_others() -> None:
    assert digest(opening_page()) in DOOR


def test_links_inside_the_endpoints_guide_lead_to_a_heading() -> None:
    titles = re.findall(r"^#+ (.+)$", DOOR, re.M)
    marks = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
    assert set(re.findall(r"\]\(#([^)]+)\)", DOOR)) - marks == set()
