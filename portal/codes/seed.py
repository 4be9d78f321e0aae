"""Load code tables, regions and departments from CSV files; loading twice changes nothing."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.codes.models import CodeValue, Department, Region

Row = dict[str, str]


def load_codes(session: Session) -> None:
    """Load the code tables and the administrative divisions that come with the portal.

    A value that is already there is brought up to the file's words (English label, aliases, end of
    validity); its code, version and label never change: records were published with them.
    """
    data = files("portal.codes") / "data"
    load_code_values(session, read_rows(data / "code_values.csv"))
    load_regions(session, read_rows(data / "regions.csv"))


def load_code_values(session: Session, rows: Iterable[Row]) -> None:
    """Add what is missing; `position` is the row's place in the file."""
    present = {(each.table, each.version, each.code): each for each in session.scalars(sa.select(CodeValue))}
    for position, row in enumerate(rows, start=1):
        key = (row["table"], row["version"], row["code"])
        value = present.get(key)
        if value is None:
            value = CodeValue(table=key[0], version=key[1], code=key[2], label=row["label"])
            session.add(value)
        value.label_en, value.aliases, value.shape = row["label_en"], row["aliases"], row["shape"]
        value.valid_from, value.valid_to = _day(row["valid_from"]), _day(row["valid_to"])
        value.position = position
    session.flush()


def load_regions(session: Session, rows: Iterable[Row]) -> None:
    """Add the divisions whose code is not known yet."""
    present = set(session.scalars(sa.select(Region.code)))
    missing = [row for row in rows if row["code"] not in present]
    if missing:
        session.execute(sa.insert(Region), missing)


def load_departments(session: Session, rows: Iterable[Row]) -> None:
    """Add or rename departments; columns as :class:`portal.codes.models.Department`."""
    for row in rows:
        department = session.get(Department, row["code"]) or Department(code=row["code"])
        for name in ("label", "short", "label_en", "region_code", "document_prefix", "phone"):
            setattr(department, name, row.get(name) or "")
        department.valid_from = _day(row.get("valid_from", ""))
        department.valid_to = _day(row.get("valid_to", ""))
        session.add(department)
    session.flush()


def read_rows(source: Traversable) -> Iterator[Row]:
    """The rows of a UTF-8 CSV file with a head line; a byte-order mark, as spreadsheets write, is fine."""
    yield from csv.DictReader(io.StringIO(source.read_text(encoding="utf-8-sig"), newline=""))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
