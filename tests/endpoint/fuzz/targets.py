"""What is fuzzed: one function for each thing that reads what strangers send, and where to start.

Each takes any bytes and fails only if something else happens than is promised. They run under
atheris (fuzz_*.py) and, with what is in SEEDS, in the tests.
"""

import json
from contextlib import suppress
from datetime import date
from urllib.parse import urlencode

from endpoint.forms.body import MAX_FIELDS, Refused, parse
from endpoint.forms.checking import check
from endpoint.forms.definition import BadDefinition, read_definition, version_of
from endpoint.forms.render import form_html
from endpoint.post.pec import BadXml, read_daticert, read_receipt
from endpoint.stores.store import RECEIPTS
from endpoint.tokens import Invalid, Keys, read_code, read_number

_KEYS = Keys(b"un segreto di prova lungo abbastanza 0123456789")
_TODAY = date(2027, 1, 15)
_FIELD = {"etichetta": "Domanda", "obbligatorio": True}
_CHOICE = [{"valore": "si", "etichetta": "Sì"}, {"valore": "no", "etichetta": "No"}]
_DATA = {
    "id": "prova", "titolo": "Modulo", "descrizione": "", "anonimo": False, "nota": "",
    "dichiarazioni": [], "informativa": [{"titolo": "Chi", "testo": "L'ente."}],
    "campi": [
        {**_FIELD, "id": "nome", "tipo": "testo", "lunghezza_max": 20},
        {**_FIELD, "id": "quando", "tipo": "data"}, {**_FIELD, "id": "posta", "tipo": "email"},
        {**_FIELD, "id": "telefono", "tipo": "telefono"}, {**_FIELD, "id": "n", "tipo": "numero"},
        {**_FIELD, "id": "per", "tipo": "scelta", "opzioni": _CHOICE},
        {**_FIELD, "id": "fatti", "tipo": "testo_lungo", "se": {"campo": "per", "valore": "si"}},
    ],
}  # fmt: skip
_FORM = read_definition({**_DATA, "versione": version_of(_DATA)})
_ISSUED = {
    _KEYS.issue(1_795_000_000, "prova", "0123456789abcdef"), _KEYS.desk_key(),
    _KEYS.receipt_link(_KEYS.read(_KEYS.issue(1, "prova", "0")), 1_795_000_000),
}  # fmt: skip


def body(data: bytes) -> None:
    """A body is read in one way, or refused; what is read gets a verdict and a page."""
    try:
        answers = parse(data)
    except Refused:
        return
    assert sum(map(len, answers.values())) <= MAX_FIELDS
    pairs = [(name, value) for name, values in answers.items() for value in values]
    assert parse(urlencode(pairs).encode()) == answers
    values, errors = check(_FORM, answers, _TODAY)
    assert {error.campo for error in errors} <= values.keys() <= _FORM.by_id.keys()
    assert "<script" not in form_html(_FORM, "/moduli/prova", values, errors).lower()


def token(data: bytes) -> None:
    """Nothing opens but what was signed; a code is read or not."""
    text = data.decode("utf-8", "surrogateescape")
    for read in (_KEYS.read, _KEYS.read_receipt_link):
        try:
            read(text)
        except Invalid:
            continue
        assert text in _ISSUED
    if text.isprintable():  # no half characters: a request has none
        assert not _KEYS.read_desk_key(text) or text in _ISSUED
    code = read_code(text)
    assert code is None or code.isalnum()
    number = read_number(text, "PRO")
    assert number is None or read_number(number, "PRO") == number


def definition(data: bytes) -> None:
    """A form is refused, or it can be drawn and answered."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return
    try:
        form = read_definition(_signed(found))
    except BadDefinition:
        return
    page = form_html(form, "/moduli/prova")
    assert page.count("<form") == 1
    _, errors = check(form, {}, _TODAY)
    assert {error.campo for error in errors} <= form.by_id.keys()


def _signed(found: object) -> object:
    try:
        return {**found, "versione": version_of(found)} if isinstance(found, dict) else found
    except (UnicodeEncodeError, RecursionError):
        return found


def pec(data: bytes) -> None:
    """A message of the post is a receipt with a known meaning, or none."""
    found = read_receipt(data)
    assert found is None or (found.means in RECEIPTS and "@" in found.about)
    with suppress(BadXml):
        assert set(read_daticert(data)) <= {"tipo", "errore", "msgid"}


_PEC = (
    b'X-Ricevuta: avvenuta-consegna\r\nX-Riferimento-Message-ID: <a@example.it>\r\n'
    b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\nContent-Type: application/xml;'
    b' name="daticert.xml"\r\n\r\n'
)  # fmt: skip
_DATICERT = (
    b'<?xml version="1.0" encoding="UTF-8"?><postacert tipo="avvenuta-consegna" errore="nessuno">'
    b"<intestazione/><dati><msgid>&lt;a@example.it&gt;</msgid></dati></postacert>"
)
TARGETS = {"body": body, "token": token, "definition": definition, "pec": pec}
SEEDS: dict[str, list[bytes]] = {
    "body": [
        b"", b"nome=Ada&quando=27%2F3%2F1980&posta=ada%40example.it&telefono=0833+1&n=3&per=si",
        b"per=si&fatti=Prima%0D%0Ariga%00", b"a=%FF", b"a=1&a=2&%C3%A0=%F0%9F%98%80", b"a&b",
        b"%",
    ],
    "token": [*(text.encode() for text in _ISSUED), b"PRO-7F3K-9QX2-M", b"o0il 1", b"==",
              b"\xff"],
    "definition": [json.dumps(_DATA).encode(), b"{}", b"[]", b'{"id": "\\ud800"}', b"[" * 3000,
                   b'{"campi": [{"id": 1, "tipo": [], "opzioni": [{"valore": {}}]}], "id": 2}'],
    "pec": [
        _PEC + _DATICERT + b"\r\n--x--\r\n", _DATICERT, b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"Content-Type: multipart/report; boundary=y\r\n\r\n--y\r\nContent-Type: message/delivery-"
        b"status\r\n\r\nReporting-MTA: dns; a\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--y--",
    ],
}  # fmt: skip
