"""The editing page in a real browser: what is saved, what is asked for, and the guide's steps."""

import functools
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from bodies import BODIES, ROOT, catalog_of
from editing import CONTACT, follow, no_error, preview, steps, trial_body
from hypothesis import given, settings
from hypothesis import strategies as st
from in_browser import build, chromium, serve
from playwright.sync_api import Browser, ConsoleMessage, Page

from site_builder.admin.choices import choices
from site_builder.admin.files import page_files
from site_builder.admin.widgets import fields
from site_builder.documents import Document, iter_files, load_document
from site_builder.headers import editing_policy
from site_builder.loader import parse

pytestmark = [pytest.mark.slow, pytest.mark.browser]

GUIDE = (ROOT / "docs" / "redazione.md").read_text("utf-8")

# In the page: values of a file changed in turn, as many as asked for, from all over it. Tells what
# went wrong, and the texts.
_VALUES = """([text, kind, most]) => {
  const format = carta[kind], lines = text.split("\\n"), wrong = [], sample = [], places = [];
  const changed = (value) => {
    if (typeof value === "string") return value.replace(/(\\n?)$/, ": # x$1");
    return typeof value === "number" ? value + 1 : typeof value === "boolean" ? !value : "x";
  };
  const data = format.fromFile(text);
  const walk = (part, path) => {
    for (const key of Object.keys(part)) {
      if (!path.length && (key === "_originale" || key === "body")) continue;
      const old = part[key];
      if (old && typeof old === "object") walk(old, [...path, key]);
      else places.push([part, key, [...path, key].map(String)]);
    }
  };
  walk(data, []);
  const step = Math.max(1, Math.floor(places.length / most));
  places.filter((_, at) => at % step === lines.length % step).forEach(([part, key, path]) => {
    const old = part[key];
    part[key] = changed(old);
    const now = format.toFile(data).split("\\n");
    const other = now.filter((line, at) => line !== lines[at]).length;
    if (now.length !== lines.length || other !== 1) wrong.push([path.join("."), other]);
    sample.push([path, part[key], now.join("\\n")]);
    part[key] = old;
  });
  return { wrong, sample };
}"""
# Lists: an item taken out, and a new one put at the end. Tells which lines are not the same.
_LISTS = """([text, kind, most]) => {
  const format = carta[kind], lines = text.split("\\n"), wrong = [], places = [];
  let count = 0;
  const inside = (few, many) => {
    let at = 0;
    for (const line of many) if (line === few[at]) at += 1;
    return at === few.length;
  };
  const data = format.fromFile(text);
  const judge = (path, fits) => {
    count += 1;
    const now = format.toFile(data).split("\\n");
    const touched = now.filter((line, at) => line !== lines[at]).length;
    if (!fits(now) && !(now.length === lines.length && touched === 1)) wrong.push(path.join("."));
  };
  const walk = (part, path) => {
    for (const key of Object.keys(part)) {
      const value = part[key], here = [...path, key];
      if (!value || typeof value !== "object") continue;
      if (Array.isArray(value) && value.length) places.push([part, key, here]);
      walk(value, here);
    }
  };
  walk(data, []);
  const step = Math.max(1, Math.floor(places.length / most));
  places.filter((_, at) => at % step === 0).forEach(([part, key, path], round) => {
    const value = part[key], last = value.at(-1), gone = round % value.length;
    part[key] = value.filter((_, at) => at !== gone);
    judge([...path, gone, "meno"], (now) => inside(now, lines));
    const isMap = last && typeof last === "object" && !Array.isArray(last);
    part[key] = [...value, isMap ? { ...last, nota: "nuova: #1" } : "nuova: #1"];
    judge([...path, "più"], (now) => inside(lines, now));
    part[key] = value;
  });
  return { count, wrong };
}"""
_ONE_VALUE = """([text, values]) => values.map((value) => {
  const data = carta.yaml.fromFile(text);
  data.telefoni[0].numero = value;
  data.descrizione = value;
  data.nome = value;
  return carta.yaml.toFile(data);
})"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def patcher(browser: Browser) -> Iterator[Page]:
    """A page with nothing but our reader and writer of files."""
    page = browser.new_page()
    for name in ("yaml.js", "patch.js"):
        page.add_script_tag(path=page_files()[name])
    yield page
    page.close()


def documents(body: str) -> Iterator[tuple[str, str, Document]]:
    """Text, kind of format and data of every file of a body."""
    for kind, path in iter_files(BODIES[body]):
        document = load_document(kind, path, BODIES[body])
        assert isinstance(document, Document)
        yield path.read_bytes().decode(), "page" if kind == "pages" else "yaml", document


@pytest.mark.parametrize("body", BODIES)
def test_files_are_read_as_the_builder_reads_them_and_saved_as_they_are(
    patcher: Page, body: str
) -> None:
    for text, kind, document in documents(body):
        data = patcher.evaluate("([text, kind]) => carta[kind].fromFile(text)", [text, kind])
        data.pop("_originale")
        below = data.pop("body", "")
        assert data == document.data, document.path
        assert below.strip() == document.text.strip()
        again = "([text, kind]) => carta[kind].toFile(carta[kind].fromFile(text))"
        assert patcher.evaluate(again, [text, kind]) == text, document.path


@pytest.mark.parametrize("body", BODIES)
def test_a_changed_value_changes_its_line_and_is_what_was_meant(patcher: Page, body: str) -> None:
    """A few from each file: all of them, some 13,000, take two minutes and were tried once."""
    count = 0
    for text, kind, document in documents(body):
        found = patcher.evaluate(_VALUES, [text, kind, 3])
        assert found["wrong"] == [], document.path
        for path, value, now in found["sample"]:
            source = now.split("---\n")[1] if kind == "page" else now
            assert at(parse(source)[0], path) == value, (document.path, path)
            count += 1
    assert count > 300


def at(data: Any, path: list[str]) -> Any:
    for step in path:
        data = data[int(step)] if isinstance(data, list) else data[step]
    return data


@pytest.mark.parametrize("body", BODIES)
def test_what_is_taken_out_of_a_list_or_added_touches_no_other_line(
    patcher: Page, body: str
) -> None:
    count = 0
    for text, kind, document in documents(body):
        found = patcher.evaluate(_LISTS, [text, kind, 2])
        assert found["wrong"] == [], document.path
        count += found["count"]
    assert count > 300


NASTY = [
    "no", "Yes", "on", "null", "~", "true", "10:30", "0833", "007", "1e3", "0x1F", "1_000", ".5",
    "-", "- a", "?", ": ", "a: b", "a #b", "#", "'", '"', 'a "b" c', "it's", "\\", "\\n", "😀 è",
    "uno\ndue", "uno\n\n- due\n- tre: 4", "  rientrato\nb", "a\tb", "[a]", "{a: b}", "a, b", "&a",
    "*a", "!a", "|", ">", "%", "@", "`", "<<", "=", "---", "...", "a\u2028b", "\u00a0",
    "2026-11-22",
]  # fmt: skip
PHONES = """\
# In testa.
nome: Prova  # un nome
descrizione: |
  Una riga.
  Un'altra.
telefoni:
  - {numero: "0800 000000", tipo: fisso}  # centralino
"""


def meant(value: str, several: bool) -> str:
    """What a form may change of a text: line ends, and blanks around it."""
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return text.rstrip("\n") + "\n" if several else text


def assert_written(patcher: Page, values: list[str]) -> None:
    for value, text in zip(values, patcher.evaluate(_ONE_VALUE, [PHONES, values]), strict=True):
        data = parse(text)[0]
        flat = data["telefoni"][0].get("numero", "").strip() if "telefoni" in data else ""
        assert flat == meant(value, False).strip() or "\n" in value, (value, text)
        assert data.get("descrizione", "\n") in (meant(value, True), "\n"), (value, text)
        assert text.startswith("# In testa.\n")
        assert "# centralino\n" in text or not value.strip()


def test_no_value_changes_its_meaning(patcher: Page) -> None:
    assert_written(patcher, NASTY)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])), min_size=8))
def test_no_text_changes_its_meaning(patcher: Page, values: list[str]) -> None:
    assert_written(patcher, [value for value in values if value == value.strip() and value])


def test_a_number_stays_one_and_a_string_of_digits_stays_one(patcher: Page) -> None:
    text = 'civico: 3\ncap: "00100"\n'
    change = """(text) => {
      const data = carta.yaml.fromFile(text);
      data.civico = "12"; data.cap = "00200";
      return carta.yaml.toFile(data);
    }"""
    assert patcher.evaluate(change, text) == 'civico: 12\ncap: "00200"\n'


def test_lines_end_as_they_did(patcher: Page) -> None:
    change = """(text) => {
      const data = carta.yaml.fromFile(text);
      data.nome = "Nuovo"; data.telefoni.push({ numero: "1" });
      return carta.yaml.toFile(data);
    }"""
    found = patcher.evaluate(change, PHONES.replace("\n", "\r\n"))
    assert found.count("\r\n") == found.count("\n") == PHONES.count("\n") + 1


def test_a_new_key_stands_where_the_schema_has_it(patcher: Page) -> None:
    form = {"fields": fields("contacts", choices(catalog_of("casarano")))}
    text = "id: a\n# il nome\nnome: A\ntipo: ufficio\nfonte: {documento: x}\naggiornato_il: d\n"
    change = """([text, form]) => {
      const data = carta.yaml.fromFile(text);
      Object.assign(data, { sito: "", riservata: false, lingue: [], coordinate: {},
        telefoni: [{ numero: "0800 1", h24: false }], comune: "b" });
      return carta.yaml.toFile(data, form);
    }"""
    assert patcher.evaluate(change, [text, form]) == (
        "id: a\n# il nome\nnome: A\ntipo: ufficio\ncomune: b\n"
        'telefoni:\n  - {numero: "0800 1"}\nfonte: {documento: x}\naggiornato_il: d\n'
    )


def test_half_an_optional_part_is_refused_in_italian(patcher: Page) -> None:
    form = {"fields": fields("contacts", choices(catalog_of("casarano")))}
    change = """([text, form]) => {
      const data = carta.yaml.fromFile(text);
      data.indirizzo = { civico: "3" };
      try { return carta.yaml.toFile(data, form); } catch (error) { return error.message; }
    }"""
    said = patcher.evaluate(change, ["id: a\nnome: A\n", form])
    assert said == "Manca «Via o piazza» in «Indirizzo»."


# --- the preview ---


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trial_body(tmp_path_factory.mktemp("redazione") / "ente")


@pytest.fixture(scope="module")
def site(body: Path) -> Iterator[str]:
    with preview(body) as address:
        yield address


class Watched:
    """A page in a clean profile, with all that it asks for and complains of."""

    def __init__(self, browser: Browser) -> None:
        self.context = browser.new_context(locale="it-IT", reduced_motion="reduce")
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.wrong: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(message.text)

    def others(self, site: str) -> set[str]:
        return {url for url in self.asked if not url.startswith((site, "data:", "blob:"))}


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    found = Watched(browser)
    yield found
    found.context.close()


def changed_lines(before: str, after: str) -> list[str]:
    lines = list(zip(before.splitlines(), after.splitlines(), strict=True))
    return [new for old, new in lines if old != new]


def checked(body: Path) -> int:
    command = [sys.executable, "-m", "site_builder", "check", str(body)]
    return subprocess.run(command, check=False, capture_output=True).returncode


def open_contact(page: Page, site: str) -> None:
    page.goto(f"{site}admin/")
    page.get_by_role("button", name="Entra", exact=True).click()
    page.get_by_role("link", name="Sportello sociale di Valle Chiara").click()
    page.get_by_label("Numero", exact=True).wait_for()


def save(page: Page) -> None:
    page.get_by_role("button", name="Salva", exact=True).click()
    with page.expect_response(lambda answer: answer.url.endswith("controllo.json")):
        page.get_by_role("menuitem", name="Salva nel file").click()
    page.get_by_role("button", name="Salvato", exact=True).wait_for()


def test_a_mended_telephone_is_one_line_and_nobody_else_is_asked(
    watched: Watched, site: str, body: Path
) -> None:
    before = (body / CONTACT).read_text("utf-8")
    page = watched.page
    open_contact(page, site)
    assert page.get_by_label("Numero", exact=True).input_value() == "0800 000000"
    page.get_by_label("Numero", exact=True).fill("0800 111222")
    save(page)
    after = (body / CONTACT).read_text("utf-8")
    expected = '  - {numero: "0800 111222", tipo: fisso}  # centralino'
    assert changed_lines(before, after) == [expected]
    # A second change starts from the first, though the page was not loaded again.
    page.get_by_label("Numero", exact=True).click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("0800 333444")
    save(page)
    again = (body / CONTACT).read_text("utf-8")
    assert changed_lines(after, again) == [expected.replace("111222", "333444")]
    page.locator("#controllo-esito").wait_for()
    assert no_error(page)
    assert checked(body) == 0
    assert watched.others(site) == set()
    assert watched.wrong == []
    (body / CONTACT).write_text(before, "utf-8")


def test_the_guide_leads_to_the_corrected_telephone(
    watched: Watched, site: str, body: Path, tmp_path: Path
) -> None:
    """From the wrong number to the published one: the last step is the technician's command."""
    before = (body / CONTACT).read_text("utf-8")
    page = watched.page
    page.goto(f"{site}admin/")
    found = steps(GUIDE, "A. Sul computer dell'ufficio")
    assert [follow(page, step) for step in found] == [1, 2, 1, 1, 1, 3, 1]
    assert changed_lines(before, (body / CONTACT).read_text("utf-8")) == [
        '  - {numero: "0800 111222", tipo: fisso}  # centralino',
        "aggiornato_il: 2026-01-12",
    ]
    assert no_error(page)
    assert checked(body) == 0
    page.goto(f"{site}uffici/{CONTACT.stem}/")
    # The preview has drawn the page anew; the page itself notices.
    page.locator('a[href="tel:+390800111222"]').first.wait_for()
    assert watched.others(site) == set()
    build(tmp_path / "site", body)
    with serve(tmp_path / "site") as published:
        page.goto(f"{published}uffici/{CONTACT.stem}/")
        page.locator('a[href="tel:+390800111222"]').first.wait_for()
    (body / CONTACT).write_text(before, "utf-8")


def test_the_pictures_of_the_guide_are_there_small_and_told() -> None:
    found = re.findall(r"!\[(.+?)\]\((img/redazione-.+?\.png)\)", GUIDE)
    assert len(found) == 5
    for told, name in found:
        assert len(told) > 20
        assert 0 < (ROOT / "docs" / name).stat().st_size < 120_000
    taken = {path.name for path in (ROOT / "docs" / "img").glob("redazione-*.png")}
    assert taken == {Path(name).name for _, name in found}


def test_a_wrong_value_is_explained_and_not_saved(watched: Watched, site: str, body: Path) -> None:
    before = (body / CONTACT).read_text("utf-8")
    page = watched.page
    open_contact(page, site)
    page.get_by_label("Indirizzo e-mail", exact=True).fill("senza chiocciola")
    page.get_by_role("button", name="Salva", exact=True).click()
    page.get_by_role("menuitem", name="Salva nel file").click()
    page.get_by_text("Controlla la chiocciola e il dominio").first.wait_for()
    assert (body / CONTACT).read_text("utf-8") == before


def test_two_kinds_in_one_folder_are_each_in_its_own_list(
    watched: Watched, site: str, body: Path
) -> None:
    folder = body / "content" / "results"
    folder.mkdir()
    day = "aggiornato_il: 2026-01-10\n"
    (folder / "2025.yml").write_text(f'id: "2025"\nanno: 2025\nmisure: []\n{day}')
    (folder / "2024-reclami.yml").write_text(f"id: 2024-reclami\nanno: 2024\nmoduli: []\n{day}")
    page = watched.page
    page.goto(f"{site}admin/")
    page.get_by_role("button", name="Entra", exact=True).click()
    for name, year in (("Risultati", "2025"), ("Numeri dei reclami", "2024")):
        page.get_by_role("link", name=name, exact=True).click()
        page.get_by_role("heading", name=name).wait_for()
        page.locator('a[href*="/entries/"]').first.wait_for()
        assert page.locator('a[href*="/entries/"]').all_inner_texts() == [year]
    page.locator('a[href*="/entries/"]').click()
    page.get_by_label("Aggiornato il", exact=True).fill("2026-01-11")
    save(page)
    written = (folder / "2024-reclami.yml").read_text("utf-8")
    assert written == "id: 2024-reclami\nanno: 2024\nmoduli: []\naggiornato_il: 2026-01-11\n"
    assert watched.wrong == []
    shutil.rmtree(folder)


def test_our_part_of_the_page_is_accessible_and_reached_by_keyboard(
    watched: Watched, site: str
) -> None:
    page = watched.page
    page.goto(f"{site}admin/")
    page.get_by_role("button", name="Entra", exact=True).wait_for()
    page.locator("#controllo").wait_for()
    found = Axe().run(page, context="#controllo").response["violations"]
    assert [violation["id"] for violation in found] == []
    summary = page.locator("#controllo summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("#controllo details").get_attribute("open") is not None
    page.get_by_role("button", name="Entra", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Sportello sociale di Valle Chiara").focus()
    page.keyboard.press("Enter")
    day = page.get_by_label("Aggiornato il", exact=True)
    day.wait_for()
    own = Axe().run(page, context=".carta-campo").response["violations"]
    assert [violation["id"] for violation in own] == []
    reached = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id.replace(/-field.*/, '')"))
    assert {"nome", "numero", "aggiornato_il"} <= reached


# --- the published page ---

HOST = "https://codice.esempio.it"


@contextmanager
def published(folder: Path) -> Iterator[str]:
    """The built site, with the policy of the editing page as a web server would say it."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", editing_policy([HOST]))
            super().end_headers()

    handler = functools.partial(Handler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    body = trial_body(tmp_path_factory.mktemp("pubblicata") / "ente")
    path = body / "mkdocs.yml"
    text = path.read_text("utf-8").replace("\n  - carta ", "\n  - carta: {prints: false} ")
    told = f'{{backend: forgejo, repo: ufficio/carta, base_url: "{HOST}", app_id: abc-123}}'
    text = text.replace("\nextra:\n", f"\nextra:\n  redazione: {told}\n")
    path.write_text(text.replace("# site_url: https://…", "site_url: https://carta.esempio.it/"))
    build(body / "build" / "site", body)
    return body / "build"


def test_the_published_page_asks_the_git_host_alone_and_only_at_login(
    watched: Watched, built: Path
) -> None:
    met: list[str] = []
    watched.context.route(
        lambda url: not url.startswith("http://127.0.0.1:"),
        lambda route: (met.append(route.request.url), route.fulfill(body="<h1>Entra</h1>")),
    )
    with published(built / "site") as site:
        watched.page.goto(f"{site}admin/")
        button = watched.page.get_by_role("button", name="Entra con Forgejo")
        button.wait_for()
        assert met == []
        assert watched.wrong == []
        button.click()
        watched.page.get_by_text("Entra").wait_for()
        assert [urlsplit(url)._replace(query="").geturl() for url in met] == [
            f"{HOST}/login/oauth/authorize"
        ]
    asked = parse_qs(urlsplit(met[0]).query)
    assert asked["client_id"] == ["abc-123"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"{site}admin/"]
    assert "client_secret" not in asked


def test_the_published_page_is_in_no_list(built: Path) -> None:
    site = built / "site"
    assert {path.name for path in (site / "admin").iterdir()} == {*page_files(), "config.json"}
    assert "/admin/" not in (site / "sitemap.xml").read_text("utf-8")
    pages = [path for path in site.rglob("*.html") if path.parent.name != "admin"]
    assert pages
    assert not [path for path in pages if 'href="/admin' in path.read_text("utf-8")]
    policy = editing_policy([HOST])
    assert all(policy in path.read_text("utf-8") for path in (built / "deploy").iterdir())


def test_without_the_word_nothing_of_it_is_published(tmp_path: Path) -> None:
    body = trial_body(tmp_path / "ente")
    path = body / "mkdocs.yml"
    text = path.read_text("utf-8").replace("\n  - carta ", "\n  - carta: {prints: false} ")
    path.write_text(text, "utf-8")
    build(body / "build" / "site", body)
    assert not (body / "build" / "site" / "admin").exists()
    for file in (body / "build" / "deploy").iterdir():
        assert "unsafe-eval' " not in file.read_text("utf-8").replace("'wasm-unsafe-eval'", "")
