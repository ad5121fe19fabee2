"""The news as an Atom feed (RFC 4287), for who follows the Carta with a reader of feeds.

A reader keeps titles for years, often on a shared screen: of what is delicate it is told neither
the name nor the address.
"""

import re
from collections.abc import Iterator
from datetime import date
from xml.etree import ElementTree as ET

from site_builder.news_entry import Entry
from site_builder.opendata.source import Source

ADDRESS = "novita.xml"
# The newest: readers keep the older ones themselves.
LIMIT = 50
_ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# What XML cannot hold.
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feed(source: Source, entries: list[Entry]) -> str:
    """The newest of the entries. Links are whole if the site has an address, else from the feed."""
    carta = source.catalog.carta
    root = ET.Element("feed", {"xmlns": _ATOM, _LANG: "it"})
    _add(root, "id", f"urn:uuid:{source.uuid(ADDRESS)}")
    _add(root, "title", f"Che cosa è cambiato: {carta.edizione.titolo}")
    _add(root, "subtitle", "Schede, contatti, avvisi ed edizioni, dal più recente.")
    days = [entry.day for entry in entries] or [carta.aggiornato_il or date.min]
    _add(root, "updated", _noon(max(days)))
    _add(ET.SubElement(root, "author"), "name", carta.ente.nome)
    if own := source.url(ADDRESS):
        ET.SubElement(root, "link", rel="self", type="application/atom+xml", href=own)
    _link(root, source, "novita/")
    if carta.licenza:
        _add(root, "rights", f"{carta.licenza.nome}: {carta.licenza.url}")
    for entry in entries[:LIMIT]:
        _entry(ET.SubElement(root, "entry"), source, entry)
    ET.indent(root, " ")
    text = ET.tostring(root, "unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _entry(element: ET.Element, source: Source, entry: Entry) -> None:
    title = entry.discreet or entry.title
    said = f"{title}: {entry.text}" if entry.text else title
    _add(element, "id", f"urn:uuid:{source.uuid(_name(entry))}")
    _add(element, "title", said)
    _add(element, "updated", _noon(entry.day))
    is_open = entry.address and not entry.discreet
    _link(element, source, entry.address if is_open else f"novita/#{entry.anchor}")
    _add(element, "content", f"{said}.")


def _name(entry: Entry) -> str:
    """What tells an entry from all others, whatever is said of it."""
    return f"novita/#{'-'.join(_parts(entry))}"


def _parts(entry: Entry) -> Iterator[str]:
    yield str(entry.day)
    yield from (part for part in (entry.kind, entry.id, entry.sort) if part)


def _link(element: ET.Element, source: Source, address: str) -> None:
    # The feed lies at the root of the site: what starts there starts at the feed too.
    href = source.url(address) or address
    ET.SubElement(element, "link", rel="alternate", type="text/html", href=href)


def _add(element: ET.Element, name: str, text: str) -> None:
    ET.SubElement(element, name).text = _UNFIT.sub("", text)


def _noon(day: date) -> str:
    """The day as a moment that is the same day all over Europe."""
    return f"{day.isoformat()}T12:00:00Z"
