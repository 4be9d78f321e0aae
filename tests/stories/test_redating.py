"""A term that reaches past the known calendar is provisional, and is counted again when the notice is loaded."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
import time_machine
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy.orm import Session

from portal import work
from portal.cli import main
from portal.concerns import handling as concerns
from portal.concerns.models import Concern, Told
from portal.deadlines.calendar import load_calendar
from portal.deadlines.notice_files import read_notice
from portal.deadlines.notices import load_notice
from portal.errors import Overtaken
from portal.ledger import book
from portal.ledger.entry import read_entry
from portal.ledger.models import Entry
from portal.notices import calendar_follower
from portal.objections import clockwork, handling, redating
from portal.objections.models import Contest, Objection, ObjectionTerm
from portal.outbox.models import Message
from portal.people.models import Grant
from portal.publications.models import Publication
from portal.settings import Settings
from tests import objecting
from tests.cast import Cast
from tests.objecting import object_to, terms

FIXTURES = Path(__file__).parents[1] / "fixtures"
LONGER = FIXTURES / "notice_2027_longer_for_tests.csv"  # 4 January is off, Saturday the 9th is worked
PLAIN = FIXTURES / "notice_2027_for_tests.csv"  # 1 to 3 January are off
PROVISIONAL, BY_LONGER, BY_PLAIN = date(2027, 1, 8), date(2027, 1, 9), date(2027, 1, 8)

Portal = Callable[..., Result]


@pytest.fixture(autouse=True)
def in_december(session: Session) -> Iterator[time_machine.Traveller]:
    """10:00 in Beijing on Thursday, 10 December 2026; no notice for 2027 is known."""
    session.execute(sa.update(Grant).values(given_at=datetime(2026, 1, 5, tzinfo=UTC)))
    session.commit()
    with time_machine.travel(datetime(2026, 12, 10, 2, tzinfo=UTC), tick=False) as time:
        yield time


@pytest.fixture
def portal(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Portal:
    """Run a command on the test's database."""
    monkeypatch.setenv("PORTAL_VAR", str(settings.var))
    monkeypatch.setenv("PORTAL_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("PORTAL_PUBLIC_DATABASE_URL", settings.public_database_url)

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, words, catch_exceptions=False)

    return run


def load(session: Session, file: Path = LONGER, *, replacing: bool = False) -> int:
    """The notice as somebody at the door loads it; its id."""
    given = read_notice(file.read_bytes())
    notice = load_notice(
        session, given.of(2027), year=2027, digest=given.digest, by=None, replacing=replacing
    )
    session.commit()
    return notice.id


def follow(app: Flask, session: Session) -> int:
    """A worker that has just been started looks; how many clocks it counted again."""
    session.rollback()
    moved = work.redating(app, work.Rounds())
    session.expire_all()
    return moved


def redated_lines(session: Session) -> list[dict[str, object]]:
    entries = session.scalars(sa.select(Entry).where(Entry.type == "objection_redated").order_by(Entry.index))
    return [dict(read_entry(each.body)) for each in entries]


def clock_of(case: Objection) -> tuple[date, bool]:
    term = case.term("recheck")
    assert term is not None
    return term.due, term.provisional


def told(session: Session, topic: str) -> list[Message]:
    return list(session.scalars(sa.select(Message).where(Message.topic == topic).order_by(Message.id)))


def test_a_day_beyond_the_known_calendar_says_that_it_may_move(session: Session, result: Publication) -> None:
    case = object_to(session, result, email="firm@example.org")
    assert clock_of(case) == (PROVISIONAL, True)
    assert session.get_one(Contest, case.entry_index).provisional
    assert "最迟2027-01-08（暂定" in told(session, "received")[0].body
    assert case.document("receipt").facts["provisional"] is True  # type: ignore[union-attr]


def test_the_command_loads_the_notice_and_counts_open_cases_again(
    app: Flask, portal: Portal, session: Session, cast: Cast, result: Publication
) -> None:
    cast.shen.email = "recheck@example.org"
    with time_machine.travel(datetime(2026, 12, 1, 2, tzinfo=UTC), tick=False):
        early = object_to(session, result, key="early")
    case = object_to(session, result, email="firm@example.org")
    unmarked = object_to(session, result, key="unmarked", shows_mark=False)
    ended = object_to(session, result, key="ended")
    handling.not_accept(session, ended, "not_party", "与被检查对象无关。", by=cast.lin)
    session.commit()
    before = len(redated_lines(session))
    session.rollback()
    said = portal("calendar", "import", str(LONGER))
    assert said.exit_code == 0
    assert "在办案件：2件重新计算了期限（异议2件，诉求0件），1件不变。" in said.output
    session.expire_all()
    assert clock_of(case) == clock_of(unmarked) == (BY_LONGER, False)
    assert clock_of(early) == (date(2026, 12, 29), False)
    assert [(each.due, each.provisional, each.cause, each.replaced_at is None) for each in case.terms] == [
        (PROVISIONAL, True, "set", False),
        (BY_LONGER, False, "calendar", True),
    ]
    assert [(each.due, each.replaced_at) for each in ended.terms] == [(PROVISIONAL, None)]
    lines = redated_lines(session)[before:]
    assert [(each["received"], each.get("number"), each["term"], each["due"], each["provisional"]) for each in lines] == [
        (case.entry_index, result.number, "recheck", "2027-01-09", False),
        (unmarked.entry_index, None, "recheck", "2027-01-09", False),
    ]  # fmt: skip
    assert session.scalar(sa.select(sa.func.count()).where(Entry.type == "calendar_update")) == 1
    assert not book.check(session)


def test_the_public_the_objector_and_the_recheckers_are_told_the_new_day(
    app: Flask, session: Session, cast: Cast, result: Publication
) -> None:
    cast.shen.email, cast.lu.email = "shen@example.org", "lu@example.org"
    case = object_to(session, result, email="firm@example.org")
    handling.assign(session, case, [cast.shen, cast.lu], by=cast.lin)
    session.commit()
    load(session)
    assert follow(app, session) == 1
    contest = session.get_one(Contest, case.entry_index)
    assert (contest.due, contest.provisional) == (BY_LONGER, False)
    messages = told(session, "redated")
    assert {each.to_address for each in messages} == {
        "firm@example.org", "15400000000", "shen@example.org", "lu@example.org",
    }  # fmt: skip
    assert all("最迟2027-01-09（原为2027-01-08）" in each.body for each in messages)


def test_the_trail_says_that_nobody_did_it_but_the_calendar(
    app: Flask, session: Session, cast: Cast, result: Publication
) -> None:
    case = object_to(session, result)
    seen = case.step_id
    load(session)
    follow(app, session)
    last = case.steps[-1]
    assert (last.act, last.actor, last.note) == ("redate", "system", "recheck 2027-01-08 → 2027-01-09")
    assert case.steps[0].actor == "objector"
    with pytest.raises(Overtaken, match="放假安排刚刚更新"):
        handling.identify(session, case, by=cast.shen, note="看了营业执照原件。", seen=seen)


def test_the_same_file_twice_changes_nothing(
    app: Flask, portal: Portal, session: Session, result: Publication, in_december: time_machine.Traveller
) -> None:
    object_to(session, result)
    load(session)
    assert follow(app, session) == 1
    session.rollback()
    in_december.shift(60)
    said = portal("calendar", "import", str(LONGER))
    assert "没有改动" in said.output and "0件重新计算" in said.output and "1件不变" in said.output
    assert follow(app, session) == 0
    assert len(redated_lines(session)) == 1


def test_a_notice_that_replaces_the_first_counts_again(
    app: Flask, session: Session, result: Publication
) -> None:
    case = object_to(session, result)
    load(session)
    follow(app, session)
    load(session, PLAIN, replacing=True)
    assert follow(app, session) == 1
    assert clock_of(case) == (BY_PLAIN, False)
    assert [each.due for each in case.terms] == [PROVISIONAL, BY_LONGER, BY_PLAIN]
    assert [each["due"] for each in redated_lines(session)] == ["2027-01-09", "2027-01-08"]


def test_a_day_that_stands_is_certain_now_and_nobody_is_written_to(
    app: Flask, session: Session, result: Publication
) -> None:
    case = object_to(session, result, email="firm@example.org")
    load(session, PLAIN)
    assert follow(app, session) == 1
    assert clock_of(case) == (BY_PLAIN, False)
    assert [(each["due"], each["provisional"]) for each in redated_lines(session)] == [("2027-01-08", False)]
    assert told(session, "redated") == []


def test_a_worker_that_is_running_sees_the_notice_the_next_round(
    app: Flask, session: Session, result: Publication
) -> None:
    case = object_to(session, result)
    rounds = work.Rounds()
    assert work.redating(app, rounds) == 0
    load(session)
    assert work.redating(app, rounds) == 1
    session.expire_all()
    assert clock_of(case) == (BY_LONGER, False)


def test_what_read_the_old_calendar_and_came_late_is_found_within_the_hour(
    app: Flask, session: Session, result: Publication, in_december: time_machine.Traveller
) -> None:
    """Filed by a request that had read the calendar before the notice was loaded, committed after."""
    old = terms(session)
    load(session)
    rounds = work.Rounds()
    assert work.redating(app, rounds) == 0
    case = object_to(session, result)
    term = case.term("recheck")
    assert term is not None
    by_old = clockwork.counted(term, old.calendar)
    term.due, term.provisional = by_old.due, by_old.provisional
    session.commit()
    assert work.redating(app, rounds) == 0
    in_december.shift(3601)
    assert work.redating(app, rounds) == 1
    session.expire_all()
    assert clock_of(case) == (BY_LONGER, False)


def test_a_worker_that_dies_half_way_leaves_whole_chunks_and_the_next_goes_on(
    app: Flask, session: Session, result: Publication
) -> None:
    cases = [object_to(session, result, key=f"form {nth}") for nth in range(5)]
    load(session)
    current = terms(session)
    assert redating.redate(session, current, most=2) == 2
    session.commit()
    assert redating.redate(session, current, most=2) == 2
    session.rollback()  # killed before its commit
    assert follow(app, session) == 3
    assert {clock_of(each) for each in cases} == {(BY_LONGER, False)}
    assert len(redated_lines(session)) == 5
    assert not book.check(session)


Sessions = Callable[[], AbstractContextManager[Session]]


def test_two_workers_at_once_count_each_case_once(app: Flask, session: Session, result: Publication) -> None:
    cases = [object_to(session, result, key=f"form {nth}") for nth in range(12)]
    load(session)
    profile, sessions, failed = terms(session).profile, partial(work.session_at, app, "write"), []
    session.rollback()
    ready = Barrier(2)

    def worker() -> None:
        ready.wait()
        try:
            calendar_follower.follow(sessions, profile)  # without the turn that a worker waits for
        except Exception as error:  # noqa: BLE001 - told below
            failed.append(error)

    threads = [Thread(target=worker) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=60)
    session.expire_all()
    assert failed == []
    assert follow(app, session) == 0
    assert [len(each.terms) for each in cases] == [2] * 12
    assert len(redated_lines(session)) == 12
    assert not book.check(session)


def test_a_case_that_an_officer_is_acting_on_is_left_for_the_next_round(
    app: Flask, session: Session, cast: Cast, result: Publication
) -> None:
    busy, other = object_to(session, result), object_to(session, result, key="another form")
    load(session)
    if session.get_bind().dialect.name == "sqlite":
        pytest.skip("there one transaction writes at a time")
    profile = terms(session).profile
    session.rollback()
    handling.identify(session, busy, by=cast.shen, note="看了营业执照原件。")  # not committed yet
    assert calendar_follower.follow(partial(work.session_at, app, "write"), profile) == 1
    session.commit()
    session.expire_all()
    assert (clock_of(busy), clock_of(other)) == ((PROVISIONAL, True), (BY_LONGER, False))
    assert follow(app, session) == 1
    assert clock_of(busy) == (BY_LONGER, False)
    assert [each.act for each in busy.steps] == ["file", "identify", "redate"]


def test_the_answer_that_is_signed_in_december_has_its_own_clock_counted_again(
    app: Flask, session: Session, cast: Cast, result: Publication
) -> None:
    case = object_to(session, result)
    objecting.recheck(session, cast, case)
    with time_machine.travel(datetime(2026, 12, 21, 2, tzinfo=UTC), tick=False):
        objecting.answer(session, cast, case)
    feedback = case.term("feedback")
    assert feedback is not None and feedback.provisional
    load(session)
    assert follow(app, session) == 1
    terms_now = [(each.name, each.due, each.provisional) for each in case.terms if each.replaced_at is None]
    assert terms_now == [
        ("recheck", PROVISIONAL, True),  # met in time by the day that was said: it stays as it was
        ("feedback", date(2027, 1, 12), False),
    ]
    assert [each["term"] for each in redated_lines(session)] == ["feedback"]


def test_concerns_follow_the_calendar_too(app: Flask, portal: Portal, session: Session, cast: Cast) -> None:
    voiced = Told("示例南风商贸有限公司", "门口修路。", "site", date(2026, 12, 10), date(2026, 12, 10))
    with time_machine.travel(datetime(2026, 12, 28, 2, tzinfo=UTC), tick=False):
        late = Told("示例南风商贸有限公司", "门口修路。", "site", date(2026, 12, 28), date(2026, 12, 28))
        concern = concerns.record(session, late, by=cast.he, terms=terms(session))
    concerns.record(session, voiced, by=cast.he, terms=terms(session))
    session.commit()
    assert (concern.term.due_on, concern.term.provisional) == (date(2027, 1, 7), True)
    session.rollback()
    said = portal("calendar", "import", str(LONGER))
    assert "1件重新计算了期限（异议0件，诉求1件），1件不变" in said.output
    session.expire_all()
    found = session.get_one(Concern, concern.id)
    assert (found.term.due_on, found.term.provisional) == (date(2027, 1, 8), False)


def test_only_running_terms_are_ever_asked_about(app: Flask, session: Session, result: Publication) -> None:
    case = object_to(session, result)
    load(session)
    assert redating.stale(session, terms(session)) == [case.terms[0].id]
    case.terms[0].void_on = date(2026, 12, 10)
    session.flush()
    assert redating.stale(session, terms(session)) == []
    assert session.scalar(sa.select(sa.func.count()).select_from(ObjectionTerm)) == 1
    assert load_calendar(session).knows(2027)
