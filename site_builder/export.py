"""`carta export`: data for other programs, as files. The same content gives the same bytes."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from site_builder.catalog import Catalog
from site_builder.forms import body_data, compiled_forms
from site_builder.openapi import openapi
from site_builder.receiver import home_comune, patron_day
from site_builder.writing import write_whole

# Beside the forms; their names are taken, so no form can have them.
BODY_FILE, API_FILE = "ente.json", "openapi.json"


def export_forms(catalog: Catalog, folder: Path, site_url: str, today: date) -> Iterator[str]:
    """Write the forms, the body and the OpenAPI document; yield what to tell, a line at a time.

    Nothing that lies in the folder is taken away: a form that is no longer there is named.
    """
    forms = compiled_forms(catalog)
    body = body_data(catalog, site_url, today.year)
    wanted = {f"{id}.json": form for id, form in forms.items()}
    wanted |= {BODY_FILE: body, API_FILE: openapi(forms, body)}
    for name, data in wanted.items():
        write_whole(folder / name, as_json(data))
    for id, form in forms.items():
        yield f"Scritto {folder / f'{id}.json'}: «{form['titolo']}», versione {form['versione']}."
    yield f"Scritto {folder / BODY_FILE}: uffici, termini e calendario {_years(body)}."
    yield f"Scritto {folder / API_FILE}: gli indirizzi e i campi, per chi programma."


def remarks(catalog: Catalog, folder: Path, site_url: str) -> Iterator[str]:
    """What staff should know of an export once it is written: what it lacks, what is left over."""
    comune = home_comune(catalog)
    if comune and not patron_day(catalog):
        yield (
            f"Nel calendario manca la festa patronale di {comune.nome}: chiedi al Comune e "
            "aggiungi «patrono» in content/carta.yml."
        )
    if not site_url:
        yield (
            "Manca l'indirizzo del sito: scrivilo in mkdocs.yml, alla voce «site_url», o dopo "
            "--indirizzo."
        )
    known = {f"{id}.json" for id in catalog.forms} | {BODY_FILE, API_FILE}
    for path in sorted(folder.glob("*.json")):
        if path.name not in known:
            yield f"«{path}» è di un modulo che la Carta non ha più: toglilo, o resterà aperto."


def as_json(data: Any) -> bytes:
    """JSON in UTF-8, with its keys in order."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1)
    return f"{text}\n".encode()


def _years(body: dict[str, Any]) -> str:
    days = body["calendario"]
    return f"dal {days['dal'][:4]} al {days['al'][:4]}"
