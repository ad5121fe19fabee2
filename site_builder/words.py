"""Words as keys: to sort by them, to find the letter they stand under, to make anchors of them."""

import re
import unicodedata


def plain(name: str) -> str:
    """Small and without accents, so that «Équipe» stands among the E."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in folded if not unicodedata.combining(c))


def initial(name: str) -> str:
    """The letter under which a list has the name; «0-9» if it begins with no letter."""
    first = plain(name)[:1].upper()
    return first if first.isalpha() else "0-9"


def slug(name: str) -> str:
    """«assistenza-agli-invalidi»: an anchor."""
    return re.sub(r"[^a-z0-9]+", "-", plain(name)).strip("-")
