"""What the editing page is told: the collections, drawn from the schemas and the Catalog."""

from typing import Any

from site_builder.admin.choices import choices
from site_builder.admin.settings import Repository
from site_builder.admin.widgets import Field, fields
from site_builder.catalog import Catalog
from site_builder.documents import (
    EDITIONS,
    FIGURES,
    KINDS,
    PAGE_FOLDERS,
    PAGES,
    SINGLE_KINDS,
)
from site_builder.validation import load_schema

# What changes most often comes first.
_FIRST = ("contacts", "services", "notices")
_PLURALS = {
    "services": "Schede dei servizi", "contacts": "Contatti", "providers": "Enti gestori",
    "standards": "Standard di qualità", "results": "Risultati", "forms": "Moduli",
    "notices": "Avvisi", "editions": "Edizioni in archivio", "figures": "Numeri dei reclami",
    "pages": "Pagine", "lingue": "Pagine in altre lingue",
}  # fmt: skip
# Two kinds share a folder; and these files are made by a command, with what goes with them.
_FOLDERS = {FIGURES: "results"}
_SHARING = ("results", FIGURES)
_MADE = (FIGURES, EDITIONS)
LOCAL = {"name": "proxy", "proxy_url": "/api/v1", "branch": "locale"}


def configuration(
    catalog: Catalog, repository: Repository | None = None, site_url: str = ""
) -> dict[str, Any]:
    """The configuration of the CMS; without a repository, that of a preview on this machine."""
    folder = f"{repository.folder if repository else ''}content/"
    known = choices(catalog)
    order = sorted((*KINDS, FIGURES), key=lambda kind: kind not in _FIRST)
    order.sort(key=lambda kind: _FIRST.index(kind) if kind in _FIRST else len(_FIRST))
    folders = [_collection(kind, kind, folder, fields(kind, known)) for kind in order]
    pages = [
        _collection(PAGES, name, folder, fields(PAGES, known)) for name in (PAGES, *PAGE_FOLDERS)
    ]
    singles = [_single(kind, folder, fields(kind, known)) for kind in SINGLE_KINDS]
    return {
        "backend": _backend(repository) if repository else LOCAL,
        "publish_mode": "editorial_workflow" if repository else "simple",
        "load_config_file": False,
        "locale": "it",
        "media_folder": f"{folder}pages/img",
        "logo": {"src": "../assets/emblema.svg"},
        "show_preview_links": False,
        "slug": {"encoding": "ascii", "clean_accents": True},
        "collections": [*folders, *singles, *pages],
        **({"site_url": site_url} if site_url else {}),
    }


def _backend(repository: Repository) -> dict[str, Any]:
    """Who is asked for the files, and how people log in: without a server of ours in between."""
    found = {
        "name": repository.backend,
        "repo": repository.repo,
        "branch": repository.branch,
        "base_url": repository.base_url,
        "api_root": repository.api_root,
        "commit_messages": {
            "create": "Aggiunge {{collection}} «{{slug}}»",
            "update": "Corregge {{collection}} «{{slug}}»",
            "delete": "Toglie {{collection}} «{{slug}}»",
        },
    }
    if repository.app_id:
        found |= {"auth_type": "pkce", "app_id": repository.app_id}
    return found


def _collection(kind: str, name: str, folder: str, form: list[Field]) -> dict[str, Any]:
    names = [field["name"] for field in form]
    shown = next(key for key in ("nome", "titolo", "title", "anno", "id") if key in names)
    page = kind == PAGES
    under = f"{PAGES}/{name}" if page and name != PAGES else _FOLDERS.get(kind, kind)
    found = {
        "name": name,
        "label": _PLURALS.get(name, name),
        "label_singular": load_schema(kind)["title"],
        "folder": folder + under,
        "extension": "md" if page else "yml",
        "format": f"carta-{name}",
        "slug": "{{slug}}" if page else "{{fields.id}}",
        "identifier_field": shown,
        "summary": f"{{{{{shown}}}}}",
        "create": kind not in _MADE,
        "delete": False,
        "editor": {"preview": False},
        "fields": form,
    }
    if kind in _SHARING:
        found["filter"] = {"field": "_tipo", "value": kind}  # redazione.js tells which it is
    return found


def _single(kind: str, folder: str, form: list[Field]) -> dict[str, Any]:
    title = load_schema(kind)["title"]
    file = {"name": kind, "label": title, "file": f"{folder}{kind}.yml", "fields": form}
    return {
        "name": kind,
        "label": title,
        "format": f"carta-{kind}",
        "delete": False,
        "editor": {"preview": False},
        "files": [file],
    }
