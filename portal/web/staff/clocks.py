"""The publish-by clock of a row (D11), worked out when it is looked at, never stored."""

from dataclasses import dataclass
from datetime import date

from flask import current_app, g

from portal.clock import today
from portal.codes.profiles import Profile, load_profile
from portal.db import db
from portal.deadlines.calendar import Calendar, load_calendar
from portal.deadlines.terms import publish_by
from portal.deadlines.working_days import between
from portal.publications.dating import Terms
from portal.publications.desk import Dates

SOON = 5  # working days


@dataclass(frozen=True)
class Clock:
    """A due day as it stands today. ``left`` counts working days; below zero it is overdue."""

    due: date
    left: int
    provisional: bool

    @property
    def shape(self) -> str:
        """The ending of its ``.ck-…`` class."""
        if self.left < 0:
            return "over"
        if self.due == today():
            return "today"
        if self.provisional:
            return "prov"
        return "soon" if self.left <= SOON else "run"


@dataclass(frozen=True)
class Clocks:
    """The rule profile and the calendar of this request."""

    profile: Profile
    calendar: Calendar

    @property
    def terms(self) -> Terms:
        """What fixes a new result's last day of disclosure."""
        return Terms(self.profile, self.calendar)

    def due_on(self, kind: str, dates: Dates) -> date | None:
        """The last day on which a result may be published in time."""
        if kind != "result" or not any(dates.values()):
            return None
        due = publish_by(dates, self.profile, self.calendar)
        return due.due if due else None

    def clock(self, due: date | None, *, provisional: bool | None = None) -> Clock | None:
        """A due day seen from today.

        :param provisional: what was said when it was counted; by the calendar of today when left out.
        """
        if due is None:
            return None
        left = between(today(), due, self.calendar)
        unsure = due > self.calendar.known_through if provisional is None else provisional
        # overdue on a day off: no working day has passed yet, and overdue it is all the same
        return Clock(due, min(left, -1) if due < today() else left, unsure)


def clocks() -> Clocks:
    """The clocks of this request, made once."""
    if "clocks" not in g:
        settings = current_app.extensions["portal_settings"]
        g.clocks = Clocks(load_profile(settings.profile), load_calendar(db.session()))
    made: Clocks = g.clocks
    return made
