"""Public days as calendars: last days of re-checks, and when announced tasks are carried out; nothing that is off."""

from datetime import date, timedelta

import icalendar
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.publications import duty
from portal.publications.models import Publication
from tests import examples
from tests.cast import Cast
from tests.objecting import object_to
from tests.office import disclose


def events(visitor: FlaskClient, address: str) -> dict[str, tuple[date, date]]:
    """What a calendar holds: summary, first and last day (the end of an all-day event is the day after)."""
    answer = visitor.get(address)
    assert answer.status_code == 200 and answer.content_type.startswith("text/calendar")
    book = icalendar.Calendar.from_ical(answer.data)
    assert book["VERSION"] == "2.0" and book["PRODID"]
    found = book.walk("VEVENT")
    assert len({each["UID"] for each in found}) == len(found)
    assert all(each["DTSTAMP"] and each["URL"].startswith("http://127.0.0.1:8000/") for each in found)
    return {str(each["SUMMARY"]): (each["DTSTART"].dt, each["DTEND"].dt) for each in found}


CODE = "9133990075TNM5LB3J"


@pytest.mark.parametrize("address", ["/calendar/rechecks.ics", f"/entities/{CODE}.ics"])
def test_an_open_re_check_is_a_day_until_its_record_is_off(
    visitor: FlaskClient, session: Session, cast: Cast, result: Publication, address: str
) -> None:
    before = events(visitor, address)
    case = object_to(session, result)
    ((title, (first, end)),) = events(visitor, address).items() - before.items()
    assert first == case.terms[0].due and end == first + timedelta(days=1)
    assert title.startswith("最迟作出异议复查结果") and "示例北顺达商贸有限公司" in title
    duty.hold(session, result, by=cast.zhou, reason="举报涉及隐私。")
    session.commit()
    held = visitor.get("/calendar/rechecks.ics").text
    assert "VEVENT" not in held and result.number not in held


def test_a_task_is_as_long_as_it_was_announced(visitor: FlaskClient, session: Session, cast: Cast) -> None:
    disclose(session, cast, "list", examples.item_list())
    days = {"starts_on": "2026-10-13", "ends_on": "2026-11-30"}
    disclose(session, cast, "task", examples.task(**days))
    disclose(session, cast, "task", examples.task(source_number="33990020261012004", title="没有日期的任务"))
    wanted = {"抽查任务：2026年第三批食品经营单位定向抽查": (date(2026, 10, 13), date(2026, 12, 1))}
    for address in ("/calendar/tasks.ics", "/calendar/tasks.ics?department=scjg", f"/entities/{CODE}.ics"):
        assert events(visitor, address) == wanted
    assert events(visitor, "/calendar/tasks.ics?department=yjgl") == {}
    for wrong in ("?department=nobody", "?year=x"):
        assert visitor.get(f"/calendar/tasks.ics{wrong}").status_code == 400


def test_an_entity_of_which_nothing_is_public_has_no_calendar(visitor: FlaskClient) -> None:
    assert visitor.get("/entities/91339900ZZZZZZZZZ9.ics").status_code == 404
    assert events(visitor, "/calendar/rechecks.ics") == {}
