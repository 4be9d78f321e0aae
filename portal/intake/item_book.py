"""Items by name, code and alias, and whether they were on a list in force (D6): one look-up per import."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.codes.book import fold
from portal.intake.models import ItemAlias
from portal.publications.models import ListedItem
from portal.publications.requirements import off_the_lists
from portal.words import Sentence


class Listed(NamedTuple):
    """An item on one list."""

    item_code: str
    item: str
    department: str
    joint: bool
    starts: date
    ends: date | None

    def covers(self, department: str, on: date) -> bool:
        """Whether the list is the department's or a joint one, and in force on a day."""
        theirs = self.joint or self.department == department
        return theirs and self.starts <= on and (self.ends is None or on <= self.ends)


@dataclass
class ItemBook:
    """All listed items and aliases, read once."""

    listed: dict[str, list[Listed]] = field(default_factory=dict)  # by code, item and sub-item, folded
    aliases: dict[str, tuple[str, str]] = field(default_factory=dict)  # folded -> code, item

    @classmethod
    def load(cls, session: Session) -> "ItemBook":
        """Read the tables; two statements."""
        book = cls()
        for each in session.scalars(sa.select(ListedItem)):
            span = Listed(
                each.item_code,
                each.item,
                each.department_code,
                each.joint,
                each.effective_from,
                each.effective_to,
            )
            for word in {fold(each.item_code), fold(each.item), fold(each.sub_item)} - {""}:
                book.listed.setdefault(word, []).append(span)
        aliases = sa.select(ItemAlias.folded, ItemAlias.item_code, ItemAlias.item)
        book.aliases = {folded: (code, item) for folded, code, item in session.execute(aliases)}
        return book

    def resolve(self, row: dict[str, Any], department: str, on: date | None) -> None:
        """Put the listed name and code where a source gives an alias, or only one of the two."""
        for name in ("item", "item_code"):
            if alias := self.aliases.get(fold(str(row.get(name) or ""))):
                row |= {key: value for key, value in zip(("item_code", "item"), alias, strict=True) if value}
                break
        found = self._find(row, department, on)
        if not row.get("item"):
            row["item"] = found.item if found else row.get("item_code")
        if not row.get("item_code") and found and found.item_code:
            row["item_code"] = found.item_code

    def why_held(self, content: Mapping[str, Any]) -> list[Sentence]:
        """D6, as :func:`portal.publications.requirements.why_held` says it, without a query per row."""
        on, department = content["inspected_on"], content["department"]["code"]
        day = date.fromisoformat(on)
        return [
            off_the_lists(row, on)
            for row in content["items"]
            if not any(each.covers(department, day) for each in self._named(row))
        ]

    def _find(self, row: Mapping[str, Any], department: str, on: date | None) -> Listed | None:
        """The listed item that is meant, the one in force on the day before any other."""
        named = self._named(row)
        in_force = (each for each in named if on and each.covers(department, on))
        return next(in_force, named[0] if named else None)

    def _named(self, row: Mapping[str, Any]) -> list[Listed]:
        words = {fold(str(row.get(name) or "")) for name in ("item_code", "item")} - {""}
        return [each for word in sorted(words) for each in self.listed.get(word, [])]
