"""The Atom feed: valid by the schema of its RFC, the same for the same content, discreet."""

import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from site_builder.beside import Beside
from site_builder.diary import UNKNOWN, Change, History
from site_builder.feed import LIMIT, feed
from site_builder.model import Contact, Service
from site_builder.news import news
from site_builder.news_entry import Entry
from site_builder.opendata.public import public
from site_builder.opendata.source import Source
from site_builder.safety import neutral_title
from site_builder.site import compose
from tests.bodies import BODIES, DAY, catalog_of, good_catalog
from tests.conftest import Body

SCHEMA = etree.RelaxNG(file=str(Path(__file__).parent / "standards" / "atom" / "atom.rng"))
NS = {"a": "http://www.w3.org/2005/Atom"}
ADDRESSES = ("", "https://carta.example.it/", "https://example.it/carta/")


def problems(root: etree._Element) -> list[str]:
    """What the schema of RFC 4287 says, and its rules in Schematron."""
    SCHEMA.validate(root)
    found = [str(error.message) for error in SCHEMA.error_log]
    if root.xpath("not(a:author) and a:entry[not(a:author)]", namespaces=NS):
        found.append("an entry without an author")
    if root.xpath("a:entry[not(a:link[@rel='alternate'] or a:link[not(@rel)] or a:content)]",
                  namespaces=NS):  # fmt: skip
        found.append("an entry without a link or text")
    ids = root.xpath("//a:id/text()", namespaces=NS)
    assert isinstance(ids, list)
    return found + (["an id twice"] if len(set(ids)) < len(ids) else [])


@cache
def changes(name: str) -> History:
    """A history in which every sheet and contact has changed, some on a day of their own."""
    catalog = catalog_of(name)
    records = [("services", id) for id in catalog.services]
    records += [("contacts", id) for id in catalog.contacts]
    told = [
        Change(DAY - timedelta(days=number), kind, id, "cambiato", ("telefoni", "orari"))
        for number, (kind, id) in enumerate(records)
    ]
    gone = Change(DAY, "contacts", "segreto", "tolto")
    return History((gone, *told), dict.fromkeys(records, DAY), DAY - timedelta(days=400))


def drawn(name: str, address: str, history: History = UNKNOWN) -> etree._Element:
    catalog = public(catalog_of(name))
    text = feed(Source(catalog, address), news(catalog, DAY, history))
    return etree.fromstring(text.encode())


def texts(root: etree._Element, path: str) -> list[str]:
    found = root.xpath(path, namespaces=NS)
    assert isinstance(found, list)
    return [str(item) for item in found]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("name", BODIES)
def test_the_feed_is_valid(name: str, address: str) -> None:
    for history in (UNKNOWN, changes(name)):
        root = drawn(name, address, history)
        assert problems(root) == []
        assert texts(root, "/a:feed/a:author/a:name/text()") == [catalog_of(name).carta.ente.nome]
        ids = texts(root, "//a:id/text()")
        assert all(UUID(id.removeprefix("urn:uuid:")).version == 5 for id in ids)
        newest = texts(root, "//a:updated/text()")
        assert newest[0] == max(newest) == f"{DAY}T12:00:00Z" or history == UNKNOWN
    assert len(texts(root, "//a:entry/a:id")) == LIMIT


def _without(name: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        for element in root.findall(f".//a:{name}", NS):
            parent = element.getparent()
            assert parent is not None
            parent.remove(element)

    return change


def _with_text(name: str, text: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        element = root.find(f".//a:{name}", NS)
        assert element is not None
        element.text = text

    return change


def _twice(name: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        element = root.find(f".//a:entry/a:{name}", NS)
        assert element is not None
        element.addnext(copy.deepcopy(element))

    return change


def _foreign(root: etree._Element) -> None:
    etree.SubElement(root[-1], "{http://www.w3.org/2005/Atom}altro").text = "x"


@pytest.mark.parametrize(
    "change",
    [
        _without("id"), _without("title"), _without("updated"), _without("author"),
        _without("name"), _with_text("updated", "2026-11-22"), _with_text("updated", "ieri"),
        _twice("id"), _twice("title"), _twice("updated"), _twice("content"), _foreign,
        lambda root: root.find(".//a:link", NS).attrib.pop("href"),
        lambda root: root.find(".//a:link", NS).set("type", "pagina"),
        lambda root: root.set("{http://www.w3.org/XML/1998/namespace}lang", "it_IT!"),
        lambda root: [_without("link")(root), _without("content")(root)],
    ],
)  # fmt: skip
def test_a_fault_is_found(change: Callable[[etree._Element], object]) -> None:
    root = drawn("casarano", ADDRESSES[1], changes("casarano"))
    change(root)
    assert problems(root)


@pytest.mark.parametrize("address", ADDRESSES)
def test_links_lead_to_pages_of_the_site(body: Body, today: date, address: str) -> None:
    """Whole where the site has an address; else from where the feed lies, its root."""
    change = Change(today, "services", "asilo-nido", "cambiato", ("costo",))
    history = History((change,), {}, today - timedelta(days=3), {"services": 1})
    catalog = good_catalog(body(), today)
    site = compose(catalog, today, frozenset(), address, beside=Beside(history=history))
    root = etree.fromstring(site.files["novita.xml"].encode())
    links = texts(root, "//a:link[@rel='alternate']/@href")
    assert all(link.startswith(address) for link in links)
    assert {link.removeprefix(address).partition("#")[0] for link in links} <= site.addresses
    assert "servizi/asilo-nido/" in {link.removeprefix(address) for link in links}
    own = texts(root, "//a:link[@rel='self']/@href")
    assert own == ([f"{address}novita.xml"] if address else [])


def test_what_is_delicate_is_not_named() -> None:
    name = "casarano"
    catalog = catalog_of(name)
    items: list[Service | Contact] = [*catalog.services.values(), *catalog.contacts.values()]
    delicate = [item for item in items if neutral_title(item, catalog)]
    assert delicate
    told = changes(name)
    only = replace(told, changes=tuple(c for c in told.changes if c.id in {i.id for i in delicate}))
    text = etree.tostring(drawn(name, ADDRESSES[1], only), encoding="unicode")
    assert text.count("<entry>") >= len(delicate)
    for item in delicate:
        assert f"/{item.id}/" not in text
        assert (item.titolo if isinstance(item, Service) else item.nome) not in text
        assert neutral_title(item, catalog) in text


def test_the_same_content_gives_the_same_and_the_day_of_the_build_counts_for_nothing() -> None:
    catalog = public(catalog_of("casarano"))
    source, history = Source(catalog, ADDRESSES[1]), changes("casarano")
    first = feed(source, news(catalog, DAY, history))
    assert first == feed(source, news(catalog, DAY + timedelta(days=90), history))
    assert first.startswith('<?xml version="1.0" encoding="utf-8"?>\n<feed ')


def test_an_empty_feed_is_valid_too() -> None:
    root = etree.fromstring(feed(Source(catalog_of("casarano")), []).encode())
    assert problems(root) == []


@settings(max_examples=30)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=4))
def test_any_words_make_a_feed(words: list[str]) -> None:
    entries = [Entry(DAY, "services", str(n), text, text) for n, text in enumerate(words)]
    root = etree.fromstring(feed(Source(catalog_of("casarano")), entries).encode())
    assert problems(root) == []
    assert len(root.findall("a:entry", NS)) == len(words)
