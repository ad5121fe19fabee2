"""The command `carta`: reads its words, calls one room, says in Italian how it went."""

import argparse
import os
import sys

from endpoint.arguments import reason, speak_italian
from site_builder.commands import archive, content, diff, exports, prints, reports, site
from site_builder.commands.reports import whole
from site_builder.errors import ContentError

# In the order in which they are shown.
_FAMILIES = (content, diff, site, prints, archive, exports, reports)


def main(words: list[str] | None = None) -> int:
    """Run the command and return its exit status: 0 done, 1 content to mend, 2 wrong call."""
    arguments = _parser().parse_args(whole(sys.argv[1:] if words is None else words))
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except ContentError as error:
        print("\n".join([p.as_text() for p in error.problems] + [str(error)]), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the output has closed it; Python must not complain again while closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(f"Non riesco a usare «{error.filename}»: {reason(error)}.", file=sys.stderr)
        return 1
    return status


def _parser() -> argparse.ArgumentParser:
    speak_italian()
    parser = argparse.ArgumentParser(
        prog="carta", description="La Carta dei Servizi, dai file YAML al sito e alla carta."
    )
    commands = parser.add_subparsers(required=True, title="comandi", metavar="COMANDO")
    for family in _FAMILIES:
        family.add(commands)
    return parser
