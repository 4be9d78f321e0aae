"""公示范围调整 (W1): what is withheld changes, the words do not; quick, no correction, no difference shown."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Refused
from portal.ledger import book
from portal.objections import desk as objections_desk
from portal.objections.proceedings import Document
from portal.publications import desk, duty, pipeline, queries, requirements
from portal.publications.declared import Declaration
from portal.publications.models import Prepared, Publication, Revision
from tests import examples, objecting
from tests.cast import Cast
from tests.office import carry_through, correct, disclose, propose

RECIPE = "青黛三号配方"
PROBLEM = f"使用了{RECIPE}，已责令改正。"


@pytest.fixture(autouse=True)
def the_list(session: Session, cast: Cast) -> None:
    disclose(session, cast, "list", examples.item_list())


def hidden(ground: str = "trade_secret") -> dict[str, Any]:
    start = PROBLEM.index(RECIPE)
    basis = "《中华人民共和国政府信息公开条例》第十五条"
    span = {"start": start, "end": start + len(RECIPE), "by": 0, "note": ""}
    return {"path": "items/0/problem", "ground": ground, "basis": basis, **span}


def disclosed(session: Session, cast: Cast, marks: list[dict[str, Any]]) -> Publication:
    content = examples.result()
    content["items"] = [content["items"][0] | {"problem": PROBLEM}]
    return disclose(session, cast, "result", content, marks=marks)


def rescope(session: Session, cast: Cast, publication: Publication, marks: list[dict[str, Any]]) -> Revision:
    return pipeline.draft(
        session, "result", {}, by=cast.he, act="rescope", publication=publication, marks=marks
    )


def agree(session: Session, cast: Cast, revision: Revision) -> None:
    carry_through(session, cast, revision)


def page(visitor: FlaskClient, publication: Publication, rest: str = "") -> Any:
    return visitor.get(f"/results/{publication.number}{rest}")


def test_what_should_have_been_withheld_goes_from_every_version_and_no_difference_is_shown(
    session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    shown = disclosed(session, cast, [])
    assert RECIPE in page(visitor, shown).text
    agree(session, cast, rescope(session, cast, shown, [hidden()]))
    now = page(visitor, shown).text
    assert RECIPE not in now and "〔依法隐去：商业秘密〕" in now
    assert "公示范围已依法调整" in now
    assert "更正前" not in now and "调整前后" not in now
    assert page(visitor, shown, "/versions/1").status_code == 410
    assert "依法调整公示范围，公示第2版。" in now
    face = queries.face(session, shown.number or "")
    assert face is not None and not face.corrected
    assert page(visitor, shown, "/corrections/2").status_code == 404


def test_what_should_not_have_been_withheld_is_shown_and_the_earlier_version_stays(
    session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    shown = disclosed(session, cast, [hidden()])
    assert RECIPE not in page(visitor, shown).text
    agree(session, cast, rescope(session, cast, shown, []))
    assert RECIPE in page(visitor, shown).text
    earlier = page(visitor, shown, "/versions/1")
    assert earlier.status_code == 200 and RECIPE not in earlier.text


def test_it_is_in_the_ledger_as_an_adjustment_by_w1(session: Session, cast: Cast) -> None:
    shown = disclosed(session, cast, [])
    agree(session, cast, rescope(session, cast, shown, [hidden()]))
    entry = queries.acts(session, shown.number or "")[-1]
    assert (entry.type, entry.basis, entry.version) == ("adjust", "W1", 2)


def test_the_words_can_not_be_changed_along_with_the_scope(session: Session, cast: Cast) -> None:
    shown = disclosed(session, cast, [])
    revision = rescope(session, cast, shown, [])
    assert revision.content["items"][0]["problem"] == PROBLEM
    with pytest.raises(Refused, match="只改动隐去标注"):
        pipeline.revise(session, revision, by=cast.he, content=examples.result())


def test_an_adjustment_that_adjusts_nothing_is_refused(session: Session, cast: Cast) -> None:
    revision = rescope(session, cast, disclosed(session, cast, [hidden()]), [hidden()])
    with pytest.raises(Refused, match="没有可以调整的"):
        pipeline.submit(session, revision, by=cast.he)


def test_who_drafted_it_does_not_agree_to_it(session: Session, cast: Cast) -> None:
    shown = disclosed(session, cast, [])
    revision = pipeline.draft(
        session, "result", {}, by=cast.song, act="rescope", publication=shown, marks=[hidden()]
    )
    pipeline.submit(session, revision, by=cast.song)
    with pytest.raises(Refused, match="拟稿人不能审核自己的稿件"):
        pipeline.approve(session, revision, by=cast.song)


def test_on_hold_the_head_agrees_and_the_record_is_shown_again(
    session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    shown = disclosed(session, cast, [])
    duty.hold(session, shown, by=cast.zhou, reason="写了配方。")
    session.commit()
    assert page(visitor, shown).status_code == 451
    revision = rescope(session, cast, shown, [hidden()])
    pipeline.submit(session, revision, by=cast.he)
    with pytest.raises(Refused, match="请由主要负责人签署|没有“签署"):
        pipeline.approve(session, revision, by=cast.song)
    sign, review = (next(each for each in desk.QUEUES if each.name == name) for name in ("sign", "review"))
    assert [each.revision_id for each in desk.lines(session, sign, cast.lin, lambda *_: None)] == [
        revision.id
    ]
    assert desk.lines(session, review, cast.song, lambda *_: None) == []
    pipeline.approve(session, revision, by=cast.lin)
    pipeline.carry_out(session, revision, by=cast.lin)
    session.commit()
    now = page(visitor, shown)
    assert now.status_code == 200 and RECIPE not in now.text
    assert duty.unconfirmed(session, shown.department_code) == []
    assert page(visitor, shown, "/versions/1").status_code == 410


def test_a_hold_that_comes_after_the_reviewer_agreed_needs_the_head(session: Session, cast: Cast) -> None:
    shown = disclosed(session, cast, [])
    revision = rescope(session, cast, shown, [hidden()])
    pipeline.submit(session, revision, by=cast.he)
    pipeline.approve(session, revision, by=cast.song)
    duty.hold(session, shown, by=cast.zhou, reason="先停下来。")
    with pytest.raises(Refused, match="由主要负责人重新签署"):
        pipeline.carry_out(session, revision, by=cast.song)


def test_what_was_withdrawn_has_no_scope_to_adjust(session: Session, cast: Cast) -> None:
    shown = disclosed(session, cast, [])
    duty.hold(session, shown, by=cast.zhou, reason="先停下来。")
    carry_through(
        session, cast,
        pipeline.draft(session, "result", {}, by=cast.he, act="withdraw", publication=shown, reason="对象有误。"),
    )  # fmt: skip
    reasons = requirements.why_not_draft(session, "result", "rescope", shown, cast.he)
    assert "不能调整公示范围" in str(reasons[0])


def test_a_correction_after_it_shows_what_it_corrects_and_nothing_withheld(
    session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    shown = disclosed(session, cast, [])
    agree(session, cast, rescope(session, cast, shown, [hidden()]))
    revision = pipeline.draft(
        session, "result", shown.revisions[-1].content | {"follow_up_note": "已经核实。"}, by=cast.he,
        act="correct", publication=shown, reason="漏记。", marks=[hidden()],
    )  # fmt: skip
    carry_through(session, cast, revision)
    now = page(visitor, shown).text
    assert "已经核实。" in now and RECIPE not in now
    assert page(visitor, shown, "/versions/2").status_code == 200


def test_a_record_withheld_in_full_can_be_proposed_again_when_the_ground_has_gone(
    session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    revision = pipeline.draft(session, "result", examples.result(), by=cast.he)
    secret = {"withheld_ground": "state_secret", "withheld_basis": "保密期限内"}
    revision = pipeline.revise(session, revision, by=cast.he, **secret)
    publication = carry_through(session, cast, revision)
    assert (publication.number, publication.withheld_ground) == (None, "state_secret")
    assert session.get(Prepared, revision.id) is None  # no public text was made of it at all
    again = pipeline.draft(session, "result", revision.content, by=cast.he, publication=publication)
    carry_through(session, cast, again)
    assert publication.withheld_ground is None
    assert page(visitor, publication).status_code == 200


def test_what_is_public_is_never_published_a_second_time_beside_the_correction(
    session: Session, cast: Cast
) -> None:
    shown = disclosed(session, cast, [])
    with pytest.raises(Refused, match="请提出更正或者调整公示范围"):
        pipeline.draft(session, "result", examples.result(), by=cast.he, publication=shown)
    assert correct(session, cast, shown, "漏记。", follow_up_note="已核实。").version == 2


def test_the_answer_to_an_objection_about_the_scope_names_the_adjustment_that_came_before_it(
    session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    shown = disclosed(session, cast, [hidden()])
    case = objecting.object_to(session, shown, grounds=("overhidden",))
    agree(session, cast, rescope(session, cast, shown, []))
    objecting.recheck(session, cast, case)
    (adjustment,) = objections_desk.corrections(session, case)
    objecting.answer(session, cast, case, "corrected", adjustment)
    assert (shown.version, case.state) == (2, "signed")
    papers = session.scalars(sa.select(Document.kind).where(Document.objection_id == case.id))
    assert "correction" not in set(papers)
    assert RECIPE in page(visitor, shown).text


def test_who_took_a_mark_away_does_not_agree_to_it_after_somebody_else_changed_another(
    session: Session, cast: Cast
) -> None:
    content = examples.result()
    content["items"] = [content["items"][0] | {"problem": PROBLEM}]
    revision = pipeline.draft(session, "result", content, by=cast.he, marks=[hidden()])
    pipeline.submit(session, revision, by=cast.he)
    without = pipeline.revise(session, revision, by=cast.song, marks=[])
    other = hidden() | {"start": 0, "end": 2, "by": cast.bai.id}
    again = pipeline.revise(session, without, by=cast.bai, marks=[other])
    assert "由您改动" in str(requirements.why_not_approve(session, again, cast.song))


def test_the_same_words_withheld_at_one_of_two_places_are_withheld_more_at_both(
    session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    content = examples.result()
    content["items"] = [content["items"][0] | {"problem": f"{PROBLEM}再次使用{RECIPE}。"}]
    shown = disclose(session, cast, "result", content, marks=[hidden()])
    assert RECIPE in page(visitor, shown).text  # the second place was overlooked
    again = content["items"][0]["problem"].rindex(RECIPE)
    agree(
        session,
        cast,
        rescope(session, cast, shown, [hidden(), hidden() | {"start": again, "end": again + len(RECIPE)}]),
    )
    assert RECIPE not in page(visitor, shown).text
    earlier = page(visitor, shown, "/versions/1")
    assert earlier.status_code == 410 and RECIPE not in earlier.text


@pytest.mark.parametrize("act", ["withdraw", "correct"])
def test_a_public_reason_that_names_a_number_of_a_person_is_refused(
    session: Session, cast: Cast, act: str
) -> None:
    shown = disclosed(session, cast, [])
    said = propose(session, cast, shown, act, "误公开了身份证号520201190911230683。")
    with pytest.raises(Refused, match="公开的理由（身份证件号码）会原样公开"):
        pipeline.submit(session, said, by=cast.he)


def test_a_legal_basis_that_names_what_it_withholds_is_refused(session: Session, cast: Cast) -> None:
    basis = "条例第十五条，身份证号520201190911230683"
    revision = rescope(session, cast, disclosed(session, cast, []), [hidden() | {"basis": basis}])
    with pytest.raises(Refused, match="隐去的法律依据（身份证件号码）"):
        pipeline.submit(session, revision, by=cast.he)


def test_an_earlier_reason_that_quotes_what_is_withheld_goes_too(
    session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    shown = disclosed(session, cast, [])
    correct(session, cast, shown, f"原来漏写了{RECIPE}。")
    assert RECIPE in visitor.get("/corrections/").text
    agree(session, cast, rescope(session, cast, shown, [hidden()]))
    for address in ("/corrections/", "/feeds/corrections.rss", f"/results/{shown.number}"):
        assert RECIPE not in visitor.get(address).text
    assert book.check(session) == []


def test_a_reason_can_not_quote_what_the_same_draft_withholds(session: Session, cast: Cast) -> None:
    shown = disclosed(session, cast, [])
    said = propose(session, cast, shown, "correct", f"隐去{RECIPE}。")
    said = pipeline.revise(session, said, by=cast.he, marks=[hidden()])
    with pytest.raises(Refused, match="公开的理由（这一稿隐去的文字）"):
        pipeline.submit(session, said, by=cast.he)


def test_what_was_declared_secret_since_is_not_brought_back_undecided(session: Session, cast: Cast) -> None:
    shown = disclosed(session, cast, [])
    duty.hold(session, shown, by=cast.zhou, reason="企业来电。")
    session.add(
        Declaration(
            key="d" * 43, entity_code=examples.result()["entity_code"], entity_name="示例", department_code="scjg",
            title="配方", words=[RECIPE], why="配方", channel="online", declared_at=clock.now(), accepted=True,
        )
    )  # fmt: skip
    session.commit()
    back = propose(session, cast, shown, "restore", "核对无误。")
    pipeline.submit(session, back, by=cast.he)
    with pytest.raises(Refused, match="不要恢复公示，改为拟一份调整公示范围的稿件"):
        pipeline.approve(session, back, by=cast.lin)
