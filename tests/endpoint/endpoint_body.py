"""A compiled body with the terms of the Carta of Napoli Tredici, and none of its people."""

from datetime import date
from typing import Any

from endpoint.forms.definition import version_of

EASTER_MONDAYS = ("2026-04-06", "2027-03-29", "2028-04-17", "2029-04-02", "2030-04-22")
_EVERY_YEAR = (
    "01-01", "01-06", "04-25", "05-01", "06-02", "08-15", "10-04", "11-01", "12-08", "12-25",
    "12-26",
)  # fmt: skip
HOLIDAYS = sorted([*EASTER_MONDAYS, *(f"{y}-{d}" for y in range(2026, 2031) for d in _EVERY_YEAR)])
WORKDAYS = [day for day in HOLIDAYS if date.fromisoformat(day).weekday() != 6]

TERMS: list[dict[str, Any]] = [
    {"fase": "Presentazione", "giorni": 15, "lavorativi": False, "decorre_da": "fatto",
     "decorrenza": "dalla data dell'avvenuta disfunzione", "chi": "Chi presenta il reclamo",
     "nota": "", "si_chiude_con": ""},
    {"fase": "Convocazione", "giorni": 5, "lavorativi": False, "decorre_da": "presentazione",
     "decorrenza": "dal ricevimento del reclamo", "chi": "Coordinatore dell'Ufficio di Piano",
     "nota": "", "si_chiude_con": "convocato"},
    {"fase": "Incontro", "giorni": 30, "lavorativi": True, "decorre_da": "presentazione",
     "decorrenza": "dalla segnalazione del disservizio", "chi": "", "nota": "",
     "si_chiude_con": "chiuso"},
    {"fase": "Autotutela urgente", "giorni": 5, "lavorativi": False,
     "decorre_da": "fase_precedente", "decorrenza": "dall'incontro", "chi": "",
     "nota": "Solo se serve intervenire subito.", "si_chiude_con": ""},
    {"fase": "Decisione dell'Ufficio Tutela Utenti", "giorni": 40, "lavorativi": False,
     "decorre_da": "presentazione", "decorrenza": "dalla presentazione del reclamo", "chi": "",
     "nota": "", "si_chiude_con": ""},
]  # fmt: skip
PROCEDURE: dict[str, Any] = {
    "vie": [["Telefono", "0000 000000"], ["PEC", "ufficio@pec.example.it"]],
    "ricevuta": [["Ufficio", "Ufficio di prova"], ["Responsabile", "Coordinatore"]],
    "rimedi": [["Altri modi di difendersi", "Difensore civico"]],
    "termini": TERMS,
    "sospensione": {"giorni": 30, "lavorativi": True},
    "conservazione": {"giorni_dopo_protocollo": 30, "mesi_al_massimo": 24},
    "senza_termini": "",
}
SILENT = "La Carta non dice entro quanti giorni arriva la risposta."
CONTACT: dict[str, Any] = {
    "vie": [], "ricevuta": [], "rimedi": [], "termini": [], "sospensione": None,
    "conservazione": None, "senza_termini": SILENT,
}  # fmt: skip


def compiled_body(**changes: Any) -> dict[str, Any]:
    """A compiled body; `changes` go on top, and `procedure` on top of its form «reclamo»."""
    procedure = PROCEDURE | changes.pop("procedure", {})
    data: dict[str, Any] = {
        "formato": 1, "nome": "Ente di prova", "prefisso": "LOI",
        "sito": "https://carta.example.it/",
        "calendario": {"dal": "2026-01-01", "al": "2030-12-31", "sabato_lavorativo": False,
                       "festivi": WORKDAYS},
        "moduli": {"reclamo": procedure, "contatto": CONTACT},
    }  # fmt: skip
    data |= changes
    return {**data, "versione": version_of(data)}
