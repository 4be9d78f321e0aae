"""The page on which somebody decides about proposals: what it shows, what it refuses, what can be taken back."""

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from portal.publications import pipeline
from portal.publications.models import Revision
from tests import examples
from tests.cast import Cast
from tests.doors.staff_room import Room, Visit
from tests.office import disclose

IDENTITY = "520201190911230683"  # born 1909
PROBLEM = f"联系人田甜，身份证号{IDENTITY}；进货价每件38.6元。"
BASIS = "《中华人民共和国个人信息保护法》第二十五条"


@pytest.fixture
def draft(session: Session, cast: Cast) -> int:
    """A result whose problem names somebody, their number, and a price."""
    rows = examples.result()["items"]
    content = examples.result(items=[rows[0] | {"problem": PROBLEM}, *rows[1:]])
    revision = pipeline.draft(session, "result", content, by=cast.he)
    session.commit()
    return revision.id


def page_of(number: int) -> str:
    return f"/staff/revisions/{number}/marks"


def keys(visit: Visit, number: int) -> list[str]:
    return [str(each["value"]) for each in visit.page(page_of(number)).select("input[name^=key-]")]


def decide(visit: Visit, number: int, **form: str) -> str:
    answer = visit.send(page_of(number), f"/staff/revisions/{number}/decisions", **form)
    return answer.text if answer.status_code == 422 else visit.get(answer.location).text


def newest(session: Session) -> Revision:
    session.rollback()
    return session.scalars(sa.select(Revision).order_by(Revision.id.desc()).limit(1)).one()


def hide(at: int, key: str) -> dict[str, str]:
    return {f"key-{at}": key, f"choice-{at}": "hide", f"ground-{at}": "personal_info", f"basis-{at}": BASIS}


def keep(at: int, key: str, **reason: str) -> dict[str, str]:
    return {f"key-{at}": key, f"choice-{at}": "keep"} | {
        f"{name}-{at}": said for name, said in reason.items()
    }


def test_the_text_is_shown_with_what_waits_in_its_place(draft: int, room: Room) -> None:
    page = room("he").page(page_of(draft))
    (words,) = [each for each in page.select(".marking .src .words") if IDENTITY in each.text]
    waiting = [each.contents[0] for each in words.select(".pm:not(.pm-on, .pm-off)")]
    assert waiting == ["田甜", IDENTITY, "进货价每件38.6元"]
    assert "3处待定" in page.text and "其中2处必须决定" in page.text
    (deciding,) = [each for each in page.select("#proposals form") if each.select("input[type=radio]")]
    assert [each.text for each in deciding.select("button")] == ["保存决定"]  # what Enter in a field presses


def test_one_is_withheld_and_one_is_kept_with_a_reason_in_one_new_revision(
    draft: int, session: Session, cast: Cast, room: Room
) -> None:
    he = room("he")
    name, number, _price = keys(he, draft)
    said = decide(he, draft, **hide(2, number), **keep(1, name, reason="office"))
    assert "决定已保存，没有必须决定的提示了" in said
    after = newest(session)
    assert after.undecided == 0 and session.get_one(Revision, draft).successor_id == after.id
    assert [(each["ground"], each["basis"], each["by"]) for each in after.marks] == [
        ("personal_info", BASIS, cast.he.id)
    ]
    (kept,) = after.dismissed
    assert kept["reason"] == "单位对外公开的联系方式" and kept["by"] == cast.he.id
    assert "田甜" not in str(after.dismissed)
    page = BeautifulSoup(said, "html.parser")
    assert [each.contents[0] for each in page.select(".src .pm-off")] == ["田甜"]
    public = page.find("h2", string="公众将看到").parent.text
    assert "联系人田甜，身份证号〔依法隐去：个人信息〕" in public and IDENTITY not in public


def test_what_is_kept_needs_a_reason_and_nothing_that_was_typed_is_lost(draft: int, room: Room) -> None:
    he = room("he")
    name, number, _price = keys(he, draft)
    refused = decide(he, draft, **hide(2, number), **keep(1, name, own_reason=" "))
    assert "请写明保留的理由" in refused
    page = BeautifulSoup(refused, "html.parser")
    assert page.select_one("input[name=choice-1][value=keep][checked]")
    assert page.select_one("input[name=choice-2][value=hide][checked]")
    assert "最多200个字" in decide(he, draft, **keep(1, name, own_reason="长" * 201))
    assert "还没有作出任何决定" in decide(he, draft)


def test_a_basis_belongs_to_its_ground_or_is_the_persons_own(
    draft: int, session: Session, room: Room
) -> None:
    he = room("he")
    _name, number, _price = keys(he, draft)
    wrong = hide(1, number) | {"ground-1": "trade_secret"}
    assert "所选的法律依据不属于所选的理由" in decide(he, draft, **wrong)
    assert "请选择隐去的理由" in decide(he, draft, **(hide(1, number) | {"ground-1": "whim"}))
    decide(he, draft, **wrong, **{"other_basis-1": "《示例市信息公开办法》第九条"})
    assert newest(session).marks[0]["basis"] == "《示例市信息公开办法》第九条"


def test_what_was_decided_meanwhile_is_not_decided_again(draft: int, session: Session, room: Room) -> None:
    he = room("he")
    name, _number, _price = keys(he, draft)
    decide(he, draft, **hide(1, name))
    after = newest(session).id
    assert "已经有人决定，或者内容已经改动" in decide(he, after, **hide(1, name))
    assert "已经有人决定，或者内容已经改动" in decide(he, after, **hide(1, "items/0/problem:x:y:id"))


def test_a_decision_to_keep_is_taken_back(draft: int, session: Session, room: Room) -> None:
    he = room("he")
    name, number, _price = keys(he, draft)
    decide(he, draft, **hide(1, number), **keep(2, name, reason="consent"))
    after = newest(session).id
    he.send(page_of(after), f"/staff/revisions/{after}/kept/1/removal")
    assert newest(session).dismissed == [] and newest(session).undecided == 1
    gone = he.send(page_of(newest(session).id), f"/staff/revisions/{newest(session).id}/kept/7/removal")
    assert gone.status_code == 422 and "没有第7处保留" in gone.text


def test_whoever_kept_something_does_not_agree_to_it(
    draft: int, session: Session, cast: Cast, room: Room
) -> None:
    disclose(session, cast, "list", examples.item_list())
    pipeline.submit(session, session.get_one(Revision, draft), by=cast.he)
    session.commit()
    song = room("song")
    name, number, _price = keys(song, draft)
    decide(song, draft, **hide(1, number), **keep(2, name, reason="mistaken"))
    revision = newest(session)
    page = f"/staff/revisions/{revision.id}"
    assert "不能同意自己的标注" in song.get(page).text
    assert room("bai").send(page, f"{page}/approval").status_code == 302


def test_only_the_selected_place_is_withheld_when_that_was_asked_for(
    session: Session, cast: Cast, room: Room
) -> None:
    rows = examples.result()["items"]
    content = examples.result(items=[rows[0] | {"problem": "𠮷样品三号，另见样品三号。"}])
    number = pipeline.draft(session, "result", content, by=cast.he).id
    session.commit()
    he = room("he")
    form = {
        "field": "items/problem",
        "row": "1",
        "words": "样品三号",
        "ground": "trade_secret",
        "basis": "条例第十五条",
    }
    he.send(page_of(number), page_of(number), **form, start="8", end="12", only="yes")
    assert [(each["start"], each["end"]) for each in newest(session).marks] == [(8, 12)]
    he.send(page_of(newest(session).id), page_of(newest(session).id), **form, start="3", end="5", only="yes")
    assert [(each["start"], each["end"]) for each in newest(session).marks[1:]] == [(1, 5), (8, 12)]


def test_a_record_withheld_in_full_waits_for_nobody(draft: int, session: Session, cast: Cast) -> None:
    disclose(session, cast, "list", examples.item_list())
    revision = session.get_one(Revision, draft)
    whole = pipeline.revise(
        session, revision, by=cast.he, withheld_ground="trade_secret", withheld_basis="条例第十五条"
    )
    assert whole.undecided == 0
    pipeline.submit(session, whole, by=cast.he)
    pipeline.approve(session, whole, by=cast.song)
    assert whole.state == "approved"


def test_what_was_kept_follows_an_edit_on_the_form(draft: int, session: Session, room: Room) -> None:
    he = room("he")
    name, number, _price = keys(he, draft)
    decide(he, draft, **hide(1, number), **keep(2, name, reason="office"))
    before = newest(session)
    he.fill_in(f"/staff/revisions/{before.id}/content", {"f-task_name": "改了名的任务"})
    after = newest(session)
    assert after.id != before.id and after.dismissed == before.dismissed and after.undecided == 0
