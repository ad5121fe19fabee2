"""The numbers of the complaints of one year, as `carta-endpoint statistiche` writes them."""

from collections.abc import Iterator

from site_builder.model import Record
from site_builder.values import value

# What stands for a number: hidden because it is small, or so that a small one cannot be worked out.
LEAST, SMALL, HIDDEN = 5, "meno di 5", "non pubblicato"
_MANY = 6


@value
class Cella:
    voce: str
    numero: int | str


@value
class Tabella:
    """Numbers by row; with `totale` the rows make it up."""

    titolo: str
    voci: tuple[Cella, ...]
    totale: int | str | None = None
    nota: str = ""

    @property
    def righe(self) -> list[Cella]:
        """The rows that say something each."""
        return [cell for cell in self.voci if cell.numero != 0 and cell.voce not in self.pochi]

    @property
    def pochi(self) -> list[str]:
        """The names of the rows with SMALL, where they are too many to be a row each."""
        names = [cell.voce for cell in self.voci if cell.numero == SMALL]
        return names if len(names) > _MANY else []

    @property
    def nessuno(self) -> list[str]:
        """The names of the rows with zero."""
        return [cell.voce for cell in self.voci if cell.numero == 0]

    @property
    def tells_too_much(self) -> bool:
        """Whether the total tells more of a hidden number than «less than 5» does."""
        numbers = [cell.numero for cell in self.voci]
        small, hidden = numbers.count(SMALL), numbers.count(HIDDEN)
        if self.totale is None or not small:
            return False
        if not isinstance(self.totale, int):
            return True
        left = self.totale - sum(number for number in numbers if isinstance(number, int))
        # One of them at 4, all others as low as they can be; one at 1, the others at 4.
        can_be_four = left - (small - 1) - LEAST * hidden >= LEAST - 1
        can_be_one = hidden > 0 or left - (LEAST - 1) * (small - 1) <= 1
        return not (can_be_four and can_be_one)


@value
class NumeriModulo:
    modulo: str
    titolo: str
    totale: int | str
    tabelle: tuple[Tabella, ...]


@value
class Valutazione:
    pagina: str
    voti: int
    media: float


@value
class Figures(Record):
    """What arrived in one year."""

    id: str
    anno: int
    moduli: tuple[NumeriModulo, ...]
    di_prova: bool = False
    pagine: tuple[Valutazione, ...] = ()

    def iter_tables(self) -> Iterator[tuple[tuple[str | int, ...], Tabella]]:
        """Every table, with where it stands in the file."""
        for place, module in enumerate(self.moduli):
            for row, table in enumerate(module.tabelle):
                yield ("moduli", place, "tabelle", row), table
