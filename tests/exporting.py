"""Editions of the bulk files, made and read."""

import csv
import io
import zipfile

from flask import Flask

from portal import work
from portal.exports import editions
from portal.exports.editions import Edition
from portal.settings import Settings


def make(app: Flask, settings: Settings) -> Edition:
    """What the worker makes at night: the first edition."""
    assert work.exports_step(app) == 1
    (edition,) = editions.standing(settings.exports_dir)
    return edition


def rows(settings: Settings, edition: Edition, name: str) -> list[dict[str, str]]:
    """The rows of a table of an edition."""
    path = settings.exports_dir / edition.name / name
    data = path.read_bytes()
    if name.endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            data = archive.read(name.removesuffix(".zip"))
    return [*csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))]
