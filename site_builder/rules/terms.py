"""The terms of complaints: they can be counted, and all of them can be met."""

from collections.abc import Iterator
from datetime import date

from site_builder.catalog import Catalog
from site_builder.forms import clashes
from site_builder.loader import KeyPath
from site_builder.receiver import home_comune
from site_builder.rules.registry import Finding, rule
from site_builder.working_days import exists


@rule("sabato-lavorativo", "errore")
def working_days_are_known(catalog: Catalog, today: date) -> Iterator[Finding]:
    """Whether Saturday is a working day is the office's own rule: no default would be right."""
    complaints = catalog.carta.reclami
    if complaints.sabato_lavorativo is not None:
        return
    paths: list[KeyPath] = [
        ("reclami", "termini", place, "lavorativi")
        for place, term in enumerate(complaints.termini)
        if term.lavorativi
    ]
    if complaints.sospensione and complaints.sospensione.lavorativi:
        paths.append(("reclami", "sospensione", "lavorativi"))
    for path in paths:
        yield Finding(
            catalog.documents["carta"]["carta"], path,
            "Il termine conta giorni lavorativi, ma la Carta non dice se il sabato lo è.",
            "Chiedi all'ufficio e aggiungi a «reclami» «sabato_lavorativo: true» oppure «false».",
        )  # fmt: skip


@rule("termini-incompatibili", "avvertenza")
def terms_can_be_met(catalog: Catalog, today: date) -> Iterator[Finding]:
    """A step that can fall due before the one it follows: the office decides, not we."""
    complaints = catalog.carta.reclami
    known = complaints.sabato_lavorativo is not None or not (
        any(term.lavorativi for term in complaints.termini)
        or (complaints.sospensione and complaints.sospensione.lavorativi)
    )
    if not known or len(complaints.termini) < 2:
        return
    for place, said in clashes(catalog, today.year):
        yield Finding(
            catalog.documents["carta"]["carta"], ("reclami", "termini", place, "giorni"), said,
            "Chiedi all'ufficio quale dei due termini vale: finché non decide restano tutti e due.",
        )  # fmt: skip


@rule("patrono-inesistente", "errore")
def patron_days_exist(catalog: Catalog, today: date) -> Iterator[Finding]:
    """The feast of a Comune must be a day of the calendar."""
    for place, comune in enumerate(catalog.carta.comuni):
        if comune.patrono and not exists(comune.patrono.giorno):
            yield Finding(
                catalog.documents["carta"]["carta"], ("comuni", place, "patrono", "giorno"),
                f"Il giorno «{comune.patrono.giorno}» non esiste.",
                "Scrivi mese e giorno della festa, per esempio 06-24.",
            )  # fmt: skip


@rule("patrono-mancante", "avvertenza")
def the_patron_is_known(catalog: Catalog, today: date) -> Iterator[Finding]:
    """Terms of complaints move off the patron's day of the seat, where it is a holiday."""
    comune = home_comune(catalog)
    if catalog.carta.reclami.termini and comune and not comune.patrono:
        yield Finding(
            catalog.documents["carta"]["carta"],
            ("comuni", list(catalog.comuni).index(comune.id), "id"),
            f"Manca la festa patronale di {comune.nome}: lì i termini dei reclami la saltano.",
            "Chiedi al Comune e aggiungi «patrono», con nome e giorno.",
        )  # fmt: skip
