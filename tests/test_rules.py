"""Every rule: what trips it and where it points, and what comes close but is fine."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from test_editions import kept

from endpoint.forms.body import MAX_FIELDS
from endpoint.forms.definition import OWN_FIELDS
from site_builder.check import check_content
from site_builder.pointers import REFERENCES
from site_builder.rules import RULES
from site_builder.validation import load_schema

EDITION = "content/editions/2024.yml"
CARTA = "content/carta.yml"
AREAS = "content/areas.yml"
GLOSSARY = "content/glossary.yml"
SERVICE = "content/services/asilo-nido.yml"
CONTACT = "content/contacts/segretariato-casarano.yml"
FORM = "content/forms/reclamo.yml"
PAGE = "content/pages/premessa.md"

SOURCE = {"documento": "carta-prova"}
DATED = {"fonte": SOURCE, "aggiornato_il": "2026-01-01"}
REASON = "La fonte dice due cose diverse."
LONG = "Il nido accoglie ogni giorno i bambini e aiuta le famiglie con il gioco e la cura."
HARD = "L'amministrazione predispone conseguentemente provvedimenti amministrativi. " * 4


def doubt(field: str) -> dict[str, Any]:
    return {"da_verificare": [{"campo": field, "motivo": REASON}]}


def second(**changes: Any) -> dict[str, Any]:
    """Another service, to stand beside the first."""
    sheet = {
        "id": "ludoteca", "titolo": "Ludoteca", "codice": "A2", "aree": ["famiglia"],
        "tipo": "servizio", "livello": "ambito",
        "descrizione_breve": "Un posto dove si gioca insieme.", "descrizione": "Si gioca.",
        "a_chi_e_rivolto": "A tutti.", "gruppi": ["famiglie"], "come_fare": "Vieni.",
        "dove_rivolgersi": {"testo": "In ludoteca.", "sportelli": ["segretariato"]},
        "costo": {"tipo": "gratuito"}, "standard_non_definiti": "La fonte non ne dà.", **DATED,
    }  # fmt: skip
    return {"content/services/ludoteca.yml": sheet | changes}


def uncoded(id: str) -> dict[str, Any]:
    """Another service, to which the Carta gives no code."""
    [sheet] = second(id=id).values()
    return {f"content/services/{id}.yml": {k: v for k, v in sheet.items() if k != "codice"}}


def field(id: str = "nome", **more: Any) -> dict[str, Any]:
    return {"id": id, "etichetta": "Nome", "tipo": "testo", "obbligatorio": False, **more}


def form(id: str, *fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    one = field(lunghezza_max=100, errori={"lunghezza": "Troppo lungo."})
    record = {"id": id, "titolo": "Modulo", "descrizione": "Serve a chiedere.", "anonimo": False,
              "campi": [*fields] or [one], **DATED, **more}  # fmt: skip
    return {f"content/forms/{id}.yml": {k: v for k, v in record.items() if v is not None}}


def term(name: str, days: int, **more: Any) -> dict[str, Any]:
    return {"fase": name, "giorni": days, "decorre_da": "presentazione", **more}


def complaints(*terms: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {CARTA: {"reclami": {"termini": list(terms), **more}}}


def comune(**changes: Any) -> dict[str, Any]:
    return {CARTA: {"comuni": [TWO_COMUNI[0] | changes]}}


def patron(day: str) -> dict[str, Any]:
    return {CARTA: {"comuni": [TWO_COMUNI[0] | {"patrono": {"nome": "Patrono", "giorno": day}}]}}


# What the Carta of Napoli Tredici promises; the office alone can say which of the two holds.
CLASH = complaints(
    term("Incontro", 30, lavorativi=True), term("Decisione", 40), sabato_lavorativo=False
)
YES_NO = [{"valore": "si", "etichetta": "Sì"}, {"valore": "no", "etichetta": "No"}]
ROOM = MAX_FIELDS - OWN_FIELDS  # fields of a form that can be sent with what the page adds
KEPT = {"giorni_dopo_protocollo": 30, "mesi_al_massimo": 24}
MISSING = {"obbligatorio": True, "errori": {"mancante": "Scrivi il nome."}}


def office(id: str = "altro", **more: Any) -> dict[str, Any]:
    """Another contact, used by the organs of the complaint procedure."""
    record = {"id": id, "nome": "Altro ufficio", "tipo": "ufficio", **DATED, **more}
    return {f"content/contacts/{id}.yml": record}


def used(*ids: str) -> dict[str, Any]:
    return {"dove_rivolgersi": {"contatti": list(ids)}}


def notice(**more: Any) -> dict[str, Any]:
    record = {
        "id": "avviso", "titolo": "Avviso", "tipo": "bando", "testo": "Testo dell'avviso.",
        "pubblicato_il": "2026-01-01", "chiude_il": "2026-12-31", "aggiornato_il": "2026-01-01",
    }  # fmt: skip
    record |= more
    return {"content/notices/avviso.yml": {k: v for k, v in record.items() if v is not None}}


def costs(*kinds: str) -> dict[str, Any]:
    voci = [{"testo": "Asilo nido", "servizi": ["asilo-nido"]}]
    lists = [{"tipo": kind, "titolo": "Elenco", "voci": voci, "fonte": SOURCE} for kind in kinds]
    return {CARTA: {"classi_di_costo": lists}}


def slots(*slots: dict[str, Any]) -> dict[str, Any]:
    return {CONTACT: {"orari": list(slots)}}


def tariff(**more: Any) -> dict[str, Any]:
    tariffe = [{"voce": "Retta", "importo": 100, "unita": "al mese", **more}]
    return {SERVICE: {"costo": {"tipo": "gratuito", "tariffe": tariffe}}}


def bands(*limits: tuple[float | None, float | None], unit: str = "isee") -> dict[str, Any]:
    """Bands from limit to limit, as (above, up to)."""
    fasce = [
        {"id": f"f{number}", "nome": f"Fascia {number}"}
        | {f"{key}_{unit}": x for key, x in zip(("oltre", "fino_a"), pair, strict=True) if x}
        for number, pair in enumerate(limits, start=1)
    ]
    return {CARTA: {"fasce_di_accesso": {"fasce": fasce}}}


def fees(*amounts: tuple[str, float], **more: Any) -> dict[str, Any]:
    """Amounts of the same thing by band, of which there are two."""
    tariffe = [
        {"voce": "Retta", "unita": "al mese", "importo": amount, "fasce": [band], **more}
        for band, amount in amounts
    ]
    sheet = {SERVICE: {"costo": {"tipo": "gratuito", "tariffe": tariffe}}}
    return bands((None, 6000), (6000, None)) | sheet


def standard(id: str = "ore") -> dict[str, Any]:
    return {"id": id, "indicatore": "Ore di apertura", "promessa": "Venti ore a settimana."}


def answers(*options: dict[str, Any], groups: tuple[str, ...] = ("famiglie",)) -> dict[str, Any]:
    """One question with some answers, the first for some groups."""
    first = {"id": "si", "testo": "Ho figli", "gruppi": list(groups)}
    question = {"id": "chi", "testo": "Chi sei?", "opzioni": [first, *options]}
    return {CARTA: {"domande": [question]}}


TWO_GROUPS = [{"id": "famiglie", "nome": "Famiglie"}, {"id": "anziani", "nome": "Anziani"}]
TWO_COMUNI = [
    {"id": "casarano", "nome": "Casarano", "cap": ["73042"], "istat": "075016", "provincia": "LE"},
    {"id": "matino", "nome": "Matino", "cap": ["73046"], "istat": "075042", "provincia": "LE"},
]


def body_standard(id: str = "ore") -> dict[str, Any]:
    return {f"content/standards/{id}.yml": {"titolo": "Ore", **standard(id), **DATED}}


def acronym(id: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "termine": f"Termine {id}",
        "sigla": "CAV",
        "definizione": "Vuol dire.",
        **more,
    }


def violence(side: str, other: str) -> dict[str, Any]:
    dove = {"testo": "Qui.", "contatti": ["uno", "altro"]}
    return (
        {SERVICE: {"dove_rivolgersi": dove}} | office("uno", violenza=side)
        | office("altro", violenza=other)
    )  # fmt: skip


EMERGENCY = {SERVICE: {"emergenza": True, **used("segretariato-casarano")}}

# Rule, change, file and beginning of the line that the problem points to.
FIGURES = "content/results/2025-reclami.yml"


def figures(total: int, *numbers: int | str, **changes: Any) -> dict[str, Any]:
    rows = [{"voce": f"Voce {n}", "numero": number} for n, number in enumerate(numbers)]
    tables = [{"titolo": "Per Comune", "totale": total, "voci": rows}]
    module = {"modulo": "reclamo", "titolo": "Reclamo", "totale": total, "tabelle": tables}
    whole = {"id": "2025-reclami", "anno": 2025, "moduli": [module], "aggiornato_il": "2026-01-10"}
    return {FIGURES: whole | changes}


RESULTS = "content/results/2025.yml"
HOURS = {"operatore": ">=", "valore": 20, "unita": "ore"}


def promised(**more: Any) -> dict[str, Any]:
    """A standard of the body with a threshold."""
    return {"content/standards/ore.yml": {"titolo": "Ore", **standard(), **HOURS, **DATED, **more}}


def measures(year: int, *items: dict[str, Any], file: str = RESULTS, **more: Any) -> dict[str, Any]:
    record = {"id": file[16:20], "anno": year, "misure": list(items), "aggiornato_il": "2026-01-10"}
    return promised(**more) | {file: record}


def measure(**more: Any) -> dict[str, Any]:
    return {"standard": "ore", "esito": "rispettato", **more}


def self_checked(**check: Any) -> dict[str, Any]:
    return promised(verifica_dati={"tipo": "ore_settimanali", **check})


# A bare number cannot decide where the promise is for a share of the cases.
SHARE = {"operatore": "<=", "valore": 15, "quota_percento": 90}

TRIPS: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "anno-futuro",
        measures(2027, file="content/results/2027.yml"),
        "content/results/2027.yml",
        "anno:",
    ),
    ("anno-futuro", measures(2024), RESULTS, "anno:"),
    ("misura-mancante", promised(), CARTA, "ente:"),
    ("misura-mancante", promised(scadenza_annuale="11-20"), CARTA, "ente:"),
    ("misura-mancante", measures(2025), RESULTS, "misure:"),
    ("rimedio-mancante", measures(2025, measure(esito="non_rispettato")), RESULTS, "esito:"),
    ("esito-contraddetto", measures(2025, measure(valore=19.5)), RESULTS, "esito:"),
    (
        "esito-contraddetto",
        measures(2025, measure(esito="non_misurato", valore=20)),
        RESULTS,
        "esito:",
    ),
    (
        "esito-contraddetto",
        measures(2025, measure(valore=10, quota_percento=89.9), **SHARE),
        RESULTS,
        "esito:",
    ),
    ("verifica-dati", self_checked(), "content/standards/ore.yml", "verifica_dati:"),
    (
        "verifica-dati",
        self_checked(rete="segretariato", contatto="segretariato-casarano"),
        "content/standards/ore.yml",
        "verifica_dati:",
    ),
    (
        "verifica-dati",
        self_checked(contatto="segretariato-casarano", ore_di="tutti_insieme"),
        "content/standards/ore.yml",
        "verifica_dati:",
    ),
    (
        "verifica-dati",
        self_checked(rete="segretariato") | {"content/standards/ore.yml": {
            "titolo": "Ore", **standard(), **DATED, "operatore": "presenza",
            "verifica_dati": {"tipo": "ore_settimanali", "rete": "segretariato"}}},
        "content/standards/ore.yml",
        "verifica_dati:",
    ),
    (
        "verifica-dati",
        promised(verifica_dati={"tipo": "modulo", "rete": "segretariato"}),
        "content/standards/ore.yml",
        "verifica_dati:",
    ),
    (
        "riferimento-inesistente",
        self_checked(rete="sportelli"),
        "content/standards/ore.yml",
        "rete:",
    ),
    (
        "riferimento-inesistente",
        promised(verifica_dati={"tipo": "modulo", "modulo": "niente"}),
        "content/standards/ore.yml",
        "modulo:",
    ),
    ("riferimento-inesistente", measures(2025, measure(standard="altro")), RESULTS, "standard:"),
    ("telefono", {CONTACT: {"telefoni": [{"numero": "0833 5024281234"}]}}, CONTACT, "numero:"),
    ("telefono", {CONTACT: {"telefoni": [{"numero": 833502428}]}}, CONTACT, "numero:"),
    ("cap-comune", {CONTACT: {"indirizzo": {"cap": "73046"}}}, CONTACT, "cap:"),
    ("cap-comune", {CONTACT: {"indirizzo": {"cap": 73046}}}, CONTACT, "cap:"),
    ("civico-mancante", {CONTACT: {"indirizzo": {"civico": None}}}, CONTACT, "indirizzo:"),
    ("pec-email", {CONTACT: {"email": [{"indirizzo": "a@pec.it"}]}}, CONTACT, "indirizzo:"),
    ("pec-email", {CONTACT: {"pec": ["a@comune.casarano.le.it"]}}, CONTACT, "a@comune"),
    ("email-dominio", {CONTACT: {"email": [{"indirizzo": "a@comune.it"}]}}, CONTACT, "indirizzo:"),
    ("segnalazioni-senza-email",
     {CARTA: {"ente": {"segnalazioni": "segretariato-casarano"}}, CONTACT: {"email": None}},
     CARTA, "segnalazioni:"),
    ("riferimento-inesistente", {CARTA: {"ente": {"segnalazioni": "nessuno"}}}, CARTA,
     "segnalazioni:"),
    ("riferimento-inesistente", {CARTA: {"ente": {"segnalazioni": True}}}, CARTA, "segnalazioni:"),
    (
        "email-nominativa",
        {CONTACT: {"email": [{"indirizzo": "a@comune.casarano.le.it", "nominativa": True}]}},
        CONTACT,
        "indirizzo:",
    ),
    (
        "recapito-ripetuto",
        {SERVICE: used("altro")} | office("altro", telefoni=[{"numero": "0833502428"}]),
        CONTACT,
        "numero:",
    ),
    (
        "recapito-ripetuto",
        {SERVICE: used("zeta")}
        | office("zeta", email=[{"indirizzo": "SPORTELLO@comune.casarano.le.it"}]),
        "content/contacts/zeta.yml",
        "indirizzo:",
    ),
    (
        "rete-incompleta",
        {CARTA: {"reti": [{"id": "segretariato", "nome": "S."}, {"id": "pua", "nome": "PUA"}]}},
        CARTA,
        "id: pua",
    ),
    ("comuni-non-serviti", {CARTA: {"comuni": TWO_COMUNI}, SERVICE: {"territorio": ["casarano"]}},
     SERVICE, "territorio:"),
    ("ordine", slots({"giorni": "lun", "dalle": "12:00", "alle": "09:00"}), CONTACT, "alle:"),
    ("ordine", {SERVICE: {"stato": {"valore": "attivo", "dal": "2026-02-01", "al": "2026-01-01"}}},
     SERVICE, "al:"),
    ("ordine", {SERVICE: {"fonte": {"riga": 9, "riga_fine": 3}}}, SERVICE, "riga_fine:"),
    ("ordine", {SERVICE: {"requisiti": [{"testo": "Età.", "eta_min": 9, "eta_max": 3}]}},
     SERVICE, "eta_max:"),
    ("ordine", tariff(isee_min=5, isee_max=1, valido_fino_al="2027-01-01"), SERVICE, "isee_max:"),
    ("ordine", notice(apre_il="2027-02-01"), "content/notices/avviso.yml", "chiude_il:"),
    ("ordine", {CARTA: {"edizione": {"valida_dal": "2027-01-01", "valida_al": "2026-01-01"}}},
     CARTA, "valida_al:"),
    ("data-futura", {SERVICE: {"aggiornato_il": "2026-11-22"}}, SERVICE, "aggiornato_il:"),
    ("data-futura", {SERVICE: {"verificato_il": "2062-01-01"}}, SERVICE, "verificato_il:"),
    ("orari", slots({"giorni": "lun", "dalle": "09:00"}), CONTACT, "giorni:"),
    ("orari", slots({"nota": "Solo d'estate"}), CONTACT, "nota:"),
    ("orari", slots({"sempre_aperto": True, "come_sede": True}), CONTACT, "sempre_aperto:"),
    ("orari", slots({"sempre_aperto": True, "su_appuntamento": True}), CONTACT, "sempre_aperto:"),
    ("orari", slots({"ogni_mese": "primo", "su_appuntamento": True}), CONTACT, "ogni_mese:"),
    (
        "orari",
        {SERVICE: {"sedi": [{"contatto": "segretariato-casarano", "orari": [{"dalle": "09:00"}]}]}},
        SERVICE,
        "dalle:",
    ),
    ("importo-senza-validita", tariff(), SERVICE, "importo:"),
    ("importo-senza-validita", {SERVICE: {"requisiti": [{"testo": "ISEE.", "isee_max": 9360}]}},
     SERVICE, "isee_max:"),
    ("importo-scaduto", tariff(valido_fino_al="2026-11-20"), SERVICE, "valido_fino_al:"),
    ("fasce-misura", bands((None, 50), (50, None), unit="percento"), CARTA, "id: f1"),
    ("fasce-misura", {CARTA: {"fasce_di_accesso": {"fasce": [
        {"id": "f1", "nome": "Uno", "fino_a_isee": 6000},
        {"id": "f2", "nome": "Due", "oltre_percento": 50}]}}}, CARTA, "id: f2"),
    ("fasce-sovrapposte", bands((None, 6000), (5999.99, None)), CARTA, "id: f2"),
    ("fasce-sovrapposte", bands((None, 6000), (6000, None), (None, 10)), CARTA, "id: f3"),
    ("fasce-con-vuoto", bands((None, 6000), (6000.01, None)), CARTA, "fino_a_isee: 6000"),
    ("fasce-con-vuoto", bands((51, None), (None, 50), unit="percento"), CARTA,
     "fino_a_percento: 50"),
    ("importo-doppio", fees(("f1", 100), ("f1", 120)), SERVICE, "importo: 120"),
    ("bando-senza-scadenza", notice(chiude_il=None), "content/notices/avviso.yml", "tipo:"),
    ("verifica-scaduta", {SERVICE: {"verificato_il": "2026-05-21", "verifica_ogni_mesi": 6}},
     SERVICE, "verificato_il:"),
    # By the interval of its kind, where it does not say its own.
    ("verifica-scaduta", {CONTACT: {"verificato_il": "2026-05-21"}}, CONTACT, "verificato_il:"),
    # Nobody has ever done what the record itself asks for.
    ("verifica-scaduta", {SERVICE: {"verifica_ogni_mesi": 6}}, SERVICE, "aggiornato_il:"),
    ("edizione-scaduta", {CARTA: {"edizione": {"valida_al": "2026-11-20"}}}, CARTA, "valida_al:"),
    ("edizione-archiviata", {CARTA: {"edizione": {"versione": "II"}}} | kept(versione=" II"), CARTA,
     "versione:"),
    ("edizione-futura", kept(archiviata_il="2026-11-22"), EDITION, "archiviata_il:"),
    ("edizione-sede-riservata", kept() | office(riservata=True), EDITION, "id:"),
    ("riferimento-inesistente", {SERVICE: {"gruppi": ["famigli"]}}, SERVICE, "famigli"),
    ("riferimento-inesistente", {SERVICE: {"fonte": {"documento": "x"}}}, SERVICE, "documento:"),
    ("nome-file", {SERVICE: {"id": "nido"}}, SERVICE, "id:"),
    ("nome-file", {CONTACT: {"id": "altro"}}, CONTACT, "id:"),
    (
        "id-doppio",
        {CARTA: {"gruppi": [{"id": "famiglie", "nome": "Uno"}, {"id": "famiglie", "nome": "Due"}]}},
        CARTA,
        "id: famiglie",
    ),
    (
        "id-doppio",
        second(standard=[standard()]) | {SERVICE: {"standard": [standard()]}},
        "content/services/ludoteca.yml",
        "id: ore",
    ),
    ("id-doppio", {SERVICE: {"standard": [standard()]}} | body_standard(), SERVICE, "id: ore"),
    ("gruppo-senza-risposta", {CARTA: answers()[CARTA] | {"gruppi": TWO_GROUPS}}, CARTA,
     "id: anziani"),
    ("risposta-senza-regola", answers({"id": "altri", "testo": "Non ne ho"}), CARTA, "id: altri"),
    ("risposta-doppia", answers({"id": "casarano", "testo": "Casa", "isee": True},
                                {"id": "abito", "testo": "Abito", "comune": True}), CARTA,
     "id: abito"),
    ("riferimento-inesistente", answers(groups=("famiglie", "famigli")), CARTA, "famigli"),
    ("codice-scheda", {SERVICE: {"codice": "B1"}}, SERVICE, "codice:"),
    ("codice-scheda", second(codice="A1"), "content/services/ludoteca.yml", "codice:"),
    ("indirizzo-breve", uncoded("a1"), "content/services/a1.yml", "id:"),
    ("indirizzo-breve", form("a1"), "content/forms/a1.yml", "id:"),
    ("indirizzo-breve", uncoded("nido") | form("nido"), "content/forms/nido.yml", "id:"),
    ("contatto-inutilizzato", office(), "content/contacts/altro.yml", "id:"),
    ("sigla-ambigua", {GLOSSARY: {"voci": [acronym("uno"), acronym("due")]}}, GLOSSARY, "sigla:"),
    ("voce-vuota", {SERVICE: {"come_fare": "da definire"}}, SERVICE, "come_fare:"),
    ("voce-vuota", {SERVICE: {"dove_rivolgersi": {"testo": "---"}}}, SERVICE, "testo:"),
    ("voce-vuota", {SERVICE: {"cosa_serve": "N.D."}}, SERVICE, "cosa_serve:"),
    ("dove-senza-contatto", {SERVICE: {"dove_rivolgersi": {"sportelli": None}}}, SERVICE,
     "dove_rivolgersi:"),
    ("emergenza-senza-recapito", EMERGENCY | {CONTACT: {"telefoni": None}}, SERVICE,
     "dove_rivolgersi:"),
    ("emergenza-senza-recapito", EMERGENCY | {CONTACT: {"orari": None}}, SERVICE, "id:"),
    ("stato-senza-motivo", {SERVICE: {"stato": {"valore": "sospeso"}}}, SERVICE, "stato:"),
    ("standard-mancanti", {SERVICE: {"standard_non_definiti": None}}, SERVICE, "id:"),
    ("standard-mancanti", {SERVICE: {"standard": [standard()]}}, SERVICE, "standard_non_definiti:"),
    ("classe-di-costo", costs("gratuito", "compartecipazione"), CARTA, "testo: Asilo nido"),
    ("classe-di-costo", costs("compartecipazione"), SERVICE, "tipo: gratuito"),
    ("violenza-separata", violence("vittime", "autori"), SERVICE, "dove_rivolgersi:"),
    (
        "schede-quasi-uguali",
        second(descrizione=f"{LONG} Ogni giorno.") | {SERVICE: {"descrizione": LONG}},
        "content/services/ludoteca.yml",
        "descrizione:",
    ),
    ("contatto-nel-testo", {SERVICE: {"come_fare": "Chiama 0833 502428."}}, SERVICE, "come_fare:"),
    ("contatto-nel-testo", {SERVICE: {"come_fare": "Scrivi a info@comune.it."}}, SERVICE,
     "come_fare:"),
    (
        "contatto-nel-testo",
        {PAGE: "---\ntitle: Premessa\ndescription: Una premessa.\n---\nChiama 333 1234567.\n"},
        PAGE,
        "---",
    ),
    ("da-verificare", {SERVICE: doubt("costo")}, SERVICE, "campo:"),
    ("da-verificare", {GLOSSARY: {"voci": [acronym("uno", **doubt("sigla"))]}}, GLOSSARY, "campo:"),
    ("da-verificare-campo", {SERVICE: doubt("prezzo")}, SERVICE, "campo:"),
    ("da-verificare-campo", {GLOSSARY: {"voci": [acronym("uno", **doubt("costo"))]}}, GLOSSARY,
     "campo:"),
    ("parola-superata", {SERVICE: {"come_fare": "È per i disabili."}}, SERVICE, "come_fare:"),
    ("leggibilita", {SERVICE: {"descrizione": HARD}}, SERVICE, "descrizione:"),
    ("modulo-non-valido", form("reclamo", field(), field("altro", tipo="scelta")), FORM,
     "tipo: scelta"),
    ("modulo-non-valido", form("reclamo", field(tipo="scelta", opzioni=YES_NO[:1] * 2)), FORM,
     "opzioni:"),
    ("modulo-non-valido",
     form("reclamo", field(se={"campo": "come", "valore": "si"}),
          field("come", tipo="scelta", opzioni=YES_NO)), FORM, "se:"),
    ("modulo-non-valido",
     form("reclamo", field("come", tipo="scelta", opzioni=YES_NO),
          field(se={"campo": "come", "valore": "forse"})), FORM, "se:"),
    ("modulo-non-valido", form("reclamo", *(field(f"n{n}") for n in range(ROOM + 1))), FORM,
     f"id: n{ROOM}"),
    ("modulo-non-valido", form("reclamo", field(), field()), FORM, "id: nome"),
    ("opzioni-inutili", form("reclamo", field(opzioni=YES_NO)), FORM, "opzioni:"),
    ("esempio-sbagliato", form("reclamo", field(**MISSING), esempi=[
        {"nome": "vuoto", "risposte": {}, "errori": {"nome": "Scrivi il cognome."}}]), FORM,
     "nome: Scrivi il cognome."),
    ("esempio-sbagliato", form("reclamo", field(**MISSING), esempi=[
        {"nome": "vuoto", "risposte": {}}]), FORM, "nome: vuoto"),
    ("esempio-sbagliato", form("reclamo", field(), esempi=[
        {"nome": "giusto", "risposte": {"nome": "Ada"}, "errori": {"nome": "Scrivi il nome."}}]),
     FORM, "nome: Scrivi il nome."),
    ("esempio-sbagliato", form("reclamo", esempi=[
        {"nome": "altro", "risposte": {"cognome": "Prova"}}]), FORM, "cognome: Prova"),
    ("modulo-senza-fonte", form("reclamo", fonte=None), FORM, "id:"),
    ("modulo-senza-fonte", form("reclamo", fonte=None, **doubt("campi")), FORM, "id:"),
    ("conservazione-non-indicata", form("reclamo"), FORM, "id:"),
    ("sabato-lavorativo", complaints(term("Incontro", 30, lavorativi=True)), CARTA, "lavorativi:"),
    ("sabato-lavorativo", complaints(sospensione={"giorni": 30, "lavorativi": True}), CARTA,
     "lavorativi:"),
    ("termini-incompatibili", CLASH, CARTA, "giorni: 40"),
    ("termini-incompatibili", complaints(term("Incontro", 30), term("Decisione", 29)), CARTA,
     "giorni: 29"),
    ("patrono-inesistente", patron("02-30"), CARTA, "giorno:"),
    ("segnaposto", {CONTACT: {"nome": "[DA SCRIVERE] Il nome."}}, CONTACT, "nome:"),
    ("segnaposto", {CARTA: {"ente": {"appartenenza": "[DA SCRIVERE]"}}}, CARTA, "appartenenza:"),
    (
        "segnaposto",
        {PAGE: "---\ntitle: Premessa\ndescription: Una premessa.\n---\n[DA SCRIVERE] Il testo.\n"},
        PAGE,
        "---",
    ),
    ("segnaposto-comune", comune(istat="000000"), CARTA, "istat:"),
    ("segnaposto-comune", comune(provincia="XX"), CARTA, "provincia:"),
    ("segnaposto-comune", comune(cap=["00000"]), CARTA, "cap:"),
    ("nessuna-scheda", {SERVICE: None}, AREAS, "aree:"),
    ("patrono-mancante", complaints(term("Risposta", 30)), CARTA, "id: casarano"),
    ("numero-ricavabile", figures(15, 7, "meno di 5", "non pubblicato"), FIGURES, "titolo:"),
    ("anno-non-finito", figures(12, 12, aggiornato_il="2025-12-31"), FIGURES, "aggiornato_il:"),
    ("anno-non-finito", figures(12, 12, anno=2024), FIGURES, "anno:"),
]  # fmt: skip

FINE: list[tuple[str, dict[str, Any]]] = [
    ("anno-futuro", measures(2026, file="content/results/2026.yml")),
    ("misura-mancante", measures(2025, measure(esito="non_misurato"))),
    ("misura-mancante", promised(scadenza_annuale="11-21")),
    ("misura-mancante", promised(valido_dal="2026-01-01")),
    ("misura-mancante", promised(valido_fino_al="2024-12-31")),
    ("rimedio-mancante", measures(2025, measure(esito="non_rispettato", rimedio="Più ore."))),
    ("esito-contraddetto", measures(2025, measure(valore=20))),
    ("esito-contraddetto", measures(2025, measure(valore=20), **SHARE)),
    ("esito-contraddetto", measures(2025, measure(quota_percento=90, valore=20), **SHARE)),
    ("verifica-dati", self_checked(rete="segretariato", ore_di="ogni_sportello")),
    ("verifica-dati", self_checked(contatto="segretariato-casarano")),
    ("verifica-dati", promised(verifica_dati={"tipo": "modulo", "modulo": "reclamo"})),
    ("telefono", {CONTACT: {"telefoni": [{"numero": n} for n in (112, "1522", "800 90 10 10")]}}),
    ("cap-comune", {CONTACT: {"indirizzo": {"cap": 73042}}}),
    ("cap-comune", comune(cap=["00000"])),
    ("civico-mancante", {CONTACT: {"indirizzo": {"civico": "snc"}}}),
    ("pec-email", {CONTACT: {"pec": ["protocollo@pec.comune.casarano.le.it"]}}),
    ("email-dominio", {CARTA: {"ente": {"domini_email": None}}}),
    ("segnalazioni-senza-email", {CARTA: {"ente": {"segnalazioni": "segretariato-casarano"}}}),
    ("riferimento-inesistente", {CARTA: {"ente": {"segnalazioni": False}}}),
    ("email-nominativa", {CONTACT: {"email": [{"indirizzo": "a@comune.casarano.le.it"}]}}),
    ("recapito-ripetuto", {CONTACT: {"telefoni": [{"numero": "0833 502428"}] * 2}}),
    ("rete-incompleta", {CARTA: {"reti": [{"id": "segretariato", "nome": "Segretariato"}]}}),
    ("comuni-non-serviti", {SERVICE: {"territorio": ["casarano"]}}),
    ("ordine", slots({"giorni": "lun", "dalle": "09:00", "alle": "09:00"})),
    ("data-futura", {SERVICE: {"aggiornato_il": "2026-11-21", "verificato_il": "2026-11-21"}}),
    ("orari", slots({"sempre_aperto": True}, {"su_appuntamento": True, "nota": "Chiama"},
                    {"giorni": "mar", "dalle": "09:00", "alle": "10:00", "ogni_mese": "ultimo"})),
    ("importo-senza-validita", tariff(valido_fino_al="2027-01-01")),
    ("importo-senza-validita", notice(importo=500)),
    ("importo-scaduto", tariff(valido_fino_al="2026-11-21")),
    ("fasce-misura", bands((None, 6000), (6000, None))),
    ("fasce-misura", bands((None, None))),
    ("fasce-sovrapposte", bands((6000, None), (None, 6000))),
    ("fasce-con-vuoto", bands((6000, 9000), (None, 6000))),
    ("importo-doppio", fees(("f1", 100), ("f2", 120), ("f1", 100))),
    ("bando-senza-scadenza", notice(tipo="comunicazione", chiude_il=None)),
    ("verifica-scaduta", {SERVICE: {"verificato_il": "2026-05-22", "verifica_ogni_mesi": 6}}),
    ("verifica-scaduta", {CONTACT: {"verificato_il": "2026-05-22"}}),
    ("verifica-scaduta", {SERVICE: {"verifica_ogni_mesi": 11}}),
    ("edizione-scaduta", {CARTA: {"edizione": {"valida_al": "2026-11-21"}}}),  # its last day
    ("edizione-archiviata", {CARTA: {"edizione": {"versione": "III"}}} | kept(versione="II")),
    ("edizione-archiviata", kept(versione=None)),  # two without a version may be any
    ("edizione-futura", kept(archiviata_il="2026-11-21")),
    ("edizione-sede-riservata",
     kept(sedi_riservate_controllate=["altro"]) | office(riservata=True)),
    ("riferimento-inesistente", {"content/contacts/altro.yml": "rotto", SERVICE: used("altro")}),
    ("nome-file", {"content/results/2026.yml":
                   {"id": 2026, "anno": 2026, "misure": [], "aggiornato_il": "2026-01-01"}}),
    ("id-doppio", second(standard=[standard("a")]) | {SERVICE: {"standard": [standard("b")]}}),
    ("gruppo-senza-risposta", {CARTA: {"gruppi": TWO_GROUPS}}),
    ("risposta-senza-regola", answers({"id": "b", "testo": "Anziano", "eta_min": 65})),
    ("risposta-doppia", answers({"id": "abito", "testo": "Abito", "comune": True})),
    ("codice-scheda", second()),
    ("indirizzo-breve", uncoded("a2") | form("asilo-nido")),  # that sheet is reached by its code
    ("contatto-inutilizzato", {SERVICE: {"sedi": [{"contatto": "altro"}]}} | office()),
    ("contatto-inutilizzato", {"content/services/rotto.yml": "rotto"} | office()),
    ("sigla-ambigua",
     {GLOSSARY: {"voci": [acronym("uno"), acronym("due", servizi=["asilo-nido"])]}}),
    ("voce-vuota", {SERVICE: {"come_fare": "non indicato", "a_chi_e_rivolto": "A te."}}),
    ("dove-senza-contatto", {SERVICE: {"dove_rivolgersi": {"sportelli": None},
                                       "sedi": [{"contatto": "segretariato-casarano"}]}}),
    ("emergenza-senza-recapito", EMERGENCY),
    ("stato-senza-motivo", {SERVICE: {"stato": {"valore": "sospeso", "motivo": "Lavori."}}}),
    ("standard-mancanti",
     {SERVICE: {"standard_non_definiti": None, "standard": [standard()]}}),
    ("standard-mancanti",
     {SERVICE: {"standard_non_definiti": None},
      "content/standards/ore.yml":
      {"titolo": "Ore", "servizi": ["asilo-nido"], **standard(), **DATED}}),
    ("classe-di-costo", costs("gratuito", "gratuito")),
    ("violenza-separata", violence("vittime", "vittime")),
    ("schede-quasi-uguali",
     second(descrizione=LONG, come_fare="Chiedi allo sportello.",
            dove_rivolgersi={"testo": "Allo sportello.", "sportelli": ["segretariato"]})
     | {SERVICE: {"descrizione": LONG}}),
    ("contatto-nel-testo", {SERVICE: {"come_fare": "Legge 328/2000, DGR 12/2024 del 10.01.2024."}}),
    ("da-verificare", {SERVICE: {"da_verificare": []}}),
    ("da-verificare-campo", {SERVICE: doubt("costo.tipo")}),
    ("parola-superata", {SERVICE: {"parole_chiave": ["disabili e invalidi"]}}),
    ("numero-ricavabile", figures(16, 7, "meno di 5", "non pubblicato")),
    ("anno-non-finito", figures(12, 12)),
    ("leggibilita", {SERVICE: {"descrizione": "Il nido apre la porta ai bambini. " * 6}}),
    ("modulo-non-valido", form("reclamo", *(field(f"n{n}") for n in range(ROOM)))),
    ("modulo-non-valido",
     form("reclamo", field("dove", tipo="comune"), field("che", tipo="servizio"),
          field(se={"campo": "dove", "valore": "casarano"}))),
    ("opzioni-inutili", form("reclamo", field(tipo="scelta_multipla", opzioni=YES_NO))),
    ("esempio-sbagliato", form("reclamo", field(**MISSING), field("quali", tipo="scelta_multipla",
                                                                  opzioni=YES_NO), esempi=[
        {"nome": "vuoto", "risposte": {}, "errori": {"nome": "Scrivi il nome."}},
        {"nome": "pieno", "risposte": {"nome": "Ada", "quali": ["si", "no"]}}])),
    # Why the form is refused is said once, not again by its examples.
    ("esempio-sbagliato", form("reclamo", field(tipo="scelta"), esempi=[
        {"nome": "vuoto", "risposte": {}, "errori": {"nome": "Scrivi il nome."}}])),
    ("modulo-senza-fonte", form("reclamo", fonte=None, **doubt("fonte"))),
    ("conservazione-non-indicata", form("reclamo", conservazione=KEPT)),
    ("conservazione-non-indicata", form("reclamo", anonimo=True)),
    ("sabato-lavorativo", complaints(term("Risposta", 30))),
    ("sabato-lavorativo", CLASH),
    ("termini-incompatibili", complaints(term("Incontro", 30), term("Decisione", 30))),
    ("termini-incompatibili",
     complaints(term("Incontro", 30), term("Atti", 5, decorre_da="fase_precedente"))),
    # What runs from before the filing falls due on a day that nobody knows.
    ("termini-incompatibili",
     complaints(term("Incontro", 30), term("Presentazione", 15, decorre_da="fatto"))),
    ("patrono-inesistente", patron("02-29")),
    ("segnaposto", {CONTACT: {"nome": "Da scrivere"}}),
    ("segnaposto-comune", comune(cap=["73042", "73043"])),
    ("nessuna-scheda", {SERVICE: {"gruppi": ["marziani"]}}),
    ("nessuna-scheda", {SERVICE: "id: [\n"}),
    ("patrono-mancante", {CARTA: patron("05-18")[CARTA] | complaints(term("Risposta", 30))[CARTA]}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "change", "path", "at"), TRIPS, ids=[case[0] for case in TRIPS])
def test_trips(body, today, rule: str, change: dict[str, Any], path: str, at: str) -> None:
    root = body(change)
    _, problems = check_content(root, today)
    found = [p for p in problems if p.rule == rule]
    assert [p.path for p in found] == [path], problems
    problem = found[0]
    line = (root / path).read_text("utf-8").splitlines()[problem.line - 1]
    assert line[problem.column - 1 :].startswith(at)
    assert problem.level == RULES[rule].level
    assert problem.message
    assert problem.hint


@pytest.mark.parametrize(("rule", "change"), FINE, ids=[case[0] for case in FINE])
def test_comes_close_but_is_fine(body, today, rule: str, change: dict[str, Any]) -> None:
    _, problems = check_content(body(change), today)
    assert [p for p in problems if p.rule == rule] == []


def test_the_minimal_body_has_no_problem(body, today) -> None:
    assert check_content(body(), today)[1] == []


def test_every_rule_has_its_cases() -> None:
    assert {case[0] for case in TRIPS} == set(RULES)
    assert {case[0] for case in FINE} == set(RULES)


EXCUSED = {
    "telefono": "telefoni", "cap-comune": "indirizzo.cap", "pec-email": "email",
    "ordine": "orari", "emergenza-senza-recapito": "dove_rivolgersi", "classe-di-costo": "costo",
    "esito-contraddetto": "misure", "fasce-sovrapposte": "fasce_di_accesso",
    "fasce-con-vuoto": "fasce_di_accesso", "importo-doppio": "costo",
}  # fmt: skip


def test_every_excusable_rule_is_tried() -> None:
    assert set(EXCUSED) == {name for name, rule in RULES.items() if rule.excusable}


@pytest.mark.parametrize(("rule", "field"), EXCUSED.items())
def test_a_declared_doubt_makes_an_error_a_warning(body, today, rule: str, field: str) -> None:
    top = field.split(".")[0]
    change, path = next(
        (change, path) for name, change, path, _ in TRIPS if name == rule and top in change[path]
    ) if rule != "classe-di-costo" else (costs("compartecipazione"), SERVICE)  # fmt: skip
    excused = change | {path: change.get(path, {}) | doubt(field)}
    _, problems = check_content(body(excused), today)
    assert [p.level for p in problems if p.rule == rule] == ["avvertenza"]
    assert "da-verificare" in {p.rule for p in problems}


def test_a_doubt_excuses_only_its_own_field(body, today) -> None:
    change = {CONTACT: {"telefoni": [{"numero": "0833 5024281234"}], **doubt("email")}}
    _, problems = check_content(body(change), today)
    assert [p.level for p in problems if p.rule == "telefono"] == ["errore"]


def test_a_reference_to_nothing_is_never_excused(body, today) -> None:
    change = {SERVICE: {"moduli": ["niente"], **doubt("moduli")}}
    _, problems = check_content(body(change), today)
    assert [p.level for p in problems if p.rule == "riferimento-inesistente"] == ["errore"]


def test_a_reference_says_what_is_near_and_where_such_things_are(body, today) -> None:
    change = {SERVICE: used("segretariato-casarno")}
    _, problems = check_content(body(change), today)
    (problem,) = (p for p in problems if p.rule == "riferimento-inesistente")
    assert problem.message == "Il contatto «segretariato-casarno» non esiste."
    assert problem.hint == "Forse «segretariato-casarano»? Sono in content/contacts/."


def test_terms_that_clash_are_told_with_their_sums(body, today) -> None:
    pause = {"sospensione": {"giorni": 30, "lavorativi": True}}
    change = {CARTA: {"reclami": CLASH[CARTA]["reclami"] | pause}}
    _, problems = check_content(body(change), today)
    (problem,) = (p for p in problems if p.rule == "termini-incompatibili")
    assert "«Decisione» (40 giorni: da 40 a " in problem.message
    assert "«Incontro» (30 giorni lavorativi: da 40 a 48 giorni dalla present" in problem.message
    assert "nel 2026 succede per 336 giorni di presentazione su 365" in problem.message
    assert re.search(r"con la sospensione per \d+\.$", problem.message)


def test_every_refused_field_of_a_form_is_named(body, today) -> None:
    change = form(
        "reclamo", field("uno", tipo="scelta"), field("due", se={"campo": "tre", "valore": "x"}),
        field("tre", tipo="scelta", opzioni=YES_NO),
        field("quattro", se={"campo": "uno", "valore": "si"}),
    )  # fmt: skip
    _, problems = check_content(body(change), today)
    said = [p.message for p in problems if p.rule == "modulo-non-valido"]
    assert [re.findall("«(.+?)»", message)[0] for message in said] == ["uno", "due"]


@pytest.mark.parametrize(
    ("fields", "cure"),
    [
        ([field(), field()], "Dai al campo un altro nome."),
        ([field(f"n{n}") for n in range(ROOM + 1)], "dividi il modulo in due."),
    ],
)
def test_a_form_is_mended_where_it_is_wrong(body, today, fields, cure) -> None:
    _, problems = check_content(body(form("reclamo", *fields)), today)
    (problem,) = (p for p in problems if p.rule == "modulo-non-valido")
    assert problem.hint.endswith(cure)


def slugs(schema: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[str]:
    """The shape of every path in a schema where an identifier stands."""
    if str(schema.get("pattern")).startswith("^[a-z0-9]+(-[a-z0-9]+)*"):  # also with a folder
        yield ".".join(path)
    for name, part in schema.get("properties", {}).items():
        yield from slugs(part, (*path, name))
    if "items" in schema:
        yield from slugs(schema["items"], (*path, "*"))


# Identifiers that name the thing itself, or (documento) that the rule finds wherever they stand.
NOT_REFERENCES = ("id", "documento", "campi.*.opzioni.*.valore")


@pytest.mark.parametrize("kind", REFERENCES)
def test_every_identifier_in_a_schema_is_followed(kind: str) -> None:
    found = set(slugs(load_schema(kind)))
    references = {shape for shape in found if not shape.endswith(NOT_REFERENCES)}
    assert references == set(REFERENCES[kind])
