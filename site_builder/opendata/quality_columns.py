"""The columns of the tables on quality."""

from site_builder.opendata.csvw import Column, Key, Table

_NUMBER = {"base": "number"}
_DATE = {"base": "date", "format": "yyyy-MM-dd"}
_NAME = r"[a-z0-9]+(-[a-z0-9]+)*"


def _one_of(*words: str) -> dict[str, str]:
    return {"base": "string", "format": "|".join(words)}


STANDARDS = Table(
    "standard_qualita.csv",
    "Le promesse: di tutto l'ente e dei singoli servizi.",
    (
        Column("id", "Il nome dello standard, che non cambia.", _one_of(_NAME), required=True),
        Column(
            "servizio",
            "I servizi per cui vale, con uno spazio fra l'uno e l'altro; vuoto: tutto l'ente.",
            _one_of(_NAME),
            separator=" ",
        ),
        Column("area_qualita", "L'area della qualità."),
        Column("indicatore", "Che cosa si misura.", required=True),
        Column("standard", "La promessa, a parole.", required=True),
        Column(
            "operatore",
            "Come si confronta il valore misurato.",
            _one_of(">=", "<=", "=", "fra", "presenza"),
        ),
        Column("valore", "La soglia; con «fra» il minimo.", _NUMBER),
        Column("valore_massimo", "Con «fra», il massimo.", _NUMBER),
        Column("unita", "L'unità della soglia."),
        Column(
            "quota_percento",
            "In quanti casi su cento la soglia deve essere rispettata.",
            {"base": "number", "minimum": 0, "maximum": 100},
        ),
        Column("verifica", "Come si controlla."),
        Column("valido_dal", "Il primo giorno in cui vale.", _DATE),
        Column("valido_al", "L'ultimo giorno in cui vale.", _DATE),
    ),
    primary_key=("id",),
)

MEASURES = Table(
    "misure_qualita.csv",
    "Che cosa si è misurato, anno per anno.",
    (
        Column("standard", "Il nome dello standard.", _one_of(_NAME), required=True),
        # The year as text: the usual checker does not look at the years of XML Schema.
        Column("anno", "L'anno misurato.", _one_of("[0-9]{4}"), required=True),
        Column("valore", "Il valore misurato, nell'unità dello standard.", _NUMBER),
        Column(
            "esito",
            "Se la promessa è stata mantenuta.",
            _one_of("rispettato", "non_rispettato", "non_misurato"),
            required=True,
        ),
        Column("nota", "Che cosa c'è da sapere, e il rimedio se c'è stato."),
        Column(
            "di_prova",
            "Se il numero è inventato, per una prova.",
            {"base": "boolean", "format": "sì|no"},
            required=True,
        ),
    ),
    primary_key=("standard", "anno"),
    foreign_keys=(Key("standard", STANDARDS.file, "id"),),
)
