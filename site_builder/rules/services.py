"""Service sheets: complete enough that a citizen knows who, where, how and at what cost."""

import difflib
import re
from collections.abc import Iterator
from datetime import date
from itertools import combinations

from site_builder.catalog import Catalog
from site_builder.loader import KeyPath
from site_builder.model import NOT_STATED, Service
from site_builder.rules.registry import Finding, rule

_PLACEHOLDER = re.compile(
    r"^[\W_]*$|^(n\.? ?d\.?|n/?a|da (definire|completare)|todo|xxx+|\?+)$", re.I
)
_VOICES = ("descrizione", "a_chi_e_rivolto", "come_fare", "cosa_serve", "cosa_si_ottiene")
_SIMILAR = 0.65


def _at(catalog: Catalog, service: Service, path: KeyPath, message: str, hint: str) -> Finding:
    return Finding(catalog.documents["services"][service.id], path, message, hint)


@rule("voce-vuota", "errore")
def voices_are_honest(catalog: Catalog, today: date) -> Iterator[Finding]:
    """Who, where, how, what: the Carta's words, or openly «non indicato»; never a filler."""
    for service in catalog.services.values():
        texts: list[tuple[KeyPath, str]] = [((v,), getattr(service, v)) for v in _VOICES]
        texts.append((("dove_rivolgersi", "testo"), service.dove_rivolgersi.testo))
        for path, text in texts:
            if _PLACEHOLDER.match(text.strip()):
                yield _at(
                    catalog, service, path, f"«{text.strip()}» non dice niente al cittadino.",
                    f"Scrivi il testo, oppure «{NOT_STATED}»: il sito lo dirà con onestà.",
                )  # fmt: skip


@rule("dove-senza-contatto", "avvertenza")
def doors_are_reachable(catalog: Catalog, today: date) -> Iterator[Finding]:
    """Where to go must lead to a desk or a contact."""
    for service in catalog.services.values():
        if not service.contatti and not service.dove_rivolgersi.sportelli:
            yield _at(
                catalog, service, ("dove_rivolgersi",), "La scheda non porta a nessun contatto.",
                "Aggiungi «sportelli: […]» o «contatti: […]» sotto «dove_rivolgersi».",
            )  # fmt: skip


@rule("comuni-non-serviti", "avvertenza")
def every_comune_is_served(catalog: Catalog, today: date) -> Iterator[Finding]:
    """A sheet that leaves out some of the body's Comuni names them."""
    for service in catalog.services.values():
        missing = [
            comune.nome
            for comune in catalog.carta.comuni
            if service.territorio and comune.id not in service.territorio
        ]
        if missing:
            yield _at(
                catalog, service, ("territorio",), f"Non serve: {', '.join(missing)}.",
                "Controlla che sia voluto; se serve tutti i Comuni togli «territorio».",
            )  # fmt: skip


@rule("emergenza-senza-recapito", "errore", excusable=True)
def emergencies_answer(catalog: Catalog, today: date) -> Iterator[Finding]:
    """An emergency service must have a phone and its hours."""
    for service in catalog.services.values():
        if not service.emergenza:
            continue
        contacts = [catalog.contacts[id] for id in service.contatti if id in catalog.contacts]
        if not any(contact.telefoni for contact in contacts):
            yield _at(
                catalog, service, ("dove_rivolgersi",),
                "È un servizio di emergenza ma nessun suo contatto ha un telefono.",
                "Chiedi subito il numero all'ufficio e mettilo nel contatto.",
            )  # fmt: skip
        if not any(sede.orari for sede in service.sedi) and not any(c.orari for c in contacts):
            yield _at(
                catalog, service, ("sedi",), "È un servizio di emergenza ma non ha orari.",
                "Aggiungi «orari» alla sede, per esempio {sempre_aperto: true}.",
            )  # fmt: skip


@rule("stato-senza-motivo", "errore")
def stops_have_a_reason(catalog: Catalog, today: date) -> Iterator[Finding]:
    """A service that is not active must say why."""
    for service in catalog.services.values():
        if service.stato.valore != "attivo" and not service.stato.motivo:
            yield _at(
                catalog, service, ("stato",), "Il servizio non è attivo ma non dice perché.",
                "Aggiungi «motivo: …» sotto «stato».",
            )  # fmt: skip


@rule("standard-mancanti", "errore")
def quality_is_stated(catalog: Catalog, today: date) -> Iterator[Finding]:
    """At least one quality standard, or the reason why there is none; not both."""
    for service in catalog.services.values():
        has = bool(service.standard or catalog.standards_by_service.get(service.id))
        if not has and not service.standard_non_definiti:
            yield _at(
                catalog, service, ("id",), "La scheda non ha nessuno standard di qualità.",
                "Aggiungi «standard: […]», oppure «standard_non_definiti: il motivo».",
            )  # fmt: skip
        if has and service.standard_non_definiti:
            yield _at(
                catalog, service, ("standard_non_definiti",),
                "La scheda dice di non avere standard, ma ne ha.", "Togli «standard_non_definiti».",
            )  # fmt: skip


@rule("classe-di-costo", "errore", excusable=True)
def one_cost_class(catalog: Catalog, today: date) -> Iterator[Finding]:
    """A service must stand in one list of costs only, and its sheet must say the same."""
    listed: dict[str, str] = {}
    carta = catalog.documents["carta"]["carta"]
    for path, service_id, kind in _listed(catalog):
        first = listed.setdefault(service_id, kind)
        if first != kind:
            yield Finding(
                carta, path, f"«{service_id}» sta sia fra i servizi «{first}» sia fra «{kind}».",
                "Tienilo in una classe sola, o segna il dubbio in «da_verificare».",
            )  # fmt: skip
    for service in catalog.services.values():
        wanted = listed.get(service.id)
        if wanted and service.costo.tipo != wanted:
            yield _at(
                catalog, service, ("costo", "tipo"),
                f"La scheda dice «{service.costo.tipo}», l'elenco in carta.yml dice «{wanted}».",
                "Fai dire a tutti e due la stessa cosa, o segna il dubbio in «da_verificare».",
            )  # fmt: skip


def _listed(catalog: Catalog) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield (path in carta.yml, service, class of cost) for the Carta's lists of costs."""
    for index, group in enumerate(catalog.carta.classi_di_costo):
        for row, voce in enumerate(group.voci):
            for service_id in voce.servizi:
                yield ("classi_di_costo", index, "voci", row), service_id, group.tipo


@rule("violenza-separata", "errore")
def victims_and_offenders_apart(catalog: Catalog, today: date) -> Iterator[Finding]:
    """A contact for offenders and one for victims must never stand on the same sheet."""
    for service in catalog.services.values():
        sides = {catalog.contacts[id].violenza for id in service.contatti if id in catalog.contacts}
        if {"vittime", "autori"} <= sides:
            yield _at(
                catalog, service, ("dove_rivolgersi",),
                "Un contatto per le vittime e uno per gli autori di violenza stanno insieme.",
                "Dividi la scheda, o togli uno dei due contatti.",
            )  # fmt: skip


@rule("schede-quasi-uguali", "avvertenza")
def near_duplicates(catalog: Catalog, today: date) -> Iterator[Finding]:
    """Two sheets with the same text that send people to different doors, or in different ways."""
    groups: dict[str, list[Service]] = {}
    for service in catalog.services.values():
        # Only texts that begin alike are compared, so that the cost stays linear.
        opening = " ".join(re.findall(r"\w+", service.descrizione.lower())[:4])
        if service.descrizione != NOT_STATED:
            groups.setdefault(opening, []).append(service)
    for group in groups.values():
        for one, other in combinations(group[:20], 2):
            if _access(one) != _access(other) and _alike(one.descrizione, other.descrizione):
                yield _at(
                    catalog, other, ("descrizione",),
                    f"Il testo è quasi uguale a quello di «{one.id}», ma l'accesso è diverso.",
                    "Controlla se la differenza è voluta: chi legge le due schede si confonde.",
                )  # fmt: skip


def _access(service: Service) -> tuple[object, ...]:
    return service.dove_rivolgersi.testo, service.come_fare


def _alike(one: str, other: str) -> bool:
    # Word by word: letter by letter takes a hundred times longer.
    matcher = difflib.SequenceMatcher(None, one.split(), other.split(), autojunk=False)
    return matcher.quick_ratio() > _SIMILAR and matcher.ratio() > _SIMILAR
