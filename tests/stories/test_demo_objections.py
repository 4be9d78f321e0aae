"""The demo's objections and concerns: every state that a visitor may want to see, made by those who may."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.orm import Session

from portal import clock
from portal.concerns import summary
from portal.concerns.models import STATES as CONCERN_STATES
from portal.concerns.models import Concern
from portal.concerns.quarters import Quarter
from portal.db import db, open_at
from portal.deadlines.calendar import load_calendar
from portal.deadlines.working_days import between, count
from portal.demo.building import Built
from portal.demo.cases import key_of
from portal.demo.days import Days
from portal.demo.objections import to_follow
from portal.files import Store
from portal.ledger import book
from portal.ledger.entry import read_entry
from portal.ledger.models import Entry
from portal.objections import clockwork, filing, following
from portal.objections.models import CHANNELS, OUTCOMES, STATES, Contest, Objection, ObjectionStep
from portal.outbox.models import Message
from portal.people import roles
from portal.people.models import Person
from portal.publications.facing import read
from portal.publications.models import Face, Release, Revision, Step
from portal.settings import Settings
from tests.demonstrating import build_demo, close, opened

# what each act needs; records and drafts are of those assigned, and the objector's acts are of nobody
NEEDED = {
    "file": "take_objection",
    "identify": "take_objection",
    "ask_supplement": "handle_objection",
    "go_on": "handle_objection",
    "assign": "handle_objection",
    "not_accept": "refuse_objection",
    "pass_on": "refuse_objection",
    "dispense_neighbour": "dispense",
    "dispense_exception": "dispense",
    "opine": "give_legal_opinion",
    "send_back": "sign_decision",
    "sign": "sign_decision",
    "send": "deliver_objection",
    "deliver": "deliver_objection",
    "close": "deliver_objection",
}
SAID_BY_ACTS = ("received", "assigned", "added")
OF_OFFICERS = {"record", "draft_decision", "step_aside"}
OF_OBJECTORS = {"file", "supplement", "add", "withdraw", "deliver", "consent"}


@pytest.fixture
def session(demo_session: Session) -> Session:
    return demo_session


def cases(session: Session) -> Sequence[Objection]:
    return session.scalars(sa.select(Objection).order_by(Objection.id)).all()


def case(session: Session, name: str) -> Objection:
    found = filing.received(session, key_of(name))
    assert found is not None, name
    return found


def due(objection: Objection) -> date:
    term = objection.term("recheck")
    assert term is not None
    return term.due


def test_there_is_a_case_in_every_state(session: Session) -> None:
    assert {each.state for each in cases(session)} == set(STATES)


def test_every_way_to_end_and_every_way_in_occurs(session: Session) -> None:
    closed = {each.outcome for each in cases(session) if each.state == "closed"}
    refused = [each.document("not_accepted") for each in cases(session) if each.state == "not_accepted"]
    assert closed == set(OUTCOMES)
    assert {each.facts["ground"] for each in refused if each} == {"not_party", "same_grounds"}
    assert {each.channel for each in cases(session)} == set(CHANNELS)
    assert len({each.department_code for each in cases(session)}) >= 5


def test_exactly_one_case_is_overdue(session: Session) -> None:
    late = [each for each in cases(session) if each.is_open and due(each) < clock.today()]
    assert [(each.id, each.state) for each in late] == [(case(session, "overdue").id, "rechecking")]


def test_one_case_is_due_today_and_one_soon(session: Session) -> None:
    today = Days(clock.today(), load_calendar()).on_or_after(clock.today())  # the next one, on a day off
    assert due(case(session, "due_today")) == today and case(session, "due_today").is_open
    assert 1 <= between(today, due(case(session, "due_soon")), load_calendar()) <= 5
    assert case(session, "due_soon").is_open


def test_one_answer_came_late_and_the_others_in_time(session: Session) -> None:
    kept = {each.id: each.term("recheck").in_time for each in cases(session) if each.ended_index}  # type: ignore[union-attr]
    decided = Counter(value for value in kept.values() if value is not None)
    assert kept[case(session, "maintained").id] is False
    assert decided[False] == 1 and decided[True] >= 6


def test_every_term_has_its_basis_and_is_counted_by_the_calendar(session: Session) -> None:
    terms = [term for each in cases(session) for term in each.terms]
    assert {term.name for term in terms} == {"recheck", "feedback", "supplement_reply"}
    for term in terms:
        counted = clockwork.counted(term, load_calendar())
        assert (term.due, term.provisional) == (counted.due, counted.provisional)
        assert term.basis and term.days and term.basis_kind in ("clause", "promise")


def test_nobody_acts_who_may_not(session: Session) -> None:
    acts = set()
    for each in cases(session):
        officers = {officer.person_id for officer in each.officers}
        for step in each.steps:
            acts.add(step.act)
            assert may(step, each, officers), (each.receipt, step.act)
    assert acts == set(NEEDED) | OF_OFFICERS | OF_OBJECTORS - {"consent"}


def may(step: ObjectionStep, objection: Objection, officers: set[int]) -> bool:
    if step.by is None:
        return step.act in OF_OBJECTORS
    if step.act in OF_OFFICERS:
        return step.by_id in officers
    return roles.may(step.by, NEEDED[step.act], step.at, objection.department_code)


def test_who_re_checks_neither_signs_nor_had_a_hand_in_the_result(session: Session) -> None:
    for each in cases(session):
        officers = {officer.person_id for officer in each.officers}
        signers = {decision.signed_by_id for decision in each.decisions if decision.signed_by_id}
        assert not officers & signers
        if not any(way.kind == "exception" for way in each.dispensations):
            assert not officers & entered(session, each), each.receipt


def entered(session: Session, objection: Objection) -> set[int]:
    of_result = Revision.publication_id == objection.publication_id
    steps = sa.select(Step.by_id).join(Revision, Revision.id == Step.revision_id)
    return set(session.scalars(steps.where(of_result, Revision.created_at < objection.filed_at)))


def test_an_office_of_three_re_checks_by_exception_and_one_without_officers_asks_its_neighbour(
    session: Session,
) -> None:
    three = case(session, "three_person_office")
    people = sa.select(sa.func.count()).where(Person.department_code == three.department_code)
    assert session.scalar(people) == 3
    assert [each.kind for each in three.dispensations] == ["exception"]
    helped = case(session, "partly_corrected")
    assert {each.department_code for each in helped.rechecking} == {"scjg"} != {helped.department_code}


def test_what_should_not_be_public_is_on_hold(session: Session) -> None:
    found = case(session, "undisclosable")
    assert session.get_one(Face, found.result_number).face == "held"
    asked = sa.select(Message).where(Message.topic == "undisclosable")
    assert session.scalars(asked).one().to_address == "zhouyining@example.org"


def test_what_was_put_right_has_a_second_entry_beside_the_first(session: Session) -> None:
    first = session.get_one(Face, case(session, "put_right").result_number)
    second = session.scalars(sa.select(Face).where(Face.rectifies == first.number)).one()
    assert first.live and second.live


def test_a_correction_refers_to_the_objection_that_led_to_it(session: Session) -> None:
    found = case(session, "corrected")
    contest = session.get_one(Contest, found.entry_index)
    face = session.get_one(Face, found.result_number)
    body = session.get_one(Release, face.release_id).body
    assert face.corrected and face.version == contest.version == 2 and body
    assert read_entry(session.get_one(Entry, face.entry_index).body)["objection"] == found.entry_index
    assert [row["outcomes"][0]["code"] for row in read(body)["fields"]["items"]] == ["1"]


def test_single_wishes_are_kept(session: Session) -> None:
    quiet = case(session, "supplemented")
    assert not quiet.shows_mark and session.get(Contest, quiet.entry_index) is None
    assert case(session, "to_sign_correction").party == "agent"
    assert case(session, "due_soon").channel == "oral" and case(session, "due_soon").read_back
    assert case(session, "english").language == "en" and case(session, "english").text.isascii()
    assert case(session, "unread").electronic and case(session, "unread").deliveries[-1].delivered_on is None


def test_photos_can_be_opened(session: Session, demo_settings: Settings) -> None:
    store = Store(demo_settings.evidence_dir)
    files = [file for each in cases(session) for file in each.files]
    assert {file.purpose for file in files} == {"evidence", "authority", "supplement"}
    assert all(len(store.read(file.stored)) == file.size and store.read(file.viewable) for file in files)
    assert on_disk(demo_settings.evidence_dir) == 2 * len(files)


def on_disk(folder: Path) -> int:
    return sum(1 for path in folder.rglob("*") if path.is_file())


def test_every_message_is_kept_within_the_minute(session: Session, demo_built: Built) -> None:
    messages = session.scalars(sa.select(Message)).all()
    assert {each.state for each in messages} == {"kept"} and len(messages) > 100
    assert {each.channel for each in messages} == {"email", "sms"}
    waited = [each.kept_at - each.created_at for each in messages if each.kept_at]
    assert max(waited) < timedelta(minutes=1)
    assert not any(code.code in each.body for each in messages for code in demo_built.to_follow)


def test_reminders_of_the_overdue_case_went_out_each_on_its_day(session: Session) -> None:
    found, days = case(session, "overdue"), Days(clock.today(), load_calendar())
    wanted = sa.select(Message).where(
        Message.key.like(f"{found.receipt}/%"), Message.topic.not_in(SAID_BY_ACTS)
    )
    told = {(each.topic, clock.shanghai_date(each.created_at)) for each in session.scalars(wanted)}
    assert told == {
        ("due_soon", days.ago(11)),
        ("due_today", days.ago(6)),
        ("overdue", days.ago(5)),
        ("escalated", days.ago(3)),
    }


def test_the_numbers_and_codes_that_are_told_open_their_cases(session: Session, demo_built: Built) -> None:
    assert len(demo_built.to_follow) == 2
    assert all(following.fits(session, each.receipt, each.code) for each in demo_built.to_follow)
    assert to_follow(session, Settings(secret_key="another key, set since")) == []


def test_there_is_a_concern_in_every_state_that_it_rests_in_and_one_is_overdue(session: Session) -> None:
    concerns = session.scalars(sa.select(Concern)).all()
    assert {each.state for each in concerns} == set(CONCERN_STATES) - {"satisfied"}
    late = [each for each in concerns if each.term.ended_on is None and each.term.is_late(clock.today())]
    assert [each.state for each in late] == ["recorded"]


def test_the_summaries_of_two_quarters_have_rows(session: Session) -> None:
    coordinator = session.scalars(sa.select(Person).where(Person.username == "gunanxing")).one()
    days = session.scalars(sa.select(Concern.inspected_on)).all()
    counted = [list(summary.rows(session, Quarter.of(day), coordinator)) for day in (min(days), max(days))]
    assert all(counted) and counted[0] != counted[1]


@pytest.mark.parametrize(
    ("today", "recheck", "afterwards"),
    [
        ("2026-11-13", False, False),
        ("2026-11-26", False, True),  # the receipt's second day alone
        ("2026-12-04", False, True),
        ("2026-12-05", True, True),
        ("2026-12-31", True, True),
        ("2027-01-04", True, True),
    ],
)
def test_the_newest_case_is_provisional_whenever_its_term_reaches_past_the_calendar(
    today: str, recheck: bool, afterwards: bool
) -> None:
    calendar = load_calendar()
    received = Days(date.fromisoformat(today), calendar).ago(0)
    first = count(received, 20, calendar)
    assert (first.provisional, count(first.due, 15, calendar).provisional) == (recheck, afterwards)


@pytest.mark.slow
@pytest.mark.parametrize("today", ["2026-12-05", "2027-01-04"])
def test_around_the_end_of_the_year_the_demo_is_built_and_shows_a_provisional_day(
    tmp_path: Path, today: str
) -> None:
    settings = Settings(var=tmp_path / "var", index_dir=tmp_path / "index", worker=False)
    with time_machine.travel(f"{today}T02:00:00Z"):
        app = opened(settings)
        build_demo(app, settings)
        with app.app_context():
            open_at("write")
            found = db.session()
            term = case(found, "newest").term("recheck")
            assert term is not None and term.provisional and term.due.year == 2027
            assert found.get_one(Contest, case(found, "newest").entry_index).provisional
            test_there_is_a_case_in_every_state(found)
            test_exactly_one_case_is_overdue(found)
            test_one_case_is_due_today_and_one_soon(found)
            assert book.check(found) == []
        close(app)
