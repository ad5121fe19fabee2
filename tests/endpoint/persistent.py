"""Citizens who do not give up: each asks again until there is an answer, and keeps the receipt."""

import http.client
import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import sleep
from typing import Any

from endpoint_client import GOOD, compiled
from endpoint_process import Process, confirmation

Receipt = tuple[str, str]  # number and code
_CODE = re.compile(r'class="c-code">([^<]+)<')


@dataclass
class Town:
    """Where the endpoint is just now, what was acknowledged, how often one had to ask again."""

    server: Process | None = None
    receipts: list[Receipt] = field(default_factory=list)
    again: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)

    def live(self, form: str) -> None:
        """File one form after the other, each to its receipt, until it is over."""
        try:
            while not self.over.is_set():
                self.receipts.append(self.file(form))
        except BaseException as error:
            self.errors.append(error)

    def file(self, form: str) -> Receipt:
        """The receipt of a submission: once it is acknowledged, there has to be one."""
        page = self._insist(200, "POST", f"/moduli/{form}", GOOD)[1]
        data = confirmation(page)
        link = self._insist(303, "POST", f"/moduli/{form}/conferma", data)[0]["Location"]
        page = self._insist(200, "GET", link)[1]
        assert len(_CODE.findall(page)) == 2, "who was acknowledged has no receipt"
        return receipt(page)

    def end(self) -> None:
        """Wait until everybody has the last receipt."""
        self.over.set()
        for thread in self.threads:
            thread.join(60)
        if self.errors:
            raise self.errors[0]
        assert not any(thread.is_alive() for thread in self.threads)

    def opens(self, one: Receipt) -> bool:
        """Whether number and code of a receipt tell where the case has got to."""
        page = self._insist(
            200, "POST", "/stato", dict(zip(("numero", "codice"), one, strict=True))
        )
        return one[0] in page[1]

    def _insist(
        self, wanted: int, method: str, path: str, data: Mapping[str, Any] | None = None
    ) -> tuple[dict[str, str], str]:
        while True:
            with suppress(OSError, http.client.HTTPException):
                if self.server is not None:
                    status, headers, text = self.server.ask(method, path, data)
                    if status == wanted:
                        return headers, text
                    assert status in (429, 503), f"{status} for {method} {path}"
            self.again += 1
            sleep(0.02)


@contextmanager
def crowd(town: Town, forms: list[str]) -> Iterator[None]:
    """Let a citizen live for each form, until the end of the block at the latest."""
    town.threads = [threading.Thread(target=town.live, args=(form,)) for form in forms]
    for thread in town.threads:
        thread.daemon = True  # who insists on a server that is gone for good
        thread.start()
    try:
        yield
    finally:
        town.over.set()


def receipt(page: str) -> Receipt:
    """Number and code on the page of a receipt."""
    number, code = _CODE.findall(page)
    return number, code


def write_forms(folder: Path, how_many: int) -> list[str]:
    """More forms in an export: each is let through as often as if it were alone."""
    names = [f"prova-{place}" for place in range(how_many)]
    for name in names:
        (folder / f"{name}.json").write_text(json.dumps(compiled(id=name)), "utf-8")
    return names
