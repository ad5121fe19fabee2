"""What a command works with: settings, store, forms and body, each made when first asked for."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from endpoint.cases.ente import BODY_FILE, BadBody, Ente, read_body
from endpoint.forms.definition import BadDefinition, Definition, read_definition
from endpoint.settings import Settings, is_postgres, read_settings
from endpoint.stores.store import Store

ZONE = ZoneInfo("Europe/Rome")
# What `carta export forms` writes beside the forms.
_NO_FORMS = (BODY_FILE, "openapi.json")


class CommandError(ValueError):
    """A command that cannot do what it was asked; the message is Italian."""


@dataclass
class Context:
    """Settings from `environ`; `clock` gives Unix seconds. Attributes raise what they are read by:

    SettingsError, BadDefinition, BadBody, Unavailable.
    """

    environ: Mapping[str, str]
    clock: Callable[[], float] = time.time

    @property
    def now(self) -> int:
        """Unix seconds."""
        return int(self.clock())

    @property
    def today(self) -> date:
        """The day in Italy."""
        return datetime.fromtimestamp(self.now, ZONE).date()

    @cached_property
    def settings(self) -> Settings:
        """The settings, checked."""
        return read_settings(self.environ)

    @cached_property
    def store(self) -> Store:
        """The store, opened; its tables are made if there are none."""
        return open_store(self.settings.database)

    @cached_property
    def forms(self) -> dict[str, Definition]:
        """The forms by id."""
        return read_forms(self.settings.forms)

    @cached_property
    def body(self) -> Ente:
        """The body that receives the forms."""
        found = read_json(self.settings.forms / BODY_FILE, BadBody)
        return read_body(found, self.settings.site)


def open_store(database: str) -> Store:
    """The store at a path or an address postgresql://…. Raises Unavailable."""
    if is_postgres(database):
        # Only who uses it has to have it.
        from endpoint.stores.postgres import PostgresStore

        return PostgresStore(database)
    from endpoint.stores.sqlite import SqliteStore

    return SqliteStore(Path(database))


def read_forms(folder: Path) -> dict[str, Definition]:
    """The compiled forms in a folder, by id. Raises BadDefinition, also if there is none."""
    paths = [path for path in sorted(folder.glob("*.json")) if path.name not in _NO_FORMS]
    forms = [read_definition(read_json(path, BadDefinition)) for path in paths]
    if not forms:
        raise BadDefinition(f"In {folder} non c'è nessun modulo: rifai «carta export forms».")
    return {form.id: form for form in forms}


def read_json(path: Path, bad: type[ValueError]) -> dict[str, object]:
    """The object in a JSON file; raises `bad` with an Italian sentence if there is none."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        raise bad(
            f"Non riesco a leggere {path}: rifai l'export con «carta export forms»."
        ) from None
    if not isinstance(data, dict):
        raise bad(f"{path} non è come lo scrive «carta export forms»: rifai l'export.")
    return data
