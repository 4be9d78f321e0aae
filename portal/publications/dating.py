"""The clock that a result carries: by when it must be disclosed (D11), fixed when it is drafted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.codes.profiles import Profile
from portal.deadlines.calendar import Calendar
from portal.deadlines.terms import due_of, start_of


@dataclass(frozen=True)
class Terms:
    """The rule profile of the place and the calendar that its terms are counted by."""

    profile: Profile
    calendar: Calendar
    _counted: dict[date, str] = field(default_factory=dict, init=False, compare=False, repr=False)

    def with_publish_by(self, kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """The content with its last day of disclosure, unless it has one or no day is known to count from."""
        if kind != "result" or content.get("publish_by"):
            return dict(content)
        term = self.profile.terms["publish"]
        start = start_of(term, content)
        if start is None:
            return dict(content)
        if start not in self._counted:
            self._counted[start] = due_of(term, start, self.calendar).due.isoformat()
        return dict(content) | {"publish_by": self._counted[start]}
