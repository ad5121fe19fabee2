"""A form with every type of field, a body, and a client that calls the WSGI callable."""

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

from endpoint.forms.definition import version_of
from endpoint.stores.store import Case

NOW = 1_800_000_000.0  # 15 January 2027, 9 o'clock in Rome


def compiled(**changes: Any) -> dict[str, Any]:
    """A compiled form with every type of field."""
    option = [{"valore": "si", "etichetta": "Sì"}, {"valore": "no", "etichetta": "No"}]
    places = [{"valore": f"c{n}", "etichetta": f"Comune {n}"} for n in range(12)]
    base = {"obbligatorio": False}
    data: dict[str, Any] = {
        "id": "prova", "titolo": "Modulo di prova", "descrizione": "Serve a provare.",
        "anonimo": False, "nota": "Grazie.", "dichiarazioni": ["i dati sono veri"],
        "informativa": [{"titolo": "Chi tratta i dati", "testo": "L'ente."}],
        "campi": [
            {**base, "id": "nome", "etichetta": "Nome", "tipo": "testo", "obbligatorio": True,
             "gruppo": "Chi scrive", "lunghezza_max": 20,
             "errori": {"mancante": "Scrivi il nome."}},
            {**base, "id": "nato_il", "etichetta": "Nato il", "tipo": "data",
             "gruppo": "Chi scrive"},
            {**base, "id": "email", "etichetta": "E-mail", "tipo": "email", "gruppo": "Chi scrive"},
            {**base, "id": "telefono", "etichetta": "Telefono", "tipo": "telefono"},
            {**base, "id": "eta", "etichetta": "Anni", "tipo": "numero"},
            {**base, "id": "assistito", "etichetta": "Scrivi per un altro?", "tipo": "scelta",
             "obbligatorio": True, "opzioni": option},
            {**base, "id": "altro_nome", "etichetta": "Nome dell'altro", "tipo": "testo",
             "obbligatorio": True, "se": {"campo": "assistito", "valore": "si"}},
            {**base, "id": "altro_eta", "etichetta": "Anni dell'altro", "tipo": "numero",
             "se": {"campo": "assistito", "valore": "si"}},
            {**base, "id": "giorni", "etichetta": "Giorni", "tipo": "scelta_multipla",
             "opzioni": option},
            {**base, "id": "servizio", "etichetta": "Servizio", "tipo": "servizio",
             "opzioni": option},
            {**base, "id": "comune", "etichetta": "Comune", "tipo": "comune", "opzioni": places},
            {**base, "id": "motivo", "etichetta": "Che cosa è successo", "tipo": "testo_lungo",
             "suggerimento": "Con parole tue."},
        ],
    }  # fmt: skip
    data |= changes
    return {**data, "versione": version_of(data)}


@dataclass(frozen=True)
class FakeBody:
    """A body with rows that can be recognised."""

    name: str = "Ente di prova"
    prefix: str = "LOI"  # letters that a typed code reads as digits
    site: str = "https://carta.example.it/"

    def ways(self, form: str) -> Sequence[tuple[str, str]]:
        return [("Telefono", "0000 000000")]

    def receipt(self, form: str, received: date) -> Sequence[tuple[str, str]]:
        return [("Ufficio", "Ufficio di prova"), ("Risposta entro", f"{received:%d/%m/%Y}")]

    def progress(self, case: Case, today: date) -> Sequence[tuple[str, str]]:
        return [("Prossimo termine", f"{today + timedelta(30):%d/%m/%Y}")]


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    def hidden(self) -> dict[str, list[str]]:
        """The hidden inputs of the page."""
        found: dict[str, list[str]] = {}
        for name, value in re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', self.text):
            found.setdefault(name, []).append(unescape(value))
        return found


@dataclass
class Client:
    """A client that calls the WSGI callable; `now` is the clock of the endpoint."""

    app: Callable[..., Any] = lambda environ, start: []
    now: float = NOW
    log: io.StringIO = field(default_factory=io.StringIO)

    def raw(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "HTTP_HOST": "moduli.example.it",
            "CONTENT_TYPE": "application/x-www-form-urlencoded", "REMOTE_ADDR": "192.0.2.77",
            "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), **(headers or {}),
        }  # fmt: skip
        started: list[Any] = []
        text = b"".join(self.app(environ, lambda *given: started.extend(given))).decode()
        status, given = started
        assert len(dict(given)) == len(given)
        return Answer(int(status.split()[0]), dict(given), text)

    def get(self, path: str) -> Answer:
        return self.raw("GET", path)

    def post(
        self, path: str, data: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> Answer:
        return self.raw("POST", path, urlencode(data, doseq=True).encode(), headers)

    def checked(self, **answers: str | list[str]) -> dict[str, list[str]]:
        """What the check page would send, some seconds after it was opened."""
        page = self.post("/moduli/prova", GOOD | answers)
        assert page.status == 200, page.text
        self.now += 5
        return page.hidden() | {"azione": ["invia"]}

    def confirm(self, data: Mapping[str, Any], **headers: str) -> Answer:
        return self.post("/moduli/prova/conferma", data, headers)


GOOD: dict[str, Any] = {
    "nome": "Ada", "assistito": "si", "altro_nome": "Bea", "giorni": ["si", "no"],
    "motivo": "Prima riga\r\n\r\nseconda <b>", "email": "ada@example.it", "comune": "c3",
}  # fmt: skip
