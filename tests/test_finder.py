"""The finder: what each answer brings and why, and that answers only add."""

import json
import re
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder import views_finder
from site_builder.content import read_content
from site_builder.finder import Choice, Finder, age_words, limit, matches, span_of
from site_builder.pages import SitePage, iter_pages
from site_builder.values import Requisito
from tests.conftest import Body

ROOT = Path(__file__).parents[1]
CARTA = "content/carta.yml"
SERVICE = "content/services/asilo-nido.yml"
MATINO = {"id": "matino", "nome": "Matino", "cap": ["73046"], "istat": "075042", "provincia": "LE"}
CASARANO = MATINO | {"id": "casarano", "nome": "Casarano"}


@cache
def real() -> Finder:
    catalog, _ = read_content(ROOT)
    assert catalog
    return Finder(catalog)


def option(**more: Any) -> dict[str, Any]:
    return {"id": "si", "testo": "Sì", **more}


def asked(*options: dict[str, Any]) -> dict[str, Any]:
    return {"domande": [{"id": "chi", "testo": "Chi sei?", "opzioni": list(options)}]}


def finder(body: Any, options: list[dict[str, Any]], **sheet: Any) -> Finder:
    carta = asked(*options) | {"comuni": [CASARANO, MATINO]}
    catalog, problems = read_content(body({CARTA: carta, SERVICE: sheet}))
    assert problems == []
    assert catalog
    return Finder(catalog)


def why(found: Finder, number: int = 0) -> list[str]:
    """The reasons for the only sheet, whether or not they bring it."""
    (sheet,) = found.catalog.services.values()
    return [reason.text for reason in matches(found.catalog, sheet, found.choices[number])]


def test_a_group_brings_its_sheets(body) -> None:
    found = finder(body, [option(gruppi=["famiglie"])])
    assert [result.reasons for result in found.results(found.choices)] == [("è per famiglie",)]


def test_no_answer_no_sheet(body) -> None:
    assert finder(body, [option(gruppi=["famiglie"])]).results([]) == []


@pytest.mark.parametrize(
    ("low", "high", "fits"),
    [(None, 2, True), (3, None, True), (3, 13, True), (4, 13, False), (65, None, False)],
)
def test_ages_in_months_meet_ages_in_years(body, low, high, fits: bool) -> None:
    # A child of 3 years has from 36 to 47 months: «fino a 36 mesi» may still hold.
    ages = {k: v for k, v in {"eta_min": low, "eta_max": high}.items() if v is not None}
    asks = {"testo": "Da 3 a 36 mesi", "eta_min": 3, "eta_max": 36, "unita_eta": "mesi"}
    found = finder(body, [option(**ages)], requisiti=[asks])
    assert why(found) == (["è per chi ha da 3 a 36 mesi"] if fits else [])
    assert len(found.results(found.choices)) == fits


def test_who_has_turned_65_is_not_64(body) -> None:
    asks = {"testo": "65 anni.", "eta_min": 65}
    found = finder(body, [option(eta_max=64), option(id="b", eta_min=65)], requisiti=[asks])
    assert (why(found, 0), why(found, 1)) == ([], ["è per chi ha 65 anni o più"])


@pytest.mark.parametrize(("groups", "limited"), [(["famiglie"], True), (["famiglie", "b"], False)])
def test_an_age_asked_of_one_group_sends_no_other_away(body, groups, limited: bool) -> None:
    asks = {"testo": "Per le famiglie: fino a 64 anni", "eta_max": 64, "gruppi": ["famiglie"]}
    found = finder(body, [option(gruppi=["famiglie"], eta_min=65)], requisiti=[asks])
    (sheet,) = found.catalog.services.values()
    sheet = replace(sheet, gruppi=tuple(groups))
    assert bool(limit(found.catalog, sheet, found.choices[0])) == limited
    assert sheet.eta_per_tutti is None


def test_an_age_that_does_not_fit_is_said_in_the_words_of_the_sheet(body) -> None:
    asks = {"testo": "Aver compiuto 65 anni.", "eta_min": 65}
    options = [option(gruppi=["famiglie"], eta_max=17), option(id="b", eta_min=65)]
    found = finder(body, options, requisiti=[asks])
    (sheet,) = found.catalog.services.values()
    said = "La scheda dice: «Aver compiuto 65 anni»."
    assert limit(found.catalog, sheet, found.choices[0]) == ("eta", said)
    assert found.results(found.choices[:1])[0].limits == (said,)
    # In a family one age that fits is enough.
    assert found.results(found.choices)[0].limits == ()


def test_groups_decide_and_ages_only_add(body) -> None:
    asks = {"testo": "65 anni.", "eta_min": 65}
    other = asked(option(gruppi=["altri"], eta_min=65)) | {
        "gruppi": [{"id": "famiglie", "nome": "Famiglie"}, {"id": "altri", "nome": "Altri"}]
    }
    catalog, _ = read_content(body({CARTA: other, SERVICE: {"requisiti": [asks]}}))
    assert catalog
    found = Finder(catalog)
    assert why(found) == ["è per chi ha 65 anni o più"]
    assert found.results(found.choices) == []


def test_a_comune_says_only_what_the_data_say(body) -> None:
    options = [option(testo="Abito", comune=True)]
    found = finder(body, options)
    assert [choice.text for choice in found.choices] == ["Abito a Casarano", "Abito a Matino"]
    assert [choice.id for choice in found.choices] == ["chi-casarano", "chi-matino"]
    assert why(found, 0) == ["ha uno sportello a Casarano"]
    assert why(found, 1) == ["vale anche per chi vive a Matino"]


def test_a_sheet_for_some_comuni_says_which(body) -> None:
    found = finder(body, [option(testo="Abito", comune=True)], territorio=["casarano"])
    assert why(found, 0) == ["c'è a Casarano"]
    assert why(found, 1) == []
    (sheet,) = found.catalog.services.values()
    said = limit(found.catalog, sheet, found.choices[1])
    assert said == ("comune", "C'è solo a Casarano.")


def test_low_income_and_danger(body) -> None:
    poor = {"testo": "ISEE basso.", "isee_max": 9360, "valido_fino_al": "2027-01-01"}
    options = [option(isee=True), option(id="b", pericolo=True)]
    found = finder(body, options, requisiti=[poor], emergenza=True)
    assert why(found, 0) == ["è per chi ha un ISEE fino a 9.360,00 €"]
    assert why(found, 1) == ["è un servizio di emergenza"]


@pytest.mark.parametrize(
    ("low", "high", "unit", "words", "span"),
    [
        (65, None, "anni", "65 anni o più", (780, 2400)),
        (None, 36, "mesi", "fino a 36 mesi", (0, 36)),
        (0, 17, "anni", "fino a 17 anni", (0, 215)),
        (16, 64, "anni", "da 16 a 64 anni", (192, 779)),
    ],
)
def test_ages_in_words_and_months(low, high, unit: str, words: str, span: tuple[int, int]) -> None:
    asks = Requisito(testo="Età.", eta_min=low, eta_max=high, unita_eta=unit)
    assert (age_words(asks), span_of(asks)) == (words, span)


ANSWERS = st.lists(st.sampled_from(real().choices), max_size=6, unique=True)


@given(ANSWERS, st.sampled_from(real().choices))
def test_one_more_answer_takes_no_sheet_and_no_reason(answers: list[Choice], more: Choice) -> None:
    before = {r.service.id: set(r.reasons) for r in real().results(answers)}
    after = {r.service.id: set(r.reasons) for r in real().results([*answers, more])}
    assert before.keys() <= after.keys()
    assert all(reasons <= after[id] for id, reasons in before.items())


@given(ANSWERS)
def test_no_sheet_stands_twice_and_each_says_why(answers: list[Choice]) -> None:
    found = real().results(answers)
    assert len({result.service.id for result in found}) == len(found)
    for result in found:
        assert result.reasons
        assert len(set(result.reasons)) == len(result.reasons)


@given(ANSWERS)
def test_in_danger_emergencies_stand_first(answers: list[Choice]) -> None:
    if any(choice.option.pericolo for choice in answers):
        order = [result.service.emergenza for result in real().results(answers)]
        assert order == sorted(order, reverse=True)


def test_every_answer_of_the_carta_brings_something() -> None:
    assert [choice.id for choice in real().choices if not real().results([choice])] == []


def test_victims_and_offenders_never_stand_in_the_same_results() -> None:
    catalog = real().catalog
    sides = [
        {catalog.contacts[id].violenza for id in s.contatti} for s in catalog.services.values()
    ]
    ids = list(catalog.services)
    victims = {id for id, side in zip(ids, sides, strict=True) if "vittime" in side}
    offenders = {id for id, side in zip(ids, sides, strict=True) if "autori" in side}
    assert victims
    assert offenders
    for choice in real().choices:
        found = {result.service.id for result in real().results([choice])}
        assert not (found & victims and found & offenders), choice.id


def test_the_useful_pairs_are_few_and_say_an_age_or_a_comune() -> None:
    pairs = real().pairs()
    bands = {band.id for _, band in pairs}
    assert pairs
    assert len(set(pairs)) == len(pairs) <= len(bands) * len(real().choices)
    assert all(band.ages or band.comune for _, band in pairs)


@cache
def pages() -> dict[str, SitePage]:
    catalog, _ = read_content(ROOT)
    assert catalog
    found = iter_pages(catalog, date(2026, 11, 21))
    return {page.url: page for page in found if page.url.startswith("trova/")}


def test_there_is_a_page_for_each_answer_and_pair() -> None:
    wanted = [(choice,) for choice in real().choices] + real().pairs()
    assert pages().keys() == {"trova/"} | {f"{views_finder.address(w)}/" for w in wanted}


@pytest.mark.parametrize("word", ["hai diritto", "ti spetta", "avrai"])
def test_nothing_is_promised(word: str) -> None:
    assert [url for url, page in pages().items() if word in page.body.lower()] == []


def test_every_page_says_who_decides() -> None:
    assert all("decide l'assistente sociale" in page.body for page in pages().values())


def test_addresses_and_titles_betray_nothing() -> None:
    assert [url for url in pages() if "violen" in url or "abus" in url] == []
    for url in ("trova/subito-sicurezza/", "trova/subito-cambiare/"):
        page = pages()[url]
        assert re.fullmatch(r"Trova il servizio: risposta \d+", page.head_title)
        assert page.delicate
        assert "violen" not in page.description
    assert pages()["trova/disabilita-si/"].head_title == ""


def test_the_numbers_stand_first_in_danger() -> None:
    body = pages()["trova/subito-sicurezza/"].body
    assert 0 < body.index("tel:112") < body.index("tel:1522") < body.index('id="trova-elenco"')
    assert "tel:112" not in pages()["trova/subito-cambiare/"].body


def test_the_data_for_the_script_cannot_end_its_element(body) -> None:
    found = finder(body, [option(gruppi=["famiglie"])])
    catalog = found.catalog
    object.__setattr__(catalog.carta.gruppi[0], "nome", "</script><b>")
    data = str(views_finder.questions(Finder(catalog))["data"])
    assert "<" not in data
    assert json.loads(data)["frasi"][0][0] == "è per </script><b>"


def test_without_questions_there_is_no_finder(body, today) -> None:
    catalog, _ = read_content(body())
    assert catalog
    assert [p.url for p in iter_pages(catalog, today) if p.url.startswith("trova/")] == []


def test_the_first_page_leads_from_needs_to_answers(body: Body, today: date) -> None:
    option = {"id": "casa", "testo": "Non ho una casa", "bisogno": "Un posto dove vivere"}
    question = {"id": "soldi", "testo": "Bastano?", "opzioni": [option | {"gruppi": ["famiglie"]}]}
    catalog, _ = read_content(body({"content/carta.yml": {"domande": [question]}}))
    assert catalog
    pages = {page.url: page.body for page in iter_pages(catalog, today)}
    assert '<a href="/trova/soldi-casa/">Un posto dove vivere</a>' in pages[""]
    assert "trova/soldi-casa/" in pages


def test_who_is_in_danger_meets_an_open_door_before_one_that_needs_a_referral() -> None:
    finder = real()
    (danger,) = (choice for choice in finder.choices if choice.id == "subito-sicurezza")
    doors = [r.service for r in finder.results([danger]) if not r.service.emergenza]
    assert doors[0].tipo_accesso == "diretto"
    assert [d.tipo_accesso != "diretto" for d in doors] == sorted(
        d.tipo_accesso != "diretto" for d in doors
    )
