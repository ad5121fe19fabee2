"""Pages about violence: who opens one must not be given away by the browser.

Their title in the window, in the history and in shared links says nothing, and they carry the
script of the quick exit.
"""

from site_builder.catalog import Catalog
from site_builder.model import Contact, Notice, Service
from site_builder.model_carta import Area, Gruppo

SCRIPT = "assets/uscita.js"


def neutral_title(item: Service | Contact | Area | Gruppo | Notice, catalog: Catalog) -> str:
    """The title that betrays nothing («Scheda G2»); empty if the page is not delicate."""
    match item:
        case Service():
            return f"Scheda {item.codice}".strip() if item.violenza else ""
        case Contact():
            # The number only tells the pages apart.
            place = list(catalog.contacts).index(item.id) + 1
            return f"Contatti {place}" if item.violenza or item.riservata else ""
        case Area():
            return f"Area {item.lettera}".strip() if item.violenza else ""
        case Gruppo():
            return f"Per chi {catalog.carta.gruppi.index(item) + 1}" if item.violenza else ""
        case Notice():
            about = (catalog.services[id] for id in item.servizi)
            return "Avviso" if any(sheet.violenza for sheet in about) else ""
