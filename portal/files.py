"""Where the site's own files are: beside the package in a checkout, inside it in an installed wheel."""

from pathlib import Path
from typing import Literal

SiteFolder = Literal["templates", "static", "translations", "migrations"]

_PACKAGE = Path(__file__).resolve().parent
_IN_WHEEL = _PACKAGE / "_site"
_IN_CHECKOUT = _PACKAGE.parent


def site_path(name: SiteFolder) -> Path:
    """The folder of templates, static files, translations or migrations that belongs to this code."""
    return (_IN_WHEEL if _IN_WHEEL.is_dir() else _IN_CHECKOUT) / name
