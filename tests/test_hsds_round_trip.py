"""HSDS 3.0: who reads the export back finds the facts of the content, and no others.

The reader knows the standard and nothing of the writer; what it should find is worked out from the
Catalog in another way.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from typing import Any

import phonenumbers
import pytest
from dateutil.rrule import rrulestr
from hsds_bodies import EVERY, NAMES, SITE, service, services, source, walk
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.catalog import Catalog
from site_builder.model import Contact, Service
from site_builder.opendata.hsds_schedule import schedules
from site_builder.values import Orario

FIRST, LAST = date(2027, 1, 1), date(2027, 3, 31)
DAYS = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
WEEK = ("lun", "mar", "mer", "gio", "ven", "sab", "dom")
STATUS = {
    "active": "attivo", "inactive": "in_avvio", "temporarily closed": "sospeso",
    "defunct": "cessato",
}  # fmt: skip
Opening = tuple[date, str, str]


# --- What is read -----------------------------------------------------------------------------


def openings_read(told: Iterable[dict[str, Any]]) -> set[Opening]:
    """The days and times of schedules in the period, as RFC 5545 has them."""
    found: set[Opening] = set()
    for rule in told:
        if "freq" not in rule:
            continue
        text = f"DTSTART:{FIRST:%Y%m%d}T000000\nRRULE:FREQ={rule['freq']};BYDAY={rule['byday']};"
        days = rrulestr(f"{text}UNTIL={LAST:%Y%m%d}T000000")
        first = rule.get("valid_from", "0001-01-01")
        last = rule.get("valid_to", "9999-12-31")
        times = rule["opens_at"], rule["closes_at"]
        found |= {(d.date(), *times) for d in days if first <= str(d.date()) <= last}
    return found


def read(told: dict[str, Any]) -> dict[str, Any]:
    """The facts of a service."""
    own = {key: value for key, value in told.items() if key != "organization"}
    parts = list(walk(own))
    places = [item["location"] for item in told.get("service_at_locations", [])]
    lists: dict[str, list[str]] = {}
    for item in told["attributes"]:
        lists.setdefault(item["link_type"], []).append(item["taxonomy_term"]["code"])
    return {
        "name": told["name"],
        "acronym": told.get("alternate_name", ""),
        "status": STATUS[told["status"]],
        "page": told["url"],
        "verified": told.get("assured_date", ""),
        "phones": {part["number"] for kind, _, part in parts if kind == "phone"},
        "mailboxes": {
            (part["email"], part.get("title", ""))
            for kind, _, part in parts
            if kind == "contact" and "email" in part
        },
        "places": [place["name"] for place in places],
        "addresses": {
            tuple(address.get(key, "") for key in ("address_1", "city", "postal_code"))
            for place in places
            for address in place.get("addresses", [])
        },
        "hours": {
            item["location"]["name"]: openings_read(
                item.get("schedules") or item["location"].get("schedules", [])
            )
            for item in told.get("service_at_locations", [])
        },
        "calls": openings_read(told.get("schedules", [])),
        "costs": Counter(
            tuple(cost.get(key, "") for key in ("amount", "currency", "amount_description",
                                                "valid_from", "valid_to"))
            for cost in told.get("cost_options", [])
        ),
        "papers": [
            (item["document"], item.get("uri", "")) for item in told.get("required_documents", [])
        ],
        "towns": [area["name"] for area in told["service_areas"]],
        "languages": {part["name"] for kind, _, part in parts if kind == "language"},
        "area": [code.removeprefix("area:") for code in lists["area"]],
        "destinatari": [code.removeprefix("destinatari:") for code in lists["destinatari"]],
        "access": [code.removeprefix("accesso:") for code in lists.get("accesso", [])],
    }  # fmt: skip


# --- What should be ---------------------------------------------------------------------------


def _opens(slot: Orario, day: date) -> bool:
    """Whether a slot with days holds on a day, counted on the calendar."""
    if (slot.dal and day < slot.dal) or (slot.al and day > slot.al):
        return False
    name, (first, _, last) = WEEK[day.weekday()], slot.giorni.partition("-")
    if last:
        start, length = WEEK.index(first), (WEEK.index(last) - WEEK.index(first)) % 7
        listed = name in [WEEK[(start + step) % 7] for step in range(length + 1)]
    else:
        listed = name in slot.giorni.split(", ")
    if not listed or not slot.ogni_mese:
        return listed
    if slot.ogni_mese == "ultimo":
        return (day + timedelta(days=7)).month != day.month
    return ("primo", "secondo", "terzo", "quarto").index(slot.ogni_mese) == (day.day - 1) // 7


def openings(slots: Iterable[Orario]) -> set[Opening]:
    """The same of the slots of the content."""
    found: set[Opening] = set()
    for slot in slots:
        if slot.sempre_aperto:
            found |= {(day, "00:00", "23:59") for day in DAYS}
        elif slot.giorni:
            found |= {(day, slot.dalle, slot.alle) for day in DAYS if _opens(slot, day)}
    return found


def _number(number: str | int) -> str:
    parsed = phonenumbers.parse(str(number), "IT")
    if phonenumbers.is_valid_number(parsed):
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return str(number)


def _hours_at(sheet: Service, contact: Contact) -> Iterator[Orario]:
    own = [slot for seat in sheet.sedi if seat.contatto == contact.id for slot in seat.orari]
    for slot in own or contact.orari:
        yield from contact.orari if slot.come_sede else (slot,)


def _asked(catalog: Catalog, sheet: Service) -> list[Contact]:
    ids = [*sheet.dove_rivolgersi.contatti, *(desk.id for desk in catalog.desks(sheet))]
    ids += [seat.contatto for seat in sheet.sedi]
    return [catalog.contacts[id] for id in dict.fromkeys(ids)]


def _address(catalog: Catalog, contact: Contact) -> tuple[str, str, str] | None:
    street, comune = contact.indirizzo, catalog.comuni.get(contact.comune)
    if not street:
        return None
    codes = [street.cap] if street.cap else list(comune.cap) if comune else []
    city = comune.nome if comune else street.localita.partition(" (")[0]
    line = f"{street.via}, {street.civico}" if street.civico else street.via
    return (line, city, str(codes[0])) if city and len(codes) == 1 else None


def expected(catalog: Catalog, sheet: Service) -> dict[str, Any]:
    """The same facts, from the content."""
    asked = _asked(catalog, sheet)
    told = [contact for contact in asked if not contact.riservata]
    places = [c for c in told if c.indirizzo or c.comune or c.presso]
    calls = [contact for contact in told if contact not in places]
    amounts = [*sheet.costo.tariffe] if sheet.costo.tipo != "contributo" else []
    papers = [(p.nome + (f" ({p.nota})" if p.nota else ""), p.url)
              for p in (*sheet.documenti, *sheet.modulistica)]  # fmt: skip
    papers += [(catalog.forms[id].titolo, f"{SITE}moduli/{id}/") for id in sheet.moduli]
    addresses = {_address(catalog, place) for place in places} - {None}
    return {
        "name": sheet.titolo,
        "acronym": sheet.sigla,
        "status": sheet.stato.valore,
        "page": f"{SITE}servizi/{sheet.id}/",
        "verified": str(sheet.verificato_il or ""),
        "phones": {_number(phone.numero) for contact in asked for phone in contact.telefoni},
        "mailboxes": {(box.indirizzo, box.nota) for c in told for box in c.email}
        | {(address, "PEC") for contact in told for address in contact.pec},
        "places": [place.nome for place in places],
        "addresses": addresses,
        "hours": {place.nome: openings(_hours_at(sheet, place)) for place in places},
        "calls": {day for contact in calls for day in openings(_hours_at(sheet, contact))},
        "costs": Counter(
            (t.importo, "EUR", t.unita, str(t.valido_dal or ""), str(t.valido_fino_al or ""))
            for t in (*amounts, *sheet.costo.costi_medi)
        ),
        "papers": [(name, url.replace("à", "%C3%A0")) for name, url in papers],
        "towns": [c.nome for c in catalog.comuni.values()
                  if not sheet.territorio or c.id in sheet.territorio],
        "languages": {name for contact in told for name in contact.lingue},
        "area": list(sheet.aree),
        "destinatari": list(sheet.gruppi),
        "access": [sheet.tipo_accesso] if sheet.tipo_accesso else [],
    }  # fmt: skip


# --- They are the same ------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_export_read_back_gives_the_same_services(name: str) -> None:
    catalog = source(name).catalog
    told = [read(item) for item in services(name)]
    assert told == [expected(catalog, sheet) for sheet in catalog.services.values()]


@pytest.mark.parametrize("name", NAMES)
def test_it_has_something_of_each_to_compare(name: str) -> None:
    told = [read(item) for item in services(name)]
    wanted = {"phones", "mailboxes", "places", "addresses", "hours", "towns", "area"}
    wanted |= {"costs", "papers"} if name != "casarano" else {"calls"}
    assert {key for item in told for key, value in item.items() if value} >= wanted


@pytest.mark.parametrize("name", NAMES)
def test_every_word_of_the_content_is_there(name: str) -> None:
    """Texts are put together in longer ones; none is lost, and each stands where it belongs."""
    catalog = source(name).catalog
    for told, sheet in zip(services(name), catalog.services.values(), strict=True):
        fields = {
            "description": (sheet.descrizione_breve, sheet.descrizione, *sheet.attivita,
                            sheet.cosa_si_ottiene, sheet.tempi_e_scadenze, sheet.dove_si_svolge,
                            *(d.motivo for d in sheet.da_verificare),
                            *(v.testo for v in sheet.varianti),
                            *(s.descrizione for s in sheet.sottoservizi)),
            "application_process": (sheet.come_fare, sheet.cosa_serve, sheet.chi_puo_presentare,
                                    sheet.dove_rivolgersi.testo, sheet.dove_rivolgersi.quando),
            "eligibility_description": (sheet.a_chi_e_rivolto,
                                        *(r.testo for r in sheet.requisiti)),
            "fees_description": (sheet.costo.testo,),
            "alert": (sheet.stato.motivo,),
        }  # fmt: skip
        for field, texts in fields.items():
            for text in texts:
                shown = text if text != "non indicato" else ""
                assert shown.strip() in told.get(field, ""), (sheet.id, field)


@pytest.mark.parametrize("name", NAMES)
def test_every_word_on_an_office_is_there(name: str) -> None:
    """On the place if it has one, else on the contact that stands for it."""
    catalog = source(name).catalog
    for told, sheet in zip(services(name), catalog.services.values(), strict=True):
        cards = {item["name"]: str(item) for item in told.get("contacts", []) if "name" in item}
        places = {p["location"]["name"]: p["location"] for p in
                  told.get("service_at_locations", [])}  # fmt: skip
        for contact in _asked(catalog, sheet):
            if contact.riservata:
                continue
            where = places.get(contact.nome, {}).get("description") or cards.get(contact.nome, "")
            texts = [contact.descrizione, contact.sito, *(d.motivo for d in contact.da_verificare)]
            assert [text for text in texts if text.strip() not in where] == [], contact.id


def test_what_only_one_body_has() -> None:
    told = service(EVERY, "tutto")
    (place,) = [p["location"] for p in told["service_at_locations"]
                if p["location"]["name"].startswith("=Sportello")]  # fmt: skip
    assert (place["latitude"], place["longitude"]) == (40.25, 18.0)
    assert place["phones"][0]["extension"] == 12
    assert place["phones"][1]["description"] == (
        "numero di pubblica utilità, risponde 24 ore su 24"
    )
    assert [phone.get("type") for phone in place["phones"]] == [
        "voice", "voice", "voice", "cell", "fax",
    ]  # fmt: skip
    assert [(item["name"], item.get("code")) for item in place["languages"]] == [
        ("Inglese", "en"), ("LIS", "ise"), ("dialetto", None),
    ]  # fmt: skip
    assert place["accessibility"][0]["description"] == "Rampa all'ingresso."
    assert place["addresses"][0]["address_2"] == "Frazione Alta"
    assert told["organization"]["organization_identifiers"][0]["identifier"] == "90012345678"
    assert told["funding"][0]["source"] == "Fondo di prova"
    assert {item["title"] for item in told["contacts"] if "title" in item} == {
        "Coordinatore", "Ente gestore",
    }  # fmt: skip


def test_an_address_that_is_not_whole_is_told_in_words() -> None:
    places = {p["location"]["name"]: p["location"] for p in
              service(EVERY, "tutto")["service_at_locations"]}  # fmt: skip
    loose = places["Ufficio con le note"]
    assert "addresses" not in loose
    assert "Indirizzo: Via senza codice, Altrove (RM)" in loose["description"]
    (far,) = places["Ufficio fuori"]["addresses"]
    assert (far["city"], far["state_province"], far["postal_code"]) == ("Altrove", "RM", "00144")


# --- Hours ------------------------------------------------------------------------------------


def test_hours_that_no_rule_can_say_are_told_in_words() -> None:
    (place,) = [p["location"] for p in service(EVERY, "tutto")["service_at_locations"]
                if p["location"]["name"].startswith("=Sportello")]  # fmt: skip
    told = {item["description"]: item for item in place["schedules"]}
    for words in ("su appuntamento (chiamare prima)",
                  "quando gli uffici sono chiusi, tutti i giorni dell'anno"):  # fmt: skip
        assert told[words].keys() == {"id", "description", "notes"}
    closed = "chiuso dal 11 agosto 2027 al 17 agosto 2027 (ferie)."
    weekly = told["dal lunedì al giovedì dalle 10.00 alle 12.00"]
    assert weekly["notes"] == f"Ora locale Europe/Rome.\n\nEsclusi i festivi.\n\n{closed}"
    assert told["l'ultimo martedì di ogni mese dalle 8.30 alle 13.30"]["byday"] == "-1TU"


def test_closures_and_notes_are_told_where_there_are_no_hours() -> None:
    (place,) = [p["location"] for p in service(EVERY, "tutto")["service_at_locations"]
                if p["location"]["name"] == "Ufficio con le note"]  # fmt: skip
    (told,) = place["schedules"]
    assert told["description"] == "orari non indicati"
    assert told["notes"] == (
        "Si riceve quando c'è qualcuno.\n\nchiuso dal 11 agosto 2027 al 17 agosto 2027."
    )


def test_closures_of_the_service_stand_with_the_hours_of_the_place() -> None:
    told = service(EVERY, "tutto")
    (far,) = [item for item in told["service_at_locations"]
              if item["location"]["name"] == "Ufficio fuori"]  # fmt: skip
    assert [item["notes"] for item in far["schedules"]] == [
        "chiuso dal 1º maggio 2027 al 2 maggio 2027."
    ]
    (always,) = told["schedules"]
    assert always["description"] == "Pronto aiuto: 24 ore su 24, tutti i giorni dell'anno"
    assert always["notes"] == "Ora locale Europe/Rome.\n\nSolo per telefono"


def test_the_last_tuesday_is_the_last_tuesday() -> None:
    slot = Orario(giorni="mar", ogni_mese="ultimo", dalle="08:30", alle="13:30")
    told = schedules(source(EVERY), "prova", [slot])
    assert {day for day, *_ in openings_read(told)} == {
        date(2027, 1, 26), date(2027, 2, 23), date(2027, 3, 30),
    }  # fmt: skip


_days = st.one_of(
    st.sampled_from(WEEK),
    st.tuples(st.sampled_from(WEEK), st.sampled_from(WEEK)).map("-".join),
    st.lists(st.sampled_from(WEEK), min_size=2, unique=True).map(", ".join),
)
_dates = st.none() | st.dates(FIRST, LAST)
_slots = st.builds(
    Orario,
    giorni=_days,
    ogni_mese=st.sampled_from(["", "primo", "secondo", "terzo", "quarto", "ultimo"]),
    dalle=st.times(time(0), time(11, 59)).map("{:%H:%M}".format),
    alle=st.times(time(12), time(23, 59)).map("{:%H:%M}".format),
    dal=_dates,
    al=_dates,
)


@settings(max_examples=50)
@given(st.lists(_slots, max_size=3))
def test_any_hours_become_rules_that_give_the_same_days(slots: list[Orario]) -> None:
    assert openings_read(schedules(source(EVERY), "prova", slots)) == openings(slots)
