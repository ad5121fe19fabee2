"""Prepare the file of a new service, contact or notice: valid at once, with comments to follow."""

import re
from datetime import date, timedelta
from pathlib import Path

from site_builder.catalog import Catalog
from site_builder.errors import ContentError
from site_builder.resources import resource_dir
from site_builder.templating import render

KINDS = {"servizio": "services", "contatto": "contacts", "avviso": "notices"}


def create(kind: str, name: str, body: Path, catalog: Catalog, today: date) -> Path:
    """Write the skeleton of a new record and return its path.

    Raises ContentError if the id is not one or the file is already there.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) or len(name) > 60:
        raise ContentError(
            f"«{name}» non può essere un id: usa minuscole senza accenti, cifre e trattini, "
            "per esempio «asilo-nido»."
        )
    path = body / "content" / KINDS[kind] / f"{name}.yml"
    if path.exists():
        raise ContentError(f"Il file «{path}» c'è già: aprilo e cambialo.")
    area = next(iter(catalog.areas.values()))
    text = render(
        f"skeletons/{KINDS[kind]}.yml",
        id=name,
        title=name.replace("-", " ").capitalize(),
        today=today,
        deadline=today + timedelta(days=30),
        schema=_schema_address(path, KINDS[kind]),
        area=area,
        areas=list(catalog.areas),
        code=_next_code(catalog, area.lettera),
        groups=[group.id for group in catalog.carta.gruppi],
        networks=[rete.id for rete in catalog.carta.reti],
        comuni=list(catalog.comuni),
        document=catalog.carta.documenti[0].id,
        missing=(),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    return path


def _next_code(catalog: Catalog, letter: str) -> str:
    if not letter:
        return ""
    taken = {service.codice for service in catalog.services.values()}
    number = next(n for n in range(1, 10_000) if f"{letter}{n}" not in taken)
    return f"{letter}{number}"


def _schema_address(path: Path, kind: str) -> str:
    schema = resource_dir("schemas") / f"{kind}.json"
    clone = path.parents[2] / "schemas"
    return f"../../schemas/{kind}.json" if clone.is_dir() else schema.as_uri()
