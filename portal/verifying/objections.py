"""Every objection that was received: ended, or still inside its last day (O3)."""

from datetime import date, timedelta

from portal.verifying.register import Case, Register, is_day
from portal.verifying.report import Report
from portal.words import say

# Without a mark the line of an answer is entered at its delivery (decision 20): the feedback's term of 15 working
# days (O5) later, five weeks with the longest holidays.
UNTIL_DELIVERED = timedelta(days=35)


def check_objections(register: Register, report: Report, today: date) -> None:
    """Say which objections are overdue; an office that is late is no fault of the log."""
    for index, case in register.cases.items():
        report.counts["objections"] += 1
        if case.ended:
            continue
        report.counts["running"] += 1
        if is_overdue(case, today):
            report.say_late(
                say(
                    "第{index}条收到的异议应当最迟{due}作出复查结果，存证里至今没有结果。",
                    index=index,
                    due=case.due,
                )
            )


def is_overdue(case: Case, today: date) -> bool:
    """Whether the log should have said by now how it ended.

    >>> is_overdue(Case("JG-2026-000001", "2026-12-14", False), date(2026, 12, 14))
    False
    >>> is_overdue(Case("JG-2026-000001", "2026-12-14", False), date(2026, 12, 15))
    True
    >>> is_overdue(Case(None, "2026-12-14", False), date(2026, 12, 15))
    False
    """
    if not is_day(case.due):
        return False
    last = date.fromisoformat(case.due)
    return today > (last if case.number else last + UNTIL_DELIVERED)
