"""An office at its command line: a real store, compiled forms and body, and a clock that stands."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from endpoint_body import compiled_body
from endpoint_client import compiled
from pyrage.x25519 import Identity

from endpoint.cases.days import ZONE
from endpoint.cases.ente import BODY_FILE
from endpoint.cli import main
from endpoint.context import Context
from endpoint.stores.sqlite import SqliteStore
from endpoint.stores.store import Case, Letter, Submission
from endpoint.tokens import check_character

_CATEGORY: dict[str, Any] = {
    "id": "categoria", "etichetta": "Di che cosa si tratta", "tipo": "scelta",
    "obbligatorio": False, "opzioni": [{"valore": "personale", "etichetta": "Il personale"},
                                       {"valore": "ambiente", "etichetta": "Rumore e pulizia"}],
}  # fmt: skip


def number(place: int) -> str:
    """A receipt number for each place, with its check character."""
    letters = f"{place:08}"
    return f"LOI-{letters[:4]}-{letters[4:]}-{check_character(letters)}"


def moment(text: str) -> int:
    """Unix seconds of a day and hour in Italy: «2026-11-23 10:30»."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp())


@dataclass
class Clerk:
    """Runs the commands as `carta-endpoint` does; `now` is what the clock shows."""

    folder: Path
    now: str = "2026-11-23 10:30"
    body: dict[str, Any] = field(default_factory=compiled_body)

    def __post_init__(self) -> None:
        campi = [*compiled()["campi"], _CATEGORY]
        forms = [
            compiled(id="reclamo", titolo="Reclamo", campi=campi),
            compiled(id="contatto", titolo="Chiedi un contatto", campi=campi[:3]),
            compiled(id="questionario", titolo="Questionario", anonimo=True, campi=campi[:3]),
        ]
        for form in forms:
            self._write(f"{form['id']}.json", form)
        self._write(BODY_FILE, self.body)
        self.store = SqliteStore(self.folder / "moduli.db")
        keys = [str(Identity.generate().to_public()) for _ in range(2)]
        self.environ = {
            "CARTA_SECRET": "un segreto di prova lungo abbastanza 0123456789",
            "CARTA_RECIPIENTS": ",".join(keys),
            "CARTA_DB": str(self.folder / "moduli.db"), "CARTA_FORMS": str(self.folder),
        }  # fmt: skip

    def __call__(self, *words: str) -> int:
        """Run a command; its exit status."""
        return main(list(words), Context(self.environ, clock=lambda: moment(self.now)))

    def receives(
        self, place: int, when: str, form: str = "reclamo", suspect: bool = False, mails: int = 0
    ) -> str:
        """Keep a submission; its number."""
        nonce = place.to_bytes(32, "big")
        sent = Submission(
            nonce, number(place), bytes(32), form, "v", moment(when), "web", b"cifrato", suspect
        )
        letters = [Letter("ufficio", b"indirizzo cifrato")] * mails
        assert self.store.add(sent, letters, [])
        return number(place)

    def case(self, number: str) -> Case:
        """A case as the store has it."""
        return next(case for case in self.store.cases() if case.number == number)

    def _write(self, name: str, data: dict[str, Any]) -> None:
        (self.folder / name).write_text(json.dumps(data, ensure_ascii=False), "utf-8")
