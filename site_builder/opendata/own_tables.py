"""The same records as rows: one each, with what is listed in a single cell."""

from collections.abc import Iterable, Iterator
from typing import Any

from site_builder.italian import euro
from site_builder.opendata.plain import Plain

# Keys as in the JSON: a point leads into a part. The column is named with «_» in its place.
_COLUMNS = {
    "servizi": (
        "id", "uuid", "codice", "titolo", "sigla", "aree", "tipo", "livello", "stato.valore",
        "descrizione_breve", "descrizione", "attivita", "a_chi_e_rivolto", "gruppi",
        "chi_puo_presentare", "requisiti", "territorio", "tipo_accesso", "come_fare",
        "cosa_serve", "documenti", "cosa_si_ottiene", "tempi_e_scadenze", "costo.tipo",
        "costo.testo", "costo.tariffe", "dove_rivolgersi.testo", "dove_rivolgersi.quando",
        "dove_rivolgersi.sportelli", "dove_rivolgersi.contatti", "dove_si_svolge",
        "sedi.contatto", "gestore.testo", "gestore.enti", "responsabile", "posti",
        "moduli", "normativa", "servizi_collegati", "argomenti", "emergenza", "violenza",
        "da_verificare", "aggiornato_il", "verificato_il", "percorso", "url",
    ),
    "contatti": (
        "id", "uuid", "nome", "tipo", "ente", "rete", "comune.nome", "comune.istat",
        "comuni_serviti", "descrizione", "riservata", "presso", "indirizzo.via",
        "indirizzo.civico", "indirizzo.cap", "indirizzo.localita", "coordinate.lat",
        "coordinate.lon", "telefoni", "telefoni.e164", "email", "pec", "sito", "orari.in_parole",
        "orari_nota", "chiusure.in_parole", "accessibilita", "lingue", "emergenza", "violenza",
        "da_verificare", "aggiornato_il", "verificato_il", "percorso", "url",
    ),
    "standard": (
        "id", "uuid", "origine", "titolo", "servizi.id", "servizi", "area_qualita", "indicatore",
        "promessa", "soglia", "operatore", "valore", "valore_massimo", "unita", "quota_percento",
        "scadenza_annuale", "verifica", "valido_dal", "valido_fino_al", "risultati",
        "da_verificare", "aggiornato_il", "verificato_il", "percorso", "url",
    ),
}  # fmt: skip
# What stands for a part in a single cell.
_SHORT = ("nome", "titolo", "numero", "indirizzo", "in_parole", "testo", "motivo")


def table(kind: str, records: Iterable[Plain]) -> Iterator[list[str]]:
    """The names of the columns, then a row for each record."""
    columns = [tuple(path.split(".")) for path in _COLUMNS[kind]]
    yield ["_".join(column) for column in columns]
    for record in records:
        yield ["; ".join(_found(record, column)) for column in columns]


def _found(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _found(item, path)
    elif path:
        if path[0] in value:
            yield from _found(value[path[0]], path[1:])
    else:
        yield _cell(value)


def _cell(value: Any) -> str:
    match value:
        case bool():
            return "sì" if value else "no"
        case {"anno": year, "esito": outcome}:
            made_up = " (dati di prova)" if value.get("di_prova") else ""
            return f"{year}: {outcome}{made_up}"
        case {"voce": item, "importo": amount, "unita": unit}:
            return f"{item}: {euro(amount)} {unit}"
        case dict():
            return next(str(value[key]) for key in _SHORT if key in value)
    return str(value)
