"""What is done with the data of a form: the rows of its notice, on paper, on the site and sent."""

from site_builder.catalog import Catalog
from site_builder.model import Conservazione, Form
from site_builder.model_carta import Trattamento

_ROWS = {
    "titolare": "Titolare", "rpd": "Responsabile della protezione dei dati",
    "finalita": "Finalità", "base_giuridica": "Base giuridica",
    "destinatari": "A chi si comunicano", "conservazione": "Per quanto si conservano",
}  # fmt: skip


def treatment(catalog: Catalog, form: Form) -> Trattamento | None:
    """How the body treats the data of a form, if the form says so."""
    return next((t for t in catalog.carta.trattamenti if t.id == form.trattamento), None)


def notice_rows(processing: Trattamento, form: Form) -> list[tuple[str, str]]:
    """The rows of the notice (art. 13 of Regulation 2016/679); empty where nothing is said."""
    told = {name: getattr(processing, name) for name in _ROWS}
    if form.conservazione and not processing.conservazione:
        told["conservazione"] = _kept_words(form.conservazione)
    return [(label, told[name]) for name, label in _ROWS.items()]


def notice_doubts(catalog: Catalog, form: Form) -> list[str]:
    """What is to be verified of all treatments, or of the one of the form alone."""
    named = ("trattamenti", f"trattamenti.{form.trattamento}")
    return [doubt.motivo for doubt in catalog.carta.da_verificare if doubt.campo in named]


def _kept_words(kept: Conservazione) -> str:
    return (
        f"Fino a {kept.giorni_dopo_protocollo} giorni dopo che l'ufficio ha protocollato il "
        f"modulo, e mai più di {kept.mesi_al_massimo} mesi."
    )
