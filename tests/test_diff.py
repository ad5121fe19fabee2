"""What changes between two states of the content: found, told in words, and kept safe."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from site_builder.catalog import Catalog
from site_builder.check import check_content
from site_builder.content import RECORDS
from site_builder.diff.compare import compare
from site_builder.diff.html import as_html
from site_builder.diff.lines import Section, line, steady
from site_builder.diff.markdown import MARK, as_markdown, escaped
from site_builder.diff.report import build_report
from site_builder.diff.sentences import change_line, word_pieces
from site_builder.diff.sight import Side, Sight
from site_builder.diff.text import as_text
from site_builder.documents import Document
from site_builder.loader import KeyPath
from site_builder.model import to_record
from site_builder.pointers import iter_leaves, shape
from site_builder.titles import field_schema, field_titles
from tests.bodies import BODIES, catalog_of, checked
from tests.conftest import Body, Content

CARTA = "content/carta.yml"
SHEET = "content/services/asilo-nido.yml"
DESK = "content/contacts/segretariato-casarano.yml"
PHONE = "content/contacts/numero-amico.yml"
NEWER = {"aggiornato_il": "2026-11-21"}
_SOURCE = {"documento": "carta-prova", "riga": 1}
_PHONE = {
    "id": "numero-amico", "nome": "Numero amico", "tipo": "telefono",
    "telefoni": [{"numero": "0833 501234", "h24": True}], "fonte": _SOURCE, **NEWER,
}  # fmt: skip

Read = Callable[..., Side]


@pytest.fixture
def read(body: Body, today: date) -> Read:
    def read(changes: Content | None = None) -> Side:
        folder = body(changes)
        for name, change in (changes or {}).items():
            if change is None:
                (folder / name).unlink(missing_ok=True)
        catalog, problems = check_content(folder, today)
        assert catalog
        for name in changes or {}:
            if name not in (CARTA, SHEET, DESK) and (folder / name).exists():
                (folder / name).unlink()
        return Side.of(catalog, problems)

    return read


def told(old: Side, new: Side) -> str:
    return as_text(build_report(old, new, "dal 01/03/2026", "carta pdf --fogli-modificati X"))


@pytest.mark.slow
@pytest.mark.parametrize("name", BODIES)
def test_a_content_is_as_itself(name: str) -> None:
    side = Side.of(*checked(name))
    report = build_report(side, side, "dal 01/03/2026", "carta pdf")
    assert not report.parts
    assert [piece.text for told in report.intro for piece in told.pieces] == [
        "Nel contenuto non cambia niente dal 01/03/2026."
    ]


def test_a_phone_says_before_and_after_and_where_it_stands(read: Read) -> None:
    old = read()
    said = told(old, read({DESK: {"telefoni": [{"numero": "0833 502429"}], **NEWER}}))
    assert "Segretariato sociale di Casarano: cambia\nContatto.\n" in said
    assert (
        "Compare nella scheda Asilo nido, nella pagina di Comune Casarano e in 2 fogli "
        "(A1, 2) della Carta stampata (PDF)." in said
    )
    assert "  - Telefoni: prima 0833 502428, ora 0833 502429\n" in said
    assert "  - Aggiornato il: prima 1º gennaio 2026, ora 21 novembre 2026\n" in said
    assert "Date da aggiornare" not in said
    assert "Togli il foglio A1 del 01/01/2026, metti il foglio A1 del 21/11/2026" in said
    assert "    carta pdf --fogli-modificati X\n" in said
    assert "Vivo a Casarano: dove vado?" in said


@pytest.mark.parametrize(
    ("path", "before", "after", "said"),
    [
        (SHEET, {"costo": {"tipo": "gratuito", "tariffe": [{"voce": "Retta", "importo": 90,
          "unita": "al mese"}]}},
         {"costo": {"tipo": "gratuito", "tariffe": [{"voce": "Retta", "importo": 1250.5,
          "unita": "al mese"}]}},
         "Quanto costa, Tariffe, Importo: prima 90,00 €, ora 1.250,50 €"),
        (SHEET, {}, {"costo": {"tipo": "non_indicato"}},
         "Quanto costa, Classe di costo: prima «gratuito», ora «non indicato»"),
        (DESK, {}, {"orari": [{"giorni": "lun-ven", "dalle": "09:00", "alle": "13:00"}]},
         "Orari: prima dal lunedì al venerdì dalle 9.00 alle 12.00, ora dal lunedì al venerdì "
         "dalle 9.00 alle 13.00"),
        (DESK, {}, {"chiusure": [{"dal": "2026-08-10", "al": "2026-08-16", "motivo": "ferie"}]},
         "Chiusure: aggiunto chiuso dal 10 agosto 2026 al 16 agosto 2026 (ferie)"),
        (SHEET, {}, {"emergenza": True}, "Servizio di emergenza: prima no, ora sì"),
        (SHEET, {}, {"posti": 0}, "Posti: aggiunto 0"),
        (SHEET, {"posti": 0}, {}, "Posti: tolto 0"),
        (SHEET, {"attivita": ["Gioco", "Musica"]}, {"attivita": ["Musica", "Gioco"]},
         "Attività: stesse voci, in un altro ordine: Musica, Gioco"),
        (SHEET, {"attivita": ["Gioco"]}, {"attivita": ["Gioco", "Musica"]},
         "Attività: aggiunto Musica"),
        (SHEET, {}, {"dove_rivolgersi": {"sportelli": [], "contatti": ["segretariato-casarano"]}},
         "Dove rivolgersi, Sportelli di rete: tolto Segretariato sociale"),
        (DESK, {}, {"telefoni": [{"numero": "0833 502428", "nota": "solo al mattino"}]},
         "Telefoni, Nota: aggiunto solo al mattino"),
        (DESK, {"telefoni": [{"numero": "0833 502428"}, {"numero": "0833 502429"}]},
         {"telefoni": [{"numero": "0833 502428"}, {"numero": "0833 502429", "h24": True}]},
         "Telefoni, «0833 502429», Risponde 24 ore su 24: prima no, ora sì"),
        (DESK, {"orari": [{"giorni": "lun", "dalle": "09:00", "alle": "12:00"}]},
         {"orari": [{"giorni": "lun", "dalle": "09:00", "alle": "12:00", "dal": "2026-06-01"}]},
         "Orari: prima Giorni: lun; Dalle: 09:00; Alle: 12:00, ora Giorni: lun; Dalle: 09:00; "
         "Alle: 12:00; Dal giorno: 1º giugno 2026"),
        (DESK, {}, {"verifica_ogni_mesi": 6}, "Verifica ogni: aggiunto 6 mesi"),
        (SHEET, {"descrizione": "Uno.\nDue."}, {"descrizione": "Uno.\n\nDue."},
         "Descrizione: cambiano solo gli a capo (Uno. Due.)"),
    ],
)  # fmt: skip
def test_values_are_told_as_people_say_them(
    read: Read, path: str, before: Content, after: Content, said: str
) -> None:
    old = read({path: before})
    assert f"  - {said}\n" in told(old, read({path: after}))


def test_what_only_looks_like_a_change_is_none(read: Read) -> None:
    old = read({DESK: {"indirizzo": {"civico": "44"}, "telefoni": [{"numero": "0833 502428"}]}})
    new = {"indirizzo": {"civico": 44}, "telefoni": [{"numero": "0833 502428", "h24": False}]}
    assert "non cambia niente" in told(old, read({DESK: new}))


def test_of_a_long_text_only_the_words_that_changed() -> None:
    before = "Il nido accoglie i bambini dai tre mesi " + "e li fa giocare ogni giorno " * 5
    after = before.replace("tre mesi", "sei mesi").replace("ogni giorno", "sempre", 1)
    pieces = word_pieces(before, after)
    assert [(p.style, p.text) for p in pieces if p.style] == [
        ("gone", "tre"), ("came", "sei"), ("gone", "ogni giorno"), ("came", "sempre"),
    ]  # fmt: skip
    shown = "".join(piece.text for piece in pieces)
    assert shown.startswith("Il nido accoglie i bambini dai tre sei mesi e li fa giocare")
    assert shown.endswith(" …")
    assert word_pieces("Uno due tre quattro", "Cinque sei sette otto") == []


@settings(max_examples=50)
@given(st.lists(st.sampled_from("abcde"), max_size=25), st.lists(st.sampled_from("abcde")))
def test_the_words_told_give_back_the_new_text(before: list[str], after: list[str]) -> None:
    """Nothing that came is left out, and nothing that went."""
    pieces = word_pieces(" ".join(before), " ".join(after))
    if pieces:
        came = [w for p in pieces if p.style != "gone" for w in p.text.split() if w != "…"]
        gone = [w for p in pieces if p.style != "came" for w in p.text.split() if w != "…"]
        whole = not any("…" in piece.text for piece in pieces)
        assert not whole or (came, gone) == (after, before)
        assert "".join(p.text for p in pieces).split() == [
            word for piece in pieces for word in piece.text.split()
        ]


# --- Every value, and nothing else ----------------------------------------------------------------


def _first_of_each_shape(kind: str) -> Iterator[tuple[Catalog, Document, KeyPath]]:
    seen: set[str] = set()
    for name in BODIES:
        catalog = catalog_of(name)
        for document in catalog.documents[kind].values():
            for path, _ in iter_leaves(document.data):
                if path != ("id",) and shape(path) not in seen:
                    seen.add(shape(path))
                    yield catalog, document, path


def _other(kind: str, path: KeyPath, value: Any) -> Any:
    """Another value that fits the schema as far as words need it."""
    schema = field_schema(kind, path)
    if "enum" in schema:
        return next(item for item in schema["enum"] if item != value)
    if schema.get("format") == "date":
        return (date.fromisoformat(value) + timedelta(days=400)).isoformat()
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 7
    if path[-1] in ("dalle", "alle"):
        return "23:45" if value != "23:45" else "23:30"
    if path[-1] == "giorni":
        return "dom" if value != "dom" else "sab"
    if path[-1] == "codice" and kind == "services":
        return "Z99"
    if re.fullmatch(r"\d\d-\d\d", value):
        return "12-24"
    return f"{value} nuovo"


def _with(data: Any, path: KeyPath, value: Any) -> Any:
    if not path:
        return value
    copy = list(data) if isinstance(data, list) else dict(data)
    copy[path[0]] = _with(data[path[0]], path[1:], value)
    return copy


@pytest.mark.slow
@pytest.mark.parametrize("kind", [kind for kind in RECORDS if kind != "figures"])
def test_each_value_that_changes_is_named_and_nothing_else(kind: str) -> None:
    """One by one, every field that either body fills in; in one record each."""
    for catalog, document, path in _first_of_each_shape(kind):
        value = document.data
        for step in path:
            value = value[step]
        other = _other(kind, path, value)
        changed = replace(document, data=_with(document.data, path, other))
        record = to_record(changed, RECORDS[kind])
        records = {**catalog.records, kind: {**catalog.records[kind], document.stem: record}}
        new = replace(catalog, records=records)
        sight = Sight(Side.of(catalog, []), Side.of(new, []))
        told = [(c.kind, c.id, item) for c in sight.changes for item in c.changes if not item.moved]
        where = f"{document.path} {path}"
        assert {item[:2] for item in told} == {(kind, document.stem)}, where
        # Where what names an item is another, it may be read as one gone and one that came.
        assert len(told) == 1 or {item[2].path[:-1] for item in told} == {told[0][2].path[:-1]}
        hidden = sight.hides(sight.changes[0], path[0])
        said = [
            "".join(p.text for p in change_line(sight.words, sight.changes[0], c, hidden).pieces)
            for _, _, c in told
        ]
        title = re.sub(r" \(.*", "", field_titles(kind, path[:1])[0])
        assert all(text.startswith(title) for text in said), (where, said)
        _assert_value_is_told(sight, path, kind, other, said, where)


def _assert_value_is_told(
    sight: Sight, path: KeyPath, kind: str, other: Any, said: list[str], where: str
) -> None:
    text = " ".join(said)
    if re.search(r"non si mostra|una casella personale", text):
        assert not [box for box in sight.guard.mailboxes if box in text], where
    elif isinstance(other, str) and "nuovo" in other:
        assert "nuovo" in text, (where, said)
    else:
        assert re.search(r"prima .*ora |aggiunto|tolto|giorno|dom|23\.", text), (where, said)


# --- New, gone, renamed, broken -------------------------------------------------------------------


def test_a_record_that_comes_and_goes(read: Read) -> None:
    empty, full = read(), read({PHONE: _PHONE})
    came, went = told(empty, full), told(full, empty)
    assert "Numero amico: si aggiunge\n" in came
    assert "  - Telefoni: 0833 501234 (Risponde 24 ore su 24: sì)\n" in came
    assert "Numero amico: si toglie\n" in went
    assert "0833 501234" not in went


def test_a_record_under_another_name_of_file(read: Read) -> None:
    other = "content/contacts/numero-nuovo.yml"
    old = read({PHONE: _PHONE, SHEET: {"dove_rivolgersi": {"contatti": ["numero-amico"]}}})
    new = read(
        {
            other: _PHONE | {"id": "numero-nuovo", "telefoni": [{"numero": "0833 501235"}]},
            SHEET: {"dove_rivolgersi": {"contatti": ["numero-nuovo"]}},
        }
    )
    changes = compare(old.catalog, new.catalog)
    assert [(c.kind, c.id, c.old_id) for c in changes] == [
        ("contacts", "numero-nuovo", "numero-amico")  # and the sheet says what it said
    ]
    said = told(old, new)
    assert "(da «numero-amico» a «numero-nuovo»)" in said
    assert "  - Telefoni, Numero" not in said
    assert "  - Telefoni: prima 0833 501234, ora 0833 501235\n" in said


def test_a_file_with_errors_is_not_taken_for_one_that_is_gone(read: Read) -> None:
    old = read()
    new = read({DESK: {"tipo": "bottega"}})
    said = told(old, new)
    assert "Errori da correggere" in said
    assert "content/contacts/segretariato-casarano.yml:3 [valore-non-ammesso]" in said
    assert "Segretariato sociale di Casarano: non si può leggere" in said
    assert "si toglie" not in said
    assert "Fogli da ristampare" not in said
    past = told(new, old)
    assert "Il contenuto di partenza non segue le regole di oggi (errori: " in past
    assert "Errori da correggere" not in past


# --- What to look at ------------------------------------------------------------------------------


def test_warnings_that_come_and_go_wherever_their_line(read: Read) -> None:
    plain = {"indirizzo": {"civico": None}, **NEWER}
    old = read({DESK: plain | {"descrizione": "Al primo piano."}})
    new = read({DESK: plain | {"email": [{"indirizzo": "info@esempio.it"}]}})
    said = told(old, new)
    assert "Avvertenze nuove\n----------------\n  - content/contacts/segretariato" in said
    assert "[email-dominio] Il dominio «esempio.it»" in said
    assert "civico-mancante" not in said
    assert "Avvertenze risolte" in told(new, old)
    assert "Rimedio" not in told(new, old).split("Avvertenze risolte")[1]


def test_how_a_text_reads(read: Read) -> None:
    easy = "Il nido accoglie i bambini. " * 6
    hard = (
        "Conseguentemente all'espletamento della prescritta istruttoria amministrativa si procede "
        "alla formalizzazione dell'ammissione ai benefici contemplati dal regolamento vigente in "
        "materia di agevolazioni tariffarie."
    )
    said = told(read({SHEET: {"descrizione": easy}}), read({SHEET: {"descrizione": hard}}))
    assert re.search(
        r"Asilo nido, Descrizione: più difficile di prima, difficile anche con il diploma: "
        r"indice \d+ \(prima \d+\)\. Comincia da qui: «Conseguentemente",
        said,
    )


def test_a_date_that_was_left_behind(read: Read) -> None:
    old = read()
    said = told(old, read({SHEET: {"come_fare": "Telefona."}}))
    assert (
        "  - content/services/asilo-nido.yml:24 Il contenuto è cambiato, ma «aggiornato_il» è "
        "rimasto 2026-01-01. Rimedio: scrivi in «aggiornato_il» il giorno della modifica.\n" in said
    )
    checked_again = {SHEET: {"verificato_il": "2026-11-20", "verifica_ogni_mesi": 6}}
    assert "Date da aggiornare" not in told(old, read(checked_again))
    backwards = {SHEET: {"come_fare": "Telefona.", "aggiornato_il": "2025-01-01"}}
    assert "è rimasto 2025-01-01" in told(old, read(backwards))


def test_what_can_cost_most_comes_first(read: Read) -> None:
    listed = {"emergenze": [{"contatto": "numero-amico", "quando": "Sempre"}]}
    old = read({PHONE: _PHONE, CARTA: listed})
    new = read({PHONE: _PHONE | {"telefoni": [{"numero": "0833 501235"}]}, CARTA: listed})
    said = told(old, new)
    first = said.split("Modifica per modifica")[0]
    assert (
        "  - Numero amico cambia: è fra i numeri di emergenza, che stanno su ogni pagina; c'è un "
        "telefono che risponde 24 ore su 24" in first
    )
    assert "Compare su ogni pagina del sito" in said
    quiet = read({PHONE: _PHONE | {"fonte": {**_SOURCE, "riga": 2}}, CARTA: listed})
    assert "Da guardare due volte" not in told(old, quiet)
    assert "numeri di emergenza, uscita rapida" in told(read({PHONE: _PHONE}), old)


# --- What is not repeated -------------------------------------------------------------------------

_SECRETS = ("Via Nascosta", "73049", "Villa Segreta", "maria.rossi@comune.casarano.le.it")


def test_a_report_keeps_what_is_reserved_on_either_side(read: Read) -> None:
    open_place = _PHONE | {
        "comune": "casarano", "presso": "Villa Segreta",
        "indirizzo": {"via": "Via Nascosta", "cap": "73049"},
        "email": [{"indirizzo": "maria.rossi@comune.casarano.le.it", "nota": "Dott.ssa Rossi"}],
        "descrizione": "In Via Nascosta, a Villa Segreta: maria.rossi@comune.casarano.le.it",
    }  # fmt: skip
    secret = _PHONE | {
        "riservata": True,
        "email": [
            {"indirizzo": "maria.rossi@comune.casarano.le.it", "nominativa": True,
             "nota": "Dott.ssa Rossi"},
        ],
    }  # fmt: skip
    quoting = {"come_fare": "Chiedi a maria.rossi@comune.casarano.le.it, in Via Nascosta 3."}
    before = read({PHONE: open_place})
    after = read({PHONE: secret, SHEET: quoting})
    for report in (build_report(before, after, "", ""), build_report(after, before, "", "")):
        for draw in (as_text, as_markdown, as_html):
            said = draw(report)
            assert [word for word in (*_SECRETS, "Dott.ssa") if word in said] == []
    said = as_text(build_report(before, after, "", ""))
    assert "Indirizzo: tolto (il valore non si mostra)" in said
    assert "è una sede riservata" in said
    assert "Casarano" not in said.replace("Segretariato sociale di Casarano", "")
    assert "E-mail: cambia ciò che qui non si mostra (una casella personale)" in said


def test_errors_of_a_reserved_place_are_named_without_what_is_in_it(read: Read) -> None:
    wrong = _PHONE | {"riservata": True, "indirizzo": {"via": "Via Nascosta", "cap": "tredici"}}
    said = told(read(), read({PHONE: wrong}))
    assert "[campo-vietato] Questa sede è riservata: l'indirizzo non si può pubblicare." in said
    assert "Riguarda una sede riservata, e qui non si ripete." in said
    assert "tredici" not in said


def test_words_only_for_the_search_are_not_repeated(read: Read) -> None:
    said = told(read(), read({SHEET: {"solo_ricerca": ["parolaccia"]}}))
    assert "parolaccia" not in said
    assert "Parole solo per la ricerca: aggiunto (il valore non si mostra)" in said


# --- Drawn ----------------------------------------------------------------------------------------


class _Text(HTMLParser):
    """The text of a page, and the tags that it was made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags = "", set[str]()
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)


_HOST = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_NASTY = "@ # ! & ~ * _ ` [ ] ( ) < > | \\ / - + = 1. 12 nome gh-1 / issues/ $ % {:} http:// www."


@settings(max_examples=60)
@given(st.lists(st.sampled_from(_NASTY.split(" ")), max_size=12).map("".join) | st.text())
def test_a_comment_shows_the_text_as_it_stands(text: str) -> None:
    said = steady(text)
    page = _Text(_HOST.render(f"- {escaped(said)}"))
    assert page.tags <= {"ul", "li"}
    assert page.text.replace("\u200b", "").strip() == said.replace("\u200b", "").strip()


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("@tutti venite", "@tutti"), ("vedi #12", "#12"), ("ente/carta#12", "#12"),
        ("!34 e ente/carta!34", "!34"), ("GH-7", "GH-7"), ("~urgente", "~urgente"),
        ("https://example.org/a/b/issues/5", "/issues/5"), ("%\"uno\" e %due", "%due"),
    ],
)  # fmt: skip
def test_a_comment_calls_nobody(text: str, calls: str) -> None:
    assert calls in text
    assert calls not in _Text(_HOST.render(escaped(text))).text


def test_a_mailbox_can_still_be_copied() -> None:
    assert escaped("ufficio@comune.it") == "ufficio@comune.it"


def test_no_line_of_a_comment_begins_with_what_the_content_says(read: Read) -> None:
    """A host takes «/close» at the head of a line for an order."""
    old = read({SHEET: {"descrizione": "Uno."}})
    new = read({SHEET: {"descrizione": "Uno.\n/close\n\n/merge", "titolo": "/approve"}})
    for written in as_markdown(build_report(old, new, "dal 01/03/2026", "carta pdf")).splitlines():
        assert not written.startswith("/")


@pytest.mark.parametrize("limit", [4_000, 20_000, 60_000])
def test_a_comment_is_never_longer_than_the_host_allows(limit: int) -> None:
    lines = tuple(line(f"Voce {i}: «òàù» *_" * 4) for i in range(400))
    parts = tuple(Section(f"Scheda {i}", (line("Qui."),), lines[:20], long=True) for i in range(90))
    report = Section(
        "Che cosa cambia", (line("Molto."),),
        parts=(
            Section("Da guardare due volte", lines=lines[:5]),
            Section("Modifica per modifica", parts=parts, long=True),
            Section("Avvertenze nuove", lines=lines),
        ),
    )  # fmt: skip
    said = as_markdown(report, limit)
    assert limit * 0.8 < len(said.encode()) <= limit
    assert said.startswith(MARK)
    assert "### Da guardare due volte" in said
    shown = said.count("- Voce")
    left_out = sum(int(n) for n in re.findall(r"e altre (\d+) voci", said))
    assert shown + left_out == 5 + 400 + 90 * 20
    assert said.index("Da guardare") < said.index("Modifica per") < said.index("Avvertenze nuove")


def test_a_page_needs_nothing_else(read: Read) -> None:
    new = read({SHEET: {"titolo": "<script>alert(1)</script> & altro", **NEWER}})
    html = as_html(build_report(read(), new, "dal 01/03/2026", "carta pdf"))
    page = _Text(html)
    assert not page.tags & {"script", "link", "img", "iframe", "object", "base", "form"}
    assert not re.search(r"\b(?:src|href|url)\s*[=(]\s*[\"']?[^\"'#]", html)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; altro" in html
