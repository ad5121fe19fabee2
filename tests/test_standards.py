"""Promises with what became of them: thresholds, years as picture and table, checks by the site."""

import xml.etree.ElementTree as ET
from datetime import date
from typing import Any
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from site_builder.check import check_content
from site_builder.italian import number
from site_builder.lettering import WIDTH
from site_builder.model import Misura
from site_builder.observed import Observed, observed, weekly_hours
from site_builder.pages import iter_pages
from site_builder.printing.parts import iter_parts
from site_builder.results import Outcome, holds, kept, measured, threshold
from site_builder.trends import trend
from site_builder.values import Orario, Standard
from site_builder.views_lists import by_source

TODAY = date(2026, 11, 21)
CARTA = "content/carta.yml"
CONTACT = "content/contacts/segretariato-casarano.yml"
DATED = {"fonte": {"documento": "carta-prova"}, "aggiornato_il": "2026-01-01"}
SVG = "{http://www.w3.org/2000/svg}"

figures = st.integers(-1000, 10**6).map(lambda n: n / 4)
shares = st.integers(0, 400).map(lambda n: n / 4)
outcomes_drawn = st.sampled_from(["rispettato", "non_rispettato", "non_misurato"])


def promise(**more: Any) -> Standard:
    return Standard(id="x", indicatore="Ore", promessa="Venti ore.", **more)


def measure(value: float | None = None, share: float | None = None, **more: Any) -> Misura:
    return Misura(
        standard="x", valore=value, quota_percento=share, **{"esito": "rispettato"} | more
    )


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ({"operatore": ">=", "valore": 20, "unita": "ore"}, "almeno 20 ore"),
        ({"operatore": "=", "valore": 20.5}, "20,5"),
        ({"operatore": ">=", "valore": 90, "unita": "% dei reclami"}, "almeno 90% dei reclami"),
        ({"operatore": "fra", "valore": 5, "valore_massimo": 10, "unita": "giorni"},
         "da 5 a 10 giorni"),
        ({"operatore": "<=", "valore": 15, "unita": "giorni lavorativi", "quota_percento": 90},
         "al massimo 15 giorni lavorativi, almeno nel 90% dei casi"),
        ({"quota_percento": 92.5}, "almeno nel 92,5% dei casi"),
        ({"scadenza_annuale": "02-15"}, "entro il 15 febbraio di ogni anno"),
        ({"operatore": "presenza"}, ""),
        ({}, ""),
    ],
)  # fmt: skip
def test_a_threshold_is_said_in_words(given_: dict[str, Any], words: str) -> None:
    assert threshold(promise(**given_)) == words


@given(figures, figures)
def test_least_and_most_meet_at_the_threshold_alone(bound: float, value: float) -> None:
    least = holds(promise(operatore=">=", valore=bound), value)
    most = holds(promise(operatore="<=", valore=bound), value)
    exact = holds(promise(operatore="=", valore=bound), value)
    assert least or most
    assert (least and most) == exact == (value == bound)


@given(figures, figures, figures)
def test_a_range_is_least_and_most_at_once(low: float, high: float, value: float) -> None:
    within = holds(promise(operatore="fra", valore=low, valore_massimo=high), value)
    least = holds(promise(operatore=">=", valore=low), value)
    most = holds(promise(operatore="<=", valore=high), value)
    assert within == (least and most)


@given(shares, shares, st.none() | figures)
def test_a_share_is_judged_by_the_share_alone(
    wanted: float, found: float, value: float | None
) -> None:
    """«Almeno il 90% entro 15 giorni lavorativi»: the average number of days decides nothing."""
    item = promise(operatore="<=", valore=15, unita="giorni lavorativi", quota_percento=wanted)
    assert kept(item, measure(value, found)) == (found >= wanted)
    assert kept(item, measure(value)) is None
    assert f"almeno nel {number(wanted)}% dei casi" in threshold(item)


@given(figures, st.sampled_from(["", "presenza", "fra"]))
def test_without_a_bound_numbers_decide_nothing(value: float, operator: str) -> None:
    assert holds(promise(operatore=operator), value) is None
    assert holds(promise(operatore=operator, valore=1), value) is None
    assert kept(promise(operatore=operator, valore=1), measure(value)) is None


def years(*figures: float | None) -> list[Outcome]:
    """Outcomes the newest first, one a year from 2020 on; without a figure nothing is measured."""
    found = [
        Outcome(year, measure(n, esito="non_misurato" if n is None else "rispettato"), False)
        for year, n in enumerate(figures, start=2020)
    ]
    return found[::-1]


def test_one_year_makes_no_trend() -> None:
    item = promise(operatore=">=", valore=20)
    assert trend(item, []) is None
    assert trend(item, years(20)) is None
    assert trend(item, years(20, None)) is None
    assert trend(item, years(20, None, 0)) is not None


def test_a_trend_says_the_years_in_words_the_oldest_first() -> None:
    item = promise(operatore=">=", valore=20, unita="ore a settimana")
    bad = Outcome(2024, measure(17.5, esito="non_rispettato"), True)
    picture = trend(item, [*years(20), bad][::-1])
    assert picture
    assert picture.words == (
        "Andamento negli anni: Ore. 2020: 20 ore a settimana, rispettato."
        " 2024 (dato di prova): 17,5 ore a settimana, non rispettato."
    )
    texts = "".join(ET.fromstring(picture.svg).itertext())
    assert "almeno 20 ore a settimana" in texts
    assert "(dato di prova)" in texts


@given(
    st.lists(st.tuples(figures, shares, outcomes_drawn), min_size=2, max_size=6),
    st.sampled_from(["", ">=", "<=", "=", "fra", "presenza"]),
    st.none() | figures,
    st.none() | shares,
)
def test_a_picture_stays_in_its_frame_and_tells_missed_from_kept(
    items: list[tuple[float, float, str]], operator: str, bound: float | None, share: float | None
) -> None:
    item = promise(operatore=operator, valore=bound, valore_massimo=bound, quota_percento=share)
    found = [
        Outcome(2020 + n, measure(value, part, esito=verdict), False)
        for n, (value, part, verdict) in enumerate(items)
    ]
    picture = trend(item, found[::-1])
    counted = sum(verdict != "non_misurato" for _, _, verdict in items)
    assert (picture is not None) == (counted > 1)
    if picture is None:
        return
    root = ET.fromstring(unquote(picture.address.removeprefix("data:image/svg+xml,")))
    hollow = [bar for bar in root.iter(f"{SVG}rect") if bar.get("fill") == "none"]
    misses = sum(verdict == "non_rispettato" for _, _, verdict in items)
    assert len(hollow) == misses + (misses > 0)  # the legend has one of its own
    for bar in root.iter(f"{SVG}rect"):
        assert 0 <= float(bar.attrib["x"]) + float(bar.attrib["width"]) <= WIDTH
    assert picture.words == root.attrib["aria-label"]


WEEK = [Orario(giorni="lun-ven", dalle="09:00", alle="12:30")]


@pytest.mark.parametrize(
    ("slots", "hours"),
    [
        (WEEK, 17.5),
        ([*WEEK, Orario(giorni="mar, gio", dalle="12:00", alle="13:30")], 19.5),  # overlap
        ([Orario(sempre_aperto=True)], 168),
        ([*WEEK, Orario(giorni="sab", dalle="09:00", alle="12:00", al=date(2026, 8, 31))], 17.5),
        ([*WEEK, Orario(giorni="sab", dalle="09:00", alle="12:00", dal=date(2026, 11, 21))], 20.5),
        ([], None),
        ([Orario(su_appuntamento=True)], None),
        ([*WEEK, Orario(giorni="lun", dalle="15:00", alle="17:00", su_appuntamento=True)], None),
        ([*WEEK, Orario(giorni="sab", dalle="09:00", alle="12:00", ogni_mese="primo")], None),
        ([*WEEK, Orario(giorni="sab", dalle="09:00", alle="12:00", nota="Se c'è")], None),
        ([*WEEK, Orario(fuori_orario=True)], None),
    ],
)
def test_weekly_hours_are_counted_or_left_alone(slots: list[Orario], hours: float | None) -> None:
    assert weekly_hours(slots, TODAY) == hours


SECOND = {
    "content/contacts/altro.yml": {
        "id": "altro", "nome": "Sportello due", "tipo": "sportello", "rete": "segretariato",
        "comune": "casarano", "orari": [{"giorni": "lun, mar", "dalle": "09:00", "alle": "12:00"}],
        **DATED,
    }
}  # fmt: skip


def body_standard(bound: float = 15, **check: Any) -> dict[str, Any]:
    record = {
        "id": "ore", "titolo": "Ore", "indicatore": "Ore di apertura", "promessa": "Tante ore.",
        "operatore": ">=", "valore": bound, "unita": "ore a settimana",
        "verifica_dati": {"tipo": "ore_settimanali"} | check, **DATED,
    }  # fmt: skip
    return {"content/standards/ore.yml": record}


NET = {"rete": "segretariato"}
# The first desk is open 15 hours a week, the second 6.
VERDICTS = [
    (body_standard(15, **NET), "rispettato"),
    (body_standard(15.5, **NET), "non_rispettato"),
    (body_standard(15.5, contatto="segretariato-casarano"), "non_rispettato"),
    (body_standard(15, contatto="segretariato-casarano"), "rispettato"),
    (body_standard(15, **NET, ore_di="ogni_sportello") | SECOND, "non_rispettato"),
    (body_standard(21, **NET, ore_di="tutti_insieme") | SECOND, "rispettato"),
    (body_standard(6, **NET) | SECOND, "rispettato"),
    (body_standard(22, **NET) | SECOND, "non_rispettato"),
    (body_standard(20, **NET) | SECOND, "non_verificabile"),
    (body_standard(20, **NET) | {CONTACT: {"orari": None}}, "non_verificabile"),
]


def _observed(root: Any) -> Observed:
    catalog, problems = check_content(root, TODAY)
    assert catalog
    assert [p.as_text() for p in problems if p.level == "errore"] == []
    return observed(catalog, TODAY)["ore"]


@pytest.mark.parametrize(("change", "verdict"), VERDICTS)
def test_the_content_checks_the_hours(body, change: dict[str, Any], verdict: str) -> None:
    assert _observed(body(change)).esito == verdict


def test_why_there_is_no_verdict_is_said_with_names(body) -> None:
    whose = _observed(body(body_standard(20, **NET) | SECOND))
    assert whose.motivo.startswith("la fonte non dice se le ore sono di ogni sportello")
    assert (whose.ore, [item.ore for item in whose.letture]) == (21, [6, 15])
    change = body_standard(20, **NET) | SECOND | {CONTACT: {"orari": None}}
    assert _observed(body(change)).motivo == "mancano gli orari di Segretariato sociale di Casarano"
    vague = {CONTACT: {"orari": [{"su_appuntamento": True}]}}
    missing = _observed(body(body_standard(20, **NET) | vague))
    assert missing.motivo == "non si possono contare le ore di Segretariato sociale di Casarano"


def _words(root: Any) -> list[str]:
    """The page of the standards, the sheet on the site, the printed chapter: as plain words."""
    catalog, _ = check_content(root, TODAY)
    assert catalog
    pages = {page.url: page.body for page in iter_pages(catalog, TODAY)}
    part = next(p.html for p in iter_parts(catalog) if p.title == "Standard di qualità")
    drawn = (pages["standard/"], pages["servizi/asilo-nido/"], part)
    return [" ".join(BeautifulSoup(html, "html.parser").get_text(" ").split()) for html in drawn]


def test_a_check_by_the_site_stands_beside_the_measure_and_leaves_it(body) -> None:
    year = {"id": "2025", "anno": 2025, "aggiornato_il": "2026-01-10",
            "misure": [{"standard": "ore", "esito": "non_rispettato", "valore": 12,
                        "rimedio": "Più ore."}]}  # fmt: skip
    change = body_standard(15, **NET) | {"content/results/2025.yml": year}
    change["content/standards/ore.yml"]["servizi"] = ["asilo-nido"]
    change["content/services/asilo-nido.yml"] = {"standard_non_definiti": None}
    page, sheet, part = _words(body(change))
    for said in (page, sheet, part):
        assert "2025: − non rispettato , 12 ore a settimana Rimedio. Più ore." in said
        assert "+ rispettato . Segretariato sociale di Casarano: 15 ore a settimana" in said
        assert "Soglia: almeno 15 ore a settimana" in said
    assert "Verificato dal sito il 21 novembre 2026" in page


def test_a_form_that_is_there_is_seen(body) -> None:
    change = body_standard(**NET)
    own = change["content/standards/ore.yml"]
    own |= {"operatore": "presenza", "verifica_dati": {"tipo": "modulo", "modulo": "reclamo"}}
    form = {"id": "reclamo", "titolo": "Segnala", "descrizione": "Serve a dire.", "anonimo": False,
            "campi": [{"id": "nome", "etichetta": "Nome", "tipo": "testo", "obbligatorio": False}],
            **DATED}  # fmt: skip
    page, _, _ = _words(body(change | {"content/forms/reclamo.yml": form}))
    assert "+ rispettato . Il modulo «Segnala» c'è. Il sito controlla solo questo." in page


def test_how_it_is_verified_is_said_once_for_a_quality_area(body) -> None:
    area = {"id": "accesso", "nome": "Accesso", "descrizione": "Entrare.", "verifica": "Si conta."}
    change = {CARTA: {"aree_qualita": [area]}}
    for id in ("a", "b"):
        [record] = body_standard(**NET).values()
        change[f"content/standards/{id}.yml"] = record | {"id": id, "area_qualita": "accesso"}
    change["content/standards/b.yml"]["verifica"] = "Si chiede."
    page, _, part = _words(body(change))
    for said in (page, part):
        assert said.count("Si conta.") == 1
        assert said.count("Si chiede.") == 1


def test_standards_come_in_the_order_of_the_source(body) -> None:
    change = {}
    for id, line in (("a", 30), ("b", 4), ("c", None), ("d", 12)):
        [record] = body_standard(**NET).values()
        source = {"documento": "carta-prova"} | ({"riga": line} if line else {})
        change[f"content/standards/{id}.yml"] = record | {"id": id, "fonte": source}
    catalog, _ = check_content(body(change), TODAY)
    assert catalog
    assert [item.id for item in by_source(catalog, catalog.standards.values())] == list("cbda")


def test_what_was_measured_is_said_with_its_unit() -> None:
    assert measured(promise(unita="ore"), measure(20, 92.5)) == "20 ore, nel 92,5% dei casi"
    assert measured(promise(unita="% dei casi"), measure(90)) == "90% dei casi"
    assert measured(promise(), measure()) == ""
