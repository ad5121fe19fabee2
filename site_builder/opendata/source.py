"""What every export starts from: the public Catalog, and names that stay the same."""

from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from site_builder.catalog import Catalog
from site_builder.words import slug

# A name that can never be an address (RFC 2606): for a body that has not decided its own.
_UNDECIDED = "https://{}.carta.invalid/"


@dataclass(frozen=True, slots=True)
class Source:
    """The content as it may be told, and where its site stands (with a slash; may be unknown)."""

    catalog: Catalog
    site_url: str = ""

    @property
    def base(self) -> str:
        """The canonical address of the site: every `path` goes after it."""
        if self.site_url:  # asked for every name of every object
            return self.site_url
        ente = self.catalog.carta.ente
        known = str(ente.codice_ipa or ente.codice_fiscale) or slug(ente.nome_breve)
        return _UNDECIDED.format(known.lower())

    @property
    def code(self) -> str:
        """How registers know the body; a stable id of ours where the content does not say."""
        ente = self.catalog.carta.ente
        return str(ente.codice_ipa or ente.codice_fiscale) or self.uuid("#ente")

    def url(self, path: str) -> str:
        """The address of a page or file of the site; empty as long as the site has none."""
        return f"{self.site_url}{path}" if self.site_url else ""

    def iri(self, path: str) -> str:
        """The canonical address of something, which is also its name: never empty."""
        return f"{self.base}{path}"

    def uuid(self, path: str) -> str:
        """The stable id of what has this canonical address (RFC 9562, version 5)."""
        return str(uuid5(NAMESPACE_URL, self.iri(path)))
