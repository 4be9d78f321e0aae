"""Answers that a browser saves as a file: under which name, and small tables as CSV."""

import csv
import io
from collections.abc import Iterable
from urllib.parse import quote

from flask import Response

from portal.exports.cells import BOM, guarded


def saved_as(plain: str, name: str = "") -> str:
    """The header by which a browser saves an answer under a name (RFC 6266).

    :param plain: the name for those who read ASCII alone.
    :param name: the name for everybody else, where that is another one.
    """
    known = f'attachment; filename="{plain}"'
    return f"{known}; filename*=UTF-8''{quote(name, safe='')}" if name else known


def csv_file(rows: Iterable[Iterable[object]], name: str) -> Response:
    """A small table as a CSV file that opens right in Excel; no text in it is run.

    :param name: of the file, in ASCII.
    """
    text = io.StringIO()
    csv.writer(text).writerows(
        [guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )
    answer = Response((BOM + text.getvalue()).encode(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = saved_as(name)
    return answer
