"""Three hundred rows on one desk: acted on together, single rows pulled out; and files coming in."""

import io
from typing import Any

from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from portal import clock
from portal.publications import pipeline
from portal.publications.models import Batch, Revision
from portal.publications.proposing import Proposal
from tests import examples
from tests.cast import Cast
from tests.conftest import csrf_token
from tests.doors.staff_room import Room, Visit
from tests.office import disclose
from tests.telling import nobody_minds

OUTSIDE = [{"item": "清单上没有的事项", "outcomes": [examples.FOUND_NOTHING]}]


def batch(session: Session, cast: Cast, rows: int, **last: Any) -> int:
    """Results of one task that came in together; the last one may differ."""
    disclose(session, cast, "list", examples.item_list())
    he = cast.he
    made = Batch(
        kind="result", label="第三批", department_code="scjg", created_by_id=he.id, created_at=clock.now()
    )
    session.add(made)
    session.flush()
    contents = [examples.result(entity_name=f"示例第{at}商贸有限公司") for at in range(rows - 1)]
    proposals = [Proposal(each) for each in contents]
    proposals.append(Proposal(examples.result(entity_name="示例最后一家商店", **last)))
    pipeline.draft_many(session, "result", proposals, by=he, batch=made)
    session.commit()
    return made.id


def states(session: Session, batch_id: int) -> dict[str, int]:
    session.expire_all()
    found = [each.state for each in session.query(Revision).filter_by(batch_id=batch_id, successor_id=None)]
    return {state: found.count(state) for state in found}


def test_a_whole_batch_goes_from_one_desk_to_the_next(session: Session, cast: Cast, room: Room) -> None:
    number = batch(session, cast, 12)
    page = f"/staff/batches/{number}"
    he, song = room("he"), room("song")
    assert "已提交审核12行" in he.send(page, f"{page}/submission").text
    assert "第三批" in song.page("/staff/?queue=review").text
    assert "已同意公示12行" in song.send(page, f"{page}/approval").text
    nobody_minds(session, cast)
    assert "已办理公示12行" in song.send(page, f"{page}/publication").text
    assert states(session, number) == {"done": 12}


def test_rows_that_can_not_go_along_are_named_with_the_reason(
    session: Session, cast: Cast, room: Room
) -> None:
    number = batch(session, cast, 3, items=OUTSIDE)
    page = f"/staff/batches/{number}"
    result = room("he").send(page, f"{page}/submission").text
    assert "已提交审核2行" in result
    assert "示例最后一家商店" in result
    assert "清单上没有的事项" in result
    assert states(session, number) == {"submitted": 2, "draft": 1}


def test_ticked_rows_are_pulled_out_and_the_rest_goes_on(session: Session, cast: Cast, room: Room) -> None:
    number = batch(session, cast, 4)
    page = f"/staff/batches/{number}"
    room("he").send(page, f"{page}/submission")
    song = room("song")
    row = song.page(page).select_one("input[name=row]")["value"]
    assert "请写明退回的理由" in song.send(page, f"{page}/return", row=row).text
    assert "已退回1行" in song.send(page, f"{page}/return", row=row, note="请核对名称。").text
    assert "已同意公示3行" in song.send(page, f"{page}/approval").text
    assert states(session, number) == {"sent_back": 1, "approved": 3}


def test_a_reviewer_can_not_submit_a_batch(session: Session, cast: Cast, room: Room) -> None:
    number = batch(session, cast, 2)
    page = f"/staff/batches/{number}"
    refused = room("song").send(page, f"{page}/submission")
    assert refused.status_code == 422
    assert "请交由拟稿人办理。" in refused.text
    assert states(session, number) == {"draft": 2}


def test_an_unknown_filter_is_a_sentence_and_no_error(session: Session, cast: Cast, room: Room) -> None:
    number = batch(session, cast, 1)
    assert room("he").get(f"/staff/batches/{number}?only=nonsense").status_code == 400


HEAD = "检查对象名称,统一社会信用代码,抽查任务编号,检查事项,检查日期,检查结果\n"
GOOD = "示例北顺达商贸有限公司,9133990075TNM5LB3J,33990020261012003,公示信息抽查,2026-10-22,未发现问题\n"
BAD = "示例西丰盛机械厂,91339900QD7612PLT6,33990020261012003,公示信息抽查,2026-10-22,差不多吧\n"


def upload(he: Visit, text: str, **form: str) -> Any:
    page = he.get("/staff/imports/").text
    data = {"csrf_token": csrf_token(page), "kind": "result", "file": (io.BytesIO(text.encode()), "结果.csv")}
    return he.client.post("/staff/imports/", data=data | form, content_type="multipart/form-data")


def test_a_file_becomes_drafts_and_refused_rows_come_back_as_a_spreadsheet(
    session: Session, cast: Cast, room: Room
) -> None:
    disclose(session, cast, "list", examples.item_list())
    he = room("he")
    taken = upload(he, HEAD + GOOD + BAD)
    assert taken.status_code == 302, taken.text
    page = he.page(taken.location)
    assert "差不多吧" in page.text
    assert page.select_one("#batches + ul a") is not None
    book = he.get(page.select_one("a[href*='refusals.xlsx']")["href"])
    assert book.data.startswith(b"PK")


def test_a_dry_run_writes_nothing(session: Session, cast: Cast, room: Room) -> None:
    disclose(session, cast, "list", examples.item_list())
    tried = upload(room("he"), HEAD + GOOD + BAD, dry_run="yes")
    assert tried.status_code == 200
    assert "没有写入任何内容" in tried.text
    assert "差不多吧" in tried.text
    assert session.query(Revision).filter_by(kind="result").count() == 0


DRAWN = "企业名称,注册号/统一社会信用代码\n示例北顺达商贸有限公司,9133990075TNM5LB3J\n"


def test_what_a_drawn_list_does_not_say_is_said_beside_it(session: Session, cast: Cast, room: Room) -> None:
    he = room("he")
    lacking = upload(he, DRAWN, kind="task", title="第三季度抽查", dry_run="yes")
    assert "文件里缺少“抽查任务编号”；请在导入时填写" in lacking.text
    back = BeautifulSoup(lacking.text, "html.parser").select_one(".actions a")["href"]
    assert he.page(back).select_one("#i-title")["value"] == "第三季度抽查"
    told = {"title": "第三季度抽查", "source_number": "33990020260031", "plan_year": "2026"}
    taken = upload(he, DRAWN, kind="task", **told)
    draft = he.page(taken.location).select_one("#batches + ul a")
    assert "33990020260031" in he.get(draft["href"]).text


def test_tasks_made_from_results_are_a_click_away(session: Session, cast: Cast, room: Room) -> None:
    disclose(session, cast, "list", examples.item_list())
    he = room("he")
    named = HEAD.replace("抽查任务编号", "抽查任务编号,抽查任务名称"), GOOD.replace("12003", "12003,秋季抽查")
    assert "和任务公告1份" in upload(he, "".join(named), make_task="yes", dry_run="yes").text
    page = he.page(upload(he, "".join(named), make_task="yes").location)
    assert [link.text for link in page.select("a[href*='/revisions/']")] == ["秋季抽查"]


def test_a_broken_file_is_told_in_a_sentence(session: Session, cast: Cast, room: Room) -> None:
    session.commit()
    answer = upload(room("he"), "\x00\x01\x02")
    assert answer.status_code == 422
    assert "没有导入：" in answer.text


def test_the_same_file_twice_changes_nothing_and_says_so(session: Session, cast: Cast, room: Room) -> None:
    disclose(session, cast, "list", examples.item_list())
    he = room("he")
    upload(he, HEAD + GOOD)
    again = upload(he, HEAD + GOOD)
    assert "以前已经导入过" in he.get(again.location).text


def test_a_saved_mapping_and_an_alias_are_listed(session: Session, cast: Cast, room: Room) -> None:
    he, page = room("he"), "/staff/mappings/"
    columns = "企业名 = entity_name\n经办 ="
    assert he.send(page, page, source="省平台导出", kind="result", columns=columns).status_code == 302
    assert he.send(page, f"{page}aliases", alias="公示抽查", item_code="A01").status_code == 302
    text = he.page(page).text
    assert "省平台导出" in text
    assert "公示抽查" in text
    wrong = he.send(page, page, source="省平台导出", kind="result", columns="企业名 = 没有这个字段")
    assert wrong.status_code == 422
    assert "企业名 = 没有这个字段" in wrong.text
