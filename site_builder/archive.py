"""`carta archive`: put the edition that still holds aside, as it is today."""

import hashlib
import re
from datetime import date
from pathlib import Path

from site_builder.catalog import Catalog
from site_builder.documents import EDITIONS
from site_builder.errors import ContentError
from site_builder.printing.files import CACHE, carta_printout, draw_one
from site_builder.printing.formats import A4
from site_builder.templating import render
from site_builder.words import slug
from site_builder.writing import write_whole


def archive(catalog: Catalog, body: Path, id: str, site_url: str, today: date) -> Path:
    """Draw the whole Carta, write it with the file that describes it and return its path.

    Without an `id` it has that of the version or, if there is none, of the day. Raises ContentError
    if there is such an edition already: nothing in the archive is ever written again.
    """
    edition = catalog.carta.edizione
    name = id or slug(edition.versione)[:60].strip("-") or today.isoformat()
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) or len(name) > 60:
        raise ContentError(
            f"«{name}» non può essere un id: usa minuscole senza accenti, cifre e trattini, "
            "per esempio «2024» o «seconda-edizione»."
        )
    folder = body / "content" / EDITIONS
    pdf, described = folder / f"{name}.pdf", folder / f"{name}.yml"
    for path in (pdf, described, described.with_suffix(".yaml")):
        if path.exists():
            raise ContentError(
                f"«{path}» c'è già: un'edizione in archivio non si riscrive. "
                "Se questa è un'altra, dalle un altro nome con --id."
            )
    drawn = draw_one(carta_printout(catalog, A4, site_url), pdf, body / "build" / CACHE)
    digest = hashlib.sha256(drawn).hexdigest()
    # What is drawn today cannot tell of them.
    reserved = [contact.id for contact in catalog.contacts.values() if contact.riservata]
    text = render(
        "skeletons/archive/edition.yml",
        id=name, edition=edition, digest=digest, today=today, reserved=reserved,
    )  # fmt: skip
    write_whole(described, f"{text}\n".encode())
    return pdf
