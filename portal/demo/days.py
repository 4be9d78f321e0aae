"""The demo's calendar: everything happens on working days, counted back from today."""

from datetime import date, datetime, time, timedelta

from portal.clock import SHANGHAI
from portal.deadlines.working_days import WorkingCalendar, count


class Days:
    """Working days around today. The newest day anything happens is the last working day before today, so
    that nothing of the demo lies in the future at any hour."""

    def __init__(self, today: date, calendar: WorkingCalendar) -> None:
        self.today = today
        self.calendar = calendar

    def ago(self, days: int) -> date:
        """The last working day before today, or the one so many working days before that."""
        day = self.today
        for _ in range(days + 1):
            day -= timedelta(days=1)
            while not self.calendar.is_working(day):
                day -= timedelta(days=1)
        return day

    def after(self, day: date, days: int) -> date:
        """So many working days later."""
        return count(day, days, self.calendar).due

    def before(self, day: date) -> date:
        """The working day before."""
        day -= timedelta(days=1)
        while not self.calendar.is_working(day):
            day -= timedelta(days=1)
        return day

    def on_or_after(self, day: date) -> date:
        """A day, or the next working day when it is none."""
        return day if self.calendar.is_working(day) else self.after(day, 1)

    def is_past(self, day: date) -> bool:
        return day < self.today


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """An hour of a Chinese day."""
    return datetime.combine(day, time(hour, minute), SHANGHAI)
