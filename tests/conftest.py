"""What many tests share: a small body without warnings, all prints, the real site in a browser."""

import copy
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import settings

if TYPE_CHECKING:  # the fast tests need no browser
    from playwright.sync_api import Browser

Content = dict[str, Any]
Body = Callable[..., Path]

# The same examples on every run: a red test must be red for everybody.
settings.register_profile("carta", derandomize=True, deadline=None, database=None)
settings.load_profile("carta")

_SOURCE = {"documento": "carta-prova", "riga": 1}
_CONTENT: Content = {
    "content/carta.yml": {
        "ente": {
            "nome": "Ambito Territoriale Sociale di Prova",
            "nome_breve": "ATS Prova",
            "capofila": "casarano",
            "sede": "segretariato-casarano",
            "appartenenza": "Regione Puglia",
            "domini_email": ["comune.casarano.le.it"],
        },
        "edizione": {"titolo": "Carta dei Servizi di prova"},
        "documenti": [{"id": "carta-prova", "titolo": "Carta di prova"}],
        "comuni": [
            {
                "id": "casarano",
                "nome": "Casarano",
                "cap": ["73042"],
                "istat": "075016",
                "provincia": "LE",
            }
        ],
        "gruppi": [{"id": "famiglie", "nome": "Famiglie"}],
        "reti": [{"id": "segretariato", "nome": "Segretariato sociale"}],
        "emergenze": [],
        "capitoli": [{"area": "famiglia"}],
        "classi_di_costo": [],
        "voci_non_indicate": {"testo": "La Carta non lo indica."},
        "reclami": {"testo": "Scrivi allo sportello.", "canali": [{"testo": "Di persona."}]},
        "aggiornato_il": "2026-01-01",
    },
    "content/areas.yml": {
        "aree": [
            {
                "id": "famiglia",
                "lettera": "A",
                "titolo": "Famiglia",
                "colore": "#0b5c8a",
                "fonte": _SOURCE,
            }
        ]
    },
    "content/services/asilo-nido.yml": {
        "id": "asilo-nido",
        "titolo": "Asilo nido",
        "codice": "A1",
        "aree": ["famiglia"],
        "tipo": "servizio",
        "livello": "ambito",
        "descrizione_breve": "Un posto dove i bambini giocano e crescono.",
        "descrizione": "Il nido accoglie i bambini.",
        "a_chi_e_rivolto": "Ai bambini piccoli.",
        "gruppi": ["famiglie"],
        "come_fare": "Chiedi allo sportello.",
        "dove_rivolgersi": {"testo": "Allo sportello.", "sportelli": ["segretariato"]},
        "costo": {"tipo": "gratuito"},
        "standard_non_definiti": "La fonte non ne dà.",
        "fonte": _SOURCE,
        "aggiornato_il": "2026-01-01",
    },
    "content/contacts/segretariato-casarano.yml": {
        "id": "segretariato-casarano",
        "nome": "Segretariato sociale di Casarano",
        "tipo": "sportello",
        "rete": "segretariato",
        "comune": "casarano",
        "indirizzo": {"via": "Piazza San Domenico", "civico": "1", "cap": "73042"},
        "telefoni": [{"numero": "0833 502428"}],
        "email": [{"indirizzo": "sportello@comune.casarano.le.it"}],
        "orari": [{"giorni": "lun-ven", "dalle": "09:00", "alle": "12:00"}],
        "fonte": _SOURCE,
        "aggiornato_il": "2026-01-01",
    },
    "mkdocs.yml": {
        "site_name": "Carta di prova",
        "docs_dir": "content/pages",
        "theme": {"name": "material", "language": "it", "font": False},
        # No PDF: drawing them takes longer than all the rest.
        "plugins": [{"carta": {"today": "2026-11-21", "prints": False}}],
        "extra": {"generator": False},
    },
}


@pytest.fixture(scope="session")
def prints(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all prints of the repository's own body, drawn once and from nothing."""
    # The engine takes its time to load, and few tests need it.
    from site_builder.content import read_content
    from site_builder.printing.files import draw_all, iter_printouts

    catalog, _ = read_content(Path(__file__).parents[1])
    assert catalog
    folder = tmp_path_factory.mktemp("prints")
    printouts = iter_printouts(catalog, "https://carta.example.it/")
    draw_all(printouts, folder / "files", folder / "cache")
    return folder / "files"


class _Dumper(yaml.SafeDumper):
    """Without aliases, which the loader refuses."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


@pytest.fixture
def content() -> Content:
    """The minimal content as data, by path from the body's folder: a copy to take parts from."""
    return copy.deepcopy(_CONTENT)


@pytest.fixture
def today() -> date:
    """The day of the tests."""
    return date(2026, 11, 21)


@pytest.fixture
def body(tmp_path: Path) -> Body:
    """Write the minimal body with some changes to `tmp_path` and return that folder.

    `body()` is valid and gives no problem at all: one Comune, one area, one service
    (`asilo-nido`), one desk (`segretariato-casarano`), no page written by hand.

    `body({path: change})` changes one thing. Paths start at the body's folder, as in problems
    (`content/carta.yml`). A dict goes over the file that is there: dicts are merged in depth,
    lists and scalars replaced, a key with None is taken out. Text and bytes are written as they
    are, a dict at a new path too; None takes the file out.
    """

    return partial(write_body, tmp_path)


@pytest.fixture(scope="module")
def one_body(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The minimal body as it is, once for a module of tests that leave it so."""
    return write_body(tmp_path_factory.mktemp("body"))


def write_body(folder: Path, changes: Content | None = None) -> Path:
    """See `body`."""
    files = _merge(_CONTENT, changes or {})
    (folder / "content" / "pages").mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else _text(data).encode())
    return folder


def _merge(old: Any, change: Any) -> Any:
    if not (isinstance(old, dict) and isinstance(change, dict)):
        return copy.deepcopy(change)
    merged = old | {key: _merge(old.get(key), value) for key, value in change.items()}
    return {key: value for key, value in merged.items() if value is not None}


def _text(data: Any) -> str:
    if isinstance(data, str):
        return data
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the repository's own body, built with its prints, once for tests that read it.

    The files for the web server are beside it, in `deploy`.
    """
    from in_browser import build

    output = tmp_path_factory.mktemp("built") / "site"
    build(output)
    return output


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Where that site is served, with the final slash."""
    from in_browser import serve

    with serve(folder) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Chromium, without a window."""
    from in_browser import chromium

    with chromium() as running:
        yield running
