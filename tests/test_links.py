"""Links from the root: which lead nowhere, and how they are made relative."""

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.links import anchors_in, iter_broken
from site_builder.pages import place, url_of


def broken(bodies: dict[str, str], *others: str) -> list[tuple[str, str]]:
    return sorted(iter_broken(bodies, frozenset(others)))


def test_links_to_pages_anchors_and_files_are_good() -> None:
    page = (
        '<a href="/">home</a> <a href="/b/">b</a> <a href="/b/#sotto">sotto</a> '
        '<a href="#qui" id="qui">qui</a> <a href="/b/#">cima</a> <img src="/img/x.png">'
        '<a href="https://x.it/niente">fuori</a> <a href="mailto:a@b.it">a</a> <a href="tel:112">'
    )
    assert broken({"": page, "b/": '<h2 id="sotto">'}, "img/x.png") == []


@pytest.mark.parametrize(
    ("html", "link"),
    [
        ('<a href="/niente/">', "/niente/"),
        ('<a href="/b">', "/b"),
        ('<a href="/b/#niente">', "/b/#niente"),
        ('<a href="#niente">', "#niente"),
        ('<a href="/#niente">', "/#niente"),
        ('<img src="/niente.png">', "/niente.png"),
    ],
)
def test_links_to_nothing_are_told(html: str, link: str) -> None:
    assert broken({"": html, "b/": ""}) == [("", link)]


def test_a_page_written_by_hand_exists_but_its_anchors_are_not_known() -> None:
    assert broken({"": '<a href="/scritta/#qualcosa">'}, "scritta/") == []


def test_the_same_link_is_told_once_a_page() -> None:
    assert broken({"": '<a href="/x/"><a href="/x/">', "b/": '<a href="/x/">'}) == [
        ("", "/x/"),
        ("b/", "/x/"),
    ]


def test_anchors() -> None:
    assert anchors_in('<h1 id="uno"><p data-id="no"><b id="due">') == ["uno", "due"]


@pytest.mark.parametrize(
    ("uri", "url"),
    [
        ("index.md", ""),
        ("servizi/index.md", "servizi/"),
        ("servizi/cav.md", "servizi/cav/"),
        ("premessa.md", "premessa/"),
    ],
)
def test_url_of(uri: str, url: str) -> None:
    assert url_of(uri) == url


ADDRESSES = st.lists(st.from_regex(r"[a-z0-9-]{1,8}", fullmatch=True), max_size=4).map(
    lambda steps: "".join(f"{step}/" for step in steps)
)
SITES = st.sampled_from(["https://x.it/", "https://x.it/carta/", "file:///home/a/site/"])


@given(page=ADDRESSES, target=ADDRESSES, site=SITES, kind=st.sampled_from(["href", "src"]))
def test_a_placed_link_leads_to_the_same_page_wherever_the_site_is(
    page: str, target: str, site: str, kind: str
) -> None:
    (placed,) = place(f'<x {kind}="/{target}">', page).split('"')[1:2]
    assert not placed.startswith("/")
    assert urljoin(site + page, placed) == site + target


@given(page=ADDRESSES, target=ADDRESSES)
def test_a_link_is_broken_unless_its_page_is_there(page: str, target: str) -> None:
    body = {page: f'<a href="/{target}">'}
    assert bool(broken(body)) == (page != target)
    assert broken(body | {target: body.get(target, "")}) == []


def test_other_links_stay() -> None:
    body = '<a href="https://x.it/"><a href="#qui"><a href="tel:112"><a title="/x/">'
    assert place(body, "a/b/") == body
