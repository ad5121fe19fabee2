"""Which PDF files stand beside the pages, and what a link says of them. Draws none."""

from collections.abc import Mapping
from typing import NamedTuple

from site_builder.catalog import Catalog
from site_builder.report import print_address, years

# The whole Carta on paper, in its shapes.
EDITIONS = ("carta.pdf", "carta-libretto.pdf", "carta-a5.pdf", "carta-caratteri-grandi.pdf")


class Print(NamedTuple):
    """A file: its bytes and its pages, 0 where they are not known yet."""

    size: int = 0
    pages: int = 0


Prints = Mapping[str, Print]  # by address from the root of the site


def not_drawn(catalog: Catalog) -> Prints:
    """Every print that the site offers, before any is drawn."""
    sheets = (f"schede/{id}.pdf" for id in catalog.services)
    forms = (f"moduli/{id}.pdf" for id in catalog.forms)
    reports = (print_address(year) for year in years(catalog))
    return dict.fromkeys((*EDITIONS, *sheets, *forms, *reports), Print())
