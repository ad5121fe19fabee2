"""The style sheet of the site."""

from collections.abc import Iterable

from site_builder.forms import field_styles
from site_builder.resources import resource_dir


def style_sheet(areas: Iterable[tuple[str, str]]) -> str:
    """The theme's parts by name, then the colour of each area (id, colour).

    The fields of a form come first: their look stands beside their markup, in the endpoint.
    """
    parts = sorted((resource_dir("theme") / "style").glob("*.css"))
    themed = "".join(part.read_text("utf-8") for part in parts)
    return field_styles() + themed + _area_colours(areas)


def _area_colours(areas: Iterable[tuple[str, str]]) -> str:
    return "".join(f".c-area--{id},.c-card--{id}{{--area:{colour}}}\n" for id, colour in areas)
