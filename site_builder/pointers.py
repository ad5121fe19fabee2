"""Which fields of the content hold the id of something else."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from site_builder.loader import KeyPath

# What each field names, by kind of document and shape of the path.
REFERENCES = {
    "services": {
        "aree.*": "areas", "gruppi.*": "gruppi", "varianti.*.gruppi.*": "gruppi",
        "requisiti.*.gruppi.*": "gruppi", "varianti.*.requisiti.*.gruppi.*": "gruppi",
        "territorio.*": "comuni", "dove_rivolgersi.sportelli.*": "reti",
        "dove_rivolgersi.contatti.*": "contacts", "sedi.*.contatto": "contacts",
        "costo.tariffe.*.sede": "contacts", "costo.tariffe.*.fasce.*": "fasce",
        "costo.costi_medi.*.sede": "contacts", "costo.costi_medi.*.fasce.*": "fasce",
        "gestore.enti.*": "providers", "moduli.*": "forms", "servizi_collegati.*": "services",
        "standard.*.area_qualita": "aree_qualita",
        "standard.*.verifica_dati.rete": "reti",
        "standard.*.verifica_dati.contatto": "contacts",
        "standard.*.verifica_dati.modulo": "forms",
    },
    "contacts": {"rete": "reti", "comune": "comuni", "comuni_serviti.*": "comuni"},
    "providers": {"contatti.*": "contacts"},
    "standards": {
        "servizi.*": "services", "area_qualita": "aree_qualita", "verifica_dati.rete": "reti",
        "verifica_dati.contatto": "contacts", "verifica_dati.modulo": "forms",
    },
    "results": {"misure.*.standard": "standard"},
    "forms": {
        "destinatario": "contacts", "consegna.rete": "reti", "consegna.contatto": "contacts",
        "trattamento": "trattamenti", "punteggi.*.servizi.*": "services",
    },
    "notices": {"servizi.*": "services"},
    "editions": {"sedi_riservate_controllate.*": "contacts"},
    "areas": {"aree.*.elenco_della_carta.*.servizi.*": "services"},
    "glossary": {"voci.*.servizi.*": "services"},
    "without-sheet": {"voci.*.area": "areas", "voci.*.servizi.*": "services"},
    "carta": {
        "ente.capofila": "comuni", "ente.sede": "contacts", "ente.segnalazioni": "contacts",
        "emergenze.*.contatto": "contacts",
        "domande.*.opzioni.*.gruppi.*": "gruppi", "rubriche.*.contatti.*": "contacts",
        "capitoli.*.pagina": "pages", "capitoli.*.area": "areas",
        "classi_di_costo.*.voci.*.servizi.*": "services", "condizioni_di_servizio.pagina": "pages",
        "modulo_contatto": "forms", "reclami.modulo": "forms", "reclami.canali.*.rete": "reti",
        "reclami.canali.*.contatto": "contacts", "reclami.organi.*.contatto": "contacts",
    },
}  # fmt: skip


def target_of(kind: str, path: KeyPath) -> str:
    """What the value at `path` names («contacts», «reti»); empty if it names nothing."""
    if path[-1:] == ("documento",) and path[-2:-1] != ("documenti",):
        return "documenti"
    return REFERENCES.get(kind, {}).get(shape(path), "")


@cache
def shape(path: KeyPath) -> str:
    """The path with every index written `*`: `sedi.*.contatto`."""
    return ".".join("*" if isinstance(step, int) else step for step in path)


def iter_leaves(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Yield (path, value) for every scalar inside JSON-like data."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from iter_leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from iter_leaves(item, (*path, index))
    else:
        yield path, value


def named_in(kind: str, data: Any) -> Iterator[tuple[str, str]]:
    """What a document names: («contacts», «cav»), each time that it does."""
    for path, value in iter_leaves(data):
        if target := target_of(kind, path):
            yield target, str(value)
