"""The files of the editing page, and which of them go into the published site."""

import json
from pathlib import Path

from site_builder.admin.config import configuration
from site_builder.admin.settings import Repository
from site_builder.catalog import Catalog
from site_builder.resources import resource_dir


def page_files() -> dict[str, Path]:
    """Every file of the editing page but its configuration, by name."""
    folder = resource_dir("theme") / "admin"
    return {path.name: path for path in sorted(folder.iterdir()) if path.suffix != ".md"}


def page_configuration(catalog: Catalog, repository: Repository, site_url: str) -> str:
    """The configuration of the published page."""
    found = {"cms": configuration(catalog, repository, site_url), "locale": False}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"
