"""What the tests of the endpoint share: keys, settings, a store, a client."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from endpoint_client import Client, FakeBody, compiled
from pyrage.x25519 import Identity

from endpoint.forms.definition import Definition, read_definition
from endpoint.settings import Settings
from endpoint.stores.sqlite import SqliteStore
from endpoint.web.app import make_app
from endpoint.web.limits import Limits

if TYPE_CHECKING:
    from postgres_server import Server


@pytest.fixture(scope="session")
def identity() -> Identity:
    return Identity.generate()


@pytest.fixture
def settings(identity: Identity, tmp_path: Path) -> Settings:
    recipients = (identity.to_public(), Identity.generate().to_public())
    secret = b"un segreto di prova lungo abbastanza 0123456789"
    return Settings((secret,), recipients, "", tmp_path, mail_to="ufficio@example.it")


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "moduli.db")


@pytest.fixture
def form() -> Definition:
    return read_definition(compiled())


@pytest.fixture
def make_client(settings: Settings, store: SqliteStore) -> Callable[..., Client]:
    def make(*given: Definition, **parts: Any) -> Client:
        client = Client()
        forms = {item.id: item for item in given or (read_definition(compiled()),)}
        client.app = make_app(
            parts.get("settings", settings), parts.get("store", store), forms, FakeBody(),
            lambda: client.now, parts.get("limits") or Limits(10_000), client.log,
        )  # fmt: skip
        return client

    return make


@pytest.fixture
def client(make_client: Callable[..., Client]) -> Client:
    return make_client()


@pytest.fixture(scope="session")
def postgres() -> "Iterator[Server]":
    """A PostgreSQL server of our own; only tests marked `tools` may ask for it."""
    # Only who asks for it has to have it.
    from postgres_server import Server

    server = Server()
    yield server
    server.close()
