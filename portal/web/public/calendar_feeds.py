"""Public days as calendars to subscribe to: last days of re-checks, and when announced tasks are carried out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import icalendar
from flask import Response, abort
from flask_babel import gettext as _

from portal.objections import public_reading
from portal.objections.models import Contest
from portal.publications import queries
from portal.publications.models import Face
from portal.statistics import progress
from portal.web.public.progress import asked
from portal.web.public.room import follows_ledger, public, reading, settings, words
from portal.web.rendering import absolute, permalink

MOST = 500  # events of one calendar


@dataclass(frozen=True)
class Event:
    """All-day, from the first to the last day; it keeps its key whatever is published later."""

    key: str
    first: date
    last: date
    title: str
    path: str
    stamp: datetime


@public.get("/calendar/rechecks.ics")
@follows_ledger
def rechecks_ics() -> Response:
    """The last days of the re-checks that are open, of all departments."""
    contests = public_reading.open_contests(reading(), limit=MOST)
    return _calendar(_("异议复查的最后一天"), _rechecks(contests), "rechecks.ics")


@public.get("/calendar/tasks.ics")
@follows_ledger
def tasks_ics() -> Response:
    """When the tasks announced in a year are carried out; of one department when one is asked for."""
    year, department = asked()
    faces = progress.tasks_of_year(reading(), year)[:MOST]
    name = _("%(year)s年抽查任务", year=year)
    title = f"{name}　{words().department(department)}" if department else name
    return _calendar(title, _tasks(faces, department), "tasks.ics")


@public.get("/entities/<code>.ics")
@follows_ledger
def entity_ics(code: str) -> Response:
    """What of one entity has a day: its open re-checks, and the tasks that drew it."""
    session, code = reading(), code.upper()
    results, tasks = queries.of_entity(session, code, limit=MOST), queries.tasks_that_drew(session, code)
    if not results and not tasks:
        abort(404)
    contests = public_reading.open_contests(session, limit=MOST, numbers=[face.number for face in results])
    title = _("%(name)s的公示", name=next(iter(queries.names_of_entity(session, code, results)), code))
    return _calendar(title, [*_rechecks(contests), *_tasks(tasks)], "entity.ics")


def _rechecks(contests: Iterable[Contest]) -> Iterator[Event]:
    contests = list(contests)
    faces = queries.faces(reading(), [each.number for each in contests])
    entries = queries.entries_at(reading(), [each.entry_index for each in contests])
    for each in contests:
        face = faces.get(each.number)
        if face is not None and face.live:
            last = _("（暂定）") if each.provisional else ""
            title = _(
                "最迟作出异议复查结果%(provisional)s：%(name)s",
                provisional=last,
                name=face.title or face.number,
            )
            key = f"{each.entry_index}-recheck"
            yield Event(key, each.due, each.due, title, permalink(face.number), entries[each.entry_index].at)


def _tasks(faces: Iterable[Face], department: str = "") -> Iterator[Event]:
    for face, fields in progress.bodies(reading(), list(faces)):
        first, last = _day(fields.get("starts_on")), _day(fields.get("ends_on"))
        if (first or last) and department in ("", *_offices(face, fields)):
            first, last = first or last, last or first
            assert first is not None and last is not None
            title = _("抽查任务：%(name)s", name=face.title or face.number)
            yield Event(
                face.number,
                min(first, last),
                max(first, last),
                title,
                permalink(face.number),
                face.changed_at,
            )


def _offices(face: Face, fields: Mapping[str, Any]) -> Iterator[str]:
    yield face.department_code
    others = fields.get("implementing_departments")
    yield from (str(each.get("code", "")) for each in others or [] if isinstance(each, Mapping))


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:  # a marker stands where the date was
        return None


def _calendar(title: str, events: Iterable[Event], name: str) -> Response:
    book = icalendar.Calendar()
    book.add("prodid", "-//double-random portal//public days//ZH")
    book.add("version", "2.0")
    book.add("x-wr-calname", title)
    for each in events:
        book.add_component(_component(each))
    response = Response(book.to_ical(), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _component(this: Event) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{this.key}@{urlsplit(settings().base_url).hostname or 'portal'}")
    event.add("dtstamp", this.stamp)
    event.add("dtstart", this.first)
    event.add("dtend", this.last + timedelta(days=1))
    event.add("summary", this.title)
    event.add("transp", "TRANSPARENT")
    event.add("url", absolute(this.path))
    return event
