"""A static mirror of a test's site, and what a server of files would answer from it."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import Flask

from portal.cli.mirroring import site_of
from portal.mirror.making import export
from portal.mirror.site import Counts

LINK = re.compile(r'\s(?:href|src|action)="(/[^"]*)"')


def mirror(app: Flask, folder: Path, *, english: bool = False) -> Counts:
    """Make or renew it."""
    return export(site_of(app), folder, lambda done, size: None, english=english)


def served(folder: Path, address: str) -> bytes | None:
    """What stands at an address on a server that knows files and ``index.html`` alone; None for a 404."""
    path = folder / unquote(urlsplit(address).path).lstrip("/")
    file = path / "index.html" if path.is_dir() else path
    return file.read_bytes() if file.is_file() else None


def links(folder: Path) -> Iterator[tuple[str, str]]:
    """Every link of every page: the page, where it leads."""
    for page in sorted(folder.rglob("index.html")):
        for found in LINK.findall(page.read_text()):
            yield str(page.relative_to(folder)), unescape(found)


def everything(folder: Path) -> bytes:
    """Every byte of the folder, its register too."""
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
