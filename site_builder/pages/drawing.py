"""What all pages of one site are drawn with: the Catalog, the day, and what stands beside it."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from site_builder import views, views_news
from site_builder.beside import Beside
from site_builder.catalog import Catalog
from site_builder.model import Contact, Notice, Service
from site_builder.model_carta import Area, Gruppo
from site_builder.news import news
from site_builder.news_entry import Entry
from site_builder.opendata.datasets import OpenData
from site_builder.opendata.public import public
from site_builder.pages.page import SitePage
from site_builder.prints import Prints
from site_builder.safety import SCRIPT, neutral_title
from site_builder.templating import render
from site_builder.tooltips import Tooltips


@dataclass(frozen=True)
class Drawing:
    """One site to be drawn; see `iter_pages` for what each part is."""

    catalog: Catalog
    today: date
    site_url: str
    endpoint: str
    prints: Prints
    beside: Beside
    data: OpenData | None

    @cached_property
    def entries(self) -> list[Entry]:
        """What has changed, the newest first."""
        return news(self.catalog, self.today, self.beside.history)

    @cached_property
    def public(self) -> Catalog:
        """What programs may read inside of pages."""
        return public(self.catalog)

    @cached_property
    def _shared(self) -> views.View:
        return views.common(self.catalog, self.today) | {
            "endpoint": self.endpoint,
            "prints": self.prints,
            "changed": views_news.changed(self.entries, self.beside.history),
        }

    @cached_property
    def _tooltips(self) -> Tooltips:
        return Tooltips(self.catalog.glossary)

    def page(
        self,
        template: str,
        uri: str,
        title: str,
        description: str,
        context: views.View,
        service: str = "",
        scripts: tuple[str, ...] = (),
    ) -> SitePage:
        """Draw a page; `service` is the sheet of which it speaks, if it is one."""
        body = render(f"pages/{template}.html", **self._shared, **context)
        body = self._tooltips.add(body, service)
        return SitePage(f"{uri}.md", title, description, body, scripts)

    def guarded(self, page: SitePage, item: Service | Contact | Area | Gruppo | Notice) -> SitePage:
        """The page, made discreet if it speaks of violence."""
        title = neutral_title(item, self.catalog)
        if not title:
            return page
        said = f"Una pagina di {self.catalog.carta.ente.nome}."
        scripts = (*page.scripts, SCRIPT)
        return replace(page, head_title=title, description=said, scripts=scripts, delicate=True)
