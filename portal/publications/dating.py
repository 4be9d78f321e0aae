"""The clock that a result carries: by when it must be disclosed (D11), fixed when it is drafted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.codes.profiles import Profile
from portal.deadlines.calendar import Calendar
from portal.deadlines.terms import publish_by


@dataclass(frozen=True)
class Terms:
    """The rule profile of the place and the calendar that its terms are counted by."""

    profile: Profile
    calendar: Calendar

    def with_publish_by(self, kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """The content with its last day of disclosure, unless it has one or no day is known to count from."""
        if kind != "result" or content.get("publish_by"):
            return dict(content)
        due = publish_by(content, self.profile, self.calendar)
        return dict(content) | ({"publish_by": due.due.isoformat()} if due else {})
