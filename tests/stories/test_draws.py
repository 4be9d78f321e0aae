"""Our own draw, from the commitment to the code, and what can not be done on the way."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.draws import changing, drawing, facing, pool
from portal.draws.models import Draw, DrawFace, DrawStep
from portal.draws.verify import drawn_again, problems, read_bundle
from portal.draws.wanted import Conditions, Task
from portal.errors import Refused
from portal.ledger import book
from portal.ledger.entry import MOST_BYTES, read_entry
from portal.ledger.models import Entry
from portal.publications import pipeline
from portal.publications.models import Face, Publication, Release
from tests.cast import Cast
from tests.drawing import APPEARS, ROUND, SIGNATURE
from tests.drawn import (
    AFTER,
    BEFORE,
    ITEMS,
    LATER,
    LOTTERY,
    TASK_NO,
    committed,
    drawn_through,
    fill_registries,
    locked,
    revealed,
    run,
    want,
)  # fmt: skip
from tests.office import propose


@pytest.fixture(autouse=True)
def registries(session: Session) -> None:
    fill_registries(session)


def lines(session: Session) -> list[tuple[str, dict[str, object]]]:
    entries = session.scalars(sa.select(Entry).order_by(Entry.index))
    return [(each.type, read_entry(each.body)) for each in entries]


def face_of(session: Session, draw: Draw) -> DrawFace:
    return session.get_one(DrawFace, draw.commit_index, populate_existing=True)


def test_a_draw_from_the_commitment_to_the_code(session: Session, cast: Cast) -> None:
    by_tag = Conditions(tags=("食品经营", "特种设备"), by="tag")
    draw = committed(session, cast.he, by_tag, excluded={"91339900MA2CY0001X": "often"})
    ((type_, said),) = lines(session)
    assert type_ == "draw_commit" and said["randomness"] == f"drand-quicknet:{ROUND}" and said["step"] == 1
    assert (said["size"], said["excluded_count"], said["checked_by"]) == (40, 1, "public")
    face = face_of(session, draw)
    assert face.bundle is None and [each["take"] for each in face.strata] == [2, 2]

    revision = run(session, draw, cast.he)
    assert revision.state == "draft" and revision.content["draw_attempts"] == 1
    assert len(revision.content["drawn"]) == 4 and revision.content["pool_size"] == 40
    assert all(len(each["inspectors"]) == 2 for each in draw.drawn)
    assert "91339900MA2CY0001X" not in draw.codes

    locked(session, cast, draw, revision)
    (_commit, (type_, published), (result, locking)) = lines(session)
    assert (type_, result) == ("publish", "draw_result")
    assert (
        locking["commit"] == 0 and locking["number"] == published["number"] == face_of(session, draw).number
    )
    assert locking["list"] == pool.digest(pool.pool_text(draw.codes)) and "code" not in locking
    assert face_of(session, draw).bundle is None

    revealed(session, cast, draw)
    assert lines(session)[-1][1]["code"] == draw.code
    bundle = read_bundle(face_of(session, draw).bundle or "")
    release = session.scalars(sa.select(Release)).one()
    assert problems(bundle, json.loads(release.body or "{}")["fields"]) == []
    again, _wrong = drawn_again(bundle)
    assert sorted(code for part in again for code in part) == draw.codes
    assert book.check(session) == []
    assert all(len(entry.body) < MOST_BYTES / 2 for entry in session.scalars(sa.select(Entry)))


def test_nobody_draws_before_the_round_is_out_or_with_another_one(session: Session, cast: Cast) -> None:
    draw = committed(session, cast.he)
    with clock.at(APPEARS - timedelta(seconds=1)), pytest.raises(Refused, match="还没有产生"):
        drawing.run(session, draw, SIGNATURE, by=cast.he)
    with clock.at(AFTER), pytest.raises(Refused, match="核对不通过"):
        drawing.run(session, draw, SIGNATURE[:-2] + "00", by=cast.he)
    with clock.at(AFTER), pytest.raises(Refused, match="其他部门"):
        drawing.run(session, draw, SIGNATURE, by=cast.fang)
    assert draw.state == "committed"


def test_where_no_network_reaches_a_lottery_decides(session: Session, cast: Cast) -> None:
    draw = committed(session, cast.he, **LOTTERY)
    with clock.at(AFTER), pytest.raises(Refused, match="不是这种彩票的号码"):
        drawing.run(session, draw, "31 27 22 14 8 3", by=cast.he)
    locked(session, cast, draw, run(session, draw, cast.he))
    revealed(session, cast, draw)
    assert problems(read_bundle(face_of(session, draw).bundle or "")) == []


def test_a_commitment_comes_before_what_decides(session: Session, cast: Cast) -> None:
    wanted = want(session)
    with clock.at(APPEARS - timedelta(seconds=30)), pytest.raises(Refused, match="至少相隔1分钟"):
        drawing.commit(session, wanted, by=cast.he)
    lottery = replace(wanted, source="lottery:ssq:2023108", decides_at=BEFORE)
    with clock.at(BEFORE), pytest.raises(Refused, match="至少相隔1分钟"):
        drawing.commit(session, lottery, by=cast.he)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"rules": {"全部": "0%"}}, "不是抽取比例"), ({"rules": {}}, "没有符合条件的对象"), ({"rules": {"全部": "41"}}, "抽不出41个"),
        ({"inspectors": []}, "没有符合条件的检查人员"), ({"inspectors": [("scjg", "a")]}, "检查人员不够"), ({"per_object": 1}, "至少抽取2名"),
        ({"source": "lottery:fc3d:2023247"}, "不是可以用的公开随机源"), ({"excluded": {"nobody": "often"}}, "不在名录库中"),
    ],
)  # fmt: skip
def test_what_can_not_be_drawn_is_not_committed_to(
    session: Session, cast: Cast, changes: dict[str, object], sentence: str
) -> None:
    with clock.at(BEFORE), pytest.raises(Refused, match=sentence):
        drawing.commit(session, want(session, **changes), by=cast.he)
    assert lines(session) == []


def test_who_has_run_a_draw_can_not_run_it_again(session: Session, cast: Cast) -> None:
    draw = committed(session, cast.he)
    run(session, draw, cast.he)
    drawn = list(draw.drawn)
    with clock.at(AFTER), pytest.raises(Refused, match="不能再抽一次"):
        drawing.run(session, draw, SIGNATURE, by=cast.he)
    drawing.note_attempt(session, draw, by=cast.he)
    session.commit()
    states = session.scalars(sa.select(DrawStep.state).order_by(DrawStep.id)).all()
    assert states == ["committed", "run", "again"] and draw.drawn == drawn


def test_a_second_draw_of_a_task_is_public_with_its_reason(session: Session, cast: Cast) -> None:
    draw = committed(session, cast.he)
    first = run(session, draw, cast.he)
    would_have = draw.codes
    with clock.at(BEFORE):
        with pytest.raises(Refused, match="已经承诺过一次"):
            drawing.commit(session, want(session), by=cast.he)
        with pytest.raises(Refused, match="理由会公开"):
            drawing.commit(session, want(session), by=cast.he, replaces=draw)
        again = drawing.commit(session, want(session), by=cast.he, replaces=draw, reason="名录库漏列。")
        session.commit()
    entry = session.get_one(Entry, again.commit_index)
    said = read_entry(entry.body)
    assert (said["replaces"], said["step"], entry.reason) == (draw.commit_index, 2, "名录库漏列。")
    assert said["commitment"] == lines(session)[0][1]["commitment"]
    assert (draw.state, first.state, face_of(session, draw).state) == ("replaced", "abandoned", "replaced")

    second = run(session, again, cast.he)
    assert again.codes != would_have and second.content["draw_attempts"] == 2
    locked(session, cast, again, second)
    revealed(session, cast, again)
    bundle = read_bundle(face_of(session, again).bundle or "")
    assert problems(bundle) == []
    spared, _wrong = drawn_again(bundle.earlier[0])
    assert sorted(code for part in spared for code in part) == would_have

    with clock.at(BEFORE), pytest.raises(Refused, match="已经锁定"):
        drawing.commit(session, want(session), by=cast.he, replaces=again, reason="再来一次。")
    with clock.at(BEFORE), pytest.raises(Refused, match="已经锁定"):
        drawing.commit(session, want(session), by=cast.he)


def test_an_announcement_that_says_something_else_does_not_lock(session: Session, cast: Cast) -> None:
    draw = committed(session, cast.he)
    revision = run(session, draw, cast.he)
    with clock.at(AFTER):
        shorter = revision.content | {"drawn": revision.content["drawn"][1:], "sample_size": 3}
        revision = pipeline.revise(session, revision, by=cast.he, content=shorter)
        pipeline.submit(session, revision, by=cast.he)
        pipeline.approve(session, revision, by=cast.song)
        with pytest.raises(Refused, match="与抽取的结果不一致"):
            drawing.lock(session, draw, revision, by=cast.song)
        pipeline.send_back(session, revision, by=cast.song, note="名单少了一户。")
        pipeline.abandon(session, revision, by=cast.he)
        revision = drawing.announce_again(session, draw, by=cast.he)
        with pytest.raises(Refused, match="在办的稿件"):
            drawing.announce_again(session, draw, by=cast.he)
    locked(session, cast, draw, revision)
    assert draw.state == "locked" and session.scalars(sa.select(Face.live)).all() == [True]


def test_who_does_not_go_is_followed_by_the_next_in_order(session: Session, cast: Cast) -> None:
    draw = committed(session, cast.he)
    locked(session, cast, draw, run(session, draw, cast.he))
    firm = draw.codes[0]
    leader, second = draw.assigned(firm)
    with pytest.raises(Refused, match="请写明回避或者更换的理由"):
        changing.change(session, draw, firm, leader, kind="recusal", reason=" ", by=cast.he)
    third = changing.change(
        session, draw, firm, leader, kind="recusal", reason="与对象有亲属关系。", by=cast.he
    )
    assert list(draw.assigned(firm)) == [second, third]
    changing.change(session, draw, firm, third, kind="substitution", reason="病假。", by=cast.he)
    changing.change(session, draw, firm, second, kind="substitution", reason="病假。", by=cast.he)
    with pytest.raises(Refused, match="没有可以接替的人"):
        changing.change(
            session, draw, firm, draw.assigned(firm)[0], kind="recusal", reason="亲属。", by=cast.he
        )
    session.commit()
    revealed(session, cast, draw)
    said = lines(session)[-1][1]
    assert (said["recusals"], said["substitutions"]) == (1, 2)
    assert "亲属" not in (face_of(session, draw).bundle or "")


def test_the_code_is_not_told_before_the_inspections_are_over(session: Session, cast: Cast) -> None:
    draw = committed(session, cast.he)
    with pytest.raises(Refused, match="只有名单已经锁定"):
        drawing.reveal(session, draw, by=cast.he)
    locked(session, cast, draw, run(session, draw, cast.he))
    with clock.at(AFTER), pytest.raises(Refused, match="检查期限到"):
        drawing.reveal(session, draw, by=cast.he, ends_on=LATER.date())
    assert draw.state == "locked"


def test_a_draft_that_says_the_inspections_are_over_tells_no_code(session: Session, cast: Cast) -> None:
    ends, over = (
        (AFTER + timedelta(days=9)).date().isoformat(),
        (AFTER - timedelta(days=1)).date().isoformat(),
    )
    draw = committed(session, cast.he, task=Task(TASK_NO, "抽查", ITEMS, more={"ends_on": ends}))
    locked(session, cast, draw, run(session, draw, cast.he))
    publication = session.get_one(Publication, draw.publication_id)
    with clock.at(AFTER):
        propose(session, cast, publication, "correct", "结束日期有误。", ends_on=over)
        with pytest.raises(Refused, match="检查期限到"):
            drawing.reveal(session, draw, by=cast.he)
    with clock.at(AFTER + timedelta(days=9)), pytest.raises(Refused, match="检查期限到"):
        drawing.reveal(session, draw, by=cast.he)
    with clock.at(AFTER + timedelta(days=10)):
        drawing.reveal(session, draw, by=cast.he)


@pytest.mark.parametrize("conditions", [Conditions(by="risk"), Conditions(risk=("D",))])
def test_a_draw_by_risk_class_is_for_the_coordinator_to_check(
    session: Session, cast: Cast, conditions: Conditions
) -> None:
    """W2: neither its code, which would tell who was in the pool, nor its strata are ever public."""
    draw = drawn_through(session, cast, conditions)
    commit, _publish, result, told = [said for _type, said in lines(session)]
    assert commit["checked_by"] == "coordinator" and told["code"] is None
    assert commit["size"] is None
    assert commit["pool"] != pool.digest(pool.pool_text(each.codes for each in []))
    codes = [code for part in draw.parts for code in pool.read_pool(part.codes)]
    assert commit["pool"] != pool.digest(pool.pool_text(codes)) != result["list"]
    face = face_of(session, draw)
    assert face.bundle is None and face.strata == [] and face.state == "revealed"
    assert problems(read_bundle(json.dumps(facing.bundle(session, draw)))) == []
    fields = json.loads(session.scalars(sa.select(Release)).one().body or "{}")["fields"]
    assert fields["pool_size"] is None


def test_names_that_are_not_to_be_shown_are_told_by_nothing(session: Session, cast: Cast) -> None:
    draw = drawn_through(session, cast, names_withheld="检查前不宜告知。")
    public = [face_of(session, draw).bundle or "", *session.scalars(sa.select(Release.body))]
    public += [entry.body.decode() for entry in session.scalars(sa.select(Entry))]
    assert not [code for code in draw.codes for text in public if code in text or draw.code in text]
    with clock.at(BEFORE), pytest.raises(Refused, match="已经锁定"):
        drawing.commit(session, want(session), by=cast.he, replaces=draw, reason="名单。")


def test_what_only_the_coordinator_may_check_is_not_drawn_again_for_everybody(
    session: Session, cast: Cast
) -> None:
    """The code of the second draw would tell that of the first."""
    draw = committed(session, cast.he, Conditions(by="risk"))
    with clock.at(BEFORE), pytest.raises(Refused, match="只能由联席会议办公室核对"):
        drawing.commit(session, want(session), by=cast.he, replaces=draw, reason="分组有误。")
