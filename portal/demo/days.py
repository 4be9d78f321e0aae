"""The demo's calendar: everything happens on working days, counted back from today."""

from bisect import bisect_left, bisect_right
from datetime import date, datetime, time, timedelta

from portal.clock import SHANGHAI
from portal.deadlines.calendar import Calendar

YEARS_BACK = 3


class Days:
    """Working days around today. The newest day anything happens is the last working day before today, so
    that nothing of the demo lies in the future at any hour."""

    def __init__(self, today: date, calendar: Calendar) -> None:
        self.today = today
        self.calendar = calendar
        around = (today + timedelta(days=each) for each in range(-YEARS_BACK * 366, 366))
        self._working = [day for day in around if calendar.is_working(day)]

    def ago(self, days: int) -> date:
        """The last working day before today, or the one so many working days before that."""
        return self._working[bisect_left(self._working, self.today) - 1 - days]

    def after(self, day: date, days: int) -> date:
        """So many working days later; day zero is not counted."""
        return self._working[bisect_right(self._working, day) - 1 + days]

    def before(self, day: date) -> date:
        """The working day before."""
        return self._working[bisect_left(self._working, day) - 1]

    def on_or_after(self, day: date) -> date:
        """A day, or the next working day when it is none."""
        return self._working[bisect_left(self._working, day)]

    def is_past(self, day: date) -> bool:
        return day < self.today


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """An hour of a Chinese day."""
    return datetime.combine(day, time(hour, minute), SHANGHAI)
