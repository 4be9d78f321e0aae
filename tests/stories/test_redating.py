"""A term that reaches past the known calendar is provisional, and is counted again when the notice is loaded."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
import time_machine
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy.orm import Session

from portal.cli import main
from portal.concerns import handling as concerns
from portal.concerns.models import Concern, Told
from portal.errors import Overtaken
from portal.ledger import book
from portal.ledger.models import Entry
from portal.objections import handling
from portal.objections.models import Contest
from portal.people.models import Grant
from portal.publications.models import Publication
from portal.settings import Settings
from tests import objecting
from tests.cast import Cast
from tests.next_year import (
    BY_LONGER,
    BY_PLAIN,
    LONGER,
    PLAIN,
    PROVISIONAL,
    clock_of,
    follow,
    load,
    redated_lines,
    told,
)
from tests.objecting import object_to, terms

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
