"""What an answer of another site means, in Italian."""

import ssl
from dataclasses import dataclass

from site_builder.outlinks import Outcome

# They say who may come in, not whether the page is there.
_BLOCKED = {401: "chiede una parola d'ordine", 403: "non lascia entrare i programmi",
            407: "chiede una parola d'ordine", 429: "dice che chiediamo troppo spesso",
            451: "non si può mostrare da qui"}  # fmt: skip
_FAILED = {404: "la pagina non c'è", 410: "la pagina è stata tolta"}
# By the number that OpenSSL gives to each reason.
_CERTIFICATE = {
    9: "il certificato non è ancora valido", 10: "il certificato è scaduto",
    18: "il certificato se l'è fatto da solo", 19: "il certificato è di un'autorità sconosciuta",
    20: "il certificato è di un'autorità sconosciuta",
    21: "il certificato non si può verificare", 62: "il certificato è di un altro sito",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it; `said` in Italian, `moved_to` where the page has gone for good.

    Not `reached` is a site from which nothing came at all: the fault may be of our own network.
    """

    outcome: Outcome
    said: str
    moved_to: str = ""
    reached: bool = True


def judged(status: int, moved_to: str, permanent: bool) -> Answer:
    """By its status; `moved_to` is where the redirects ended, which may be `permanent`."""
    if 200 <= status < 300:
        if moved_to and permanent:
            return Answer("spostato", f"si è spostato in modo definitivo: {moved_to}", moved_to)
        return Answer("buono", f"risponde, da {moved_to}" if moved_to else "risponde")
    if status in _BLOCKED:
        return Answer("bloccato", f"{_BLOCKED[status]} (risposta {status})")
    usual = "il sito ha un guasto" if status >= 500 else "la pagina non risponde"
    return Answer("guasto", f"{_FAILED.get(status, usual)} (risposta {status})")


def certificate_words(error: ssl.SSLCertVerificationError) -> str:
    """Why a certificate was refused."""
    return _CERTIFICATE.get(error.verify_code, "il certificato non va bene")
