"""A place whose profile starts the re-check's clock anew by a supplement: both days are kept, and said."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.orm import Session

from portal.codes.profiles import load_profile
from portal.deadlines.calendar import load_calendar
from portal.ledger import book
from portal.ledger.entry import read_entry
from portal.ledger.models import Entry
from portal.objections import following, handling, papers
from portal.objections.models import Contest, Objection
from portal.outbox.models import Message
from portal.people.models import Grant
from portal.publications.dating import Terms
from portal.publications.models import Publication
from tests.cast import Cast
from tests.objecting import object_to

FIRST, AGAIN = date(2026, 11, 30), date(2026, 12, 4)


def restarting(session: Session) -> Terms:
    profile = replace(load_profile("shili"), supplement_restarts_clock=True)
    return Terms(profile, load_calendar(session))


@pytest.fixture(autouse=True)
def time(session: Session) -> Iterator[time_machine.Traveller]:
    """10:00 in Beijing on Monday, 2 November 2026."""
    session.execute(sa.update(Grant).values(given_at=datetime(2026, 1, 5, tzinfo=UTC)))
    session.commit()
    with time_machine.travel(datetime(2026, 11, 2, 2, tzinfo=UTC), tick=False) as time:
        yield time


@pytest.fixture
def case(session: Session, cast: Cast, result: Publication, time: time_machine.Traveller) -> Objection:
    """Filed on the Monday; asked for a paper the next day, handed in on Friday."""
    cast.shen.email = "shen@example.org"
    found = object_to(session, result, email="firm@example.org")
    time.move_to(datetime(2026, 11, 3, 2, tzinfo=UTC))
    handling.ask_supplement(session, found, ["进货单"], by=cast.shen, terms=restarting(session))
    session.commit()
    time.move_to(datetime(2026, 11, 6, 2, tzinfo=UTC))
    following.add(session, found, "补上了。", [], terms=restarting(session))
    session.commit()
    session.expire_all()
    return found


def test_the_clock_runs_from_the_supplement_and_the_first_counting_stays(
    session: Session, case: Objection
) -> None:
    countings = [each for each in case.terms if each.name == "recheck"]
    assert [(each.starts_on, each.due, each.cause) for each in countings] == [
        (date(2026, 11, 2), FIRST, "set"),
        (date(2026, 11, 6), AGAIN, "supplement"),
    ]
    assert countings[0].replaced_at is not None and countings[1].runs
    assert countings[0].basis == countings[1].basis != ""
    term = case.term("supplement_reply")
    assert term is not None and (term.met_on, term.met_by) == (date(2026, 11, 6), "supplement")


def test_the_ledger_and_the_results_page_say_the_new_day(session: Session, case: Objection) -> None:
    entry = session.get_one(Entry, case.terms[-1].entry_index)
    line = read_entry(entry.body)
    assert (line["type"], line["number"], line["received"]) == (
        "objection_redated", case.result_number, case.entry_index,
    )  # fmt: skip
    assert (line["term"], line["starts"], line["due"]) == ("recheck", "2026-11-06", "2026-12-04")
    received = read_entry(session.get_one(Entry, case.entry_index).body)
    assert received["due"] == "2026-11-30"
    contest = session.get_one(Contest, case.entry_index)
    assert (contest.received_on, contest.due) == (date(2026, 11, 2), AGAIN)
    assert not book.check(session)


def test_both_sides_are_told_before_and_after(session: Session, case: Objection) -> None:
    bodies = {
        (each.topic, each.to_address): each.body
        for each in session.scalars(sa.select(Message).where(Message.channel == "email"))
    }
    assert "复查期限重新计算" in bodies["supplement_asked", "firm@example.org"]
    assert case.document("supplement").facts["restarts"] is True  # type: ignore[union-attr]
    for who in ("firm", "shen"):
        assert "最迟2026-12-04（原为2026-11-30）" in bodies["restarted", f"{who}@example.org"]


def test_words_added_later_do_not_start_it_again(session: Session, case: Objection) -> None:
    following.add(session, case, "还有一句。", [], terms=restarting(session))
    session.commit()
    assert case.term("recheck").due == AGAIN  # type: ignore[union-attr]
    assert session.scalar(sa.select(sa.func.count()).where(Entry.type == "objection_redated")) == 1


def test_where_the_profile_lets_the_clock_run_on_the_objector_is_told_so(
    session: Session, cast: Cast, result: Publication
) -> None:
    found = object_to(session, result, email="firm@example.org")
    plain = Terms(load_profile("shili"), load_calendar(session))
    handling.ask_supplement(session, found, ["进货单"], by=cast.shen, terms=plain)
    session.commit()
    asked = session.scalars(sa.select(Message).where(Message.topic == "supplement_asked")).first()
    assert asked is not None and "复查期限继续计算" in asked.body


def test_the_paper_says_what_was_so_when_it_was_issued(session: Session, case: Objection) -> None:
    by_now = Terms(load_profile("shili"), load_calendar(session))  # where the clock runs on
    paper = papers.sheet(session, case, "supplement", by_now)
    assert paper is not None and paper.restarts
