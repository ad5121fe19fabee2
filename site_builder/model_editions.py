"""The records of the archive: editions of the Carta that no longer hold."""

from datetime import date

from site_builder.model import Record
from site_builder.model_carta import Atto
from site_builder.values import value


@value
class Edition(Record):
    """An edition whose PDF lies beside its file; `sha256` tells whether it is still the same."""

    id: str
    titolo: str
    sha256: str
    archiviata_il: date
    versione: str = ""
    atto_approvazione: Atto | None = None
    valida_dal: date | None = None
    valida_al: date | None = None
    sedi_riservate_controllate: tuple[str, ...] = ()
    nota: str = ""

    @property
    def pdf(self) -> str:
        """The address of its PDF from the root of the site."""
        return f"archivio/{self.id}.pdf"
