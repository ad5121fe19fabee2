"""Ask whether an address still answers: politely, and safe from whatever answers.

Nothing is read of a page but its first lines, no redirect is followed without end, and nobody can
keep us waiting or lead us to a machine inside the house.
"""

import re
import ssl
from contextlib import closing
from dataclasses import dataclass, field
from http.client import BadStatusLine, HTTPException, HTTPResponse
from socket import gaierror
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from site_builder.network.answers import Answer, certificate_words, judged
from site_builder.network.connection import Forbidden, Patience, open_connection

_AGENT = "carta-dei-servizi/1 (controllo dei collegamenti di una Carta dei Servizi)"
_HEADERS = {"User-Agent": _AGENT, "Accept": "*/*", "Accept-Language": "it", "Connection": "close"}
_MOST_HOPS = 5
_REDIRECTS, _PERMANENT = (301, 302, 303, 307, 308), (301, 308)
_CLOSED = "il sito chiude la connessione senza rispondere"
_SAFE = "/%:=&?~#+!$,;'@()*[]"


@dataclass(frozen=True, slots=True)
class Manners:
    """How we ask: `patience` in seconds for one question, and whether inside the house too."""

    patience: float = 20.0
    private: bool = False
    trusted: ssl.SSLContext = field(default_factory=ssl.create_default_context)


def probe(url: str, manners: Manners) -> Answer:
    """Ask for the head of the page; where that is refused, for the page."""
    answer = _tried(url, "HEAD", manners)
    if answer is None or (answer.outcome in ("guasto", "bloccato") and answer.reached):
        answer = _tried(url, "GET", manners) or Answer("guasto", _CLOSED)
    return answer


class _Failed(Exception):
    """No answer that can be used; says why in Italian."""


class _Silent(_Failed):
    """Nothing came back."""


class _HungUp(Exception):
    """They took the question and did not answer: some know only GET."""


def _tried(url: str, method: str, manners: Manners) -> Answer | None:
    try:
        return _follow(url, method, manners)
    except _HungUp:
        return None
    except _Failed as failed:
        return Answer("guasto", str(failed), reached=not isinstance(failed, _Silent))
    except Forbidden:
        return Answer("bloccato", "porta a una rete interna: va provato a mano")


def _follow(url: str, method: str, manners: Manners) -> Answer:
    """The answer at the end of all redirects."""
    here, only_permanent, seen = url, True, {url}
    for _ in range(_MOST_HOPS + 1):
        status, target = _ask(here, method, manners)
        if status not in _REDIRECTS:
            return judged(status, "" if here == url else here, only_permanent)
        if not target:
            raise _Failed("rinvia altrove senza dire dove")
        here = _joined(here, target)
        only_permanent &= status in _PERMANENT
        if here in seen:
            # Some pages set a cookie and come back to themselves: a browser gets through.
            return Answer("bloccato", "rinvia a se stesso: va provato a mano")
        seen.add(here)
    raise _Failed(f"rinvia più di {_MOST_HOPS} volte da una pagina all'altra")


def _joined(here: str, target: str) -> str:
    try:
        return urljoin(here, target).partition("#")[0]
    except ValueError:
        raise _Failed("rinvia a un indirizzo scritto male") from None


def _ask(url: str, method: str, manners: Manners) -> tuple[int, str]:
    """The status, and the address to which the answer sends on."""
    parts = _split(url)
    patience = Patience(manners.patience)
    try:
        with closing(open_connection(parts, patience, manners.private, manners.trusted)) as link:
            link.request(method, _target(parts), headers=_HEADERS)
            answer: HTTPResponse = link.getresponse()
            if patience.is_over:  # cut off in the middle of the head, which looks like its end
                raise TimeoutError
            return answer.status, _location(answer)
    except ssl.SSLCertVerificationError as error:
        known = certificate_words(error)
        raise _Failed(f"connessione non sicura: {known}") from None
    except ssl.SSLError:
        if patience.is_over:
            raise _slow(patience) from None
        raise _Failed("connessione non sicura: i due programmi non si capiscono") from None
    except (OSError, HTTPException, UnicodeError, ValueError) as error:
        closed = isinstance(error, ConnectionResetError | BrokenPipeError | BadStatusLine)
        if closed and not patience.is_over:
            raise _HungUp from None
        raise _failure(error, patience) from None
    finally:
        patience.stop()


def _failure(error: Exception, patience: Patience) -> _Failed:
    if patience.is_over or isinstance(error, TimeoutError):
        return _slow(patience)
    if isinstance(error, ConnectionRefusedError):
        return _Failed("il sito rifiuta la connessione")
    if isinstance(error, HTTPException):
        return _Failed("la risposta non è quella di un sito")
    if isinstance(error, gaierror):
        return _Silent("il nome del sito non esiste")
    return _Silent("il sito non si raggiunge")


def _slow(patience: Patience) -> _Silent:
    return _Silent(f"non risponde entro {patience.seconds:g} secondi")


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise _Failed("l'indirizzo è scritto male") from None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        raise _Failed(f"porta a un indirizzo che non è una pagina: {_shown(url)}")
    return parts


def _target(parts: SplitResult) -> str:
    query = f"?{parts.query}" if parts.query else ""
    return quote(f"{parts.path or '/'}{query}", safe=_SAFE)


def _location(answer: HTTPResponse) -> str:
    # The library reads heads as Latin-1; servers that do not escape write UTF-8.
    written = answer.getheader("Location") or ""
    try:
        return written.encode("latin-1").decode().strip()
    except UnicodeError:
        return written.strip()


def _shown(url: str) -> str:
    return re.sub(r"[^ -~]", "?", url)[:100]
