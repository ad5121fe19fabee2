"""What has changed, from dates and from real git repositories; and the pages that tell it."""

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from test_history import commit, git

from site_builder import views, views_news
from site_builder.beside import Beside
from site_builder.diary import UNKNOWN, Change, History, _read, history_of
from site_builder.news import LIMIT, by_month, changed_pages, news, recent
from site_builder.news_entry import Entry
from site_builder.site import compose
from site_builder.templating import render
from site_builder.top_keys import changed_fields
from tests.bodies import BODIES, DAY, catalog_of, good_catalog
from tests.conftest import Body, Content

SHEET = "content/services/asilo-nido.yml"
DESK = "content/contacts/segretariato-casarano.yml"
AREAS = "content/areas.yml"
BEGAN = date(2026, 2, 1)
State = Callable[[Content, str], Path]


def forget() -> None:
    """Let the next history be read from git."""
    _read.cache_clear()


def told(entries: list[Entry]) -> list[str]:
    return [f"{e.day} {e.title}: {e.text}" if e.text else f"{e.day} {e.title}" for e in entries]


def of_git(*changes: Change) -> History:
    """A history in which all that the minimal body has was there at first."""
    records = (("services", "asilo-nido"), ("contacts", "segretariato-casarano"),
               ("carta", "carta"), ("areas", "areas"))  # fmt: skip
    return History(changes, dict.fromkeys(records, BEGAN), BEGAN, {"services": 1, "contacts": 1})


def news_of(folder: Path, today: date, history: History = UNKNOWN) -> list[str]:
    return told(news(good_catalog(folder, today), today, history))


class TestDates:
    """Without git: what the records themselves say."""

    def test_each_record_says_when_it_was_updated(self, body: Body, today: date) -> None:
        change = {SHEET: {"aggiornato_il": "2026-03-01"}, DESK: {"aggiornato_il": "2026-04-01"}}
        assert news_of(body(change), today) == [
            "2026-04-01 Segretariato sociale di Casarano: testo aggiornato",
            "2026-03-01 Asilo nido: testo aggiornato",
            "2026-01-01 La Carta nel suo insieme: testo aggiornato",
        ]

    @pytest.mark.parametrize("name", BODIES)
    def test_the_day_of_all_texts_is_told_once(self, name: str) -> None:
        (first, *others) = news(catalog_of(name), DAY)[::-1]
        sheets = [s for s in catalog_of(name).services.values() if s.aggiornato_il == first.day]
        assert first.title == "Testi di questa Carta"
        assert len(sheets) > 8
        assert f"{len(sheets)} schede" in first.text
        assert {entry.day for entry in others}.isdisjoint({first.day})

    def test_a_notice_begins_and_ends(self, body: Body, today: date) -> None:
        notice = {
            "id": "bando", "titolo": "Bando nido", "tipo": "bando", "testo": "Si può.",
            "pubblicato_il": "2026-10-01", "chiude_il": "2026-10-31",
            "aggiornato_il": "2026-10-01",
        }  # fmt: skip
        catalog = good_catalog(body({"content/notices/bando.yml": notice}), today)
        assert told(news(catalog, today))[:2] == [
            "2026-11-01 Bando nido: chiuso, l'ultimo giorno utile era il 31 ottobre 2026",
            "2026-10-01 Bando nido: pubblicato",
        ]
        last = told(news(catalog, date(2026, 10, 31)))
        assert last[0] == "2026-10-01 Bando nido: pubblicato"
        assert not any("Bando" in line for line in told(news(catalog, date(2026, 9, 30))))
        prolonged = body({"content/notices/bando.yml": notice | {"aggiornato_il": "2026-10-20"}})
        assert "2026-10-20 Bando nido: testo aggiornato" in news_of(prolonged, today)

    def test_editions(self, body: Body, today: date) -> None:
        edition = {"versione": "II", "valida_dal": "2026-05-01", "titolo": "Carta"}
        assert news_of(body({"content/carta.yml": {"edizione": edition}}), today)[0] == (
            "2026-05-01 Carta, II: entra in vigore"
        )

    def test_what_was_checked_is_told_by_day(self, body: Body, today: date) -> None:
        day = {"verificato_il": "2026-06-01"}
        entries = news(good_catalog(body({SHEET: day, DESK: day}), today), today)
        assert told(entries)[0] == "2026-06-01 Verificati con l'ufficio: 1 scheda e 1 contatto"
        assert entries[0].names[0] == ("Asilo nido", "servizi/asilo-nido/")


class TestHistory:
    """With git: which fields, what is new, what is gone."""

    def test_what_changed_is_named_as_the_schema_does(self, body: Body, today: date) -> None:
        day = date(2026, 3, 1)
        history = of_git(
            Change(day, "contacts", "segretariato-casarano", "cambiato", ("telefoni", "orari")),
            Change(day, "services", "asilo-nido", "cambiato", ("come_fare",)),
            Change(day, "areas", "areas", "cambiato", ("aree",)),
            Change(day, "carta", "carta", "cambiato", ("ente", "comuni", "reti", "gruppi", "x")),
        )
        assert news_of(body(), today, history) == [
            "2026-03-01 Asilo nido: è cambiata la voce «Come fare»",
            "2026-03-01 Segretariato sociale di Casarano: sono cambiate le voci «Telefoni» e "
            "«Orari»",
            "2026-03-01 La Carta nel suo insieme: sono cambiate 5 voci, fra cui «Ente», «Comuni» e "
            "«Reti di sportelli»",
            "2026-03-01 Aree dei servizi: testo aggiornato",
            "2026-02-01 Prima versione di questa Carta: 1 scheda e 1 contatto",
        ]

    def test_a_date_that_git_has_told_is_not_told_twice(self, body: Body, today: date) -> None:
        folder = body({SHEET: {"aggiornato_il": "2026-02-28"}})
        change = Change(date(2026, 3, 1), "services", "asilo-nido", "cambiato", ("costo",))
        history = replace(of_git(change), seen={("services", "asilo-nido"): change.day})
        history = replace(history, seen={**of_git().seen, **history.seen})
        assert news_of(folder, today, history)[0] == (
            "2026-03-01 Asilo nido: è cambiata la voce «Quanto costa»"
        )
        assert len(news_of(folder, today, history)) == 2
        # What is not committed yet is known by its date alone.
        newer = body({SHEET: {"aggiornato_il": "2026-03-02"}})
        assert news_of(newer, today, history)[0] == "2026-03-02 Asilo nido: testo aggiornato"

    def test_what_is_gone_is_told_by_its_last_name(self, body: Body, today: date) -> None:
        day = date(2026, 3, 1)
        history = of_git(
            Change(day, "services", "vecchia", "tolto", title="Vecchia scheda"),
            Change(day, "contacts", "segreto", "tolto"),  # git found that it was delicate
            Change(day, "notices", "bando", "tolto", title="Bando"),
            Change(day, "services", "altra", "tolto", title="Asilo nido"),  # renamed
            Change(day, "services", "asilo-nido", "nuovo"),
        )
        assert news_of(body(), today, history)[:3] == [
            "2026-03-01 Asilo nido: nuova scheda",
            "2026-03-01 Vecchia scheda: scheda che non c'è più",
            "2026-03-01 Contatto: non c'è più",
        ]
        assert len(news_of(body(), today, history)) == 4

    def test_what_came_and_went_is_told_once(self, body: Body, today: date) -> None:
        history = of_git(
            Change(date(2026, 3, 3), "services", "prova", "tolto", title="Prova"),
            Change(date(2026, 3, 2), "services", "prova", "cambiato", ("titolo",)),
            Change(date(2026, 3, 1), "services", "prova", "nuovo"),
            Change(date(2026, 3, 1), "services", "asilo-nido", "tolto", title="Asilo nido"),
        )
        assert news_of(body(), today, history) == [
            "2026-03-03 Prova: scheda che non c'è più",
            "2026-02-01 Prima versione di questa Carta: 1 scheda e 1 contatto",
        ]

    def test_many_on_a_day_are_told_as_one(self) -> None:
        catalog = catalog_of("casarano")
        ids, later = list(catalog.services), DAY + timedelta(days=1)
        for count in (8, 9):
            changes = [Change(later, "services", id, "cambiato", ("costo",)) for id in ids[:count]]
            history = History(tuple(changes), {}, None)
            shown = [e for e in news(catalog, later, history) if e.day == later]
            assert len(shown) == (8 if count == 8 else 1)
        assert shown[0].title == "Aggiornamento di 9 schede"
        assert {address for _, address in shown[0].names} == {f"servizi/{id}/" for id in ids[:9]}
        pages = changed_pages(shown)
        assert pages[f"servizi/{ids[0]}/"] == f"novita/#g-{later}"

    def test_the_numbers_of_a_year(self, body: Body, today: date) -> None:
        year = {"id": "2025", "anno": 2025, "misure": [], "aggiornato_il": "2026-02-10"}
        folder = body({"content/results/2025.yml": year})
        new = Change(date(2026, 2, 10), "results", "2025", "nuovo")
        seen = {**of_git().seen, ("results", "2025"): new.day}
        history = replace(of_git(new), seen=seen)
        assert news_of(folder, today, history)[0] == "2026-02-10 Risultati del 2025: pubblicati"
        assert "2026-02-10 Risultati del 2025: numeri aggiornati" in news_of(folder, today)

    def test_of_a_secret_place_it_is_not_said_what_changed(self) -> None:
        catalog = catalog_of("casarano")
        secret = next(contact for contact in catalog.contacts.values() if contact.riservata)
        change = Change(DAY, "contacts", secret.id, "cambiato", ("indirizzo", "telefoni"))
        entry = next(e for e in news(catalog, DAY, History((change,))) if e.id == secret.id)
        assert entry.text == "testo aggiornato"
        assert entry.discreet
        assert secret.nome not in entry.discreet

    def test_tomorrow_is_not_told(self, body: Body, today: date) -> None:
        change = Change(today + timedelta(days=1), "services", "asilo-nido", "cambiato", ("costo",))
        assert len(news_of(body(), today, of_git(change))) == 1


class TestFields:
    """Which keys of a file have another value."""

    @pytest.mark.parametrize(
        ("before", "after", "expected"),
        [
            ("a: 1\nb: 2\n", "a: 1\nb: 3\n", ["b"]),
            ("a: 1\n", "b: 1\na: 1\n", ["b"]),
            ("a: 1\nb: 2\n", "b: 2\n", ["a"]),
            ("a: uno\n", "# nota\na: 'uno'  # nota\n", []),
            ("a: [1, 2]\nb: x\n", "b: x\na:\n- 1\n- 2\n", []),
            ("a: >\n  uno\n  due\n", "a: uno due\n", ["a"]),  # the line end at the end
            ("a: {x: 1, fonte: {riga: 1}}\n", "a: {x: 1, fonte: {riga: 9}}\n", []),
            ("a: [{x: 1}]\n", "a: [{x: 1, da_verificare: [1]}]\n", []),
            ("fonte: 1\nverificato_il: x\n", "fonte: 2\nda_verificare: [1]\n", []),
            ("violenza: true\n", "riservata: true\n", []),
            ("a: [\n", "a: [1\n", ["a"]),  # neither can be read
            ("a: 1\r\nb: 1\r\n", "a: 1\nb: 1\n", []),
            ("\ufeffa: 1\n", "a: 1\n", []),
            ("a: |\n  b: 1\n", "a: |\n  b: 2\n", ["a"]),
            ("a: 1", "", ["a"]),
        ],
    )
    def test_yaml(self, before: str, after: str, expected: list[str]) -> None:
        found = list(changed_fields("services", before.encode(), after.encode()))
        assert found == expected

    @pytest.mark.parametrize(
        ("before", "after", "expected"),
        [
            ("---\ntitle: A\n---\nTesto.\n", "---\ntitle: B\n---\nTesto.\n\n", ["title"]),
            ("---\ntitle: A\n---\nTesto.\n", "---\ntitle: A\n---\nAltro: testo.\n", ["testo"]),
            ("---\ntitle: A\n---\na: 1\n", "---\ntitle: A\n---\na: 2\n", ["testo"]),
            ("senza", "---\ntitle: A\n---\nsenza", ["title"]),
        ],
    )
    def test_pages(self, before: str, after: str, expected: list[str]) -> None:
        assert list(changed_fields("pages", before.encode(), after.encode())) == expected

    @settings(max_examples=50)
    @given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["pages", "services"]))
    def test_any_text_is_read_without_a_fault(self, before: str, after: str, kind: str) -> None:
        raw = before.encode("utf-8", "surrogatepass"), after.encode("utf-8", "surrogatepass")
        assert list(changed_fields(kind, raw[0], raw[0])) == []
        assert "fonte" not in list(changed_fields(kind, *raw))


def entry(day: date, id: str = "x") -> Entry:
    return Entry(day, "services", id, f"Scheda {id}")


def test_months_and_days_are_in_their_order() -> None:
    days = [date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 1), date(2025, 3, 1)]
    found = by_month(entry(day) for day in days)
    assert [(month, [(day.day, len(same)) for day, same in days]) for month, days in found] == [
        ("marzo 2026", [(2, 2), (1, 1)]), ("marzo 2025", [(1, 1)]),
    ]  # fmt: skip


@settings(max_examples=40)
@given(st.lists(st.integers(0, 40), max_size=300))
def test_the_first_page_parts_no_day_and_the_years_lose_nothing(ages: list[int]) -> None:
    days = sorted((date(2026, 1, 20) - timedelta(days=age) for age in ages), reverse=True)
    entries = [entry(day, str(number)) for number, day in enumerate(days)]
    front = recent(entries)
    assert front == entries[: len(front)]
    assert len(front) >= min(LIMIT, len(entries))
    rest = entries[len(front) :]
    assert not rest or rest[0].day < front[-1].day
    years = views_news.news(entries, UNKNOWN)["years"]
    assert bool(years) == bool(rest)
    months = [views_news.news(entries, UNKNOWN, year)["months"] for year in years]
    shown = [e for year in months for _, days in year for _, same in days for e in same]
    assert shown == (entries if years else [])


def page_of(catalog_name: str, history: History) -> BeautifulSoup:
    catalog = catalog_of(catalog_name)
    view = views_news.news(news(catalog, DAY, history), history)
    html = render("pages/news.html", **views.common(catalog, DAY), **view)
    return BeautifulSoup(html, "html.parser")


def test_the_page_says_where_it_comes_from() -> None:
    without, with_git = page_of("casarano", UNKNOWN), page_of("casarano", of_git())
    assert "dalla data dell'ultimo aggiornamento" in without.get_text()
    assert "ciò che è stato tolto, qui non si vedono" in without.get_text()
    assert "che comincia il 1º febbraio 2026" in with_git.get_text()
    assert with_git.select_one('a[href="/novita.xml"]')


def test_the_years_and_the_sheets_are_linked(body: Body, today: date) -> None:
    days = [today - timedelta(days=9 * number) for number in range(1, 131)]
    change = Change(today, "services", "asilo-nido", "cambiato", ("costo",))
    changes = [replace(change, day=day) for day in days]
    beside = Beside(history=replace(of_git(*changes), began=None))
    site = compose(good_catalog(body(), today), today, frozenset(), beside=beside)
    bodies = {page.url: page.body for page in site.pages}
    years = sorted({day.year for day in days}, reverse=True)
    assert [url for url in bodies if url.startswith("novita")] == [
        "novita/", *(f"novita/{year}/" for year in years)
    ]  # fmt: skip
    assert bodies["novita/"].count("<h3") == LIMIT
    assert sum(bodies[f"novita/{year}/"].count("<h3") for year in years) == len(days)
    assert f'href="/novita/#g-{days[0]}"' in bodies["servizi/asilo-nido/"]
    assert "/novita/#" not in bodies["uffici/segretariato-casarano/"]
    titles = [page.title for page in site.pages]
    assert len(set(titles)) == len(titles)
    # Without git the page already says all that is known: its date.
    plain = compose(good_catalog(body(), today), today, frozenset())
    assert not any("/novita/#" in page.body for page in plain.pages if page.url != "novita/")


@pytest.mark.slow
@pytest.mark.tools
class TestRepository:
    """In real repositories."""

    @pytest.fixture(autouse=True)
    def _settings(self, monkeypatch: pytest.MonkeyPatch, elsewhere: Path) -> None:
        """Git with settings that would change what it says, were they heeded."""
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(elsewhere / "impostazioni"))
        (elsewhere / "impostazioni").write_text(
            "[log]\nshowRoot = false\ndiffMerges = combined\ndate = relative\nfollow = true\n"
            "[diff]\nrenames = copies\nnoprefix = true\n[color]\nui = always\n"
            "[format]\npretty = oneline\n[core]\nquotePath = true\n"
        )
        monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        monkeypatch.setenv("TZ", "Asia/Tokyo")

    @pytest.fixture
    def state(self, body: Body, tmp_path: Path) -> State:
        """Write the minimal body with some changes, as the only content, and commit it on a day."""

        def write(changes: Content, day: str) -> Path:
            shutil.rmtree(tmp_path / "content", ignore_errors=True)
            commit(body(changes), f"{day}T23:30:00+0200" if len(day) == 10 else day)
            return tmp_path

        return write

    @pytest.fixture
    def elsewhere(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        """A folder outside of the repository."""
        return tmp_path_factory.mktemp("altrove")

    def test_the_days_and_fields(self, state: State, today: date) -> None:
        state({SHEET: {"titolo": "Bozza"}}, "2026-02-01")
        state({}, "2026-02-01")  # the same day: still the first version
        other = {"id": "altro", "nome": "Sportello di via Roma", "tipo": "sportello",
                 "fonte": {"documento": "carta-prova", "riga": 1}}  # fmt: skip
        both = {"content/contacts/altro.yml": other}
        state(both, "2026-03-01")
        state(both | {DESK: {"telefoni": [{"numero": "0833 502420"}]}}, "2026-03-02")
        phone = {"telefoni": [{"numero": "0833 502429"}]}
        state(both | {DESK: phone}, "2026-03-02")
        state(both | {DESK: phone | {"fonte": {"riga": 2}}}, "2026-03-03")
        root = state({DESK: phone}, "2026-03-04")
        found = history_of(root)
        assert found.began == BEGAN
        assert found.seen["contacts", "segretariato-casarano"] == date(2026, 3, 4)
        assert found.stock == {"services": 1, "contacts": 1, "carta": 1, "areas": 1}
        assert found.changes == (
            Change(date(2026, 3, 4), "contacts", "altro", "tolto", title="Sportello di via Roma"),
            Change(
                date(2026, 3, 2), "contacts", "segretariato-casarano", "cambiato", ("telefoni",)
            ),
            Change(date(2026, 3, 1), "contacts", "altro", "nuovo"),
        )
        assert news_of(root, today, found) == [
            "2026-03-04 Sportello di via Roma: contatto che non c'è più",
            "2026-03-02 Segretariato sociale di Casarano: è cambiata la voce «Telefoni»",
            "2026-02-01 Prima versione di questa Carta: 1 scheda e 1 contatto",
        ]

    def test_what_is_delicate_has_no_name_once_it_is_gone(self, state: State) -> None:
        state({"content/contacts/x.yml": {"id": "x", "nome": "Casa segreta", "riservata": True},
               "content/services/y.yml": {"id": "y", "titolo": "Aiuto", "violenza": True}},
              "2026-02-01")  # fmt: skip
        found = history_of(state({}, "2026-02-02"))
        assert [(c.kind, c.sort, c.title) for c in found.changes] == [
            ("contacts", "tolto", ""), ("services", "tolto", ""),
        ]  # fmt: skip
        assert "Casa segreta" not in repr(found)

    def test_who_wrote_what_is_never_read(self, state: State) -> None:
        root = state({}, "2026-02-01")
        git(root, "commit", "-q", "--allow-empty", "-m", "Tolta la signora Bianchi")
        root = state({SHEET: {"titolo": "Altro"}}, "2026-02-03")
        assert "Bianchi" not in repr(history_of(root))
        assert "Prova" not in repr(history_of(root))

    def test_a_change_is_of_the_day_on_which_it_was_merged(self, state: State) -> None:
        root = state({}, "2026-02-01")
        git(root, "checkout", "-q", "-b", "proposta")
        state({SHEET: {"titolo": "Nido"}}, "2026-02-10")
        git(root, "checkout", "-q", "main")
        git(root, "merge", "-q", "--no-ff", "proposta", day="2026-04-01T10:00:00+0100")
        days = [(c.day, c.fields) for c in history_of(root).changes]
        assert days == [(date(2026, 4, 1), ("titolo",))]

    def test_the_day_is_that_of_who_committed(self, state: State) -> None:
        state({}, "2026-02-01")
        root = state({SHEET: {"titolo": "Nido"}}, "2026-03-01T00:30:00+0200")
        assert history_of(root).changes[0].day == date(2026, 3, 1)

    def test_only_this_body_counts(self, state: State) -> None:
        root = state({}, "2026-02-01")
        inside = root / "esempi [a]" / "uno"
        shutil.copytree(root / "content", inside / "content")
        (root / "altro.txt").write_text("x")
        (root / "content" / "LEGGIMI.md").write_text("note")
        (root / "content" / "services" / "vecchie").mkdir()
        (root / "content" / "services" / "vecchie" / "x.yml").write_text("id: x\n")
        commit(root, "2026-03-01T10:00:00+0100")
        assert history_of(root).changes == ()
        assert history_of(inside).began == date(2026, 3, 1)

    def test_nothing_is_known_without_history(
        self, state: State, elsewhere: Path, today: date, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        state({}, "2026-02-01")
        state({SHEET: {"titolo": "Due"}}, "2026-03-01")
        root = state({SHEET: {"titolo": "Tre"}}, "2026-04-01")
        git(elsewhere, "clone", "-q", "--depth=1", root.as_uri(), "uno")
        assert history_of(elsewhere / "uno") == UNKNOWN
        git(elsewhere, "clone", "-q", "--depth=2", root.as_uri(), "due")
        shallow = history_of(elsewhere / "due")
        assert shallow.began is None
        assert [(c.day, c.fields) for c in shallow.changes] == [(date(2026, 4, 1), ("titolo",))]
        lines = news_of(elsewhere / "due", today, shallow)
        assert not any("Prima versione" in line for line in lines)
        assert "2026-04-01 Tre: è cambiata la voce «Titolo»" in lines
        shutil.copytree(root / "content", elsewhere / "fuori" / "content")
        assert history_of(elsewhere / "fuori") == UNKNOWN
        git(elsewhere / "fuori", "init", "-q")
        assert history_of(elsewhere / "fuori") == UNKNOWN
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
        assert history_of(root) == UNKNOWN
        monkeypatch.setenv("PATH", str(elsewhere / "nessun-programma"))
        assert history_of(root) == UNKNOWN

    def test_a_copy_without_old_files_asks_nobody(self, state: State, elsewhere: Path) -> None:
        root = state({}, "2026-02-01")
        state({SHEET: {"titolo": "Due"}}, "2026-03-01")
        git(root, "config", "uploadpack.allowFilter", "true")
        git(elsewhere, "clone", "-q", "--filter=blob:none", root.as_uri(), "copia")
        assert history_of(elsewhere / "copia") == UNKNOWN

    def test_the_same_state_gives_the_same_and_is_read_once(self, state: State) -> None:
        state({}, "2026-02-01")
        root = state({SHEET: {"titolo": "Due"}}, "2026-03-01")
        first = history_of(root)
        assert history_of(root) is first
        forget()
        assert history_of(root) == first
        first = history_of(root)
        (root / SHEET).write_text("bozza")  # an edit that is not committed
        assert history_of(root) is first
        assert history_of(state({SHEET: {"titolo": "Tre"}}, "2026-03-02")) is not first

    def test_reading_costs_little(self) -> None:
        start = time.process_time()
        forget()
        if history_of(BODIES["casarano"]) == UNKNOWN:
            pytest.skip("questa copia del deposito è senza storia")
        assert time.process_time() - start < 0.5  # 0.02 when this was written
