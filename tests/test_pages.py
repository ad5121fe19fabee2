"""The pages of the site: what citizens and the national model must find in them."""

import dataclasses
import itertools
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bodies import BODIES, DAY, catalog_of
from bs4 import BeautifulSoup, Tag

from site_builder.catalog import Catalog
from site_builder.check import check_content
from site_builder.feed import ADDRESS as FEED
from site_builder.model_carta import Gruppo
from site_builder.navigation import MENU, chapters, legal_pages
from site_builder.pages import handwritten, iter_pages, place, url_of
from site_builder.validation import load_schema
from site_builder.values import Coordinate, Indirizzo
from tests.bodies import good_catalog

ROOT = Path(__file__).parents[1]
SHEET = "content/services/asilo-nido.yml"
DESK = "content/contacts/segretariato-casarano.yml"

# The voices of the national service sheet, in its order: exact heading, id, hook.
VOICES = (
    ("A chi è rivolto", "service-addressed"),
    ("Come fare", "service-how-to"),
    ("Cosa serve", "service-needed"),
    ("Cosa si ottiene", "service-achieved"),
    ("Tempi e scadenze", "service-calendar-text"),
    ("Accedi al servizio", "service-generic-access"),
    ("Condizioni di servizio", "service-file"),
    ("Contatti", "service-area"),
)

Soups = dict[str, BeautifulSoup]
Draw = Callable[..., Soups]


def _soups(catalog: Catalog, today: date) -> Soups:
    return {p.url: BeautifulSoup(p.body, "html.parser") for p in iter_pages(catalog, today)}


@pytest.fixture(scope="module")
def casarano() -> Catalog:
    return good_catalog(ROOT, date(2026, 11, 21))


@pytest.fixture(scope="module")
def site(casarano: Catalog) -> Soups:
    """Every generated page of the Carta of Casarano, by address."""
    return _soups(casarano, date(2026, 11, 21))


@pytest.fixture(scope="module", params=BODIES)
def each(request: pytest.FixtureRequest) -> tuple[Catalog, Soups]:
    """The content and every generated page of each body in turn."""
    catalog = catalog_of(request.param)
    return catalog, _soups(catalog, DAY)


@pytest.fixture
def draw(body: Callable[..., Path], today: date) -> Draw:
    """Draw the small body with some changes, on a day."""

    def pages(changes: dict[str, Any] | None = None, day: date = today) -> Soups:
        return _soups(good_catalog(body(changes), day), day)

    return pages


def _text(tag: Tag | None) -> str:
    assert tag is not None
    return " ".join(tag.get_text(" ").split())


def _without_meanings(soup: BeautifulSoup) -> str:
    """The text of a page without what its acronyms mean, which stands between the words."""
    aside = soup.select(".c-abbr .c-hidden, .c-abbr__text")
    skipped = {id(string) for tag in aside for string in tag.strings}
    return "".join(string for string in soup.strings if id(string) not in skipped)


def _hook(soup: BeautifulSoup, name: str) -> Tag:
    [found] = soup.select(f'[data-element="{name}"]')
    return found


def _sheets(site: Soups) -> Iterator[tuple[str, BeautifulSoup]]:
    for url, soup in site.items():
        if url.startswith("servizi/") and url != "servizi/":
            yield url, soup


# --- The service sheet ------------------------------------------------------------------------


def test_every_sheet_has_the_eight_voices_in_order(each: tuple[Catalog, Soups]) -> None:
    _, site = each
    wanted = [title for title, _ in VOICES]
    for url, soup in _sheets(site):
        labels = [_text(a) for a in soup.select('[data-element="page-index"] > li > a')]
        assert [label for label in labels if label in wanted] == wanted, url


def test_index_labels_equal_their_headings(each: tuple[Catalog, Soups]) -> None:
    _, site = each
    for url, soup in _sheets(site):
        headings = [_text(section.h2) for section in soup.select("section.c-voice")]
        links = soup.select('[data-element="page-index"] > li > a')
        targets = [soup.find(id=str(a["href"]).removeprefix("#")) for a in links]
        assert all(isinstance(target, Tag) for target in targets), url
        assert [_text(t.h2) for t in targets if isinstance(t, Tag)] == list(map(_text, links)), url
        assert headings[: len(links)] == list(map(_text, links)), url


def test_hooks_stand_in_the_section_of_their_voice(each: tuple[Catalog, Soups]) -> None:
    _, site = each
    for url, soup in _sheets(site):
        for title, name in VOICES:
            hook = _hook(soup, name)
            section = hook.find_parent("section", class_="c-voice")
            assert isinstance(section, Tag), (url, name)
            assert _text(section.h2) == title, (url, name)
            assert len(_text(hook)) >= 3, (url, name)


def test_sheet_heads_have_the_hooks_of_the_national_model(site: Soups) -> None:
    for url, soup in _sheets(site):
        assert _hook(soup, "service-title").name == "h1", url
        assert _text(_hook(soup, "service-status")) in {"Servizio attivo", "Servizio non attivo"}
        assert 3 <= len(_text(_hook(soup, "service-description"))) <= 160, url
        assert _hook(soup, "service-file").name == "a", url
        assert soup.select('[data-element="service-topic"]'), url
        crumbs = [_text(li).lower() for li in _hook(soup, "breadcrumb").select("li")]
        assert crumbs[:2] == ["home", "servizi"], url
        assert len(crumbs[2]) >= 3, url


@pytest.mark.parametrize(
    ("key", "hook"),
    [
        ("a_chi_e_rivolto", "service-addressed"),
        ("come_fare", "service-how-to"),
        ("cosa_serve", "service-needed"),
        ("cosa_si_ottiene", "service-achieved"),
        ("tempi_e_scadenze", "service-calendar-text"),
        ("descrizione", "service-extended-description"),
    ],
)
def test_a_missing_voice_says_so_honestly(draw: Draw, key: str, hook: str) -> None:
    page = draw({SHEET: {key: "non indicato"}})["servizi/asilo-nido/"]
    assert _text(_hook(page, hook)) == "La Carta non lo indica."


def test_a_missing_voice_may_have_its_own_words(draw: Draw) -> None:
    words = {"testo": "Non si sa.", "costo": "Chiedi quanto costa.", "tempi_e_scadenze": "Presto."}
    page = draw(
        {
            "content/carta.yml": {"voci_non_indicate": words},
            SHEET: {"costo": {"tipo": "non_indicato"}},
        }
    )["servizi/asilo-nido/"]
    assert "Chiedi quanto costa." in _text(_hook(page, "service-cost"))
    assert _text(_hook(page, "service-calendar-text")) == "Presto."
    assert _text(_hook(page, "service-needed")) == "Non si sa."


@pytest.mark.parametrize(
    ("change", "hook", "shown"),
    [
        ({"documenti": [{"nome": "Carta d'identità"}]}, "service-needed", "Carta d'identità"),
        (
            {"termini": [{"fase": "Risposta", "giorni": 30}]},
            "service-calendar-text",
            "Risposta: 30 giorni .",
        ),
    ],
)
def test_data_without_words_are_not_called_missing(
    draw: Draw, change: dict[str, Any], hook: str, shown: str
) -> None:
    assert _text(_hook(draw({SHEET: change})["servizi/asilo-nido/"], hook)) == shown


def test_a_stopped_service_says_why(draw: Draw) -> None:
    stato = {"valore": "sospeso", "motivo": "Manca l'affidamento.", "dal": "2026-11-01"}
    pages = draw({SHEET: {"stato": stato}})
    head = pages["servizi/asilo-nido/"].header
    assert _text(_hook(pages["servizi/asilo-nido/"], "service-status")) == "Servizio non attivo"
    assert "Manca l'affidamento. Dal 1º novembre 2026" in _text(head)
    assert "Non attivo" in _text(pages["servizi/"])


def test_doubts_stand_beside_their_voice(draw: Draw) -> None:
    doubts = [{"campo": "come_fare", "motivo": "La Carta dice due cose."}]
    page = draw({SHEET: {"da_verificare": doubts}})["servizi/asilo-nido/"]
    [doubt] = page.select(".c-doubt")
    assert doubt.find_parent(id="come-fare")
    assert _text(doubt) == "Da verificare. La Carta dice due cose."


def test_a_doubt_on_any_field_of_a_sheet_is_shown(draw: Draw) -> None:
    fields = set(load_schema("services")["properties"]) - {"id", "da_verificare"}
    doubts = [{"campo": field, "motivo": f"Non è chiaro: {field}."} for field in sorted(fields)]
    text = draw({SHEET: {"da_verificare": doubts}})["servizi/asilo-nido/"].get_text()
    assert [doubt["campo"] for doubt in doubts if doubt["motivo"] not in text] == []


@pytest.mark.parametrize("kind", ["services", "contacts", "providers", "standards", "forms"])
def test_every_doubt_of_casarano_is_shown(casarano: Catalog, site: Soups, kind: str) -> None:
    text = "\n".join(map(_without_meanings, site.values()))
    doubts = [
        (record.id, doubt)
        for record in casarano.records[kind].values()
        for doubt in record.da_verificare
    ]
    hidden = [(id, d.campo) for id, d in doubts if " ".join(d.motivo.split()) not in text]
    assert hidden == []


def test_a_sheet_tells_source_and_date(draw: Draw) -> None:
    text = _text(draw()["servizi/asilo-nido/"].footer)
    assert "Pagina aggiornata il 1º gennaio 2026 ." in text
    assert "Questi dati non sono ancora stati verificati con l'ufficio." in text
    assert re.search(r"Fonte: Carta di prova, (?:riga|righe) 1\.", text)


def test_sub_services_have_an_address_of_their_own(site: Soups) -> None:
    page = site["servizi/centro-famiglie/"]
    for id, title in (("spazio-neutro", "Spazio neutro"), ("mediazione-familiare", "Mediazione")):
        section = page.find(id=f"sotto-{id}")
        assert isinstance(section, Tag)
        assert _text(section.h3).startswith(title)


# --- All pages --------------------------------------------------------------------------------


def test_no_two_pages_have_the_same_title(each: tuple[Catalog, Soups]) -> None:
    pages = [page for page in iter_pages(each[0], DAY) if not page.delicate]
    titles = [page.head_title or page.title for page in pages]
    assert len(titles) > 100
    assert {title for title in titles if titles.count(title) > 1} == set()


def test_one_heading_of_the_first_level_a_page(each: tuple[Catalog, Soups]) -> None:
    _, site = each
    assert [url for url, soup in site.items() if len(soup.select("h1")) != 1] == []


def test_ids_are_unique_in_a_page(each: tuple[Catalog, Soups]) -> None:
    _, site = each
    for url, soup in site.items():
        ids = [tag["id"] for tag in soup.select("[id]")]
        assert len(ids) == len(set(ids)), url


def test_headings_never_skip_a_level(each: tuple[Catalog, Soups]) -> None:
    _, site = each
    for url, soup in site.items():
        levels = [int(tag.name[1]) for tag in soup.select("h1, h2, h3, h4, h5, h6")]
        skips = [pair for pair in itertools.pairwise(levels) if pair[1] > pair[0] + 1]
        assert not skips, url


def test_labels_point_to_something(each: tuple[Catalog, Soups]) -> None:
    _, site = each
    for url, soup in site.items():
        for tag in soup.select("[aria-labelledby]"):
            assert soup.find(id=tag["aria-labelledby"]), (url, tag["aria-labelledby"])


def test_no_internal_link_is_broken(each: tuple[Catalog, Soups]) -> None:
    catalog, site = each
    written = {url_of(f"{id}.md") for id in catalog.pages} | {FEED}
    for url, soup in site.items():
        for tag in soup.select("[href], [src]"):
            link = str(tag.get("href") or tag.get("src"))
            if re.match(r"(https?|tel|mailto):", link):
                continue
            path, _, anchor = link.partition("#")
            assert path.startswith("/") or not path, (url, link)
            target = path.removeprefix("/") if path else url
            assert target in site or target in written, (url, link)
            if anchor:
                assert site[target].find(id=anchor), (url, link)


def test_the_frame_leads_to_pages_and_holds_no_sheet(casarano: Catalog, site: Soups) -> None:
    found = [entry.address for entry in (*MENU, *legal_pages(casarano))]
    assert set(found) <= set(site) | {f"{id}/" for id in casarano.pages}
    assert not [address for address in found if address.startswith("servizi/") and len(address) > 8]
    assert len(found) == len(set(found))


def test_the_menu_has_the_hooks_of_the_national_model() -> None:
    hooks = [entry.hook for entry in MENU]
    assert hooks[:4] == ["all-services", "live", "news", "management"]
    assert set(hooks[4:]) == {"custom-submenu"}
    assert len(hooks) <= 7


def test_the_edition_lists_the_chapters_in_order(casarano: Catalog, site: Soups) -> None:
    links = site["questa-carta/"].select('nav[aria-labelledby="capitoli-titolo"] a')
    assert [(link.get_text(), link["href"]) for link in links] == [
        (title, f"/{address}") for title, address in chapters(casarano)
    ]
    assert len(links) == len(casarano.carta.capitoli)


@pytest.mark.parametrize(
    ("url", "link", "wanted"),
    [
        ("", "/servizi/cav/", "./servizi/cav/"),
        ("servizi/", "/", "../"),
        ("servizi/cav/", "/assets/x.png", "../../assets/x.png"),
    ],
)
def test_links_are_made_relative(url: str, link: str, wanted: str) -> None:
    html = '<a href="{0}">x</a><img src="{0}"><a href="https://x.it/">y</a><a href="#z">z</a>'
    assert place(html.format(link), url) == html.format(wanted)


def test_every_sheet_can_be_reached_by_each_way(each: tuple[Catalog, Soups]) -> None:
    catalog, site = each
    ways = ["servizi/", "a-z/"]
    for service in catalog.services.values():
        more = [f"aree/{area}/" for area in service.aree] + [
            f"per-chi/{g}/" for g in service.gruppi
        ]
        for way in ways + more:
            assert site[way].select_one(f'a[href="/servizi/{service.id}/"]'), (service.id, way)


def test_an_empty_group_has_no_page(casarano: Catalog, site: Soups) -> None:
    def used(group: Gruppo) -> bool:
        return group.id in casarano.services_by_group

    for group in casarano.carta.gruppi:
        assert (f"per-chi/{group.id}/" in site) == used(group), group.id


# --- Contacts ---------------------------------------------------------------------------------


def test_phones_can_be_dialled(each: tuple[Catalog, Soups]) -> None:
    catalog, site = each
    for contact in catalog.contacts.values():
        links = {str(a["href"]) for a in site[f"uffici/{contact.id}/"].select('a[href^="tel:"]')}
        digits = [str(phone.numero).replace(" ", "") for phone in contact.telefoni]
        wanted = {f"tel:+39{number}" if len(number) > 5 else f"tel:{number}" for number in digits}
        assert links == wanted, contact.id


def test_a_missing_phone_is_said(draw: Draw) -> None:
    page = draw({DESK: {"telefoni": None}})["uffici/segretariato-casarano/"]
    assert "Telefono La Carta non lo indica." in _text(page)


def test_pec_is_told_apart_from_mail(draw: Draw) -> None:
    pec = "protocollo@pec.comune.casarano.le.it"
    page = draw({DESK: {"pec": [pec]}})["uffici/segretariato-casarano/"]
    rows = {_text(dt): dt.find_next_sibling("dd") for dt in page.select("dt")}
    assert isinstance(rows["PEC"], Tag)
    assert _text(rows["PEC"]) == f"{pec} (posta elettronica certificata: solo da un'altra PEC)"
    assert rows["PEC"].select_one(f'a[href="mailto:{pec}"]')
    assert isinstance(rows["E-mail"], Tag)
    assert pec not in _text(rows["E-mail"])


@pytest.mark.parametrize(
    ("slot", "words"),
    [
        (
            {"giorni": "lun-gio", "dalle": "10:00", "alle": "12:00"},
            "dal lunedì al giovedì dalle 10.00 alle 12.00",
        ),
        (
            {"giorni": "mar, gio", "dalle": "15:30", "alle": "17:30"},
            "il martedì e il giovedì dalle 15.30 alle 17.30",
        ),
        (
            {"giorni": "mar", "ogni_mese": "ultimo", "dalle": "08:30", "alle": "13:30"},
            "l'ultimo martedì di ogni mese dalle 8.30 alle 13.30",
        ),
        ({"sempre_aperto": True}, "24 ore su 24, tutti i giorni dell'anno"),
        ({"su_appuntamento": True}, "su appuntamento"),
    ],
)
def test_hours_are_said_in_words(draw: Draw, slot: dict[str, Any], words: str) -> None:
    page = draw({DESK: {"orari": [slot]}})["uffici/segretariato-casarano/"]
    assert [_text(li) for li in page.select(".c-hours li")] == [words]


def test_hours_of_a_service_win_over_those_of_its_place(draw: Draw) -> None:
    own = {
        "contatto": "segretariato-casarano",
        "orari": [{"giorni": "sab", "dalle": "10:00", "alle": "11:00"}],
    }
    page = draw({SHEET: {"sedi": [own]}})["servizi/asilo-nido/"]
    hours = [
        _text(li) for li in _hook(page, "service-generic-access").select(".c-contact .c-hours li")
    ]
    assert hours == ["il sabato dalle 10.00 alle 11.00"]


def test_missing_hours_are_said(draw: Draw) -> None:
    page = draw({DESK: {"orari": None}})["uffici/segretariato-casarano/"]
    assert "La Carta non li indica: telefona prima di andare." in _text(page)


def test_a_contact_says_where_it_is_used(casarano: Catalog, site: Soups) -> None:
    for contact in casarano.contacts.values():
        section = site[f"uffici/{contact.id}/"].select_one('[aria-labelledby="usato-titolo"]')
        assert section
        found = {str(a["href"]) for a in section.select("a")}
        used = casarano.services_by_contact.get(contact.id, [])
        assert found == {f"/servizi/{service.id}/" for service in used}, contact.id
    assert casarano.services_by_contact["segretariato-matino"]


def test_offices_lists_every_contact(each: tuple[Catalog, Soups]) -> None:
    catalog, site = each
    for id in catalog.contacts:
        assert site["uffici/"].select_one(f'a[href="/uffici/{id}/"]'), id


# --- Comuni -----------------------------------------------------------------------------------


def test_a_comune_has_its_own_desks_only(casarano: Catalog, site: Soups) -> None:
    for comune in casarano.comuni:
        links = {str(a["href"]) for a in site[f"comuni/{comune}/"].select(".c-contact__name a")}
        desks = {
            f"/uffici/{desk.id}/"
            for network in casarano.contacts_by_network.values()
            for desk in network
        }
        assert links & desks == {
            f"/uffici/segretariato-{comune}/",
            f"/uffici/servizi-sociali-{comune}/",
        }


def test_services_that_a_comune_has_not_are_told(casarano: Catalog, site: Soups) -> None:
    for comune in casarano.comuni.values():
        heading = site[f"comuni/{comune.id}/"].find("h3", string=f"Non disponibili {comune.a_nome}")
        missing = [
            service.id
            for service in casarano.services.values()
            if service.territorio and comune.id not in service.territorio
        ]
        if not missing:
            assert heading is None, comune.id
            continue
        assert isinstance(heading, Tag), comune.id
        listed = heading.find_next_sibling("ul")
        assert isinstance(listed, Tag)
        assert [a["href"] for a in listed.select("a")] == [f"/servizi/{id}/" for id in missing]
    assert "facilitazione-digitale" not in [s.id for s in casarano.services_in("parabita")]


def test_a_service_shows_only_the_desks_of_its_territory(casarano: Catalog, site: Soups) -> None:
    for service in casarano.services.values():
        if service.territorio and service.dove_rivolgersi.sportelli:
            rows = site[f"servizi/{service.id}/"].select(".c-desks th[scope=row]")
            shown = {_text(row) for row in rows}
            assert shown == {casarano.comuni[id].nome for id in service.territorio}, service.id


# --- Notices ----------------------------------------------------------------------------------

NOTICE = {
    "id": "bando",
    "titolo": "Bando per i nidi",
    "tipo": "bando",
    "testo": "Si può fare domanda.",
    "servizi": ["asilo-nido"],
    "pubblicato_il": "2026-11-01",
    "apre_il": "2026-12-01",
    "chiude_il": "2026-12-31",
    "aggiornato_il": "2026-11-01",
}


@pytest.mark.parametrize(
    ("day", "state", "heading", "words"),
    [
        (date(2026, 11, 30), "In arrivo", "In arrivo", "Apre il 1º dicembre 2026."),
        (date(2026, 12, 1), "Aperto", "Aperti", "Ultimo giorno: 31 dicembre 2026."),
        (date(2026, 12, 31), "Aperto", "Aperti", "Ultimo giorno: 31 dicembre 2026."),
        (date(2027, 1, 1), "Chiuso", "Chiusi", "È stato chiuso il 31 dicembre 2026."),
    ],
)
def test_notices_open_and_close_by_themselves(
    draw: Draw, day: date, state: str, heading: str, words: str
) -> None:
    pages = draw({"content/notices/bando.yml": NOTICE}, day)
    listed = pages["avvisi/"]
    assert [_text(h2) for h2 in listed.select("h2")] == [heading]
    assert words in _text(listed)
    assert _text(pages["avvisi/bando/"].select_one(".c-tag")) == state
    assert bool(pages[""].select('a[href="/avvisi/bando/"]')) == (state != "Chiuso")
    assert pages["servizi/asilo-nido/"].select('a[href="/avvisi/bando/"]')


def test_no_notices_is_said(draw: Draw) -> None:
    assert "non ci sono avvisi" in _text(draw()["avvisi/"])


# --- Glossary ---------------------------------------------------------------------------------


def _glossary(*voci: dict[str, Any]) -> dict[str, Any]:
    source = {"documento": "carta-prova"}
    return {"voci": [{"definizione": "Parole semplici.", "fonte": source} | voce for voce in voci]}


def _meanings(page: BeautifulSoup, acronym: str) -> list[str]:
    """What the buttons of an acronym open."""
    return [
        _text(page.find(id=str(button["popovertarget"])))
        for button in page.select("button.c-abbr")
        if _text(button.abbr) == acronym
    ]


def test_an_acronym_is_explained_where_it_first_occurs(draw: Draw) -> None:
    isee = {"id": "isee", "sigla": "ISEE", "termine": "Indicatore della situazione economica"}
    pages = draw(
        {
            "content/glossary.yml": _glossary(isee),
            SHEET: {"titolo": "ISEE e nido", "come_fare": "Porta l'ISEE. L'ISEE serve."},
        }
    )
    page = pages["servizi/asilo-nido/"]
    [button] = page.select("button.c-abbr")
    assert _text(button) == "ISEE : Indicatore della situazione economica"
    opened = page.find(id=str(button["popovertarget"]))
    assert _text(opened) == "Indicatore della situazione economica"
    assert button.find_parent(attrs={"data-element": "service-how-to"})


@pytest.mark.parametrize(
    ("sheet", "meaning"),
    [
        ("assegno-inclusione", "Assegno di Inclusione"),
        ("assistenza-domiciliare-integrata-anziani", "Assistenza Domiciliare Integrata"),
        ("assistenza-domiciliare-integrata-disabili", "Assistenza Domiciliare Integrata"),
    ],
)
def test_adi_means_what_its_sheet_says(
    casarano: Catalog, site: Soups, sheet: str, meaning: str
) -> None:
    voci = [
        voce for voce in casarano.glossary.voci if voce.sigla == "ADI" and sheet in voce.servizi
    ]
    assert [voce.termine.casefold() for voce in voci] == [meaning.casefold()]
    assert set(_meanings(site[f"servizi/{sheet}/"], "ADI")) <= {voci[0].termine}


def test_adi_is_explained_in_its_sheet(site: Soups) -> None:
    page = site["servizi/assistenza-domiciliare-integrata-anziani/"]
    assert _meanings(page, "ADI") == ["Assistenza Domiciliare Integrata"]


def test_an_ambiguous_acronym_is_left_alone_where_no_sheet_decides(site: Soups) -> None:
    sheets = ("servizi/assegno-inclusione/", "servizi/assistenza-domiciliare-integrata-")
    for url, soup in site.items():
        if not url.startswith((*sheets, "servizi/dimissioni-protette/")):
            assert "ADI" not in [_text(tag) for tag in soup.select("abbr")], url


# --- What people write is text, never markup --------------------------------------------------

_CANARY = '"><script>alert({})</script>'


class _Filler:
    """An instance of a schema with every field, and a script in each free text."""

    def __init__(self) -> None:
        self.canaries: list[str] = []

    def fill(self, schema: dict[str, Any]) -> Any:
        match schema.get("type"):
            case "object":
                return {key: self.fill(sub) for key, sub in schema["properties"].items()}
            case "array":
                return [self.fill(schema["items"])]
            case "boolean":
                return False
            case "integer" | "number":
                return max(1, schema.get("minimum", 1))
        if "enum" in schema:
            return schema["enum"][0]
        if "pattern" in schema or "format" in schema:
            return schema.get("examples", ["https://esempio.it/"])[0]
        self.canaries.append(f'"><script>{len(self.canaries):02}')
        return self.canaries[-1] + "." * (schema.get("minLength", 0) - 12)


def test_scripts_in_a_service_come_out_as_text(body: Callable[..., Path], today: date) -> None:
    filler = _Filler()
    sheet = filler.fill(load_schema("services"))
    # What must be the name of something, or hides a part of the page.
    sheet |= {
        "id": "asilo-nido",
        "codice": "A1",
        "aree": ["famiglia"],
        "gruppi": ["famiglie"],
        "territorio": ["casarano"],
        "servizi_collegati": ["asilo-nido"],
        "moduli": [],
        "da_verificare": [{"campo": "costo", "motivo": filler.fill({"minLength": 10})}],
        "fonte": {"documento": "carta-prova"},
        "altre_fonti": [],
    }
    sheet["stato"]["valore"] = "sospeso"
    sheet["dove_rivolgersi"] |= {"sportelli": ["segretariato"], "contatti": []}
    sheet["sedi"][0]["contatto"] = "segretariato-casarano"
    sheet["sedi"][0]["orari"][0] |= {"giorni": "lun", "dalle": "09:00", "alle": "10:00"}
    sheet["gestore"]["enti"] = []
    for amounts in ("tariffe", "costi_medi"):
        sheet["costo"][amounts][0] |= {"sede": "segretariato-casarano", "fasce": []}
    sheet["varianti"][0]["gruppi"] = []
    catalog, problems = check_content(body({SHEET: sheet}), today)
    assert catalog
    assert "asilo-nido" in catalog.services, [problem.as_text() for problem in problems]
    bodies = {page.url: page.body for page in iter_pages(catalog, today)}
    assert [url for url, html in bodies.items() if "<script>" in html] == []  # ours has attributes
    page = BeautifulSoup(bodies["servizi/asilo-nido/"], "html.parser")
    shown = {canary for canary in filler.canaries if canary in page.get_text()}
    assert len(shown) >= 30


@pytest.mark.parametrize(
    "change",
    [
        {"modulistica": [{"nome": "Modulo", "url": "javascript:alert(1)"}]},
        {"normativa": [{"testo": "Legge", "url": "data:text/html,x"}]},
    ],
)
def test_links_that_run_are_refused(
    body: Callable[..., Path], today: date, change: dict[str, Any]
) -> None:
    _, problems = check_content(body({SHEET: change}), today)
    assert [p.level for p in problems if "url" in p.message] == ["errore"]


def test_a_page_written_by_hand_keeps_doubts_and_sources(
    body: Callable[..., Path], today: date
) -> None:
    front = """---
title: Premessa
description: Che cosa dice la Carta.
fonte: {documento: carta-prova, riga: 7}
aggiornato_il: 2026-01-01
da_verificare:
  - {campo: testo, motivo: Manca una frase.}
---
# Premessa
"""
    catalog = good_catalog(body({"content/pages/premessa.md": front}), today)
    soup = BeautifulSoup(
        handwritten(catalog, "premessa.md", "<h1>Premessa</h1>", today), "html.parser"
    )
    assert _text(soup.h1) == "Premessa"
    assert "Manca una frase." in _text(soup.select_one(".c-doubt"))
    assert re.search(r"(?:riga|righe) 7\.", _text(soup.footer))


# --- Reserved places --------------------------------------------------------------------------

CANARY = "Canarino"
REFUGE = {
    "id": "rifugio",
    "nome": "Casa rifugio",
    "tipo": "struttura",
    "riservata": True,
    "violenza": "vittime",
    "fonte": {"documento": "carta-prova"},
    "aggiornato_il": "2026-01-01",
}
PLACES: dict[str, Any] = {
    "indirizzo": {"via": f"Via {CANARY}", "civico": "1", "cap": "73042"},
    "coordinate": {"lat": 40.01, "lon": 18.16},
    "mappa": f"https://mappe.esempio/{CANARY}",
    "comune": "casarano",
    "presso": f"Presso {CANARY}",
}


def _with_refuge(change: dict[str, Any]) -> dict[str, Any]:
    return {
        "content/contacts/rifugio.yml": REFUGE | change,
        SHEET: {
            "dove_rivolgersi": {"testo": "Al rifugio.", "contatti": ["rifugio"]},
            "sedi": [{"contatto": "rifugio"}],
        },
    }


def test_an_open_place_shows_its_address(draw: Draw) -> None:
    """Where the next test looks there is something to see."""
    pages = draw(_with_refuge({"riservata": False} | PLACES))
    for url in ("uffici/", "uffici/rifugio/", "servizi/asilo-nido/", "comuni/casarano/"):
        assert CANARY in str(pages[url]), url


@pytest.mark.parametrize("field", PLACES)
def test_the_place_of_a_reserved_contact_is_refused(
    body: Callable[..., Path], today: date, field: str
) -> None:
    folder = body(_with_refuge({field: PLACES[field]}))
    catalog, problems = check_content(folder, today)
    assert [(p.level, "riservata" in p.message) for p in problems if p.path.endswith("rifugio.yml")]
    assert "errore" in {p.level for p in problems}
    assert catalog
    assert "rifugio" not in catalog.contacts


def test_no_page_carries_the_place_of_a_reserved_contact(
    body: Callable[..., Path], today: date
) -> None:
    """Even if the schema were wrong and let a place through to the templates."""
    catalog = good_catalog(body(_with_refuge({})), today)
    leaky = dataclasses.replace(
        catalog.contacts["rifugio"],
        indirizzo=Indirizzo(via=f"Via {CANARY}"),
        coordinate=Coordinate(lat=40.0123, lon=18.1623),
        mappa=f"https://mappe.esempio/{CANARY}",
        presso=f"Presso {CANARY}",
    )
    records = catalog.records | {"contacts": catalog.contacts | {"rifugio": leaky}}
    for page in iter_pages(dataclasses.replace(catalog, records=records), today):
        whole = "\n".join((page.uri, page.title, page.description, page.body))
        assert CANARY not in whole, page.url
        assert "40.01" not in whole, page.url


def test_reserved_contacts_of_casarano_have_no_place(casarano: Catalog, site: Soups) -> None:
    reserved = [contact.id for contact in casarano.contacts.values() if contact.riservata]
    assert reserved == ["casa-rifugio"]
    page = site["uffici/casa-rifugio/"]
    assert page.select("address, iframe, img, object, svg, [href^='geo:'], [href*='map']") == []
    assert "Indirizzo riservato" in _text(page)
    for comune in casarano.comuni:
        assert "/uffici/casa-rifugio/" not in str(site[f"comuni/{comune}/"])
