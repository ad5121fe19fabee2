"""A page of the site, and where it stands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SitePage:
    """A page: `uri` as the generator names its source (`servizi/cav.md`), `body` as HTML.

    `scripts` are the addresses of the scripts that only this page needs; `head_title` is the title
    for the browser's window and history where that of the page would betray its reader; a
    `delicate` page has a quick exit; one that is not `listed` is kept from search engines.
    """

    uri: str
    title: str
    description: str
    body: str
    scripts: tuple[str, ...] = ()
    head_title: str = ""
    delicate: bool = False
    listed: bool = True

    @property
    def url(self) -> str:
        return url_of(self.uri)


def url_of(uri: str) -> str:
    """The address of a page, without the leading slash: `servizi/cav/`; the home is empty."""
    stem = uri.removesuffix(".md")
    return "" if stem == "index" else stem.removesuffix("/index") + "/"


def place(body: str, url: str) -> str:
    """Make links from the root relative to the page at `url`."""
    return place_from(body, "../" * url.count("/") or "./")


def place_from(body: str, base: str) -> str:
    """Make links from the root start at `base`."""
    return body.replace('href="/', f'href="{base}').replace('src="/', f'src="{base}')
