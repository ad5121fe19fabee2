"""Where the editing page of the published site writes: `extra: redazione:` in mkdocs.yml."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from site_builder.errors import ContentError, nearest

BACKENDS = ("forgejo", "gitlab", "github")
_KEYS = ("backend", "repo", "branch", "base_url", "api_root", "app_id", "cartella")
_API = {"forgejo": "/api/v1", "gitlab": "/api/v4"}
_GITHUB = "https://api.github.com"


@dataclass(frozen=True, slots=True)
class Repository:
    """`folder` is that of the body in the repository, with a slash at the end; or empty."""

    backend: str
    repo: str
    branch: str = "main"
    base_url: str = ""
    api_root: str = ""
    app_id: str = ""
    folder: str = ""

    @property
    def hosts(self) -> tuple[str, ...]:
        """The only other addresses that the editing page may ask: those of the git host."""
        asked = map(urlsplit, (self.api_root, self.base_url))
        return tuple(dict.fromkeys(f"{url.scheme}://{url.netloc}" for url in asked))


def repository(written: object) -> Repository | None:
    """The repository that mkdocs.yml names, None if it names none.

    Raises ContentError if something is missing or wrong.
    """
    if not written:
        return None
    if not isinstance(written, Mapping):
        raise _wrong("ci vogliono righe «campo: valore», per esempio «backend: forgejo».")
    for key in written:
        if key not in _KEYS:
            raise _wrong(f"il campo «{key}» qui non esiste. {nearest(key, _KEYS)}")
    values = {key: str(value).strip() for key, value in written.items() if value is not None}
    _check(values)
    backend, base = values["backend"], values["base_url"].rstrip("/")
    folder = values.get("cartella", "").strip("/")
    api = _GITHUB if backend == "github" else base + _API[backend]
    return Repository(
        backend, values["repo"], values.get("branch") or "main", base,
        values.get("api_root") or api, values.get("app_id", ""), folder and f"{folder}/",
    )  # fmt: skip


def _check(values: dict[str, Any]) -> None:
    backend = values.get("backend")
    if backend == "gitea":
        raise _wrong("con Gitea le modifiche non passano da un collega: serve Forgejo o GitLab.")
    if backend not in BACKENDS:
        raise _wrong(f"«backend» può essere {', '.join(BACKENDS)}, non «{backend or ''}».")
    if not values.get("repo", "").strip("/").count("/"):
        raise _wrong("«repo» è il nome intero del deposito, per esempio «ufficio/carta».")
    if backend != "github" and not values.get("app_id"):
        raise _wrong("manca «app_id», che il sito del codice dà quando si registra la pagina.")
    for key in ("base_url", "api_root"):
        if (key == "base_url" or values.get(key)) and not _is_safe(values.get(key, "")):
            raise _wrong(f"«{key}» deve essere un indirizzo che comincia con https://.")
    if ".." in values.get("cartella", "").split("/"):
        raise _wrong("«cartella» è quella dell'ente dentro il deposito, senza «..».")


def _is_safe(address: str) -> bool:
    url = urlsplit(address)
    # A quotation mark or a blank would end the policy that names this address.
    return url.scheme == "https" and bool(url.hostname) and not set(address) & set("\"'; \t\n")


def _wrong(what: str) -> ContentError:
    return ContentError(f"mkdocs.yml, voce «extra: redazione»: {what.strip()}")
