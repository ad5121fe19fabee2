"""What must never leave the house leaves it in no export, however it is written there.

The walk goes through every file that is published as data, so it covers every writer, also those
that come later.
"""

import base64
import html
import json
import quopri
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus

import pytest
from bodies import BODIES, DAY, catalog_of

from site_builder.catalog import Catalog
from site_builder.model import Contact, Sede
from site_builder.opendata.files import data_files
from site_builder.site import compose
from site_builder.values import Coordinate, DaVerificare, Email, Indirizzo

SITE = "https://carta.example.it/"
# Where each body is walked: with an address of its site, and without.
WALKS = [("casarano", SITE), ("napoli-tredici", "")]
MAILBOX = "zznome.zzcognome@comune.example.it"
# Each is nowhere else in the content, whatever the case of its letters.
SECRETS = (
    "zzcomune", "zzpresso", "Via dell'Ombrà Zzvia", "zzvia", "77zz", "00999", "zzlocalita",
    "41.918", "13.645", "zzmappa", "zzrampa", "zzmotivo", MAILBOX, "zznome", "zzparola",
)  # fmt: skip


def confidential(catalog: Catalog) -> Catalog:
    """The body with a secret place that says where it is, which its schema would refuse.

    A sheet leads to the place and is held there. Another contact has the mailbox of a person, who
    is also in the PEC of a third and in texts; a sheet has words only for the search.
    """
    place = Contact(
        id="casa-nascosta", nome="Casa per chi è in difficoltà", tipo="struttura", riservata=True,
        comune="zzcomune", presso="Zzpresso", sito="https://example.org/",
        indirizzo=Indirizzo(
            via="Via dell'Ombrà Zzvia", civico="77zz", cap="00999", localita="Zzlocalita"
        ),
        coordinate=Coordinate(lat=41.918273, lon=13.645546),
        mappa="https://mappe.example.it/?q=zzmappa", accessibilita="Zzrampa sul retro.",
        da_verificare=(DaVerificare(campo="indirizzo.civico", motivo="Zzmotivo: 77zz o 78?"),),
        fonte=next(iter(catalog.contacts.values())).fonte, aggiornato_il=DAY,
    )  # fmt: skip
    contacts = dict(catalog.contacts)
    first, second = list(contacts)[:2]
    box = Email(indirizzo=MAILBOX, nominativa=True)
    doubt = DaVerificare(campo="email", motivo=f"La tabella dà anche {MAILBOX}, che non risponde.")
    contacts[first] = replace(contacts[first], email=(box,), da_verificare=(doubt,))
    contacts[second] = replace(contacts[second], pec=(MAILBOX.upper(),))
    services = dict(catalog.records["services"])
    for id in list(services)[:3]:
        sheet = services[id]
        services[id] = replace(
            sheet,
            solo_ricerca=("zzparola",),
            come_fare=f"Scrivi a {MAILBOX.title()}, oppure a ufficio@example.it.",
            sedi=(*sheet.sedi, Sede(contatto=place.id)),
            dove_rivolgersi=replace(sheet.dove_rivolgersi, contatti=(place.id, first, second)),
        )
    records = {**catalog.records, "contacts": contacts | {place.id: place}, "services": services}
    return replace(catalog, records=records)


@cache
def exported(name: str, site_url: str) -> dict[str, str]:
    """The exports of a body with secrets, however this process was started."""
    return data_files(confidential(catalog_of(name)), site_url)


@cache
def real(name: str) -> dict[str, str]:
    """The exports of a body as it is."""
    return data_files(catalog_of(name), SITE)


# --- Reading what is written ------------------------------------------------------------------

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")


def readings(text: str) -> Iterator[str]:
    """A text as it stands, and as whoever knows each way of writing would read it."""
    whole = re.sub(r"\r?\n[ \t]", "", text)  # vCard and iCalendar fold their lines
    yield text
    yield whole
    yield unquote_plus(whole)
    yield html.unescape(whole)
    yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), whole)
    yield re.sub(r"\\(.)", r"\1", whole)
    yield quopri.decodestring(whole.encode()).decode("utf-8", "replace")
    yield " ".join(_decoded(found) for found in _BASE64.findall(whole))


def _decoded(run: str) -> str:
    padded = run.rstrip("=") + "=" * (-len(run.rstrip("=")) % 4)
    try:
        return base64.b64decode(
            padded, altchars=b"-_" if "-" in run or "_" in run else None
        ).decode("utf-8", "ignore")
    except ValueError:
        return ""


def found_in(text: str, secrets: tuple[str, ...]) -> list[str]:
    """Which of the secrets a text gives away."""
    folded = [reading.casefold() for reading in readings(text)]
    return [secret for secret in secrets if any(secret.casefold() in part for part in folded)]


def _folded(text: str) -> str:
    return "\r\n ".join(text[start : start + 7] for start in range(0, len(text), 7))


WAYS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "capitals": str.upper,
    "in an address": quote,
    "in a form": quote_plus,
    "quoted-printable": lambda text: quopri.encodestring(text.encode()).decode(),
    "base64": lambda text: base64.b64encode(f"data: {text}".encode()).decode(),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "folded base64": lambda text: _folded(base64.b64encode(text.encode()).decode()),
    "json": lambda text: json.dumps({"a": text}),
    "html": lambda text: html.escape(text).replace("à", "&agrave;"),
    "folded": _folded,
    "calendar": lambda text: text.replace(",", r"\,").replace("'", r"\'"),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_walk_sees_a_secret_in_each_way_of_writing(way: str) -> None:
    for secret in ("Via dell'Ombrà Zzvia", MAILBOX):
        written = WAYS[way](f"Si trova in {secret}, sul retro")
        assert found_in(written, (secret,)) == [secret]
        assert found_in(written, ("altrove",)) == []


# --- The walk ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "site_url"), WALKS)
def test_no_export_gives_a_secret_away(name: str, site_url: str) -> None:
    files = exported(name, site_url)
    assert {"dati/servizi.json", "dati/contatti.csv", "dati/schemi/standard.json"} <= set(files)
    assert "casa-nascosta" in files["dati/contatti.json"]
    assert "Scrivi a [casella non pubblicata], oppure a uff" in files["dati/servizi.json"]
    for address, text in files.items():
        assert found_in(text, SECRETS) == [], address


@pytest.mark.parametrize(("name", "site_url"), WALKS)
def test_the_names_of_the_files_give_nothing_away(name: str, site_url: str) -> None:
    assert found_in("\n".join(exported(name, site_url)), SECRETS) == []


@pytest.mark.parametrize("name", BODIES)
def test_no_export_has_a_mailbox_of_a_person(name: str) -> None:
    """Those that the content really has."""
    contacts = catalog_of(name).contacts.values()
    boxes = {box.indirizzo for contact in contacts for box in contact.email if box.nominativa}
    assert boxes or name != "casarano"
    for address, text in real(name).items():
        assert found_in(text, tuple(sorted(boxes))) == [], address


def test_the_real_secret_places_have_no_place() -> None:
    for name in BODIES:
        data = json.loads(real(name)["dati/contatti.json"])
        hidden = [item for item in data["voci"] if item.get("riservata")]
        assert hidden or name != "casarano"
        for item in hidden:
            assert not {"indirizzo", "comune", "coordinate", "mappa", "presso"} & set(item)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "site_url"), WALKS)
def test_the_data_inside_the_pages_give_nothing_away(name: str, site_url: str) -> None:
    """What the pages carry for machines: JSON-LD, wherever it stands."""
    written = frozenset(f"{id}/" for id in catalog_of(name).pages)
    site = compose(confidential(catalog_of(name)), DAY, written, site_url)
    blocks = re.compile(r"<script[^>]*ld\+json[^>]*>(.*?)</script>", re.S)
    data = {page.url: blocks.findall(repr_of(page)) for page in site.pages}
    assert sum(map(len, data.values())) > 5
    for url, found in data.items():
        for text in found:
            assert found_in(text, SECRETS) == [], url


def repr_of(page: Any) -> str:
    """All texts of a page, whatever its fields are called."""
    values = (getattr(page, name) for name in page.__dataclass_fields__)
    return "\n".join(value for value in values if isinstance(value, str))


# --- The same bytes ---------------------------------------------------------------------------

_HASHED = """
import hashlib, sys
sys.path.insert(0, "tests")
from bodies import BODIES, catalog_of
from site_builder.opendata.files import data_files
for name in BODIES:
    for site_url in ("", "https://carta.example.it/"):
        for address, text in data_files(catalog_of(name), site_url).items():
            print(name, site_url, address, hashlib.sha256(text.encode()).hexdigest())
"""


@pytest.mark.slow
def test_two_processes_write_the_same_bytes() -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _HASHED], cwd=BODIES["casarano"], stdout=subprocess.PIPE,
            text=True, env={"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C.UTF-8"},
        )
        for seed, zone in (("1", "Europe/Rome"), ("4242", "America/New_York"))
    ]  # fmt: skip
    first, second = (process.communicate()[0] for process in running)
    assert [process.returncode for process in running] == [0, 0]
    assert first.count("\n") >= 36
    assert first == second
