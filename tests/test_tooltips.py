"""Acronyms explained once a page, never inside names, and nothing else touched."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.model_carta import Glossary, Voce
from site_builder.tooltips import Tooltips


def voce(sigla: str, termine: str, *servizi: str) -> Voce:
    return Voce(id=f"v{sigla}", termine=termine, definizione="…", sigla=sigla, servizi=servizi)


TOOLTIPS = Tooltips(
    Glossary(
        voci=(
            voce("CAV", "Centro antiviolenza"),
            voce("ADI", "Assegno di Inclusione", "assegno"),
            voce("ADI", "Assistenza domiciliare integrata", "domiciliare"),
            voce("ASL", "Azienda sanitaria locale"),
            voce("ASL LE", 'Azienda <di> "Lecce"'),
            voce("P.I.P.P.I.", "Programma di intervento"),
            voce("", "Ambito"),
        )
    )
)


def abbr(word: str, title: str) -> str:
    """What a reader gets: a button named «CAV: Centro antiviolenza» and the text it opens."""
    return (
        f'<button type="button" class="c-abbr" popovertarget="sigla-v{word}"><abbr>{word}</abbr>'
        f'<span class="c-hidden" data-pagefind-ignore>: {title}</span></button>'
        f'<span class="c-abbr__text" id="sigla-v{word}" popover aria-hidden="true"'
        f" data-pagefind-ignore> {title}</span>"
    )


CAV = abbr("CAV", "Centro antiviolenza")


@pytest.mark.parametrize(
    ("html", "marked"),
    [
        ("<p>Il CAV e il CAV</p>", f"<p>Il {CAV} e il CAV</p>"),
        ("<p>(CAV), «CAV»</p>", f"<p>({CAV}), «CAV»</p>"),
        ("<p>dell'ASL</p>", f"<p>dell'{abbr('ASL', 'Azienda sanitaria locale')}</p>"),
        ("<p>P.I.P.P.I. è</p>", f"<p>{abbr('P.I.P.P.I.', 'Programma di intervento')} è</p>"),
        (
            "<p>ASL LE</p>",
            f"<p>{abbr('ASL LE', 'Azienda &lt;di&gt; &quot;Lecce&quot;')}</p>",
        ),
        ("<h2>Il CAV</h2><p>CAV</p>", f"<h2>Il CAV</h2><p>{CAV}</p>"),
        ("<a href='/CAV/'>CAV</a><p>CAV</p>", f"<a href='/CAV/'>CAV</a><p>{CAV}</p>"),
        ("<H1>CAV</H1>CAV", f"<H1>CAV</H1>{CAV}"),
        ("<nav><a>CAV</a> CAV</nav>CAV", f"<nav><a>CAV</a> CAV</nav>{CAV}"),
        ("<h3>CAV</h3><label>CAV</label>CAV", f"<h3>CAV</h3><label>CAV</label>{CAV}"),
        ("<p class='x' hidden>CAV</p><p>CAV</p>", f"<p class='x' hidden>CAV</p><p>{CAV}</p>"),
        ("<abbr title='x'>CAV</abbr>", "<abbr title='x'>CAV</abbr>"),
        ('<img alt="CAV" src="/CAV.png">', '<img alt="CAV" src="/CAV.png">'),
        ("<article>CAV</article>", f"<article>{CAV}</article>"),
        ("<p>CAVALLO SCAV cav a@CAV /CAV/ x-CAV CAV-x</p>",) * 2,
        ("<p>ADI</p>",) * 2,
        ("",) * 2,
    ],
)  # fmt: skip
def test_marks(html: str, marked: str) -> None:
    assert TOOLTIPS.add(html) == marked


@pytest.mark.parametrize(
    ("service", "title"),
    [("assegno", "Assegno di Inclusione"), ("domiciliare", "Assistenza domiciliare integrata")],
)
def test_the_sheet_decides_between_two_meanings(service: str, title: str) -> None:
    assert TOOLTIPS.add("ADI", service) == abbr("ADI", title)
    assert TOOLTIPS.add("CAV", service) == CAV


def test_one_page_does_not_remember_another() -> None:
    assert TOOLTIPS.add("CAV") == TOOLTIPS.add("CAV") == CAV


def test_an_empty_glossary_changes_nothing() -> None:
    assert Tooltips(Glossary(voci=())).add("<p>CAV <> </p>") == "<p>CAV <> </p>"


PIECES = st.sampled_from(
    ["CAV", "ADI", "ASL", " LE", " ", "<p>", "</p>", "<a href='/CAV'>", "</a>", "<h2>", "</h2>"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join) | st.text())
def test_taking_the_marks_away_gives_the_page_back(html: str) -> None:
    marked = TOOLTIPS.add(html)
    mark = r"<button [^>]*><abbr>([^<]*)</abbr><span .*?</span></button><span .*?</span>"
    assert re.sub(mark, r"\1", marked) == html
    titles = re.findall(r'popovertarget="([^"]*)"', marked)
    assert len(titles) == len(set(titles))
