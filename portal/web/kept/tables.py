"""Small tables that every page reads, as they are at one state of what is public: read once for it and not for each page."""

from typing import TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.codes.models import CodeValue, Department, Region
from portal.db import Base
from portal.deadlines.calendar import Calendar, load_calendar
from portal.ledger import sealing
from portal.publications import queries
from portal.web.kept.state import State, state

Row = TypeVar("Row", bound=Base)


class Tables:
    """Departments, codes, the calendar, and the regions that were asked for, each read once when first asked."""

    def __init__(self) -> None:
        self._departments: dict[str, Department] | None = None
        self._codes: dict[tuple[str, str], CodeValue] | None = None
        self._regions: dict[str, Region] = {}
        self._calendar: Calendar | None = None
        self._is_signed = False

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

    def calendar(self, session: Session) -> Calendar:
        """A notice that is loaded is a line of the ledger."""
        if self._calendar is None:
            self._calendar = load_calendar(session)
        return self._calendar

    def is_signed(self, session: Session) -> bool:
        """Whether the log has a checkpoint; the first one comes without a line, and none goes."""
        self._is_signed = self._is_signed or sealing.newest(session) is not None
        return self._is_signed


# by database: one process can have several, in tests
_kept: WeakKeyDictionary[object, tuple[State, Tables]] = WeakKeyDictionary()


def tables(session: Session) -> Tables:
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
