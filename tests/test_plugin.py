"""The built site: whole, closed in itself, the same each time, and never half replaced."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from bodies import DAY, published
from bs4 import BeautifulSoup
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.utils.yaml import yaml_load

from site_builder.check import check_content
from site_builder.errors import ContentError
from site_builder.italian import file_size
from site_builder.pages import iter_pages
from site_builder.plugin import site_url
from site_builder.prints import not_drawn

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
CANARY = "Canarino"
SITE_URL = "https://esempio.it/comune/carta/"

Body = Callable[..., Path]


def _build(body: Path, output: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "site_builder", "build", str(body), "--output", str(output)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The Carta of Casarano, built as people build it."""
    output = tmp_path_factory.mktemp("casarano") / "site"
    return output, _build(ROOT, output)


@pytest.fixture(scope="module")
def site(done: tuple[Path, subprocess.CompletedProcess[str]]) -> Path:
    return done[0]


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same content, told that it lives in a subfolder; its day is fixed. Without prints."""
    body = tmp_path_factory.mktemp("moved")
    shutil.copytree(ROOT / "content", body / "content")
    config = yaml_load((ROOT / "mkdocs.yml").read_text("utf-8"))  # it knows !ENV
    config |= {
        "site_url": SITE_URL,
        "plugins": [{"carta": {"today": DAY.isoformat(), "prints": False}}],
    }
    (body / "mkdocs.yml").write_text(yaml.safe_dump(config), "utf-8")
    built = _build(body, body / "one" / "site")
    assert built.returncode == 0, built.stderr
    return body


# --- Links ------------------------------------------------------------------------------------


class Link(NamedTuple):
    """A link of a built page; `loads` if the browser follows it by itself."""

    page: Path
    target: str
    loads: bool


_LOADING_RELS = {"stylesheet", "icon", "preload", "preconnect", "dns-prefetch", "manifest"}


def _pages(site: Path) -> list[Path]:
    """Every page but the short links, which have neither frame nor place in any list."""
    return [page for page in site.rglob("index.html") if page.relative_to(site).parts[0] != "s"]


@cache
def _soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def _iter_links(site: Path) -> Iterator[Link]:
    for page in sorted(site.rglob("*.html")):
        for tag in _soup(page).find_all(True):
            rels = set(tag.get_attribute_list("rel"))
            for name in ("href", "src", "action", "data", "poster", "srcset", "xlink:href"):
                if isinstance(value := tag.get(name), str):
                    loads = name not in ("href", "action") or bool(rels & _LOADING_RELS)
                    yield Link(page, value, loads)


@cache
def _anchors(path: Path) -> set[str]:
    return {str(tag.get("id") or tag.get("name")) for tag in _soup(path).select("[id], a[name]")}


def _broken(site: Path, base: str = "/") -> list[str]:
    """Internal links of the built pages, menu and foot included, that lead nowhere.

    Only the page for wrong addresses may start at the root: nobody knows where it is shown.
    """
    broken = []
    for link in _iter_links(site):
        url = urlsplit(link.target)
        if url.scheme or url.netloc:
            continue
        path = unquote(url.path)
        if path.startswith("/"):
            target = site / path.removeprefix(base)
            fine = link.page.name == "404.html" and path.startswith(base)
        else:
            target = (link.page.parent / path) if path else link.page
            fine = True
        if target.is_dir():
            target = target / "index.html"
        fine = fine and target.is_file() and target.resolve().is_relative_to(site.resolve())
        if fine and url.fragment and target.suffix == ".html":
            fine = unquote(url.fragment) in _anchors(target)
        if not fine:
            broken.append(f"{link.page.relative_to(site)}: {link.target}")
    return broken


def test_the_site_builds_in_silence(
    done: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    output, process = done
    assert process.stderr == ""
    assert process.stdout == f"Il sito è in {output}\n"
    assert process.returncode == 0


def test_every_page_is_there(site: Path) -> None:
    catalog, _ = check_content(ROOT, date.today())
    assert catalog
    data, _ = published(catalog)
    pages = iter_pages(catalog, date.today(), prints=not_drawn(catalog), data=data)
    urls = [page.url for page in pages]
    urls += [f"{id}/" for id in catalog.pages]
    built = {path.relative_to(site).as_posix() for path in _pages(site)}
    assert built == {f"{url}index.html" for url in urls}
    assert len(built) == len(urls)


def test_no_link_of_the_built_site_is_broken(site: Path) -> None:
    assert len(list(_iter_links(site))) > 5000
    assert _broken(site) == []


def test_links_work_in_a_subfolder(moved: Path) -> None:
    assert _broken(moved / "one" / "site", base=urlsplit(SITE_URL).path) == []


def test_links_work_wherever_the_folder_is_put(site: Path) -> None:
    """No link but those of the 404 page starts at the root: the site may be moved or unzipped."""
    rooted = [
        link for link in _iter_links(site)
        if link.target.startswith("/") and link.page.name != "404.html"
    ]  # fmt: skip
    assert rooted == []


def test_built_pages_have_one_title_and_unique_ids(site: Path) -> None:
    for page in (*_pages(site), site / "404.html"):
        soup = _soup(page)
        assert len(soup.select("h1")) == 1, page
        assert len(soup.select("title")) == 1, page
        foreign = page.parent.parent.name == "lingue"
        assert soup.html, page
        assert soup.html["lang"] == (page.parent.name if foreign else "it"), page
        ids = [tag["id"] for tag in soup.select("[id]")]
        assert len(ids) == len(set(ids)), page


def test_pages_written_by_hand_come_out_as_html(site: Path) -> None:
    """With headings and links, not as escaped text."""
    catalog, _ = check_content(ROOT, date.today())
    assert catalog
    for id, page in catalog.pages.items():
        article = _soup(site / id / "index.html").article
        assert article, id
        assert article.h1, id
        assert article.h1.get_text(strip=True) == page.title, id
        assert "<h" not in article.get_text(), id


def test_titles_tell_the_pages_apart(site: Path) -> None:
    """But for those with a quick exit, whose titles say nothing on purpose."""
    soups = [_soup(page) for page in _pages(site)]
    titles = [soup.title for soup in soups if not soup.select_one("[data-uscita]")]
    texts = [title.get_text() for title in titles if title]
    assert sorted({text for text in texts if texts.count(text) > 1}) == []


def test_a_wrong_address_is_answered_in_italian(site: Path) -> None:
    heading = _soup(site / "404.html").h1
    assert heading
    assert heading.get_text() == "Questa pagina non c'è"


# --- Nothing from elsewhere, nothing kept -----------------------------------------------------


def test_pages_load_nothing_from_other_hosts(site: Path) -> None:
    foreign = {
        link.target for link in _iter_links(site) if link.loads and urlsplit(link.target).netloc
    }
    assert foreign == set()


def test_styles_load_nothing_from_other_hosts(site: Path) -> None:
    loads = re.compile(r"""@import\s*["']?[^;]*|url\(\s*["']?\s*(?:https?:)?//[^)]*""")
    for path in site.rglob("*.css"):
        assert loads.findall(path.read_text("utf-8")) == [], path
    for page in site.rglob("*.html"):
        styles = [tag.get_text() for tag in _soup(page).select("style")]
        styles += [str(tag["style"]) for tag in _soup(page).select("[style]")]
        assert loads.findall("".join(styles)) == [], page


def test_our_scripts_keep_and_send_nothing() -> None:
    words = r"cookie|localStorage|sessionStorage|indexedDB|sendBeacon|XMLHttpRequest|https?://"
    scripts = list((ROOT / "theme" / "site").rglob("*.js"))
    assert scripts
    for path in scripts:
        assert re.findall(words, path.read_text("utf-8")) == [], path


def test_our_pages_carry_no_script_of_their_own(site: Path) -> None:
    code = 'script:not([type$="json"])'  # data are no code
    for page in _pages(site):
        article = _soup(page).article
        assert article
        assert article.select(f"{code}, iframe, object, embed, [onclick], [onload]") == [], page


def test_the_theme_offers_nothing_to_remember(site: Path) -> None:
    for page in site.rglob("*.html"):
        assert (
            _soup(page).select('[data-md-component="palette"], [data-md-component="consent"]') == []
        )


# --- Prints -----------------------------------------------------------------------------------

PRINTED = {"mkdocs.yml": {"plugins": [{"carta": {"today": "2026-11-21"}}], "site_url": SITE_URL}}


def _pdfs(folder: Path) -> dict[str, bytes]:
    return {name: data for name, data in _files(folder).items() if name.endswith(".pdf")}


def test_every_print_stands_in_the_site(site: Path) -> None:
    catalog, _ = check_content(ROOT, date.today())
    assert catalog
    pdfs = _pdfs(site)
    assert set(pdfs) == set(not_drawn(catalog))
    assert {data[:5] for data in pdfs.values()} == {b"%PDF-"}
    text = _soup(site / "stampa/index.html").get_text()
    assert file_size(len(pdfs["carta.pdf"])) in text
    assert "anteprima" not in text


def test_what_has_been_drawn_is_drawn_no_more(body: Body) -> None:
    folder = body(PRINTED)
    assert _build(folder, folder / "build" / "site").returncode == 0
    first, kept = _pdfs(folder / "build" / "site"), _files(folder / "build" / ".cache")
    before = {path: path.stat().st_mtime_ns for path in (folder / "build/.cache").rglob("*")}
    assert len(first) == 5
    assert kept
    assert _build(folder, folder / "build" / "site").returncode == 0
    assert _pdfs(folder / "build" / "site") == first
    assert before == {p: p.stat().st_mtime_ns for p in (folder / "build/.cache").rglob("*")}


def test_a_page_written_by_hand_may_link_to_a_print(body: Body) -> None:
    folder = body(PRINTED | {"content/pages/premessa.md": FRONT + "[La Carta](carta.pdf)"})
    process = _build(folder, folder / "site")
    assert (process.returncode, process.stderr) == (0, "")
    assert _broken(folder / "site", base=urlsplit(SITE_URL).path) == []


def test_without_prints_nothing_is_drawn_or_linked(body: Body) -> None:
    folder = body()
    assert _build(folder, folder / "build" / "site").returncode == 0
    assert _pdfs(folder) == {}
    assert not (folder / "build" / ".cache").exists()
    assert {
        link.target for link in _iter_links(folder / "build/site") if ".pdf" in link.target
    } == set()


def test_a_preview_draws_nothing_and_breaks_nothing(body: Body, tmp_path: Path) -> None:
    """As `carta serve` builds: it must be quick."""
    config = load_config(str(body(PRINTED) / "mkdocs.yml"), site_dir=str(tmp_path / "preview"))
    config.plugins.on_startup(command="serve", dirty=False)
    build(config)
    assert _pdfs(tmp_path) == {}
    assert "anteprima" in _soup(tmp_path / "preview/stampa/index.html").get_text()


def test_a_print_that_cannot_be_drawn_leaves_the_old_site(body: Body) -> None:
    folder = body(PRINTED)
    output = folder / "build" / "site"
    assert _build(folder, output).returncode == 0
    before = _files(output)
    body(PRINTED | {"content/services/asilo-nido.yml": {"titolo": "Nido 保育"}})
    process = _build(folder, output)
    assert (process.returncode, process.stdout) == (1, "")
    assert "Traceback" not in process.stderr
    assert _files(output) == before


@pytest.mark.parametrize("written", ["https://esempio.it/carta", "https://esempio.it/carta/"])
def test_the_address_of_the_site_ends_with_a_slash(body: Body, written: str) -> None:
    assert site_url(body({"mkdocs.yml": {"site_url": written}})) == "https://esempio.it/carta/"


def test_a_site_without_address_has_none(body: Body) -> None:
    assert site_url(body()) == ""


@pytest.mark.parametrize("change", [None, "site_name: [\n", "site_url: 3\n"])
def test_the_address_is_not_guessed_from_a_bad_configuration(body: Body, change: Any) -> None:
    folder = body({"mkdocs.yml": change})
    if change is None:
        (folder / "mkdocs.yml").unlink(missing_ok=True)
    with pytest.raises(ContentError, match=r"mkdocs\.yml"):
        site_url(folder)


# --- Search, map of the site ------------------------------------------------------------------


def test_the_search_index_is_italian_and_whole(site: Path) -> None:
    entry = json.loads((site / "pagefind" / "pagefind-entry.json").read_text("utf-8"))
    assert list(entry["languages"]) == ["it"]
    wanted = [page for page in site.rglob("*.html") if _soup(page).select("[data-pagefind-body]")]
    assert entry["languages"]["it"]["page_count"] == len(wanted)
    assert len(wanted) > 37


def test_sheets_can_be_filtered(site: Path) -> None:
    for page in (site / "servizi").glob("*/index.html"):
        soup = _soup(page)
        filters = {
            str(tag["data-pagefind-filter"]).partition(":")[0]
            for tag in soup.select("[data-pagefind-filter]")
        }
        assert {"area", "per chi", "comune"} <= filters, page


def test_the_sitemap_holds_every_page_that_may_be_found(moved: Path) -> None:
    site = moved / "one" / "site"
    listed = re.findall(r"<loc>(.*?)</loc>", (site / "sitemap.xml").read_text("utf-8"))
    shown = (page for page in _pages(site) if not _soup(page).select_one('meta[name="robots"]'))
    pages = {page.parent.relative_to(site).as_posix() for page in shown}
    assert set(listed) == {SITE_URL + (f"{page}/" if page != "." else "") for page in pages}
    assert len(listed) == len(set(listed))


# --- The same each time -----------------------------------------------------------------------


# What Pagefind writes in an order of its own.
CHANGES = re.compile(r"pagefind/(filter/.*|pagefind-entry\.json|.*\.pf_meta)")


def test_two_builds_are_the_same(moved: Path) -> None:
    second = _build(moved, moved / "two" / "site")
    assert second.returncode == 0, second.stderr
    one, two = _files(moved / "one" / "site"), _files(moved / "two" / "site")
    different = {name for name in one | two if one.get(name) != two.get(name)}
    assert [name for name in sorted(different) if not CHANGES.fullmatch(name)] == []
    assert len(one) == len(two)


# --- What goes wrong --------------------------------------------------------------------------

FRONT = """---
title: Premessa
description: Che cosa dice la Carta.
fonte: {documento: carta-prova}
aggiornato_il: 2026-01-01
---
# Premessa

"""
BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "link": (
        {"content/pages/premessa.md": FRONT + "[qui](non-esiste.md)"},
        r"premessa\.md.*non-esiste\.md",
    ),
    "anchor": (
        {"content/pages/premessa.md": FRONT + "[qui](servizi/asilo-nido.md#non-esiste)"},
        r"premessa\.md.*#non-esiste",
    ),
    "own anchor": (
        {"content/pages/premessa.md": FRONT + "[qui](#non-esiste)"},
        r"premessa\.md.*#non-esiste",
    ),
    "absolute link": (
        {"content/pages/premessa.md": FRONT + "[qui](/non-esiste/)"},
        r"premessa\.md.*/non-esiste/",
    ),
    "contact": (
        {
            "content/services/asilo-nido.yml": {
                "dove_rivolgersi": {"testo": "Qui.", "contatti": ["segretariato-casrano"]}
            }
        },
        r"asilo-nido\.yml:\d+:\d+ errore .*«segretariato-casrano» non esiste",
    ),
    "syntax": ({"content/services/asilo-nido.yml": "id: [\n"}, r"asilo-nido\.yml:\d+:\d+ errore"),
    "no mkdocs.yml": ({"mkdocs.yml": None}, r"non c'è un file «mkdocs\.yml»"),
    "bad mkdocs.yml": ({"mkdocs.yml": "site_name: [\n"}, r"mkdocs\.yml"),
    "reserved": (
        {
            "content/contacts/segretariato-casarano.yml": {
                "riservata": True,
                "indirizzo": {"via": f"Via {CANARY}"},
            }
        },
        r"Questa sede è riservata",
    ),
}


@pytest.fixture(scope="module")
def standing(one_body: Path) -> Path:
    """The site of the small body, built once."""
    output = one_body / "build" / "site"
    good = _build(one_body, output)
    assert (good.returncode, good.stderr) == (0, "")
    return output


@pytest.fixture(params=BROKEN)
def broken(
    request: pytest.FixtureRequest, body: Body, standing: Path
) -> tuple[Path, subprocess.CompletedProcess[str], dict[str, bytes], str]:
    """A good site, then a body that went wrong: (site, second build, the good files, words)."""
    changes, words = BROKEN[request.param]
    folder = body()
    output = folder / "build" / "site"
    shutil.copytree(standing, output)
    before = _files(output)
    body(changes)
    if "mkdocs.yml" in changes and changes["mkdocs.yml"] is None:
        (folder / "mkdocs.yml").unlink()
    return output, _build(folder, output), before, words


def test_a_build_that_fails_says_why_and_leaves_the_old_site(
    broken: tuple[Path, subprocess.CompletedProcess[str], dict[str, bytes], str],
) -> None:
    output, process, before, words = broken
    assert process.returncode == 1
    assert process.stdout == ""
    assert re.search(words, process.stderr), process.stderr
    assert "Traceback" not in process.stderr
    assert "WARNING" not in process.stderr
    assert _files(output) == before
    assert {path.name for path in output.parent.iterdir()} <= {output.name, "deploy"}
    assert CANARY.encode() not in b"".join(before.values())


@pytest.mark.parametrize("name", ["content", "mkdocs.yml", "."])
def test_a_build_never_deletes_what_it_did_not_make(body: Body, name: str) -> None:
    folder = body()
    before = _files(folder)
    process = _build(folder, folder / name)
    assert process.returncode == 1
    assert "non lo cancello" in process.stderr
    assert _files(folder) == before


def test_a_new_build_leaves_nothing_of_the_old_one(body: Body) -> None:
    notice = {
        "id": "avviso",
        "titolo": "Avviso",
        "tipo": "comunicazione",
        "testo": "Un avviso.",
        "pubblicato_il": "2026-11-01",
        "aggiornato_il": "2026-11-01",
    }
    folder = body({"content/notices/avviso.yml": notice})
    output = folder / "site"
    assert _build(folder, output).returncode == 0
    assert (output / "avvisi/avviso/index.html").is_file()
    (folder / "content/notices/avviso.yml").unlink()
    assert _build(folder, output).returncode == 0
    assert not (output / "avvisi/avviso").exists()


# --- Reserved places --------------------------------------------------------------------------


def test_the_built_site_carries_no_reserved_place(body: Body) -> None:
    """With the address where it may stand, then reserved: not a byte of it is left."""
    contact = {
        "id": "rifugio",
        "nome": "Casa rifugio",
        "tipo": "struttura",
        "fonte": {"documento": "carta-prova"},
        "aggiornato_il": "2026-01-01",
    }
    place = {"comune": "casarano", "indirizzo": {"via": f"Via {CANARY}", "civico": "1"}}
    sheet = {"dove_rivolgersi": {"testo": "Al rifugio.", "contatti": ["rifugio"]}}
    name = "content/contacts/rifugio.yml"
    sheet_name = "content/services/asilo-nido.yml"

    folder = body({name: contact | place, sheet_name: sheet})
    assert _build(folder, folder / "open").returncode == 0
    assert any(CANARY.encode() in data for data in _files(folder / "open").values())

    body({name: contact | {"riservata": True}, sheet_name: sheet})
    assert _build(folder, folder / "reserved").returncode == 0
    leaks = [n for n, data in _files(folder / "reserved").items() if CANARY.encode() in data]
    assert leaks == []
