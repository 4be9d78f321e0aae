"""One revision on the staff's pages: who may press what, and what they are told when they may not."""

from typing import Any

from sqlalchemy.orm import Session

from portal.publications import pipeline
from portal.publications.models import Revision
from tests import examples
from tests.cast import Cast
from tests.doors.staff_room import Room
from tests.office import disclose
from tests.telling import nobody_minds

PHONE = "现场由保管员吴某桐（电话15400002718）陪同，电话15400002718已核对。"


def draft(session: Session, cast: Cast, **changes: Any) -> int:
    """A result drafted by 何知远; the list that its items are on is public."""
    disclose(session, cast, "list", examples.item_list())
    revision = pipeline.draft(session, "result", examples.result(**changes), by=cast.he)
    session.commit()
    return revision.id


def test_two_people_take_a_draft_into_the_public(session: Session, cast: Cast, room: Room) -> None:
    number = draft(session, cast)
    page = f"/staff/revisions/{number}"
    he, song = room("he"), room("song")
    assert he.send(page, f"{page}/submission").status_code == 302
    assert song.send(page, f"{page}/approval", note="同意").status_code == 302
    nobody_minds(session, cast)
    published = song.send(page, f"{page}/publication")
    assert published.status_code == 302
    assert "/staff/publications/JG-" in published.location
    assert "公示编号" in song.get(published.location).text


def test_the_drafter_sees_a_grey_button_with_the_reason_and_is_refused_all_the_same(
    session: Session, cast: Cast, room: Room
) -> None:
    number = draft(session, cast)
    page = f"/staff/revisions/{number}"
    bai = room("bai")
    pipeline.submit(session, session.get_one(Revision, number), by=cast.he)
    session.commit()
    he = room("he")
    html = he.page(f"{page}/approval")
    assert "同意公示" in [button.text for button in html.select("button[disabled]")]
    assert "拟稿人不能审核自己的稿件" in html.select_one(".whynot").text
    refused = he.send(page, f"{page}/approval")
    assert refused.status_code == 422
    assert "拟稿人不能审核自己的稿件" in refused.text
    assert bai.send(page, f"{page}/approval").status_code == 302


def test_of_two_reviewers_at_once_the_second_is_told_who_was_first(
    session: Session, cast: Cast, room: Room
) -> None:
    number = draft(session, cast)
    page = f"/staff/revisions/{number}"
    pipeline.submit(session, session.get_one(Revision, number), by=cast.he)
    session.commit()
    song, bai = room("song"), room("bai")
    looked = bai.page(page).select_one("input[name=seen]")["value"]
    song.send(page, f"{page}/return", note="请核对检查日期。")
    room("he").send(page, f"{page}/submission")
    late = bai.send(page, f"{page}/approval", seen=looked)
    assert late.status_code == 409
    assert "何知远刚刚办理了这份稿件" in late.text
    assert page in late.text


def test_a_note_survives_a_refusal(session: Session, cast: Cast, room: Room) -> None:
    number = draft(session, cast)
    answer = room("song").send(
        f"/staff/revisions/{number}",
        f"/staff/revisions/{number}/return",
        note="写了很久的意见",
    )
    assert answer.status_code == 422
    # nothing can be sent back yet, so there is no box; but the words of the refusal are there
    assert "只有待审核或者待公示的稿件可以退回" in answer.text


def test_another_departments_draft_is_not_even_there(session: Session, cast: Cast, room: Room) -> None:
    number = draft(session, cast)
    assert room("fang").get(f"/staff/revisions/{number}").status_code == 404
    assert room("gu").get(f"/staff/revisions/{number}").status_code == 200


def test_words_that_stand_twice_are_withheld_twice_and_shown_as_the_public_will_see_them(
    session: Session, cast: Cast, room: Room
) -> None:
    items = [examples.result()["items"][0] | {"problem": PHONE}]
    number = draft(session, cast, items=items)
    he, page = room("he"), f"/staff/revisions/{number}/marks"
    marking = {"field": "items/problem", "row": "1", "words": "15400002718", "ground": "personal_info"}
    assert "请写明隐去的法律依据" in he.send(page, page, **marking).text
    done = he.send(page, page, **marking, basis="《政府信息公开条例》第十五条")
    assert done.status_code == 302
    html = he.page(done.location)
    public = html.find("h2", string="公众将看到").parent
    assert "15400002718" not in public.text
    assert public.select_one(".src").text.count("〔依法隐去：个人信息〕") == 2
    assert "均已标注隐去" in html.text


def test_a_credit_code_is_never_masked(session: Session, cast: Cast, room: Room) -> None:
    number = draft(session, cast)
    page = f"/staff/revisions/{number}/marks"
    form = {"field": "entity_code", "whole": "yes", "ground": "other", "basis": "…"}
    assert "属于公开信息，不得隐去" in room("he").send(page, page, **form).text


def test_a_draft_is_edited_and_what_was_not_understood_stays_in_its_box(
    session: Session, cast: Cast, room: Room
) -> None:
    number = draft(session, cast)
    he, page = room("he"), f"/staff/revisions/{number}/content"
    wrong = he.fill_in(page, {"f-inspected_on": "去年冬天"})
    assert wrong.status_code == 422
    assert 'value="去年冬天"' in wrong.text
    saved = he.fill_in(page, {"f-entity_name": "示例改名商贸有限公司"})
    assert saved.status_code == 302
    assert "示例改名商贸有限公司" in he.get(saved.location).text
    session.expire_all()
    before = session.get_one(Revision, number)
    after = session.get_one(Revision, before.successor_id)
    assert before.state == "abandoned"
    assert after.content == before.content | {"entity_name": "示例改名商贸有限公司"}


def test_a_reviewer_marks_parts_but_does_not_rewrite(session: Session, cast: Cast, room: Room) -> None:
    number = draft(session, cast)
    pipeline.submit(session, session.get_one(Revision, number), by=cast.he)
    session.commit()
    song, page = room("song"), f"/staff/revisions/{number}/content"
    refused = song.fill_in(page, {"f-entity_name": "改写"})
    assert refused.status_code == 422
    assert "您没有“拟稿”的权限" in refused.text


def test_a_new_plan_is_written_by_hand(session: Session, cast: Cast, room: Room) -> None:
    he, page = room("he"), "/staff/revisions/new?kind=plan"
    assert "“抽查计划名称”" in he.fill_in(page, {}).text
    form = {"f-title": "2027年度抽查工作计划", "f-plan_year": "2027", "r-items-0-item": "公示信息抽查"}
    made = he.fill_in(page, form)
    assert made.status_code == 302, made.text
    assert "2027年度抽查工作计划" in he.get(made.location).text


def test_in_english_a_reason_names_the_field_and_a_form_the_grounds_in_english(
    session: Session, cast: Cast, room: Room
) -> None:
    page = f"/staff/revisions/{draft(session, cast, entity_name=None)}"
    he = room("he")
    reasons = he.page(f"{page}?lang=en").select_one(".whynot").text
    assert "“Object” is empty" in reasons and "检查对象" not in reasons
    assert "“检查对象名称”还没有填写" in he.page(page).select_one(".whynot").text
    grounds = [each.text for each in he.page(f"{page}/marks?lang=en").select("#i-ground option")]
    assert "Trade secret" in grounds and "商业秘密" not in grounds


def test_a_record_without_a_title_is_called_so_in_the_readers_language(
    session: Session, cast: Cast, room: Room
) -> None:
    page = f"/staff/revisions/{draft(session, cast, entity_name=None)}"
    he = room("he")
    assert he.page(page).h1.text == "（未命名）"
    assert he.page(f"{page}?lang=en").h1.text == "(untitled)"
