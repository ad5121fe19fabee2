"""Whatever is sent: a documented answer, soon; nothing opens that was not signed; nothing is lost.

What is fuzzed for longer stands in fuzz/: here its targets run on their seeds and a few changes.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from unicodedata import normalize

import pytest
from endpoint_client import Client
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as limits_of
from hypothesis import strategies as st
from pyrage.x25519 import Identity
from test_form_contract import _forms as forms

from endpoint.forms.definition import Definition
from endpoint.sealing import open_sealed
from endpoint.stores.sqlite import SqliteStore

sys.path.append(str(Path(__file__).parent / "fuzz"))
from targets import SEEDS, TARGETS  # the programs that fuzz import it so

_ROUTES = (
    "/moduli/prova", "/moduli/prova/conferma", "/stato", "/valutazione", "/salute", "/stile.css",
    "/ricevuta/x", "/sportello/x/prova", "/", "//", "/moduli", "/moduli//conferma", "",
)  # fmt: skip
_DOCUMENTED = {200, 303, 400, 404, 405, 409, 413, 415, 422, 429}
quickly = limits_of(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# WSGI gives paths and headers as Latin-1, whatever the bytes.
bytes_as_text = st.binary(max_size=30).map(lambda raw: raw.decode("latin-1"))


@quickly
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "TRACE", "OPTIONS", ""]) | bytes_as_text,
    path=st.sampled_from(_ROUTES) | bytes_as_text | bytes_as_text.map("/moduli/prova".__add__),
    body=st.binary(max_size=40),
    headers=st.dictionaries(
        st.sampled_from(["CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_ORIGIN", "HTTP_SEC_FETCH_SITE",
                         "HTTP_HOST", "QUERY_STRING", "HTTP_COOKIE"]),
        bytes_as_text,
    ),
)  # fmt: skip
def test_any_request_has_an_answer_that_is_documented(
    method: str, path: str, body: bytes, headers: dict[str, str], client: Client
) -> None:
    answer = client.raw(method, path, body, headers)
    assert answer.status in _DOCUMENTED
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


_HEAVY = {
    "percents": b"nome=" + b"%41" * 21_000, "spaces": b"motivo=" + b"+" * 65_000,
    "equals": b"a" + b"=" * 65_000, "fields": b"&".join(b"a%d=" % n for n in range(8000)),
    "breaks": b"motivo=" + b"%0D%0A" * 10_000, "marks": b"email=" + b"a@" * 32_000,
    "digits": b"telefono=" + b"1" * 65_000, "quotes": b"motivo=" + b"%22%3C" * 10_000,
    "accents": b"nome=" + b"%CC%81" * 10_000, "dots": b"email=a@" + b"a." * 32_000,
}  # fmt: skip


@pytest.mark.parametrize("name", _HEAVY)
def test_no_body_that_fits_costs_more_than_a_moment(name: str, client: Client) -> None:
    body = _HEAVY[name]
    assert len(body) <= 65_536
    took = []
    for _ in range(3):
        start = time.thread_time()
        assert client.raw("POST", "/moduli/prova", body).status in (400, 422)
        took.append(time.thread_time() - start)
    assert min(took) < 0.05


@pytest.mark.slow  # each example is put on the disk
@quickly
@given(data=st.data())
def test_an_address_that_was_changed_opens_nothing(data: st.DataObject, client: Client) -> None:
    link = client.confirm(client.checked()).headers["Location"]
    start = len("/ricevuta/")
    place = data.draw(st.integers(start, len(link) - 1))
    end = data.draw(st.integers(place, len(link)))
    other = link[:place] + data.draw(bytes_as_text) + link[end:]
    assume(other != link)
    assert client.get(other).status == 404
    assert 'class="c-code"' in client.get(link).text


def _answer(data: st.DataObject, form: Definition) -> dict[str, list[str]]:
    """Answers that mostly hold."""
    plain = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf"]), max_size=10)
    kinds = {
        "data": st.just("27/3/1980"), "email": st.just("ada@example.it"), "numero": st.just("3"),
        "telefono": st.just("0833 000000"), "testo": plain, "testo_lungo": plain,
    }  # fmt: skip
    answers = {}
    for field in form.campi:
        choice = st.sampled_from([option.valore for option in field.opzioni] or [""])
        answers[field.id] = [data.draw(kinds.get(field.tipo, choice))]
    return answers


@pytest.mark.slow  # each example is put on the disk
@quickly
@given(data=st.data())
def test_what_holds_is_what_the_office_reads(
    data: st.DataObject, make_client: Callable[..., Client], store: SqliteStore, identity: Identity
) -> None:
    form = data.draw(forms())
    client = make_client(form)
    page = client.post("/moduli/prova", answers := _answer(data, form))
    assume(page.status == 200)
    client.now += 5
    assert client.confirm(page.hidden() | {"azione": ["invia"]}).status == 303
    *_, (case, sealed) = store.sealed()
    content = open_sealed(sealed, identity)
    assert content["numero"] == case.number
    for said in content["risposte"]:
        sent = answers[said["campo"]]
        kept = said["valore"] if isinstance(said["valore"], list) else [said["valore"]]
        assert [_plain(text) for text in kept if text] == [
            _plain(text) for text in sent if text.strip()
        ]


def _plain(text: str) -> str:
    """As it is compared: composed, and without the blanks that are not kept."""
    return " ".join(normalize("NFC", text).split())


@pytest.mark.parametrize("name", TARGETS)
def test_the_targets_of_the_fuzzer_hold_on_their_seeds(name: str) -> None:
    target, chance = TARGETS[name], Random(name)
    for seed in SEEDS[name]:
        target(seed)
        for _ in range(60):
            changed = bytearray(seed or b"a")
            for _ in range(chance.randint(1, 4)):
                place = chance.randrange(len(changed) + 1)
                changed[place : place + chance.randint(0, 2)] = chance.randbytes(
                    chance.randint(0, 3)
                )
            target(bytes(changed))


def test_every_target_can_be_run_by_hand() -> None:
    found = {path.stem for path in (Path(__file__).parent / "fuzz").glob("fuzz_*.py")}
    assert found == {f"fuzz_{name}" for name in TARGETS} == {f"fuzz_{name}" for name in SEEDS}
