"""Departments and codes in the reader's language, with the shape of each outcome."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.codes.models import CodeValue, Department, Region
from portal.db import Base
from portal.publications import queries
from portal.web.kept.state import State, state
from portal.web.rendering import in_english, named

Row = TypeVar("Row", bound=Base)


class Tables:
    """Two small tables and the regions that were asked for, each read once when first asked."""

    def __init__(self) -> None:
        self._departments: dict[str, Department] | None = None
        self._codes: dict[tuple[str, str], CodeValue] | None = None
        self._regions: dict[str, Region] = {}

    def departments(self, session: Session) -> dict[str, Department]:
        if self._departments is None:
            self._departments = {code: _apart(each) for code, each in queries.departments(session).items()}
        return self._departments

    def codes(self, session: Session) -> dict[tuple[str, str], CodeValue]:
        if self._codes is None:
            found: dict[tuple[str, str], CodeValue] = {}
            for value in map(_apart, queries.code_values(session)):
                found[(f"{value.table}@{value.version}", value.code)] = value
                found[(value.table, value.code)] = value
            self._codes = found
        return self._codes

    def region(self, session: Session, code: str) -> Region | None:
        if code not in self._regions:
            found = session.get(Region, code)
            if found is None:  # anybody can make up a code: not remembered
                return None
            self._regions[code] = _apart(found)
        return self._regions[code]


# by database: one process can have several, in tests
_kept: WeakKeyDictionary[object, tuple[State, Tables]] = WeakKeyDictionary()


def _tables(session: Session) -> Tables:
    """The tables of this state of what is public; inside other rooms read anew, they may be about to change.

    A new edition of the program may bring other codes: it starts with nothing kept.
    """
    now = state(session) if getattr(session, "door", "") == "public" else None
    if now is None or now.size == 0:
        return Tables()
    engine = session.get_bind()
    kept = _kept.get(engine)
    if kept is None or kept[0] != now:
        kept = _kept[engine] = (now, Tables())
    return kept[1]


def _apart(row: Row) -> Row:
    """The same values outside of any session: what one request rolls back is not lost to the others."""
    columns = sa.inspect(type(row)).columns.keys()
    return type(row)(**{name: getattr(row, name) for name in columns})


class Words:
    """Departments, codes and regions as the reader reads them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._tables = _tables(session)
        self._regions: dict[str, Region | None] = {}

    @cached_property
    def departments(self) -> dict[str, Department]:
        """By their codes."""
        return self._tables.departments(self._session)

    @cached_property
    def codes(self) -> dict[tuple[str, str], CodeValue]:
        """By (``outcome@2022``, code), and by (``outcome``, code) for the newest version that has the code."""
        return self._tables.codes(self._session)

    def department(self, code: str, label: str = "", *, short: bool = False) -> str:
        """A department's name; the name as it was published where the code is no longer known."""
        known = self.departments.get(code)
        if known is None:
            return label or code
        if in_english():
            return known.label_en or known.label
        return known.short if short else (label or known.label)

    def code(self, value: Mapping[str, Any]) -> str:
        """A code's label as it was published, or its English one."""
        if not in_english():
            return str(value.get("label", ""))
        table, code = value.get("table", ""), value.get("code", "")
        known = self.region(code) if table.startswith("region") else self.codes.get((table, code))
        return named(known) if known else str(value.get("label", ""))

    def region(self, code: str) -> Region | None:
        """A region by its code."""
        if code not in self._regions:
            self._regions[code] = self._tables.region(self._session, code)
        return self._regions[code]

    def of(self, table: str, code: str) -> str:
        """The label of a code in the newest version of its table; the code itself when there is none."""
        known = self.codes.get((table, code))
        return named(known) if known else code

    def outcome(self, code: str) -> str:
        """The label of an outcome's code."""
        return self.of("outcome", code)

    def outcomes(self, codes: str) -> list[str]:
        """The labels of a face's outcomes, ``|6|1|``."""
        return [self.outcome(code) for code in self.split(codes)]

    def split(self, codes: str) -> list[str]:
        """A face's outcomes one by one."""
        return [code for code in codes.split("|") if code]

    def shape(self, value: Mapping[str, Any] | str) -> str:
        """none, fixed, found, absent or other: how an outcome is told apart without colour."""
        key = (
            ("outcome", value) if isinstance(value, str) else (value.get("table", ""), value.get("code", ""))
        )
        known = self.codes.get(key)
        return (known.shape if known else "") or "other"

    def known(self, table: str) -> list[CodeValue]:
        """The codes of a table with those no longer in force, the newest version first, in print order."""
        found = [value for (name, _code), value in self.codes.items() if name == table]
        return sorted(found, key=lambda value: (value.valid_to is not None, value.position))

    def options(self, table: str) -> list[CodeValue]:
        """The codes of a table that are in force, in print order."""
        return [value for value in self.known(table) if value.valid_to is None]
