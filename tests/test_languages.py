"""Pages in other languages: content like any other, marked as what they are, with one way round."""

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from site_builder.catalog import Catalog
from site_builder.check import check_content
from site_builder.pages import handwritten, iter_pages
from tests.bodies import good_catalog
from tests.conftest import Body

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 11, 21)
LANGUAGES = {"it", "ar", "en", "fr", "ro", "sq"}
ENGLISH = """---
title: Where to go
description: Where to go if you need help.
lingua: en
nome_lingua: English
fonte: {documento: carta-prova}
da_verificare:
  - {campo: testo, motivo: Nessuno ha riletto la traduzione.}
---
# Where to go
"""
ARABIC = ENGLISH.replace("lingua: en", "lingua: ar\ndirezione: rtl").replace("English", "العربية")
GLOSSARY = {
    "voci": [
        {
            "id": "cav",
            "sigla": "CAV",
            "termine": "Centro antiviolenza",
            "definizione": "Parole semplici.",
            "fonte": {"documento": "carta-prova"},
        }
    ]
}


def _soup(catalog: Catalog, uri: str, content: str = "<h1>x</h1>") -> BeautifulSoup:
    return BeautifulSoup(handwritten(catalog, uri, content, TODAY), "html.parser")


def _one(soup: BeautifulSoup, selector: str) -> Tag:
    [found] = soup.select(selector)
    return found


@pytest.fixture(scope="module")
def casarano() -> Catalog:
    return good_catalog(ROOT, TODAY)


# --- Content like any other -------------------------------------------------------------------


def test_a_page_in_the_folder_has_its_address_for_id(body: Body) -> None:
    catalog = good_catalog(body({"content/pages/lingue/en.md": ENGLISH}), TODAY)
    assert list(catalog.pages) == ["lingue/en"]
    assert catalog.pages["lingue/en"].nome_lingua == "English"
    assert catalog.known["pages"] == {"lingue/en"}


def test_the_same_name_in_and_out_of_the_folder_is_no_clash(body: Body) -> None:
    plain = "---\ntitle: Inglese\ndescription: Una pagina in italiano.\n---\n"
    catalog = good_catalog(
        body({"content/pages/lingue/en.md": ENGLISH, "content/pages/en.md": plain}), TODAY
    )
    assert set(catalog.pages) == {"en", "lingue/en"}
    assert list(catalog.languages) == ["lingue/en"]


def test_a_broken_page_in_the_folder_is_reported(body: Body) -> None:
    broken = ENGLISH.replace("title", "titolo")
    _, problems = check_content(body({"content/pages/lingue/en.md": broken}), TODAY)
    found = {(p.path, p.rule) for p in problems if p.level == "errore"}
    assert found == {
        ("content/pages/lingue/en.md", "campo-mancante"),
        ("content/pages/lingue/en.md", "campo-sconosciuto"),
    }


@pytest.mark.parametrize(("id", "wrong"), [("lingue/en", False), ("lingue/fr", True)])
def test_a_chapter_may_be_a_page_in_the_folder(body: Body, id: str, wrong: bool) -> None:
    changes = {
        "content/pages/lingue/en.md": ENGLISH,
        "content/carta.yml": {"capitoli": [{"area": "famiglia"}, {"pagina": id}]},
    }
    _, problems = check_content(body(changes), TODAY)
    errors = [p.rule for p in problems if p.level == "errore"]
    assert errors == (["riferimento-inesistente"] if wrong else [])


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("lingua: en", "lingua: English", "lingua"),
        ("lingua: en", "lingua: EN", "lingua"),
        ("lingua: en\n", "lingua: en\ndirezione: destra\n", "direzione"),
        ("nome_lingua: English\n", "", "nome_lingua"),
        ("lingua: en\n", "", "lingua"),
    ],
)
def test_wrong_languages_are_refused(body: Body, old: str, new: str, field: str) -> None:
    page = ENGLISH.replace(old, new, 1)
    _, problems = check_content(body({"content/pages/lingue/en.md": page}), TODAY)
    messages = [p.message for p in problems if p.level == "errore"]
    assert len(messages) == 1
    assert field in messages[0]


@pytest.mark.parametrize("lingua", ["en", "ar", "fil", "pt-BR", "zh-Hant", "zh-Hant-TW", "es-419"])
def test_right_languages_are_accepted(body: Body, lingua: str) -> None:
    page = ENGLISH.replace("lingua: en", f"lingua: {lingua}", 1)
    catalog = good_catalog(body({"content/pages/lingue/x.md": page}), TODAY)
    assert catalog.pages["lingue/x"].lingua == lingua


@pytest.mark.parametrize(("lingua", "judged"), [("it", True), ("en", False), ("ar", False)])
def test_only_italian_is_judged_as_italian(body: Body, lingua: str, judged: bool) -> None:
    """«Tossici» is a word out of use in Italian; in another language it may be another word."""
    page = ENGLISH.replace("lingua: en", f"lingua: {lingua}", 1)
    page = page.replace("if you need help.", "per tossici. " + "Una parola lunghissima " * 5)
    _, problems = check_content(body({"content/pages/lingue/x.md": page}), TODAY)
    advice = {p.rule for p in problems if p.level == "consiglio"}
    assert advice == ({"parola-superata"} if judged else set())


# --- What a reader gets -----------------------------------------------------------------------


def test_the_text_says_its_language_and_the_notices_say_italian(body: Body) -> None:
    catalog = good_catalog(body({"content/pages/lingue/ar.md": ARABIC}), TODAY)
    soup = _soup(catalog, "lingue/ar.md", "<h1>إلى أين تذهب</h1>")
    text = _one(soup, ".c-foreign")
    assert (text["lang"], text["dir"]) == ("ar", "rtl")
    assert text.h1
    for selector in (".c-doubt", ".c-sources"):
        notice = _one(soup, selector)
        outer = notice.find_parent(lang=True)
        assert isinstance(outer, Tag)
        assert (outer["lang"], outer["dir"]) == ("it", "ltr")
        assert notice.find_parent(class_="c-foreign") is None


def test_an_italian_page_is_as_it_was(body: Body) -> None:
    plain = "---\ntitle: Premessa\ndescription: Una pagina in italiano.\n---\n"
    soup = _soup(good_catalog(body({"content/pages/premessa.md": plain}), TODAY), "premessa.md")
    assert soup.select("[lang], [dir], .c-languages") == []


@pytest.mark.parametrize(("lingua", "explained"), [("it", 1), ("en", 0), ("ar", 0)])
def test_acronyms_are_explained_only_in_italian(body: Body, lingua: str, explained: int) -> None:
    page = ENGLISH.replace("lingua: en", f"lingua: {lingua}")
    folder = body({"content/pages/lingue/x.md": page, "content/glossary.yml": GLOSSARY})
    soup = _soup(good_catalog(folder, TODAY), "lingue/x.md", "<p>The CAV</p>")
    assert len(soup.select(".c-abbr")) == explained


def test_each_language_leads_to_the_others_by_their_own_names(casarano: Catalog) -> None:
    for id, page in casarano.languages.items():
        links = _soup(casarano, f"{id}.md").select(".c-languages a")
        others = {other.nome_lingua for other in casarano.languages.values()} - {page.nome_lingua}
        assert {link.get_text() for link in links} == others
        assert {link["lang"] for link in links} >= LANGUAGES - {page.lingua}


def test_the_list_of_languages_names_each_in_itself(casarano: Catalog) -> None:
    [page] = [page for page in iter_pages(casarano, TODAY) if page.url == "lingue/"]
    links = BeautifulSoup(page.body, "html.parser").select(".c-tiles a")
    assert {link["lang"] for link in links} >= LANGUAGES
    assert [link["hreflang"] for link in links] == [link["lang"] for link in links]
    assert links[0]["lang"] == "it"
    assert [link["dir"] for link in links if link["lang"] == "ar"] == ["rtl"]


def test_without_other_languages_there_is_no_list_of_them(body: Body) -> None:
    urls = {page.url for page in iter_pages(good_catalog(body(), TODAY), TODAY)}
    assert "lingue/" not in urls
    assert "mappa/" in urls


# --- The sheets of Casarano -------------------------------------------------------------------


def _source(catalog: Catalog, code: str) -> tuple[dict[str, Any], str]:
    document = catalog.documents["pages"][f"lingue/{code}"]
    return document.data, document.text


def test_the_six_languages_are_there(casarano: Catalog) -> None:
    assert set(casarano.languages) >= {f"lingue/{code}" for code in LANGUAGES}
    assert all(casarano.languages[f"lingue/{code}"].lingua == code for code in LANGUAGES)


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_all_languages_say_the_same_things_in_the_same_order(casarano: Catalog, code: str) -> None:
    """Headings, links and items are one to one with the Italian text."""
    text, italian = (_source(casarano, each)[1] for each in (code, "it"))
    anchors = re.compile(r"\{#([a-z-]+)\}")
    assert anchors.findall(text) == anchors.findall(italian)
    own = re.compile(r"\]\((?:it|\.\./(?:modalita-di-accesso|destinatari))\.md\)")
    links = [re.findall(r"\]\(([^)]+)\)", own.sub("", each)) for each in (text, italian)]
    assert links[0] == links[1]
    assert text.count("\n- ") == italian.count("\n- ")


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_a_sheet_has_no_numbers_that_go_stale(casarano: Catalog, code: str) -> None:
    """Hours, phones and mailboxes stand in the contacts; here are only links to them."""
    _, text = _source(casarano, code)
    assert set(re.findall(r"\d+", text)) <= {"112", "1522", "2022", "2024"}
    assert "@" not in text


@pytest.mark.parametrize("code", sorted(LANGUAGES - {"it"}))
def test_a_translation_says_that_the_italian_prevails(casarano: Catalog, code: str) -> None:
    _, text = _source(casarano, code)
    first = text.strip().split("\n\n")[1]
    assert first.startswith("**")
    assert "(it.md)" in first
    assert first.endswith("{: .c-prevails }")


def test_italian_words_in_arabic_run_from_left_to_right(casarano: Catalog) -> None:
    data, text = _source(casarano, "ar")
    assert data["direzione"] == "rtl"
    marked = re.compile(r"(?:\]\([^)]*\)|\*)\{ lang=it dir=ltr \}")
    latin = re.findall(r"[\[*]([A-Za-z][^\]*]*)[\]*]", text)
    assert len(latin) >= 12
    assert len(marked.findall(text)) == len(latin)


# --- Titles, descriptions and the map of the site ---------------------------------------------


def test_titles_and_descriptions_tell_the_pages_apart(casarano: Catalog) -> None:
    """Pages about violence are the exception: their description says nothing on purpose."""
    pages = [page for page in iter_pages(casarano, TODAY) if not page.delicate]
    written = list(casarano.pages.values())
    titles = Counter(page.title for page in (*pages, *written))
    said = [page.description for page in (*pages, *written)]
    assert [title for title, times in titles.items() if times > 1] == []
    assert [text for text, times in Counter(said).items() if times > 1] == []
    assert [text for text in said if not 10 <= len(text) <= 160] == []


def test_the_map_leads_to_every_page(casarano: Catalog) -> None:
    pages = {page.url: page for page in iter_pages(casarano, TODAY)}
    soup = BeautifulSoup(pages["mappa/"].body, "html.parser")
    linked = {str(link["href"]).removeprefix("/") for link in soup.select("a")}
    # One question leads to its answers, one topic to its sheets.
    below = re.compile(r"(trova|argomenti)/.")
    wanted = {url for url in pages if not below.match(url)}
    wanted |= {f"{id}/" for id in casarano.pages}
    assert wanted - linked == {"mappa/", "stato/"}  # that of the staff
    assert [link for link in linked if link not in pages and link not in wanted] == []
