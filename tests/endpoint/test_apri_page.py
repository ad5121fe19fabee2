"""The page that opens what arrives, from the disk, in a real browser."""

import io
import json
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_runner import look
from office import IDENTITY, KEY_FILE, NOW, OTHERS, PHRASE, Sent, exported, number
from playwright.sync_api import Browser, Page, expect
from spreadsheet import FORMULAS, read_csv, read_ods, without_apostrophe

from endpoint.office.exporting import read_export
from endpoint.office.keyfiles import lock_key
from endpoint.office.opening import open_all, table
from endpoint.office.sheets import to_csv, to_ods

pytestmark = [pytest.mark.slow, pytest.mark.browser]

ROOT = Path(__file__).parents[2]
ROOM = ROOT / "endpoint" / "apri"
PAGE = ROOM / "apri-reclami.html"
TITLE = "Apri i reclami"
HOSTILE = '<img src=x onerror="document.title=1"></script><script>document.title=2</script>&lt;'
ADA = Sent(
    number(1), {"Nome": "Ada Però", "Telefono": "+39 0000 000000", "Fatti": "Prima\n\n  seconda"}
)
BEA = Sent(
    number(2), {"Nome": "Bea", "Fatti": HOSTILE}, "contatto", "chiuso", NOW + 60, True,
    "0000123/2027", "accolto",
)  # fmt: skip
CIA = Sent(number(3), {"Nome": "Cia", "Fatti": "Nell'atrio."}, state="chiuso", received=NOW + 90)
ALL = (ADA, BEA, CIA)
Open = Callable[..., None]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """The page from the disk. Whatever it asks the network for, or says in its console, is red."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="it-IT")
    page = context.new_page()
    wrong: list[str] = []
    page.on("request", lambda asked: wrong.append(asked.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text))
    page.goto(PAGE.as_uri())
    yield page
    assert [text for text in wrong if text != PAGE.as_uri() and not text.startswith("blob:")] == []
    context.close()


@pytest.fixture
def opened(page: Page, tmp_path: Path) -> Open:
    """Choose a key and an export, type the phrase, open."""

    def run(export: bytes | None, key: bytes | None = KEY_FILE, phrase: str = PHRASE) -> None:
        for field, name, data in (
            ("#chiave", "chiave-ufficio.age", key), ("#invii", "invii.json", export),
        ):  # fmt: skip
            if data is not None:
                (tmp_path / name).write_bytes(data)
                page.set_input_files(field, tmp_path / name)
        page.fill("#frase", phrase)
        page.get_by_role("button", name="Apri", exact=True).click()
        page.locator("#apri:not([disabled])").wait_for(state="attached")

    return run


def _rows(*sent: Sent) -> list[list[str]]:
    items, closed = open_all(read_export(exported(*sent)), IDENTITY)
    assert not closed
    return table(items)


def _saved(page: Page, kind: str) -> bytes:
    with page.expect_download() as download:
        page.locator(f"#salva-{kind}").click()
    assert download.value.suggested_filename == f"invii.{kind}"
    return download.value.path().read_bytes()


# --- Opening, reading, finding -----------------------------------------------------------------


def test_what_citizens_wrote_is_read(page: Page, opened: Open) -> None:
    opened(exported(*ALL))
    expect(page.get_by_role("heading", level=1)).to_have_text("3 invii")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    names = [item.inner_text() for item in page.get_by_role("listitem").all()]
    assert [" ".join(name.split()) for name in names] == [
        "LOI-0001-0000-0 Reclamo 15/01/2027 ore 09:00 ricevuto",
        "LOI-0002-0000-0 Contatto sospetto 15/01/2027 ore 09:01 chiuso",
        "LOI-0003-0000-0 Reclamo 15/01/2027 ore 09:01 chiuso",
    ]
    page.get_by_role("button", name="LOI-0001").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reclamo LOI-0001-0000-0")
    shown = dict(
        zip(
            page.locator("dt").all_text_contents(),
            page.locator("dd").all_text_contents(),
            strict=True,
        )
    )
    assert shown == {
        "Ricevuto": "15/01/2027 ore 09:00", "Stato": "ricevuto", "Canale": "web", **ADA.answers,
    }  # fmt: skip


def test_what_looks_like_a_page_is_text(page: Page, opened: Open) -> None:
    opened(exported(*ALL))
    page.get_by_role("button", name="LOI-0002").click()
    expect(page.locator("dd").last).to_have_text(HOSTILE)
    assert page.locator("#uno img, #uno script").count() == 0
    assert page.title() == TITLE


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("pero", [1]), ("PERÒ ada", [1]), ("0000123", [2]), ("atrio", [3]), ("nell' CIA", [3]),
        ("zoe", []), ("a", [1, 2, 3]), ("accolto", [2]), ("loi-0003", [3]), ("  ", [1, 2, 3]),
    ],
)  # fmt: skip
def test_words_are_found_without_their_accents(
    page: Page, opened: Open, typed: str, found: list[int]
) -> None:
    opened(exported(*ALL))
    page.get_by_label("Cerca nelle risposte").fill(typed)
    assert _listed(page) == found
    if found != [1, 2, 3]:
        expect(page.locator("#quanti")).to_have_text(f"Elencati: {len(found)}")
    assert page.locator("#azioni").is_visible() == bool(found)


def test_forms_and_states_are_chosen(page: Page, opened: Open) -> None:
    opened(exported(*ALL))
    page.get_by_label("Stato").select_option("chiuso")
    assert _listed(page) == [2, 3]
    page.get_by_label("Modulo").select_option(label="Reclamo")
    assert _listed(page) == [3]
    # What is saved is what is listed.
    assert [row[0] for row in read_csv(_saved(page, "csv"))] == ["Numero", CIA.number]


def _listed(page: Page) -> list[int]:
    return [int(text[4:8]) for text in page.locator("#invii-elenco .number").all_text_contents()]


# --- What goes wrong ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"key": None}, "chiave", "Scegli il file della chiave."),
        ({"export": None}, "invii", "Scegli il file degli invii."),
        ({"phrase": ""}, "frase", "Scrivi la frase segreta"),
        ({"phrase": "sbagliata"}, "frase", "La frase segreta non apre questa chiave"),
        ({"key": KEY_FILE[:-5]}, "frase", "il file della chiave è rovinato"),
        ({"key": b"\xff\x00 ciao"}, "chiave", "non c'è una chiave privata age"),
        ({"key": b"AGE-SECRET-KEY-1QQ"}, "chiave", "non c'è una chiave privata age"),
        ({"key": str(OTHERS.to_public()).encode()}, "chiave", "non c'è una chiave privata age"),
        ({"key": b"AGE-SECRET-KEY-1" + b"Q" * 58}, "chiave", "non c'è una chiave privata age"),
        ({"export": b"{}"}, "invii", "non è come lo scrive «carta-endpoint esporta»"),
        ({"export": KEY_FILE}, "invii", "non è come lo scrive «carta-endpoint esporta»"),
        (
            {"export": exported(ADA, recipients=(OTHERS.to_public(),))},
            "chiave", "Questa chiave non apre nessuno degli invii",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_italian(
    page: Page, opened: Open, given: dict[str, bytes], field: str, said: str
) -> None:
    opened(**({"export": exported(ADA)} | given))
    box = page.locator("#problema")
    expect(box).to_contain_text(said)
    expect(box).to_be_focused()
    assert page.locator("[aria-invalid=true]").evaluate_all("all => all.map(x => x.id)") == [field]
    box.get_by_role("link").click()
    expect(page.locator(f"#{field}")).to_be_focused()
    # Mended, it goes on, and nothing of the mistake is left.
    opened(exported(ADA))
    expect(page.get_by_role("heading", level=1)).to_have_text("1 invio")
    expect(box).to_be_hidden()


@pytest.mark.parametrize(
    "key", [f"# dal foglio\r\n  {IDENTITY}  \r\n".encode(), str(IDENTITY).encode()]
)
def test_the_recovery_key_copied_from_paper_needs_no_phrase(
    page: Page, opened: Open, key: bytes
) -> None:
    opened(exported(ADA), key, "")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 invio")


def test_what_stays_closed_is_named(page: Page, opened: Open) -> None:
    data = json.loads(exported(*ALL))
    data["invii"] += json.loads(exported(Sent(number(8), {}), recipients=(OTHERS.to_public(),)))[
        "invii"
    ]
    data["invii"][1]["cifrato"] = data["invii"][0]["cifrato"]
    opened(json.dumps(data).encode())
    expect(page.locator("#chiusi")).to_contain_text(f"rovinati: {BEA.number}, {number(8)}.")
    assert _listed(page) == [1, 3]


# --- What is saved -----------------------------------------------------------------------------


def test_the_files_are_those_of_the_command(page: Page, opened: Open) -> None:
    """Cell by cell and mark by mark: two programs, one table."""
    opened(exported(*ALL))
    rows = _rows(*ALL)
    assert _saved(page, "csv") == to_csv(rows)
    saved, written = _saved(page, "ods"), to_ods(rows)
    assert read_ods(saved) == read_ods(written)
    assert _parts(saved) == _parts(written)


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def test_no_formula_comes_out(page: Page, opened: Open) -> None:
    odd = ["\x00\x0b\x1f", "\ufffe\uffff", "\U0001f600", "  due  \t spazi ", "a\r\nb\rc", ']]>&<"']
    texts = [*FORMULAS, *odd]
    sent = [Sent(number(place), {"Fatti": text}) for place, text in enumerate(texts)]
    opened(exported(*sent))
    cells = [row[8] for row in read_csv(_saved(page, "csv"))[1:]]
    assert [without_apostrophe(cell) for cell in cells] == texts
    for cell in cells:
        assert cell.lstrip(" \u00a0\u200b\ufeff")[:1] not in tuple("=+-@＝＋－＠\t\r\n")
    rows = _rows(*sent)
    assert _saved(page, "csv") == to_csv(rows)
    saved = _saved(page, "ods")
    assert read_ods(saved) == read_ods(to_ods(rows))  # and none of its cells is a formula
    assert _parts(saved) == _parts(to_ods(rows))


# --- On paper ----------------------------------------------------------------------------------


_WATCH_PAPER = """() => {
  window.printed = [];
  window.print = () => {
    printed.push([...document.querySelectorAll("#stampa article")].map((a) => a.textContent));
  };
}"""


def test_one_or_all_are_printed_alone(page: Page, opened: Open) -> None:
    page.evaluate(_WATCH_PAPER)
    opened(exported(*ALL))
    page.locator("#stampa-tutti").click()
    page.get_by_role("button", name="LOI-0003").click()
    page.locator("#stampa-uno").click()
    printed = page.evaluate("printed")
    assert [len(papers) for papers in printed] == [3, 1]
    page.emulate_media(media="print")
    expect(page.locator("#stampa")).to_be_visible()
    assert page.locator("body").inner_text().startswith(f"Reclamo {CIA.number}")
    for other in (".head", "#elenco", "#uno", "footer", "#stato"):
        expect(page.locator(other)).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#stampa").inner_html() == ""


# --- Nothing stays -----------------------------------------------------------------------------


_TYPED = "['chiave', 'frase', 'invii'].map((id) => document.getElementById(id).value)"
_KEPT = """async () => [localStorage.length, sessionStorage.length, document.cookie.length,
  (await indexedDB.databases()).length]"""


def test_it_forgets(page: Page, opened: Open) -> None:
    opened(exported(*ALL))
    # Opened, the phrase and the files are no longer in their fields.
    assert page.evaluate(_TYPED) == ["", "", ""]
    page.get_by_role("button", name="LOI-0001").click()
    assert (page.title(), page.url) == (TITLE, PAGE.as_uri())
    with page.expect_navigation():
        page.get_by_role("button", name="Chiudi e dimentica").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_role("button", name="Chiudi e dimentica")).to_be_hidden()
    assert "Ada" not in page.content()
    assert page.evaluate(_TYPED) == ["", "", ""]
    assert page.evaluate(_KEPT) == [0, 0, 0, 0]
    assert (page.title(), page.url) == (TITLE, PAGE.as_uri())


def test_coming_back_shows_nothing(page: Page, opened: Open) -> None:
    opened(exported(*ALL))
    page.goto("about:blank")
    page.go_back()
    expect(page.locator("#entrata")).to_be_visible()
    assert "Ada" not in page.content()


# --- For everybody -----------------------------------------------------------------------------


def _tab_to(page: Page, name: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText ?? ''").startswith(name):
            return
    raise AssertionError(f"«{name}» is not reached by the keyboard")


def test_the_keyboard_is_enough(page: Page, opened: Open, tmp_path: Path) -> None:
    (tmp_path / "k").write_bytes(KEY_FILE)
    (tmp_path / "e").write_bytes(exported(*ALL))
    page.set_input_files("#chiave", tmp_path / "k")
    page.set_input_files("#invii", tmp_path / "e")
    page.locator("#frase").focus()
    page.keyboard.type(PHRASE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("3 invii")
    _tab_to(page, "LOI-0002")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#torna")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="LOI-0002")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_label("Stato")).to_be_focused()


def test_the_phrase_can_be_seen_and_hides_again(page: Page, opened: Open) -> None:
    phrase = page.locator("#frase")
    assert phrase.get_attribute("type") == "password"
    page.get_by_label("Mostra la frase").check()
    assert phrase.get_attribute("type") == "text"
    opened(exported(ADA))
    assert phrase.get_attribute("type") == "password"


def test_axe_finds_nothing_in_any_state(page: Page, opened: Open) -> None:
    states = {"entrata": lambda: None, "problema": lambda: opened(None),
              "elenco": lambda: opened(exported(*ALL)),
              "uno": lambda: page.get_by_role("button", name="LOI-0002").click()}  # fmt: skip
    reports = []
    for name, enter in states.items():
        enter()
        page.locator("details").evaluate("(box, name) => { box.open = name === 'entrata' }", name)
        reports += look(page, name)
        page.set_viewport_size({"width": 320, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert [report for report in reports if report.violations] == []
    assert len(reports) == 16
    assert min(len(report.rules) for report in reports) > 20


# --- Five hundred, and a key as the ceremony makes it --------------------------------------------


def test_five_hundred_are_opened(
    page: Page, opened: Open, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = [Sent(number(n), {"Nome": f"Ada {n}", "Fatti": "Parole. " * 80}) for n in range(500)]
    export, key = exported(*sent), lock_key(IDENTITY, PHRASE)
    page.set_default_timeout(120_000)
    start = time.perf_counter()
    opened(export, key)
    taken = time.perf_counter() - start
    expect(page.get_by_role("heading", level=1)).to_have_text("500 invii")
    work = re.search(rb"-> scrypt \S+ (\d+)", key)
    assert work
    with capsys.disabled():
        print(f"\n500 invii dal file: {taken:.1f} s (scrypt 2^{work[1].decode()})")
    page.get_by_label("Cerca nelle risposte").fill("ADA 499")
    assert _listed(page) == [499]
