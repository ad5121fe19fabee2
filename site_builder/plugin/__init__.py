"""The only room that knows the site generator: hands it the pages and calls it."""

from site_builder.plugin.commands import build_site, serve_site, site_url
from site_builder.plugin.events import CartaPlugin

__all__ = ["CartaPlugin", "build_site", "serve_site", "site_url"]
