"""复查待办: what is due first stands first, what the address asks for is what is shown, and nobody sees another's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal import clock
from portal.db import db
from portal.objections import deciding, handling
from portal.objections.models import Objection
from portal.publications.models import Publication
from tests import examples, objecting
from tests.cast import Cast
from tests.doors.staff_room import Room
from tests.objecting import object_to
from tests.office import disclose

QUEUE = "/staff/objections/"


def filed_ago(session: Session, result: Publication, days: int, key: str, **more: object) -> Objection:
    """An objection whose clock began to run some days ago, as if it had come by post."""
    made = object_to(session, result, key=key, **more)
    then = clock.today() - timedelta(days=days)
    term = made.term("recheck")
    assert term is not None
    made.received_on = term.starts_on = then
    term.due = handling.clockwork.first_due(then, objecting.terms(session)).due
    session.commit()
    return made


def names(room: Room, who: str, address: str = QUEUE) -> list[str]:
    page = room(who).page(address)
    return [each.text for each in page.select_one("table.queue").select("tbody th .code")]


def tally(room: Room, who: str, address: str = QUEUE) -> dict[str, int]:
    found = room(who).page(address).select(".tally a")
    return {
        each.text.replace(count, "", 1): int(count) for each in found if (count := each.select_one("b").text)
    }


def test_what_is_due_first_stands_first_and_the_overdue_says_so(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    late = filed_ago(session, result, 60, "a")
    new = object_to(session, result, key="b")
    older = filed_ago(session, result, 10, "c")
    assert names(room, "shen") == [late.receipt, older.receipt, new.receipt]
    row = room("shen").page(QUEUE).select_one("tr.is-over")
    assert row is not None and late.receipt in row.text and "已逾期" in row.select_one(".ck-over").text
    counted = tally(room, "shen")
    assert (counted["全部在办"], counted["已逾期"]) == (3, 1)
    assert names(room, "shen", f"{QUEUE}?due=over") == [late.receipt]


def test_today_soon_and_provisional_are_told_apart(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    today, soon, unsure = (object_to(session, result, key=key) for key in "abc")
    after = objecting.terms(session).calendar
    next_day = clock.today() + timedelta(days=1)
    while not after.is_working(next_day):
        next_day += timedelta(days=1)
    for case, due, provisional in (
        (today, clock.today(), False),
        (soon, next_day, False),
        (unsure, None, True),
    ):
        case.terms[0].due = due or case.terms[0].due
        case.terms[0].provisional = provisional
    session.commit()
    page = room("shen").page(QUEUE)
    assert "今天到期" in page.select_one("tr.is-today").text
    assert "发布后重算" in page.text
    for name, case in (("today", today), ("soon", soon), ("provisional", unsure)):
        assert names(room, "shen", f"{QUEUE}?due={name}") == [case.receipt], name


def test_the_queue_is_narrowed_by_state_ground_and_officer(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    plain = object_to(session, result, key="a", grounds=("not_us",))
    mine = object_to(session, result, key="b")
    handling.assign(session, mine, [cast.shen, cast.lu], by=cast.lin)
    session.commit()
    for query, case in (
        ("state=rechecking", mine), ("ground=not_us", plain), ("mine=yes", mine), (f"officer={cast.lu.id}", mine),
    ):  # fmt: skip
        assert names(room, "shen", f"{QUEUE}?{query}") == [case.receipt], query
    page = room("shen").page(QUEUE)
    loads = {
        row.select_one("th a").text: row.select_one("td.n").text for row in page.select(".tbl-load tbody tr")
    }
    assert loads == {"沈亦衡": "1", "陆行舟": "1"}


@pytest.mark.parametrize(
    "query",
    ["due=later", "state=lost", "ground=1", "officer=999999", "officer=x", "mine=no", "department=zz"],
)
def test_an_unknown_condition_is_refused_with_a_sentence(
    session: Session, result: Publication, room: Room, query: str
) -> None:
    answer = room("shen").get(f"{QUEUE}?{query}")
    assert answer.status_code == 400
    assert "没有" in answer.text and "筛选条件" in answer.text


def test_an_office_without_cases_is_told_so(session: Session, cast: Cast, room: Room) -> None:
    page = room("shen").page(QUEUE)
    assert "现在没有在办的异议案件" in page.text and "没有等待送达的案件" in page.text


def test_the_signed_wait_in_a_table_of_their_own_and_the_ended_are_found(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    signed, ended = object_to(session, result, key="a", electronic=True), object_to(session, result, key="b")
    objecting.recheck(session, cast, signed)
    objecting.answer(session, cast, signed)
    deciding.send(session, signed, "electronic", by=cast.shen)
    handling.not_accept(session, ended, "not_party", "与检查对象无关。", by=cast.lin)
    session.commit()
    text = room("shen").page(QUEUE).text
    assert "电子送达，未查看（第0个工作日）" in text and ended.receipt in text
    assert "现在没有在办的异议案件" in text
    for words in (ended.receipt, "北顺达", signed.result_number):
        assert ended.receipt in room("shen").get(f"{QUEUE}ended?q={words}").text, words
    assert signed.receipt not in room("shen").get(f"{QUEUE}ended").text
    assert "没有找到" in room("shen").get(f"{QUEUE}ended?q=没有这一家%").text


def test_an_electronic_answer_nobody_opens_becomes_a_task(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = object_to(session, result, electronic=True)
    objecting.recheck(session, cast, case)
    objecting.answer(session, cast, case)
    deciding.send(session, case, "electronic", by=cast.shen)
    case.deliveries[-1].sent_on = clock.today() - timedelta(days=40)
    session.commit()
    for address in (QUEUE, f"/staff/objections/{case.id}"):
        assert "改为邮寄或者直接送达" in room("shen").get(address).text, address


def test_each_sees_the_cases_of_their_office_and_the_coordinator_sees_all(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = object_to(session, result)
    for who in ("shen", "lin", "he", "song", "zhou", "gu", "qiao"):
        assert room(who).get(f"/staff/objections/{case.id}").status_code == 200, who
        assert names(room, who) == [case.receipt], who
    for who in ("fang", "qin", "tang", "jiang", "zhong"):
        assert room(who).get(f"/staff/objections/{case.id}").status_code == 404, who
    for who in ("jiang", "zhong"):
        assert room(who).get(QUEUE).status_code == 403, who


def test_a_neighbour_sees_what_was_assigned_to_them_while_it_is(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case, other = object_to(session, result, key="a"), object_to(session, result, key="b")
    handling.dispense(session, case, "neighbour", "人手不够。", by=cast.lin)
    handling.assign(session, case, [cast.shen, cast.tang], by=cast.lin)
    session.commit()
    assert names(room, "tang") == [case.receipt]
    assert room("tang").get(f"/staff/objections/{other.id}").status_code == 404
    assert "15400000000" in room("tang").get(f"/staff/objections/{case.id}").text
    handling.assign(session, case, [cast.shen, cast.lu], by=cast.lin)
    session.commit()
    assert room("tang").get(f"/staff/objections/{case.id}").status_code == 404


def test_who_looks_on_reads_no_contact(session: Session, cast: Cast, room: Room, result: Publication) -> None:
    case = object_to(session, result, email="firm@example.org", postal_address="示例路1号")
    for who in ("gu", "qiao"):
        text = room(who).get(f"/staff/objections/{case.id}").text
        for secret in ("15400000000", "firm@example.org", "示例路1号", "示例经营者"):
            assert secret not in text, (who, secret)
        assert room(who).get(f"/staff/objections/{case.id}/papers/receipt").status_code == 400
        assert room(who).get(f"/staff/objections/{case.id}/archive.zip").status_code == 400
        for secret in ("15400000000", "firm@example.org", "示例经营者"):
            assert secret not in room(who).get("/staff/outbox").text, (who, secret)
    assert "firm@example.org" in room("shen").get("/staff/outbox").text


def test_the_coordinator_narrows_to_one_office(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = object_to(session, result)
    assert names(room, "gu", f"{QUEUE}?department=scjg") == [case.receipt]
    assert "没有在办" in room("gu").get(f"{QUEUE}?department=yjgl").text
    assert names(room, "shen", f"{QUEUE}?department=scjg") == [case.receipt]


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    with app.app_context():
        engines = list(db.engines.values())
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines:
        sa.event.remove(engine, "before_cursor_execute", note)


def test_the_queue_asks_as_little_for_many_cases_as_for_few(
    app: Flask, session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    visits = {}
    shen = room("shen")
    for many in (3, 12):
        for at in range(many):
            case = object_to(session, result, key=f"{many}/{at}")
            handling.assign(session, case, [cast.shen, cast.lu], by=cast.lin)
            if at % 3 == 0:
                objecting.recheck(session, cast, case)
                objecting.answer(session, cast, case)
        session.commit()
        with statements(app) as asked:
            assert shen.get(QUEUE).status_code == 200
        visits[many] = len(asked)
    assert visits[12] == visits[3] <= 30, visits


def test_the_queue_has_pages(
    session: Session, cast: Cast, room: Room, result: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.web.staff.objections.PER_PAGE", 2)
    cases = [object_to(session, result, key=str(at)) for at in range(3)]
    assert names(room, "shen") == [each.receipt for each in cases[:2]]
    assert names(room, "shen", f"{QUEUE}?page=2") == [cases[2].receipt]
    assert "没有符合" in room("shen").get(f"{QUEUE}?page=9").text


def test_every_page_of_the_queue_is_english_when_asked(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = object_to(session, result)
    disclose(session, cast, "result", examples.result(entity_name="示例西丰盛机械厂"))
    for address in (
        QUEUE,
        f"{QUEUE}ended",
        f"/staff/objections/{case.id}",
        f"{QUEUE}new",
        f"{QUEUE}calendar",
    ):
        assert room("shen").get(f"{address}?lang=en").status_code == 200, address
