"""An officer's due days in their own calendar, by a secret address; and the yearly holiday notice, seen before it counts."""

from datetime import date
from io import BytesIO
from typing import Any

import icalendar
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.deadlines.models import CalendarNotice
from portal.ledger.models import Entry
from portal.objections import handling
from portal.objections.models import Objection
from portal.people import acts
from portal.publications.models import Publication
from tests import objecting
from tests.cast import Cast
from tests.doors.staff_room import Room
from tests.notices import as_csv, days_2027
from tests.objecting import object_to

KEY_PAGE = "/staff/objections/calendar"


def address_of(room: Room, who: str) -> str:
    """The secret address that the page shows once, without the site's own name."""
    made = BeautifulSoup(room(who).send(KEY_PAGE, KEY_PAGE).text, "html.parser")
    return "/staff/" + made.select_one("p.address").text.split("/staff/")[1]


def events(visitor: FlaskClient, address: str) -> list[Any]:
    answer = visitor.get(address)
    assert answer.status_code == 200 and answer.mimetype == "text/calendar"
    return list(icalendar.Calendar.from_ical(answer.data).walk("VEVENT"))


def test_a_rechecker_has_their_own_days_and_the_head_the_departments(
    session: Session, cast: Cast, room: Room, result: Publication, visitor: FlaskClient
) -> None:
    mine, other = object_to(session, result, key="a"), object_to(session, result, key="b")
    handling.assign(session, mine, [cast.shen, cast.lu], by=cast.lin)
    session.commit()
    (event,) = events(visitor, address_of(room, "shen"))
    due = mine.term("recheck")
    assert due is not None and event["dtstart"].dt == due.due
    assert mine.receipt in event["summary"] and "示例北顺达商贸有限公司" in event["summary"]
    assert str(event["uid"]).startswith(f"{mine.receipt}-recheck@")
    heads = events(visitor, address_of(room, "lin"))
    assert {str(each["uid"]).split("-recheck")[0] for each in heads} == {mine.receipt, other.receipt}
    assert events(visitor, address_of(room, "he")) == []


def test_the_feed_holds_nobodys_name_or_contact_and_says_what_is_provisional(
    session: Session, cast: Cast, room: Room, result: Publication, visitor: FlaskClient
) -> None:
    case = object_to(session, result, email="firm@example.org")
    case.terms[0].provisional = True
    session.commit()
    address = address_of(room, "lin")
    text = visitor.get(address).text
    for secret in ("示例经营者", "15400000000", "firm@example.org", objecting.WRONG[:6]):
        assert secret not in text
    assert "暂定" in str(events(visitor, address)[0]["summary"])
    assert "Set-Cookie" not in visitor.get(address).headers


def test_a_wrong_an_old_and_a_dismissed_persons_address_open_nothing(
    session: Session, cast: Cast, room: Room, result: Publication, visitor: FlaskClient
) -> None:
    object_to(session, result)
    first = address_of(room, "lin")
    second = address_of(room, "lin")
    assert visitor.get(first).status_code == 404 and visitor.get(second).status_code == 200
    officers = address_of(room, "shen")
    acts.end_role(session, cast.shen.grants[0], by=cast.zhong)
    session.commit()
    assert visitor.get(officers).status_code == 404
    assert visitor.get(f"{KEY_PAGE}/{'x' * 300}.ics").status_code == 404
    acts.deactivate(session, cast.lin, by=cast.zhong)
    session.commit()
    assert visitor.get(second).status_code == 404


# ── 放假安排 ─────────────────────────────────────────────────


def unsure(session: Session, result: Publication) -> Objection:
    """A case whose last day lies in a year that nobody has announced."""
    case = object_to(session, result)
    term = case.term("recheck")
    assert term is not None
    case.received_on = term.starts_on = date(2026, 12, 7)
    due = handling.clockwork.first_due(date(2026, 12, 7), objecting.terms(session))
    term.due, term.provisional = due.due, due.provisional
    session.commit()
    return case


def test_a_notice_is_seen_before_it_is_loaded(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    unsure(session, result)
    gu, lines = room("gu"), session.query(Entry).count()
    file = (BytesIO(as_csv(days_2027()).encode()), "2027.csv")
    seen = BeautifulSoup(gu.send("/staff/calendar", "/staff/calendar", file=file).text, "html.parser")
    assert "将重新计算1件在办异议的期限" in seen.text and "调休上班" in seen.text
    assert session.query(CalendarNotice).count() == 0 and session.query(Entry).count() == lines
    carried = {
        str(each["name"]): str(each["value"]) for each in seen.select("main form[method=post] input[name]")
    }
    session.commit()
    answer = gu.client.post("/staff/calendar", data=carried | {"load": "yes"})
    assert answer.status_code == 302
    assert session.query(CalendarNotice).one().year == 2027
    assert session.query(Entry).count() == lines + 1
    again = gu.send("/staff/calendar", "/staff/calendar", **carried)
    assert again.status_code == 422 and "不需要再载入" in again.text


def test_a_file_that_is_no_notice_is_refused_in_sentences(session: Session, cast: Cast, room: Room) -> None:
    gu = room("gu")
    for data, words in (
        (b"", "请选择"),
        (b"nothing", "列名"),
        (as_csv(days_2027()[:3]).encode(), "缺少法定节假日"),
    ):
        answer = gu.send("/staff/calendar", "/staff/calendar", file=(BytesIO(data), "x.csv"))
        assert answer.status_code == 422 and words in answer.text, words
    assert gu.send("/staff/calendar", "/staff/calendar", carried="%%%").status_code == 422
    assert session.query(CalendarNotice).count() == 0


def test_only_who_may_load_a_notice_gets_there(session: Session, cast: Cast, room: Room) -> None:
    for who, status in (("gu", 200), ("jiang", 200), ("lin", 403), ("shen", 403)):
        assert room(who).get("/staff/calendar").status_code == status, who
