"""Departments and codes in the reader's language, with the shape of each outcome."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from portal.codes.models import CodeValue, Department, Region
from portal.web.kept.tables import tables
from portal.web.rendering import in_english, named


class Words:
    """Departments, codes and regions as the reader reads them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._tables = tables(session)
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
