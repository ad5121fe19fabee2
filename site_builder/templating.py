"""One Jinja environment for every output: autoescape on, a missing name is an error.

Templates write links from the root of the site (`href="/servizi/cav/"`); who places a page makes
them relative. So a macro needs not know on which page it stands, and links can be checked.
"""

import json
import re
from collections.abc import Callable, Iterable
from functools import cache
from itertools import groupby

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from site_builder import italian
from site_builder.openings import openings
from site_builder.phones import national, tel
from site_builder.qr import qr_image
from site_builder.resources import resource_dir
from site_builder.results import measured, threshold
from site_builder.trends import trend


def render(template: str, **context: object) -> str:
    """Render a template of the theme, named from its folder (`pages/service.html`)."""
    return _environment().get_template(template).render(context)


def prose(text: str) -> Markup:
    """Plain text to HTML: blank lines part paragraphs, lines that begin with «- » make a list."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return Markup("\n".join(html for block in blocks for html in _block(block.split("\n"))))


def _block(lines: list[str]) -> Iterable[str]:
    """The paragraphs and lists of lines without a blank one between them."""
    for is_list, group in groupby(lines, key=lambda line: line.startswith(("- ", "  "))):
        if is_list:
            # A line with two spaces in front goes on with the item above.
            items = re.split(r"^- ", "\n".join(group), flags=re.M)
            yield f"<ul>{''.join(f'<li>{_inline(item)}</li>' for item in items if item)}</ul>"
        else:
            yield f"<p>{_inline(' '.join(group))}</p>"


def _inline(text: str) -> Markup:
    return escape(" ".join(text.split()))


def yaml_text(text: str) -> Markup:
    """A text on one line as a YAML scalar in quotes, whatever is in it."""
    return Markup(json.dumps(text, ensure_ascii=False))  # JSON is YAML; what is no print is refused


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(resource_dir("theme")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.filters |= FILTERS
    return environment


FILTERS: dict[str, Callable[..., object]] = {
    "prose": prose,
    "date_words": italian.date_words,
    "days": italian.days_words,
    "euro": italian.euro,
    "plain_euro": italian.plain_euro,
    "number": italian.number,
    "file_size": italian.file_size,
    "listing": italian.listing,
    "hours": italian.hours_words,
    "closure": italian.closure_words,
    "openings": openings,
    "qr": qr_image,
    "national": national,
    "tel": tel,
    "yaml": yaml_text,
    "threshold": threshold,
    "measured": measured,
    "trend": trend,
}
