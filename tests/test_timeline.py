"""The picture of the terms: phases in their place, names that never run into each other."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from site_builder.resources import resource_dir
from site_builder.timeline import SIZE, WIDTH, spans, timeline
from site_builder.values import Termine

SVG = "{http://www.w3.org/2000/svg}"

# The procedure of a real Carta.
CONVENE = Termine(fase="Convocazione", giorni=5, decorre_da="presentazione", chi="Il Coordinatore")
TERMS = [
    Termine(fase="Presentazione del reclamo", giorni=15, decorre_da="fatto"),
    CONVENE,
    Termine(fase="Incontro", giorni=30, lavorativi=True, decorre_da="presentazione"),
    Termine(fase="Azioni urgenti di autotutela", giorni=5, decorre_da="fase_precedente"),
    Termine(fase="Decisione dell'Ufficio Tutela Utenti", giorni=40, decorre_da="presentazione"),
]

letters = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), min_size=2)
words = st.lists(letters, min_size=1, max_size=6).map(" ".join).filter(lambda text: text.strip())
terms = st.builds(
    Termine,
    fase=words,
    giorni=st.integers(0, 3650),
    lavorativi=st.booleans(),
    decorre_da=st.sampled_from(["", "fatto", "presentazione", "fase_precedente"]),
)


@cache
def font(weight: str) -> tuple[dict[int, str], dict[str, tuple[int, int]], int]:
    path = resource_dir("theme") / "site/assets/fonts" / f"titillium-web-{weight}.woff2"
    opened = TTFont(Path(path))
    return opened.getBestCmap(), opened["hmtx"].metrics, opened["head"].unitsPerEm


def breadth(text: str, weight: str) -> float:
    """How wide the text is in the font of the house; a letter it lacks is as wide as high."""
    names, metrics, unit = font(weight)
    return sum(SIZE * (metrics[names[ord(c)]][0] / unit if ord(c) in names else 1) for c in text)


def boxes(svg: str) -> Iterator[tuple[str, float, float, float, float]]:
    """Every text of the picture with left, top, right and bottom."""
    for group in ET.fromstring(svg).findall(f"{SVG}g"):
        down = float(group.attrib["transform"].removeprefix("translate(0 ").rstrip(")"))
        for text in group.iter(f"{SVG}text"):
            x, y = float(text.attrib["x"]), down + float(text.attrib["y"])
            written = text.text or ""
            right = x + breadth(written, text.get("font-weight", "400"))
            yield written, x, y - SIZE * 0.95, right, y + SIZE * 0.3


@given(st.lists(terms, min_size=1, max_size=8), st.sampled_from([None, True, False]))
def test_any_terms_give_a_picture_whose_names_stand_apart(found, saturday) -> None:
    picture = timeline(found, saturday)
    assert picture
    root = ET.fromstring(picture.svg)
    tall = float(root.attrib["viewBox"].split()[3])
    texts = list(boxes(picture.svg))
    for _, left, top, right, bottom in texts:
        assert left >= 0
        assert top >= 0
        assert right <= WIDTH
        assert bottom <= tall
    for (_, left, top, right, bottom), (_, left2, top2, right2, bottom2) in (
        (one, other) for n, one in enumerate(texts) for other in texts[:n]
    ):
        assert right <= left2 or right2 <= left or bottom <= top2 + 1 or bottom2 <= top + 1
    written = "".join("".join(text for text, *_ in texts).split())
    for number, term in enumerate(found, start=1):
        assert f"{number}.{''.join(term.fase.split())}" in written
        assert f"{number}. {term.fase}: " in picture.words


@given(st.lists(terms, min_size=1, max_size=8), st.sampled_from([None, True, False]))
def test_every_bar_is_inside_the_picture_and_as_long_as_its_days(found, saturday) -> None:
    placed = spans(found, saturday)
    assert [span.term for span in placed] == found
    for before, span in zip([None, *placed], placed, strict=False):
        assert span.end >= span.start >= 0
        if before and span.term.decorre_da == "fase_precedente":
            assert (span.start, span.origin) == (before.end, before.origin)
    picture = timeline(found, saturday)
    for bar in ET.fromstring(picture.svg).iter(f"{SVG}rect"):
        x, width = float(bar.attrib["x"]), float(bar.attrib["width"])
        assert x >= 0
        assert width > 0
        assert x + width <= WIDTH + 0.02


def test_without_terms_there_is_no_picture() -> None:
    assert timeline([]) is None


def test_a_real_procedure_is_drawn_in_its_order() -> None:
    placed = [(span.origin, span.start, span.end) for span in spans(TERMS)]
    assert placed == [
        ("fatto", 0, 15),
        ("fatto", 15, 20),
        ("fatto", 15, 57),
        ("fatto", 57, 62),
        ("fatto", 15, 55),
    ]


@pytest.mark.parametrize(("saturday", "days"), [(None, 42), (False, 42), (True, 35)])
def test_working_days_last_as_long_as_their_week_says(saturday, days) -> None:
    (span,) = spans([Termine(fase="Incontro", giorni=30, lavorativi=True)], saturday)
    assert span.end == days


def test_what_has_no_known_start_claims_no_place() -> None:
    first = Termine(fase="Verbale", giorni=3, decorre_da="fase_precedente")
    unknown = Termine(fase="Sospensione", giorni=30)
    placed = spans([first, CONVENE, unknown, first])
    assert [(s.origin, s.start) for s in placed] == [
        ("", 0), ("presentazione", 0), ("", 0), ("", 30)
    ]  # fmt: skip
    picture = timeline([unknown])
    assert picture
    assert "Senza un inizio indicato" in picture.svg
    assert "30 giorni, inizio non indicato" in picture.words


def test_working_days_are_striped_and_the_legend_tells_only_what_is_there() -> None:
    both, calendar = timeline(TERMS), timeline(TERMS[:2])
    assert both
    assert calendar
    assert both.svg.count("giorni lavorativi</text>") > calendar.svg.count("lavorativi")
    assert "giorni di calendario" in both.svg
    assert "giorni di calendario" in calendar.svg
    outlined = [r for r in ET.fromstring(both.svg).iter(f"{SVG}rect") if r.get("fill") == "none"]
    assert len(outlined) == 2  # the term and its sample
    assert not [r for r in ET.fromstring(calendar.svg).iter(f"{SVG}rect") if r.get("fill")]


def test_the_picture_has_the_colour_of_the_text_and_says_itself_in_words() -> None:
    picture = timeline(TERMS)
    assert picture
    root = ET.fromstring(picture.svg)
    assert (root.get("role"), root.get("fill")) == ("img", "currentColor")
    assert root.get("aria-label") == picture.words
    assert "3. Incontro: 30 giorni lavorativi dalla presentazione." in picture.words
    assert "4. Azioni urgenti di autotutela: 5 giorni dopo la fase 3." in picture.words
    assert "#" not in picture.svg.replace("#x27;", "")
    assert unquote(picture.address) == f"data:image/svg+xml,{picture.svg}"


def test_names_are_escaped() -> None:
    picture = timeline([Termine(fase='<b>"R&D"</b>', giorni=1)])
    assert picture
    assert "<b>" not in picture.svg
    assert ET.fromstring(picture.svg).get("aria-label", "").count('<b>"R&D"</b>') == 1
