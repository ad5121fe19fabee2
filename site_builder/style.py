"""The style sheet of the site."""

from collections.abc import Iterable

from site_builder.resources import resource_dir


def style_sheet(areas: Iterable[tuple[str, str]]) -> str:
    """The theme's parts by name, then the colour of each area (id, colour)."""
    parts = sorted((resource_dir("theme") / "style").glob("*.css"))
    return "".join(part.read_text("utf-8") for part in parts) + _area_colours(areas)


def _area_colours(areas: Iterable[tuple[str, str]]) -> str:
    return "".join(f".c-area--{id},.c-card--{id}{{--area:{colour}}}\n" for id, colour in areas)
