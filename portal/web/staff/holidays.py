"""放假安排: load the State Council's yearly notice, after seeing which days and how many open cases it changes."""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import today
from portal.db import db
from portal.deadlines import notices
from portal.deadlines.calendar import Calendar, DayState, load_calendar
from portal.deadlines.notice_files import NoticeFile, read_notice
from portal.errors import Refused
from portal.objections import redating
from portal.publications.dating import Terms
from portal.publications.values import plain
from portal.web.staff.clocks import clocks
from portal.web.staff.room import attempt, done, for_act, let_go, person, staff
from portal.web.typed import whole_number
from portal.words import Sentence, say


@dataclass(frozen=True)
class Change:
    """One day that a notice makes another than it was."""

    before: DayState
    after: DayState


@dataclass(frozen=True)
class Preview:
    """What loading would do.

    :param cases: how many open cases would be dated again.
    """

    year: int
    title: str
    off: int
    make_up: int
    changes: Sequence[Change]
    cases: int


@staff.get("/calendar")
@for_act("load_calendar")
def holiday_notices() -> ResponseReturnValue:
    return _page()


@staff.post("/calendar")
@for_act("load_calendar")
def load_holiday_notice() -> ResponseReturnValue:
    """See first, load afterwards: the file is carried along from the one to the other."""
    data = _sent()
    made: list[Preview] = []
    loads = request.form.get("load") == "yes"
    reasons = attempt(lambda: made.append(_loaded(data)))
    if reasons:
        return _page(reasons, data=data), 422
    if not loads:
        let_go()  # what was loaded to be looked at is taken back
        return _page(preview=made[0], data=data)
    done(
        _("已载入%(year)s年的放假安排。受影响的在办案件随即重新计算期限，新旧日期都留存。", year=made[0].year)
    )
    return redirect(url_for("staff.holiday_notices"))


def _sent() -> bytes:
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        return upload.read()
    try:
        return b64decode(request.form.get("carried", ""), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _loaded(data: bytes) -> Preview:
    """Load the notice into the open transaction, and say what that changes."""
    if not data:
        raise Refused(say("请选择放假安排的表格文件。"))
    file = read_notice(data)
    year = _year(file)
    session, before = db.session(), load_calendar(db.session())
    known = notices.newest_notice(session, year)
    if known is not None and known.sha256 == file.digest:
        raise Refused(say("{year}年的放假安排已经用这个文件载入过，不需要再载入。", year=year))
    loaded = notices.load_notice(
        session, file.of(year), year=year, title=plain(request.form.get("title", "")), digest=file.digest,
        by=person(), replacing=request.form.get("replacing") == "yes",
    )  # fmt: skip
    after = load_calendar(session)
    return Preview(
        year=year,
        title=loaded.title,
        off=sum(not each.working for each in loaded.days),
        make_up=sum(each.working for each in loaded.days),
        changes=_changes(before, after, year),
        cases=redating.stale_cases(session, Terms(clocks().profile, after)),
    )


def _year(file: NoticeFile) -> int:
    asked = whole_number(request.form.get("year", ""))
    if asked:
        return asked
    if len(file.years) != 1:
        raise Refused(say("文件里有不止一年的安排，请写明要载入哪一年。"))
    return file.years[0]


def _changes(before: Calendar, after: Calendar, year: int) -> list[Change]:
    """The days that are worked in one calendar and not in the other, the December before included."""
    day, found = date(year - 1, 12, 1), []
    while day.year <= year:
        if before.is_working(day) != after.is_working(day):
            found.append(Change(before.state(day), after.state(day)))
        day += timedelta(days=1)
    return found


def _page(refused: list[Sentence] | None = None, *, preview: Preview | None = None, data: bytes = b"") -> str:
    calendar = load_calendar(db.session())
    return render_template(
        "staff/holidays.html",
        refused=refused or [],
        preview=preview,
        carried_file=b64encode(data).decode(),
        typed=request.form,
        years=list(reversed(notices.years_known(calendar)))[:6],
        loaded=notices.current_notices(db.session()),
        missing=notices.what_is_missing(calendar, today()),
    )
