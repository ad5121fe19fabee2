"""The desk: the same form with its channel and the day on which it came, for who has the key."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from endpoint_client import GOOD, Client, compiled
from pyrage.x25519 import Identity

from endpoint.forms.definition import read_definition
from endpoint.sealing import open_sealed
from endpoint.settings import Settings
from endpoint.stores.sqlite import SqliteStore
from endpoint.tokens import Keys

Make = Callable[..., Client]


@pytest.fixture
def key(settings: Settings) -> str:
    return Keys(*settings.secrets).desk_key()


def _file(client: Client, **answers: str) -> dict[str, list[str]]:
    page = client.post("/moduli/prova", GOOD | answers)
    assert page.status == 200, page.text
    client.now += 5
    return page.hidden() | {"azione": ["invia"]}


def test_the_key_opens_the_list_and_the_forms(client: Client, key: str) -> None:
    listed = client.get(f"/sportello/{key}")
    assert listed.status == 200
    assert f'href="/sportello/{key}/prova"' in listed.text
    page = client.get(f"/sportello/{key}/prova")
    assert page.text.index('name="_c" value="telefono"') < page.text.index('name="nome"')
    assert 'value="web"' not in page.text
    assert page.hidden()["_d"] == [key]
    assert client.get(f"/sportello/{key}/altro").status == 404
    assert 'name="_c"' not in client.get("/moduli/prova").text


@pytest.mark.parametrize("spoil", ["", "x", "short", "accent", "changed"])
def test_without_the_key_there_is_no_desk(
    spoil: str, client: Client, key: str, store: SqliteStore
) -> None:
    wrong = {"short": key[:-1], "accent": "à" + key[1:], "changed": key.swapcase()}.get(
        spoil, spoil
    )
    for address in (f"/sportello/{wrong}", f"/sportello/{wrong}/prova", "/sportello"):
        assert client.get(address).status == 404
    sent = {**GOOD, "_c": "telefono", "_d": wrong}
    assert client.post("/moduli/prova", sent).status == 404
    assert client.post("/moduli/prova/conferma", sent).status == 404
    assert client.post("/moduli/prova", GOOD | {"_c": "telefono"}).status == 400
    assert list(store.cases()) == []


def test_the_key_lasts_as_long_as_its_secret(settings: Settings) -> None:
    [old] = settings.secrets
    new = b"un altro segreto di prova lungo abbastanza 9876"
    key = Keys(old).desk_key()
    assert Keys(new, old).read_desk_key(key)
    assert not Keys(new).read_desk_key(key)
    assert Keys(new, old).desk_key() != key == Keys(old).desk_key()


def test_what_came_by_telephone_is_filed_with_its_channel_and_its_day(
    client: Client, key: str, store: SqliteStore, identity: Identity
) -> None:
    data = _file(client, _d=key, _c="telefono", _g="31/12/2026")
    assert data["_d"] == [key]
    done = client.confirm(data)
    receipt = client.get(done.headers["Location"]).text
    assert 'Ricevuto il</dt><dd class="c-kept">31 dicembre 2026</dd>' in receipt
    assert 'Risposta entro</dt><dd class="c-kept">31/12/2026</dd>' in receipt  # terms: that day
    [(case, sealed)] = store.sealed()
    assert case.channel == "telefono"
    assert case.received == datetime(2026, 12, 31, 11, tzinfo=UTC).timestamp()
    opened = open_sealed(sealed, identity)
    assert (opened["canale"], opened["ricevuto"][:10]) == ("telefono", "2026-12-31")
    assert not {"_c", "_d", "_g"} & {item["campo"] for item in opened["risposte"]}
    assert store.counters(2026) == {"2026-12|prova|c3|||telefono": 1}
    # Its mails are queued today: nobody is told that they have waited for two weeks.
    assert store.oldest_unsent() == int(client.now)


def test_without_a_day_it_came_now(client: Client, key: str, store: SqliteStore) -> None:
    client.confirm(_file(client, _d=key, _c="sportello"))
    client.confirm(_file(client, _d=key, _c="posta", _g="15/1/2027"))
    assert [case.received for case in store.cases()] == [int(client.now) - 5, int(client.now)]


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({}, "Scegli come è arrivato."),
        ({"_c": "web"}, "Scegli come è arrivato."),
        ({"_c": "gestore"}, "Scegli come è arrivato."),
        ({"_c": "pec", "_g": "16/01/2027"}, "Il giorno non è giusto"),
        ({"_c": "pec", "_g": "ieri"}, "Il giorno non è giusto"),
        ({"_c": "pec", "_g": "15/11/2026"}, "Il giorno è troppo lontano"),
    ],
)
def test_channel_and_day_are_checked_like_every_field(
    answers: dict[str, str], sentence: str, client: Client, key: str
) -> None:
    page = client.post("/moduli/prova", GOOD | {"_d": key, "nome": ""} | answers)
    assert page.status == 422
    assert page.text.count(sentence) == 2
    assert page.text.index(sentence) < page.text.index("Scrivi il nome.")
    assert page.hidden()["_d"] == [key]
    kept = GOOD | {"_d": key, "_c": "pec", "_g": "16/11/2026"}
    assert client.post("/moduli/prova", kept).status == 200  # sixty days


def test_modify_at_the_desk_gives_the_desks_form_back(client: Client, key: str) -> None:
    data = _file(client, _d=key, _c="posta", _g="2/1/2027") | {"azione": ["modifica"]}
    page = client.confirm(data)
    assert 'name="_c" value="posta" checked' in page.text
    assert 'value="2/1/2027"' in page.text
    assert page.hidden()["_d"] == [key]


def test_of_an_anonymous_form_nobody_asks_how_it_came(
    make_client: Make, key: str, store: SqliteStore
) -> None:
    client = make_client(read_definition(compiled(anonimo=True)))
    assert 'name="_c"' not in client.get(f"/sportello/{key}/prova").text
    assert client.confirm(_file(client, _d=key)).status == 303
    assert {case.channel for case in store.cases()} == {"web"}


def test_the_key_is_not_in_the_log(client: Client, key: str) -> None:
    client.get(f"/sportello/{key}/prova")
    client.confirm(_file(client, _d=key, _c="posta"))
    assert '"route": "/sportello/*"' in client.log.getvalue()
    assert key not in client.log.getvalue()
