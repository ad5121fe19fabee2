"""The command `carta-endpoint`: reads its words, calls one command, says in Italian how it went."""

import argparse
import os
import sys
from importlib import import_module

from endpoint.arguments import reason, speak_italian
from endpoint.cases.ente import BadBody
from endpoint.context import CommandError, Context
from endpoint.forms.definition import BadDefinition
from endpoint.sealing import BadKey
from endpoint.settings import SettingsError
from endpoint.stores.store import Unavailable

COMMANDS = (
    "servi", "spedisci", "scadenze", "registra", "esporta", "apri", "chiavi", "statistiche",
    "cancella", "copia", "importa", "controlla",
)  # fmt: skip
_WRONG = (CommandError, BadDefinition, BadBody, BadKey, SettingsError)


def main(words: list[str] | None = None, context: Context | None = None) -> int:
    """Run a command and return its exit status: 0 done, 1 something to mend, 2 wrong call."""
    words = sys.argv[1:] if words is None else words
    arguments = _parser(words[:1]).parse_args(words)
    try:
        status: int = arguments.run(arguments, context or Context(os.environ))
        sys.stdout.flush()
    except _WRONG as error:
        print(error, file=sys.stderr)
        return 1
    except Unavailable as error:
        print(f"La base di dati non risponde ({error}): riprova fra un minuto.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the output has closed it; Python must not complain again while closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        what = f"«{error.filename}»" if error.filename else "un file o la rete"
        print(f"Non riesco a usare {what}: {reason(error)}.", file=sys.stderr)
        return 1
    return status


def _parser(first: list[str]) -> argparse.ArgumentParser:
    """The parser of the command that is asked; of all of them if that is not clear."""
    speak_italian()
    parser = argparse.ArgumentParser(
        prog="carta-endpoint", description="Riceve i moduli della Carta e li porta all'ufficio."
    )
    found = parser.add_subparsers(required=True, title="comandi", metavar="COMANDO")
    # The server has to be up in the blink of an eye: it does not load what it will not run.
    for name in first if first and first[0] in COMMANDS else COMMANDS:
        module = import_module(f"endpoint.commands.{name}")
        command = found.add_parser(name, help=module.HELP, description=module.HELP)
        module.arguments(command)
        command.set_defaults(run=module.run)
    return parser
