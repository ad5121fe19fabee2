"""Short addresses for paper: `/s/B2/` leads to the sheet with that code, `/s/reclamo/` to a form.

Each is a small page that forwards at once, without JavaScript. Nobody lists them: they stand on
paper and in its QR codes.
"""

from collections.abc import Iterator

from site_builder.catalog import Catalog
from site_builder.safety import neutral_title
from site_builder.templating import render

FOLDER = "s/"


def iter_short_links(catalog: Catalog, site_url: str = "") -> Iterator[tuple[str, str]]:
    """Yield (address of the file, whole page) for every sheet and form.

    A code is also answered in small letters, as people type it on a phone; where a file system
    does not tell them apart the two files are the same. That no two names are equal is a rule of
    the content.
    """
    for sheet in catalog.services.values():
        title = neutral_title(sheet, catalog) or sheet.nome
        page = _page(title, f"servizi/{sheet.id}/", site_url)
        for name in dict.fromkeys((sheet.nome_breve, sheet.nome_breve.lower())):
            yield f"{FOLDER}{name}/index.html", page
    for form in catalog.forms.values():
        page = _page(form.titolo, f"moduli/{form.id}/", site_url)
        yield f"{FOLDER}{form.id}/index.html", page


def _page(title: str, target: str, site_url: str) -> str:
    relative = f"../../{target}"
    canonical = f"{site_url}{target}" if site_url else relative
    return render("pages/short.html", title=title, target=relative, canonical=canonical)
