"""Find links that lead nowhere, among pages whose links start at the root of the site."""

import re
from collections.abc import Iterator, Mapping

# Attributes follow a space; and a pattern that begins with a plain character is searched for fast.
_LINK = re.compile(r' (?:href|src)="(/[^"#]*)?(?:#([^"]*))?"')
_ID = re.compile(r' id="([^"]+)"')


def anchors_in(body: str) -> list[str]:
    """The ids in a piece of HTML: what a link can point to."""
    return _ID.findall(body)


def iter_broken(bodies: Mapping[str, str], others: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield (url of the page, link) for every internal link without a target.

    `bodies` maps the address of each page (`servizi/cav/`) to its HTML; `others` are addresses
    that exist outside of them, such as files and pages written by hand. Links to other sites are
    not looked at.
    """
    anchors = {url: frozenset(anchors_in(body)) for url, body in bodies.items()}
    for url, body in bodies.items():
        for path, anchor in set(_LINK.findall(body)):
            target = path[1:] if path else url
            if target not in anchors and target not in others:
                yield url, path
            elif anchor and target in anchors and anchor not in anchors[target]:
                yield url, f"{path}#{anchor}"
