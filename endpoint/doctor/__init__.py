"""The doctor: looks at everything that the endpoint needs, and says what to do about it.

Each check yields findings; what cannot even be looked at is a finding too, never a traceback.
"""

from collections.abc import Iterator

from endpoint.arguments import reason
from endpoint.cases.ente import BadBody
from endpoint.context import CommandError, Context
from endpoint.doctor import forms, machine, post
from endpoint.doctor.finding import ERROR, Check, Finding
from endpoint.forms.definition import BadDefinition
from endpoint.settings import SettingsError
from endpoint.stores.store import Unavailable

_WRONG = (CommandError, BadDefinition, BadBody, SettingsError)
_NETWORK = "posta in uscita"


def examine(context: Context, network: bool = True) -> Iterator[Finding]:
    """Everything there is to say, in the order in which it is to be mended."""
    try:
        _ = context.settings
    except SettingsError as error:
        yield Finding("impostazioni", ERROR, str(error), "Correggi la variabile e riprova.")
        return
    for name, check in _CHECKS.items():
        if name == _NETWORK and not network:
            continue
        yield from _tried(name, check, context)


def _tried(name: str, check: Check, context: Context) -> Iterator[Finding]:
    try:
        yield from check(context)
    except _WRONG as error:
        yield Finding(name, ERROR, str(error), "Correggi e ripeti il controllo.")
    except Unavailable as error:
        yield Finding(
            name, ERROR, f"La base di dati non risponde ({error}).",
            "Controlla CARTA_DB, lo spazio sul disco e chi può scrivere nella cartella.",
        )  # fmt: skip
    except OSError as error:
        yield Finding(name, ERROR, f"{reason(error)}.", "Controlla CARTA_DB.")


_CHECKS: dict[str, Check] = {
    "impostazioni": machine.settings,
    "disco": machine.disk,
    "base di dati": machine.database,
    "orologio": machine.clock,
    "moduli": forms.forms,
    "ente": forms.body,
    "sito": forms.site,
    "conservazione": forms.retention,
    "avvisi": post.office,
    _NETWORK: post.outgoing,
    "lettere": post.waiting,
}
