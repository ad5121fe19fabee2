"""The ceremony of the keys: what is made once, on a computer without a network.

Two pairs, the office's and one for recovery; each private key in a file locked with the passphrase,
and the recovery key also on paper, for whoever has lost the passphrase. Nothing of it ever goes to
the server but the public keys and the secret.
"""

import hashlib
from importlib import import_module, resources
from importlib.util import find_spec
from pathlib import Path

from pyrage.x25519 import Identity  # type: ignore[import-untyped]  # it has no types

from endpoint.files import write_new
from endpoint.office.keyfiles import lock_key, open_key
from endpoint.sealing import BadKey, open_sealed, seal

PAGE = "apri-reclami.html"
OFFICE_KEY, RECOVERY_KEY = "chiave-ufficio.age", "chiave-recupero.age"
OFFICE_SHEET, RECOVERY_SHEET = "busta-ufficio.txt", "busta-recupero.txt"
FILES = (OFFICE_KEY, RECOVERY_KEY, OFFICE_SHEET, RECOVERY_SHEET, PAGE)
_CANARY = {"prova": "canarino"}
_BORDER = 4  # modules of white around a QR code, as its standard asks
_HALVES = {(0, 0): " ", (0, 1): "▄", (1, 0): "▀", (1, 1): "█"}

_OFFICE_TEXT = """BUSTA DELL'UFFICIO                          Fatta il ____________________

Il file «{key}» apre gli invii dei moduli: lo chiude una frase
segreta. Scrivila qui, a mano. Poi chiudi la busta e firma sul lembo.

  _______________________________________________________________________

  _______________________________________________________________________

Una copia del file sta (chiavetta, armadio):

  _______________________________________________________________________
"""
_RECOVERY_TEXT = """BUSTA DI RECUPERO                           Fatta il ____________________

Questa chiave apre gli invii dei moduli senza nessuna frase segreta. Serve se
la frase si dimentica, se il file si perde o se chi la sapeva non c'è più.
Conservala in cassaforte, in un posto diverso dalla busta dell'ufficio.
Chi la legge può leggere tutti gli invii.

Chiave privata di recupero (si copia in un file di testo, tutta su una riga):

{private}

{qr}"""
_BOTH_TEXT = """
Chiave pubblica di questa busta:
{public}

La pagina «{page}» deve avere questa impronta (SHA-256):
{digest}

Per controllarla, nella cartella della pagina:
  Windows   certutil -hashfile {page} SHA256
  macOS     shasum -a 256 {page}
  Linux     sha256sum {page}
Se l'impronta è un'altra, non usarla: fatti ridare la pagina.
"""


def opening_page() -> bytes:
    """The page with which the office opens what arrives."""
    return resources.files("endpoint").joinpath("apri", PAGE).read_bytes()


def digest(page: bytes) -> str:
    """Its SHA-256, as the programs of an office computer write it."""
    return hashlib.sha256(page).hexdigest()


def make_keys(folder: Path, phrase: str) -> list[str]:
    """Write all FILES into a folder, try the keys, return the public ones: office, recovery.

    Raises FileExistsError if one of them is there already; whatever fails leaves none of them.
    """
    office, recovery = Identity.generate(), Identity.generate()
    page = opening_page()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written: list[Path] = []
    try:
        for name, data in {
            OFFICE_KEY: lock_key(office, phrase),
            RECOVERY_KEY: lock_key(recovery, phrase),
            OFFICE_SHEET: _office_sheet(office, page),
            RECOVERY_SHEET: _recovery_sheet(recovery, page),
            PAGE: page,
        }.items():
            write_new(folder / name, data)
            written.append(folder / name)
        for name in (OFFICE_KEY, RECOVERY_KEY):
            identity = open_key((folder / name).read_bytes(), lambda: phrase)
            opens([office.to_public(), recovery.to_public()], identity)
    except BaseException:
        for path in written:
            path.unlink()
        raise
    return [str(office.to_public()), str(recovery.to_public())]


def opens(recipients: list[object], identity: Identity) -> int:
    """Which of the recipients a private key is (from 0), after a canary was sealed and opened.

    Raises BadKey if it is none of them.
    """
    public = [str(recipient) for recipient in recipients]
    if open_sealed(seal(_CANARY, recipients), identity) != _CANARY:
        raise BadKey("L'invio di prova si è aperto, ma non è quello chiuso: non usare la chiave.")
    return public.index(str(identity.to_public()))


def qr_text(text: str) -> str:
    """A text as a QR code of half blocks, to print in a font of equal widths; empty without segno.

    segno draws the codes of the site: here it is not a dependency.
    """
    if not find_spec("segno"):
        return ""
    rows = [
        list(row) for row in import_module("segno").make(text, error="m").matrix_iter(1, _BORDER)
    ]
    if len(rows) % 2:
        rows.append([0] * len(rows[0]))
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return "\n".join(
        "".join(_HALVES[bool(a), bool(b)] for a, b in zip(*pair, strict=True)) for pair in pairs
    )


def _office_sheet(office: Identity, page: bytes) -> bytes:
    return _sheet(_OFFICE_TEXT.format(key=OFFICE_KEY), office, page)


def _recovery_sheet(recovery: Identity, page: bytes) -> bytes:
    text = _RECOVERY_TEXT.format(private=recovery, qr=qr_text(str(recovery)))
    return _sheet(text, recovery, page)


def _sheet(text: str, identity: Identity, page: bytes) -> bytes:
    text += _BOTH_TEXT.format(public=identity.to_public(), page=PAGE, digest=digest(page))
    # With its mark, or the editors of some office computers take it for another encoding.
    return ("\ufeff" + text).encode()
