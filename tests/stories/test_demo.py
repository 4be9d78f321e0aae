"""The demo: built once from an empty database by the acts its people would do, then looked at."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.codes.profiles import load_profile
from portal.deadlines.calendar import load_calendar
from portal.demo.building import Built, build, imagine, is_cut_short, why_not_build
from portal.demo.days import Days
from portal.errors import Refused
from portal.ledger import book as ledger
from portal.ledger.models import Entry
from portal.people.models import Person
from portal.publications import requirements
from portal.publications.dating import Terms
from portal.publications.facing import read
from portal.publications.models import Face, Hold, Publication, Release, Revision, Step
from portal.settings import Settings
from portal.statistics import plan_progress, progress
from portal.statistics.models import Figure


@pytest.fixture
def settings(demo_settings: Settings) -> Settings:
    return demo_settings


@pytest.fixture
def built(demo_built: Built) -> Built:
    return demo_built


@pytest.fixture
def session(demo_session: Session) -> Session:
    return demo_session


def results(session: Session) -> list[dict[str, Any]]:
    """The released fields of every result that can be read, first versions."""
    bodies = session.scalars(sa.select(Release.body).where(Release.kind == "result", Release.version == 1))
    return [read(body)["fields"] for body in bodies if body]


def test_all_four_kinds_are_there_and_about_1500_results(built: Built) -> None:
    assert built.counts["list"] >= 5 and built.counts["plan"] >= 10 and built.counts["task"] >= 30
    assert 1400 <= built.counts["result"] <= 1600


def test_every_firm_is_invented(session: Session) -> None:
    for fields in results(session):
        assert fields["entity_name"].startswith("示例")
        assert "339900" in (fields["entity_code"][:6], fields["entity_code"][2:8])


def test_all_ten_outcomes_occur_and_most_found_nothing(session: Session) -> None:
    shares = Counter(
        outcome["code"]
        for fields in results(session)
        for row in fields["items"]
        for outcome in row["outcomes"]
    )
    assert {str(code) for code in range(1, 11)} <= set(shares)
    assert 0.6 < (shares["1"] + shares["9"]) / shares.total() < 0.9


def test_everything_happened_on_working_days_of_two_years_up_to_now(session: Session) -> None:
    calendar, days = load_calendar(), [date.fromisoformat(each["inspected_on"]) for each in results(session)]
    assert all(calendar.is_working(day) for day in days)
    assert clock.today() - min(days) > timedelta(days=700)
    assert clock.today() - max(days) < timedelta(days=60)
    newest = session.scalar(sa.select(sa.func.max(Entry.at)))
    assert newest is not None and newest < clock.now()


def test_every_result_belongs_to_an_announced_task_that_drew_its_object(session: Session) -> None:
    drawn = {
        revision.content["source_number"]: {row["entity_code"] for row in revision.content["drawn"]}
        for revision in session.scalars(sa.select(Revision).where(Revision.kind == "task"))
    }
    assert all(fields["entity_code"] in drawn[fields["task_no"]] for fields in results(session))


def test_nobody_was_drawn_more_than_twice_a_year_by_published_tasks(session: Session) -> None:
    draws: Counter[tuple[str, str]] = Counter()
    for revision in session.scalars(
        sa.select(Revision).where(Revision.kind == "task", Revision.state == "done")
    ):
        draws.update(
            (row["entity_code"], revision.content["drawn_on"][:4]) for row in revision.content["drawn"]
        )
    limit = load_profile("shili").draw_limit_per_year
    assert limit == 2 and max(draws.values()) == limit


def test_the_third_draw_that_waits_for_review_is_flagged(session: Session) -> None:
    if clock.today().month < 5:
        pytest.skip("early in the year nobody was drawn twice yet")
    waiting = sa.select(Revision).where(Revision.kind == "task", Revision.state == "submitted")
    assert any("第3次" in reason for reason in requirements.warnings(session, session.scalars(waiting).one()))


def test_the_demo_shows_every_kind_of_act(session: Session) -> None:
    acts = Counter(session.scalars(sa.select(Entry.type)))
    assert acts["adjust"] == 3 and acts["correct"] == 11 and acts["withdraw"] == 2
    assert acts["hold"] == 3 and acts["restore"] == 1
    for face in ("live", "held", "withdrawn"):
        assert session.scalar(sa.select(sa.func.count()).where(Face.face == face))


def test_corrections_and_withdrawals_give_their_reason_in_public(session: Session) -> None:
    reasons = session.scalars(sa.select(Entry.reason).where(Entry.type.in_(("correct", "withdraw"))))
    assert all(len(reason) > 5 for reason in reasons)


def test_drafter_and_reviewer_are_never_the_same(session: Session) -> None:
    approved = sa.select(Step.by_id, Revision.author_id).join(Revision, Revision.id == Step.revision_id)
    pairs = session.execute(approved.where(Step.state == "approved")).all()
    assert len(pairs) > 1500 and all(by != author for by, author in pairs)


def test_withheld_parts_show_their_ground_and_not_their_words(session: Session) -> None:
    bodies = [body for body in session.scalars(sa.select(Release.body)) if body]
    marked = [body for body in bodies if "〔依法隐去：" in body]
    assert len(marked) >= 3
    assert not any(
        secret in body for body in bodies for secret in ("⟦", "LS-07", "陆子衿", "程雁回", "V-301")
    )


def test_two_whole_records_are_withheld_with_a_ground(session: Session) -> None:
    grounds = session.scalars(
        sa.select(Publication.withheld_ground).where(Publication.withheld_ground.is_not(None))
    )
    assert sorted(grounds) == ["state_secret", "trade_secret"]


def test_joint_inspections_have_one_sheet_per_department(session: Session) -> None:
    joint = [fields for fields in results(session) if fields["scope"]["code"] == "joint"]
    sheets = Counter((fields["task_no"], fields["entity_code"]) for fields in joint)
    departments = {
        (fields["task_no"], fields["entity_code"], fields["department"]["code"]) for fields in joint
    }
    assert len(sheets) >= 40 and set(sheets.values()) == {2} and len(departments) == len(joint)


def test_a_problem_put_right_has_a_second_entry_beside_the_first(session: Session) -> None:
    second = [fields for fields in results(session) if fields["rectifies"]]
    assert len(second) == 9
    numbers = set(session.scalars(sa.select(Face.number).where(Face.live)))
    assert all(fields["rectifies"] in numbers for fields in second)


def test_one_task_withholds_its_names_and_one_is_ad_hoc(session: Session) -> None:
    tasks = [
        read(body)["fields"]
        for body in session.scalars(sa.select(Release.body).where(Release.kind == "task"))
        if body
    ]
    withheld = [fields for fields in tasks if fields["names_shown"] is False]
    assert withheld and all(
        fields["drawn"] is None and fields["names_withheld_ground"] for fields in withheld
    )
    assert any(fields["task_source"]["code"] == "adhoc" for fields in tasks)


def test_something_waits_on_every_desk(session: Session) -> None:
    states = Counter(session.scalars(sa.select(Revision.state)))
    assert all(states[state] >= 2 for state in ("draft", "submitted", "sent_back", "approved"))
    acts = set(session.scalars(sa.select(Revision.act).where(Revision.state == "submitted")))
    assert acts == {"publish", "adjust", "correct", "withdraw"}
    assert session.scalars(sa.select(Hold).where(Hold.confirmed_at.is_(None))).one().ended_at is None
    held = [
        each.held
        for each in session.scalars(sa.select(Revision).where(Revision.state == "draft"))
        if each.held
    ]
    assert len(held) == 1 and "不在" in held[0][0]  # D6


def test_most_results_were_published_in_time_and_some_late(session: Session) -> None:
    on_time = Counter(
        clock.shanghai_date(release.published_at).isoformat() <= due
        for release in session.scalars(
            sa.select(Release).where(Release.kind == "result", Release.version == 1)
        )
        if release.body and (due := read(release.body)["fields"]["publish_by"])
    )
    assert on_time[False] and on_time[True] / on_time.total() > 0.95


def test_every_task_of_the_demo_adds_up_and_one_is_short(session: Session) -> None:
    terms = Terms(load_profile("shili"), load_calendar(session))
    faces = session.scalars(sa.select(Face).where(Face.kind == "task", Face.live).order_by(Face.number)).all()
    parts = [part for each in progress.of_tasks(session, faces, terms) for part in each.parts]
    assert all(part.drawn == part.disclosed + part.within + part.past for part in parts)
    assert not any(part.beside or part.surplus for part in parts) and any(part.counted for part in parts)
    assert [(part.past, part.overdue_at_least) for part in parts if part.overdue_at_least] == [(2, 2)]
    plans = session.scalars(sa.select(Face).where(Face.kind == "plan", Face.live)).all()
    assert any(plan_progress.of_plan(session, plan, terms).untouched for plan in plans)


def test_the_ledger_of_the_demo_is_whole(session: Session) -> None:
    assert ledger.check(session) == []


def test_the_sign_ins_are_told(session: Session, built: Built) -> None:
    assert {each.username for each in built.sign_ins} == set(session.scalars(sa.select(Person.username)))
    assert any("审计管理员" in each.roles for each in built.sign_ins)


def test_the_demo_refuses_a_database_that_is_in_use(session: Session, settings: Settings) -> None:
    with pytest.raises(Refused, match="请换一个空数据库"):
        build(session, settings)


def test_a_demo_that_was_cut_short_is_told_from_a_whole_one(session: Session) -> None:
    assert not is_cut_short(session)
    session.execute(sa.delete(Figure))
    assert is_cut_short(session)


def test_the_demo_refuses_production(session: Session, settings: Settings) -> None:
    reasons = why_not_build(session, Settings(env="production"))
    assert len(reasons) == 1 and "正式环境" in reasons[0]


@pytest.mark.parametrize(
    "today", ["2026-01-05", "2026-02-22", "2026-03-02", "2026-10-04", "2027-01-12", "2028-02-29"]
)
def test_the_demo_can_be_planned_on_any_day(session: Session, settings: Settings, today: str) -> None:
    day = date.fromisoformat(today)
    newest = imagine(session, Days(day, load_calendar()), settings).timeline.newest
    assert day - timedelta(days=12) < clock.shanghai_date(newest) < day
