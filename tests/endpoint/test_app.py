"""The endpoint from the form to the receipt, as whoever calls the WSGI callable sees it."""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from endpoint_client import GOOD, Client, compiled
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pyrage.x25519 import Identity

from endpoint.forms.definition import read_definition
from endpoint.sealing import open_sealed, own_identity
from endpoint.settings import Settings
from endpoint.stores.sqlite import SqliteStore
from endpoint.stores.store import STATES, Unavailable
from endpoint.web.limits import Limits

Make = Callable[..., Client]


def _code(text: str) -> str:
    found = re.search(r"Codice segreto: <strong[^>]*>([^<]+)<", text)
    return found[1] if found else ""


def _number(text: str) -> str:
    found = re.search(r"Il numero di ricevuta è <strong[^>]*>([^<]+)<", text)
    return found[1] if found else ""


def test_a_form_goes_from_the_empty_page_to_its_state(
    client: Client, store: SqliteStore, identity: Identity, settings: Settings
) -> None:
    assert 'action="/moduli/prova"' in client.get("/moduli/prova").text
    page = client.post("/moduli/prova", GOOD)
    assert page.status == 200
    assert "<h1>Controlla le risposte</h1>" in page.text
    assert '<dd class="c-kept">Sì, No</dd>' in page.text
    assert "seconda &lt;b&gt;" in page.text
    assert list(store.cases()) == []  # step one writes nothing
    client.now += 5
    done = client.confirm(page.hidden() | {"azione": "invia"})
    assert done.status == 303
    receipt = client.get(done.headers["Location"])
    assert "Ufficio di prova" in receipt.text
    assert "15 gennaio 2027, ore 09:00" in receipt.text
    number, code = _number(receipt.text), _code(receipt.text)
    assert re.fullmatch(r"LOI-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]", number)
    typed = {"numero": f" {number.lower().replace('-', ' ')}", "codice": code.lower()}
    state = client.post("/stato", typed)
    assert (state.status, number in state.text) == (200, True)
    assert "Prossimo termine" in state.text
    [(case, sealed)] = store.sealed()
    opened = open_sealed(sealed, identity)
    answers = {item["campo"]: item["valore"] for item in opened["risposte"]}
    assert opened["numero"] == number
    assert answers["motivo"] == "Prima riga\n\nseconda <b>"
    assert answers["giorni"] == ["si", "no"]
    assert not case.suspect
    letters = store.take(int(client.now), 60, 9)
    own = own_identity(settings.secrets[0])
    addresses = {m.kind: open_sealed(m.recipient, own)["indirizzo"] for m in letters}
    assert addresses == {"ufficio": "ufficio@example.it", "cittadino": "ada@example.it"}
    assert store.counters(2027) == {"2027-01|prova|c3|||web": 1}


def test_errors_are_said_in_the_box_and_at_the_field_and_values_are_kept(client: Client) -> None:
    page = client.post("/moduli/prova", GOOD | {"nome": " ", "nato_il": "31/02/1990"})
    assert page.status == 422
    assert "<title>Errore: Modulo di prova" in page.text
    assert 'tabindex="-1" autofocus><div role="alert">' in page.text
    assert page.text.count("Scrivi il nome.") == 2
    assert '<a href="#campo-nome">' in page.text
    assert 'value="31/02/1990"' in page.text
    assert "\nPrima riga\n\nseconda &lt;b&gt;</textarea>" in page.text
    assert page.text.count(" checked") == 3


def test_modify_gives_the_form_back_with_the_answers(client: Client) -> None:
    page = client.confirm(client.checked() | {"azione": ["modifica"]})
    assert page.status == 200
    assert 'value="Ada"' in page.text
    assert 'action="/moduli/prova"' in page.text
    assert "problema" not in page.text


def test_confirming_twice_gives_one_row_and_the_same_receipt(
    client: Client, store: SqliteStore
) -> None:
    data = client.checked()
    first = client.get(client.confirm(data).headers["Location"])
    client.now += 3600
    second = client.get(client.confirm(data).headers["Location"])
    assert _code(first.text) == _code(second.text) != ""
    assert first.text == second.text
    assert len(list(store.cases())) == 1


def test_twenty_confirms_at_once_are_one_submission(client: Client, store: SqliteStore) -> None:
    data = client.checked()
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: client.confirm(data), range(20)))
    assert {answer.status for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert len(list(store.cases())) == 1
    assert len(store.take(int(client.now), 60, 99)) == 2
    assert list(store.counters(2027).values()) == [1]


@pytest.mark.parametrize("spoil", ["expired", "mutated", "missing", "from the future", "other"])
def test_a_token_that_does_not_hold_brings_the_check_page_again(
    spoil: str, client: Client, store: SqliteStore
) -> None:
    data = client.checked()
    token = data["_t"][0]
    match spoil:
        case "expired":
            client.now += 24 * 3600
        case "mutated":
            data["_t"] = [("A" if token[0] != "A" else "B") + token[1:]]
        case "missing":
            del data["_t"]
        case "from the future":
            client.now -= 3600
        case "other":
            data["_t"] = [token[::-1]]
    page = client.confirm(data)
    assert page.status == 409
    assert "Rileggi e invia di nuovo" in page.text
    assert list(store.cases()) == []
    again = page.hidden()
    assert again["motivo"] == ["Prima riga\n\nseconda <b>"]
    client.now += 5
    assert client.confirm(again).status == 303


def test_a_token_of_another_form_does_not_hold(make_client: Make, store: SqliteStore) -> None:
    client = make_client(
        read_definition(compiled()), read_definition(compiled(id="altro", titolo="Altro"))
    )
    data = client.checked()
    page = client.post("/moduli/altro/conferma", data)
    assert (page.status, "Rileggi e invia di nuovo" in page.text) == (409, True)
    assert list(store.cases()) == []


def test_a_new_version_of_the_form_is_shown_with_the_answers(
    make_client: Make, store: SqliteStore
) -> None:
    old = make_client()
    data, sent = old.checked(), old.checked()
    assert old.confirm(sent).status == 303
    fields = [item for item in compiled()["campi"] if item["id"] != "telefono"]
    new = make_client(read_definition(compiled(campi=fields)))
    new.now = old.now
    page = new.confirm(data)
    assert page.status == 409
    assert "Il modulo è cambiato" in page.text
    assert 'value="Ada"' in page.text
    # What had been acknowledged stays so: no second submission.
    assert new.confirm(sent).status == 303
    assert len(list(store.cases())) == 1
    first = new.post("/moduli/prova", GOOD | {"_v": data["_t"][0], "telefono": "0833 1"})
    assert (first.status, 'value="Ada"' in first.text) == (409, True)


@pytest.mark.parametrize(
    ("site", "origin", "is_ours"),
    [
        ("same-origin", "", True),
        ("same-origin", "null", True),
        ("same-origin", "https://altro.example.it", True),  # Fetch Metadata cannot be forged
        ("same-site", "https://moduli.example.it", False),
        ("cross-site", "", False),
        ("cross-site", "null", False),
        ("none", "", False),
        ("", "https://moduli.example.it", True),
        ("", "https://moduli.example.it.altro.it", False),
        ("", "https://altro.example.it", False),
        ("", "https://[", False),
        ("", "null", True),
        ("", "", True),
    ],
)
def test_only_our_own_page_can_confirm(
    site: str, origin: str, is_ours: bool, client: Client, store: SqliteStore
) -> None:
    given = {"HTTP_SEC_FETCH_SITE": site, "HTTP_ORIGIN": origin}
    headers = {name: value for name, value in given.items() if value}
    assert client.post("/moduli/prova", GOOD, headers).status == 200  # from any site
    answer = client.confirm(client.checked(), **headers)
    assert answer.status == (303 if is_ours else 403)
    assert len(list(store.cases())) == is_ours
    if not is_ours:
        assert answer.hidden()["nome"] == ["Ada"]


class _Broken(SqliteStore):
    error: Exception = Unavailable("SQLITE_FULL")

    def add(self, *given: Any) -> bool:
        raise self.error


@pytest.mark.parametrize("error", [Unavailable("SQLITE_FULL"), ValueError("Ada")])
def test_when_nothing_can_be_stored_the_answers_are_kept_on_the_page(
    error: Exception, make_client: Make, store: SqliteStore, tmp_path: Path
) -> None:
    broken = _Broken(tmp_path / "moduli.db")
    broken.error = error
    client = make_client(store=broken)
    data = client.checked()
    page = client.confirm(data)
    assert page.status == 503
    assert int(page.headers["Retry-After"]) > 0
    assert "0000 000000" in page.text
    assert "Ada" not in client.log.getvalue()
    # Once the store is back, what is on that page is enough.
    back = make_client(store=store)
    back.now = client.now
    assert back.confirm(page.hidden()).status == 303
    assert len(list(store.cases())) == 1


def test_over_the_limit_one_is_asked_to_wait_and_keeps_the_answers(
    make_client: Make, store: SqliteStore
) -> None:
    client = make_client(limits=Limits(burst=1, rate=1))
    first, second = client.checked(), client.checked()
    assert client.confirm(first).status == 303
    page = client.confirm(second)
    assert (page.status, page.headers["Retry-After"]) == (429, "60")
    client.now += 60
    assert client.confirm(page.hidden()).status == 303
    assert len(list(store.cases())) == 2


def test_robots_are_flagged_and_not_dropped(client: Client, store: SqliteStore) -> None:
    for trap, wait in (("", 0), ("x", 10), ("", 10)):
        data = client.checked(_n=trap)
        client.now += wait - 5
        assert client.confirm(data).status == 303
    assert [case.suspect for case in store.cases()] == [True, True, False]


def test_the_receipt_shows_the_code_for_ten_minutes(client: Client) -> None:
    link = client.confirm(client.checked()).headers["Location"]
    client.now += 600
    shown = client.get(link)
    client.now += 1
    late = client.get(link)
    assert _code(shown.text)
    assert _code(shown.text) not in late.text
    assert _number(late.text) == _number(shown.text)
    assert client.get(link[:-4] + "AAAA").status == 404


def test_wrong_number_and_wrong_code_have_the_same_answer(client: Client) -> None:
    receipt = client.get(client.confirm(client.checked()).headers["Location"])
    number, code = _number(receipt.text), _code(receipt.text)
    other = client.get(client.confirm(client.checked()).headers["Location"])
    pairs = [(number, _code(other.text)), (number, code[:-1] + "*"), (number, "")]
    pages = [client.post("/stato", {"numero": n, "codice": c}) for n, c in pairs]
    unknown = client.post("/stato", {"numero": "LOI-0000-0000-0", "codice": code})
    assert {page.status for page in [*pages, unknown]} == {422}
    assert {page.text for page in pages} == {unknown.text.replace("LOI-0000-0000-0", number)}


def test_every_state_is_told_in_words_with_its_days(client: Client, store: SqliteStore) -> None:
    receipt = client.get(client.confirm(client.checked()).headers["Location"]).text
    number, typed = _number(receipt), {"numero": _number(receipt), "codice": _code(receipt)}
    told = {
        "protocollato": ("12/2027", "l&#x27;ufficio l&#x27;ha preso in carico", "Protocollato il"),
        "convocato": ("", "l&#x27;ufficio ha fissato un incontro", "Convocato il"),
        "sospeso": ("", "per ora i termini sono fermi", "Termini sospesi il"),
        "ripreso": ("", "i termini contano di nuovo", "Termini ripresi il"),
        "chiuso": ("Accolto", "l&#x27;ufficio ha finito", "Chiuso il"),
    }
    assert tuple(told) == STATES[1:]
    for day, (state, (note, words, step)) in enumerate(told.items(), 16):
        assert store.step(number, state, date(2027, 1, day), note)
        page = client.post("/stato", typed).text
        assert words in page
        assert f'<dt>{step}</dt><dd class="c-kept">{day} gennaio 2027</dd>' in page
    assert '<dt>Numero di protocollo</dt><dd class="c-kept">12/2027</dd>' in page
    assert '<dt>Esito</dt><dd class="c-kept">Accolto</dd>' in page


def test_an_anonymous_form_leaves_counters_and_loose_texts(
    make_client: Make, store: SqliteStore, identity: Identity
) -> None:
    client = make_client(read_definition(compiled(anonimo=True)))
    fields = {"nome": "x", "motivo": "Tutto bene", "assistito": "no", "giorni": ["si", "no"]}
    data = client.checked(email="", **fields)
    for _ in range(2):
        done = client.confirm(data)
    assert "Grazie" in client.get(done.headers["Location"]).text
    counters = store.counters(2027)
    assert set(counters.values()) == {1}
    assert {"2027-01|prova", "2027-01|prova|giorni|si", "2027-01|prova|giorni|no"} < set(counters)
    [(_, sealed)] = store.sealed()
    kept = [item["campo"] for item in open_sealed(sealed, identity)["risposte"]]
    assert kept == ["nome", "motivo"]
    assert store.take(int(client.now), 60, 9) == []


def test_an_anonymous_form_without_texts_leaves_counters_only(
    make_client: Make, store: SqliteStore
) -> None:
    choices = [item for item in compiled()["campi"] if item["id"] in ("assistito", "giorni")]
    client = make_client(read_definition(compiled(anonimo=True, campi=choices)))
    page = client.post("/moduli/prova", {"assistito": "si"})
    for _ in range(2):
        done = client.confirm(page.hidden())
    assert "Grazie" in client.get(done.headers["Location"]).text
    assert store.counters(2027) == {"2027-01|prova": 1, "2027-01|prova|assistito|si": 1}
    assert list(store.cases()) == []


def test_health_tells_of_the_oldest_mail(client: Client) -> None:
    assert json.loads(client.get("/salute").text) == {"stato": "ok", "posta_in_attesa_da": None}
    client.confirm(client.checked())
    client.now += 90
    assert json.loads(client.get("/salute").text)["posta_in_attesa_da"] == 90


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("GET", "/", 404, ""), ("GET", "/moduli/altro", 404, ""), ("GET", "/moduli", 404, ""),
        ("GET", "/moduli/prova/altro", 404, ""), ("POST", "/moduli/altro", 404, ""),
        ("GET", "/ricevuta/x", 404, ""), ("GET", "/ricevuta/\xff", 404, ""),
        ("PUT", "/moduli/prova", 405, "GET, POST, HEAD"),
        ("GET", "/moduli/prova/conferma", 405, "POST"),
        ("HEAD", "/valutazione", 405, "POST"), ("OPTIONS", "/stato", 405, "GET, POST, HEAD"),
        ("GET", "/stile.css", 200, ""), ("GET", "/stato", 200, ""),
        ("POST", "/moduli/prova", 422, ""),
    ],
)  # fmt: skip
def test_every_answer_has_the_safe_headers(
    method: str, path: str, status: int, allow: str, client: Client
) -> None:
    answer = client.raw(method, path)
    assert (answer.status, answer.headers.get("Allow", "")) == (status, allow)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; form-action 'self'")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert "Set-Cookie" not in answer.headers
    assert "<script" not in answer.text


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"nome=%FF", {}, 400), (b"nome", {}, 400), (b"strano=1", {}, 400),
        (b"_n=1&_n=2", {}, 400), (b"&".join(b"a%d=1" % n for n in range(50)), {}, 400),
        (b"nome=1", {"CONTENT_TYPE": "multipart/form-data; boundary=x"}, 415),
        (b"nome=" + b"x" * 70_000, {}, 413), (b"nome=x", {"CONTENT_LENGTH": "-1"}, 400),
        (b"nome=%00", {}, 422),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/moduli/prova", "/moduli/prova/conferma"])
def test_what_is_no_form_of_ours_is_refused(
    path: str, body: bytes, headers: dict[str, str], status: int, client: Client
) -> None:
    answer = client.raw("POST", path, body, headers)
    assert answer.status == status
    assert '<html lang="it">' in answer.text


def test_head_has_the_headers_of_get_and_no_body(client: Client) -> None:
    head, get = client.raw("HEAD", "/moduli/prova"), client.get("/moduli/prova")
    assert head.headers == get.headers
    assert (head.text, int(head.headers["Content-Length"])) == ("", len(get.text.encode()))


def test_nothing_that_is_written_leaves_a_trace_in_clear(
    make_client: Make, store: SqliteStore, tmp_path: Path
) -> None:
    client = make_client()
    mark = "CANARINO"
    answers = {"nome": f"{mark}1", "motivo": f"{mark}2", "email": f"{mark}3@example.it"}
    wrong = client.post("/moduli/prova", {**answers, "nato_il": f"{mark}4", f"{mark}5": "x"})
    assert wrong.status == 400
    data = client.checked(**answers)
    done = client.confirm(data)
    receipt = client.get(done.headers["Location"])
    client.post("/stato", {"numero": f"{mark}6", "codice": f"{mark}7"})
    client.raw("GET", f"/{mark}8", headers={"QUERY_STRING": f"{mark}9"})
    client.confirm({**data, "nato_il": f"{mark}4"})
    broken = make_client(store=_Broken(tmp_path / "moduli.db"))
    broken.now = client.now
    _Broken.error = ValueError(mark)
    assert broken.confirm(data).status == 503
    logs = client.log.getvalue() + broken.log.getvalue()
    assert len(logs.splitlines()) == 8
    assert all(json.loads(line)["status"] for line in logs.splitlines())
    code = _code(receipt.text)
    files = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    headers = str([wrong.headers, done.headers, receipt.headers])
    assert len(files) > 4096
    for secret in (mark, code, code.replace("-", ""), "192.0.2.77"):
        assert secret not in logs
        assert secret.encode() not in files
        assert secret not in headers


_PIECES = st.sampled_from(
    [b"nome=", b"&", b"=", b"%", b"_t=", b"_n=", b"azione=modifica", b"assistito=si", b"%00", b"+"]
)


@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    body=st.binary(max_size=60) | st.lists(_PIECES | st.binary(max_size=3)).map(b"".join),
    path=st.sampled_from(["/moduli/prova", "/moduli/prova/conferma", "/stato", "/valutazione"]),
)
def test_no_body_breaks_the_endpoint(body: bytes, path: str, client: Client) -> None:
    assert client.raw("POST", path, body).status in (200, 400, 409, 422)
