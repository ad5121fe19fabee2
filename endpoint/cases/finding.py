"""The case that staff speak of, by its number as they type it."""

from endpoint.context import CommandError, Context
from endpoint.stores.store import Case
from endpoint.tokens import read_number


def find_case(context: Context, typed: str) -> Case:
    """The case with this number, with or without its prefix. Raises CommandError."""
    prefix = context.body.prefix
    number = read_number(typed, prefix)
    if number is None:
        raise CommandError(
            f"«{typed}» non è un numero di ricevuta: è fatto come {prefix}-XXXX-XXXX-X, e l'ultimo "
            "carattere controlla gli altri. Ricopialo dalla ricevuta."
        )
    found = next((case for case in context.store.cases() if case.number == number), None)
    if found is None:
        raise CommandError(
            f"Nessun invio ha il numero {number}: controlla che sia di questo ufficio. "
            "Degli invii cancellati da tempo non resta niente."
        )
    return found
