"""The code book: finds the code that an office's words mean, and the words that a code was published with."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.codes.models import CodeValue, Department, Region

REGION_TABLE = "region@2023"
_CLOSED_UP = str.maketrans(
    {"〔": "(", "〕": ")", "[": "(", "]": ")", "【": "(", "】": ")", "“": '"', "”": '"'}
)

Value = dict[str, str]


@lru_cache(maxsize=8192)  # an import asks for the same few words 100,000 times
def fold(text: str) -> str:
    """What counts when two wordings are compared: not width, not space, not the shape of brackets.

    >>> fold("通过登记的住所（经营场所） 无法联系") == fold("通过登记的住所(经营场所)无法联系")
    True
    """
    normal = unicodedata.normalize("NFKC", text).translate(_CLOSED_UP)
    return re.sub(r"\s+", "", normal).casefold()


@dataclass
class CodeBook:
    """All code values, departments and regions, read once and asked often."""

    values: list[CodeValue]
    departments: list[Department]
    regions: dict[str, tuple[str, str]]  # code -> label, English label
    _index: dict[tuple[str, str], list[CodeValue]] = field(default_factory=dict, repr=False)
    _department_index: dict[str, Department] = field(default_factory=dict, repr=False)
    _region_index: dict[str, list[str]] = field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, session: Session) -> "CodeBook":
        """Read the tables; three statements."""
        values = session.scalars(sa.select(CodeValue).order_by(CodeValue.table, CodeValue.position))
        departments = session.scalars(sa.select(Department).order_by(Department.code))
        regions = session.execute(sa.select(Region.code, Region.label, Region.label_en))
        return cls(list(values), list(departments), {code: (zh, en) for code, zh, en in regions})

    def __post_init__(self) -> None:
        for value in self.values:
            for word in (value.code, value.label, *_aliases(value)):
                found = self._index.setdefault((value.table, fold(word)), [])
                if value not in found:
                    found.append(value)
        # a full name outranks another department's short name
        for words in ("short", "label_en", "label", "code"):
            self._department_index |= {
                fold(getattr(each, words)): each for each in self.departments if getattr(each, words)
            }
        for code, (label, _) in self.regions.items():
            for word in (code, label):
                self._region_index.setdefault(fold(word), []).append(code)

    def value(self, table: str, text: str, on: date | None = None) -> Value | None:
        """The value that a code, label or alias stands for, as a record keeps it; None if there is none.

        :param on: prefer the version in force on that day; else the newest version that knows the word, so
            that a label of an older vocabulary keeps its own code and is never dropped.
        """
        if table == "region":
            return self._region(text)
        found = self._index.get((table, fold(text)), [])
        if not found:
            return None
        best = max(found, key=lambda each: (_in_force(each, on) if on else True, each.version))
        return {"code": best.code, "table": f"{table}@{best.version}", "label": best.label}

    def department(self, text: str) -> Value | None:
        """A department by code, full name, short name or English name."""
        found = self._department_index.get(fold(text))
        return {"code": found.code, "label": found.label} if found else None

    def options(self, table: str, on: date | None = None) -> list[CodeValue]:
        """The values of the version in force on a day, or of the newest version, in the table's order."""
        values = [each for each in self.values if each.table == table]
        if on is not None:
            return [each for each in values if _in_force(each, on)]
        newest = max((each.version for each in values), default="")
        return [each for each in values if each.version == newest]

    def english(self, table: str, code: str) -> str:
        """The English label, or the Chinese one where there is none; `table` with or without its version."""
        if table.partition("@")[0] == "region":
            zh, en = self.regions.get(code, (code, ""))
            return en or zh
        found = self._by_code(table, code)
        return (found.label_en or found.label) if found else code

    def label(self, table: str, code: str) -> str:
        """The Chinese label of a code, or the code itself when no table knows it."""
        if table.partition("@")[0] == "region":
            return self.regions.get(code, (code, ""))[0]
        found = self._by_code(table, code)
        return found.label if found else code

    def shape(self, table: str, code: str) -> str:
        """How an outcome is drawn: none, fixed, found, absent or other."""
        found = self._by_code(table, code)
        return found.shape if found and found.shape else "other"

    def department_named(self, code: str) -> Department | None:
        """The department with a code."""
        return next((each for each in self.departments if each.code == code), None)

    def _by_code(self, table: str, code: str) -> CodeValue | None:
        name, _, version = table.partition("@")
        found: Iterable[CodeValue] = [
            each for each in self._index.get((name, fold(code)), []) if each.code == code
        ]
        return max(found, key=lambda each: (each.version == version, each.version), default=None)

    def _region(self, text: str) -> Value | None:
        codes = self._region_index.get(fold(text), [])
        if len(codes) != 1:  # 鼓楼区 is in four cities: only a code says which
            return None
        return {"code": codes[0], "table": REGION_TABLE, "label": self.regions[codes[0]][0]}


def _aliases(value: CodeValue) -> list[str]:
    return [word for word in (value.aliases or "").split("|") if word]


def _in_force(value: CodeValue, on: date) -> bool:
    return (value.valid_from is None or value.valid_from <= on) and (
        value.valid_to is None or on <= value.valid_to
    )


def allowed(options: Iterable[CodeValue]) -> str:
    """The labels of a table in one line, for the sentence that refuses another word."""
    return "、".join(each.label for each in options)


def as_record(value: CodeValue) -> dict[str, Any]:
    """A code value as a record's content keeps it."""
    return {"code": value.code, "table": f"{value.table}@{value.version}", "label": value.label}
