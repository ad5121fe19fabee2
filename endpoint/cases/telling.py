"""What pages and letters tell of the body that receives the forms, as rows of data."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from endpoint.stores.store import Case

Rows = Sequence[tuple[str, str]]


class Body(Protocol):
    """What pages and letters say of the body that receives the forms."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def prefix(self) -> str:
        """The letters before its receipt numbers."""

    @property
    def site(self) -> str:
        """The address of its site; empty if not known."""

    def ways(self, form: str) -> Rows:
        """The other ways to reach the office of a form: what, and number or address."""

    def receipt(self, form: str, received: date) -> Rows:
        """What a receipt attests: office, person in charge, terms with their days, remedies."""

    def progress(self, case: Case, today: date) -> Rows:
        """What comes next in a case, and by when."""
