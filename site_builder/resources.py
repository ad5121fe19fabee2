"""Where the product's data files are: in the package of a wheel, one floor up in a clone."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource_dir(name: str) -> Path:
    """The folder `schemas` or `theme`, wherever this copy of the product keeps it."""
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
